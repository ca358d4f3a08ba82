"""Who may ask for what: the right host, no other site's page, a token of this start, and headers.

It must not know what a request does. Every answer passes through here.
"""

import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = frozenset({"GET", "HEAD"})
LARGEST_BODY = 2 * 1024 * 1024
"""Bytes of the largest request body."""
TOKEN_HEADER = "x-gradus-token"
TOKEN_FIELD = "token"
Form = Mapping[str, str]


class Refused(Exception):
    """A request that may not change anything; `str()` says why."""


def policy(nonce: str) -> str:
    """Return the content security policy of every page."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def hosts_for(port: int) -> frozenset[str]:
    """Return the `Host` headers under which a loopback server on that port may be asked."""
    names = ("127.0.0.1", "localhost", "[::1]")
    with_port = {f"{name}:{port}" for name in names}
    return frozenset(with_port | set(names) if port == 80 else with_port)


class Guard:
    """Refuses foreign hosts and foreign pages, bounds bodies, and sets the headers of answers."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _set_headers(MutableHeaders(scope=message), nonce)
            await send(message)

        refusal = self._refusal(scope["method"], headers)
        if refusal:
            answer = PlainTextResponse(refusal[1] + "\n", status_code=refusal[0])
            await answer(scope, receive, send_guarded)
            return
        await self.app(scope, receive, send_guarded)

    def _refusal(self, method: str, headers: Headers) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if host not in self.hosts:
            return 421, "Gradus answers on this machine only, at the address that it printed."
        if method in SAFE_METHODS:
            return None
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is None and origin is None:
            return 403, "A request that changes something must say where it comes from."
        if site is not None and site != "same-origin":
            return 403, "Another page may not change anything here."
        if origin is not None and urlsplit(origin)[:2] != ("http", host):
            return 403, "Another page may not change anything here."
        length = headers.get("content-length", "")
        if not length.isdigit():
            return 411, "A request must say how long it is."
        if int(length) > LARGEST_BODY:
            return 413, f"A request may be {LARGEST_BODY} bytes long, not more."
        return None


def _set_headers(headers: MutableHeaders, nonce: str) -> None:
    headers["content-security-policy"] = policy(nonce)
    headers["x-content-type-options"] = "nosniff"
    headers["referrer-policy"] = "same-origin"
    headers["cross-origin-opener-policy"] = "same-origin"
    headers["cross-origin-resource-policy"] = "same-origin"
    headers.setdefault("cache-control", "no-cache")


def cookie_name(port: int) -> str:
    """Return the name of the token's cookie; cookies do not tell ports apart, so the name does."""
    return f"gradus-{port}"


async def read_form(request: Request, token: str, cookie: str) -> Form:
    """Return the fields of a request that changes something; raises `Refused` without the token.

    The token must come twice: in the cookie, which no other site's request carries, and in a
    header or field, which no other page can know.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/x-www-form-urlencoded":
        raise Refused("A request must be a form.")
    try:
        body = (await request.body()).decode("ascii")
        form = dict(parse_qsl(body, keep_blank_values=True, max_num_fields=20, errors="strict"))
    except ValueError as fault:
        raise Refused("A request must be a form in UTF-8.") from fault
    said = request.headers.get(TOKEN_HEADER) or form.get(TOKEN_FIELD, "")
    if not _same(said, token) or not _same(request.cookies.get(cookie, ""), token):
        raise Refused("This page is from an earlier start of Gradus. Load it again.")
    return form


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
