"""Rules about pictures: made by code, shown in the lesson, readable in light and dark."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from gradus.conformance.bench import Bench
from gradus.conformance.rule import Sighting, rule
from gradus.core.errors import ContentError
from gradus.judge.specification import load_trusted

_IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)[^)]*\)")
_SVG = "{http://www.w3.org/2000/svg}"


@rule(
    "figure-shown",
    reason="A picture that is not there is a hole; one that nobody shows is dead weight.",
    remedy="Write ![what it shows](figures/name.svg) in the lesson for every file in figures/.",
    after=("required-files",),
)
def figure_shown(bench: Bench) -> Iterator[Sighting]:
    """Every figure of the lesson exists and says what it shows; every file is in the lesson."""
    shown = set()
    path = bench.folder / "lesson.md"
    for number, row in enumerate(bench.text("lesson.md").splitlines(), start=1):
        for alt, target in _IMAGE.findall(row):
            shown.add(target)
            if not alt.strip():
                yield Sighting(f"{target} does not say what it shows.", path, number)
            if not target.startswith("figures/") or not (bench.folder / target).is_file():
                yield Sighting(f"There is no picture {target}.", path, number)
    for each in _svg_files(bench):
        if f"figures/{each.name}" not in shown:
            yield Sighting(f"The lesson does not show {each.name}.", each)


@rule(
    "figure-current",
    reason="A picture is made by code, so that it can be mended and never goes out of date.",
    remedy="Run `gradus lab check --write-figures LAB` and look at what it draws.",
)
def figure_current(bench: Bench) -> Iterator[Sighting]:
    """`figures()` of figures.py gives exactly the files in figures/."""
    drawn = draw_figures(bench)
    kept = {path.name: path for path in _svg_files(bench)}
    for name, text in drawn.items():
        path = bench.folder / "figures" / name
        if name not in kept:
            yield Sighting(f"figures.py draws {name}, and there is no such file.", path)
        elif path.read_text(encoding="utf-8") != text:
            yield Sighting(f"{name} is not what figures.py draws.", path)
    for name, path in kept.items():
        if name not in drawn:
            yield Sighting(f"figures.py does not draw {name}.", path)


@rule(
    "figure-form",
    reason="A picture is seen in light and dark, on a phone, and by a screen reader.",
    remedy='Give it a viewBox, role="img" and a <title>, and `currentColor` for its ink.',
    after=("figure-current",),
)
def figure_form(bench: Bench) -> Iterator[Sighting]:
    """Every figure scales, says what it shows and takes the colour of the text."""
    for path in _svg_files(bench):
        text = path.read_text(encoding="utf-8")
        try:
            root = ElementTree.fromstring(text)
        except ElementTree.ParseError as error:
            yield Sighting(f"It is not well-formed: {error}.", path, error.position[0])
            continue
        title = root.find(f"{_SVG}title")
        if root.tag != f"{_SVG}svg" or "viewBox" not in root.attrib:
            yield Sighting("It has no viewBox, so it does not scale.", path)
        if root.get("role") != "img" or title is None or not (title.text or "").strip():
            yield Sighting("A screen reader cannot read it: role or title is missing.", path)
        if "currentColor" not in text:
            yield Sighting("It has ink of its own: unreadable in light or in dark.", path)


def draw_figures(bench: Bench) -> dict[str, str]:
    """Return what figures.py draws, by file name; raises `ContentError` if it does not run."""
    path = bench.folder / "figures.py"
    if not path.is_file():
        return {}
    module = load_trusted(bench.lab, "figures.py")
    try:
        drawn = dict(module.figures())
    except Exception as error:
        said = f"figures() does not run: {type(error).__name__}: {error}."
        raise ContentError("figures-fail", said, path=path) from error
    return {str(name): str(text) for name, text in drawn.items()}


def write_figures(bench: Bench) -> list[Path]:
    """Write what figures.py draws and remove what it does not; return what was written."""
    folder = bench.folder / "figures"
    drawn = draw_figures(bench)
    for path in _svg_files(bench):
        if path.name not in drawn:
            path.unlink()
    written = []
    for name, text in drawn.items():
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return written


def _svg_files(bench: Bench) -> list[Path]:
    return sorted((bench.folder / "figures").glob("*.svg"))
