"""Plays calm traffic and then an incident to your service, in no time, and prints its pages.

    python drill.py stuck

The check plays others, on other numbers. This file is yours: break more.
"""

import asyncio
import random
import sys

import httpx
import runtime
import service

CALM, BROKEN, AFTER = 15, 25, 20  # minutes
EVERY = 40  # seconds
KINDS = ("calm", "shift", "spread", "stuck", "missing", "unseen", "latency", "errors")


def a_value(sensor, kind):
    """One value of a sensor, or None; `kind` says what is wrong with it."""
    z = random.gauss(0, 1)
    if kind == "shift":
        z += 1.5
    elif kind == "spread":
        z *= 3
    elif kind == "stuck":
        z = 0.1
    elif kind == "missing" and random.random() < 0.5:
        return None
    return None if random.random() < 0.01 else sensor["mean"] + sensor["sd"] * z


def a_row(model, kind):
    """What one pump reports; the vibration is what breaks."""
    row = {
        name: a_value(sensor, kind if name == "vibration" else "calm")
        for name, sensor in model["sensors"].items()
    }
    row["mode"] = random.choice(list(model["modes"]))
    if kind == "unseen" and random.random() < 0.5:
        row["mode"] += "-v2"
    return row


def a_request(model, at, kind):
    """A request; its id says what the model server does, see runtime.py."""
    ill = kind in ("latency", "errors") and random.random() < 0.5
    seconds = 0.34 if ill and kind == "latency" else random.uniform(0.02, 0.08)
    mask, micros = random.getrandbits(32), int(seconds * 1e6)
    code = 2 * micros + int(ill and kind == "errors")
    rows = [a_row(model, kind) for _ in range(random.randint(10, 14))]
    return {"id": f"{mask:08x}{mask ^ code:08x}", "at": at, "rows": rows}


async def play(kind):
    """Send everything, and print each message to the pager with its minute."""
    model = runtime.read_model()
    transport = httpx.ASGITransport(app=service.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://pumps") as client:
        n_seen = 0
        for number in range((CALM + BROKEN + AFTER) * 60 // EVERY):
            minute = number * EVERY / 60
            now = kind if CALM <= minute < CALM + BROKEN else "calm"
            body = a_request(model, 1.77e9 + number * EVERY, now)
            await client.post("/predict", json=body)
            messages = (await client.get("/alerts")).json()
            for message in messages[n_seen:]:
                print(f"minute {minute:4.1f}: {message['status']} {message['labels']}")
            n_seen = len(messages)
    print(f"{kind}: from minute {CALM} to {CALM + BROKEN}; {n_seen} messages")


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) == 2 else ""
    if wanted not in KINDS:
        sys.exit(f"python drill.py KIND, where KIND is one of {', '.join(KINDS)}")
    asyncio.run(play(wanted))
