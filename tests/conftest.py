"""What all tests share: the switch that rewrites golden texts."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`."""
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite golden texts, to be reviewed"
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden texts are rewritten in this run."""
    return bool(request.config.getoption("--update-golden"))
