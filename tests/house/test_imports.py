"""The rooms and their order: a room imports only the rooms that its line names."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard

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
    "conformance": {"core", "check", "catalogue", "sandbox", "judge", "prover"},
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
    known = known_names()
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
import contextlib, gc, json, os, sys, traceback
from importlib import import_module

def in_a_child(work):
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

def import_all():
    for name in names:
        with contextlib.suppress(BaseException):
            import_module(name)
    others = [name for name in sys.modules if name.partition(".")[0] not in ("gradus", "__main__")]
    with open(noted, "w") as file:
        json.dump(others, file)

def go_on(branches):
    for name, is_last, further in branches:
        if len(branches) == 1:
            step(name, is_last, further)
        elif status := in_a_child(lambda: step(name, is_last, further)):
            print(f"{name}, or what comes after it, ended with {status}", file=sys.stderr)

def step(name, is_last, further):
    if is_last and name in sys.modules:
        print(f"{name} is imported by what it imports", file=sys.stderr)
    try:
        import_module(name)
    except BaseException:
        print(f"{name} cannot be imported alone:", file=sys.stderr)
        traceback.print_exc()
    else:
        go_on(further)

names, tree = json.load(sys.stdin)
noted, compiled = sys.argv[1:]
in_a_child(import_all)
with open(noted) as file:
    others = json.load(file)
for name in others:  # others' modules once, before ours
    with contextlib.suppress(Exception):
        import_module(name)
sys.pycache_prefix, sys.dont_write_bytecode = compiled, False  # ours is compiled once, and here
gc.freeze()
gc.disable()
go_on(tree)
"""


def top_level(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield each import of ours outside functions, and whether only imports precede it."""
    known = known_names()
    package = name_of(path) if path.name == "__init__.py" else name_of(path).rpartition(".")[0]

    def walk(nodes: Iterable[ast.AST], leading: bool) -> Iterator[tuple[str, bool]]:
        for node in nodes:
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom):
                above = package.split(".")[: package.count(".") + 2 - node.level]
                parts = [*(above if node.level else []), *([node.module] if node.module else [])]
                inner = [".".join([*parts, each.name]) for each in node.names]
                names = [each if each in known else ".".join(parts) for each in inner]
            elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                leading = leading and _is_text(node)
                inside = node.orelse if _is_for_types(node) else ast.iter_child_nodes(node)
                yield from walk(inside, False)
            yield from ((each, leading) for each in names if each in known)

    return walk(ast.parse(path.read_text(encoding="utf-8")).body, True)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_for_types(node: ast.AST) -> TypeGuard[ast.If]:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


@cache
def known_names() -> dict[str, Path]:
    """Return the path of every module by its name."""
    return {name_of(path): path for path in modules()}


@cache
def imports_of(name: str) -> tuple[tuple[str, bool], ...]:
    """Return what `top_level` yields, each once."""
    return tuple(dict.fromkeys(top_level(known_names()[name])))


def steps_to(name: str) -> list[str]:
    """Return the modules whose code runs when one is imported alone, in the order of their ends.

    Importing them one after the other is the same as importing the last: no code of a module
    runs before its leading imports, and what it imports otherwise is no step of its own. Where
    an import leads back to a module that is not through, the one module is the only step.
    """
    steps: list[str] = []
    begun: set[str] = set()
    through: set[str] = set()

    def visit(each: str, is_step: bool, by: str) -> bool:
        above = [".".join(each.split(".")[:n]) for n in range(1, each.count(".") + 1)]
        if not all(visit(parent, is_step, each) for parent in above if parent not in begun):
            return False
        if each in begun:
            return each in through or by.startswith(f"{each}.")
        begun.add(each)
        if not all(visit(other, is_step and first, each) for other, first in imports_of(each)):
            return False
        through.add(each)
        if is_step:
            steps.append(each)
        return True

    return steps if visit(name, True, "") else [name]


def tree_of(paths: Iterable[list[str]]) -> list[list[Any]]:
    """Return many ways as a tree of steps: name, whether a module ends it, what follows."""
    root: list[list[Any]] = []
    for path in paths:
        branches = root
        for name in path:
            node = next((each for each in branches if each[0] == name), None)
            if node is None:
                node = [name, False, []]
                branches.append(node)
            branches = node[2]
        node[1] = known_names()[name].name != "__init__.py"
    return root


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_each_module_imports_alone_with_warnings_as_errors(tmp_path):
    names = [
        name
        for name, path in known_names().items()
        if not {"inside", "drivers"} & set(path.parts) and path.name != "__main__.py"
    ]
    tree = tree_of(steps_to(name) for name in names)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORT_EACH_ALONE, tmp_path / "noted", tmp_path],
        input=json.dumps([names, tree]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
