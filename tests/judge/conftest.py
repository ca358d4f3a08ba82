"""A small lab of its own and warm parents of the running interpreter."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from gradus.catalogue import load_lab
from gradus.core.lab import Entry, EntryKind, Lab
from gradus.core.submission import Submission
from gradus.core.verdict import Judgement
from gradus.judge import Pool, far_child, judge, read_submission
from gradus.judge.running import Runner
from gradus.sandbox import Runtime

LABS = Path(__file__).parents[1] / "labs"


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """Warm parents of the interpreter that runs the tests: it has NumPy and msgpack."""

    def find(environment: str, imports: tuple[str, ...]) -> Runtime:
        return Runtime(Path(sys.executable), imports, environment)

    with Pool(find) as made:
        yield made


@pytest.fixture(scope="session")
def lab() -> Lab:
    """Softmax, with short limits."""
    return load_lab(LABS / "labs" / "stable-softmax", LABS)


@dataclass
class Clock:
    """A clock that is put forward by hand."""

    seconds: float = 0.0

    def monotonic(self) -> float:
        """Return what it shows."""
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock by which attempts end."""
    made = Clock()
    monkeypatch.setattr(far_child, "time", made)
    return made


@pytest.fixture
def judged(lab: Lab, pool: Pool, tmp_path: Path) -> Callable[..., Judgement]:
    """Judge a text as the learner's file, under other limits where some are given."""

    def judge_text(text: str | bytes, seed: int = 0, **limits: float) -> Judgement:
        path = tmp_path / "softmax.py"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        limited = replace(lab, limits=replace(lab.limits, **limits))
        submission: Submission = read_submission(limited, path)
        return judge(limited, submission, seed=seed, pool=pool)

    return judge_text


@pytest.fixture
def runner_of(lab: Lab, pool: Pool) -> Iterator[Callable[..., Runner]]:
    """Make a runner of one text, for a module unless another kind is given."""
    made: list[Runner] = []

    def make(
        text: str,
        path: str = "work.py",
        kind: EntryKind = EntryKind.MODULE,
        names: tuple[str, ...] = (),
        of: Lab = lab,
        sizes: dict[str, int] | None = None,
    ) -> Runner:
        entry = Entry(kind, path if path.endswith((".py", ".toml")) else ".", names)
        submission = Submission({path: text.encode()})
        made.append(Runner(replace(of, entry=entry), submission, pool, sizes or {}))
        return made[-1]

    yield make
    for each in made:
        each.close()
