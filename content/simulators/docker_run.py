"""What the commands of a RUN instruction change in a stage: packages, files, users, owners.

A command that is not known here changes nothing and weighs nothing.
"""

import posixpath
import re
from dataclasses import dataclass, replace

from simulators import docker_pip, docker_system
from simulators.docker_images import File
from simulators.docker_shell import Command, Unreadable, commands, expand
from simulators.docker_stage import (
    FOLDER,
    Stage,
    absolute,
    allowed,
    below,
    find_program,
    is_below,
)

SECRET = "secret"
KERNELS = ("/dev/", "/proc/", "/sys/")
CREDENTIALS = re.compile(r"://[^/\s:@'\"$]{1,80}:[^/\s:@'\"$]{1,200}@")


@dataclass(frozen=True, slots=True)
class Mount:
    """One `--mount` of a RUN."""

    kind: str
    target: str
    files: dict[str, File]
    variable: str = ""
    """The variable in which a secret lies, where it is no file."""


class Shell:
    """The shell of one RUN: it sees the stage and what is mounted, and changes the stage."""

    def __init__(self, stage: Stage, world, mounts: list[Mount], key: str, fails) -> None:
        self.stage = stage
        self.world = world
        self.mounts = mounts
        self.key = key
        self.fails = fails
        self.installs = False
        self.document = ""
        self.mounted = {path: file for mount in mounts for path, file in mount.files.items()}
        self.variables = stage.variables()
        self.folder = stage.workdir
        self.user = stage.who() or stage.users["root"]
        for mount in mounts:
            if mount.kind == SECRET and mount.variable:
                self.variables[mount.variable] = f"$(cat {mount.target})"

    @property
    def path(self) -> str:
        """Where programs are looked for."""
        return self.variables.get("PATH", "")

    @property
    def home(self) -> str:
        """The home of whoever runs this."""
        return self.variables.get("HOME", "") or self.user.home

    def see(self, path: str) -> File | None:
        """Return the file at a path, mounted or not."""
        return self.mounted.get(path) or self.stage.files.get(path)

    def has_any(self, names: set[str]) -> bool:
        """Return whether one of these programs is there."""
        return any(f"/usr/bin/{name}" in self.stage.files for name in names)

    def tags_below(self, place: str, beginning: str) -> set[str]:
        """Return the tags that begin so, of all files that a path names."""
        found: set[str] = set()
        for files in (self.mounted, self.stage.files):
            for path in below(files, place):
                found |= {tag for tag in files[path].tags if tag.startswith(beginning)}
        return found

    def is_mounted(self, path: str) -> bool:
        """Return whether a path lies in a mount, so that nothing there becomes part of a layer."""
        if path.startswith(KERNELS):
            return True
        return any(is_below(path, mount.target) for mount in self.mounts if mount.target)

    def may_write(self, path: str) -> bool:
        """Return whether the user may make a file there."""
        place = path
        if self.user.uid == 0 or is_below(path, "/tmp") or self.is_mounted(path):
            return True
        while place != "/" and place not in self.stage.folders:
            place = posixpath.dirname(place)
        uid, gid, mode = self.stage.folders.get(place, FOLDER)
        return allowed(uid, gid, mode, self.user, 0o2)

    def put(
        self, path: str, mb: float, tags=frozenset(), mode: int = 0o644, text: str = ""
    ) -> None:
        """Write a file; what lies in a mount is gone after this RUN."""
        self.lay(path, File(mb, f"{self.key}:{path}", tags, mode=mode, text=text))

    def lay(self, path: str, file: File) -> None:
        """Write a file that there is already, such as a copy: its bytes are the same."""
        made = replace(file, uid=self.user.uid, gid=self.user.gid)
        (self.mounted if self.is_mounted(path) else self.stage.files)[path] = made

    def remove(self, pattern: str) -> None:
        """Delete what a path names."""
        for files in (self.mounted, self.stage.files):
            for path in list(below(files, pattern)):
                del files[path]

    def is_secret(self, text: str) -> bool:
        """Return whether a text shows the secret that is mounted, or a file that holds it."""
        if CREDENTIALS.search(text):
            return True
        if any(mount.kind == SECRET and mount.target in text for mount in self.mounts):
            return True
        return any(self._holds_secret(word) for word in re.split(r"[\s$()'\"<>=]+", text))

    def _holds_secret(self, word: str) -> bool:
        found = self.see(absolute(word, self.folder))
        return found is not None and SECRET in found.tags

    def _is_its_path(self, text: str) -> bool:
        """Return whether a word is no more than the path of a secret, where an address belongs."""
        word = (text.partition("=")[2] if text.startswith("-") else text).strip("'\"")
        mounted = any(mount.kind == SECRET and mount.target == word for mount in self.mounts)
        return mounted or self._holds_secret(word)

    def has_index(self, command: Command) -> bool:
        """Return whether pip or uv are told of the private index."""
        said = {**self.variables, **command.environment}
        known = [value for name, value in said.items() if name in docker_pip.INDEX_NAMES]
        known += [value for name, value in said.items() if name.startswith("UV_INDEX_")]
        known += command.words
        if any(self.is_secret(text) and not self._is_its_path(text) for text in known):
            return True
        if any(self.is_secret(text) for text in command.piped):
            return True
        return any(
            SECRET in file.tags and path.endswith((".conf", ".toml", ".txt", ".in", ".ini"))
            for path, file in self.stage.files.items()
        )


