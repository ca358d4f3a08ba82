"""What pip and uv do in a build: which packages come from where, and where they lie afterwards."""

import re
from dataclasses import dataclass

from simulators.docker_images import CAN_COMPILE
from simulators.docker_shell import Command
from simulators.docker_stage import absolute, find_program

WITH_VALUE = {
    "-r", "--requirement", "--requirements", "-c", "--constraint", "--prefix", "-t", "--target",
    "-w", "--wheel-dir", "-d", "--dest", "-f", "--find-links", "-i", "--index-url",
    "--extra-index-url", "--python", "-p", "--cache-dir", "--root", "--trusted-host", "--no-binary",
    "--only-binary", "--platform", "--python-version", "--default-index", "--index", "--link-mode",
    "--progress-bar", "--timeout", "--retries", "-e", "--editable", "--implementation", "--abi",
    "--index-strategy", "--proxy", "--cert", "--exclude-newer", "--resolution", "--group",
}  # fmt: skip
INDEX_NAMES = {"PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_INDEX_URL"}
INDEX_NAMES |= {"UV_INDEX", "UV_DEFAULT_INDEX"}
TOOLS_MB = {"pip": 12.0, "setuptools": 5.0, "wheel": 0.5, "uv": 45.0, "gunicorn": 1.0}
WHEEL_SHARE, CACHE_SHARE = 0.35, 0.5
NO = {"", "0", "false", "off", "no"}


@dataclass(frozen=True, slots=True)
class World:
    """What the indexes of packages hold for one project."""

    mb: dict[str, float]
    """Size of each package, with all that it needs."""
    compiled: frozenset[str]
    """Packages that come as source and need a compiler."""
    private: frozenset[str]
    """Packages that only the private index has."""
    dev: frozenset[str]
    """Packages that are only for development."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that can be started."""

    path: str
    root: str
    version: str
    libc: str
    is_venv: bool

    @property
    def sites(self) -> tuple[str, ...]:
        """The folders in which it looks for packages."""
        usual = f"{self.root}/lib/python{self.version}/site-packages"
        if self.is_venv or self.root == "/usr/local":
            return (usual,)
        local = f"/usr/local/lib/python{self.version}"
        return (f"{local}/dist-packages", "/usr/lib/python3/dist-packages")


def interpreter(files, path: str | None) -> Interpreter | None:
    """Return the Python at a path, or None where there is none that starts."""
    found = files(path) if path else None
    if found is None or "python" not in found.tags or "/bin/" not in path:
        return None
    root = path.rpartition("/bin/")[0]
    settings = files(f"{root}/pyvenv.cfg")
    libc = next(tag for tag in found.tags if tag.startswith("for:")).split(":")[2]
    if settings is not None:
        behind = files(settings.text)
        if behind is None or "python" not in behind.tags or behind.text != found.text:
            return None
        if f"for:{found.text}:{libc}" not in behind.tags:  # made on Alpine, started on Debian
            return None
    return Interpreter(path, root, found.text, libc, settings is not None)


@dataclass(frozen=True, slots=True)
class Call:
    """The words of a call of pip or uv, sorted."""

    options: dict[str, list[str]]
    flags: frozenset[str]
    named: tuple[str, ...]

    def last(self, *names: str) -> str:
        """Return the last value of an option that goes by these names."""
        values = [value for name in names for value in self.options.get(name, [])]
        return values[-1] if values else ""


def sorted_call(words) -> Call:
    """Tell options with a value, flags and names apart."""
    options: dict[str, list[str]] = {}
    flags, named = set(), []
    waiting = iter(words)
    for word in waiting:
        name, equals, value = word.partition("=")
        if word.startswith("--") and equals:
            options.setdefault(name, []).append(value)
        elif word in WITH_VALUE:
            options.setdefault(word, []).append(next(waiting, ""))
        elif re.match(r"-[rwdtfcpi].", word):
            options.setdefault(word[:2], []).append(word[2:])
        elif word.startswith("-"):
            flags.add(word)
        else:
            named.append(word)
    return Call(options, frozenset(flags), tuple(named))


def package_name(requirement: str) -> str:
    """Return the name at the front of a requirement, as indexes compare names."""
    found = re.match(r"[A-Za-z0-9][\w.-]*", requirement.strip())
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""


