"""What system packages, users, owners and plain file commands change in a stage."""

import posixpath
import re
from dataclasses import replace

from simulators.docker_images import (
    COMPILERS,
    LISTS_MB,
    NAMED,
    OTHER_MB,
    PROGRAMS,
    RECOMMENDED_MB,
    File,
    python_files,
)
from simulators.docker_shell import Command
from simulators.docker_stage import FOLDER, User, absolute, below, find_program, is_below

LISTS = "/var/lib/apt/lists/all"
INDEX = "/var/cache/apk/index"
COMPILER = frozenset({"compiler"})
BEHIND = {"build-essential": ("gcc", "g++", "make"), "build-base": ("gcc", "g++", "make")}
BEHIND |= {"g++": ("gcc",)}
TAKE_VALUE = {
    "-u", "--uid", "-g", "--gid", "-d", "--home", "--home-dir", "-s", "--shell", "-G", "--groups",
    "-c", "--comment", "--gecos", "-h", "--ingroup", "-k", "--base-dir", "-b", "-p",
}  # fmt: skip


def names_and_flags(words) -> tuple[list[str], set[str]]:
    """Return the words without a dash, and those with one."""
    return [w for w in words if not w.startswith("-")], {w for w in words if w.startswith("-")}


def must_be_root(shell, what: str) -> bool:
    """Note that an ordinary user cannot do this; return whether it is root who does it."""
    if shell.user.uid != 0:
        shell.fails(f"only root can run {what}, and the user is {shell.user.name} here")
        return False
    return True


def apt(shell, command: Command) -> None:
    """`apt-get` and `apt`."""
    names, flags = names_and_flags(command.words[1:])
    if shell.stage.family != "debian":
        shell.fails("apt-get: not found")
        return
    if not names or not must_be_root(shell, "apt-get"):
        return
    action, packages = names[0], [name.partition("=")[0] for name in names[1:]]
    if action == "update":
        shell.put(LISTS, LISTS_MB["debian"], frozenset({"lists"}))
    elif action == "install":
        if shell.see(LISTS) is None:
            shell.fails("apt-get knows no package before apt-get update has run")
        if not any(re.fullmatch(r"-y+|-q*y|-yq+|--yes|--assume-yes", each) for each in flags):
            shell.fails("apt-get install asks whether to go on, and nobody answers: -y is missing")
        _add(shell, packages, "/usr/bin")
        if "--no-install-recommends" not in flags and packages:
            shell.put(f"/usr/lib/recommended/{packages[0]}", RECOMMENDED_MB)
    elif action in ("distclean", "dist-clean"):
        shell.remove(LISTS)
    elif action in ("purge", "remove", "autoremove", "autopurge"):
        auto = action.startswith("auto") or {"--auto-remove", "--autoremove"} & flags
        _take_out(shell, packages, bool(auto))


def apk(shell, command: Command) -> None:
    """`apk` of Alpine."""
    if shell.stage.family != "alpine":
        shell.fails("apk: not found")
        return
    words = list(command.words[1:])
    group = ""
    for option in ("--virtual", "-t"):
        if option in words and words.index(option) + 1 < len(words):
            at = words.index(option)
            group = words[at + 1]
            del words[at : at + 2]
    names, flags = names_and_flags(words)
    if not names or not must_be_root(shell, "apk"):
        return
    if names[0] == "add":
        packages = [re.split(r"[=<>~]", name)[0] for name in names[1:]]
        _add(shell, packages, "/usr/bin")
        if group:
            shell.put(f"/lib/apk/{group}", 0.0, text=" ".join(packages))
        if "--no-cache" not in flags:
            shell.put(INDEX, LISTS_MB["alpine"], frozenset({"lists"}))
    elif names[0] == "del":
        for name in names[1:]:
            held = shell.see(f"/lib/apk/{name}")
            _take_out(shell, held.text.split() if held else [name], True)
    elif names[0] == "update":
        shell.put(INDEX, LISTS_MB["alpine"], frozenset({"lists"}))


