"""A role that a learner can aim at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody is hired as."""

    id: str
    """Stable id, such as `ml-engineer`."""
    title: str
    """What a person reads."""
    about: str
    """What such a person does, in a sentence of ours."""
    source: str
    """Where the source roadmaps describe it."""
    heavy: tuple[str, ...] = ()
    """Ids of the layers of the map on which it leans most."""
    light: tuple[str, ...] = ()
    """Ids of the layers of which it needs least."""
    track: str = ""
    """Id of the track that is made for it; empty where there is none."""
