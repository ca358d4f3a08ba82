"""Rules about the cards."""

from collections.abc import Iterator

from gradus.catalogue.cards import read_cards
from gradus.conformance.bench import Bench
from gradus.conformance.rule import Sighting, rule

FEWEST_CARDS, MOST_CARDS = 3, 6


@rule(
    "cards",
    reason="A card that cannot be asked or answered would come back for ever.",
    remedy="Mend the line: every kind of card has its own keys.",
    after=("required-files",),
)
def cards(bench: Bench) -> Iterator[Sighting]:
    """The cards parse, follow their kind, and their numbers have values."""
    for fault in read_cards(bench.lab)[1]:
        yield Sighting(f"{fault.message} ({fault.code})", fault.path, fault.line)


@rule(
    "card-count",
    reason="Three to six questions can be reviewed in a few minutes.",
    remedy="Keep the questions that an interviewer asks.",
    after=("cards",),
)
def card_count(bench: Bench) -> Iterator[Sighting]:
    """There are three to six cards."""
    count = len(read_cards(bench.lab)[0])
    if not FEWEST_CARDS <= count <= MOST_CARDS:
        yield Sighting(f"The number of cards is {count}.", bench.folder / "cards.toml")
