"""Reads the workflows with check-jsonschema: its YAML loader, its schema of GitHub's workflows."""

import contextlib
import io
import json
from pathlib import Path

import check_jsonschema
from check_jsonschema.parsers import yaml

PLACE = ".github/workflows"
MOST_FILES = 8
MOST_BYTES = 64_000
MOST_NODES = 5_000


def _files(folder):
    where = folder / PLACE
    found = sorted([*where.glob("*.yml"), *where.glob("*.yaml")]) if where.is_dir() else []
    if not found:
        raise ValueError(f"there is no .yml file in {PLACE}")
    if len(found) > MOST_FILES or any(each.stat().st_size > MOST_BYTES for each in found):
        raise ValueError(f"more than {MOST_FILES} workflows, or one of more than 64 kB")
    return found


def _count(value, most):
    """Refuse what aliases blow up: raises ValueError for too many or too deep parts."""
    waiting, seen = [(value, 0)], 0
    while waiting:
        one, depth = waiting.pop()
        seen += 1
        if seen > most or depth > 40:
            raise ValueError("a workflow has too many parts, or parts too deep in one another")
        if isinstance(one, dict | list):
            inner = one.values() if isinstance(one, dict) else one
            waiting += [(each, depth + 1) for each in inner]


def _loaded(path, name):
    load = yaml.impl2loader(yaml.construct_yaml_implementation())
    try:
        document = load(io.BytesIO(path.read_bytes()))
    except Exception as error:  # such as an IndexError, for !!int "_"
        raise ValueError(f"{name} is no YAML: {' '.join(str(error).split())[:300]}") from None
    if not isinstance(document, dict):
        raise ValueError(f"{name} is no mapping of keys")
    _count(document, MOST_NODES)
    return document


def _faults(files):
    """What `check-jsonschema --builtin-schema vendor.github-workflows` finds, a line each."""
    said = io.StringIO()
    words = ["--builtin-schema", "vendor.github-workflows", "--output-format", "json", "--no-cache"]
    with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        check_jsonschema.main([*words, *map(str, files)])
    told = json.loads(said.getvalue())
    found = [f"{Path(e['filename']).name} cannot be parsed" for e in told.get("parse_errors", [])]
    for each in told.get("errors", []):
        best = each.get("best_deep_match") or each
        name = Path(each["filename"]).name
        found.append(f"{name}, {best['path']}: {best['message'][:200]}")
    return found


def workflows(folder: Path):
    """Return each workflow as check-jsonschema reads it, and what is wrong with them."""
    try:
        files = _files(folder)
        found = {(name := p.relative_to(folder).as_posix()): _loaded(p, name) for p in files}
        faults = _faults(files)
    except ValueError as error:
        return {"documents": {}, "faults": [str(error)]}
    return {"documents": {} if faults else found, "faults": faults}
