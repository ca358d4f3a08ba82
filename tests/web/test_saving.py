"""A file in the page and on disk alike: neither side is ever overwritten silently."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from gradus.desk.desk import Desk
from gradus.desk.learning import open_lab
from gradus.web.live import Live


@pytest.fixture
def own(desk: Desk) -> Path:
    """The learner's file of the first lab."""
    open_lab(desk, "M01")
    return desk.here().folder(desk.catalogue.lab("M01")) / "matmul.py"


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which labs were asked to be checked; nothing is judged here."""
    labs: list[str] = []
    monkeypatch.setattr(Live, "saved", lambda self, lab: labs.append(lab.id))
    return labs


def digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_saving_writes_the_file_and_asks_for_a_check(
    person: Any, own: Path, asked: list[str]
) -> None:
    base = digest(own.read_bytes())
    answer = person.script("/labs/M01/save", path="matmul.py", text="x = 'é'\n", base=base)
    assert answer.status_code == 200
    assert own.read_bytes() == "x = 'é'\n".encode()
    assert answer.json() == {"digest": digest(own.read_bytes())}
    assert asked == ["matmul"]


def test_a_file_that_changed_on_disk_is_left_and_given_back(
    person: Any, own: Path, asked: list[str]
) -> None:
    base = digest(own.read_bytes())
    own.write_text("theirs = 1\n")
    answer = person.script("/labs/M01/save", path="matmul.py", text="mine = 1\n", base=base)
    assert answer.status_code == 409
    assert own.read_text() == "theirs = 1\n"
    assert answer.json()["text"] == "theirs = 1\n"
    assert "Nothing was overwritten" in answer.json()["message"]
    assert asked == []


def test_the_same_text_on_both_sides_is_no_conflict(person: Any, own: Path) -> None:
    own.write_text("same = 1\n")
    answer = person.script("/labs/M01/save", path="matmul.py", text="same = 1\n", base="sha256:old")
    assert answer.status_code == 200


def test_line_ends_stay_as_they_were(person: Any, own: Path) -> None:
    own.write_bytes(b"a = 1\r\nb = 2\r\n")
    base = digest(own.read_bytes())
    person.script("/labs/M01/save", path="matmul.py", text="a = 1\nb = 3\n", base=base)
    assert own.read_bytes() == b"a = 1\r\nb = 3\r\n"


@pytest.mark.parametrize(
    "path", ["../matmul.py", "/etc/passwd", "new.py", "", "../../gradus.toml", ".hidden"]
)
def test_only_the_learners_own_files_are_written(person: Any, own: Path, path: str) -> None:
    answer = person.script("/labs/M01/save", path=path, text="x", base="")
    assert answer.status_code == 400
    assert "There is no file" in answer.json()["message"]


def test_a_file_that_is_gone_is_written_again(person: Any, own: Path) -> None:
    own.unlink()
    answer = person.script("/labs/M01/save", path="matmul.py", text="again = 1\n", base="")
    assert answer.status_code == 200
    assert own.read_text() == "again = 1\n"


def test_a_link_out_of_the_folder_is_not_followed(person: Any, own: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text("untouched\n")
    (own.parent / "link.py").symlink_to(outside)
    base = digest(outside.read_bytes())
    answer = person.script("/labs/M01/save", path="link.py", text="x", base=base)
    assert answer.status_code == 400
    assert outside.read_text() == "untouched\n"


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"\xff\xfe\x00", "not plain UTF-8 text"),
        (b"a\0b", "not plain UTF-8 text"),
        (b"old mac\rends\r", "not plain UTF-8 text"),
        (b"x" * (512 * 1024 + 1), "larger than 512 KiB"),
    ],
)
def test_what_the_page_cannot_edit_faithfully_it_does_not_edit(
    client: TestClient, person: Any, own: Path, content: bytes, because: str
) -> None:
    own.write_bytes(content)
    assert because in client.get("/labs/M01").text
    answer = person.script("/labs/M01/save", path="matmul.py", text="x", base=digest(content))
    assert answer.status_code == 400
    assert own.read_bytes() == content


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_told(person: Any, own: Path) -> None:
    own.parent.chmod(0o500)
    try:
        base = digest(own.read_bytes())
        answer = person.script("/labs/M01/save", path="matmul.py", text="x", base=base)
    finally:
        own.parent.chmod(0o700)
    assert answer.status_code == 400
    assert "cannot be written" in answer.json()["message"]


def test_without_scripts_a_form_saves_too(
    person: Any, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(self: Live, lab: object) -> None:
        return None

    monkeypatch.setattr(Live, "saved_now", at_once)
    base = digest(own.read_bytes())
    answer = person.act("/labs/M01/save", path="matmul.py", text="a = 1\r\nb = 2\r\n", base=base)
    assert answer.headers["location"] == "/labs/M01#verdict"
    assert own.read_bytes() == b"a = 1\nb = 2\n"
