"""The texts of a new lab, with `$words` for what its row of the curriculum says.

Whatever an author has to write carries the mark, so that nothing of it is forgotten.
"""

from collections.abc import Mapping

from gradus.conformance.rules.folder import STILL_TO_WRITE

MARK = STILL_TO_WRITE
"""What every such place carries."""

LAB = """\
format = 1
title = "$title"
${curriculum}layer = "$layer"
skills = $skills$skills_mark
needs = $needs
minutes = $minutes
environment = "base"
imports = ["numpy"]
profile = "compute"
tools = []
naming = "behaviour"

[entry]
kind = "function"  # $mark the kind, the file and the names that the learner hands in
path = "$function.py"
names = ["$function"]
"""

LESSON = """\
# $title

## What you will be able to do

<!-- $mark one or two sentences that can be tested -->

**Out of scope:** <!-- $mark what this lab leaves out -->

## Why it matters

<!-- $mark the failure in production that this prevents: what broke, what it cost -->

## Guess first

<!-- $mark one question that the learner answers before reading on -->

## The idea

<!-- $mark a worked example with small numbers, then the rule; every symbol with its shape -->

## Your turn

<!-- $mark the interface: names, arguments, shapes, dtypes, units, what bad input gets -->

## Going on

### What really happens

<!-- $mark the answer to the guess, how the reference does it, where this shows up -->
"""

HINTS = """\
## 1

<!-- $mark where to look -->

## 2

<!-- $mark the idea in other words, or a smaller case -->

## 3

<!-- $mark nearly the line -->
"""

CHECK = '''\
"""$mark what is judged, in one sentence."""

from gradus.check import claim, draw

# $mark the claims, in the order in which a learner should read them. Such as:
#
# NUMBERS = draw.lists(draw.integers(-9, 9), size=(1, 6))
#
#
# @claim("It agrees with the definition.", numbers=NUMBERS, catches=["divides_by_n"])
# def agrees_with_the_definition($function, numbers):
#     $function(numbers).must_be_close_to(definition(numbers))
__all__ = ["claim", "draw"]
'''

STARTER = '''\
"""$title."""


def $function(x):
    """$mark what it takes and returns, with shapes, and what bad input gets."""
    raise NotImplementedError
'''

REFERENCE = '''\
"""$title: the way that a learner is shown."""


def $function(x):
    """$mark the answer; its comments point at the idea."""
    raise NotImplementedError
'''

WRONG = '''\
"""You made a mistake that people really make. $mark this one, and at least three more."""


def $function(x):
    raise NotImplementedError
'''

RIGHT = '''\
"""$mark another right way, and at least one more: loops, vectorised, library calls."""


def $function(x):
    raise NotImplementedError
'''

CARDS = """\
[[cards]]
id = "first"
kind = "recall"
question = "$mark a question that an interviewer asks"
answer = "$mark what a person says in under a minute"
"""

FILES: Mapping[str, str] = {
    "lab.toml": LAB,
    "lesson.md": LESSON,
    "hints.md": HINTS,
    "check.py": CHECK,
    "cards.toml": CARDS,
    "starter/$function.py": STARTER,
    "reference/$function.py": REFERENCE,
    "wrong/first_mistake.py": WRONG,
    "right/first_way.py": RIGHT,
}
