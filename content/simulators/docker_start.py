"""How a container starts: which process gets the signals, what it runs, and who may read what."""

import ast
import re
import sys
from dataclasses import dataclass, field

from simulators.docker_images import File
from simulators.docker_pip import Interpreter, interpreter
from simulators.docker_shell import BEFORE, Unreadable, commands, expand
from simulators.docker_stage import Stage, User, absolute, allowed, find_program, may_pass, named

INITS = {"tini", "dumb-init", "catatonit", "docker-init"}
SHELLS = {"sh", "bash", "ash", "dash"}
SWITCHES = {"gosu", "su-exec", "setpriv", "chroot"}
MOST_STEPS = 8
FAILS_ON_ERRORS = re.compile(r"-[a-zA-Z]*f[a-zA-Z]*|--fail|--fail-with-body")


@dataclass
class Start:
    """What the main process of a container is, once shells and scripts are through."""

    words: tuple[str, ...] = ()
    shell_stays: str = ""
    """Why a shell keeps the first process for itself; empty where the server is it."""
    fault: str = ""
    """Why nothing starts at all."""
    environment: dict[str, str] = field(default_factory=dict)


def start_of(stage: Stage) -> Start:
    """Follow ENTRYPOINT and CMD to the program that is left running."""
    entry, command = stage.entrypoint, stage.command
    start = Start(environment=dict(stage.environment))
    if entry is None and command is None:
        start.fault = "there is neither CMD nor ENTRYPOINT"
        return start
    if isinstance(entry, str):
        start.words = (*stage.shell, entry)
    else:
        tail = (*stage.shell, command) if isinstance(command, str) else (command or ())
        start.words = (*(entry or ()), *tail)
    for _ in range(MOST_STEPS):
        if not start.words or start.fault or not _step(stage, start):
            break
    return start


def _step(stage: Stage, start: Start) -> bool:
    """Take one program off that only starts another; return whether there was one."""
    words = start.words
    name = words[0].rpartition("/")[2]
    at = find_program(words[0], start.environment.get("PATH", ""), stage.workdir, stage.files.get)
    if at is None:
        start.fault = lacking(stage, words[0])
        return False
    if name in INITS:
        rest = [word for word in words[1:] if word != "--"]
        while rest and rest[0].startswith("-"):
            rest.pop(0)
        start.words = tuple(rest)
        return True
    if name in SHELLS and len(words) > 2 and re.fullmatch(r"-\w*c", words[1]):
        return _shell_line(start, words[2], words[3:])
    if name in SHELLS and len(words) > 1:
        return _script(stage, start, absolute(words[1], stage.workdir), words[2:])
    if name in SWITCHES or name in ("env", "exec"):
        skip = 2 if name in SWITCHES else 1
        start.words = words[skip:]
        while start.words and re.fullmatch(r"[A-Za-z_]\w*=.*", start.words[0]):
            key, _, value = start.words[0].partition("=")
            start.environment[key] = value
            start.words = start.words[1:]
        return True
    found = stage.files[at]
    if re.match(r"#!\s*\S*(sh|env (ba)?sh)\b", found.text):
        if not found.mode & 0o111:
            start.fault = f"{at} may not be run: it has mode {found.mode:o}"
        return _script(stage, start, at, words[1:])
    return False


def lacking(stage: Stage, word: str) -> str:
    """Say that a program is not found, and where it lies all the same."""
    elsewhere = [path for path in stage.files if path.endswith(f"/bin/{word}")]
    if "/" in word or not elsewhere:
        return f"{word} is not in the image"
    return f"{word} is not found: it lies at {elsewhere[0]}, which is not on the PATH"


def _script(stage: Stage, start: Start, at: str, rest) -> bool:
    found = stage.files.get(at)
    if found is None:
        start.fault = f"{at} is not in the image"
        return False
    if "/bin/sh" not in stage.files:
        start.fault = f"{at} needs a shell, and there is none in {stage.base}"
        return False
    return _shell_line(start, found.text, ("", *rest), at)


def _shell_line(start: Start, text: str, rest, where: str = "") -> bool:
    """Read what a shell is given; its last command is what stays."""
    if text.lstrip().startswith("["):
        start.fault = f"{text[:60]} is no list in JSON (double quotes), so a shell gets it"
        return False
    try:
        found = commands(text)
    except Unreadable as error:
        start.fault = str(error)
        return False
    for command in found:
        start.environment.update(command.environment)
        if command.program == "export":
            for word in command.words[1:]:
                name, equals, value = word.partition("=")
                if equals:
                    start.environment[name] = expand(value, start.environment)
        if command.program == "cd" and len(command.words) > 1:
            start.environment["\ue000cd"] = command.words[1]
    left = [command for command in found if command.words]
    if not left:
        start.fault = "the shell is given nothing to run"
        return False
    last = left[-1].words
    if not left[-1].replaces:
        start.shell_stays = where or text.strip()[:70]
    words: list[str] = []
    for word in last:
        if word in ("$@", "${@}", "$*"):
            words += rest[1:]
        else:
            words.append(expand(word, start.environment))
    start.words = tuple(words)
    return True


