"""What a person sees in review: one frozen type for each thing.

These are answers, not decisions: nothing here reads a file or computes a schedule.
"""

from dataclasses import dataclass

from gradus.desk.view import LearnerFile, VerdictView


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """One answer that a card offers, in the order of this time."""

    letter: str
    """What it is called on the page, from `a`."""
    text: str
    """The answer."""
    because: str
    """Why it is right or wrong; empty before the card was answered."""
    correct: bool
    """Whether it is the right one; False before the card was answered."""
    chosen: bool
    """Whether the learner chose it."""


@dataclass(frozen=True, slots=True)
class CardView:
    """One card as it is asked this time."""

    item: str
    """Its name among all cards, such as `matmul/outer`."""
    address: str
    """Its lab's address."""
    lab_title: str
    """Its lab's title."""
    kind: str
    """How it is answered: `recall`, `choice`, `number` or `what-if`."""
    question: str
    """What is asked, with this time's numbers in it."""
    seed: int
    """What numbers and order were made from."""
    is_new: bool
    """Whether it was never answered."""
    shown: bool
    """Whether the answer is shown."""
    given: str
    """What the learner answered; empty for a card that is said aloud."""
    right: bool | None
    """Whether that was right; None where nobody but the learner can tell."""
    answer: str
    """The answer; empty before it is shown, and for a choice."""
    explanation: str
    """What is said after a number."""
    choices: tuple[ChoiceView, ...]
    """For a choice: what is offered."""
    grades: tuple[tuple[str, str, str], ...]
    """Key, name and when it would come back for each grade that can be given now."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A card that was not remembered so often that its lab teaches it better."""

    item: str
    """Its name among all cards."""
    address: str
    """Its lab's address."""
    lab_title: str
    """Its lab's title."""
    question: str
    """What it asks."""
    failures: int
    """How often it was not remembered."""


@dataclass(frozen=True, slots=True)
class AgainView:
    """A passed lab that comes back as one short claim, to be written anew."""

    lab: str
    """Its folder's name."""
    address: str
    """Its address."""
    title: str
    """Its title."""
    minutes: int
    """About how long it takes, our estimate."""
    fading: bool
    """Whether the last claim done again did not hold."""
    begun: bool
    """Whether a claim was asked for and the starter lies there."""
    sentence: str = ""
    """The claim, once it was asked for."""
    folder: str = ""
    """Where to write, once it was asked for."""


@dataclass(frozen=True, slots=True)
class AgainPage:
    """One claim that is written anew."""

    address: str
    """Its lab's address."""
    title: str
    """Its lab's title."""
    sentence: str
    """The claim."""
    folder: str
    """Where to write."""
    files: tuple[LearnerFile, ...]
    """What lies there, the file that is handed in first."""
    verdict: VerdictView | None
    """The last answer on this claim, if there is one."""


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """All that somebody who reviews sees."""

    card: CardView | None
    """What is asked now; None where nothing is."""
    left: int
    """How many cards can be asked today, this one included."""
    answered: int
    """How many different cards were answered today."""
    limit: int
    """How many are asked in a day."""
    over_limit: int
    """How many are due and wait for another day."""
    later: str
    """When a card comes back today, as UTC ISO time; empty where none does or one can be asked."""
    cards: int
    """How many cards there are of labs that were passed."""
    can_undo: bool
    """Whether there is an answer of today to take back."""
    set_aside: tuple[SetAside, ...]
    """Cards that failed too often."""
    again: tuple[AgainView, ...]
    """Labs that are due to be done again, or were begun."""
    ahead: tuple[tuple[str, int], ...]
    """The next seven days as ISO dates with how many cards come on each."""