def run(shell: Shell, script: str) -> None:
    """Do what a script does."""
    try:
        found = commands(script)
    except Unreadable as error:
        shell.fails(str(error))
        return
    for command in found:
        words = tuple(expand(word, shell.variables) for word in command.words)
        assigned = {k: expand(v, shell.variables) for k, v in command.environment.items()}
        piped = tuple(expand(word, shell.variables) for word in command.piped)
        writes = tuple(expand(word, shell.variables) for word in command.writes)
        ready = Command(words, assigned, writes, piped)
        if not words:
            shell.variables.update(assigned)
            continue
        before = shell.variables
        shell.variables = {**before, **assigned}
        _do(shell, ready)
        kept = {k: v for k, v in shell.variables.items() if k not in assigned}
        shell.variables = {**{k: before[k] for k in assigned if k in before}, **kept}


def _do(shell: Shell, command: Command) -> None:
    program = command.program
    if program == "xargs" and len(command.words) > 1:
        rest = tuple(word for word in command.words[1:] if not re.fullmatch(r"-\w*", word))
        command = replace(command, words=rest)
        program = command.program
    _write_output(shell, command)
    if program in PYTHON_TOOLS or re.fullmatch(r"(python|pip)[\d.]*", program):
        _python(shell, command)
    elif program in EFFECTS:
        EFFECTS[program](shell, command)


def _write_output(shell: Shell, command: Command) -> None:
    """Make the files that the output of a command goes to."""
    targets = list(command.writes)
    if command.program == "tee":
        targets += [word for word in command.words[1:] if not word.startswith("-")]
    if command.program == "sed" and any(word.startswith("-i") for word in command.words):
        targets.append(command.words[-1])
    text = " ".join((*command.words, *command.piped, shell.document))
    if command.program in ("echo", "printf", "cat", "sed", "awk", "tee", "grep", "head", "tr"):
        tags = frozenset({SECRET} if shell.is_secret(text) else ())
    else:
        tags = frozenset()
    for target in targets:
        place = absolute(target, shell.folder)
        if not shell.may_write(place):
            shell.fails(f"{shell.user.name} may not write to {place}")
        old = shell.see(place) or File()
        text_there = f"{old.text}\n{_written(shell, command)}".strip("\n")  # as if it were added
        shell.put(place, old.mb, tags | old.tags, old.mode, text_there)


def _written(shell: Shell, command: Command) -> str:
    if command.program in ("echo", "printf"):
        return "\n".join(" ".join(command.words[1:]).replace("\\n", "\n").split(" ; "))
    return shell.document


PYTHON_TOOLS = {"uv", "virtualenv"}


