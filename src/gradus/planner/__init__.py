"""Pure functions from catalogue and evidence to what a person has shown and what comes next.

This room reads no file and no clock, so whatever it says can be computed again later.
"""

from gradus.planner.mastery import (
    REVEAL_WAIT,
    LabState,
    SkillState,
    Standing,
    counts_as_shown,
    lab_states,
    skill_states,
    tally,
)
from gradus.planner.planning import make_plan
from gradus.planner.record import study_record
from gradus.planner.replanning import STEADY_DAYS, replan
from gradus.planner.today import TodayItems, today_items

__all__ = [
    "REVEAL_WAIT",
    "STEADY_DAYS",
    "LabState",
    "SkillState",
    "Standing",
    "TodayItems",
    "counts_as_shown",
    "lab_states",
    "make_plan",
    "replan",
    "skill_states",
    "study_record",
    "tally",
    "today_items",
]
