"""Where the content lies; nothing is read here."""

from pathlib import Path

from gradus.core.errors import ContentError

INSTALLED = "_content"


def content_root() -> Path:
    """Return the folder of the content: inside an installed wheel, or in the checkout."""
    package = Path(__file__).resolve().parents[1]
    for place in (package / INSTALLED, package.parents[1] / "content"):
        if place.is_dir():
            return place
    raise ContentError(
        "no-content",
        "The content that belongs to this installation is missing.",
        path=package / INSTALLED,
        remedy="Install Gradus again.",
    )


def is_installed(root: Path) -> bool:
    """Say whether content came with a wheel: an upgrade takes away what is written there."""
    return root.name == INSTALLED


def labs_folder(root: Path) -> Path:
    """Return the folder in which every lab has its own folder."""
    return root / "labs"


def lab_folders(folder: Path) -> list[Path]:
    """Return the lab folders in a folder, by name.

    Hidden ones are no labs, and neither are single files and what a removed lab leaves behind.
    """
    if not folder.is_dir():
        return []
    return sorted(
        each
        for each in folder.iterdir()
        if each.is_dir() and not each.name.startswith((".", "_")) and _holds_a_file(each)
    )


def _holds_a_file(folder: Path) -> bool:
    return any(each.is_file() and "__pycache__" not in each.parts for each in folder.rglob("*"))
