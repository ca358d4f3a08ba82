"""Attacks that look for `check.py` and `reference/`, against a Gradus installed from its wheel.

The labs lie below `gradus/_content` there, and labs run in the very interpreter that Gradus is
installed in, whose folder they may read: nothing but the judge's own walls hides the answers. With
`--whole-wheel` (`make hostile-wheel`) the wheel comes with its pins from the index, labs run in the
environment that this Gradus installs, and every attack is heard.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LABS = HERE.parent / "labs" / "labs"
LAB = "<lab>"
READING = sorted((HERE / "specimens" / "reading").glob("*.py"))
SEARCHING = [
    HERE / "specimens" / "forging" / f"{name}.py"
    for name in (
        "imports_gradus",
        "leaves_startup_files",
        "reads_the_check_from_disk",
        "reads_the_judge_through_proc",
        "searches_its_own_memory",
        "walks_the_stack",
    )
]
ALL = sorted((HERE / "specimens").rglob("*.py"))
ONE_PROFILE = {"services": "service", "commands": "tools", "folders": "compute"}
PROFILES = ("compute", "service", "tools")
INSTALL_SECONDS = 1800
ANSWERS = """
import json, runpy, sys
import numpy as np
found = {}
for path in sys.argv[1:]:
    softmax = runpy.run_path(path, run_name="softmax")["softmax"]
    found[path] = np.asarray(softmax(np.array([0.0, 0.0]))).tolist()
print(json.dumps(found))
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux is the complete platform")


@dataclass(frozen=True)
class Installed:
    """A Gradus that came out of its wheel."""

    python: Path
    """Its interpreter."""
    content: Path
    """Its labs, environments and tracks."""
    words: tuple[str, ...]
    """How the court is told of it."""


def run(*words: object, **variables: str) -> str:
    """Run a program outside the checkout and return what it printed."""
    done = subprocess.run(
        list(map(str, words)),
        cwd="/",
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=INSTALL_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture(scope="session")
def installed(request: pytest.FixtureRequest, python_for_all: str) -> Iterator[Installed]:
    """Build the wheel and install it in an empty environment that every user may read."""
    whole = bool(request.config.getoption("--whole-wheel"))
    place = Path(tempfile.mkdtemp(prefix="wheel-"))
    place.chmod(0o755)
    mask = os.umask(0o022)
    try:
        made = install_in(place, python_for_all, whole)
        os.umask(mask)
        yield made
    finally:
        os.umask(mask)
        shutil.rmtree(place, ignore_errors=True)


def install_in(place: Path, base: str, whole: bool) -> Installed:
    """Return what `installed` gives."""
    built = place / "dist"
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-x", "-o", built, ROOT)
    (wheel,) = built.glob("*.whl")
    python = place / "own" / "bin" / "python"
    run(base, "-m", "venv", *([] if whole else ["--without-pip"]), place / "own")
    packages = next((place / "own").glob("lib/python*/site-packages"))
    words = ["--installed"]
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", "--no-input"]
    if whole:
        pip[0] = str(python)
        run(*pip, "install", "--no-deps", "-r", ROOT / "requirements.lock")
        run(*pip, "install", "--no-deps", wheel)
        os.environ["GRADUS_ENVIRONMENTS"] = str(place / "environments")
        run(python, "-m", "gradus", "install", "base")
        words.append("--environments")
    else:
        run(*pip, "install", "--no-deps", "--no-index", "--target", packages, wheel)
        others = next(Path(sys.prefix).glob("lib/python*/site-packages"))
        (packages / "others.pth").write_text(f"{others}\n")
        words += ["--readable", str(others)]
    content = packages / "gradus" / "_content"
    for lab in LABS.iterdir():
        shutil.copytree(lab, content / "labs" / lab.name)
    return Installed(python, content, tuple(words))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Hear the attacks that look for answers; all of them with `--whole-wheel`."""
    if "attack" in metafunc.fixturenames:
        whole = metafunc.config.getoption("--whole-wheel")
        attacks = ALL if whole else READING + SEARCHING
        names = [f"{each.parent.name}-{each.stem}" for each in attacks]
        metafunc.parametrize("attack", attacks, ids=names)


@pytest.mark.timeout(INSTALL_SECONDS)
def test_what_is_installed_is_the_wheel(installed: Installed) -> None:
    where = run(installed.python, "-c", "import gradus; print(gradus.__file__)")
    assert Path(where.strip()).parent == installed.content.parent
    assert (installed.content / "labs" / "linear-regression" / "check.py").is_file()
    assert (installed.content / "labs" / "linear-regression" / "reference").is_dir()


def test_without_walls_these_attacks_find_the_answer(tmp_path: Path) -> None:
    laid = []
    for attack in READING:
        told = attack.read_text().replace(LAB, str(LABS / "few-examples"))
        (tmp_path / attack.name).write_text(told)
        laid.append(str(tmp_path / attack.name))
    done = subprocess.run(
        [sys.executable, "-c", ANSWERS, *laid],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {each: [0.5, 0.5] for each in laid}


def test_an_attack_finds_no_answer_where_gradus_is_installed(
    attack: Path, installed: Installed, courts_of: Any
) -> None:
    courts = courts_of(str(installed.python), *installed.words)
    family = attack.parent.name
    profiles = [ONE_PROFILE[family]] if family in ONE_PROFILE else PROFILES
    for (profile, user), heard in courts.hear(family, attack.stem, profiles).items():
        where = f"{profile}, {user}:\n{heard['says']}{heard['trouble']}"
        assert heard["verdict"] in {"FAILED", "STOPPED", "REFUSED"}, where
        assert not heard["harm"], f"{where}\n{heard['harm']}"
