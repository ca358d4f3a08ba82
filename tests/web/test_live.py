"""Checks beside the pages: one at a time, the latest wins, and nothing blocks."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from gradus.core.errors import PrerequisiteError
from gradus.core.verdict import Judgement, Verdict
from gradus.desk.desk import Desk
from gradus.desk.learning import open_lab
from gradus.desk.record import attempts, record_attempt
from gradus.judge import read_submission
from gradus.judge.examples import Example
from gradus.judge.rehearsal import Rehearsal
from gradus.judge.started import Started
from gradus.web.live import Live


class SlowJudge:
    """A judge that says FAILED when it is allowed to."""

    def __init__(self) -> None:
        self.go = threading.Semaphore(0)
        self.began = threading.Semaphore(0)
        self.seen: list[str] = []

    def __call__(self, desk: Desk, name: str) -> Judgement:
        """Wait, then judge what had been there when it began."""
        lab = desk.catalogue.lab(name)
        handed_in = read_submission(lab, desk.here().folder(lab))
        self.seen.append(handed_in.files["matmul.py"].decode())
        self.began.release()
        assert self.go.acquire(timeout=10)
        said = Judgement(lab.id, lab.version, handed_in.digest, Verdict.FAILED, 1, 0.01, ())
        record_attempt(desk.ledger(), said, handed_in)
        return said


@pytest.fixture
def judge() -> SlowJudge:
    """A judge that waits for its word."""
    return SlowJudge()


def run(work: Callable[[], Awaitable[None]]) -> None:
    """Run a coroutine to its end."""
    asyncio.run(asyncio.wait_for(work(), 20))  # type: ignore[arg-type]


def write(desk: Desk, text: str) -> None:
    """Put a text into the learner's file."""
    (desk.here().folder(desk.catalogue.lab("M01")) / "matmul.py").write_text(text)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that happens in another thread."""
    while not condition():
        await asyncio.sleep(0.01)


def test_saves_during_a_check_ask_for_one_more_of_the_latest(desk: Desk, judge: SlowJudge) -> None:
    open_lab(desk, "M01")
    lab = desk.catalogue.lab("M01")
    live = Live(desk, judge)

    async def work() -> None:
        live.begin()
        write(desk, "first")
        live.ask(lab)
        await until(lambda: judge.began.acquire(blocking=False))
        for text in ("second", "third", "fourth"):
            write(desk, text)
            live.saved(lab)
            live.changed_on_disk(lab.id)
            await asyncio.sleep(0.05)
        judge.go.release(2)
        await until(lambda: not live._state(lab.id).running)

    run(work)
    assert judge.seen == ["first", "fourth"]


def test_the_loop_answers_while_a_check_runs(desk: Desk, judge: SlowJudge) -> None:
    open_lab(desk, "M01")
    live = Live(desk, judge)

    async def work() -> None:
        live.begin()
        live.ask(desk.catalogue.lab("M01"))
        await until(lambda: judge.began.acquire(blocking=False))
        begun = asyncio.get_running_loop().time()
        await asyncio.sleep(0.01)
        assert asyncio.get_running_loop().time() - begun < 1.0
        judge.go.release()
        await until(lambda: not live._state("matmul").running)

    run(work)


def test_the_watcher_does_not_check_what_the_page_has_just_had_checked(
    desk: Desk, judge: SlowJudge
) -> None:
    open_lab(desk, "M01")
    lab = desk.catalogue.lab("M01")
    live = Live(desk, judge)

    async def work() -> None:
        live.begin()
        judge.go.release(5)
        for text in ("saved in the page", "saved in it again"):
            write(desk, text)
            for notice in (live.changed_on_disk, lambda _: live.saved(lab), live.changed_on_disk):
                notice(lab.id)
            await until(lambda text=text: judge.seen[-1:] == [text])
            await until(lambda: not live._state(lab.id).running)
            live.changed_on_disk(lab.id)
            await asyncio.sleep(0.2)
        assert len(judge.seen) == 2
        write(desk, "saved by another program")
        live.changed_on_disk(lab.id)
        await until(lambda: len(judge.seen) == 3)
        await until(lambda: not live._state(lab.id).running)

    run(work)
    assert len(list(attempts(desk.ledger()))) == 3


def test_a_starter_that_is_laid_is_not_judged(desk: Desk, judge: SlowJudge) -> None:
    lab = desk.catalogue.lab("M01")
    live = Live(desk, judge)

    async def work() -> None:
        live.begin()
        async with live.laying(lab):
            open_lab(desk, "M01")
            live.changed_on_disk(lab.id)
            await asyncio.sleep(0.1)
        live.changed_on_disk(lab.id)
        await asyncio.sleep(0.2)

    run(work)
    assert judge.seen == []


def test_a_stream_begins_with_what_is_current_and_ends_when_the_server_does(
    desk: Desk, judge: SlowJudge
) -> None:
    open_lab(desk, "M01")
    lab = desk.catalogue.lab("M01")
    live = Live(desk, judge)

    async def work() -> None:
        live.begin()
        stream = live.stream(lab)
        first = [await anext(stream) for _ in range(3)]
        assert first[0] == "retry: 1000\n\n"
        files = json.loads(first[1].partition("data: ")[2])["files"]
        assert [each["path"] for each in files] == ["matmul.py"]
        assert "Nothing judged yet" in first[2]
        write(desk, "changed = True\n")
        live.changed_on_disk(lab.id)
        changed = await anext(stream)
        assert "changed = True" in changed
        judge.go.release()
        said = [await anext(stream), await anext(stream)]
        assert "Checking" in said[0]
        assert "v-failed" in said[1]
        live.end()
        with pytest.raises(StopAsyncIteration):
            await anext(stream)

    run(work)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (PrerequisiteError("It is not installed.", "gradus install base"), "gradus install base"),
        (RuntimeError("boom"), "Gradus failed, not your code"),
    ],
)
def test_a_check_without_a_verdict_says_why(desk: Desk, fault: Exception, words: str) -> None:
    open_lab(desk, "M01")
    lab = desk.catalogue.lab("M01")

    def broken(*_: Any) -> Judgement:
        raise fault

    live = Live(desk, broken)

    async def work() -> None:
        live.begin()
        await live.check_now(lab)
        news = await live._verdict(lab)
        assert words in news[1]["html"]

    run(work)


def test_unjudged_is_shown_and_not_kept(desk: Desk) -> None:
    open_lab(desk, "M01")
    lab = desk.catalogue.lab("M01")

    def unjudged(*_: Any) -> Judgement:
        return Judgement(
            lab.id, lab.version, "sha256:0", Verdict.UNJUDGED, 1, 0.1, (), reason="The child died."
        )

    live = Live(desk, unjudged)

    async def work() -> None:
        live.begin()
        await live.check_now(lab)
        html = (await live._verdict(lab))[1]["html"]
        assert "Gradus failed, not your code." in html
        assert "The child died." in html

    run(work)
    assert list(attempts(desk.ledger())) == []


def test_the_next_check_is_drawn_once_there_is_a_verdict(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, taken = Rehearsal.take, []

    def noted(self: Rehearsal, example: Example) -> Started | None:
        taken.append(take(self, example))
        return taken[-1]

    monkeypatch.setattr(Rehearsal, "take", noted)
    open_lab(desk, "M01")
    lab = desk.catalogue.lab("M01")
    live = Live(desk)

    async def work() -> None:
        live.begin()
        live.ask(lab)
        await until(lambda: lab.id in desk.drawn)
        drawn.append(desk.drawn[lab.id].seed)
        await live.check_now(lab)

    drawn: list[int] = []
    run(work)
    made = sorted(attempts(desk.ledger(), "matmul"), key=lambda each: each.row.seq)
    assert [each.row.facts["seed"] for each in made][1:] == drawn
    begun = [each for each in taken if each is not None]
    assert len(begun) > taken.count(None), "it goes on in the thread in which it began"
