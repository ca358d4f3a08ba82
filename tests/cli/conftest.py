"""The command in this process, on a small content of its own, with golden texts."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from gradus.cli.main import run

HERE = Path(__file__).parent
CONTENT = HERE / "content"
GOLDEN = HERE / "golden"


@dataclass(frozen=True)
class Ran:
    """How one command ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's home, with nothing in it, and the small content."""
    for place in ("catalogue.whole", "desk.content"):
        monkeypatch.setattr(f"gradus.{place}.content_root", lambda: CONTENT)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GRADUS_WORKSPACE", str(tmp_path / "gradus"))
    monkeypatch.setenv("GRADUS_ENVIRONMENTS", str(tmp_path / "environments"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def installed(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which `base` is installed: the interpreter that runs the tests."""
    monkeypatch.setattr(
        "gradus.desk.environments.find",
        lambda spec: Path(sys.executable) if spec.name == "base" else None,
    )
    return home


@pytest.fixture
def gradus(home: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run one command and return its status and what it said."""

    def run_words(*words: str) -> Ran:
        capfd.readouterr()
        status = run([str(word) for word in words])
        said = capfd.readouterr()
        return Ran(status, said.out, said.err)

    return run_words


@pytest.fixture
def golden(home: Path, update_golden: bool) -> Callable[[str, Ran], None]:
    """Compare what a command said, places replaced by names, with a reviewed text."""

    def compare(name: str, ran: Ran) -> None:
        text = f"exit {ran.status}\n── standard output\n{ran.out}── standard error\n{ran.err}"
        text = _with_names(text, home)
        path = GOLDEN / f"{name}.txt"
        if update_golden:
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare


def _with_names(text: str, home: Path) -> str:
    for place, name in ((CONTENT, "<content>"), (home, "<home>"), (sys.prefix, "<prefix>")):
        text = text.replace(str(place), name)
    text = re.sub(
        r"^(Judging|Choosing from) \S+ …\n", "", text, flags=re.MULTILINE
    )  # only on a slow machine
    text = re.sub(r"sha256:[0-9a-f]{64}", "sha256:…", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "<moment>", text)
    return re.sub(r"\(\d+\.\d s\)", "(… s)", text)
