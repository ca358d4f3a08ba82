"""The curriculum: every lab and proof that is planned, whether it exists yet or not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CurriculumItem:
    """One row of the curriculum."""

    id: str
    """Such as `M05`."""
    title: str
    """What a person reads until the lab gives its own title."""
    kind: tuple[str, ...]
    """What sort of work it is, such as `function` or `training`."""
    layer: str
    """Id of the layer on the map."""
    minutes: int
    """Estimated minutes, ours."""
    needs: tuple[str, ...]
    """Curriculum ids of the items that come before."""
    skills: tuple[str, ...]
    """Ids of the skills that it covers."""
