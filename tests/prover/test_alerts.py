"""Alerts are heard wherever they appear, and what was there before is not one."""

import asyncio
import os

import pytest

from gradus.core.service import AlertKind, Alerts
from gradus.prover import alerts
from gradus.prover.alerts import listening
from gradus.prover.claims import InvalidRun
from gradus.prover.exchange import Request
from gradus.prover.ownership import target_of
from gradus.prover.traffic import ask

from .raw_services import response, serving


def test_a_call_of_the_webhook_is_heard_with_its_words(tmp_path):
    async def hear():
        async with listening(Alerts(AlertKind.WEBHOOK, "ALERT_URL"), tmp_path) as listener:
            target = target_of(listener.environment["ALERT_URL"])
            exchange = await ask(target, Request("POST", "/", b'{"drift": "amount"}'))
            assert exchange.good
            assert await listener.until(1, 5)
            return listener.heard

    (alert,) = asyncio.run(hear())
    assert alert.text == '{"drift": "amount"}'


def test_a_call_that_is_no_http_does_not_end_the_listening(tmp_path):
    async def hear():
        async with listening(Alerts(AlertKind.WEBHOOK, "ALERT_URL"), tmp_path) as listener:
            target = target_of(listener.environment["ALERT_URL"])
            odd = Request("POST", "/", raw=b"Content-Length: many\r\n\r\n")
            await ask(target, odd, timeout=2)
            await ask(target, Request("POST", "/", b"after"))
            await listener.until(1, 5)
            return listener.heard

    assert [each.text for each in asyncio.run(hear())] == ["after"]


def test_new_lines_of_a_file_are_heard_and_old_ones_are_not(tmp_path):
    path = tmp_path / "alerts.log"
    path.write_text("an old alert\n")

    async def hear():
        async with listening(Alerts(AlertKind.FILE, "alerts.log"), tmp_path) as listener:
            with path.open("a") as stream:
                stream.write("drift\nmore drift\n")
            assert await listener.until(2, 10)
            return listener.heard

    assert [each.text for each in asyncio.run(hear())] == ["drift", "more drift"]


def test_a_pipe_in_the_place_of_the_file_holds_nobody_up(tmp_path):
    os.mkfifo(tmp_path / "alerts.log")

    async def hear():
        async with listening(Alerts(AlertKind.FILE, "alerts.log"), tmp_path) as listener:
            await listener.until(1, 0.3)
            return listener.heard

    assert asyncio.run(hear()) == ()


def test_each_change_of_an_endpoint_is_heard(tmp_path):
    said = [b"[]"]

    async def alerts(request, writer):
        writer.write(response(said[0]))
        return True

    async def hear():
        alerts_at = Alerts(AlertKind.ENDPOINT, "/alerts")
        async with serving(alerts) as target, listening(alerts_at, tmp_path) as listener:
            await listener.attend(target)
            said[0] = b'["drift"]'
            assert await listener.until(1, 10)
            return listener.heard

    assert [each.text for each in asyncio.run(hear())] == ['["drift"]']


@pytest.mark.parametrize(("most", "body"), [(3000, b"x" * 1000), (600, b"")], ids=["large", "many"])
def test_more_alerts_than_can_be_kept_are_said_and_not_kept(tmp_path, monkeypatch, most, body):
    monkeypatch.setattr(alerts, "MOST_HELD", most)

    async def hear():
        async with listening(Alerts(AlertKind.WEBHOOK, "ALERT_URL"), tmp_path) as listener:
            target = target_of(listener.environment["ALERT_URL"])
            for _ in range(2):
                await ask(target, Request("POST", "/", body))
            assert await listener.until(2, 5)
            assert len(listener.heard) == 2
            await ask(target, Request("POST", "/", body))
            assert not await listener.until(3, 0.3)
            with pytest.raises(InvalidRun, match="more alerts than can be kept"):
                _ = listener.heard

    asyncio.run(hear())
