"""What happens while a page is open: checks that run in threads, and news of them and of the disk.

One check at a time; saves during a check ask for one more, however many they are. It decides no
verdict and reads no lab: the desk does.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from anyio import to_thread

from gradus.core.errors import GradusError, PrerequisiteError
from gradus.core.lab import Lab
from gradus.core.verdict import Judgement, Verdict
from gradus.desk.changes import has_changed
from gradus.desk.desk import Desk
from gradus.desk.files import learner_files
from gradus.desk.judging import check_lab, get_ready
from gradus.desk.lab_page import current_digest
from gradus.web.trouble import Trouble
from gradus.web.verdict import VerdictNow, render_verdict, verdict_now

logger = logging.getLogger("gradus.web")
HEARTBEAT_SECONDS = 15.0
READY_AFTER_SECONDS = 0.1
News = tuple[str, dict[str, Any]]
T = TypeVar("T")


@dataclass
class _Lab:
    """What is going on with one lab."""

    running: bool = False
    asked_again: bool = False
    look_again: bool = False
    laying: int = 0
    digest: str | None = None
    trouble: Trouble | None = None
    unkept: Judgement | None = None
    listeners: set[asyncio.Queue[News | None]] = field(default_factory=set)


class Live:
    """Checks and news of every lab."""

    def __init__(self, desk: Desk, judge: Callable[[Desk, str], Judgement] = check_lab) -> None:
        self._desk = desk
        self._judge = judge
        self._labs: dict[str, _Lab] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._one_thread: ThreadPoolExecutor | None = None
        self._closed = False

    def begin(self) -> None:
        """Take hold of the running loop; called when the application starts."""
        self._loop = asyncio.get_running_loop()
        self._one_thread = ThreadPoolExecutor(1, "judge")

    def end(self) -> None:
        """Let every open stream end, so that the server can; may be called from a signal."""
        self._closed = True
        for state in self._labs.values():
            for listener in state.listeners:
                listener.put_nowait(None)

    def now(self, lab: Lab) -> VerdictNow:
        """Return what the verdict's place shows; reads the record, so call it in a thread."""
        state = self._state(lab.id)
        return verdict_now(self._desk, lab, state.running, state.trouble, state.unkept)

    def changed_on_disk(self, lab: str) -> None:
        """Take notice of a save by any program; called from the watching thread."""
        if lab in self._desk.catalogue.labs:
            self._desk.time().saved(lab)
        if self._loop is not None and not self._closed and lab in self._desk.catalogue.labs:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._follow_disk, self._desk.catalogue.labs[lab])

    def ask(self, lab: Lab) -> None:
        """Ask for a check of what lies in the folder when it begins."""
        state = self._state(lab.id)
        if state.running:
            state.asked_again = True
            return
        state.running = True
        self._start(self._check(lab, state))

    @contextlib.asynccontextmanager
    async def laying(self, lab: Lab) -> AsyncIterator[None]:
        """Take no notice of the disk while a starter is laid: nobody has written anything yet."""
        state = self._state(lab.id)
        state.laying += 1
        try:
            yield
        finally:
            state.digest = await to_thread.run_sync(current_digest, self._desk, lab)
            state.laying -= 1

    async def check_now(self, lab: Lab) -> None:
        """Check and wait for the verdict: what a page without scripts does."""
        self.ask(lab)
        await self._over(lab)

    def saved(self, lab: Lab) -> None:
        """Take notice of a save in the page; the watching thread sees the same save."""
        self._start(self._look(lab, by_page=True))

    async def saved_now(self, lab: Lab) -> None:
        """Take notice of a save and wait for its verdict."""
        await self._look(lab, by_page=True)
        await self._over(lab)

    async def stream(self, lab: Lab) -> AsyncIterator[str]:
        """Yield server-sent events: first what is current, then every change."""
        listener: asyncio.Queue[News | None] = asyncio.Queue()
        state = self._state(lab.id)
        self._start(self._get_ready(lab))
        state.listeners.add(listener)
        try:
            yield "retry: 1000\n\n"
            yield _event(await self._files(lab))
            yield _event(await self._verdict(lab))
            while not self._closed:
                try:
                    news = await asyncio.wait_for(listener.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if news is None:
                    return
                yield _event(news)
        finally:
            state.listeners.discard(listener)

    def _state(self, lab: str) -> _Lab:
        return self._labs.setdefault(lab, _Lab())

    def _start(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _follow_disk(self, lab: Lab) -> None:
        self._start(self._news_of_disk(lab))

    async def _news_of_disk(self, lab: Lab) -> None:
        """Tell open pages of the files, and check what is new."""
        self._tell(self._state(lab.id), await self._files(lab))
        await self._look(lab, by_page=False)

    async def _look(self, lab: Lab, *, by_page: bool) -> None:
        """Check what lies in the folder, unless just that is being or was checked.

        One save is seen twice, by the page and by the watching thread, in any order. A starter
        that nobody has touched is checked only where it was saved in the page.
        """
        state = self._state(lab.id)
        if not state.running and not state.laying:
            digest = await to_thread.run_sync(current_digest, self._desk, lab)
            if digest and digest == state.digest:
                return
            if not by_page and not await to_thread.run_sync(has_changed, self._desk, lab):
                return
        if state.running:
            state.look_again = True
        elif not state.laying:
            self.ask(lab)

    async def _over(self, lab: Lab) -> None:
        while self._state(lab.id).running:
            await asyncio.sleep(0.02)

    async def _check(self, lab: Lab, state: _Lab) -> None:
        try:
            while True:
                state.asked_again = state.look_again = False
                await asyncio.gather(self._judge_once(lab, state), self._tell_verdict(lab, state))
                if not (state.asked_again or (state.look_again and await self._is_new(lab))):
                    return
        finally:
            state.running = False
            await self._tell_verdict(lab, state)
            self._start(self._get_ready(lab))

    async def _get_ready(self, lab: Lab) -> None:
        """Prepare the next check, once the page has what it waits for."""
        await asyncio.sleep(READY_AFTER_SECONDS)
        await self._in_turn(get_ready, lab)

    def _in_turn(self, act: Callable[..., T], lab: Lab | str) -> Awaitable[T]:
        """Judge, or prepare it: one at a time, and in one thread, so that a check goes on there."""
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._one_thread, act, self._desk, lab)

    async def _is_new(self, lab: Lab) -> bool:
        """Say whether the folder holds something else than what was checked last."""
        digest = await to_thread.run_sync(current_digest, self._desk, lab)
        return not digest or digest != self._state(lab.id).digest

    async def _judge_once(self, lab: Lab, state: _Lab) -> None:
        state.digest = await to_thread.run_sync(current_digest, self._desk, lab)
        try:
            judgement = await self._in_turn(self._judge, lab.id)
        except PrerequisiteError as error:
            state.trouble = Trouble(error.message, error.command)
        except GradusError as error:
            state.trouble = Trouble(str(error))
        except Exception:
            logger.exception("a check of %s failed", lab.id)
            state.trouble = Trouble(
                "Gradus failed, not your code. Your files are kept as they are; the terminal in "
                "which Gradus runs says more."
            )
        else:
            state.trouble = None
            state.unkept = judgement if judgement.verdict is Verdict.UNJUDGED else None

    async def _files(self, lab: Lab) -> News:
        files = await to_thread.run_sync(learner_files, self._desk, lab)
        told = [{"path": each.path, "digest": each.digest, "text": each.text} for each in files]
        return "files", {"files": told}

    async def _verdict(self, lab: Lab) -> News:
        now = await to_thread.run_sync(self.now, lab)
        return "verdict", {"html": render_verdict(now)}

    async def _tell_verdict(self, lab: Lab, state: _Lab) -> None:
        self._tell(state, await self._verdict(lab))

    def _tell(self, state: _Lab, news: News) -> None:
        for listener in state.listeners:
            listener.put_nowait(news)


def _event(news: News) -> str:
    name, facts = news
    return f"event: {name}\ndata: {json.dumps(facts)}\n\n"
