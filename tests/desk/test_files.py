"""Files of the learner, as pages read them."""

from pathlib import Path

from gradus.desk.files import MOST_FILES, files_below


def test_the_file_to_hand_in_comes_first_and_hidden_ones_are_left_out(tmp_path: Path) -> None:
    for name in ("z.py", "a.py", ".git/config", "__pycache__/a.pyc", "case.toml", "sub/b.sql"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x\n")
    assert [file.path for file in files_below(tmp_path, "z.py")] == ["z.py", "a.py", "sub/b.sql"]


def test_a_folder_of_very_many_files_is_cut(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 5):
        (tmp_path / f"{number:03}.txt").write_text("x")
    assert len(files_below(tmp_path)) == MOST_FILES


def test_a_folder_that_is_gone_has_no_files(tmp_path: Path) -> None:
    assert files_below(tmp_path / "gone") == ()


def test_text_has_one_kind_of_line_end(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"a\r\nb\r\n")
    assert files_below(tmp_path)[0].text == "a\nb\n"
