"""`python -m fraud COMMAND`: what an operator types."""

import argparse
import contextlib
import json
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # one row at a time: threads would only wait

from fraud import commands
from fraud.commands import Impossible, System
from fraud.contract import Refused
from fraud.defects import Unknown
from fraud.settings import Mistaken, settings


def _number(kind: Any, fits: Callable[[Any], bool], what: str) -> Callable[[str], Any]:
    """Return what reads a number, and says what it has to be where it is not."""

    def read(said: str) -> Any:
        with contextlib.suppress(ValueError):
            value = kind(said)
            if fits(value):
                return value
        raise argparse.ArgumentTypeError(f"'{said}' is not {what}")

    return read


PORT = _number(int, lambda n: 0 < n < 65_536, "a port, from 1 to 65535")
SHARE = _number(float, lambda n: 0 < n < 1, "a share, above 0 and below 1, such as 0.1")
COUNT = _number(int, lambda n: n > 0, "a whole number above 0")
DAYS = _number(float, lambda n: 0 < n < math.inf, "a number of days above 0")
SECONDS = _number(float, lambda n: 0 < n < math.inf, "a number of seconds above 0")
STAY = _number(float, lambda n: 0 <= n < math.inf, "a number of seconds, 0 or more")


def main(words: list[str]) -> int:
    """Follow one command and return its exit status: 1 where the gate refused, 2 for a mistake."""
    asked = parser().parse_args(words)
    try:
        return int(asked.follow(asked) or 0)
    except KeyboardInterrupt:
        return 130
    except (Impossible, Refused, Mistaken, Unknown) as fault:
        print(f"fraud: {fault}", file=sys.stderr)
        return 2
    except OSError as fault:
        print(f"fraud: {fault.filename or ''}: {fault.strerror or fault}", file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    """Return the commands with their options."""
    whole = argparse.ArgumentParser(prog="python -m fraud", description=__doc__)
    below = whole.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, follow: Any, says: str) -> argparse.ArgumentParser:
        made = below.add_parser(name, help=says, description=says)
        made.set_defaults(follow=follow)
        return made

    command("init", _init, "give a fresh system a past and its first model")
    made = command("serve", _serve, "answer requests; a fresh system is given a model first")
    made.add_argument("--port", type=PORT, default=8000)
    made.add_argument("--empty", action="store_true", help="begin without a model")
    made = command("batch", _batch, "score a file of payments")
    made.add_argument("rows", type=Path)
    made.add_argument("predictions", type=Path)
    made = command("retrain", _retrain, "train and register a new version; it serves nobody yet")
    made.add_argument("--labels", type=Path, help="newer labelled payments, as JSON Lines")
    made.add_argument("--days", type=DAYS, default=commands.USUAL_DAYS, help="how far back")
    made = command("promote", _promote, "put a version into service, unless the gate refuses it")
    made.add_argument("version")
    made.add_argument("--share", type=SHARE, help="for this share of the cards only: a canary")
    command("rollback", _rollback, "put what was in service before back")
    made = command("rows", _rows, "write simulated payments as JSON Lines")
    made.add_argument("path", type=Path)
    made.add_argument("--count", type=COUNT, default=1000)
    made.add_argument("--labelled", action="store_true")
    made = command("demo", _demo, "tell the whole story on a live page")
    made.add_argument("--port", type=PORT, default=8000)
    made.add_argument("--folder", type=Path, help="an empty folder to work in; it goes at the end")
    made.add_argument("--seconds", type=SECONDS, default=100.0, help="what the traffic takes")
    made.add_argument("--fast", action="store_true", help="a small world, and no waiting")
    made.add_argument("--stay", type=STAY, default=0.0, help="seconds that the page stays after")
    return whole


def _begun() -> System:
    """Return the system, with a past and a first model where it is fresh."""
    system = System(settings())
    commands.init(system)
    return system


def _init(_: Any) -> None:
    print(commands.init(System(settings())), flush=True)


def _serve(asked: Any) -> None:
    import uvicorn

    from fraud.service import create_app

    if not asked.empty:
        _begun().close()
    uvicorn.run(
        create_app(settings()),
        host="127.0.0.1",
        port=asked.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
    )


def _batch(asked: Any) -> None:
    commands.batch(_begun(), asked.rows, asked.predictions)


def _retrain(asked: Any) -> None:
    print(commands.retrain(_begun(), asked.labels, days=asked.days), flush=True)


def _promote(asked: Any) -> int:
    decision = commands.promote(System(settings()), asked.version, asked.share)
    print(json.dumps({"promoted": decision.promote, "reason": decision.reason, **decision.facts}))
    return 0 if decision.promote else 1


def _rollback(_: Any) -> None:
    print(commands.rollback(System(settings())), flush=True)


def _rows(asked: Any) -> None:
    commands.write_rows(asked.path, asked.count, asked.labelled)


def _demo(asked: Any) -> int:
    from fraud.story import tell

    return tell(asked.folder, asked.port, None if asked.fast else asked.seconds, asked.stay)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
