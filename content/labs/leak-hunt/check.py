"""Six reported accuracies: which a fresh sample confirms, and what made the others."""

import numpy as np

from gradus.check import claim, draw

MECHANISMS = {
    "clean",
    "scaler-before-split",
    "selection-before-split",
    "duplicates-across-split",
    "groups-across-split",
    "time-travel-feature",
    "tuned-on-test",
}
SURE = 0.02
"""Whoever is so near what many tables give is near what this one gives: nothing need be fitted."""
EACH = draw.just("p1").edges("p1", "p2", "p3", "p4", "p5", "p6")
MEASURED = {}
"""What was measured of the last few pipelines, by all that it rests on: fitting takes long."""


def measure(reader, case, p):
    """What the mended pipeline gives: the smaller and the larger of fresh rows and own folds."""
    mended, together, *tables = (case[p][part] for part in ("mended", "together", "seen", "fresh"))
    numbers = (np.asarray(each) for table in tables for each in table.values())
    key = mended, *(each.tobytes() for each in numbers if each.dtype.kind in "fi")
    if key not in MEASURED:
        if len(MEASURED) >= 12:
            MEASURED.clear()
        MEASURED[key] = sorted(reader.mended(mended, *tables, together).as_list(length=2))
    return MEASURED[key]


def report(reader, case, p):
    """What the team reports."""
    return reader.reported(case[p]["pipeline"], case[p]["seen"]).as_number()


def flag(answers, p):
    """The mechanism that the learner names."""
    return answers[p]["leak"].as_text().strip().lower()


@claim(
    "Every pipeline has a verdict from the list, and an accuracy between 0 and 1.",
    examples=1,
    p=EACH,
    catches=["invents_a_mechanism"],
)
def is_complete(answers, p):
    answers[p]["leak"].must_satisfy(
        "be one of the seven words of the list", lambda word: word.strip().lower() in MECHANISMS
    )
    answers[p]["honest"].must_be_between(0, 1)


@claim(
    "What fresh rows confirm is called clean, however good it looks.",
    examples=1,
    p=EACH,
    catches=["false_alarm_on_clean"],
)
def clears_the_sound_ones(answers, case, reader, p):
    if case[p]["leak"] != "clean" or flag(answers, p) == "clean":
        return
    reported, (_, confirmed) = report(reader, case, p), measure(reader, case, p)
    answers[p]["leak"].must_satisfy(
        f"find nothing wrong: {p} reports {reported:.2f}, and other rows give {confirmed:.2f}",
        lambda word: False,
    )


@claim(
    "What fresh rows do not confirm is not called clean.",
    examples=1,
    p=EACH,
    catches=[
        "too_good_is_luck",
        "scaler_before_split",
        "duplicates_across_split",
        "time_travel_feature",
        "peeking_is_preparation",
    ],
)
def lets_no_leak_pass(answers, case, reader, p):
    if case[p]["leak"] == "clean" or flag(answers, p) != "clean":
        return
    reported = report(reader, case, p)
    answers[p]["leak"].must_satisfy(
        f"name a leak: {p} reports {reported:.2f}, and fresh rows do not confirm it",
        lambda word: False,
    )


@claim(
    "Each leak has the mechanism that makes it.",
    examples=1,
    p=EACH,
    catches=["any_leak_will_do"],
)
def names_the_mechanism(answers, case, p):
    if case[p]["leak"] == "clean" or flag(answers, p) == "clean":
        return
    answers[p]["leak"].must_satisfy(
        f"be the mechanism by which the reported accuracy of {p} goes when it is mended",
        lambda word: word.strip().lower() == case[p]["leak"],
    )


@claim(
    "No honest accuracy is too high for what the mended pipeline gives.",
    examples=1,
    p=EACH,
    catches=["reported_is_honest", "too_good_is_luck"],
)
def promises_no_more(answers, case, reader, p):
    must_be_near(answers, case, p, too="high", is_so=beside(answers, case, reader, p) > 0)


@claim(
    "What a leak leaves is not better than the honest accuracy says.",
    examples=1,
    p=EACH,
    catches=["leaks_leave_nothing"],
)
def sees_what_is_left(answers, case, reader, p):
    if case[p]["leak"] != "clean":
        must_be_near(answers, case, p, too="low", is_so=beside(answers, case, reader, p) < 0)


@claim(
    "A sound pipeline is not better than the honest accuracy says.",
    examples=1,
    p=EACH,
    catches=["mends_what_is_sound"],
)
def leaves_the_sound_alone(answers, case, reader, p):
    if case[p]["leak"] == "clean":
        must_be_near(answers, case, p, too="low", is_so=beside(answers, case, reader, p) < 0)


def tolerance(case, p):
    """How far from what is measured is near: chance moves more on a small table."""
    (n_rows,) = {len(column) for column in case[p]["seen"].values()}
    return 0.08 if n_rows < 1000 else 0.05


def beside(answers, case, reader, p):
    """How far the honest accuracy lies above what is near; below 0 where it lies below that."""
    told = answers[p]["honest"].as_number()
    if abs(told - case[p]["honest"]) <= SURE:
        return 0.0
    near, (least, most) = tolerance(case, p), measure(reader, case, p)
    return max(0.0, told - most - near) + min(0.0, told - least + near)


def must_be_near(answers, case, p, too, is_so):
    """Demand that the honest accuracy is not too high, or not too low."""
    answers[p]["honest"].must_satisfy(
        f"lie within {tolerance(case, p)} of what was measured (it is too {too})",
        lambda number: not is_so,
    )
