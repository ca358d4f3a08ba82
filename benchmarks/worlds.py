"""Made-up catalogues and tracks of any size, the same for the same seed."""

import random
from itertools import pairwise

from gradus.core.catalogue import Catalogue
from gradus.core.curriculum import CurriculumItem
from gradus.core.skill import Layer, Skill
from gradus.core.track import Project, Reading, Stage, Track

LAYERS = tuple(f"layer-{number}" for number in range(9))


def made_up_catalogue(n_items: int, seed: int = 0) -> Catalogue:
    """Return a catalogue in which most items need one or two of the twenty before them."""
    draw = random.Random(seed)
    items, skills = {}, {}
    for number in range(n_items):
        layer = LAYERS[number * len(LAYERS) // n_items]
        earlier = [f"I{each}" for each in range(max(0, number - 20), number)]
        needs = draw.sample(earlier, min(len(earlier), draw.choice((0, 1, 1, 2))))
        own = tuple(f"s{number}-{each}" for each in range(draw.choice((1, 2, 3))))
        minutes = draw.choice((45, 60, 60, 75, 90, 90, 120, 150))
        items[f"I{number}"] = CurriculumItem(
            f"I{number}", f"Lab {number}", (), layer, minutes, tuple(needs), own
        )
        skills.update({skill: Skill(skill, skill, layer, (), ()) for skill in own})
    layers = tuple(Layer(name, name, place) for place, name in enumerate(LAYERS, 1))
    return Catalogue(layers, skills, {}, {}, items, {})


def made_up_track(catalogue: Catalogue, n_stages: int = 12) -> Track:
    """Return a track over the whole catalogue with a reading and a project in each stage."""
    names = list(catalogue.curriculum)
    cuts = [len(names) * each // n_stages for each in range(n_stages + 1)]
    stages = []
    for number, (begin, end) in enumerate(pairwise(cuts), 1):
        some = names[begin:end]
        skills = catalogue.curriculum[some[0]].skills if some else ()
        stages.append(
            Stage(
                f"month-{number}",
                f"Month {number}",
                tuple(some),
                first=number,
                last=number,
                unit="month",
                readings=(Reading(f"r{number}", f"Reading {number}", 120, skills=skills),),
                projects=(Project(f"p{number}", f"Project {number}", 240, skills=skills),),
            )
        )
    return Track("made-up", "Made up", "", "", tuple(stages))
