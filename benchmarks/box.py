"""The cards of a simulated learner: what is asked day by day, and whether one is ever lost."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from gradus.core.review import Grade, Review
from gradus.planner.reviewing import Memory, Queue, Today, queue, reviewed

CARDS_OF_A_LAB = 3
DAILY_LIMIT = 40
SECONDS = 30
BACK_AFTER = timedelta(days=14)
"""A card that was set aside is brought back after this: its lab was looked at again."""
LONGEST = 2 * 366
"""Days after a life within which every card has to be asked once more."""


class Box:
    """The cards of the labs that were passed, and what the reviews say of them."""

    def __init__(self, recalls: float, seed: str) -> None:
        self.items: list[str] = []
        self.memories: dict[str, Memory] = {}
        self.answers = 0
        self._recalls = recalls
        self._draw = random.Random(f"{seed} cards")

    def put(self, lab: str) -> None:
        """Take the cards of a lab that was passed."""
        self.items += [f"{lab}/{number}" for number in range(CARDS_OF_A_LAB)]

    def review(self, day: date, minutes: float) -> None:
        """Answer what is asked on a day, as long as the minutes last."""
        self._review(day, int(minutes * 60 / SECONDS), self._grade)

    def lost(self, day: date) -> int:
        """Live on and answer everything well; return how many cards are never asked again."""
        waiting = set(self.items)
        for ahead in range(1, LONGEST):
            if not waiting:
                break
            waiting -= self._review(day + timedelta(days=ahead), 10**6, lambda: Grade.GOOD)
        return len(waiting)

    def _review(self, day: date, most: int, grade: Callable[[], Grade]) -> set[str]:
        """Answer at most so many times and return what was answered."""
        answered: set[str] = set()
        now = datetime.combine(day, time(18), UTC)
        self._bring_back(now)
        while most > 0:
            asked = self._asked(now, answered).now[:most]
            if not asked:
                break
            for item in asked:
                answer = Review(0, item, now, grade())
                after = reviewed(self.memories.get(item), answer)
                assert after is not None
                self.memories[item] = after
                answered.add(item)
                now += timedelta(seconds=SECONDS)
            self.answers += len(asked)
            most -= len(asked)
        return answered

    def _asked(self, now: datetime, answered: set[str]) -> Queue:
        today = Today(now, DAILY_LIMIT, lambda moment: moment.date())
        return queue(self.items, self.memories, answered, today)

    def _bring_back(self, now: datetime) -> None:
        for item, memory in self.memories.items():
            if memory.is_set_aside and now - memory.last >= BACK_AFTER:
                back = reviewed(memory, Review(0, item, now, None))
                assert back is not None
                self.memories[item] = back

    def _grade(self) -> Grade:
        if self._draw.random() > self._recalls:
            return Grade.AGAIN
        return self._draw.choice((Grade.HARD, Grade.GOOD, Grade.GOOD, Grade.EASY))
