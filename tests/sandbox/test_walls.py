"""What a child may read never holds Gradus's own labs."""

import sys
from pathlib import Path

import pytest

from gradus.core.lab import Limits, Profile
from gradus.sandbox import Returned, Runtime, WarmParent
from gradus.sandbox.inside import landlock
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


@pytest.mark.skipif(
    sys.platform != "linux" or not landlock.abi(), reason="this system has no Landlock"
)
def test_what_a_runtime_hides_is_not_read(tmp_path: Path) -> None:
    """Such as a checkout below a place that every program may read."""
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "open.txt").write_text("open")
    (tmp_path / "library" / "labs").mkdir()
    (tmp_path / "library" / "labs" / "check.py").write_text("hidden")
    place, labs = tmp_path / "library", tmp_path / "library" / "labs"
    source = (
        "def read(path):\n    try:\n        return open(path).read()\n"
        "    except PermissionError:\n        return None\n"
    )
    runtime = Runtime(Path(sys.executable), (), "own", (place,), (labs,))
    with WarmParent(runtime) as warm, warm.child(None, Limits(), Profile.COMPUTE) as child:
        module = child.request("run_source", source=source, name="driver", timeout=9)
        assert isinstance(module, Returned)
        read = child.request("get", ref=module.ref, name="read", timeout=9)
        assert isinstance(read, Returned)
        for path, content in ((place / "open.txt", "open"), (labs / "check.py", None)):
            reply = child.request("call", ref=read.ref, args=[str(path)], timeout=9)
            assert isinstance(reply, Returned)
            assert reply.value == content
