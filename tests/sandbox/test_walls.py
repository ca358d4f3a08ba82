"""What a child may read never holds Gradus's own labs."""

from pathlib import Path

from gradus.sandbox.inside.walls import around


def test_a_place_without_anything_hidden_is_one_piece(tmp_path: Path) -> None:
    assert around(str(tmp_path), ["/nowhere"]) == [str(tmp_path)]


def test_a_hidden_folder_is_left_out_and_its_neighbours_stay(tmp_path: Path) -> None:
    for name in ("lib/numpy", "lib/gradus/labs", "bin"):
        (tmp_path / name).mkdir(parents=True)
    pieces = around(str(tmp_path), [str(tmp_path / "lib" / "gradus")])
    assert pieces == [str(tmp_path / "bin"), str(tmp_path / "lib" / "numpy")]


def test_a_place_within_a_hidden_folder_is_not_read_by_accident(tmp_path: Path) -> None:
    assert around(str(tmp_path), [str(tmp_path)]) == []
