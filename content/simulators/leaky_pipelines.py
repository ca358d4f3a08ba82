"""Nine small stories with data and a scikit-learn pipeline each: six leak, three are sound.

Only NumPy is used here: the pipelines are texts that run in the lab's environment. A story's
`simulate(rng, n)` returns columns; `pipeline` is the file that a learner reads, `mended` scores
what is left of it, once mended, on rows that did not exist yet.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from simulators import leaky_texts as texts

Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class Story:
    """One table, one pipeline and the truth about it."""

    leak: str
    """The mechanism, or `clean`."""
    n_rows: int
    """About how many rows the learner's table has."""
    simulate: Callable[[np.random.Generator, int, float], Columns]
    """Draws that many rows (or whole groups of rows), with a signal of that strength."""
    pipeline: str
    """The file that the learner reads, with `{name}` for the name of its table."""
    mended: str
    """Source of `score(table, fresh)`: trained on the table, accuracy on the fresh rows."""
    n_fresh: int
    """How many rows nobody has seen yet: enough to leave a hundredth or two to chance."""
    known: tuple[tuple[float, float, float], ...]
    """Strength of the signal, and about what is reported and honest there, over many tables."""
    together: tuple[str, ...] = ()
    """Columns whose equal rows stay on one side of a split: the group, or all that was measured."""

    def strength(self, honest: float) -> float:
        """Return how strong the signal is where about that much is honest."""
        strengths, _, accuracies = zip(*self.known, strict=True)
        return float(np.interp(honest, accuracies, strengths))

    def reported(self, honest: float) -> float:
        """Return about what the pipeline reports where about that much is honest."""
        _, reported, accuracies = zip(*self.known, strict=True)
        return float(np.interp(honest, accuracies, reported))


