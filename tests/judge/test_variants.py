"""A known-wrong project may bring no more than what makes it wrong."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from gradus.catalogue import load_lab
from gradus.core.errors import UsageError
from gradus.judge import variant_submissions

from ..proof_lab import lay_proof_lab

CONTENT = Path(__file__).parents[1] / "cli" / "content"
Wrong = Callable[[Mapping[str, str]], Mapping[str, bytes]]


@pytest.fixture
def wrong(tmp_path: Path) -> Wrong:
    """Return the files that are judged for a variant of these files."""
    root = Path(shutil.copytree(CONTENT, tmp_path / "content"))
    folder = lay_proof_lab(root)
    (folder / "reference" / "app").mkdir(parents=True)
    (folder / "reference" / "README.md").write_text("make start")
    (folder / "reference" / "app" / "main.py").write_text("serve()")

    def judged(files: Mapping[str, str]) -> Mapping[str, bytes]:
        place = folder / "wrong" / "silent"
        place.mkdir(parents=True)
        for name, text in files.items():
            (place / name).write_text(text)
        (one,) = variant_submissions(load_lab(folder, root), "wrong")
        return one.submission.files

    return judged


def test_a_variant_lies_over_the_starter(wrong: Wrong) -> None:
    assert set(wrong({"README.md": "?"})) == {"README.md", ".gitignore", "gradus.toml"}


def test_one_that_says_what_is_gone_lies_over_the_reference(wrong: Wrong) -> None:
    files = wrong({"README.md": "?", "gone.txt": "# nothing\n"})
    assert files["README.md"] == b"?"
    assert files["app/main.py"] == b"serve()"
    assert "gone.txt" not in files


def test_what_is_gone_is_not_judged(wrong: Wrong) -> None:
    assert "app/main.py" not in wrong({"README.md": "?", "gone.txt": "app/main.py\n"})


def test_what_was_never_there_cannot_be_gone(wrong: Wrong) -> None:
    with pytest.raises(UsageError, match=r"gone\.txt names app/man\.py"):
        wrong({"gone.txt": "app/man.py\n"})
