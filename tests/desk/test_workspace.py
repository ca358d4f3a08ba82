"""A learner's folder is theirs: found, made and filled, and never overwritten."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradus.catalogue import load_lab
from gradus.core.errors import UsageError
from gradus.desk.workspace import (
    Workspace,
    case_seed_of,
    create_workspace,
    find_workspace,
    lab_at,
    lay_starter,
    read_profile,
    replace_file,
    save_profile,
)
from gradus.judge import Pool

NO_POOL = Pool(lambda environment, imports: None)
CONTENT = Path(__file__).parents[1] / "cli" / "content"


@pytest.fixture
def workspace(tmp_path, monkeypatch) -> Workspace:
    monkeypatch.setenv("GRADUS_WORKSPACE", str(tmp_path / "home"))
    return create_workspace(tmp_path / "gradus")


@pytest.fixture
def lab():
    return load_lab(CONTENT / "labs" / "stable-softmax", CONTENT)


def test_the_workspace_around_a_folder_is_found(workspace):
    assert find_workspace(workspace.labs) == workspace


def test_without_one_around_the_one_at_home_is_found(workspace, tmp_path):
    assert find_workspace(tmp_path) is None
    at_home = create_workspace(tmp_path / "home")
    assert find_workspace(tmp_path) == at_home


def test_making_a_workspace_again_changes_nothing(workspace):
    (workspace.root / "gradus.toml").write_text("format = 1\n# mine\n")
    create_workspace(workspace.root)
    assert "# mine" in (workspace.root / "gradus.toml").read_text()


def test_the_record_is_not_committed_with_the_workspace(workspace):
    assert ".gradus/" in (workspace.root / ".gitignore").read_text()


def test_a_file_of_the_learners_is_kept(workspace, lab):
    first = lay_starter(workspace, lab, NO_POOL)
    assert first.written == ("softmax.py",)
    mine = workspace.folder(lab) / "softmax.py"
    mine.write_text("mine")
    second = lay_starter(workspace, lab, NO_POOL)
    assert (second.written, second.kept) == ((), ("softmax.py",))
    assert mine.read_text() == "mine"


def test_a_link_that_leads_nowhere_is_not_written_through(workspace, lab):
    folder = workspace.folder(lab)
    folder.mkdir(parents=True)
    (folder / "softmax.py").symlink_to(folder / "elsewhere.py")
    assert lay_starter(workspace, lab, NO_POOL).kept == ("softmax.py",)
    assert not (folder / "elsewhere.py").exists()


def test_a_generated_case_stays_the_learners_own(workspace, lab, monkeypatch):
    asked = []

    def starter_files(lab, seed, pool):
        asked.append(seed)
        return {"softmax.py": b"", "case.toml": f"seed = {seed}\n".encode()}

    monkeypatch.setattr("gradus.desk.workspace.starter_files", starter_files)
    lay_starter(workspace, lab, NO_POOL)
    (workspace.folder(lab) / "softmax.py").unlink()
    lay_starter(workspace, lab, NO_POOL)
    assert asked[0] == asked[1] == case_seed_of(workspace.folder(lab)) > 0


@pytest.mark.parametrize("text", ["", "seed = 'x'", "not toml [", "other = 1"])
def test_a_broken_case_file_means_no_case(tmp_path, text):
    (tmp_path / "case.toml").write_text(text)
    assert case_seed_of(tmp_path) == 0


def test_a_place_that_cannot_be_written_says_what_to_do(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"cannot be written: Not a directory\. Choose a place"):
        create_workspace(tmp_path / "file" / "gradus")


def test_a_place_inside_a_labs_folder_names_that_lab(workspace, tmp_path):
    deep = workspace.labs / "matmul" / "deep"
    deep.mkdir(parents=True)
    assert lab_at(workspace, deep) == "matmul"
    assert lab_at(workspace, workspace.labs) is None
    assert lab_at(workspace, tmp_path) is None


@given(answers=st.dictionaries(st.text(min_size=1, max_size=12), st.text(max_size=40), max_size=4))
@settings(max_examples=40, deadline=None)
def test_what_a_learner_says_of_themselves_comes_back(tmp_path_factory, answers):
    workspace = create_workspace(tmp_path_factory.mktemp("profile"))
    save_profile(workspace, answers)
    assert read_profile(workspace) == answers


def test_saving_the_profile_keeps_the_rest_of_the_file(workspace):
    path = workspace.root / "gradus.toml"
    path.write_text('# mine\nformat = 1\n\n[profile]\nwhy = "old"\n\n[other]\na = 1\n')
    save_profile(workspace, {"why": "new", "hours": "5"})
    text = path.read_text()
    assert text.startswith("# mine\nformat = 1\n")
    assert "[other]\na = 1" in text
    assert read_profile(workspace) == {"why": "new", "hours": "5"}


def test_a_profile_that_is_not_toml_is_named_with_its_fault(workspace):
    (workspace.root / "gradus.toml").write_text("format = \n")
    with pytest.raises(
        UsageError, match=r"gradus\.toml:1: This is not valid TOML: Invalid value\."
    ):
        read_profile(workspace)


def test_replacing_a_file_leaves_no_other_behind(tmp_path):
    path = tmp_path / "work.py"
    path.write_text("old")
    path.chmod(0o600)
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["work.py"]
