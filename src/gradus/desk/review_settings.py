"""What a learner set for their reviews in `gradus.toml`.

It must not write the file.
"""

from gradus.core.errors import UsageError
from gradus.core.names import did_you_mean
from gradus.desk.workspace import MARK, Workspace, read_settings

SECTION = "review"
USUAL_LIMIT = 40
"""Cards in a day where nothing is set: about twenty minutes."""
MOST = 1000


def daily_limit(workspace: Workspace) -> int:
    """Return how many different cards are asked in a day; 0 asks none.

    Raises UsageError for a value that is no such number, and for a setting that does not exist.
    """
    section = read_settings(workspace).get(SECTION, {})
    path = workspace.root / MARK
    if not isinstance(section, dict):
        raise UsageError(f"[{SECTION}] of {path} has to be a section with `daily_limit = 40`.")
    for name in section:
        if name != "daily_limit":
            hint = did_you_mean(name, ["daily_limit"])
            raise UsageError(f"[{SECTION}] of {path} has no setting '{name}'.{hint}")
    limit = section.get("daily_limit", USUAL_LIMIT)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 0 <= limit <= MOST:
        raise UsageError(
            f"daily_limit in [{SECTION}] of {path} is {limit!r}; it has to be a whole number of "
            f"cards from 0 to {MOST}, such as daily_limit = {USUAL_LIMIT}."
        )
    return limit
