"""What `.gitignore` names is no part of a project, as Git understands it."""

from pathlib import Path, PurePosixPath

import pytest

from gradus.core.errors import UsageError
from gradus.judge.ignored import MOST_BYTES, MOST_STARS, ignored
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
        app_dot_py="",
        data__a_dot_log="",
        venv__x="",
        node_modules__x="",
        _dot_git__HEAD="",
        _dot_pytest_cache__x="",
        data___dot_ruff_cache__x="",
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
        data__c_dot_log="",
        data__far__below__d_dot_log="",
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


def test_a_gitignore_as_large_and_as_starry_as_may_be_is_read(lay):
    stars = "*a" * MOST_STARS + "\n"
    folder = lay(_dot_gitignore=stars + "x" * (MOST_BYTES - len(stars)), bababababababa="", b="")
    assert kept(folder) == [".gitignore", "b"]
    lay(_dot_gitignore="x" * (MOST_BYTES + 1))
    with pytest.raises(UsageError) as caught:
        kept(folder)
    assert str(caught.value) == f"{folder / '.gitignore'} is larger than 64 KiB."


def test_all_gitignores_of_a_project_are_together_as_large_as_one_may_be(lay):
    half = "x" * (MOST_BYTES // 2)
    folder = lay(_dot_gitignore=half, a___dot_gitignore=half, a__b="")
    assert kept(folder) == [".gitignore", "a/.gitignore", "a/b"]
    lay(a___dot_gitignore=half + "x")
    with pytest.raises(UsageError, match="together larger than 64 KiB"):
        kept(folder)


def test_a_gitignore_that_is_a_link_is_not_followed_as_git_does_not(lay, tmp_path):
    folder = lay(project__a_dot_log="", rules="*.log\n") / "project"
    (folder / ".gitignore").symlink_to(tmp_path / "rules")
    assert kept(folder) == ["a.log"]


def test_a_gitignore_in_another_encoding_still_leaves_out(lay):
    folder = lay(a_dot_log="", b="")
    (folder / ".gitignore").write_bytes(b"caf\xe9\n*.log\n")
    assert kept(folder) == [".gitignore", "b"]


@pytest.mark.parametrize(
    ("line", "says"), [("!", "Invalid git pattern: '!'."), ("[z-a]", "bad character range z-a.")]
)
def test_a_line_that_no_name_can_match_is_refused_with_a_sentence(lay, line, says):
    folder = lay(_dot_gitignore=f"*.log\n{line}\n", a_dot_log="")
    with pytest.raises(UsageError) as caught:
        kept(folder)
    assert str(caught.value) == f"{folder / '.gitignore'} cannot be read: {says}"


def test_of_several_gitignores_the_one_that_is_refused_is_named(lay):
    folder = lay(_dot_gitignore="*.log\n", a___dot_gitignore="!\n", a__b="")
    with pytest.raises(UsageError) as caught:
        kept(folder)
    assert str(caught.value).startswith(f"{folder / 'a' / '.gitignore'} cannot be read: ")


def test_a_gitignore_that_may_not_be_read_is_refused_with_a_sentence(lay, monkeypatch):
    folder = lay(_dot_gitignore="*.log\n")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UsageError, match=r"\.gitignore cannot be read: Permission denied\.$"):
        ignored(folder)(PurePosixPath("a.log"), False)
