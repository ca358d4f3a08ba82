"""What `.gitignore` names is no part of a project, as Git understands it."""

from pathlib import PurePosixPath

import pytest

from gradus.core.errors import UsageError
from gradus.judge.ignored import ignored
from gradus.judge.submissions import read_folder


@pytest.fixture
def lay(tmp_path):
    def write(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


def kept(folder):
    return sorted(read_folder(folder, ignored(folder)))


def test_without_a_gitignore_only_environments_and_caches_are_left_out(lay):
    folder = lay(
        app_dot_py="", data__a_dot_log="", venv__x="", node_modules__x="", _dot_git__HEAD=""
    )
    assert kept(folder) == ["app.py", "data/a.log"]


def test_what_a_gitignore_names_is_left_out_below_its_folder(lay):
    folder = lay(
        _dot_gitignore="*.log\n/state/\n!keep.log\n",
        a_dot_log="",
        keep_dot_log="",
        state__model="",
        data__state__x="",
        data__b_dot_log="",
        data___dot_gitignore="!b.log\nsecret\n",
        data__secret="",
        secret="",
    )
    assert kept(folder) == [
        ".gitignore",
        "data/.gitignore",
        "data/b.log",
        "data/state/x",
        "keep.log",
        "secret",
    ]


def test_a_folder_that_is_ignored_is_not_looked_into(lay):
    folder = lay(_dot_gitignore="runs/\n", runs__1__model="", runs___dot_gitignore="!1\n")
    leaves_out = ignored(folder)
    assert leaves_out(PurePosixPath("runs"), True)
    assert not leaves_out(PurePosixPath("runs"), False)
    assert kept(folder) == [".gitignore"]


@pytest.mark.parametrize(
    ("text", "says"),
    [("a\n*a*a*a*a*a*a*a\n", ".gitignore:2 has more than 6 stars"), ("x" * 70_000, "64 KiB")],
)
def test_a_gitignore_that_would_take_long_is_refused(lay, text, says):
    folder = lay(_dot_gitignore=text, app_dot_py="")
    with pytest.raises(UsageError, match=says.replace(".", r"\.")):
        kept(folder)
