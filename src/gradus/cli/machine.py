"""`start`, `install`, `doctor`: what concerns this machine.

It must not build an environment, make a page or mend anything itself.
"""

import contextlib
import socket
import threading
import webbrowser
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from gradus.cli import texts
from gradus.cli.options import Whole, speaks
from gradus.cli.terminal import Terminal
from gradus.core.errors import UsageError
from gradus.desk.desk import Desk, sit_down, strict_asked
from gradus.desk.doctor import State, layer_rows, probe_sandbox
from gradus.desk.doctor import doctor as look_at_machine
from gradus.desk.environments import (
    environment_states,
    install_environment,
    is_installed,
    spec_of,
)
from gradus.desk.welcome import landing_page
from gradus.desk.workspace import Workspace, create_workspace, find_workspace, home
from gradus.web.app import create_app
from gradus.web.serving import serve
from gradus.web.settings import Settings

LOOPBACK = "127.0.0.1"
USUAL_PORT = 8321
TRIED_PORTS = 20


@click.command(short_help="Open the map in the browser.")
@click.option("--port", type=Whole(1, 65535), help="Use this port and no other.")
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    help="Your folder; without it, the one around here or ~/gradus.",
)
@speaks
def start(terminal: Terminal, port: int | None, no_browser: bool, workspace: Path | None) -> int:
    """Open Gradus in the browser; makes your workspace if there is none, and judges on save."""
    listener = listen(port)
    number = listener.getsockname()[1]
    address = f"http://{LOOPBACK}:{number}/"
    with listener, sit_down(_workspace(terminal, workspace), strict=strict_asked()) as desk:
        terminal.say(f"Your workspace is {desk.here().root}")
        if not is_installed(desk.catalogue, "base"):
            terminal.tell("No lab can be judged yet. In another terminal:\ngradus install base")

        landing = f"{address}{landing_page(desk)}"

        def is_ready() -> None:
            terminal.say(f"Gradus is open at {address}\nCtrl-C closes it.")
            terminal.give({"url": address, "workspace": str(desk.here().root)})
            if not no_browser:
                threading.Thread(target=webbrowser.open, args=[landing], daemon=True).start()

        with contextlib.suppress(KeyboardInterrupt):  # the way in which it is meant to end
            serve(create_app(Settings(desk, number, ready=is_ready)), listener)
    terminal.say("\nClosed. Your files and your record are kept.")
    return 0


@click.command(short_help="Install what labs run in.")
@click.argument("environments", nargs=-1, metavar="[ENV]...")
@click.option("--quiet-if-present", is_flag=True, hidden=True)
@speaks
def install(terminal: Terminal, environments: Sequence[str], quiet_if_present: bool) -> None:
    """Install the environments that labs run in; without ENV, list them."""
    with sit_down() as desk:
        if not environments:
            states = environment_states(desk.catalogue)
            terminal.say(texts.environments_text(states))
            terminal.give(
                {
                    "environments": [
                        {"name": s.name, "installed": s.python is not None} for s in states
                    ]
                }
            )
            return
        for name in environments:
            spec_of(desk.catalogue, name)  # an unknown name is said before anything is fetched
        for name in environments:
            _install(terminal, desk, name, quiet_if_present)


@click.command(short_help="Look at this machine.")
@click.option("--probe", is_flag=True, help="Try every way out of the sandbox, too.")
@click.option("--table", is_flag=True, help="Only what the sandbox enforces, as a table.")
@speaks
def doctor(terminal: Terminal, probe: bool, table: bool) -> int:
    """Look at this machine: what is there, what is weaker than it could be, what is missing."""
    if table:
        return _show_layers(terminal, probe)
    with sit_down() as desk, terminal.waiting("Looking"):
        found = list(look_at_machine(desk))
        if probe:
            found += probe_sandbox(desk)
    terminal.say(texts.doctor_text(found, colour=terminal.colour))
    terminal.give(
        {
            "checkups": [
                {"name": each.name, "state": each.state, "says": each.says, "remedy": each.remedy}
                for each in found
            ]
        }
    )
    return 1 if any(each.state is State.WRONG for each in found) else 0


def _show_layers(terminal: Terminal, probe: bool) -> int:
    """Show what each layer enforces here, and by how many probes that was shown."""
    with sit_down() as desk, terminal.waiting("Looking"):
        rows = layer_rows(desk, probe=probe)
    terminal.say(texts.layers_table(rows))
    terminal.give({"layers": [asdict(each) for each in rows]})
    return 0 if all(each.enforced and each.n_held == each.n_probes for each in rows) else 1


def listen(port: int | None) -> socket.socket:
    """Return a listening socket on loopback; raises UsageError where the asked port is in use."""
    ports = [port] if port is not None else [*range(USUAL_PORT, USUAL_PORT + TRIED_PORTS), 0]
    for each in ports:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((LOOPBACK, each))
            listener.listen(64)
        except OSError as fault:
            listener.close()
            reason = fault.strerror or str(fault)
            continue
        return listener
    if port is None:
        raise UsageError(f"No port on {LOOPBACK} could be opened: {reason}.")
    if port < 1024:
        raise UsageError(f"The port {port} cannot be opened: {reason}. Choose one above 1023.")
    raise UsageError(
        f"The port {port} is in use by another program, perhaps another Gradus. "
        f"Choose another, or leave --port out and a free one is found:\ngradus start"
    )


def _workspace(terminal: Terminal, chosen: Path | None) -> Workspace:
    if chosen is not None:
        return create_workspace(chosen)
    found = find_workspace()
    if found is None:
        found = create_workspace(home())
        terminal.tell(f"Made your workspace in {found.root}")
    return found


def _install(terminal: Terminal, desk: Desk, name: str, quiet_if_present: bool) -> None:
    if is_installed(desk.catalogue, name):
        if not quiet_if_present:
            terminal.say(f"'{name}' is installed already.")
        terminal.give({"environment": name, "installed": True})
        return
    try:
        python = install_environment(desk.catalogue, name, terminal.tell)
    except KeyboardInterrupt:
        terminal.tell(f"\nWhat has been fetched so far is kept:\ngradus install {name}")
        raise
    terminal.give({"environment": name, "installed": True, "python": str(python)})
