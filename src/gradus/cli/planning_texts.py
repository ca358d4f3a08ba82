"""What `plan` prints and asks: nouns in, text out.

It must not ask the desk for anything and must not print.
"""

from typing import Any

from gradus.core.catalogue import Catalogue
from gradus.core.counting import counted
from gradus.core.learner import DaysOff, LearnerProfile
from gradus.core.track import Span, Track
from gradus.desk.answers import WEEKDAYS
from gradus.desk.placement import Answered, Outcome, Placement, PlacementQuestion

SETUP = "Enter skips a question and keeps what stands in brackets; none takes it back."
QUESTIONS = {
    "background": (
        "Where do you come from?",
        "software-engineer, data-scientist, student, from-zero",
    ),
    "hours": (
        "How many hours do you have?",
        "10.5 a week; 2,2,2,2,0,3,0 from Monday; mon=2 sat=4",
    ),
    "start": ("When do you begin?", "such as 2027-03-01"),
    "target": ("By when do you want to be done?", "such as 2027-12-31"),
    "role": ("Which role do you aim at?", ""),
    "track": ("Which track do you follow?", ""),
    "days_off": ("Which days are off?", "2026-12-24..2026-12-31 Christmas; 2027-01-06"),
    "known": (
        "Which skills do you say you have?",
        "such as py-basics, sql-joins; only a lab shows it",
    ),
}
"""Question and an example of its answer, in the order in which they are asked."""
PLACEMENT = (
    "Each question has one right answer. Enter says that you do not know, which is no mistake; q "
    "leaves, and what you answered is kept."
)
SIGNS = {Outcome.PLACED: "✓", Outcome.OPEN: "·", Outcome.NOT_YET: "○"}


def tracks_text(catalogue: Catalogue, chosen: str) -> str:
    """Return the list of tracks, with what is wrong with those that cannot be used."""
    blocks = []
    for track in catalogue.tracks.values():
        mark = "→" if track.id == chosen else " "
        lines = [f"{mark} {track.id:<18} {track.title}", f"    {_extent(catalogue, track)}"]
        lines += [f"    {_span(span)}" for span in track.spans]
        blocks.append("\n".join(lines))
    for name, faults in catalogue.malformed_tracks.items():
        lines = [f"  {name:<18} cannot be used:"]
        lines += [f"    {_placed(each.path.name, each.line)}: {each.message}" for each in faults]
        blocks.append("\n".join(lines))
    if not blocks:
        return "There is no track.\n"
    blocks.append("\ngradus plan --track NAME")
    return "\n".join(blocks) + "\n"


