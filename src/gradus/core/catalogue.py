"""The catalogue: all that there is to learn, as one frozen noun."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gradus.core.curriculum import CurriculumItem
from gradus.core.environment import EnvironmentSpec
from gradus.core.errors import ContentError, ContentErrors, UsageError
from gradus.core.lab import Lab
from gradus.core.names import did_you_mean
from gradus.core.role import Role
from gradus.core.skill import Layer, Skill, Tool
from gradus.core.track import Disagreement, Stage, Track, whole_route


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Layers, skills, tools, labs, the curriculum, the environments and the tracks."""

    layers: tuple[Layer, ...]
    """The layers of the map, from the ground."""
    skills: Mapping[str, Skill]
    """Every skill by its id."""
    tools: Mapping[str, Tool]
    """Every tool by its id."""
    labs: Mapping[str, Lab]
    """Every lab that can be read, by its folder's name."""
    curriculum: Mapping[str, CurriculumItem]
    """Every planned lab and proof, by its curriculum id."""
    environments: Mapping[str, EnvironmentSpec]
    """Every declared environment, by its name."""
    malformed: Mapping[str, ContentError] = field(default_factory=dict)
    """Labs whose `lab.toml` cannot be read, by folder name, with the first thing wrong."""
    tracks: Mapping[str, Track] = field(default_factory=dict)
    """Every track that can be read, by its id; the learner's own come last."""
    disagreements: Mapping[str, Disagreement] = field(default_factory=dict)
    """The matters on which the source roadmaps differ, by id."""
    roles: Mapping[str, Role] = field(default_factory=dict)
    """The roles that a learner can aim at, by id."""
    malformed_tracks: Mapping[str, tuple[ContentError, ...]] = field(default_factory=dict)
    """Tracks that cannot be used, by id, with everything that is wrong with each."""

    def lab(self, name: str) -> Lab:
        """Return the lab with that folder name or curriculum id, in any case of letters.

        Raises `UsageError` for an unknown name and the lab's `ContentError` for a malformed one.
        """
        wanted = name.strip().casefold()
        for lab in self.labs.values():
            if wanted and wanted in (lab.id.casefold(), lab.curriculum_id.casefold()):
                return lab
        for folder, error in self.malformed.items():
            if wanted == folder.casefold():
                raise error
        raise UsageError(self._unknown_lab(name))

    def track(self, name: str) -> Track:
        """Return the track with that id, in any case of letters.

        Raises `UsageError` for an unknown name and `ContentErrors` for a malformed track.
        """
        wanted = name.strip().casefold()
        for track in self.tracks.values():
            if wanted == track.id.casefold():
                return track
        for each, faults in self.malformed_tracks.items():
            if wanted == each.casefold():
                raise ContentErrors(faults)
        hint = did_you_mean(name, [*self.tracks, *self.malformed_tracks])
        raise UsageError(
            f"There is no track named '{name}'.{hint} `gradus plan --tracks` lists what there is."
        )

    def route(self, track: Track) -> tuple[Stage, ...]:
        """Return every stage of a track, those before its fork included."""
        return whole_route(track, self.tracks)

    def labs_covering(self, skill: str) -> tuple[Lab, ...]:
        """Return the existing labs that cover a skill, in the order of the catalogue."""
        return tuple(lab for lab in self.labs.values() if skill in lab.skills)

    def _unknown_lab(self, name: str) -> str:
        planned = {item.casefold(): item for item in self.curriculum}
        item = planned.get(name.strip().casefold())
        if item is not None:
            title = self.curriculum[item].title
            return f"The lab {item}, '{title}', is planned and does not exist yet."
        known: Iterable[str] = [*self.labs, *(lab.curriculum_id for lab in self.labs.values())]
        hint = did_you_mean(name, known)
        return f"There is no lab named '{name}'.{hint} `gradus labs` lists what there is."
