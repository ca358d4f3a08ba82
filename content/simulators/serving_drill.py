"""Plays requests at serving.py on a clock of its own, with a model whose calls cost a known time.

No second of yours is spent waiting, and a slow machine gets the same figures as a fast one: the
event loop jumps to the next moment at which something is due. asyncio and the module time
(monotonic, perf_counter, time, sleep) run on this clock; threads of your own do not. Nothing here
says what is right: it writes down what happened, and when.

`python drill.py` plays a small story and prints it. With a file story.json it plays that one and
writes report.json.
"""

import asyncio
import contextlib
import importlib.util
import json
import math
import random
import shutil
import sys
import time
import timeit
import traceback
from pathlib import Path

PLACE = Path(".drill")
MOST_SECONDS, LOOK_SECONDS = 120.0, 0.002
MOST_TURNS, SPIN_SECONDS = 40, 0.0005
EPOCH = 1_790_000_000.0


# ── The clock ───────────────────────────────────────────────────────────────────────────────────


class Clock:
    """The time of the drill, in seconds."""

    def __init__(self):
        self.now = 1000.0

    def sleep(self, seconds):
        """Let time pass while nothing else happens, as time.sleep does."""
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        self.now += seconds

    def rule(self):
        """Let the module time tell this time, for whoever imports it from now on."""
        time.monotonic = time.perf_counter = lambda: self.now
        time.monotonic_ns = time.perf_counter_ns = lambda: round(self.now * 1e9)
        time.time = lambda: EPOCH + self.now
        time.time_ns = lambda: round((EPOCH + self.now) * 1e9)
        time.sleep, timeit.default_timer = self.sleep, time.perf_counter


class Loop(asyncio.BaseEventLoop):
    """An event loop that does not wait: when nothing is ready, it is later at once."""

    def __init__(self, clock):
        super().__init__()
        self._clock, self._selector, self._n_turns = clock, self, 0

    def time(self):
        return self._clock.now

    def select(self, timeout):
        """Go to the moment of the next timer, exactly."""
        if timeout is None:
            raise RuntimeError("everything waits, and nothing will ever happen")
        if timeout > 0:
            self._clock.now = max(self._clock.now, self._scheduled[0].when())
            self._n_turns = 0
        elif self._ready:
            self._n_turns += 1
            if self._n_turns > MOST_TURNS:  # somebody waits with sleep(0): time passes all the same
                later = self._clock.now + SPIN_SECONDS
                if self._scheduled:
                    later = min(later, self._scheduled[0].when())
                self._clock.now = max(self._clock.now, later)
                self._n_turns = 0
        return []

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass

    def run_in_executor(self, executor, func, *args):
        """Run a function as a thread would: what it sleeps passes for itself alone."""
        before, future = self._clock.now, self.create_future()
        try:
            value, fault = func(*args), None
        except Exception as raised:
            value, fault = None, raised
        after, self._clock.now = self._clock.now, before

        def tell():
            if not future.done() and fault is not None:
                future.set_exception(fault)
            elif not future.done():
                future.set_result(value)

        self.call_at(after, tell)
        return future


def run(clock, coroutine, seconds=MOST_SECONDS):
    """Run a coroutine on a loop of its own; raises TimeoutError after so much of its time."""
    loop = Loop(clock)
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(asyncio.wait_for(coroutine, seconds))
    finally:
        loop.set_exception_handler(lambda *_: None)
        for each in asyncio.all_tasks(loop):
            each.cancel()
        with contextlib.suppress(BaseException):
            loop.run_until_complete(asyncio.sleep(0))
        asyncio.set_event_loop(None)
        loop.close()


# ── The model ───────────────────────────────────────────────────────────────────────────────────


class Model:
    """A model on one device: calls are computed one after another, each for `fixed + n * per_row`.

    The first call takes `cold` seconds more, whoever makes it.
    """

    def __init__(self, given, clock, events):
        self.card = dict(given["card"])
        self.max_rows = given["max_rows"]
        self._given, self._clock, self._events = given, clock, events
        self._free_at, self._n_calls, self._n_early = clock.now, 0, math.inf

    def count_from_here(self):
        """Let calls that are to fail be counted from the next one on."""
        self._n_early = self._n_calls

    async def predict(self, vectors):
        """Return a score for each vector [log of 1 + amount, hours]."""
        rows = [[float(each) for each in vector] for vector in vectors]
        if not 1 <= len(rows) <= self.max_rows:
            raise ValueError(f"{len(rows)} rows in a call; 1 to {self.max_rows} are possible")
        if any(len(row) != 2 or not all(map(math.isfinite, row)) for row in rows):
            raise ValueError("a vector is two finite numbers")
        self._n_calls += 1
        number, asked = self._n_calls, self._clock.now
        cost = self._given["fixed"] + self._given["per_row"] * len(rows)
        started = max(asked, self._free_at)
        ended = started + cost + (self._given["cold"] if number == 1 else 0.0)
        self._free_at = ended
        fails = number - self._n_early in self._given.get("fails", [])
        self._events.append(["call", len(rows), asked, started, ended, not fails])
        loop = asyncio.get_running_loop()
        computed = loop.create_future()
        loop.call_at(ended, lambda: computed.done() or computed.set_result(None))
        await computed
        if fails:
            raise RuntimeError("the device was lost")
        a, b, c = self._given["weights"]
        return [1 / (1 + math.exp(-(a + b * x + c * y))) for x, y in rows]