def _add(shell, packages: list[str], programs: str) -> None:
    for name in packages:
        for each in BEHIND.get(name, ()):
            if shell.see(f"{programs}/{each}") is None:
                shell.put(f"{programs}/{each}", 0.0, COMPILER, mode=0o755, text=f"for {name}")
        tags = COMPILER if name in COMPILERS or name.endswith("-dev") else frozenset()
        mb = COMPILERS.get(name, PROGRAMS.get(name, OTHER_MB))
        if name in ("python3", "python3-venv", "python3-pip", "py3-pip", "python3-full"):
            found = python_files(shell.stage.python, "/usr", shell.stage.libc)
            shell.stage.files.update({k: v for k, v in found.items() if shell.see(k) is None})
        if name in ("python3-pip", "py3-pip"):
            shell.put("/usr/bin/pip3", 0.0, frozenset({"pip"}), 0o755, "/usr/bin/python3")
            shell.put("/usr/bin/pip", 0.0, frozenset({"pip"}), 0o755, "/usr/bin/python3")
        if f"{programs}/{name}" not in python_files("3", "/usr", ""):
            shell.put(f"{programs}/{NAMED.get(name, name)}", mb, tags, mode=0o755)
        if name in ("gcc", "build-essential", "build-base") and NAMED.get(name, name) != name:
            shell.put(f"{programs}/{name}", 0.0, tags, mode=0o755)


def _take_out(shell, packages: list[str], auto: bool) -> None:
    gone = set(packages)
    if auto:
        wanted = {f"for {name}" for name in packages}
        files = shell.stage.files
        held = [path for path, file in files.items() if file.text in wanted]
        gone |= {path.rpartition("/")[2] for path in held}
        for name in packages:
            shell.remove(f"/usr/lib/recommended/{name}")
    for name in gone:
        for each in (name, NAMED.get(name, name)):
            shell.stage.files.pop(f"/usr/bin/{each}", None)


def remove(shell, command: Command) -> None:
    """`rm`."""
    names, _ = names_and_flags(command.words[1:])
    for name in names:
        for each in _braces(name.replace("~", shell.home)):
            shell.remove(absolute(each, shell.folder))


def _braces(word: str) -> list[str]:
    found = re.search(r"\{([^{}]*,[^{}]*)\}", word)
    if not found:
        return [word]
    return [word[: found.start()] + each + word[found.end() :] for each in found[1].split(",")]


def find(shell, command: Command) -> None:
    """`find … -delete`: all that it finds, or only what has the name that is asked for."""
    words = list(command.words[1:])
    if not words or ("-delete" not in words and "rm" not in words):
        return
    at = words.index("-name") + 1 if "-name" in words else len(words)
    name = words[at : at + 1] or ["*"]
    place = absolute(words[0], shell.folder)
    for path in list(below(shell.stage.files, place)):
        if re.fullmatch(re.escape(name[0]).replace(r"\*", ".*"), path.rpartition("/")[2]):
            del shell.stage.files[path]


def copy(shell, command: Command) -> None:
    """`cp`, `mv`, `ln` and `install` of files."""
    names, flags = names_and_flags(command.words[1:])
    if command.program == "install" and "-d" in flags:
        make_folders(shell, command)
        return
    if len(names) < 2:
        return
    target = absolute(names[-1], shell.folder)
    for name in names[:-1]:
        source = absolute(name, shell.folder)
        found = {**shell.stage.files, **shell.mounted}
        into = names[-1].endswith("/") or target in shell.stage.folders or len(names) > 2
        into = into or any(is_below(path, target) and path != target for path in found)
        for path in list(below(found, source)):
            start = posixpath.dirname(source) if into else source
            place = absolute(posixpath.relpath(path, start), target) if path != source else target
            if path == source and into:
                place = f"{target}/{posixpath.basename(path)}"
            file = found[path]
            if not shell.may_write(place):
                shell.fails(f"{shell.user.name} may not write to {place}")
            is_link = command.program == "ln"
            shell.lay(place, replace(file, mb=0.0) if is_link else file)
        if command.program == "mv":
            shell.remove(source)


