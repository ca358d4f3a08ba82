"""Where the content of this installation lies, for those who write it.

It must not read it: the catalogue does.
"""

from pathlib import Path

from gradus.catalogue import content_root, is_installed, labs_folder


def content_place() -> Path:
    """Return the folder of the content."""
    return content_root()


def content_labs() -> Path:
    """Return the folder in which every lab has its own."""
    return labs_folder(content_root())


def new_labs_place() -> Path:
    """Return where a new lab is made: in a checkout's content, else in the folder we are in."""
    return Path() if is_installed(content_root()) else content_labs()