def install(shell, tool: str, action: str, command: Command, start: str | None) -> None:
    """Install packages, or make wheels of them, and note what cannot be had."""
    call = sorted_call(command.words)
    uv = tool == "uv"
    python = _python_for(shell, call, start, uv)
    if python is None:
        if uv:
            shell.fails("uv finds no environment to install into (uv venv, --system, --python)")
        else:
            shell.fails("there is no Python with pip here")
        return
    names, wheels = _wanted(shell, call)
    shell.installs = shell.installs or bool(names - TOOLS_MB.keys())
    has_index = shell.has_index(command)
    for name in sorted(names):
        if f"wheel:{name}" in wheels:
            continue
        if "--no-index" in call.flags:
            shell.fails(f"--no-index, and no wheel of {name} in the folders that are given")
        elif name in shell.world.private and not has_index:
            shell.fails(
                f"no distribution found for {name}: only the private index has it, and its address"
                " is not among pip's options and variables"
            )
        elif name in shell.world.compiled and not shell.has_any(CAN_COMPILE):
            shell.fails(f"{name} has to be compiled, and there is no compiler")
    if action in ("wheel", "download"):
        _lay_wheels(shell, call, names)
    else:
        _lay_packages(shell, call, python, names)
    fetched = {name for name in names if f"wheel:{name}" not in wheels}
    _lay_cache(shell, call, uv, fetched, python)


def _python_for(shell, call: Call, start: str | None, uv: bool) -> Interpreter | None:
    """Return the Python whose packages are changed; `start` is the one that runs pip."""
    see = shell.see
    if not uv:
        return interpreter(see, start)
    named = call.last("--python", "-p")
    on_path = find_program("python", shell.path, shell.folder, see) or find_program(
        "python3", shell.path, shell.folder, see
    )
    if named and "/" in named:
        place = absolute(named, shell.folder)
        return interpreter(see, place) or interpreter(see, f"{place}/bin/python")
    if "--system" in call.flags or shell.variables.get("UV_SYSTEM_PYTHON", "") not in NO:
        return interpreter(see, on_path)
    places = [shell.variables.get("VIRTUAL_ENV", ""), absolute(".venv", shell.folder)]
    for place in filter(None, places):
        if found := interpreter(see, f"{absolute(place, shell.folder)}/bin/python"):
            return found
    found = interpreter(see, on_path)
    anywhere = call.last("--target", "-t", "--prefix") or named
    return found if found and (found.is_venv or anywhere) else None


def _wanted(shell, call: Call) -> tuple[set[str], set[str]]:
    """Return the names that are asked for, and `wheel:name` for each wheel at hand."""
    names: set[str] = set()
    wheels: set[str] = set()
    files = [*call.options.get("-r", []), *call.options.get("--requirement", [])]
    files += call.options.get("--requirements", [])
    from_files = [absolute(each, shell.folder) for each in files if each != "-"]
    for each in call.named:
        if each.endswith((".txt", ".in")):
            from_files.append(absolute(each, shell.folder))
        elif each.endswith(".whl") or "/" in each or each == ".":
            found = shell.tags_below(absolute(each, shell.folder), "wheel:")
            wheels |= found
            names |= {tag.partition(":")[2] for tag in found}
            if not found:
                shell.fails(f"{each} is no package and no wheel")
        elif name := package_name(each):
            names.add(name)
    if call.options.get("-e") or call.options.get("--editable"):
        shell.fails("the project has no pyproject.toml, so it cannot be installed itself")
    for place in [*call.options.get("-f", []), *call.options.get("--find-links", [])]:
        wheels |= shell.tags_below(absolute(place, shell.folder), "wheel:")
    for path in from_files:
        names |= _names_in(shell, path, set())
    return names, wheels


def _names_in(shell, path: str, seen: set[str]) -> set[str]:
    if path in seen:
        return set()
    seen.add(path)
    found = shell.see(path)
    if found is None:
        shell.fails(f"{path} is not there")
        return set()
    names = set()
    for line in found.text.splitlines():
        said = line.partition("#")[0].strip()
        if more := re.match(r"(?:-r|--requirement)[ =]*(\S+)", said):
            names |= _names_in(shell, absolute(more[1], path.rpartition("/")[0] or "/"), seen)
        elif said and not said.startswith("-"):
            names.add(package_name(said))
    return names - {""}


def _mb(shell, name: str) -> float:
    return shell.world.mb.get(name, TOOLS_MB.get(name, 4.0))


