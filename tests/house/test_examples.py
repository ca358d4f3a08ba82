"""Every example in the README and in docs/ is run: commands, checks, and the verdict shown first.

A `console` block is typed into the command, in a home of its own; its output must come in the
order in which the block shows it, `…` on a line of its own standing for any number of lines. In
docs/words.md and docs/authors.md a block says after its language what it is: `lab`, `reader`,
`make_case` or `simulator NAME` for the check that follows, `check`, then `right` and `wrong NAME`
with `file=` where it is not the entry's only file (`and` adds a file to the `right` before it), and
`verdict`, the text that the `wrong` before it gets.
"""

import os
import re
import shlex
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from gradus.catalogue import (
    content_root,
    load_cards,
    load_catalogue,
    load_lab,
    with_own_tracks,
)
from gradus.cli.main import run
from gradus.core.errors import PrerequisiteError
from gradus.core.verdict import Judgement, Verdict
from gradus.desk.environments import find_runtime, is_installed
from gradus.judge import Pool, judge, render, variant_submissions
from gradus.sandbox.environment import environment_home

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w+)[ \t]*([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LAB_FILES = {
    "lab": "lab.toml",
    "check": "check.py",
    "reader": "reader.py",
    "make_case": "make_case.py",
}
USUAL = """\
format = 1
title = "An example"
layer = "career"
skills = []
minutes = 1
environment = "base"
"""
ENTRY = '\n[entry]\nkind = "function"\npath = "work.py"\nnames = ["{name}"]\n'


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    page: Path
    line: int
    language: str
    words: tuple[str, ...]
    text: str

    @property
    def place(self) -> str:
        """Page and line, as pytest shows them."""
        return f"{self.page.name}:{self.line}"


@dataclass
class Example:
    """A check of the docs with the work that it is tried on."""

    check: Block
    lab: str
    files: dict[str, str]
    right: list[dict[str, str]] = field(default_factory=list)
    wrong: dict[str, dict[str, str]] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)


def blocks(page: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page."""
    text = page.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        line = text[: found.start()].count("\n") + 1
        yield Block(page, line, found[1], tuple(shlex.split(found[2])), found[3])


def examples() -> list[Example]:
    """Return every check of the docs with its lab, its work and its verdicts."""
    found: list[Example] = []
    for page in PAGES:
        files: dict[str, str] = {}
        for block in blocks(page):
            match block.words:
                case ("lab" | "check" | "reader" | "make_case" as part,):
                    files[LAB_FILES[part]] = block.text
                case ("simulator", name):
                    files[f"../../simulators/{name}.py"] = block.text
            match block.words:
                case ("check",):
                    found.append(Example(block, files.pop("lab.toml", ""), files))
                    files = {}
                case ("right", *file):
                    found[-1].right.append({_file(block, file): block.text})
                case ("and", file):
                    (found[-1].right or [{}])[-1][_file(block, [file])] = block.text
                case ("wrong", name, *file):
                    found[-1].wrong.setdefault(name, {})[_file(block, file)] = block.text
                case ("verdict",):
                    found[-1].verdicts[list(found[-1].wrong)[-1]] = block.text
    return found


def _file(block: Block, words: list[str] | tuple[str, ...]) -> str:
    """Return the file that a block is: named by `file=`, or `work` with the language's ending."""
    ending = {"python": "py"}.get(block.language, block.language)
    return words[0].removeprefix("file=") if words else f"work.{ending}"


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """The environments of this machine."""
    with Pool(find_runtime(load_catalogue())) as made:
        yield made


@pytest.fixture
def judged(pool: Pool, tmp_path: Path) -> Callable[[Example, str, str], Judgement]:
    """Judge one piece of work of an example by its check, as a lab's own is judged."""

    def judge_work(example: Example, family: str, name: str) -> Judgement:
        lab = load_lab(_lay(example, tmp_path))
        try:
            handed = {each.name: each for each in variant_submissions(lab, family)}[name]
            return judge(lab, handed.submission, seed=1, pool=pool)
        except PrerequisiteError as missing:
            pytest.skip(str(missing))

    return judge_work


def _lay(example: Example, place: Path) -> Path:
    """Lay a content folder with the example as its only lab; return the lab's folder."""
    folder = place / "content" / "labs" / "an-example"
    (folder / "starter").mkdir(parents=True)
    (place / "content" / "environments").symlink_to(content_root() / "environments")
    (place / "content" / "simulators").mkdir()
    _write(folder / "lab.toml", _declaration(example))
    for name, text in example.files.items():
        _write(folder / name, text)
    ways = {f"way_{number}": files for number, files in enumerate(example.right)}
    for family, work in (("right", ways), ("wrong", example.wrong)):
        for name, files in work.items():
            alone = len(files) == 1 and next(iter(files)).startswith("work.")
            for path, text in files.items():
                where = f"{name}{Path(path).suffix}" if alone else f"{name}/{path}"
                _write(folder / family / where, text)
    return folder


def _declaration(example: Example) -> str:
    """Return `lab.toml`: what the docs say, the usual for the rest."""
    said = example.lab
    usual = [
        line for line in USUAL.splitlines() if not re.search(rf"^{line.split()[0]} =", said, re.M)
    ]
    if "[entry]" in said:
        return "\n".join([*usual, said])
    name = re.search(r"^def (\w+)", example.right[0]["work.py"], re.M)
    assert name is not None
    return "\n".join([*usual, said, ENTRY.format(name=name[1])])


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


RIGHT = [(each, f"way_{number}") for each in examples() for number in range(len(each.right))]
WRONG = [(each, name) for each in examples() for name in each.wrong]


def _names(found: list[tuple[Example, str]]) -> list[str]:
    return [f"{each.check.place}-{name}" for each, name in found]


@pytest.mark.parametrize(("example", "name"), RIGHT, ids=_names(RIGHT))
def test_the_right_work_of_the_docs_passes(example, name, judged):
    judgement = judged(example, "right", name)
    assert judgement.verdict is Verdict.PASSED, render(judgement) + judgement.trouble


@pytest.mark.parametrize(("example", "name"), WRONG, ids=_names(WRONG))
def test_the_wrong_work_of_the_docs_fails_as_they_say(example, name, judged):
    judgement = judged(example, "wrong", name)
    said = render(judgement)
    assert judgement.verdict is Verdict.FAILED, said + judgement.trouble
    assert judgement.mistake == name, said
    if name in example.verdicts:
        assert_shown(example.verdicts[name], said)


def test_every_check_of_the_docs_is_tried_on_right_and_wrong_work():
    untried = [each.check.place for each in examples() if not (each.right and each.wrong)]
    assert untried == []


def assert_shown(shown: str, said: str) -> None:
    """Check that the lines shown come one after another in what was said, `…` skipping some."""
    lines = iter(said.splitlines())
    skipping = False
    for wanted in shown.rstrip("\n").splitlines():
        if wanted.strip() == "…":
            skipping = True
            continue
        found = next(lines, None)
        while skipping and found is not None and not _agrees(wanted, found):
            found = next(lines, None)
        assert found is not None, f"the docs show {wanted!r}, which is not in:\n{said}"
        assert _agrees(wanted, found), f"the docs show\n  {wanted}\nand it says\n  {found}\n{said}"
        skipping = False


def _agrees(wanted: str, found: str) -> bool:
    """Whether a line is as shown; `…` inside a shown line stands for any characters."""
    pattern = ".*".join(re.escape(part) for part in wanted.rstrip().split("…"))
    return re.fullmatch(pattern, found.rstrip()) is not None


CONSOLES = {
    page.name: [block for block in blocks(page) if block.language == "console"] for page in PAGES
}


@pytest.mark.parametrize("page", [name for name, found in CONSOLES.items() if found])
def test_every_command_of_a_page_says_what_the_page_shows(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    if not is_installed(load_catalogue(), "base"):
        pytest.skip("gradus install base")
    monkeypatch.setenv("GRADUS_ENVIRONMENTS", str(environment_home()))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("GRADUS_WORKSPACE", raising=False)
    monkeypatch.chdir(tmp_path)
    status = 0
    for block in CONSOLES[page]:
        for command, shown in _typed(block):
            capfd.readouterr()
            if command[0] == "cd":
                os.chdir(Path(command[1]).expanduser())
            elif command[:2] == ["echo", "$?"]:
                print(status)
            else:
                assert command[0] == "gradus", f"{block.place}: {command} cannot be run"
                status = run(
                    [str(Path(w).expanduser()) if w[:2] == "~/" else w for w in command[1:]]
                )
            said = capfd.readouterr()
            if shown:
                progress = re.sub(r"^Judging \S+ …\n", "", said.err, flags=re.MULTILINE)
                assert_shown(shown, (progress + said.out).replace(str(tmp_path), "~"))


def _typed(block: Block) -> Iterator[tuple[list[str], str]]:
    """Yield each command of a block with the output that is shown below it."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield shlex.split(command, comments=True), shown.strip("\n")


def test_rows_of_the_docs_hold_what_their_proof_names() -> None:
    for page in PAGES:
        parts = {each.words[0]: each.text for each in blocks(page) if each.words}
        if "proof" not in parts:
            continue
        asked = tomllib.loads(parts["proof"])["proof"]
        module: dict[str, Any] = {}
        exec(parts["rows"], module)
        sent, labelled = module["rows"](1, 5), module["labelled"](1, 5)
        assert sent == module["rows"](1, 5) != module["rows"](2, 5)
        assert {*asked["guards"]["banned"], *asked["guards"]["personal"]} <= sent[0].keys()
        labels = asked["labels"]
        told = {labels["label"], labels["baseline"]}
        assert labelled[0].keys() == sent[0].keys() | told
        assert set(labels["slices"]) <= sent[0].keys()
        assert asked["catches"].keys() == set(asked["names"])
        return
    raise AssertionError("no page has a proof")


def test_the_samples_of_the_docs_are_read_without_a_fault(tmp_path: Path) -> None:
    samples = [each for page in PAGES for each in blocks(page) if each.words[:1] == ("sample",)]
    assert {each.words[1] for each in samples} == {"lab.toml", "cards.toml"}
    folder = tmp_path / "content" / "labs" / "a-sample"
    for each in samples:
        _write(folder / each.words[1], each.text)
    lab, catalogue = load_lab(folder, content_root()), load_catalogue()
    assert {card.kind for card in load_cards(lab)} >= {"recall", "number", "choice"}
    row = catalogue.curriculum[lab.curriculum_id]
    assert (lab.title, lab.layer, lab.skills, lab.needs) == (
        row.title,
        row.layer,
        row.skills,
        row.needs,
    )


def test_the_tracks_of_the_docs_are_read_without_a_fault(tmp_path: Path) -> None:
    found = [each for page in PAGES for each in blocks(page) if each.words[:1] == ("track",)]
    assert found, "the docs show no track"
    for each in found:
        _write(tmp_path / "tracks" / each.words[1], each.text)
    whole = with_own_tracks(load_catalogue(), tmp_path / "tracks")
    assert dict(whole.malformed_tracks) == {}
    for each in found:
        track = whole.track(Path(each.words[1]).stem)
        assert track.stages[-1].items
        said = [reading.id for stage in track.stages for reading in stage.readings]
        assert len(said) == 2


def test_the_verdict_of_the_readme_is_one_that_a_learner_gets():
    found = [each for each in blocks(ROOT / "README.md") if each.words[:1] == ("feedback",)]
    assert found, "the README shows no verdict"
    for block in found:
        lab, _, name = block.words[1].partition("/")
        text = (content_root() / "labs" / lab / "feedback" / f"{name}.txt").read_text("utf-8")
        assert_shown(block.text, text)
