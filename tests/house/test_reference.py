"""The pages of docs/ that say all there is: rules, words of a check, keys of a lab, rooms.

Each names everything that the code has, and where that can be told apart, nothing else. Commands
are held by test_docs.py, examples by test_examples.py.
"""

import ast
import inspect
import re
from pathlib import Path

import gradus
import gradus.check
from gradus.catalogue import load_catalogue
from gradus.check import draw
from gradus.check.answers import Answer
from gradus.check.claims import GIVEN_BY_NAME
from gradus.check.works import Command, Folder, Response, Service
from gradus.cli.faults import EXIT_OF_VERDICT
from gradus.conformance import RULES, Depth
from gradus.conformance.mutation import operators_of
from gradus.core.lab import Entry, EntryKind, LabProof, Limits, Profile
from gradus.core.verdict import Judgement, Verdict

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
RULES_BEGIN, RULES_END = "<!-- rules -->\n", "<!-- end of rules -->\n"
ANCHOR = re.compile(r"\]\(([^)#\s]*)#([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
MOST_WORDS = 700
"""Words of a decision: one page."""


def text_of(name: str) -> str:
    """Return the text of a page of the docs."""
    return (DOCS / name).read_text(encoding="utf-8")


def part_of(name: str, heading: str) -> str:
    """Return what stands under a heading of the second level."""
    return text_of(name).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def settings_of_the_code() -> set[str]:
    """Return the environment variables that a person can set."""
    found: set[str] = set()
    for path in (ROOT / "src" / "gradus").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"environ\.get\(\"([A-Z_]+)\"", source))
    for path in (ROOT / "scripts").iterdir():
        if path.is_file():
            source = path.read_text(encoding="utf-8")
            found |= set(re.findall(r"\$\{([A-Z_]+):-\}", source))
    return found - {"PATH"}


def test_every_setting_is_told_and_no_other():
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", part_of("commands.md", "Settings"), re.MULTILINE))
    assert told == settings_of_the_code()


def test_every_verdict_is_told_with_its_exit_status():
    for verdict, status in EXIT_OF_VERDICT.items():
        assert f"| `{verdict}` | {status} |" in text_of("learners.md")


def test_every_field_of_a_verdict_as_json_is_told():
    page = part_of("learners.md", "Verdicts")
    empty = Judgement("", "", "", Verdict.PASSED, 0, 0.0, ())
    assert [field for field in empty.as_json() if f"`{field}`" not in page] == []


def literal(text: str) -> str:
    """Return a sentence so that Markdown shows what it says and draws no picture."""
    return re.sub(r"(!\[[^\]]*\]\([^)]*\)|<\w+>)", r"`\1`", text)


def rules_text() -> str:
    """Return the part of docs/rules.md that is made from the rules themselves."""
    lines = []
    for depth, title in ((Depth.QUICK, "The quick depth"), (Depth.THOROUGH, "The thorough depth")):
        lines += [f"## {title}", ""]
        for rule in RULES.values():
            if rule.depth is not depth:
                continue
            lines += [f"### `{rule.code}`", "", (rule.look.__doc__ or "").strip(), ""]
            lines += [f"- Why: {literal(rule.reason)}", f"- What to do: {literal(rule.remedy)}"]
            if rule.after:
                after = ", ".join(f"`{each}`" for each in rule.after)
                lines.append(f"- Looked at once these hold: {after}")
            lines.append("")
    return "\n" + "\n".join(lines)


def test_every_rule_is_told_as_it_is(update_golden: bool) -> None:
    page = text_of("rules.md")
    before, _, rest = page.partition(RULES_BEGIN)
    _, _, after = rest.partition(RULES_END)
    whole = f"{before}{RULES_BEGIN}{rules_text()}{RULES_END}{after}"
    if update_golden:
        (DOCS / "rules.md").write_text(whole, encoding="utf-8")
    assert text_of("rules.md") == whole, "pytest tests/house/test_reference.py --update-golden"


def test_every_operator_of_mutants_is_told_as_it_is(update_golden: bool) -> None:
    page = text_of("authors.md")
    head = "| operator | what it changes |\n|---|---|\n"
    before, _, rest = page.partition(head)
    after = rest[rest.index("\n## ") :] if "\n## " in rest else ""
    rows = [f"| `{each.name}` | {each.meaning} |\n" for each in operators_of()]
    whole = f"{before}{head}{''.join(rows)}{after}"
    if update_golden:
        (DOCS / "authors.md").write_text(whole, encoding="utf-8")
    assert text_of("authors.md") == whole, "pytest tests/house/test_reference.py --update-golden"


