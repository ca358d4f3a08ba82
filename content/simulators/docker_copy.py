"""COPY and ADD: which files come to lie where, whose they are, and with which mode."""

import fnmatch
import posixpath
import re
from dataclasses import dataclass, replace

from simulators.docker_ignore import Ignore
from simulators.docker_images import File
from simulators.docker_shell import expand
from simulators.docker_stage import FOLDER, Stage, User, absolute, is_below
from simulators.docker_system import changed_mode
from simulators.docker_text import Instruction, exec_form, flags_of, words_of

STARS = "*?["


@dataclass(frozen=True, slots=True)
class Order:
    """What a COPY asks for, read once."""

    sources: tuple[str, ...]
    target: str
    place: str
    """The target as an absolute path."""
    owner: User | None
    mode: str
    parents: bool
    left_out: Ignore
    source_stage: str
    link: bool


def read_order(stage: Stage, each: Instruction, fails) -> Order | None:
    """Return what is asked for; None where nothing can be made of it."""
    flags, rest = flags_of(each.value)
    options = {name: expand(value, stage.variables()) for name, value in flags}
    rest = expand(rest, stage.variables())
    words = exec_form(rest) or words_of(rest)
    if len(words) < 2:
        fails("it needs something to copy and a place for it")
        return None
    owner = stage.who(options["chown"]) if "chown" in options else None
    if "chown" in options and owner is None:
        fails(f"there is no user or group {options['chown']}")
    return Order(
        sources=tuple(words[:-1]),
        target=words[-1],
        place=absolute(words[-1], stage.workdir),
        owner=owner,
        mode=options.get("chmod", ""),
        parents="parents" in options,
        left_out=Ignore("\n".join(value for name, value in flags if name == "exclude")),
        source_stage=options.get("from", ""),
        link="link" in options and options["link"] != "false",
    )


def lay(stage: Stage, each: Instruction, order: Order, root: dict[str, File], missing) -> list[str]:
    """Copy files of `root` into a stage and return where they lie; `missing` hears of none."""
    laid: dict[str, File] = {}
    folders: set[str] = set()
    for source in order.sources:
        if source.startswith("<<"):
            laid |= _document(each, order, source)
        elif re.match(r"https?://|git@", source):
            laid[order.place] = File(20.0, source, mode=0o600)
        else:
            tops = _tops(root, absolute(source, "/"))
            if not tops and not any(sign in source for sign in STARS):
                missing(source)
            found, made = _placed(stage, order, root, tops)
            laid |= found
            folders |= made
    _own_folders(stage, order, folders)
    for path, file in laid.items():
        uid, gid = (order.owner.uid, order.owner.gid) if order.owner else (0, 0)
        mode = changed_mode(file.mode, order.mode) if order.mode else file.mode
        stage.files[path] = replace(file, uid=uid, gid=gid, mode=mode)
    return list(laid)


def _document(each: Instruction, order: Order, source: str) -> dict[str, File]:
    name = source.lstrip("<-").strip("'\"")
    text = dict(each.documents).get(name, "")
    into = order.target.endswith("/") or len(order.sources) > 1
    place = f"{order.place}/{name}" if into else order.place
    return {place: File(len(text) / 1e6, text, text=text)}


def _placed(stage: Stage, order: Order, root: dict[str, File], tops: list[str]):
    """Return the files of one source at their new places, and the folders that come with them."""
    into = order.target.endswith("/") or order.target in (".", "..")
    into = into or len(order.sources) > 1 or len(tops) > 1 or order.place in stage.folders
    into = into or any(is_below(p, order.place) and p != order.place for p in stage.files)
    laid: dict[str, File] = {}
    folders: set[str] = set()
    for top in tops:
        start = order.place if not order.parents else absolute(top.lstrip("/"), order.place)
        for path in [each for each in root if is_below(each, top)]:
            if not order.left_out.lets_in(path.lstrip("/")):
                continue
            if path != top or order.parents:
                to = moved(path, top, start)
            else:
                to = absolute(posixpath.basename(path), order.place) if into else order.place
            laid[to] = root[path]
            above = posixpath.dirname(to)
            while top not in root and is_below(above, start) and above not in folders:
                folders.add(above)
                above = posixpath.dirname(above)
    return laid, folders - {"/"}


def _own_folders(stage: Stage, order: Order, folders: set[str]) -> None:
    """Give copied folders the owner and the mode that were asked for."""
    for folder in folders:
        uid, gid, mode = stage.folders.get(folder, FOLDER)
        if order.owner:
            uid, gid = order.owner.uid, order.owner.gid
        if order.mode:
            mode = changed_mode(0o755, order.mode, True)
        stage.folders[folder] = (uid, gid, mode)


def moved(path: str, source: str, target: str) -> str:
    """Return where a file below a source comes to lie below a target."""
    inside = path[len(source) :].lstrip("/") if source != "/" else path.lstrip("/")
    return absolute(inside, target) if inside else target


def _tops(root: dict[str, File], place: str) -> list[str]:
    """Return the files and folders that a source names."""
    if place == "/":
        return ["/"]
    parts = place.split("/")
    found: dict[str, None] = {}
    for path in root:
        top = path.split("/")[: len(parts)]
        if len(top) == len(parts) and all(map(fnmatch.fnmatchcase, top, parts)):
            found["/".join(top)] = None
    return list(found)