def tracks_object(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return the tracks as `--json` prints them, malformed ones with what is wrong."""
    good: list[dict[str, Any]] = [
        {
            "track": track.id,
            "title": track.title,
            "source": track.source or None,
            "items": sum(len(stage.items) for stage in catalogue.route(track)),
            "continues": track.forks_from or None,
            "weeks": [[span.weeks_low, span.weeks_high] for span in track.spans],
        }
        for track in catalogue.tracks.values()
    ]
    return good + [
        {"track": name, "wrong": [str(fault) for fault in faults]}
        for name, faults in catalogue.malformed_tracks.items()
    ]


def profile_text(catalogue: Catalogue, profile: LearnerProfile) -> str:
    """Return what a learner said of themselves, and how to change it."""
    titles = {name: track.title for name, track in catalogue.tracks.items()}
    roles = {name: role.title for name, role in catalogue.roles.items()}
    off = "; ".join(
        _days(each) + (f" ({each.name})" if each.name else "") for each in profile.days_off
    )
    rows = {
        "background": profile.background or "",
        "hours": _week(profile),
        "start": str(profile.start or ""),
        "target": str(profile.target or ""),
        "role": roles.get(profile.role, ""),
        "track": titles.get(profile.track, ""),
        "days off": off,
        "known": ", ".join(profile.said) and f"{', '.join(profile.said)} (said, not shown)",
    }
    lines = [f"  {name:<11} {said or 'not said'}" for name, said in rows.items()]
    return "\n".join(["What you said of yourself", "", *lines, "", "gradus plan --setup"]) + "\n"


def kept(key: str, profile: LearnerProfile) -> str:
    """Return the present answer to a question, in a few words."""
    match key:
        case "hours":
            return _week(profile)
        case "days_off":
            return "; ".join(f"{each.first}..{each.last}" for each in profile.days_off)
        case "known":
            return ", ".join(profile.said)
    return str(getattr(profile, key) or "")


def question_text(asked: PlacementQuestion) -> str:
    """Return one question of a placement."""
    head = f"\nQuestion {asked.number}, of {asked.at_most} at most: {asked.about}\n"
    choices = [f"  {place}  {text}" for place, text in enumerate(asked.choices, 1)]
    return "\n".join([head, asked.text.strip(), *([""] if choices else []), *choices]) + "\n"


def answered_text(told: Answered) -> str:
    """Return what is said of an answer."""
    sign = "✓ Right." if told.right else f"○ The answer is: {told.answer}"
    return f"{sign}\n{told.because.strip()}\n" if told.because.strip() else f"{sign}\n"


def placement_text(catalogue: Catalogue, standing: Placement) -> str:
    """Return what a placement has found so far and which labs would show it."""
    lines = [f"Placement: {counted(standing.asked, 'question')} answered", ""]
    layer = ""
    heard = [g for g in standing.groups if g.state.asked or g.state.outcome is not Outcome.OPEN]
    for each in heard:
        if each.layer != layer:
            layer = each.layer
            lines.append(layer)
        sure = f"{round(100 * each.state.chance)} %"
        lines.append(f"  {SIGNS[each.state.outcome]} {sure:>5}  {', '.join(each.skills)}")
    if heard:
        lines += ["", "✓ placed   · not clear   ○ not yet", ""]
    if left := len(standing.groups) - len(heard):
        lines.append(f"Not asked about: {counted(left, 'group')} of skills.")
    if standing.labs:
        said = "What is placed makes your plan shorter. Only a lab shows it:"
        lines.append(said if standing.placed else "A lab settles what the answers leave open:")
        lines += [f"gradus open {catalogue.labs[name].id}" for name in standing.labs]
    return "\n".join(lines) + "\n"


def go_on_text(asked: PlacementQuestion) -> str:
    """Return the question that is asked now, for those who answer with an option."""
    return f"{question_text(asked)}\ngradus plan --placement --answer ANSWER\n"


def _extent(catalogue: Catalogue, track: Track) -> str:
    route = catalogue.route(track)
    items = counted(sum(len(stage.items) for stage in route), "lab")
    parts = [items]
    last = next((stage for stage in reversed(route) if stage.last is not None), None)
    if last is not None and last.last is not None:
        parts.append(counted(round(last.last), last.unit))
    if track.forks_from:
        parts.append(f"continues {track.forks_from} after its stage '{track.fork_after}'")
    if not track.source:
        parts.append("your own")
    return ", ".join(parts)


def _span(span: Span) -> str:
    who = span.background or "everybody"
    ends = (span.weeks_low, span.weeks_high)
    months = [weeks / 52 * 12 for weeks in ends]
    in_months = all(abs(each - round(each)) < 0.01 for each in months)
    low, high = (round(each) for each in (months if in_months else ends))
    return f"{who}: {low} to {high} {'months' if in_months else 'weeks'} (source: {span.source})"


def _days(off: DaysOff) -> str:
    return str(off.first) if off.first == off.last else f"{off.first} to {off.last}"


def _week(profile: LearnerProfile) -> str:
    total = sum(profile.minutes) / 60
    if max(profile.minutes) - min(profile.minutes) <= 1:
        return f"{total:.4g} a week, every day as much"
    days = zip(WEEKDAYS, profile.minutes, strict=True)
    parts = [f"{name[:3]} {minutes / 60:.3g}" for name, minutes in days if minutes]
    return f"{total:.4g} a week ({', '.join(parts)})"


def _placed(name: str, line: int | None) -> str:
    return f"{name}:{line}" if line else name
