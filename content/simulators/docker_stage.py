"""A stage of a build while it is built: its files, its users, and where programs are found."""

import fnmatch
import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from simulators.docker_images import File, Image, parts_of

PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
FOLDER = (0, 0, 0o755)
ROOTS_OWN = (0, 0, 0o700)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody that a stage knows by name or number."""

    name: str
    uid: int
    gid: int
    home: str


@dataclass(frozen=True, slots=True)
class Layer:
    """What one instruction added."""

    line: int
    text: str
    key: str
    """Alike in two builds where the cache would be used."""
    files: dict[str, File]
    installs: bool = False
    """Whether packages were installed in it."""

    @property
    def mb(self) -> float:
        """What it weighs; that a later layer deletes its files changes nothing."""
        return sum(each.mb for each in self.files.values())


@dataclass
class Stage:
    """A stage, changed by one instruction after the other."""

    name: str
    base: str
    family: str
    python: str
    files: dict[str, File]
    user: str = ""
    folders: dict[str, tuple[int, int, int]] = field(default_factory=lambda: {"/root": ROOTS_OWN})
    users: dict[str, User] = field(default_factory=lambda: {"root": User("root", 0, 0, "/root")})
    groups: dict[str, int] = field(default_factory=lambda: {"root": 0})
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": PATH})
    arguments: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    shell: tuple[str, ...] = ("/bin/sh", "-c")
    entrypoint: object = None
    """A tuple of words in exec form, a text in shell form, None where there is none."""
    command: object = None
    health: object = None
    stop_signal: str = "SIGTERM"
    layers: list[Layer] = field(default_factory=list)
    chain: str = ""

    @property
    def libc(self) -> str:
        """Which C library compiled packages are made for."""
        return "musl" if self.family == "alpine" else "glibc"

    def variables(self) -> dict[str, str]:
        """Return what instructions and shells of this stage can name."""
        return {**self.arguments, **self.environment}

    def who(self, named: str | None = None) -> User | None:
        """Return the user of a `USER` or `--chown` word, or None where there is no such name."""
        name, _, group = (self.user if named is None else named).partition(":")
        name = name or "root"
        by_number = [each for each in self.users.values() if name in (each.name, str(each.uid))]
        if by_number:
            found = by_number[0]
        elif name.isdigit():
            found = User(name, int(name), 0, "/")
        else:
            return None
        if not group:
            return found
        if not group.isdigit() and group not in self.groups:
            return None
        gid = int(group) if group.isdigit() else self.groups[group]
        return User(found.name, found.uid, gid, found.home)


def started(name: str, base: str, image: Image) -> Stage:
    """Return a stage that begins with a base image."""
    files = dict(image.files)
    stage = Stage(name, base, image.family, image.python, files, image.user)
    if image.family == "bare":
        stage.users["nonroot"] = User("nonroot", 65532, 65532, "/home/nonroot")
        stage.groups["nonroot"] = 65532
    else:
        stage.users["nobody"] = User("nobody", 65534, 65534, "/nonexistent")
        stage.users["www-data"] = User("www-data", 33, 33, "/var/www")
        stage.groups |= {"nogroup": 65534, "www-data": 33, "staff": 50}
    if parts_of(base)[:2] in (("ubuntu", "24.04"), ("ubuntu", "noble")):
        stage.users["ubuntu"] = User("ubuntu", 1000, 1000, "/home/ubuntu")
        stage.groups["ubuntu"] = 1000
    stage.entrypoint = image.entrypoint or None
    return stage


def continued(name: str, base: Stage) -> Stage:
    """Return a stage that begins with another one."""
    return Stage(
        name, base.base, base.family, base.python, dict(base.files), base.user,
        dict(base.folders), dict(base.users), dict(base.groups), dict(base.environment), {},
        base.workdir, base.shell, base.entrypoint, base.command, base.health, base.stop_signal,
        list(base.layers), base.chain,
    )  # fmt: skip


def named(path: str) -> str:
    """Return a path as findings name it: root's home is `~root`, as in a shell."""
    home = "/root"
    return f"~root{path.removeprefix(home)}" if path.startswith(f"{home}/") else path


def absolute(path: str, folder: str) -> str:
    """Return a path without dots, seen from a folder."""
    return posixpath.normpath("/" + posixpath.join(folder, path)).replace("//", "/")


def is_below(path: str, folder: str) -> bool:
    """Return whether a path is a folder or lies in it."""
    return folder == "/" or path == folder or path.startswith(folder + "/")


def below(files: dict[str, File], pattern: str) -> Iterator[str]:
    """Yield the paths that a path with stars names, and all that lies in what it names."""
    if not any(sign in pattern for sign in "*?["):
        yield from [path for path in files if is_below(path, pattern)]
        return
    depth = pattern.count("/")
    for path in list(files):
        parts = path.split("/")
        above = "/".join(parts[: depth + 1])
        if len(parts) > depth and _alike(above, pattern):
            yield path


def _alike(path: str, pattern: str) -> bool:
    pairs = zip(path.split("/"), pattern.split("/"), strict=True)
    return all(fnmatch.fnmatchcase(part, each) for part, each in pairs)


def may_pass(folders: dict[str, tuple[int, int, int]], path: str, user: User) -> str:
    """Return the first folder above a path that a user cannot enter, or nothing."""
    parts = path.split("/")
    for n in range(2, len(parts)):
        folder = "/".join(parts[:n])
        uid, gid, mode = folders.get(folder, FOLDER)
        if not allowed(uid, gid, mode, user, 0o1):
            return folder
    return ""


def allowed(uid: int, gid: int, mode: int, user: User, bit: int) -> bool:
    """Return whether a mode gives a user the bit 4 (read), 2 (write) or 1 (enter, run)."""
    if user.uid == 0:
        return True
    shift = 6 if uid == user.uid else 3 if gid == user.gid else 0
    return bool(mode >> shift & bit)


def find_program(
    word: str, path: str, folder: str, see: Callable[[str], File | None]
) -> str | None:
    """Return where a program lies that a shell would start, or None."""
    if "/" in word:
        at = absolute(word, folder)
        return at if see(at) is not None else None
    for place in path.split(":"):
        at = absolute(word, place or folder)
        if see(at) is not None:
            return at
    return None
