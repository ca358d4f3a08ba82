"""Reads a Dockerfile into its instructions, with the library dockerfile-parse."""

import io
import re

from dockerfile_parse import DockerfileParser

MOST_CHARACTERS = 64_000
DOCUMENT = re.compile(r"(?<!<)<<-?([\"']?)([A-Za-z_]\w*)\1(?![<\w])")
MAY_HAVE_DOCUMENTS = re.compile(r"\s*(RUN|COPY|ADD)\s", re.IGNORECASE)


def instructions(folder):
    """Return line, name, value and here-documents of every instruction."""
    lines, documents = _cut(_text(folder).splitlines())
    content = "".join(f"{line}\n" for line in lines).encode()
    found = []
    for each in DockerfileParser(fileobj=io.BytesIO(content)).structure:
        if each["instruction"] == "COMMENT":
            continue
        mine = [d for at, d in documents if each["startline"] <= at <= each["endline"]]
        found.append(
            {
                "line": each["startline"] + 1,
                "name": each["instruction"],
                "value": each["value"].strip(),
                "documents": mine,
            }
        )
    if not any(each["name"] == "FROM" for each in found):
        raise ValueError("the Dockerfile has no FROM: no stage begins")
    first = next(each for each in found if each["name"] != "ARG")
    if first["name"] != "FROM":
        raise ValueError(f"line {first['line']}, {first['name']}: only ARG may come before FROM")
    return found


def spaced(folder):
    """Return the text with an empty line behind each here-document, which hadolint needs."""
    lines = _text(folder).splitlines()
    kept, _ = _cut(lines)
    ends = {n for n, (line, cut) in enumerate(zip(lines, kept, strict=True)) if line != cut}
    parts = []
    for n, line in enumerate(lines):
        parts.append(line)
        if n in ends and n + 1 not in ends:
            parts.append("")
    return "\n".join(parts) + "\n"


def _text(folder):
    path = folder / "Dockerfile"
    if not path.is_file():
        raise ValueError("there is no file Dockerfile in your folder")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("the Dockerfile is no text in UTF-8") from None
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"the Dockerfile has more than {MOST_CHARACTERS:,} characters")
    return text.replace("\r\n", "\n").replace("\x00", " ")


def _cut(lines):
    """Return the lines without here-documents, which the library does not know, and these."""
    kept, documents = [], []
    continues, at, begins = False, 0, ""
    while at < len(lines):
        line = lines[at]
        is_comment = line.lstrip().startswith("#")
        if continues and not line.strip():
            line = "#"  # Docker goes on behind an empty line; the library would stop
        elif not continues and not is_comment:
            begins = line
        kept.append(line)
        here, at = at, at + 1
        if is_comment or line == "#":
            continue
        continues = line.rstrip().endswith("\\")
        if not MAY_HAVE_DOCUMENTS.match(begins):
            continue
        for found in DOCUMENT.finditer(line):
            end = _end(lines, at, found[2])
            documents.append((here, [found[2], "\n".join(lines[at:end])]))
            kept += [""] * (end + 1 - at)
            at = end + 1
    return kept, documents


def _end(lines, at, name):
    for n in range(at, len(lines)):
        if lines[n].strip() == name:
            return n
    raise ValueError(f"the here-document {name} is never closed")
