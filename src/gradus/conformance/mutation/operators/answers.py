"""Answers in TOML that are other than the right ones."""

import datetime
from collections.abc import Iterator
from typing import Any

from gradus.conformance.mutation.answer_source import AnswerSource, Value
from gradus.conformance.mutation.edit import Edit
from gradus.conformance.mutation.operator import operator


@operator("answers")
def other_answer(source: AnswerSource, place: Value) -> Iterator[Edit]:
    """An answer is another one: the next number, half as much again, another word or flag."""
    for other in _others(place.value):
        yield source.replaced(place, other)


@operator("answers")
def answer_left_out(source: AnswerSource, place: Value) -> Iterator[Edit]:
    """An answer is not given at all."""
    yield Edit(place.line, place.end, "")


@operator("answers")
def shorter_answer(source: AnswerSource, place: Value) -> Iterator[Edit]:
    """One of several things in an answer is missing."""
    if isinstance(place.value, list):
        for gone in range(len(place.value)):
            yield source.replaced(place, [*place.value[:gone], *place.value[gone + 1 :]])


def _others(value: Any) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
        yield value - 1
    elif isinstance(value, float):
        yield value * 1.5 if value else 1.0
    elif isinstance(value, str):
        yield f"{value}_"
        yield ""
    elif isinstance(value, datetime.date):
        yield value + datetime.timedelta(days=7)
    elif isinstance(value, list) and value:
        yield [next(_others(value[0]), value[0]), *value[1:]]