def _python(shell: Shell, command: Command) -> None:
    """Follow pip, uv and `python -m …` to what they do."""
    words, program = command.words, command.program
    at = find_program(words[0], shell.path, shell.folder, shell.see)
    if at is None:
        shell.fails(f"{words[0]}: not found")
        return
    file = shell.see(at)
    start = file.text if "pip" in file.tags else at
    rest = list(words[1:])
    if program.startswith("python"):
        if rest[:1] != ["-m"] and "-m" in rest:
            rest = rest[rest.index("-m") :]
        if rest[:1] != ["-m"] or len(rest) < 2:
            return
        if rest[1] in ("venv", "virtualenv"):
            docker_pip.make_environment(shell, rest[2:], start, False)
            return
        if rest[1] not in ("pip", "uv"):
            return
        program, rest = rest[1], rest[2:]
    elif program == "virtualenv":
        docker_pip.make_environment(shell, rest, start, False)
        return
    _pip_or_uv(
        shell, replace(command, words=tuple(rest)), "uv" if program == "uv" else "pip", start
    )


def _pip_or_uv(shell: Shell, command: Command, tool: str, start: str) -> None:
    rest = list(command.words)
    while rest and rest[0].startswith("-") and rest[0] not in ("-r",):
        flag = rest.pop(0)
        if flag in docker_pip.WITH_VALUE and rest:
            rest.pop(0)
        command = replace(command, words=(*command.words, flag))
    if tool == "uv" and rest[:1] == ["pip"]:
        rest = rest[1:]
    elif tool == "uv" and rest[:1] == ["venv"]:
        named = docker_pip.sorted_call(rest[1:]).last("--python", "-p")
        python = absolute(named, shell.folder) if "/" in named else None
        for name in ("python", "python3"):
            python = python or find_program(name, shell.path, shell.folder, shell.see)
        docker_pip.make_environment(shell, rest[1:], python, True)
        return
    elif tool == "uv" and rest[:1] in (["sync"], ["run"], ["export"], ["lock"]):
        shell.fails("the project has no pyproject.toml and no uv.lock for this")
        return
    if not rest:
        return
    action = rest[0]
    leading = [word for word in command.words if word.startswith("--")]
    words = (*rest[1:], *[word for word in leading if word not in rest])
    if action in ("install", "wheel", "download", "sync"):
        if action == "sync":
            action = "install"
        docker_pip.install(shell, tool, action, replace(command, words=words), start)
    elif action == "config" and shell.is_secret(" ".join(rest)):
        shell.put(f"{shell.home}/.config/pip/pip.conf", 0.0, frozenset({SECRET}))
    elif action == "cache" and rest[1:2] in (["purge"], ["clean"]):
        for path in [p for p, file in shell.stage.files.items() if "cache" in file.tags]:
            del shell.stage.files[path]


def _change_folder(shell: Shell, command: Command) -> None:
    shell.folder = absolute(command.words[-1] if len(command.words) > 1 else "/root", shell.folder)


def _export(shell: Shell, command: Command) -> None:
    for word in command.words[1:]:
        name, equals, value = word.partition("=")
        if equals:
            shell.variables[name] = value


def _source(shell: Shell, command: Command) -> None:
    """Take in an environment's `activate`."""
    if len(command.words) < 2:
        return
    place = absolute(command.words[1], shell.folder)
    if place.endswith("/bin/activate"):
        if shell.see(place) is None:
            shell.fails(f"{place} is not there")
        root = place.removesuffix("/bin/activate")
        shell.variables["VIRTUAL_ENV"] = root
        shell.variables["PATH"] = f"{root}/bin:{shell.path}"


def _no_shell_tool(name: str):
    def missing(shell: Shell, command: Command) -> None:
        if find_program(name, shell.path, shell.folder, shell.see) is None:
            shell.fails(f"{name}: not found")

    return missing


EFFECTS = {
    "cd": _change_folder,
    "export": _export,
    ".": _source,
    "source": _source,
    "curl": docker_system.download,
    "wget": docker_system.download,
    "git": _no_shell_tool("git"),
    "sudo": _no_shell_tool("sudo"),
    **docker_system.EFFECTS,
}
