"""What lies in the repository: nothing of one machine, and every file where its kind belongs."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = {".py", ".md", ".toml", ".txt", ".lock", ".html", ".css", ".js", ".mjs", ".json", ".sql"}
OF_ONE_MACHINE = re.compile(
    "|".join(
        [
            "/" + r"(?:work|root)/\w",
            "/" + r"opt/(?:pypi|wheels)",
            "/home/" + "learner",
            r"\bpypi\." + "org",
            r"files\.python" + "hosted",
            r"registry\." + "npmjs",
        ]
    )
)
MAX_MODULE_LINES = 400


def tracked() -> list[Path]:
    """Return every file that git knows; none outside a checkout."""
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_place_of_one_machine_or_a_registry():
    found = []
    for path in tracked():
        if path.suffix not in TEXT and path.name not in {"Makefile", ".npmrc"}:
            continue
        for number, line in enumerate(
            path.read_text(encoding="utf-8", errors="ignore").splitlines(), 1
        ):
            if OF_ONE_MACHINE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_modules_stay_small():
    long = [
        f"{path.relative_to(ROOT)}: {count}"
        for path in tracked()
        if path.suffix == ".py" and path.is_relative_to(ROOT / "src")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > MAX_MODULE_LINES
    ]
    assert long == []


def test_there_is_no_drawer_for_odds_and_ends():
    names = {"utils", "util", "helpers", "manager", "handler", "misc", "common"}
    assert [path for path in tracked() if path.stem in names and path.suffix == ".py"] == []


def test_every_source_module_has_its_sentence():
    silent = []
    for path in tracked():
        if path.suffix == ".py" and path.is_relative_to(ROOT / "src") and path.stat().st_size:
            first = path.read_text(encoding="utf-8").lstrip()
            if not first.startswith(('"""', 'r"""')):
                silent.append(str(path.relative_to(ROOT)))
    assert silent == []


def test_built_and_private_things_are_not_tracked():
    forbidden = ("node_modules", "__pycache__", ".venv", "built", ".gradus", "dist")
    assert [path for path in tracked() if set(path.relative_to(ROOT).parts) & set(forbidden)] == []