def make_folders(shell, command: Command) -> None:
    """`mkdir` and `install -d`."""
    owner = shell.user
    words = list(command.words[1:])
    for option in ("-o", "-g", "-m", "--mode"):
        if option in words:
            at = words.index(option)
            if option == "-o":
                owner = shell.stage.who(" ".join(words[at + 1 : at + 2])) or owner
            del words[at : at + 2]
    names, _ = names_and_flags(words)
    for name in names:
        place = absolute(name, shell.folder)
        if not shell.may_write(place):
            shell.fails(f"{shell.user.name} may not write to {place}")
        shell.stage.folders.setdefault(place, (owner.uid, owner.gid, 0o755))


def change_owner(shell, command: Command) -> None:
    """`chown` and `chgrp`: a file that changes is written anew into the layer."""
    names, _ = names_and_flags(command.words[1:])
    if not names or not must_be_root(shell, command.program):
        return
    said = f":{names[0]}" if command.program == "chgrp" else names[0].replace(".", ":")
    name, _, group = said.partition(":")
    who = shell.stage.who(said if name else f"root:{group}")
    if who is None:
        shell.fails(f"there is no user or group {names[0]}")
        return
    for place in names[1:]:
        _change(shell, absolute(place, shell.folder), command, lambda uid, gid, mode: (
            who.uid if name else uid, who.gid if group or ":" in said or not name else gid, mode
        ))  # fmt: skip


def change_mode(shell, command: Command) -> None:
    """`chmod`."""
    words = command.words[1:]
    names = [word for word in words if not re.fullmatch(r"-[RvcfR]+|--\w+", word)]
    if not names:
        return
    for place in names[1:]:
        said = names[0]
        _change(
            shell,
            absolute(place, shell.folder),
            command,
            lambda uid, gid, mode, said=said: (uid, gid, changed_mode(mode, said)),
        )


def changed_mode(mode: int, said: str, folder: bool = False) -> int:
    """Return a mode after `chmod said`; octal, or clauses such as `u=rwX,go+r`."""
    if re.fullmatch(r"[0-7]{3,4}", said):
        return int(said, 8) & 0o777
    for clause in said.split(","):
        found = re.fullmatch(r"([ugoa]*)([-+=])([rwxXugo]*)", clause)
        if not found:
            continue
        bits = sum(bit for sign, bit in (("r", 4), ("w", 2), ("x", 1)) if sign in found[3])
        bits |= 1 if "X" in found[3] and (folder or mode & 0o111) else 0
        bits |= mode >> 6 & 7 if "u" in found[3] else 0
        bits |= mode >> 3 & 7 if "g" in found[3] else 0
        for who, shift in (("u", 6), ("g", 3), ("o", 0)):
            if who in found[1] or "a" in found[1] or not found[1]:
                old = mode >> shift & 7
                new = {"=": bits, "+": old | bits, "-": old & ~bits}[found[2]]
                mode = mode & ~(7 << shift) | new << shift
    return mode


def _change(shell, place: str, command: Command, rule) -> None:
    deep = any(re.fullmatch(r"-\w*R\w*|--recursive", word) for word in command.words)
    files, folders = shell.stage.files, shell.stage.folders
    known = {posixpath.dirname(path) for path in files if is_below(path, place)} | set(folders)
    for folder in known | {place}:
        if folder == place or (deep and is_below(folder, place)):
            if folder in files:
                continue
            uid, gid, mode = folders.get(folder, FOLDER)
            words = [word for word in command.words[1:] if not word.startswith("-")]
            new = rule(uid, gid, mode)
            if command.program == "chmod" and words:
                new = (uid, gid, changed_mode(mode, words[0], True))
            folders[folder] = new
    for path in list(below(files, place)):
        if path == place or deep or any(sign in place for sign in "*?["):
            file = files[path]
            uid, gid, mode = rule(file.uid, file.gid, file.mode)
            if (uid, gid, mode) != (file.uid, file.gid, file.mode):
                files[path] = replace(file, uid=uid, gid=gid, mode=mode)


