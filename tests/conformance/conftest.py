"""A sound lab in a small content folder, and a pool that judges it."""

import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from gradus.catalogue import load_catalogue, load_lab
from gradus.conformance import write_feedback
from gradus.core.catalogue import Catalogue
from gradus.judge import Pool
from gradus.sandbox import Runtime

SPECIMENS = Path(__file__).parent / "specimens"
LAB = Path("labs") / "the-mean"


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    def this_python(environment: str, imports: tuple[str, ...]) -> Runtime:
        return Runtime(python=Path(sys.executable), imports=imports, name=environment)

    with Pool(this_python) as pool:
        yield pool


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory, pool: Pool) -> Path:
    """The content folder with what a learner sees today, written once."""
    root = tmp_path_factory.mktemp("sound") / "content"
    shutil.copytree(SPECIMENS / "_content", root)
    write_feedback(load_lab(root / LAB), load_catalogue(root), pool)
    return root


@pytest.fixture
def content(tmp_path: Path, sound: Path) -> Path:
    """A copy of the content folder in which the lab is sound."""
    return Path(shutil.copytree(sound, tmp_path / "content"))


@pytest.fixture
def lab_folder(content: Path) -> Path:
    return content / LAB


@pytest.fixture
def catalogue(content: Path) -> Catalogue:
    return load_catalogue(content)


def spoil(lab_folder: Path, code: str) -> None:
    """Change the sound lab into the bad specimen of one rule."""
    specimen = SPECIMENS / code
    for path in specimen.rglob("*"):
        inside = path.relative_to(specimen)
        if path.is_file() and inside.name != "change.toml":
            (lab_folder / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, lab_folder / inside)
    change = specimen / "change.toml"
    changes = tomllib.loads(change.read_text(encoding="utf-8")) if change.is_file() else {}
    for name in changes.get("remove", []):
        (lab_folder / name).unlink()
    for each in changes.get("replace", []):
        path = lab_folder / each["file"]
        text = path.read_text(encoding="utf-8")
        assert each["old"] in text, f"{code}: {each['old']!r} is not in {each['file']}"
        path.write_text(text.replace(each["old"], each["new"], 1), encoding="utf-8")


@pytest.fixture
def spoilt(lab_folder: Path):
    """The lab folder, to be changed into the bad specimen of a rule."""

    def change(code: str) -> Path:
        spoil(lab_folder, code)
        return lab_folder

    return change


@pytest.fixture
def golden(update_golden: bool):
    """Compare a text with the reviewed one of that name."""

    def compare(name: str, text: str) -> None:
        path = Path(__file__).parent / "golden" / f"{name}.txt"
        if update_golden:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare
