"""Who may ask for what."""

import re
from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from gradus.web.app import ROUTES
from gradus.web.security import LARGEST_BODY
from gradus.web.settings import Settings

ADDRESS = "http://127.0.0.1:8321"
PAGES = ["/", "/labs", "/labs/M01", "/labs/F02", "/progress", "/welcome", "/skills/py-basics"]
CHANGING = [
    route.path.replace("{name}", "M01")
    for route in ROUTES
    if isinstance(route, Route) and "POST" in (route.methods or ())
]
OWN = {"origin": ADDRESS, "sec-fetch-site": "same-origin"}


@pytest.mark.parametrize("address", [*PAGES, "/nothing", "/static/mark.svg"])
def test_every_answer_carries_a_strict_policy(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self' 'nonce-")
    for rule in ("form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert rule in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_inline_script_or_style_or_a_foreign_address(
    client: TestClient, address: str
) -> None:
    html = client.get(address).text
    assert not re.search(r"<script(?![^>]*\bsrc=\"/static/)", html)
    assert "<style" not in html
    assert not re.search(r"\s(style|on\w+)=", html)
    assert not re.search(r"(?:src|action)=\"(?!/)", html)


def test_the_nonce_is_fresh_for_every_answer(client: TestClient) -> None:
    pages = [client.get("/labs") for _ in range(2)]
    nonces = [re.findall(r'name="style-nonce" content="([^"]+)"', page.text) for page in pages]
    assert nonces[0] != nonces[1]
    assert f"'nonce-{nonces[0][0]}'" in pages[0].headers["content-security-policy"]


@pytest.mark.parametrize("host", ["127.0.0.1:8321", "localhost:8321", "[::1]:8321"])
def test_loopback_names_with_the_port_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/labs", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:80", "localhost:9999", "127.0.0.1.nip.io:8321"]
)
def test_another_host_name_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/labs", headers={"host": host})
    assert answer.status_code == 421
    assert "this machine only" in answer.text


@pytest.mark.parametrize("address", CHANGING)
def test_another_site_changes_nothing(client: TestClient, settings: Settings, address: str) -> None:
    client.cookies.set(settings.cookie, settings.token)
    fields = {"token": settings.token}
    foreign: list[dict[str, str]] = [
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "none"},
        {"origin": "null"},
        {"origin": "https://127.0.0.1:8321"},
        {},
    ]
    for headers in foreign:
        assert client.post(address, data=fields, headers=headers).status_code == 403


@pytest.mark.parametrize("address", CHANGING)
def test_nothing_changes_without_the_token_in_cookie_and_form(
    client: TestClient, settings: Settings, address: str
) -> None:
    assert client.post(address, data={"token": settings.token}, headers=OWN).status_code == 403
    client.cookies.set(settings.cookie, settings.token)
    assert client.post(address, data={"x": "1"}, headers=OWN).status_code == 403
    assert client.post(address, data={"token": "old"}, headers=OWN).status_code == 403
    answer = client.post(address, data={"x": "1"}, headers={**OWN, "accept": "application/json"})
    assert "earlier start" in answer.json()["message"]


def test_reading_changes_nothing_but_keeps_the_plan_that_it_showed(
    client: TestClient, settings: Settings
) -> None:
    before = list(settings.desk.ledger().rows())
    for _ in range(2):
        for address in PAGES:
            client.get(address)
    after = list(settings.desk.ledger().rows())
    assert after[: len(before)] == before
    assert [row.kind for row in after[len(before) :]] in ([], ["plan"])
    assert settings.desk.here().opened() == ()


def test_a_body_that_is_too_long_or_no_form_is_refused(person: Any) -> None:
    too_long = "x" * (LARGEST_BODY + 1)
    assert person.script("/labs/M01/guess", guess=too_long).status_code == 413
    answer = person.client.post("/labs/M01/guess", content=b"{}", headers=OWN)
    assert answer.status_code == 403


def test_the_token_is_in_a_strict_cookie_that_scripts_cannot_read(client: TestClient) -> None:
    cookie = client.get("/labs").headers["set-cookie"].lower()
    assert "samesite=strict" in cookie
    assert "httponly" in cookie


def test_static_files_do_not_lead_out_of_their_folder(client: TestClient) -> None:
    for address in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/built/../../app.py"):
        assert client.get(address).status_code == 404
