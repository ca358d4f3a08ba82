"""Runs the claims of an attempt, in order, and keeps what was observed of each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from gradus.check import Claim
from gradus.core.verdict import ClaimOutcome, Finding
from gradus.judge.ahead import Ahead
from gradus.judge.examples import CHEAP, Example
from gradus.judge.running import Runner
from gradus.judge.sharing import Shared
from gradus.judge.trouble import Stopped

STRETCH = 512
"""From this many examples on, no further claim joins those whose examples run side by side."""

Found = tuple[Finding, Example]
"""What a claim does not allow, and the example that showed it."""


@dataclass(slots=True)
class _Joined:
    """A claim whose examples run side by side with others, and what one alone came to."""

    place: int
    examples: list[Example]
    """The first, and all of them once each claim has run its first."""
    coming: Iterator[Example]
    """Those that were not drawn yet."""
    n_asked: int = 0
    """How often the first asked the child."""
    found: Found | None = None
    calls_again: Example | None = None
    """The last example that calls more than once."""
    beside: Found | None = None
    """What was found of an example beside others, and not by their fault."""


@dataclass(slots=True)
class Course:
    """What has been observed so far in one attempt."""

    claims: Sequence[Claim]
    runner: Runner
    shared: Shared | None = None
    outcomes: list[ClaimOutcome] = field(default_factory=list)
    inputs: list[tuple[int, Example]] = field(default_factory=list)
    failing: dict[int, Example] = field(default_factory=dict)
    printed: str = ""
    """What was printed by what was stopped, where other claims ran after that."""

    def run(self, ahead: Ahead) -> None:
        """Run every claim; raises `Stopped` or `DoesNotLoad` where one comes to no end."""
        for places in stretches(self.claims, self.runner):
            if self.runner.may_join(self.claims[places[0]]):
                self._run_stretch(places, ahead)
                continue
            for place in places:
                self._run_in_turn(place, ahead.examples(place))

    def _run_stretch(self, places: Sequence[int], ahead: Ahead) -> None:
        """Run the first example of each claim alone, then the others of all claims side by side.

        Where it is not certain that they hold, the examples of a claim run again, one by one.
        """
        stretch: list[_Joined] = []
        stopped: Stopped | None = None
        for place in places:
            coming = ahead.examples(place)
            claim = _Joined(place, [*islice(coming, 1)], coming)
            before = self.runner.n_asked
            try:
                for first in claim.examples:
                    claim.found = self._found(place, first)
            except Stopped as error:
                stopped = error
                self.printed = self.runner.printed()
                self.runner.start_over()
                break
            claim.n_asked = self.runner.n_asked - before
            stretch.append(claim)
        for each in stretch:
            each.examples += each.coming
        certain = self._certain(stretch)
        for each in stretch:
            self._conclude_joined(each, each.place in certain)
        if stopped is not None:
            raise stopped
        if self.failing.keys().isdisjoint(places):
            self._tell_left_over(stretch[-1])

    def _certain(self, stretch: Iterable[_Joined]) -> set[int]:
        """Return the claims whose examples all hold, side by side with none that does not."""
        hopeful = [each for each in stretch if each.found is None]
        hopeful.sort(key=lambda each: -each.n_asked)  # so that the last is no long one, alone
        while tests := [(each, one) for each in hopeful for one in each.examples[1:]]:
            ran = self.runner.hold([(self.claims[each.place], one) for each, one in tests])
            unsure = set()
            for (each, example), one in zip(tests, ran, strict=True):
                if one.n_calls > 1:
                    each.calls_again = example
                if not one.held:
                    unsure.add(each.place)
                if one.finding is not None:
                    each.beside = each.beside or (one.finding, example)
            if not unsure:
                break
            hopeful = [each for each in hopeful if each.place not in unsure]
        return {each.place for each in hopeful}

    def _conclude_joined(self, joined: _Joined, certain: bool) -> None:
        """Note that a claim holds, or run its examples one by one.

        What a call leaves behind for the next one may not show where those of others come between,
        so one example of several calls runs alone as well.
        """
        if certain and joined.calls_again is not None:
            joined.found = self._found(joined.place, joined.calls_again)
        if not certain or joined.found is not None:
            before = joined.found or joined.beside
            self._run_in_turn(joined.place, joined.examples, before)
            return
        self.inputs += [(joined.place, each) for each in joined.examples]
        self._conclude(joined.place, len(joined.examples))

    def _tell_left_over(self, last: _Joined) -> None:
        """Find fault with a claim for what ended examples side by side, and none of them alone."""
        held = self.outcomes.pop()
        finding = self.runner.left_over(self.claims[last.place])
        found = None if finding is None else (finding, last.examples[-1])
        self._conclude(last.place, held.examples, found)

    def _run_in_turn(
        self, place: int, examples: Iterable[Example], before: Found | None = None
    ) -> None:
        """Run the examples of a claim one by one; something may have been found of it before."""
        found: Found | None = None
        n_run = 0
        for example in examples:
            self.inputs.append((place, example))
            if found is not None:
                continue
            n_run += 1
            found = self._found(place, example)
            if found is not None and self.claims[place].examples < CHEAP:
                break
        self._conclude(place, n_run, found or before)

    def _conclude(self, place: int, n_run: int, found: Found | None = None) -> None:
        """Note the outcome of a claim."""
        finding = None
        if found is not None:
            finding, self.failing[place] = found
        sentence = self.claims[place].sentence
        self.outcomes.append(ClaimOutcome(sentence, finding is None, n_run, finding))

    def _found(self, place: int, example: Example) -> Found | None:
        claim = self.claims[place]
        if self.shared is not None:
            finding = self.shared.finding(self.runner, claim, example)
        else:
            finding = self.runner.run(claim, example).finding
        return None if finding is None else (finding, example)


def stretches(claims: Sequence[Claim], runner: Runner) -> Iterator[list[int]]:
    """Yield the places of all claims in order: those together whose examples run side by side."""
    stretch: list[int] = []
    n_examples = 0
    for place, claim in enumerate(claims):
        joins = runner.may_join(claim)
        if stretch and (not joins or n_examples >= STRETCH):
            yield stretch
            stretch, n_examples = [], 0
        stretch.append(place)
        n_examples += claim.examples
        if not joins:
            yield stretch
            stretch, n_examples = [], 0
    if stretch:
        yield stretch