def test_every_word_of_a_check_is_told():
    page = text_of("words.md")
    functions = [each for each in gradus.check.__all__ if each[0].islower()]
    missing = [each for each in functions if not re.search(rf"`@?{each}\b", page)]
    missing += [
        f"draw.{name}"
        for name, each in inspect.getmembers(draw, inspect.isfunction)
        if each.__module__ == draw.__name__ and name[0] != "_" and name != "round_to"
        if f"draw.{name}" not in page
    ]
    for kind in (Answer, draw.Draw, Folder, Command, Response, Service):
        for name in dir(kind):
            ours = name.startswith("_") or name in ("sample", "as_argument")
            if not ours and not re.search(rf"\.{name}\b", page):
                missing.append(f"{kind.__name__}.{name}")
    missing += [each for each in GIVEN_BY_NAME if f"| `{each}` |" not in page]
    assert missing == []


def test_every_key_of_a_lab_is_told_and_no_other():
    table = part_of("authors.md", "`lab.toml`")
    source = (ROOT / "src" / "gradus" / "catalogue" / "lab_file.py").read_text(encoding="utf-8")
    keys = set(re.findall(r'section\.(?:text|texts|whole|flag|table|one_of)\("(\w+)"', source))
    keys |= set(re.findall(r'(?:_modules|_numbers)\(section, "(\w+)"\)', source))
    keys |= {field for kind in (Entry, Limits) for field in kind.__dataclass_fields__}
    assert [key for key in sorted(keys) if not re.search(rf"`\[?{key}\b", table)] == []
    rows = set(re.findall(r"^\| `\[?(\w+)\]?` \|", table, re.MULTILINE))
    assert rows - set(EntryKind) <= keys
    assert [kind for kind in (*EntryKind, *Profile) if f"`{kind}`" not in table] == []
    proofs = part_of("authors.md", "Proofs")
    fields = LabProof.__dataclass_fields__
    assert [
        key for key in fields if f"`{key}`" not in proofs and f"[proof.{key}]" not in proofs
    ] == []


def test_every_room_is_told_with_what_it_may_import():
    tree = ast.parse((ROOT / "tests" / "house" / "test_imports.py").read_text(encoding="utf-8"))
    table = next(
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "MAY_IMPORT"
    )
    assert isinstance(table, ast.Dict)
    rooms = {
        ast.literal_eval(room): ast.literal_eval(others) if isinstance(others, ast.Set) else set()
        for room, others in zip(table.keys, table.values, strict=True)
        if room is not None
    }
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\|([^|]*)\|$", text_of("contributors.md"), re.MULTILINE)
    assert {room: set(re.findall(r"`(\w+)`", others)) for room, others in rows} == rooms


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as a forge makes them."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).strip().replace(" ", "-") for each in headings}


def test_every_link_to_a_heading_leads_to_one():
    broken = [
        f"{page.name}: {path}#{anchor}"
        for page in PAGES
        for path, anchor in ANCHOR.findall(page.read_text(encoding="utf-8"))
        if ":" not in path and anchor not in anchors(page.parent / path if path else page)
    ]
    assert broken == []


def test_the_numbers_of_the_readme_are_those_of_the_catalogue():
    catalogue = load_catalogue()
    page = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"{len(catalogue.skills)} skills" in page
    assert f"{len(catalogue.curriculum)} labs and proofs are planned" in page


def test_the_pictures_of_the_docs_are_small():
    large = [each.name for each in (DOCS / "images").iterdir() if each.stat().st_size > 250_000]
    assert large == []


def test_every_decision_says_what_led_to_it_and_what_it_costs():
    pages = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for heading in ("## Context", "## Choice", "## Cost"):
            assert heading in text, f"{page.name} lacks '{heading}'"
        assert len(text.split()) < MOST_WORDS, f"{page.name} is longer than a page"


def test_the_changelog_begins_with_the_version_that_this_is():
    page = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first = re.search(r"^## (\d\S*)", page, re.MULTILINE)
    assert first is not None
    assert first[1] == gradus.__version__
