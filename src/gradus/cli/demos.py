"""`demo`: a whole system at work, told in the terminal and shown on its live page.

It must not start or follow anything itself: the desk does.
"""

import threading
import webbrowser
from dataclasses import asdict

import click

from gradus.cli.options import Number, Whole, speaks
from gradus.cli.terminal import BOLD, DIM, Terminal, paint
from gradus.desk.demos import Pace, Step, tell_production
from gradus.desk.desk import sit_down

STAYS = 60.0
"""Seconds that the page stays open in the browser when the story is over."""


@click.command(short_help="Watch a fraud scorer meet drift.")
@click.option("--port", type=Whole(1, 65535), help="Use this port and no other.")
@click.option("--seconds", type=Number(10, 3600), help="What the traffic takes.")
@click.option("--fast", is_flag=True, help="A smaller world, as fast as it goes.")
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
@speaks
def production(
    terminal: Terminal, port: int | None, seconds: float | None, fast: bool, no_browser: bool
) -> int:
    """Watch the reference system live: drift, alert, a bad model refused, a good one promoted.

    It is the payment-fraud scorer of examples/fraud, run in the environment 'ops'. What it writes
    goes with it.
    """
    steps: list[Step] = []

    def told(step: Step) -> None:
        if not steps:
            terminal.say(f"The live page is at {step.address}\nCtrl-C ends it.\n")
            if not no_browser:
                threading.Thread(target=webbrowser.open, args=[step.address], daemon=True).start()
        steps.append(step)
        terminal.say(step_line(step, colour=terminal.colour))

    pace = Pace(port, seconds or Pace().seconds, fast, 0.0 if no_browser else STAYS)
    with sit_down() as desk:
        terminal.tell("Starting the fraud scorer …")
        fault = tell_production(desk.catalogue, pace, told)
    if fault:
        terminal.tell(f"The demonstration stopped: {fault}.")
    elif steps:
        terminal.say("\nIt is over, and nothing of it is left.")
    terminal.give({"steps": [asdict(step) for step in steps], "fault": fault})
    return 1 if fault else 0


def step_line(step: Step, *, colour: bool) -> str:
    """Return one step as a line."""
    moment = paint(DIM, f"{step.seconds:5.0f} s", colour=colour)
    return f"{moment}  {paint(BOLD, f'{step.name:<8}', colour=colour)} {step.says}"
