"""What a sandbox is to those who use it, so that another one can take its place.

It holds no code: `self_check` says whether an implementation keeps the contract.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, Self

from ..core.lab import Limits, Profile
from .outcomes import Reply


class UntrustedChild(Protocol):
    """One process that runs code nobody has read; leaving its context ends all that it started."""

    def request(
        self,
        op: str,
        /,
        *,
        stubs: Mapping[int, Callable[..., Any]] | None = None,
        timeout: float,
        **fields: Any,
    ) -> Reply:
        """Ask for one thing; raises `ChildEnded` where the child ended or went beyond a limit."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...


class Sandbox(Protocol):
    """Gives children, each as if none had been before it; leaving its context ends them all."""

    def child(self, folder: Path | None, limits: Limits, profile: Profile) -> UntrustedChild:
        """Start a child whose only writable place is `folder`."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...
