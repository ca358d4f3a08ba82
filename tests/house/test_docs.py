"""The docs are under test: they name every command, option and setting, and their blocks run."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from gradus.cli.main import cli
from gradus.sandbox.environment import environment_home

ROOT = Path(__file__).parents[2]
COMMANDS = ROOT / "docs" / "commands.md"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
RUNS = re.compile(r"<!-- runs -->\n+```(?:sh|console|bash)\n(.*?)```", re.DOTALL)


def commands(group: click.Group = cli, name: str = "gradus") -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its whole name."""
    context = click.Context(group)
    for each in group.list_commands(context):
        command = group.get_command(context, each)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {each}")
        else:
            yield f"{name} {each}", command


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=str)
def test_the_docs_name_every_command_and_its_options(name, command):
    row = next((line for line in COMMANDS.read_text().splitlines() if f"| `{name}" in line), "")
    assert row, f"docs/commands.md has no row for `{name}`"
    for option in command.params:
        hidden = getattr(option, "hidden", False)
        if isinstance(option, click.Option) and not hidden and option.name != "as_json":
            assert option.opts[0] in row, f"the row of `{name}` does not name {option.opts[0]}"


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=str)
def test_every_command_takes_json(name, command):
    assert "--json" in {word for option in command.params for word in option.opts}


def test_the_docs_name_every_setting():
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for path in (ROOT / "src").rglob("*.py"):
        for setting in re.findall(r"\bGRADUS_[A-Z]+\b", path.read_text(encoding="utf-8")):
            assert f"`{setting}`" in text, f"{path.name} reads {setting}, which no page names"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_the_repository_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def blocks() -> Iterator[tuple[str, str]]:
    """Yield the blocks that are marked to be run."""
    for page in PAGES:
        for number, block in enumerate(RUNS.findall(page.read_text(encoding="utf-8")), 1):
            yield f"{page.name} {number}", block


@pytest.mark.slow
@pytest.mark.parametrize(("name", "block"), list(blocks()), ids=lambda each: str(each)[:30])
def test_a_marked_block_runs(name, block, tmp_path):
    words = [line.removeprefix("$ ") for line in block.splitlines() if line[:2] != "> "]
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "GRADUS_WORKSPACE": str(tmp_path / "gradus"),
        "GRADUS_ENVIRONMENTS": str(environment_home()),
    }
    done = subprocess.run(
        ["sh", "-e", "-c", "\n".join(words)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
