"""The rooms and their order: a room imports only the rooms that its line names."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "gradus"

MAY_IMPORT = {
    "core": set(),
    "check": {"core"},
    "catalogue": {"core"},
    "sandbox": {"core"},
    "judge": {"core", "check", "sandbox"},
    "prover": {"core", "check", "sandbox"},
    "ledger": {"core"},
    "planner": {"core"},
    "conformance": {"core", "check", "catalogue", "sandbox", "judge"},
    "desk": {"core", "check", "catalogue", "sandbox", "judge", "prover", "ledger", "planner"},
    "web": {"core", "desk"},
    "cli": {"core", "desk", "conformance", "web"},
}
NO_ROOM = {"__init__.py", "__main__.py"}


def modules() -> list[Path]:
    """Return every module of the package."""
    return sorted(path for path in SOURCE.rglob("*.py") if "_content" not in path.parts)


def name_of(path: Path) -> str:
    """Return a module's dotted name."""
    parts = list(path.relative_to(SOURCE.parent).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_rooms(path: Path) -> Iterator[tuple[str, int]]:
    """Yield every room that a module imports, at its top or inside a function, with the line."""
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            names = [".".join([*above, node.module or ""])]
        elif isinstance(node, ast.ImportFrom) and node.module == "gradus":
            names = [f"gradus.{each.name}" for each in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            first, _, rest = name.partition(".")
            if first == "gradus" and rest:
                yield rest.split(".")[0], node.lineno


def test_every_room_has_a_line_in_the_table():
    rooms = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").is_file()}
    assert rooms <= set(MAY_IMPORT)


def test_a_room_imports_only_the_rooms_below_it():
    wrong = []
    for path in modules():
        room = path.relative_to(SOURCE).parts[0]
        if room in NO_ROOM:
            continue
        allowed = MAY_IMPORT[room] | {room}
        wrong += [
            f"{path.relative_to(SOURCE)}:{line} imports {other}"
            for other, line in imported_rooms(path)
            if other not in allowed and not other.startswith("__")
        ]
    assert wrong == []


def test_the_ground_floor_imports_the_standard_library_only():
    allowed = set(sys.stdlib_module_names) | {"gradus"}
    for path in (SOURCE / "core").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            assert {name.split(".")[0] for name in names} <= allowed, path


def test_no_module_imports_itself_in_a_circle():
    graph = {name_of(path): set(_imports(path)) for path in modules()}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, f"a circle: {' → '.join([*way[way.index(name) :], name])}"
        if name not in done:
            for each in graph[name]:
                visit(each, (*way, name))
            done.add(name)

    for each in graph:
        visit(each, ())


def _imports(path: Path) -> Iterator[str]:
    """Yield the modules of the package that a module's top level imports."""
    known = {name_of(each) for each in modules()}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for each in node.names:
                inner = f"{node.module}.{each.name}"
                target = inner if inner in known else node.module
                if target in known and target != name_of(path):
                    yield target


IMPORT_EACH_ALONE = """
import contextlib, os, sys
from importlib import import_module

def in_a_child(work):
    reader, writer = os.pipe()
    if os.fork() == 0:
        with os.fdopen(writer, "w") as said:
            try:
                work(said)
            except BaseException as fault:
                print(type(fault).__name__, fault, flush=True)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as said:
        answer = said.read()
    os.wait()
    return answer

def import_all(said):
    for name in sys.argv[1:]:
        import_module(name)
    said.write(" ".join(name for name in sys.modules if not name.startswith("gradus")))

for name in in_a_child(import_all).split():  # others' modules once, ours alone in each child
    with contextlib.suppress(Exception):
        import_module(name)
for name in sys.argv[1:]:
    in_a_child(lambda said: import_module(name))
"""


@pytest.mark.slow
def test_each_module_imports_alone_with_warnings_as_errors(tmp_path):
    names = [
        name_of(path)
        for path in modules()
        if not {"inside", "drivers"} & set(path.parts) and path.name != "__main__.py"
    ]
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # each module is compiled once, not often
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORT_EACH_ALONE, *names],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
