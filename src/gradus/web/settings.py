"""What the web application needs to know of the place that it runs in."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from gradus.desk.desk import Desk
from gradus.web.security import cookie_name, hosts_for

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
BUILT = STATIC / "built"


@dataclass(frozen=True, slots=True)
class Settings:
    """One start of the web application."""

    desk: Desk
    """The place to work at; it must have a workspace."""
    port: int
    """The port that it answers on, which the `Host` header has to name."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    """What every request that changes something must bring."""
    watch: bool = True
    """Whether saves on disk are followed."""
    ready: Callable[[], None] | None = None
    """Called once when requests are answered."""

    @property
    def hosts(self) -> frozenset[str]:
        """The `Host` headers that are answered."""
        return hosts_for(self.port)

    @property
    def cookie(self) -> str:
        """Name of the token's cookie."""
        return cookie_name(self.port)
