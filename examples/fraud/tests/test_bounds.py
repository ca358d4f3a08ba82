"""What may be under way at once: who is slow to ask is counted too, and not waited for."""

import asyncio
import unittest
from typing import Any
from unittest.mock import patch

from fraud.service import Bounds

SCOPE = {"type": "http", "method": "POST"}
PATIENCE = 20.0


class Asked:
    """One request: what comes of its body, and what is answered."""

    def __init__(self, *body: bytes, ends: bool = True) -> None:
        self._body, self._ends = list(body), ends
        self.is_read = asyncio.Event()
        self.is_gone = asyncio.Event()
        self.code = 0

    async def receive(self) -> dict[str, Any]:
        self.is_read.set()
        if self._body:
            more = len(self._body) > 1 or not self._ends
            return {"type": "http.request", "body": self._body.pop(0), "more_body": more}
        await self.is_gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.code = message.get("status", self.code)


class Service:
    """Answers 200, and keeps what it was asked."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.bodies.append((await receive())["body"])
        await send({"type": "http.response.start", "status": 200})


class UnderWay(unittest.IsolatedAsyncioTestCase):
    def setUp(self) -> None:
        self.service = Service()
        self.bounds = Bounds(self.service, most=1)

    async def ask(self, asked: Asked) -> int:
        await asyncio.wait_for(self.bounds(SCOPE, asked.receive, asked.send), PATIENCE)
        return asked.code

    async def test_a_body_that_is_still_to_come_counts(self) -> None:
        slow = Asked(b"{", ends=False)
        waiting = asyncio.create_task(self.ask(slow))
        await asyncio.wait_for(slow.is_read.wait(), PATIENCE)
        self.assertEqual(await self.ask(Asked(b"{}")), 503)
        slow.is_gone.set()
        self.assertEqual(await waiting, 0)  # nobody is there to be answered
        self.assertEqual(await self.ask(Asked(b"{", b"}")), 200)
        self.assertEqual(self.service.bodies, [b"{}"])

    async def test_a_body_that_does_not_come_gives_its_place_back(self) -> None:
        with patch("fraud.service.BODY_SECONDS", 0.05):
            self.assertEqual(await self.ask(Asked(b"{", ends=False)), 408)
        self.assertEqual(await self.ask(Asked(b"{}")), 200)

    async def test_a_body_that_is_too_large_gives_its_place_back(self) -> None:
        self.assertEqual(await self.ask(Asked(b"x" * 20_000)), 413)
        self.assertEqual(await self.ask(Asked(b"{}")), 200)
