"""What all tests share: the switches, one of which rewrites golden texts."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden` and `--whole-wheel`."""
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite golden texts, to be reviewed"
    )
    parser.addoption(
        "--whole-wheel",
        action="store_true",
        help="in tests/hostile: install the wheel with its pins and an environment, hear all",
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden texts are rewritten in this run."""
    return bool(request.config.getoption("--update-golden"))