@dataclass(frozen=True, slots=True)
class Server:
    """A uvicorn that was started."""

    python: Interpreter
    host: str
    port: str
    folders: tuple[str, ...]
    """Where Python looks for the application, in order."""
    reads: tuple[str, ...] = ()
    """Programs and files on the way."""


def server_of(stage: Stage, start: Start) -> Server | str:
    """Return the server, or why there is none."""
    if start.fault:
        return start.fault
    words = start.words
    path = start.environment.get("PATH", "")
    at = find_program(words[0], path, stage.workdir, stage.files.get) if words else None
    if at is None:
        return lacking(stage, words[0]) if words else "it starts nothing"
    program = stage.files[at]
    rest = list(words[1:])
    if "script" in program.tags:
        name, behind = at.rpartition("/")[2], program.text
        python = interpreter(stage.files.get, behind)
        if python is None:
            return f"{at} asks for {behind}, and there is no such Python that starts in the image"
    elif "python" in program.tags:
        python = interpreter(stage.files.get, at)
        if python is None:
            return f"{at} is a virtual environment whose own Python is not in the image"
        name, rest = _module(stage, rest)
    else:
        name, python = at.rpartition("/")[2], None
    if name != "uvicorn" or python is None:
        return f"it starts {' '.join(words)[:70]}, which is not uvicorn"
    return _uvicorn(stage, start, python, rest, at)


def _module(stage: Stage, rest: list[str]) -> tuple[str, list[str]]:
    """Return what `python …` runs and its words; a script that calls uvicorn.run is uvicorn."""
    while rest and rest[0].startswith("-") and rest[0] not in ("-m", "-c"):
        rest = rest[2:] if rest[0] in ("-X", "-W") else rest[1:]
    if rest[:1] == ["-m"] and rest[1:2] == ["uvicorn"]:
        return "uvicorn", rest[2:]
    if rest[:1] == ["-m"] and len(rest) > 1:
        below = rest[1].replace(".", "/")
        places = [f"{below}.py", f"{below}/__main__.py"]
    else:
        places = rest[:1]
    for place in places:
        found = stage.files.get(absolute(place, stage.workdir))
        text = found.text if found else ""
        if "uvicorn.run(" in text:
            said = dict(re.findall(r"\b(host|port)\s*=\s*[\"']?([\w.:]+)", text))
            options = [f"--{name}={value}" for name, value in said.items()]
            named = re.search(r"uvicorn\.run\(\s*[\"']([\w.:]+)", text)
            return "uvicorn", [named[1] if named else "app.main:app", *options]
    return " ".join(rest[:2]), rest


def _uvicorn(stage: Stage, start: Start, python: Interpreter, rest, at: str) -> Server | str:
    said = {"host": "127.0.0.1", "port": "8000", "app-dir": ""}
    for name, usual in list(said.items()):
        variable = f"UVICORN_{name.upper().replace('-', '_')}"
        said[name] = start.environment.get(variable, usual)
    named = [word for word in rest if ":" in word and not word.startswith("-")]
    for place, word in enumerate(rest):
        option, equals, value = word.removeprefix("--").partition("=")
        if word.startswith("--") and option in said:
            said[option] = value if equals else "".join(rest[place + 1 : place + 2])
    if "app.main:app" not in named and start.environment.get("UVICORN_APP") != "app.main:app":
        return f"it serves {named[0] if named else 'nothing'}, not app.main:app"
    folder = absolute(start.environment.get("\ue000cd", "."), stage.workdir)
    folders = [absolute(said["app-dir"] or ".", folder)]
    more = start.environment.get("PYTHONPATH", "").split(":")
    folders += [absolute(each, folder) for each in more if each]
    return Server(python, said["host"], said["port"], tuple(folders), (at, python.path))


def home_of(stage: Stage, user: User) -> str:
    """Return the home folder that a process of this user sees."""
    return stage.environment.get("HOME") or user.home


