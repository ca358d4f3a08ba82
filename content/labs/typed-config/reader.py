"""What mypy and the file's own tokens say about config.py; never runs it."""

import ast
import functools
import io
import os
import pathlib
import re
import shutil
import tempfile
import tokenize

from mypy import api

# Standard-library stubs that no config needs: reading them would take a third of the time.
SETTINGS = """
[mypy]
strict = True
disallow_any_explicit = True
show_error_codes = True
no_error_summary = True
hide_error_context = True
pretty = False
no_site_packages = True
incremental = False
cache_dir = /dev/null

[mypy-subprocess,zipfile,zipfile.*,zipimport,importlib.*,_frozen_importlib,_frozen_importlib_external,_ast,ast,resource,_typeshed.importlib]
follow_imports = skip
follow_imports_for_stubs = True
"""

# A caller who uses the interface rightly, and (lines marked so) one whom mypy must stop.
PROBE = """
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields

from config import TrainConfig, differences, parse_sizes, unknown_names

config = TrainConfig()
every = TrainConfig(lr=0.1, batch_size=8, epochs=1, dropout=0.5, hidden_sizes=[8], seed=3)
whole = TrainConfig(lr=1, dropout=0, seed=None)
names = [each.name for each in fields(config)]
lr: float = config.lr
batch_size: int = config.batch_size
epochs: int = config.epochs
dropout: float = config.dropout
hidden_sizes: list[int] = config.hidden_sizes
seed: int | None = config.seed
config.validate()
sizes: Sequence[int] | None = parse_sizes("8, 4")
changed: Mapping[str, tuple[object, object]] = differences(config, every)
unknown: Set[str] = unknown_names(["lr", "rate"])
unknown = unknown_names(("lr", "rate"))
unknown = unknown_names(name for name in names)
TrainConfig(lr="0.1")  # stop
TrainConfig(lr=None)  # stop
TrainConfig(batch_size="8")  # stop
TrainConfig(batch_size=8.5)  # stop
TrainConfig(epochs=1.5)  # stop
TrainConfig(epochs=None)  # stop
TrainConfig(dropout="none")  # stop
TrainConfig(hidden_sizes=[8.5])  # stop
TrainConfig(hidden_sizes=["8"])  # stop
TrainConfig(hidden_sizes=8)  # stop
TrainConfig(hidden_sizes=None)  # stop
TrainConfig(seed="3")  # stop
TrainConfig(seed=0.5)  # stop
wide: str = config.lr  # stop
late: int = config.seed  # stop
parse_sizes(128)  # stop
parse_sizes(None)  # stop
few: list[int] = parse_sizes("8")  # stop
text: str = parse_sizes("8")  # stop
differences(config, 3)  # stop
differences("a", config)  # stop
number: int = differences(config, config)  # stop
unknown_names(3)  # stop
unknown_names([1, 2])  # stop
numbers: list[int] = unknown_names([])  # stop
"""

SILENT_NAMES = {"Any", "cast", "no_type_check", "TYPE_CHECKING"}


def _mypy(folder: pathlib.Path) -> list[tuple[str, int, str]]:
    """Return (file, line, message) of each error in config.py and in the probe."""
    return _run_mypy((folder / "config.py").read_bytes())


@functools.cache
def _run_mypy(config: bytes) -> list[tuple[str, int, str]]:
    here = pathlib.Path.cwd()
    room = pathlib.Path(tempfile.mkdtemp())
    try:
        (room / "config.py").write_bytes(config)
        (room / "probe.py").write_text(PROBE)
        (room / "mypy.ini").write_text(SETTINGS)
        os.chdir(room)
        out, trouble, status = api.run(["--config-file", "mypy.ini", "config.py", "probe.py"])
    finally:
        os.chdir(here)
        shutil.rmtree(room, ignore_errors=True)
    errors = []
    for line in out.splitlines():
        found = re.match(r"(\w+\.py):(\d+): error: (.*)$", line)
        if found:
            errors.append((found[1], int(found[2]), found[3]))
    if status and not errors:
        raise RuntimeError(f"mypy ended with {status}: {out} {trouble}")
    return errors


def complaints(folder: pathlib.Path) -> list[str]:
    """Return what `mypy --strict` says about config.py."""
    return [
        f"line {line}: {message}"
        for name, line, message in _mypy(folder)
        if name == "config.py" and "[explicit-any]" not in message
    ]


def misunderstandings(folder: pathlib.Path) -> list[str]:
    """Return where mypy, by the file's annotations, lets through or stops the wrong calls."""
    if any("[syntax]" in message for _, _, message in _mypy(folder)):
        return ["config.py has a syntax error"]
    errors = {line: message for name, line, message in _mypy(folder) if name == "probe.py"}
    wrong = []
    for number, line in enumerate(PROBE.splitlines(), start=1):
        code, _, mark = line.partition("  # ")
        if mark == "stop" and number not in errors:
            wrong.append(f"mypy lets `{code}` through")
        elif mark != "stop" and number in errors:
            wrong.append(f"mypy stops `{code}`: {errors[number]}")
    return wrong


def silencers(folder: pathlib.Path) -> list[str]:
    """Return every place that keeps mypy from looking: Any, cast, `# type: ignore` and the like."""
    source = (folder / "config.py").read_text(encoding="utf-8-sig")
    found = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT and re.search(
                r"#\s*(type:\s*ignore|mypy:)", token.string
            ):
                found[token.start[0]] = token.string
        tree = ast.parse(source)
    except (SyntaxError, tokenize.TokenError) as error:
        raise ValueError(f"config.py cannot be read as Python: {error}") from None
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("typing", "typing_extensions"):
            for each in node.names:
                if each.name in SILENT_NAMES:
                    found.setdefault(node.lineno, f"{each.name} from {node.module}")
        elif isinstance(node, ast.Attribute) and node.attr in SILENT_NAMES:
            found.setdefault(node.lineno, ast.unparse(node))
    for name, line, message in _mypy(folder):
        if name == "config.py" and "[explicit-any]" in message:
            found.setdefault(line, "Any")
    return [f"line {line}: {found[line]}" for line in sorted(found)]
