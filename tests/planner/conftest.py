"""What tests of the planner share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gradus.core.catalogue import Catalogue
from gradus.core.track import Track

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="session")
def empty_catalogue() -> Catalogue:
    return Catalogue((), {}, {}, {}, {}, {})


@pytest.fixture(scope="session")
def empty_track() -> Track:
    return Track("own", "Own", "", "", ())


@pytest.fixture
def golden(update_golden: bool) -> Callable[[str, str], None]:
    """Compare a text with the reviewed one."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / f"{name}.txt"
        if update_golden:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare
