"""What a piece of work is worth when the time does not hold everything: whole numbers.

It must not know how long anything takes: that is weighed against the worth elsewhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gradus.core.basis import PlanBasis
from gradus.core.role import Role

UNIT = 100
"""Worth of one skill at the head of a track that nobody asks for."""
AT_THE_END = 0.5
"""How much of it the last stop of a track is worth."""
DEMAND = 3.0
"""How many times its worth a skill gains that every posting asks for."""
ON_THE_WAY = 0.25
"""How much of it an item is worth that is only there because another needs it."""
HEAVY, LIGHT = 1.5, 0.5
"""What the layers count on which the target role leans most, and of which it needs least."""
READING = 0.3
"""What a reading counts beside a lab on the same skills."""
PROJECT = 2.0
"""What a project counts beside a lab on the same skills: it is what others look at."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What skills are worth to one learner."""

    demand: Mapping[str, float]
    """Share of the postings that ask for a skill, by skill id."""
    role: Role | None
    """The role that they aim at."""
    layers: Mapping[str, str]
    """The layer of each skill."""

    def worth(
        self, skills: Iterable[str], place: float, factor: float = 1.0, layer: str = ""
    ) -> int:
        """Return the worth of work on some skills, at least 1.

        `place` is how far along the track it stands, from 0 to 1. Work without a skill counts as
        one skill of its layer that nobody asks for.
        """
        known = list(skills)
        total = sum(self._skill(skill) for skill in known) if known else self._lean(layer)
        along = 1.0 - (1.0 - AT_THE_END) * place
        return max(1, round(UNIT * factor * along * total))

    def most_asked(self, skills: Iterable[str]) -> float:
        """Return the largest share of the postings that ask for one of the skills."""
        return max((self.demand.get(skill, 0.0) for skill in skills), default=0.0)

    def _skill(self, skill: str) -> float:
        asked = min(1.0, max(0.0, self.demand.get(skill, 0.0)))
        return (1.0 + DEMAND * asked) * self._lean(self.layers.get(skill, ""))

    def _lean(self, layer: str) -> float:
        if self.role is None:
            return 1.0
        return HEAVY if layer in self.role.heavy else LIGHT if layer in self.role.light else 1.0


def scale_of(basis: PlanBasis) -> Scale:
    """Return what skills are worth to the learner of a basis."""
    catalogue = basis.catalogue
    layers = {skill.id: skill.layer for skill in catalogue.skills.values()}
    return Scale(basis.demand, catalogue.roles.get(basis.profile.role), layers)
