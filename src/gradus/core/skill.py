"""Skills, the tools that they are practised with, and the layers of the map."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layer:
    """One storey of the map."""

    id: str
    """Stable id, such as `foundations-python`."""
    title: str
    """What a person reads, such as `Python fluency and software engineering`."""
    order: int
    """Place from the ground, starting at 1."""


@dataclass(frozen=True, slots=True)
class Skill:
    """Something that an ML engineer can do: the unit of mastery and of market demand."""

    id: str
    """Stable id, such as `la-matmul-from-scratch`."""
    can_do: str
    """What a person can do who has it."""
    layer: str
    """Id of its layer."""
    needs: tuple[str, ...]
    """Ids of the skills that come before it."""
    sources: tuple[str, ...]
    """Where the source roadmaps ask for it, such as `001 L33`; empty for our own."""
    ours: bool = False
    """True where no source roadmap names it and something that they name needs it."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A named tool, system or platform: a tag on labs, never a skill by itself."""

    id: str
    """Stable id, such as `mlflow`."""
    name: str
    """Its own spelling, such as `MLflow`."""
    group: str
    """The family that it is listed under."""
    what_for: str
    """What an ML engineer uses it for."""
    sources: tuple[str, ...]
    """Where the source roadmaps name it."""
    labs: tuple[str, ...]
    """Curriculum ids of the labs that use it."""
