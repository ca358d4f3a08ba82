"""An environment as it is declared: the Python and the locked libraries that labs run in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EnvironmentSpec:
    """What has to be installed before the labs of one environment can run."""

    name: str
    """Its id, such as `base` or `deep`."""
    summary: str
    """What it is for, in one line that a person reads before installing it."""
    python: str
    """The Python versions that it takes, such as `>=3.11`."""
    lock: str
    """The text of its lock file: every distribution with its version and hashes."""
    digest: str
    """`sha256:…` over the lock, so that an installed environment can be told to be current."""
    imports: tuple[str, ...] = ()
    """Modules that must be importable in it once it is installed."""
    tested_on: tuple[str, ...] = ()
    """Platforms and Python versions that the lock was tried on."""
