"""Runs a lab's claims against a submission and returns a verdict; the only room that sees both.

It writes no record, prints nothing and never lets the learner's code run in its own process.
"""

from gradus.judge.choosing import hollow_submissions, small_claims
from gradus.judge.drawn import Drawn, draw_ahead
from gradus.judge.judging import judge, judge_claim, replay
from gradus.judge.opening import starter_files
from gradus.judge.pool import Pool
from gradus.judge.render import render
from gradus.judge.submissions import (
    read_submission,
    reference_submission,
    starter_submission,
    variant_submissions,
)

__all__ = [
    "Drawn",
    "Pool",
    "draw_ahead",
    "hollow_submissions",
    "judge",
    "judge_claim",
    "read_submission",
    "reference_submission",
    "render",
    "replay",
    "small_claims",
    "starter_files",
    "starter_submission",
    "variant_submissions",
]
