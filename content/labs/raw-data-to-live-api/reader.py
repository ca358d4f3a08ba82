"""Reads the project as tools do: Python by its syntax tree, workflows as YAML, nothing is run."""

import ast
from pathlib import Path

import yaml

MOST_BYTES = 400_000
WORKFLOWS = ".github/workflows"
NOT_OURS = {"node_modules", "venv", "env", "site-packages", "build", "dist"}


def _python(folder: Path) -> list[tuple[str, ast.Module]]:
    """Return every Python file of the project with its tree; ValueError where one is none."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(folder).as_posix()
        inner = set(Path(name).parts[:-1])
        if inner & NOT_OURS or any(part.startswith(".") for part in Path(name).parts):
            continue
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"{name} is larger than {MOST_BYTES // 1000} kB")
        try:
            found.append((name, ast.parse(path.read_bytes())))
        except (SyntaxError, ValueError, RecursionError) as fault:
            raise ValueError(f"{name} is no Python: {fault}") from None
    return found


def imports(folder: Path) -> list[list[str]]:
    """Return [file, module] for every import of the project's Python files, relative ones left out.

    The module is the whole dotted name as it is written.
    """
    found = []
    for name, tree in _python(folder):
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found += [[name, each.name] for each in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.append([name, node.module])
    return found


def texts(folder: Path) -> list[list[object]]:
    """Return [file, line, text] of every text in the project's Python; docstrings left out."""
    found: list[list[object]] = []
    for name, tree in _python(folder):
        said = {
            id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
        }  # a text that stands alone says something to a person
        found += [
            [name, node.lineno, node.value]
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in said
        ]
    return found


def tests(folder: Path) -> list[dict[str, object]]:
    """Return for each test function: file, name, what it imports of modules, what it asserts.

    `asserts` counts statements that can fail for what the code did; `numbers` holds every whole
    number in the file, and `names` every attribute and name, where a refusal shows itself.
    """
    found = []
    for name, tree in _python(folder):
        base = name.rsplit("/", 1)[-1]
        if not (base.startswith("test") or base.endswith("_test.py")):
            continue
        nodes = list(ast.walk(tree))
        whole = {
            "file": name,
            "imports": sorted(_imported(nodes)),
            "numbers": sorted({n.value for n in nodes if _is_whole(n)}),
            "names": sorted({_name(n) for n in nodes if isinstance(n, ast.Name | ast.Attribute)}),
        }
        own = {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
        asserting = {n.name for n in nodes if _is_function(n) and _asserts(n, set())}
        for node in nodes:
            if _is_function(node) and node.name.startswith("test") and not _is_skipped(node):
                found.append(
                    {**whole, "name": node.name, "asserts": _asserts(node, asserting & own)}
                )
    return found


def _imported(nodes: list[ast.AST]) -> set[str]:
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return names


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def _is_whole(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int)
        and not isinstance(node.value, bool)
        and abs(node.value) < 10**9
    )


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id


def _called(node: ast.Call) -> str:
    return _name(node.func) if isinstance(node.func, ast.Name | ast.Attribute) else ""


def _asserts(function: ast.AST, known: set[str]) -> int:
    """Count what may fail for what the code did: `assert True`, `assert x is not None` do not."""
    count = 0
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            count += _says_something(node.test)
        elif isinstance(node, ast.Call):
            name = _called(node).lower()
            words = ("assert", "raises", "expect", "must_", "check_", "verify", "fail")
            if name not in ("assertisnotnone", "asserttrue") and name.startswith(words):
                count += 1
            elif name == "asserttrue" and node.args:
                count += _says_something(node.args[0])
            elif _called(node) in known:
                count += 1
    return count


def _says_something(test: ast.expr) -> int:
    """Return 1 where a condition may be false although the code ran to its end."""
    if not any(isinstance(each, ast.Name | ast.Call) for each in ast.walk(test)):
        return 0
    is_compared = isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.IsNot)
    if is_compared and isinstance(test.comparators[0], ast.Constant):
        return int(test.comparators[0].value is not None)
    return 1


def _is_skipped(function: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr in ("skip", "skipif", "xfail")
        for each in function.decorator_list
        for node in ast.walk(each)
    )


def workflows(folder: Path) -> dict[str, dict[str, object]]:
    """Return each workflow under .github/workflows as YAML gives it, with `on` under its name."""
    where = folder / WORKFLOWS
    found = {}
    for path in sorted([*where.glob("*.yml"), *where.glob("*.yaml")]) if where.is_dir() else []:
        name = path.relative_to(folder).as_posix()
        if path.stat().st_size > 64_000:
            raise ValueError(f"{name} is larger than 64 kB")
        text = path.read_bytes()
        if text.count(b"*") + text.count(b"&") > 500:
            raise ValueError(f"{name} holds too many aliases")
        try:
            value = yaml.safe_load(text)
        except Exception as fault:  # such as an IndexError, for !!int "_"
            raise ValueError(f"{name} is no YAML: {' '.join(str(fault).split())[:200]}") from None
        if not isinstance(value, dict) or not isinstance(value.get("jobs"), dict):
            raise ValueError(f"{name} has no jobs")
        value["on"] = value.pop(True, value.get("on"))  # YAML 1.1 takes `on` for true
        found[name] = {str(key): each for key, each in value.items()}
    if not found:
        raise ValueError(f"there is no workflow in {WORKFLOWS}")
    return found
