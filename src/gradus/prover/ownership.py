"""Whether a deployed service belongs to who wants it proved: a token at a path that we give.

Nothing but one request goes out here, and no proof before it was answered right.
"""

from urllib.parse import urlsplit

from gradus.core.errors import UsageError
from gradus.prover.exchange import Outcome, Request
from gradus.prover.service import what_came
from gradus.prover.traffic import Target, ask

TOKEN_PATH = "/.well-known/gradus-proof.txt"
_TOKEN_READ = 200


def target_of(url: str) -> Target:
    """Return where an address leads; raises UsageError for what is no address of a service."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:
        raise UsageError(f"'{url}' is no address: {fault}.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"'{url}' is no address: it begins with http:// or https:// and a host.")
    if parts.path not in ("", "/") or parts.query or parts.username:
        raise UsageError(
            f"'{url}' is more than a host and a port. Paths stand in [prove.contract] of "
            "gradus.toml."
        )
    tls = parts.scheme == "https"
    return Target(parts.hostname, port or (443 if tls else 80), tls)


async def must_be_owned(url: str, token: str) -> None:
    """Raise UsageError unless the service gives the token at `TOKEN_PATH`."""
    exchange = await ask(target_of(url), Request("GET", TOKEN_PATH))
    given = exchange.response.body[:_TOKEN_READ].decode("utf-8", "replace").strip()
    if exchange.good and given == token:
        return
    if exchange.outcome is Outcome.REFUSED:
        raise UsageError(f"Nobody answers at {url}: {what_came(exchange)}.")
    seen = "another text" if exchange.good else what_came(exchange)
    raise UsageError(
        f"Whether {url} is yours is not known, so nothing else was sent to it. Let it answer GET "
        f"{TOKEN_PATH} with this line alone (it was {seen}):\n{token}"
    )
