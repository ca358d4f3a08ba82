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

__all__ = [
    "REVEAL_WAIT",
    "LabState",
    "SkillState",
    "Standing",
    "counts_as_shown",
    "lab_states",
    "skill_states",
    "tally",
]