def add_user(shell, command: Command) -> None:
    """`useradd` and `adduser`."""
    program, words = command.program, list(command.words[1:])
    if program == "useradd" and shell.stage.family == "alpine":
        shell.fails("useradd: not found (Alpine has adduser)")
        return
    if not must_be_root(shell, program):
        return
    values, names, flags = _sorted_words(words)
    if not names:
        return
    name = names[0]
    system = {"-r", "--system", "-S"} & flags
    given = values.get("-u") or values.get("--uid", "")
    taken = {user.uid for user in shell.stage.users.values()}
    uid = int(given) if given.isdigit() else next(
        n for n in range(999 if system else 1000, 5000) if n not in taken
    )  # fmt: skip
    if uid in taken and not {"-o", "--non-unique"} & flags:
        shell.fails(f"{program}: somebody has the number {uid} already")
    group = values.get("--gid") or values.get("--ingroup") or values.get("-G", "").split(",")[0]
    if program == "useradd":  # there -G names further groups, and adduser's -g is a comment
        group = values.get("-g") or values.get("--gid", "")
    if group and not group.isdigit() and group not in shell.stage.groups:
        shell.fails(f"{program}: there is no group {group}")
    gid = int(group) if group.isdigit() else shell.stage.groups.get(group, uid)
    shell.stage.groups.setdefault(name, gid)
    home = values.get("-d") or values.get("--home") or values.get("--home-dir") or values.get("-h")
    home = home or f"/home/{name}"
    shell.stage.users[name] = User(name, uid, gid, home)
    made = program == "adduser" or {"-m", "--create-home"} & flags
    if made and not {"--no-create-home", "-H", "-M"} & flags:
        shell.stage.folders[home] = (uid, gid, 0o755)
    shell.put("/etc/passwd", 0.0)


def add_group(shell, command: Command) -> None:
    """`groupadd` and `addgroup`."""
    if not must_be_root(shell, command.program):
        return
    values, names, _ = _sorted_words(list(command.words[1:]))
    given = values.get("-g") or values.get("--gid", "")
    taken = set(shell.stage.groups.values())
    gid = int(given) if given.isdigit() else next(n for n in range(990, 5000) if n not in taken)
    for name in names[:1]:
        shell.stage.groups[name] = gid


def _sorted_words(words: list[str]):
    values: dict[str, str] = {}
    names, flags = [], set()
    waiting = iter(words)
    for word in waiting:
        option, equals, value = word.partition("=")
        if word.startswith("--") and equals:
            values[option] = value
        elif word in TAKE_VALUE:
            values[word] = next(waiting, "")
        elif word.startswith("-"):
            letters = word[1:]
            if not word.startswith("--") and len(letters) > 1 and f"-{letters[-1]}" in TAKE_VALUE:
                values[f"-{letters[-1]}"] = next(waiting, "")
                letters = letters[:-1]
            flags |= {word} if word.startswith("--") else {f"-{letter}" for letter in letters}
        else:
            names.append(word)
    return values, names, flags


def download(shell, command: Command) -> None:
    """`curl` and `wget`."""
    if find_program(command.words[0], shell.path, shell.folder, shell.see) is None:
        shell.fails(f"{command.words[0]}: not found")


def run_script(shell, command: Command) -> None:
    """A shell that reads its script from a pipe: the installer of uv is known."""
    if any("uv/" in word for word in command.piped):
        uv = File(45.0, f"{shell.key}:uv", frozenset({"uv"}), mode=0o755)
        shell.stage.files[f"{shell.home}/.local/bin/uv"] = uv


EFFECTS = {
    "apt-get": apt, "apt": apt, "apk": apk, "rm": remove, "find": find,
    "cp": copy, "mv": copy, "ln": copy, "install": copy, "mkdir": make_folders,
    "chown": change_owner, "chgrp": change_owner, "chmod": change_mode,
    "useradd": add_user, "adduser": add_user, "groupadd": add_group, "addgroup": add_group,
    "sh": run_script, "bash": run_script,
}  # fmt: skip
