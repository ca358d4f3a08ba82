"""What a person types about their time and their aim becomes values, or a sentence with the reason.

The same readers serve the terminal, the pages and `gradus.toml`. They must not read a file.
"""

import math
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from gradus.core.catalogue import Catalogue
from gradus.core.errors import UsageError
from gradus.core.learner import Background, DaysOff, LearnerProfile
from gradus.core.names import did_you_mean
from gradus.desk.workspace import no_such_day

Minutes = tuple[int, int, int, int, int, int, int]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NONE = "none"
"""What a person writes to take a value back."""
MOST_HOURS_A_DAY = 24
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_EARLIER = {
    "programmer": Background.SOFTWARE_ENGINEER,
    "ml-engineer": Background.SOFTWARE_ENGINEER,
    "data": Background.DATA_SCIENTIST,
    "ml": Background.DATA_SCIENTIST,
    "starting": Background.FROM_ZERO,
}
"""What the first page wrote before it asked for a background, and what that is now."""


def background(text: str) -> Background:
    """Return a background by its name, or by one that an earlier Gradus wrote."""
    word = text.strip().casefold()
    if word in _EARLIER:
        return _EARLIER[word]
    if word not in list(Background):
        known = ", ".join(Background)
        hint = did_you_mean(word, Background)
        raise UsageError(f"There is no background '{text.strip()}'.{hint} Known: {known}.")
    return Background(word)


def role(text: str, catalogue: Catalogue) -> str:
    """Return the id of a role."""
    word = text.strip()
    for each in catalogue.roles:
        if word.casefold() == each:
            return each
    hint = did_you_mean(word, catalogue.roles)
    raise UsageError(f"There is no role '{word}'.{hint} Known: {', '.join(catalogue.roles)}.")


def track(text: str, catalogue: Catalogue) -> str:
    """Return the id of a track; raises what is wrong with it where it is malformed."""
    return catalogue.track(text).id


def skills(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the ids of skills, written with commas or spaces between them."""
    return tuple(
        dict.fromkeys(skill(word, catalogue) for word in re.split(r"[\s,]+", text) if word)
    )


def skill(word: str, catalogue: Catalogue) -> str:
    """Return the id of a skill."""
    if word not in catalogue.skills:
        hint = did_you_mean(word, catalogue.skills)
        raise UsageError(f"There is no skill '{word}'.{hint}")
    return word


def day(text: str) -> date:
    """Return a day written as 2027-03-01."""
    word = text.strip()
    if not _DAY.fullmatch(word):
        raise UsageError(f"'{word}' is no day. Write it as year, month and day: 2027-03-01.")
    if said := no_such_day(word):
        raise UsageError(said)
    return date.fromisoformat(word)


def hours(text: str) -> Minutes:
    """Return minutes for Monday to Sunday.

    Written as hours a week (`10.5`), as seven numbers from Monday (`2,2,2,2,0,3,0`), or by name
    (`mon=2 sat=4`), where a day that is not named has none.
    """
    words = [word for word in re.split(r"[\s,;]+", text.strip()) if word]
    if words and all("=" in word for word in words):
        return _by_name(words)
    numbers = [_number(word) for word in words]
    if len(numbers) == 1:
        return spread(numbers[0])
    if len(numbers) != 7:
        raise UsageError(
            f"'{text.strip()}' is {len(numbers)} numbers. Hours are one number for the week "
            "(10.5), seven from Monday to Sunday (2,2,2,2,0,3,0), or by name (mon=2 sat=4)."
        )
    return week([hours_a_day(number) for number in numbers])


def spread(hours_a_week: float) -> Minutes:
    """Return the minutes of a week in which every day has as much as every other."""
    if not 0 <= hours_a_week <= 7 * MOST_HOURS_A_DAY:
        raise UsageError(f"A week has 168 hours; {hours_a_week:g} is no number of them.")
    whole = round(hours_a_week * 60)
    return week([whole // 7 + (number < whole % 7) for number in range(7)])


def hours_a_day(number: float) -> int:
    """Return the minutes of a day of so many hours."""
    if not 0 <= number <= MOST_HOURS_A_DAY:
        raise UsageError(f"A day has 24 hours; {number:g} is no number of them.")
    return round(number * 60)


def week(minutes: list[int]) -> Minutes:
    """Return seven whole numbers of minutes as one week."""
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = minutes
    return monday, tuesday, wednesday, thursday, friday, saturday, sunday


def days_off(text: str) -> tuple[DaysOff, ...]:
    """Return days off, written as `2026-12-24..2026-12-31 Christmas; 2027-01-06`."""
    found = []
    for part in text.split(";"):
        if written := part.strip():
            span, _, name = written.partition(" ")
            first, _, last = span.partition("..")
            found.append(DaysOff(day(first), day(last or first), name.strip()))
    return tuple(found)


def weekday(name: str) -> int:
    """Return the place in the week of a day by its name or the first letters of it."""
    word = name.strip().casefold()
    found = [
        place for place, each in enumerate(WEEKDAYS) if len(word) > 1 and each.startswith(word)
    ]
    if len(found) != 1:
        hint = did_you_mean(word, WEEKDAYS)
        raise UsageError(f"There is no weekday '{name.strip()}'.{hint}")
    return found[0]


def contradictions(profile: LearnerProfile, today: date) -> Iterator[tuple[str, str]]:
    """Yield what cannot be in a whole profile: the field and a sentence with what to do."""
    if not any(profile.minutes):
        yield (
            "hours",
            "Every weekday has 0 hours, so nothing can be planned. Give one day at least "
            "some time.",
        )
    for said in filter(None, map(turned_round, profile.days_off)):
        yield "days_off", said
    if profile.target is None:
        return
    if profile.target < today:
        gone = (today - profile.target).days
        ago = "yesterday" if gone == 1 else f"{gone} days ago"
        yield (
            "target",
            f"The target {profile.target} was {ago}. Choose a later day, or none at all: "
            "gradus plan --target none",
        )
    elif profile.start is not None and profile.start > profile.target:
        yield (
            "target",
            f"The target {profile.target} lies before the start {profile.start}. Move one of them.",
        )
    elif any(profile.minutes) and not _has_time(profile, profile.start or today, profile.target):
        yield (
            "target",
            f"Between {max(profile.start or today, today)} and the target {profile.target} there "
            "is no day with time. Choose a later target, or take days off back.",
        )


def turned_round(off: DaysOff) -> str:
    """Return a sentence for days off that end before they begin; else nothing."""
    if off.first <= off.last:
        return ""
    return (
        f"The days off from {off.first} end on {off.last}, before they begin. Turn the two round."
    )


def _has_time(profile: LearnerProfile, first: date, last: date) -> bool:
    return any(
        profile.capacity(first + timedelta(days=number))
        for number in range((last - first).days + 1)
    )


def _by_name(words: list[str]) -> Minutes:
    minutes = [0] * 7
    for word in words:
        name, _, number = word.partition("=")
        minutes[weekday(name)] = hours_a_day(_number(number))
    return week(minutes)


def _number(word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(f"'{word}' is no number of hours, such as 1.5.")
    return number


Reader = Callable[[str, Catalogue], object]
READERS: dict[str, Reader] = {
    "background": lambda text, _: background(text),
    "hours": lambda text, _: hours(text),
    "start": lambda text, _: day(text),
    "target": lambda text, _: day(text),
    "role": role,
    "track": track,
    "days_off": lambda text, _: days_off(text),
    "known": skills,
}
"""How the answer to each question of the profile is read, by the question's name."""
