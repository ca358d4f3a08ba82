"""The docs are under test: they name every command, option and setting."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from gradus.cli.main import cli
from gradus.conformance.naming import PATIENCE
from gradus.judge.naming import NAMING_SECONDS

ROOT = Path(__file__).parents[2]
COMMANDS = ROOT / "docs" / "commands.md"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


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
    text = re.sub(
        r"^```.*?^```$|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.M | re.S
    )
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_table_is_in_one_piece(page):
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    for table in re.findall(r"(?:^\|.*\n)+", text, flags=re.M):
        lines = table.splitlines()
        is_headed = len(lines) > 1 and re.fullmatch(r"[|:\- ]+", lines[1])
        assert is_headed, f"{page.name} has rows without a head: {lines[0][:60]}"


def test_what_is_measured_of_naming_says_that_it_has_more_time_than_a_learner_gives_it():
    text = (ROOT / "docs" / "quality.md").read_text(encoding="utf-8")
    told = text.partition("\n## Naming")[2].partition("\n## ")[0]
    for seconds in (PATIENCE, NAMING_SECONDS):
        assert f"{seconds:.0f} seconds" in told
