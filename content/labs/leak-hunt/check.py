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
TOLERANCE = 0.12
EACH = draw.just("p1").edges("p1", "p2", "p3", "p4", "p5", "p6")
MEASURED = {}
"""What was measured of the last few pipelines, by all that it rests on: fitting takes long."""


def measure(reader, case, p):
    """What the team reports, and what fresh rows say of the mended pipeline."""
    pipeline, mended, *tables = (case[p][part] for part in ("pipeline", "mended", "seen", "fresh"))
    numbers = (np.asarray(each) for table in tables for each in table.values())
    key = pipeline, mended, *(each.tobytes() for each in numbers if each.dtype.kind in "fi")
    if key not in MEASURED:
        if len(MEASURED) >= 12:
            MEASURED.clear()
        MEASURED[key] = reader.measure(pipeline, mended, *tables).as_list(length=2)
    return MEASURED[key]


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
    reported, fresh = measure(reader, case, p)
    answers[p]["leak"].must_satisfy(
        f"find nothing wrong: {p} reports {reported:.2f}, and fresh rows give {fresh:.2f}",
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
    reported, _ = measure(reader, case, p)
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
    "No honest accuracy lies more than 0.12 above what fresh rows give.",
    examples=1,
    p=EACH,
    catches=["reported_is_honest", "too_good_is_luck"],
)
def promises_no_more(answers, case, reader, p):
    _, fresh = measure(reader, case, p)
    too_high = answers[p]["honest"].as_number() - fresh > TOLERANCE
    answers[p]["honest"].must_satisfy(
        f"lie within {TOLERANCE} of the accuracy on fresh rows (it is too high)",
        lambda number: not too_high,
    )


@claim(
    "What a leak leaves is not more than 0.12 better than the honest accuracy.",
    examples=1,
    p=EACH,
    catches=["leaks_leave_nothing"],
)
def sees_what_is_left(answers, case, reader, p):
    if case[p]["leak"] != "clean":
        must_reach(answers[p]["honest"], measure(reader, case, p)[1])


@claim(
    "A sound pipeline is not more than 0.12 better than the honest accuracy.",
    examples=1,
    p=EACH,
    catches=["mends_what_is_sound"],
)
def leaves_the_sound_alone(answers, case, reader, p):
    if case[p]["leak"] == "clean":
        must_reach(answers[p]["honest"], measure(reader, case, p)[1])


def must_reach(honest, fresh):
    """Demand that an accuracy is not far below that on fresh rows."""
    too_low = fresh - honest.as_number() > TOLERANCE
    honest.must_satisfy(
        f"lie within {TOLERANCE} of the accuracy on fresh rows (it is too low)",
        lambda number: not too_low,
    )
