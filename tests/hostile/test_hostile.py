"""No attack passes, none becomes an error of ours, and none harms the judge or the next one.

The folder is the registry: each file below `specimens/` is an attack, and its first line says
what it tries. Each is heard under every profile, as root and as an ordinary user.
"""

import ast
import re
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ATTACKS = sorted((HERE / "specimens").rglob("*.py"))
PROFILES = ("compute", "service", "tools")
ONE_PROFILE = {"services": "service", "commands": "tools", "folders": "compute"}
VARIES = "It varies."
"""Stands in the docstring of an attack that races with the judge: where it ends is chance."""
VARIED = "It fails or is stopped, in words that differ from time to time.\n"
MOST_SECONDS = 60.0

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux is the complete platform")


def settled(text: str) -> str:
    """Leave out what differs between machines, or with each edit: addresses, names, lines."""
    text = re.sub(r"/[^\s']*/gradus-[^/\s']*", "…", text)
    text = re.sub(r"(<gradus \w+>):\d+", r"\1:…", text)
    text = re.sub(r"… [\d,]+ more …", "… more …", text)
    text = re.sub(r"(denied|directory|permitted): '/[^']*'", r"\1: '…'", text)
    return re.sub(r"0x[0-9a-f]+", "0x…", text)


def title(attack: Path) -> str:
    """Return the sentence that says what an attack tries."""
    doc = ast.get_docstring(ast.parse(attack.read_text(encoding="utf-8"))) or ""
    return doc.splitlines()[0] if doc else ""


def text_of(attack: Path, said: dict[str, list[str]]) -> str:
    """Return what is said of an attack; profiles under which the same is said stand together."""
    parts = [f"{title(attack)}\n"]
    for text, profiles in said.items():
        parts.append(f"── {', '.join(profiles)}\n{text}")
    return "\n".join(parts)


def known_texts(golden: str) -> dict[str, set[str]]:
    """Return what may be said under each profile; a file mode may stop a user and not root."""
    known: dict[str, set[str]] = {}
    for part in re.split(r"^── ", golden, flags=re.MULTILINE)[1:]:
        profiles, _, text = part.partition("\n")
        for profile in profiles.split(", "):
            known.setdefault(profile, set()).update({text, text.removesuffix("\n")})
    return known


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_an_attack_neither_passes_nor_harms(attack: Path, courts: Any, update_golden: bool) -> None:
    family = attack.parent.name
    said: dict[str, list[str]] = {}
    varies = VARIES in attack.read_text(encoding="utf-8")
    profiles = [ONE_PROFILE[family]] if family in ONE_PROFILE else PROFILES
    for (profile, user), heard in courts.hear(family, attack.stem, profiles).items():
        where = f"{profile}, {user}:\n{heard['says']}{heard['trouble']}"
        assert heard["verdict"] in {"FAILED", "STOPPED", "REFUSED"}, where
        assert not heard["harm"], f"{where}\n{heard['harm']}"
        assert heard["seconds"] < MOST_SECONDS, where
        profiles_of = said.setdefault(VARIED if varies else settled(heard["says"]), [])
        if profile not in profiles_of:
            profiles_of.append(profile)
    golden = HERE / "golden" / family / f"{attack.stem}.txt"
    if update_golden:
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text_of(attack, said), encoding="utf-8")
    known = known_texts(golden.read_text(encoding="utf-8"))
    for text, of_profiles in said.items():
        for profile in of_profiles:
            assert text in known[profile]


def test_every_attack_says_what_it_tries() -> None:
    silent = [str(path) for path in ATTACKS if not title(path).endswith(".")]
    assert silent == []
    assert len(ATTACKS) >= 80


def test_no_text_is_left_of_an_attack_that_is_gone() -> None:
    texts = {path.relative_to(HERE / "golden") for path in (HERE / "golden").rglob("*.txt")}
    assert texts == {p.relative_to(HERE / "specimens").with_suffix(".txt") for p in ATTACKS}