# ── What is played ──────────────────────────────────────────────────────────────────────────────


def load():
    """Import serving.py."""
    sys.path.insert(0, "")
    spec = importlib.util.spec_from_file_location("serving", "serving.py")
    module = sys.modules["serving"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def told(fault):
    """An exception in words, with the line of serving.py that raised it."""
    lines = [each.lineno for each in traceback.extract_tb(fault.__traceback__)
             if each.filename.endswith("serving.py")]  # fmt: skip
    line = f"serving.py, line {lines[-1]}: " if lines else ""
    name = type(fault).__name__
    kind = " (a ValueError)" if isinstance(fault, ValueError) and name != "ValueError" else ""
    return f"{line}{name}{kind}: {fault}"[:300]


def number_of(value):
    """A number as JSON can hold it, or a text that says what it was."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return f"{type(value).__name__} {value!r}"[:80]


class Traffic:
    """Requests that come when they come, whatever becomes of those before them."""

    def __init__(self, serving, service, clock, events):
        self.serving, self.service, self.clock, self.events = serving, service, clock, events
        self.answers = {}

    async def ask(self, number, row, start, patience=None):
        """Make one request and write down its end."""
        self.events.append(["ask", number])
        said = ["unanswered", None]
        try:
            asking = self.service.predict(row)
            value = await (asking if patience is None else asyncio.wait_for(asking, patience))
            said = ["answered", number_of(value)]
        except self.serving.Unavailable:
            said = ["refused", None]
        except TimeoutError as fault:
            said = ["gone" if patience is not None else "raised", told(fault)]
        except Exception as fault:
            said = ["raised", told(fault)]
        finally:
            self.events.append([said[0], number])
            self.answers[number] = [*said, start, self.clock.now]

    async def play(self, rows, starts, patience):
        """Make all requests, each at its start; wait for the answers at most ten seconds."""
        loop, began, asked = asyncio.get_running_loop(), self.clock.now, []
        first = len(self.answers)
        for place, row in enumerate(rows):
            start = began + starts[place]
            late = loop.create_future()
            loop.call_at(start, lambda late=late: late.done() or late.set_result(None))
            await late
            waits = patience.get(str(place))
            asked.append(loop.create_task(self.ask(first + place, row, start, waits)))
        await asyncio.wait(asked, timeout=10.0)
        for each in asked:
            each.cancel()
        await asyncio.gather(*asked, return_exceptions=True)


def is_ready(service):
    ready = service.ready
    return bool(ready() if callable(ready) else ready)


async def play_service(serving, part, clock, left):
    """Start a service and play requests at it: some early, then the traffic."""
    events = left["events"] = []
    model = Model(part["model"], clock, events)
    service = serving.Service(model, **part["limits"])
    traffic = Traffic(serving, service, clock, events)
    left["answers"] = traffic.answers
    for number, row in enumerate(part["early"]):
        await traffic.ask(number, row, clock.now, patience=1.0)
    left["ready_before_start"] = is_ready(service)
    starting = asyncio.ensure_future(service.start())
    began = clock.now
    while not is_ready(service) and clock.now < began + 30.0:
        if starting.done():
            starting.result()
        await asyncio.sleep(LOOK_SECONDS)
    left["ready"] = is_ready(service)
    events.append(["ready", clock.now])
    model.count_from_here()
    if left["ready"]:
        await traffic.play(part["rows"], part["starts"], part.get("patience", {}))
    starting.cancel()


async def play_pair(serving, part, clock, left):
    """Play two services at the same time, each with a model of its own."""
    left["pair"] = [{}, {}]
    both = zip(part["pair"], left["pair"], strict=True)
    await asyncio.gather(*(play_service(serving, one, clock, its) for one, its in both))


async def play_night(serving, part, clock, left):
    """Let a file be scored."""
    events = left["events"] = []
    source, target = PLACE / "rows.csv", PLACE / "scores.csv"
    target.unlink(missing_ok=True)
    source.write_text(part["text"], encoding="utf-8")
    await serving.score_file(Model(part["model"], clock, events), source, target)
    left["written"] = target.read_text(encoding="utf-8") if target.exists() else None


async def play_measure(serving, part, clock, left):
    """Let a service of ours be measured: httpx, but for the network."""
    import httpx

    seen = left["seen"] = {}
    began = clock.now

    class Transport(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            try:
                number = json.loads(request.content)["id"]
            except (ValueError, KeyError, TypeError):
                return httpx.Response(422)
            came = clock.now
            if number == part["blocks_at"]:
                clock.sleep(part["blocks"])
            until = max([clock.now, *(began + end for start, end in part["stalls"]
                                      if start <= came - began < end)])  # fmt: skip
            kind = part["fails"].get(str(number))
            done = clock.now + 0.001 if kind else until + part["service"][number]
            await asyncio.sleep(done - clock.now)
            seen.setdefault(str(number), []).append([came - began, clock.now - began])
            if kind == "lost":
                raise httpx.ConnectError("connection refused", request=request)
            if kind:
                return httpx.Response(503, json={"detail": "not now"})
            return httpx.Response(200, json={"score": 0.5})

    rows = [{"id": number, "amount": 10.0, "hours": 3} for number in range(len(part["starts"]))]
    async with httpx.AsyncClient(transport=Transport(), base_url="http://service") as client:
        found = await serving.measure(client, "/v1/predict", rows, part["starts"])
    left["found"] = {str(key): number_of(value) for key, value in dict(found).items()}


async def play_choice(serving, part, clock, left):
    """Ask for each need how it should be served."""
    left["chosen"] = []
    for need in part["needs"]:
        chosen = serving.choose(dict(need), dict(part["cost"]))
        left["chosen"].append(chosen if isinstance(chosen, str) else repr(chosen))


KINDS = {"service": play_service, "pair": play_pair, "night": play_night, "measure": play_measure,
         "choice": play_choice}  # fmt: skip


def play(story):
    """Play the parts one after another; return what each left behind, by its name."""
    clock = Clock()
    clock.rule()
    report = {}
    try:
        serving = load()
    except BaseException as fault:
        return {part["name"]: {"broken": told(fault)} for part in story}
    for part in story:
        left = report[part["name"]] = {}
        try:
            run(clock, KINDS[part["kind"]](serving, part, clock, left))
        except TimeoutError:
            left["broken"] = f"not done after {MOST_SECONDS:g} s on the drill's clock"
        except Exception as fault:
            left["broken"] = told(fault)
    return report


# ── The example ─────────────────────────────────────────────────────────────────────────────────

MODEL = {"card": {"median_amount": 40.0}, "max_rows": 100, "weights": [-2.0, 0.5, 0.01],
         "fixed": 0.008, "per_row": 0.0005, "cold": 1.5}  # fmt: skip
LIMITS = {"max_batch": 16, "max_wait": 0.01, "max_queue": 64}


def example():
    """A night, three kinds of day, and a service to measure."""
    chance = random.Random()

    def rows(n):
        return [{"id": f"r{i}", "amount": round(chance.expovariate(0.02), 2), "hours": i}
                for i in range(n)]  # fmt: skip

    def starts(n, rate):
        moments, now = [], 0.0
        for _ in range(n):
            now += chance.expovariate(rate)
            moments.append(now)
        return moments

    lines = [f"{row['id']},{row['amount']},{row['hours']}" for row in rows(250)]
    day = {"kind": "service", "model": MODEL, "limits": LIMITS, "early": []}
    return [
        {"name": "night", "kind": "night", "model": MODEL,
         "text": "\n".join(["id,amount,hours", *lines]) + "\n"},
        {**day, "name": "quiet", "rows": rows(20), "starts": starts(20, 5)},
        {**day, "name": "busy", "rows": rows(600), "starts": starts(600, 500)},
        {**day, "name": "overload", "rows": rows(2000), "starts": starts(2000, 2000)},
        {"name": "measure", "kind": "measure", "starts": starts(300, 200), "service": [0.005] * 300,
         "stalls": [[0.5, 1.0]], "fails": {}, "blocks_at": -1, "blocks": 0.0},
    ]  # fmt: skip


def tell(name, left):
    """Print what a part left behind."""
    print(f"\n{name}" + (f": {left['broken']}" if "broken" in left else ""))
    calls = [event for event in left.get("events", []) if event[0] == "call"]
    if calls:
        print(f"  {len(calls)} calls of the model, {sum(call[1] for call in calls)} rows")
    answers = list(left.get("answers", {}).values())
    for kind in sorted({answer[0] for answer in answers}):
        waits = sorted(1000 * (end - start) for said, _, start, end in answers if said == kind)
        middle, high = waits[len(waits) // 2], waits[min(len(waits) - 1, len(waits) * 99 // 100)]
        print(f"  {len(waits)} {kind}, after ms: p50 {middle:.1f}, p99 {high:.1f}, "
              f"longest {waits[-1]:.1f}")  # fmt: skip
    for line in (left.get("written") or "").splitlines()[:4]:
        print(f"  {line}")
    if "found" in left:
        print(f"  {left['found']}")


def main():
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir()
    story = Path("story.json")
    if story.exists():
        parts = json.loads(story.read_text(encoding="utf-8"))
        story.unlink()
        Path("report.json").write_text(json.dumps(play(parts)), encoding="utf-8")
    else:
        for name, left in play(example()).items():
            tell(name, left)
    shutil.rmtree(PLACE, ignore_errors=True)


if __name__ == "__main__":
    main()