def _lay_wheels(shell, call: Call, names: set[str]) -> None:
    place = call.last("-w", "--wheel-dir", "-d", "--dest") or "."
    for name in sorted(names):
        tags = frozenset({f"wheel:{name}"} | ({"dev"} if name in shell.world.dev else set()))
        path = f"{absolute(place, shell.folder)}/{name}.whl"
        shell.put(path, WHEEL_SHARE * _mb(shell, name), tags)


def _lay_packages(shell, call: Call, python: Interpreter, names: set[str]) -> None:
    version = f"lib/python{python.version}/site-packages"
    target, prefix = call.last("-t", "--target"), call.last("--prefix")
    system = not python.is_venv
    local = python.root if not system or python.root == "/usr/local" else "/usr/local"
    if target:
        site = absolute(target, shell.folder)
        programs = f"{site}/bin"
    elif prefix:
        root = absolute(prefix, shell.folder)
        site, programs = f"{root}/{version}", f"{root}/bin"
    elif "--user" in call.flags or (system and not shell.may_write(local)):
        root = shell.variables.get("PYTHONUSERBASE", "") or f"{shell.home}/.local"
        site, programs = f"{root}/{version}", f"{root}/bin"
    elif system and python.root == "/usr":
        if "--break-system-packages" not in call.flags:
            shell.fails("this Python belongs to the system: pip refuses without an environment")
        site, programs = f"/usr/local/lib/python{python.version}/dist-packages", "/usr/local/bin"
    else:
        site, programs = f"{python.root}/{version}", f"{python.root}/bin"
    if not shell.may_write(site):
        shell.fails(f"{shell.user.name} may not write to {site}")
    for name in sorted(names):
        tags = {f"package:{name}", f"for:{python.version}:{python.libc}"}
        tags |= {"dev"} if name in shell.world.dev else set()
        shell.put(f"{site}/{name}", _mb(shell, name), frozenset(tags))
        kind = {"uv"} if name == "uv" else {"pip"} if name == "pip" else {"script"}
        kind |= {"dev"} if name in shell.world.dev else set()
        shell.put(f"{programs}/{name}", 0.0, frozenset(kind), mode=0o755, text=python.path)


def _lay_cache(shell, call: Call, uv: bool, names: set[str], python: Interpreter) -> None:
    said = shell.variables
    if uv:
        off = {"--no-cache", "--no-cache-dir", "-n"} & call.flags
        off = off or said.get("UV_NO_CACHE", "") not in NO
        place = call.last("--cache-dir") or said.get("UV_CACHE_DIR", "")
    else:
        off = {"--no-cache-dir", "--no-cache"} & call.flags
        off = off or said.get("PIP_NO_CACHE_DIR", "")  # any word at all turns it off
        place = call.last("--cache-dir") or said.get("PIP_CACHE_DIR", "")
    place = absolute(place or f"{shell.home}/.cache/{'uv' if uv else 'pip'}", shell.folder)
    weight = CACHE_SHARE * sum(_mb(shell, name) for name in names)
    if weight and not off and shell.may_write(place):
        shell.put(f"{place}/{python.version}", weight, frozenset({"cache"}))


def make_environment(shell, words, start: str | None, uv: bool) -> None:
    """Make a virtual environment, as `python -m venv` and `uv venv` do."""
    call = sorted_call(words)
    python = interpreter(shell.see, start)
    if python is None:
        shell.fails("there is no Python here to make an environment with")
        return
    root = absolute(call.named[0] if call.named else ".venv", shell.folder)
    behind = shell.see(f"{python.root}/pyvenv.cfg")
    program = shell.see(python.path)
    if not shell.may_write(root):
        shell.fails(f"{shell.user.name} may not write to {root}")
    shell.put(f"{root}/pyvenv.cfg", 0.0, text=behind.text if behind else python.path)
    for name in ("python", "python3", f"python{python.version}"):
        tags = frozenset(each for each in program.tags if each == "python" or "for:" in each)
        shell.put(f"{root}/bin/{name}", 0.0, tags, mode=0o755, text=program.text)
    shell.put(f"{root}/bin/activate", 0.0)
    if not uv and "--without-pip" not in call.flags:
        shell.put(f"{root}/lib/python{python.version}/site-packages/pip", 12.0)
        for name in ("pip", "pip3"):
            shell.put(f"{root}/bin/{name}", 0.0, frozenset({"pip"}), 0o755, f"{root}/bin/python")
