"""Runs claims on examples against what was handed in."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from gradus.check import Claim, Diagnostic
from gradus.check.far import Unmet
from gradus.check.margins import begin, is_noting
from gradus.core.lab import Lab
from gradus.core.submission import Submission
from gradus.core.verdict import Finding
from gradus.judge.bench import Bench
from gradus.judge.examples import Example, fresh, hidden_rng
from gradus.judge.far_child import ChildFar
from gradus.judge.pool import Pool
from gradus.judge.rehearsal import QUIET, Rehearsal, may_run_beside, run_test
from gradus.judge.started import Ran, Started
from gradus.judge.together import Together
from gradus.judge.trouble import DoesNotLoad, Ours, ProcessEnded, Stopped
from gradus.sandbox.printing import printable

MOST_QUOTED = 4000
"""Characters of one part of a finding."""
SPENT = 0.5
"""Which share of its processor time a process may have used when it is given another example."""
LOOK_SECONDS = 0.1
"""How often it is looked at how much it has used."""


@dataclass(frozen=True, slots=True)
class Attempted:
    """What became of one example."""

    finding: Finding | None
    """What the claim did not allow, if anything."""
    trace: tuple[Any, ...] = ()
    """Every answer in order, where a trace was asked for."""


class Runner:
    """Runs examples on one submission; loads it again after its process ended."""

    def __init__(
        self,
        lab: Lab,
        submission: Submission,
        pool: Pool,
        sizes: Mapping[str, Any],
        rehearsal: Rehearsal | None = None,
    ) -> None:
        self._rehearsal = None if is_noting() else rehearsal
        far = None if self._rehearsal is None else self._rehearsal.far
        self._bench = Bench(lab, submission, pool, far)
        self._sizes = sizes
        self._work: Any = None
        self._next_look = 0.0
        self._in_turn = False
        self._trouble: Stopped | ProcessEnded | None = None

    def start(self) -> None:
        """Begin to load what was handed in, and do not wait."""
        self._bench.start()

    @property
    def meanwhile(self) -> Callable[[], bool] | None:
        """What is done a piece at a time while the child works, until it says `False`."""
        return self._bench.meanwhile

    @meanwhile.setter
    def meanwhile(self, meanwhile: Callable[[], bool] | None) -> None:
        self._bench.meanwhile = meanwhile

    def load(self) -> None:
        """Load what was handed in; raises `DoesNotLoad`, `Stopped` or `Ours`."""
        if self._work is None:
            try:
                self._work = self._bench.work()
            except Unmet as unmet:
                finding = in_plain_words(unmet.finding)
                raise DoesNotLoad(f"{finding.call}: {finding.returned}") from None
            except ProcessEnded as ended:
                raise DoesNotLoad(f"{ended} That was while it was loaded.") from None
            if self._rehearsal is not None:
                self._rehearsal.meet()

    def give_time(self) -> None:
        """Give the next example the whole of the limits: it comes after the verdict.

        The limits are those of an attempt. Shrinking and naming run more examples than one has,
        and on a busy machine would hit them with work that is as quick as any.
        """
        far = self._bench._far
        if far is None:  # it died, and the next would have what was left of the attempt's time
            self._bench.renew()
            return
        far.give_time()
        if far.child.ended is not None or self._has_spent(far):
            self.start_over()

    def _has_spent(self, far: ChildFar) -> bool:
        """Look now and then whether a process has used much of its processor time."""
        now = time.monotonic()
        if now < self._next_look:
            return False
        self._next_look = now + LOOK_SECONDS
        return far.usage()[0] > SPENT * self._bench.lab.limits.seconds

    def may_join(self, claim: Claim) -> bool:
        """Return whether examples of a claim may run side by side.

        Not where one may end or change what others see, or takes long; nor where somebody notes
        what each example observed.
        """
        return (
            not self._in_turn
            and may_run_beside(self._bench.lab.entry.kind, claim)
            and not is_noting()
        )

    def hold(self, tests: Sequence[tuple[Claim, Example]]) -> list[Ran]:
        """Run examples side by side and return what became of each; raises as `load` does.

        It is certain only where all do. Otherwise those that do not have to be run again, one
        after another, and in the end `left_over` asked.
        """
        self.load()
        try:
            with QUIET():
                started = [self._started(claim, each) for claim, each in tests]
                held = Together(self._bench.far()).hold(started)
        except (Stopped, ProcessEnded) as trouble:
            self._trouble = trouble
            self._in_turn = True
            self.start_over()
            return [Ran() for _ in tests]
        self._tidy()
        for each in held:
            each.unmet = in_plain_words(each.unmet) if each.unmet else None
        return held

    def _started(self, claim: Claim, example: Example) -> Started:
        """Return an example that goes on where its rehearsal ended, if it had one."""
        return self._rehearsed(example) or Started(partial(self._test, claim, example))

    def _rehearsed(self, example: Example) -> Started | None:
        if self._rehearsal is None or self._bench._far is not self._rehearsal.far:
            return None
        return self._rehearsal.take(example)

    def start_over(self) -> None:
        """Give up the process; the next one has the whole of the limits."""
        self._bench.renew()
        self._work = None

    def left_over(self, claim: Claim) -> Finding | None:
        """Return what ended examples side by side, where each of them held when it ran alone.

        Raises `Stopped` where it was a limit: they had the whole of the limits once more.
        """
        if isinstance(self._trouble, Stopped):
            raise self._trouble
        return Finding(claim.name, str(self._trouble), "an answer") if self._trouble else None

    def _test(self, claim: Claim, example: Example) -> None:
        run_test(claim, self._work, example, self._given(claim, example))

    def run(self, claim: Claim, example: Example, traced: bool = False) -> Attempted:
        """Run one example; raises `Stopped`, `DoesNotLoad` or `Ours`."""
        begin(claim.sentence)
        trace: list[tuple[Any, ...]] = []
        self._bench.trace = trace if traced else None
        finding, ending = None, ""
        try:
            self.load()
            self._begin()
            with QUIET(), self._waiting():
                self._test_once(claim, example, traced)
        except Unmet as unmet:
            finding = in_plain_words(unmet.finding)
        except ProcessEnded as ended:
            finding = Finding(self._doing() or claim.name, str(ended), "an answer")
            ending = "ended"
        except Stopped as stopped:
            where = f" That was in {self._doing()}." if self._doing() else ""
            raise Stopped(f"{stopped}{where}") from None
        except DoesNotLoad as error:
            if self._work is None:
                raise
            doing = self._doing() or claim.name
            finding = Finding(doing, error.reason, "code that loads", error.frames)
            ending = "does not load"
        except Ours:
            raise
        except Exception as error:
            raise Ours(f"claim {claim.name}: {type(error).__name__}: {error}") from error
        if ending:
            trace.append((ending, None, None))
            self._lose()
        else:
            self._tidy()
        return Attempted(finding, tuple(trace) if traced else ())

    def _test_once(self, claim: Claim, example: Example, traced: bool) -> None:
        rehearsed = None if traced else self._rehearsed(example)
        if rehearsed is None:
            self._test(claim, example)
        else:
            self._bench.far().go_on_alone(rehearsed)

    def diagnose(self, diagnostic: Diagnostic, example: Example) -> bool:
        """Return whether a diagnostic sees its mark; a submission that breaks on it has none."""
        self.give_time()
        try:
            self.load()
            with self._waiting():
                seen = bool(diagnostic.test(self._work, **self._given(diagnostic, example)))
            self._tidy()
            return seen
        except Ours:
            raise
        except Exception:  # also the look's own, at an answer of a form that it does not foresee
            self._lose()
            return False

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        """Wait for the last calls in the end, if nobody looked at what came of them.

        Where the check itself breaks nothing is waited for: that is ours, whatever they do.
        """
        try:
            yield
        except Unmet:
            self._finish()
            raise
        self._finish()

    def _finish(self) -> None:
        for far in self._bench.children():
            far.finish()

    def _begin(self) -> None:
        if self._bench._far is not None:
            self._bench.far().doing = ""
            self._bench.far().asked.clear()

    def asked(self) -> frozenset[str]:
        """Return the names of all attributes that the last example asked for."""
        far = self._bench._far
        return frozenset(far.asked) if far is not None else frozenset()

    @property
    def n_asked(self) -> int:
        """How often the process at work has been asked something, so far."""
        return 0 if self._bench._far is None else self._bench._far.child.sequence

    def texts(self) -> dict[str, bytes]:
        """Return the submission's SQL by the name under which a claim asks for it."""
        files = self._bench.files().items()
        return {name[: -len(".sql")]: text for name, text in files if name.endswith(".sql")}

    def _doing(self) -> str:
        doing = self._bench._far.doing if self._bench._far is not None else ""
        return doing if isinstance(doing, str) else doing()

    def _given(self, claim: Claim | Diagnostic, example: Example) -> dict[str, Any]:
        makers: dict[str, Callable[[], Any]] = {
            "rng": lambda: hidden_rng(example),
            "case": lambda: fresh(self._bench.case),
            "reader": self._bench.reader,
            "another": self._bench.another,
            "place": self._bench.place,
            "sizes": lambda: dict(self._sizes),
            "module": lambda: self._bench.module,
        }
        return {name: makers[name]() for name in claim.given}

    def _lose(self) -> None:
        self._bench.renew(same_attempt=True)
        self._work = None

    def _tidy(self) -> None:
        """Drop the objects of one example; what it changed starts from the submission again."""
        self._bench.forget_others()
        if self._bench.changed:
            self.start_over()
            self._bench._drop_reader()
            return
        if self._bench._far is not None:
            self._bench._far.release()

    def usage(self) -> tuple[float, float]:
        """Return CPU seconds and peak MiB of the submission's processes, before `close`."""
        cpu, peak = self._bench._far.usage() if self._bench._far is not None else (0.0, 0.0)
        return self._bench.cpu_seconds + cpu, max(self._bench.peak_mb, peak)

    def printed(self) -> str:
        """Return the last part of what the submission printed."""
        return self._bench.printed()

    def close(self) -> None:
        """End the processes and remove the folders."""
        if self._rehearsal is not None:
            self._rehearsal.close()
        self._bench.close()


def in_plain_words(finding: Finding) -> Finding:
    """Return a finding without what would steer a terminal, and without words that never end.

    Headers, names of columns and bodies of responses are a stranger's words, quoted in it.
    """

    def plain(text: str) -> str:
        return printable(text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED]} …")

    return replace(
        finding,
        call=plain(finding.call),
        returned=plain(finding.returned),
        expected=plain(finding.expected),
        note=plain(finding.note),
    )