def packages_of(stage: Stage, server: Server, user: User) -> dict[str, str]:
    """Return name to path of each package that the server's Python can import."""
    python = server.python
    sites = list(server.folders[1:]) + list(server.folders[:1]) + list(python.sites)
    if not python.is_venv:
        base = stage.environment.get("PYTHONUSERBASE") or f"{home_of(stage, user)}/.local"
        sites.append(f"{base}/lib/python{python.version}/site-packages")
    made_for = f"for:{python.version}:{python.libc}"
    found = {}
    for site in sites:
        for path, file in stage.files.items():
            if path.rpartition("/")[0] == site.rstrip("/") and made_for in file.tags:
                name = next((t for t in file.tags if t.startswith("package:")), "")
                found.setdefault(name.partition(":")[2], path)
    return found


def cannot_read(stage: Stage, path: str, user: User) -> str:
    """Return why a user cannot read a file, or nothing."""
    file = stage.files[path]
    closed = may_pass(stage.folders, path, user)
    if closed:
        return f"{named(path)} lies in {closed}, which only its owner may enter"
    if not allowed(file.uid, file.gid, file.mode, user, 0o4):
        owner = f"belongs to user {file.uid}, not to {user.uid}"
        return f"{named(path)} has mode {file.mode:o} and {owner}"
    return ""


def health_fault(stage: Stage, server: Server | str, installed: set[str]) -> str:
    """Return what is wrong with the health check, or nothing."""
    if stage.health is None:
        return "there is no HEALTHCHECK in the last stage"
    port = server.port if isinstance(server, Server) else "8000"
    if isinstance(stage.health, str):
        if "/bin/sh" not in stage.files:
            return f"it is in shell form, and {stage.base} has no shell"
        script = stage.health
        if script.startswith("["):
            return "it begins like a list and is no JSON (double quotes), so a shell gets it"
    else:
        words = stage.health
        if words and words[0].rpartition("/")[2] in SHELLS and len(words) > 2:
            script = words[2]
        elif {"||", "&&", ";"} & set(words):
            return "it is in exec form, where || and && are words for the program, not for a shell"
        else:
            return _probe(stage, words, port, installed)
    try:
        found = [c for c in commands(script) if c.words]
    except Unreadable as error:
        return str(error)
    if re.search(r"\|\|\s*true\b|;\s*(exit 0|true)\s*$|\|\|\s*exit 0", script):
        return "it ends well whatever the service answers"
    asked = [c for c in found if c.program not in ("exit", "true", "kill", *BEFORE)]
    said = stage.environment
    faults = [_probe(stage, [expand(w, said) for w in c.words], port, installed) for c in asked]
    return "" if "" in faults else (faults or ["it runs nothing"])[0]


def _probe(stage: Stage, words, port: str, installed: set[str]) -> str:
    path = stage.environment.get("PATH", "")
    at = find_program(words[0], path, stage.workdir, stage.files.get)
    if at is None:
        return f"{words[0]} is not in the image, so it fails for ever"
    name = at.rpartition("/")[2]
    text = " ".join(words[1:])
    file = stage.files[at]
    if "python" in file.tags:
        code = _code(stage, list(words[1:]))
        if code is None:
            return f"it starts {' '.join(words)[:60]}, and that file is not in the image"
        text = f"{code} {' '.join(words[2:])}"
        fault = _code_fault(code, installed)
    elif name == "curl":
        fault = "" if any(FAILS_ON_ERRORS.fullmatch(w) for w in words[1:]) else (
            "curl without --fail ends well on a 503 too"
        )  # fmt: skip
    elif name == "wget":
        fault = ""
    elif file.text.startswith("#!"):
        text, fault = file.text, ""
    else:
        fault = f"{name} does not ask for an answer over HTTP"
    if not fault and "/health" not in text:
        fault = "it does not ask for /health"
    if not fault and not re.search(rf"\b{re.escape(port)}\b", text):
        fault = f"it does not ask at port {port}"
    return fault


def _code(stage: Stage, rest: list[str]) -> str | None:
    """Return the Python that is run: after -c, or that of a file."""
    while rest and rest[0].startswith("-") and rest[0] not in ("-c", "-m"):
        rest = rest[1:]
    if rest[:1] == ["-c"]:
        return rest[1] if len(rest) > 1 else ""
    if rest[:1] == ["-m"] and len(rest) > 1:
        rest = [rest[1].replace(".", "/") + ".py"]
    file: File | None = stage.files.get(absolute(rest[0], stage.workdir)) if rest else None
    return file.text if file else None


def _code_fault(code: str, installed: set[str]) -> str:
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "its Python does not parse"
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.add(node.module.partition(".")[0])
    missing = sorted(m for m in modules if m not in sys.stdlib_module_names | installed | {"app"})
    if missing:
        return f"it imports {missing[0]}, which requirements.txt does not install"
    if "urlopen" in code or re.search(r"status|raise_for|getcode|\.ok\b|is_success", code):
        return ""
    return "it does not look at the status of the answer"
