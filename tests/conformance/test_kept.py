"""A measurement goes on where it was stopped, and begins anew when it rests on something else."""

import threading
from concurrent.futures import Future

import pytest

from gradus.conformance.kept import Kept, side_by_side


def test_what_was_kept_is_there_again(tmp_path):
    path = tmp_path / "made" / "it.jsonl"
    Kept(path, "one").keep("a", verdict="PASSED")
    again = Kept(path, "one")
    assert again["a"]["verdict"] == "PASSED"
    assert "b" not in again


def test_another_key_begins_anew(tmp_path):
    path = tmp_path / "it.jsonl"
    Kept(path, "one").keep("a")
    assert "a" not in Kept(path, "two")


def test_a_line_that_was_broken_off_is_left_out(tmp_path):
    path = tmp_path / "it.jsonl"
    Kept(path, "one").keep("a")
    with path.open("a") as file:
        file.write('{"name": "b", "verd')
    again = Kept(path, "one")
    assert "a" in again
    assert "b" not in again
    again.keep("c")
    assert "c" in Kept(path, "one")


def test_a_fault_in_one_thing_ends_the_others(monkeypatch):
    done, given_up = [], threading.Event()
    cancel = Future.cancel

    def noted(future):
        if cancel(future):
            given_up.set()

    def work(each):
        if each == 1:
            raise ValueError("one")
        if each == 2:  # it may have begun; the one after it may not
            given_up.wait(60)
        done.append(each)

    monkeypatch.setattr(Future, "cancel", noted)
    with pytest.raises(ValueError, match="one"):
        list(side_by_side(work, range(4), 1))
    assert 3 not in done