def _labels(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.permutation(np.arange(n) % 2)


# --- six that leak --------------------------------------------------------------------------------


def subscriptions(rng: np.random.Generator, n: int, strength: float) -> Columns:
    """Cancelling hangs on what was known, and decides what is seen afterwards."""
    months = rng.integers(1, 60, n)
    tickets = rng.poisson(1.5, n)
    logins = rng.poisson(9, n)
    logit = 0.55 * (tickets - 1.5) - 0.12 * (logins - 9) - 0.02 * (months - 30)
    cancelled = (rng.random(n) < 1 / (1 + np.exp(-strength * logit))).astype(int)
    quiet_days = np.where(cancelled == 1, rng.integers(28, 90, n), rng.integers(0, 35, n))
    return {
        "months_as_customer": months,
        "tickets_before_april": tickets,
        "logins_in_march": logins,
        "days_since_login": quiet_days,
        "cancelled": cancelled,
    }


TICKET_MEASURED = ("words", "exclamation", "days_open", "past_tickets", "response_gap", "tone")


def tickets(rng: np.random.Generator, n: int, strength: float) -> Columns:
    """Every ticket is sent one to four times; its number and hour are new each time."""
    distinct = max(2, int(n / 2.5))
    escalated = _labels(rng, distinct)
    features = rng.normal(size=(distinct, 6)) + strength * (2 * escalated[:, None] - 1)
    rows = rng.permutation(np.repeat(np.arange(distinct), rng.integers(1, 5, distinct)))
    columns: Columns = {
        "ticket": rng.permutation(np.arange(10_000, 10_000 + len(rows))),
        "hour_received": rng.integers(0, 24, len(rows)),
    }
    for place, name in enumerate(TICKET_MEASURED):
        columns[name] = np.round(features[rows, place], 3)
    return {**columns, "escalated": escalated[rows]}


def recordings(rng: np.random.Generator, n: int, strength: float) -> Columns:
    """Each volunteer is recorded once rested and once tired; people differ more than states."""
    people = max(2, n // 2)
    volunteer = np.repeat(np.arange(people), 2)
    tired = np.tile([0, 1], people)
    own = np.repeat(rng.normal(size=(people, 4)) / strength, 2, axis=0)
    values = own + rng.normal(size=(2 * people, 4)) * 0.8 + 0.9 * tired[:, None]
    columns: Columns = {"volunteer": volunteer}
    for place, name in enumerate(["pulse", "blink_rate", "skin_temperature", "reaction_time"]):
        columns[name] = np.round(values[:, place], 3)
    order = rng.permutation(2 * people)
    return {name: values[order] for name, values in {**columns, "tired": tired}.items()}


def genes(rng: np.random.Generator, n: int, strength: float) -> Columns:
    """Noise in 500 columns, of which ten know a little of the label."""
    responds = _labels(rng, n)
    values = rng.normal(size=(n, 500))
    values[:, 20::50] += strength * (2 * responds[:, None] - 1)
    columns: Columns = {f"g{place:03d}": np.round(values[:, place], 1) for place in range(500)}
    return {**columns, "responds": responds}


def bearings(rng: np.random.Generator, n: int, strength: float) -> Columns:
    """Four recordings of each machine; a machine has a voice of its own, and one label."""
    machines = max(2, n // 4)
    machine = np.repeat(np.arange(machines), 4)
    worn = np.repeat(_labels(rng, machines), 4)
    voice = np.repeat(rng.normal(size=(machines, 5)), 4, axis=0)
    values = voice + 0.2 * rng.normal(size=voice.shape) + strength * (2 * worn[:, None] - 1)
    columns: Columns = {"machine": machine}
    for place in range(5):
        columns[f"band_{place}"] = np.round(values[:, place], 3)
    order = rng.permutation(len(machine))
    return {name: values[order] for name, values in {**columns, "worn": worn}.items()}


def loans(rng: np.random.Generator, n: int, strength: float) -> Columns:
    """Sixty columns, of which twelve help a little."""
    repaid = _labels(rng, n)
    values = rng.normal(size=(n, 60))
    values[:, ::5] += strength * (2 * repaid[:, None] - 1)
    columns: Columns = {f"f{place:02d}": np.round(values[:, place], 2) for place in range(60)}
    return {**columns, "repaid": repaid}


# --- sound ones -----------------------------------------------------------------------------------


def bottles(rng: np.random.Generator, n: int, strength: float) -> Columns:
    """An easy question: the two kinds of bottle hardly overlap."""
    cracked = _labels(rng, n)
    values = rng.normal(size=(n, 3)) + strength * (2 * cracked[:, None] - 1)
    columns: Columns = {
        name: np.round(values[:, place], 3)
        for place, name in enumerate(["pitch", "echo", "weight_difference"])
    }
    return {**columns, "belt_speed": np.round(rng.normal(size=n), 3), "cracked": cracked}


def _tickets_text(prepare: str, k: int) -> str:
    return texts.TICKETS.replace("{prepare}", prepare).replace("{k}", str(k))


def _bearings_text(splitter: str, folds: str, groups: str) -> str:
    text = texts.BEARINGS.replace("{splitter}", splitter).replace("{folds}", folds)
    return text.replace("{groups}", groups)


_SHUFFLED = "KFold(n_splits=5, shuffle=True, random_state=0)"

_COPIES = _tickets_text("", 3)
_DISTINCT = _tickets_text(texts.DISTINCT_TICKETS, 15)
_ROWS_SPLIT = _bearings_text("KFold", _SHUFFLED, "")
_MACHINES_SPLIT = _bearings_text(
    "GroupKFold", "GroupKFold(n_splits=5)", ', groups=table["machine"]'
)

CHURN = Story(
    "time-travel-feature",
    1500,
    subscriptions,
    texts.SUBSCRIPTIONS,
    texts.SUBSCRIPTIONS_MENDED,
    2000,
    (
        (0.0, 0.94, 0.5),
        (0.1, 0.94, 0.515),
        (0.3, 0.94, 0.552),
        (0.8, 0.945, 0.623),
        (1.1, 0.95, 0.662),
        (1.4, 0.952, 0.695),
        (2.2, 0.962, 0.764),
        (3.0, 0.968, 0.811),
        (3.5, 0.97, 0.833),
        (3.8, 0.97, 0.845),
    ),
)
TIRED = Story(
    "scaler-before-split",
    1600,
    recordings,
    texts.RECORDINGS,
    texts.RECORDINGS_MENDED,
    3000,
    (
        (0.05, 0.94, 0.519),
        (0.1, 0.94, 0.536),
        (0.2, 0.94, 0.57),
        (0.5, 0.94, 0.662),
        (0.6, 0.94, 0.688),
        (0.75, 0.94, 0.719),
        (1.4, 0.94, 0.8),
        (1.8, 0.94, 0.823),
        (2.5, 0.94, 0.844),
    ),
    ("volunteer",),
)
CRACKED = Story(
    "clean", 800, bottles, texts.BOTTLES, texts.BOTTLES_MENDED, 1000, ((1.25, 0.98, 0.98),)
)

TWINS = (
    (
        Story(
            "duplicates-across-split",
            2000,
            tickets,
            _COPIES,
            texts.TICKETS_MENDED.replace("K,", "3,"),
            4000,
            (
                (0.08, 0.925, 0.519),
                (0.15, 0.93, 0.567),
                (0.22, 0.94, 0.628),
                (0.25, 0.945, 0.656),
                (0.3, 0.95, 0.702),
                (0.4, 0.96, 0.784),
                (0.5, 0.97, 0.854),
            ),
            TICKET_MEASURED,
        ),
        Story(
            "clean",
            2400,
            bearings,
            _MACHINES_SPLIT,
            texts.BEARINGS_MENDED,
            4000,
            ((0.15, 0.55, 0.55), (0.25, 0.62, 0.62), (0.5, 0.81, 0.81), (0.6, 0.865, 0.865)),
            ("machine",),
        ),
    ),
    (
        Story(
            "groups-across-split",
            2400,
            bearings,
            _ROWS_SPLIT,
            texts.BEARINGS_MENDED,
            4000,
            (
                (0.08, 0.84, 0.514),
                (0.15, 0.85, 0.55),
                (0.25, 0.875, 0.62),
                (0.3, 0.89, 0.658),
                (0.35, 0.9, 0.698),
                (0.5, 0.94, 0.809),
                (0.6, 0.96, 0.865),
            ),
            ("machine",),
        ),
        Story(
            "clean",
            2500,
            tickets,
            _DISTINCT,
            texts.TICKETS_MENDED.replace("K,", "15,"),
            4000,
            ((0.08, 0.54, 0.54), (0.15, 0.605, 0.605), (0.4, 0.82, 0.82), (0.5, 0.875, 0.875)),
            TICKET_MEASURED,
        ),
    ),
)
"""One of these pairs: a table that leaks, and another one, handled with care, that does not."""

LAST = (
    Story(
        "tuned-on-test",
        750,
        loans,
        texts.LOANS,
        texts.LOANS_MENDED,
        2000,
        ((0.05, 0.74, 0.525), (0.08, 0.76, 0.553), (0.12, 0.8, 0.607)),
    ),
    Story(
        "selection-before-split",
        600,
        genes,
        texts.GENES,
        texts.GENES_MENDED,
        1500,
        ((0.04, 0.66, 0.51), (0.08, 0.67, 0.53), (0.11, 0.69, 0.565)),
    ),
)
"""One of these."""
