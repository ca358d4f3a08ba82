"""Lab folders, skills, tools and environments on disk become nouns of `core`.

This room says exactly what is malformed and where; it judges nothing and runs nothing.
"""

from gradus.catalogue.cards import load_cards
from gradus.catalogue.lab_file import load_lab
from gradus.catalogue.lesson import load_hints, load_lesson
from gradus.catalogue.place import content_root, is_installed, lab_folders, labs_folder
from gradus.catalogue.tracks import with_own_tracks
from gradus.catalogue.version import lab_version
from gradus.catalogue.whole import load_catalogue, problems
from gradus.core.catalogue import Catalogue

__all__ = [
    "Catalogue",
    "content_root",
    "is_installed",
    "lab_folders",
    "lab_version",
    "labs_folder",
    "load_cards",
    "load_catalogue",
    "load_hints",
    "load_lab",
    "load_lesson",
    "problems",
    "with_own_tracks",
]
