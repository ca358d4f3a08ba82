"""The learner's profile: read from `gradus.toml`, and written there answer by answer.

It must not plan. Comments and keys that Gradus does not know stay as they are.
"""

from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from gradus.catalogue import with_own_tracks
from gradus.catalogue.document import read_document
from gradus.core.catalogue import Catalogue
from gradus.core.errors import ContentError, ContentErrors, UsageError
from gradus.core.learner import DaysOff, LearnerProfile
from gradus.core.names import did_you_mean
from gradus.desk import answers
from gradus.desk.desk import Desk
from gradus.desk.profile_file import ProfileRead, read_learner
from gradus.desk.workspace import MARK, save_profile

PROFILE = "profile"
"""The kind of row that keeps what was answered and when."""
FIELDS = {"hours": "minutes", "known": "said"}
"""The field of a profile that a key of the file stands for, where it has another name."""


def today() -> date:
    """Return the day that it is where the learner is."""
    return datetime.now().astimezone().date()


def learner_profile(desk: Desk, on: date | None = None) -> LearnerProfile:
    """Return the learner's profile; raises UsageError with a sentence for each thing wrong.

    The learner's own tracks are read anew with it, so that a plan follows the file that is there.
    """
    read = profile_read(desk, on)
    if read.wrong:
        raise UsageError(read.sentences)
    return read.profile


def profile_read(desk: Desk, on: date | None = None) -> ProfileRead:
    """Return what `gradus.toml` says with whatever is wrong; raises only where it is not TOML."""
    return read_learner(desk.here(), read_own_tracks(desk), on or today())


def read_own_tracks(desk: Desk) -> Catalogue:
    """Read the learner's own tracks as they lie now; return the catalogue with them in it."""
    if desk.workspace is not None:
        desk.catalogue = with_own_tracks(desk.catalogue, desk.workspace.tracks)
    return desk.catalogue


def said_skills(desk: Desk) -> tuple[str, ...]:
    """Return the skills that the learner says they have; none where the file cannot be read."""
    if desk.workspace is None:
        return ()
    try:
        document = read_document(desk.workspace.root / MARK)
    except ContentError:
        return ()
    profile = document.content.get("profile")
    known = profile.get("known") if isinstance(profile, dict) else None
    names = known if isinstance(known, list) else []
    return tuple(name for name in names if name in desk.catalogue.skills)


def answer(desk: Desk, given: Mapping[str, str], on: date | None = None) -> LearnerProfile:
    """Take answers in words, by question, write them into `gradus.toml` and return the profile.

    An empty answer was skipped; `none` takes one back. What is as it was is not touched. Raises
    UsageError for an answer that cannot be, or for a fault of the file that no answer mends, and
    then nothing was written.
    """
    day = on or today()
    before = profile_read(desk, day)
    answered = {key: text for key, text in given.items() if text.strip()}
    profile = before.profile
    for key, text in answered.items():
        profile = replace(profile, **{FIELDS.get(key, key): _value(desk, key, text)})
    wrong = [said for key, said in before.wrong if key not in answered]
    wrong += [said for _, said in answers.contradictions(profile, day) if not wrong]
    if wrong:
        raise UsageError("\n".join(wrong))
    broken = {key for key, _ in before.wrong}
    _save(desk, before.profile, profile, broken)
    return profile


def _value(desk: Desk, key: str, text: str) -> Any:
    if key not in answers.READERS:
        hint = did_you_mean(key, answers.READERS)
        raise UsageError(f"The profile does not ask for '{key}'.{hint}")
    if text.strip().casefold() == answers.NONE:
        return getattr(LearnerProfile(), FIELDS.get(key, key))
    try:
        return answers.READERS[key](text, desk.catalogue)
    except ContentErrors as fault:  # of a track of the learner's own
        raise UsageError(str(fault)) from fault


def _save(
    desk: Desk, before: LearnerProfile, profile: LearnerProfile, broken: Collection[str]
) -> None:
    changed = {
        key: getattr(profile, field)
        for key, field in _fields()
        if getattr(profile, field) != getattr(before, field) or key in broken
    }
    if not changed:
        return
    written: dict[str, Any] = {key: _as_toml(key, value) for key, value in changed.items()}
    if "hours" in written:
        written["hours_per_week"] = None
        if profile.minutes == answers.spread(sum(profile.minutes) / 60):
            written |= {"hours": None, "hours_per_week": _hours(sum(profile.minutes))}
    save_profile(desk.here(), written)
    desk.ledger().append(PROFILE, {key: _as_fact(value) for key, value in changed.items()})


def _fields() -> list[tuple[str, str]]:
    """Return key and field of everything in a profile."""
    keys = {field: key for key, field in FIELDS.items()}
    return [(keys.get(each.name, each.name), each.name) for each in fields(LearnerProfile)]


def _as_toml(key: str, value: Any) -> Any:
    """Return a value as `gradus.toml` holds it; None for one that is left out."""
    if key == "hours":
        return {
            name: _hours(minutes) for name, minutes in zip(answers.WEEKDAYS, value, strict=True)
        }
    if key == "days_off":
        return [_day_off_as_toml(each) for each in value] or None
    if key == "known":
        return list(value) or None
    return str(value) if key == "background" and value else value or None


def _day_off_as_toml(each: DaysOff) -> dict[str, Any]:
    whole: dict[str, Any] = {"first": each.first, "last": each.last}
    return {**whole, "name": each.name} if each.name else whole


def _hours(minutes: int) -> int | float:
    return minutes // 60 if minutes % 60 == 0 else round(minutes / 60, 4)


def _as_fact(value: Any) -> Any:
    """Return a value as the record holds it."""
    if isinstance(value, tuple):
        return [_as_fact(each) for each in value]
    if isinstance(value, DaysOff):
        return [value.first.isoformat(), value.last.isoformat(), value.name]
    return value.isoformat() if isinstance(value, date) else value
