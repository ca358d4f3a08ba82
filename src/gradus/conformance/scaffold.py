"""A new lab folder that is complete but for its content, and says what is still to write."""

from collections.abc import Iterable
from pathlib import Path
from string import Template

from gradus.catalogue.lab_file import LAB_ID
from gradus.conformance import template
from gradus.conformance.examination import check_folder
from gradus.conformance.rule import Failure
from gradus.core.catalogue import Catalogue
from gradus.core.curriculum import CurriculumItem
from gradus.core.errors import UsageError
from gradus.core.names import did_you_mean


def new_lab(
    name: str, folder: Path, curriculum_id: str | None, catalogue: Catalogue
) -> list[Failure]:
    """Lay a new lab in `folder / name` and return what is still to write, as failures.

    Raises `UsageError` where the name is no lab id, the curriculum id is unknown or taken, the
    folder has a lab of that name already, or it cannot be written.
    """
    if not LAB_ID.fullmatch(name):
        raise UsageError(
            f"'{name}' is no name for a lab: small letters, digits and single hyphens, "
            "such as stable-softmax."
        )
    target = folder / name
    if target.exists():
        raise UsageError(f"{target} is there already; Gradus overwrites nobody's file.")
    item = _item(curriculum_id, catalogue)
    words = _words(name, item, catalogue)
    try:
        for path, text in template.FILES.items():
            place = target / Template(path).substitute(words)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(Template(text).substitute(words), encoding="utf-8")
    except OSError as fault:
        raise UsageError(
            f"{target} cannot be written: {fault.strerror or fault}. Choose a folder that can: "
            f"gradus lab new {name} --into FOLDER"
        ) from fault
    return check_folder(target, catalogue, None)


def _item(curriculum_id: str | None, catalogue: Catalogue) -> CurriculumItem | None:
    if curriculum_id is None:
        return None
    known = {each.casefold(): each for each in catalogue.curriculum}
    name = known.get(curriculum_id.strip().casefold())
    if name is None:
        hint = did_you_mean(curriculum_id, known.values())
        raise UsageError(f"There is no curriculum id '{curriculum_id}'.{hint}")
    taken = [lab.id for lab in catalogue.labs.values() if lab.curriculum_id == name]
    if taken:
        raise UsageError(f"{name} is the lab '{taken[0]}' already.")
    return catalogue.curriculum[name]


def _words(name: str, item: CurriculumItem | None, catalogue: Catalogue) -> dict[str, str]:
    """Return what the templates leave open."""
    first_skill = next(iter(catalogue.skills), "")
    sources = [each for each in item.skills if not catalogue.skills[each].ours] if item else []
    return {
        "title": item.title.replace('"', "'") if item else name.replace("-", " ").capitalize(),
        "curriculum": f'curriculum = "{item.id}"\n' if item else "",
        "layer": item.layer if item else catalogue.skills[first_skill].layer,
        "skills": _list(sources or [first_skill]),
        "skills_mark": "" if item else f"  # {template.MARK} the skills that a pass shows",
        "needs": _list(item.needs) if item else "[]",
        "minutes": str(item.minutes if item else 45),
        "function": name.replace("-", "_"),
        "mark": template.MARK,
    }


def _list(names: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
