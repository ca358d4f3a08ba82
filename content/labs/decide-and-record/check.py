"""Decisions for six people against what the sources say, and a plan that a real week can hold."""

import datetime
import itertools
import math

from gradus.check import claim, diagnostic, observe
from gradus.check.far import Unmet
from gradus.check.works import read_toml

ROLES = ("data-scientist", "ml-engineer", "ai-engineer")
COMMON = {"junior": (90, 109), "mid": (125, 160), "senior": (220, 250)}
PRICES = {"aws": 300, "gcp": 200, "azure": 165}
MONTHS = {
    "software-engineer": {"000": (6, 12), "001": (12, 12), "003": (9, 15), "004": (8, 12)},
    "from-zero": {"000": (12, 18), "001": (15, 18), "003": (18, 24), "004": (8, 12)},
}
PROMISED_WEEKS, HOURS_001 = 13, 504
FACTS = {
    *(f"{kind}-{role}" for kind in ("work", "entry") for role in ROLES),
    *("pay-by-role", "pay-levels-000", "pay-levels-001", "domain-specialists"),
    *("side-infrastructure", "side-research", "side-by-month-6", "side-both-first"),
    *("degree-phd-share", "degree-phd-not-needed", "degree-rules-000", "degree-rules-001"),
    *("certificate-not-first", "certificate-aws", "certificate-gcp", "certificate-azure"),
    *("certificate-tensorflow-001", "certificate-tensorflow-004", "certificate-databricks"),
    *("time-software-engineer", "time-from-zero", "time-three-months", "time-hours"),
}


def part(folder, name):
    """One table of answers.toml."""
    return folder.toml("answers.toml")[name]


def cites(reasons, what, holds):
    """`because` is a list of known facts for which `holds`."""
    listed = reasons.as_list()
    known = list(FACTS)  # an entry may be a list, of which no set can tell
    unknown = [each for each in listed if each not in known]
    observe(
        f"entries of {reasons.as_argument()} that sources.toml does not have", unknown
    ).must_equal([])
    reasons.must_satisfy(what, lambda facts: holds(set(facts)))


def is_bool(expected):
    return lambda value: isinstance(value, bool) and value is expected


# ── roles


@claim("Each of the two gets the role whose day's work they describe.", catches=["salary_only"])
def fits_the_role_to_the_work(folder, case):
    answers = part(folder, "roles")
    for place, role in zip(("first", "second"), case["roles"], strict=True):
        answers[place].must_satisfy(
            f"be one of {', '.join(ROLES)}, by what this person wants to do all day",
            lambda value, role=role: value == role,
            because="Compare their words in cases.md with the facts of the topic work.",
        )


@claim("The reasons name the work of both roles, not only the pay.", catches=["salary_only"])
def gives_reasons_for_the_roles(folder, case):
    cites(
        part(folder, "roles")["because"],
        "name, for each of the two roles, a fact about its work or its way in",
        lambda facts: all({f"work-{role}", f"entry-{role}"} & facts for role in case["roles"]),
    )


@claim(
    "The going rate is where the ranges of 000 and 001 overlap.",
    catches=["one_source_for_all"],
)
def finds_the_common_range(folder, case):
    answers = part(folder, "roles")
    low, high = COMMON[case["level"]]
    what = "be an end of the part that both ranges for this level have in common, in thousands"
    answers["common_low"].must_satisfy(what, lambda value: value == low)
    answers["common_high"].must_satisfy(what, lambda value: value == high)


# ── side and domain


@claim(
    "In month 6 a side is picked, the one that the last months speak for.",
    catches=["generalist_by_default"],
)
def picks_a_side(folder, case):
    part(folder, "side")["side"].must_satisfy(
        "be the side on which this person's hours went by themselves",
        lambda value: value == case["side"],
    )


@claim("The domain is the one that the person already knows.", catches=["generalist_by_default"])
def picks_a_domain(folder, case):
    part(folder, "side")["domain"].must_satisfy(
        "be the domain of the years before", lambda value: value == case["domain"]
    )


@claim(
    "You saw that the sources disagree about sides, and the reasons name both voices.",
    catches=["one_source_for_all"],
)
def hears_both_on_sides(folder, case):
    answers = part(folder, "side")
    answers["says_000"].must_satisfy(
        "say what 000 advises", lambda value: value == "one-by-month-6"
    )
    answers["says_001"].must_satisfy("say what 001 advises", lambda value: value == "both-first")
    cites(
        answers["because"],
        "name what 000 and what 001 advise, and the description of the side that you picked",
        lambda facts: {"side-by-month-6", "side-both-first", f"side-{case['side']}"} <= facts,
    )


# ── degree


def degree_by(source, case):
    """What a source's rules come to for this person."""
    if case["aim"] == "research":
        return "phd"
    if source == "001" or (case["top20"] and case["funded"]):
        return "masters"
    return "self-taught" if case["engineer"] else "bootcamp"


@claim(
    "You applied each source's own rules about degrees to this person.",
    catches=["phd_myth", "one_source_for_all"],
)
def applies_the_rules_on_degrees(folder, case):
    answers = part(folder, "degree")
    for source in ("000", "001"):
        answers[f"by_{source}"].must_satisfy(
            f"follow from degree-rules-{source} and what cases.md says of this person",
            lambda value, source=source: value == degree_by(source, case),
        )
    agree = degree_by("000", case) == degree_by("001", case)
    answers["agree"].must_satisfy("say (true or false) whether the two agree", is_bool(agree))


@claim(
    "The decision about the degree is one that a source supports, and both sources are named.",
    catches=["phd_myth"],
)
def decides_on_the_degree(folder, case):
    answers = part(folder, "degree")
    supported = {degree_by("000", case), degree_by("001", case)}
    answers["decision"].must_satisfy(
        "be supported by at least one of the two sources", lambda value: value in supported
    )
    cites(
        answers["because"],
        "name the rules of both sources",
        lambda facts: {"degree-rules-000", "degree-rules-001"} <= facts,
    )


@claim("You know how many postings do not ask for a PhD.", catches=["phd_myth"])
def turns_the_share_round(folder):
    part(folder, "degree")["without_phd_percent"].must_satisfy(
        "be what the highest share of any source leaves, in percent",
        lambda value: not isinstance(value, bool) and abs(value - 63.8) < 0.06,
    )


# ── certificates


@claim(
    "Who has nothing that runs builds first; who has takes the certificate of the target.",
    catches=["certificate_first"],
)
def puts_the_system_first(folder, case):
    answers = part(folder, "certificates")
    ready, other = ("first", "second") if case["ready_first"] else ("second", "first")
    answers[ready].must_satisfy(
        "be the certificate of the cloud on which this person's company runs",
        lambda value: value == case["cloud"],
    )
    answers[other].must_satisfy(
        "be what this person lacks most", lambda value: value == "system-first"
    )
    for place, cost in ((ready, PRICES[case["cloud"]]), (other, 0)):
        answers[f"cost_{place}"].must_satisfy(
            "be what has to be paid now, in dollars",
            lambda value, cost=cost: not isinstance(value, bool) and value == cost,
        )


@claim(
    "You saw that the sources disagree about the TensorFlow certificate.",
    catches=["one_source_for_all"],
)
def hears_both_on_certificates(folder, case):
    answers = part(folder, "certificates")
    answers["agree_on_tensorflow"].must_satisfy(
        "say (true or false) whether 001 and 004 say the same", is_bool(False)
    )
    cites(
        answers["because"],
        "name why a system comes first, and the certificate that you chose",
        lambda facts: {"certificate-not-first", f"certificate-{case['cloud']}"} <= facts,
    )


@diagnostic("certificate_first")
def sends_the_beginner_to_an_examination(folder, case):
    other = "second" if case["ready_first"] else "first"
    return part(folder, "certificates")[other].as_value() in (*PRICES, "tensorflow", "databricks")


# ── time


@claim("You found what each source says about the time.", catches=["one_source_for_all"])
def finds_the_months(folder, case):
    answers = part(folder, "time")
    for source, months in MONTHS[case["background"]].items():
        answers[f"months_{source}"].must_satisfy(
            f"be the months that {source} gives for this background: [from, to]",
            lambda value, months=months: tuple(value) == months,
        )


@claim("Hours are turned into weeks, and a promise into hours.", catches=["believes_the_promise"])
def does_the_arithmetic_of_time(folder, case):
    answers = part(folder, "time")
    weeks = math.ceil(HOURS_001 / case["hours"])
    answers["weeks"].must_satisfy(
        "be how many weeks 504 hours take at this person's hours a week, begun weeks counted",
        lambda value: not isinstance(value, bool) and value == weeks,
    )
    needed = HOURS_001 / PROMISED_WEEKS
    answers["hours_for_promise"].must_satisfy(
        "be 504 hours spread over the promised weeks",
        lambda value: not isinstance(value, bool) and abs(value - needed) < 0.25,
    )
    answers["promise_holds"].must_satisfy(
        "say (true or false) whether this person could find so many hours",
        is_bool(case["most"] >= needed),
    )


@diagnostic("believes_the_promise")
def says_that_the_promise_holds(folder, case):
    needed = HOURS_001 / PROMISED_WEEKS
    answers = part(folder, "time")
    too_little = answers["hours_for_promise"].as_number() < needed - 0.25
    return answers["promise_holds"].as_value() is True and (too_little or case["most"] < needed)


# ── your own plan

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONGEST_WITHOUT_SHOWING, MONTH_SIX = 56, 183


def plan_of(folder):
    return folder.toml("plan.toml")


def date_at(answer):
    """A TOML date, or a text that is written like one."""
    value = answer.as_value()
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            pass
    if isinstance(value, datetime.datetime):
        return value.date()
    answer.must_satisfy(
        "be a date such as 2026-11-23", lambda given: isinstance(given, datetime.date)
    )
    return value


def tables_at(answer, least):
    """A list of at least `least` tables."""
    answer.must_satisfy(
        f"hold at least {least} of these tables",
        lambda value: len(value) >= least and all(isinstance(each, dict) for each in value),
    )
    return answer.as_list()


def field(label, row, name):
    """An answer for one entry of a table in a list."""
    answer = observe(f"{name} of {label}", row.get(name))
    answer.must_satisfy("be there", lambda value: value is not None)
    return answer


def text_at(answer, n_words):
    answer.must_satisfy(
        f"be a sentence or a phrase of at least {n_words} words",
        lambda value: isinstance(value, str) and len(value.split()) >= n_words,
    )


def week_hours(plan):
    """Hours of all blocks of a week; each block is a number of hours on a day of the week."""
    total = 0.0
    for place, row in enumerate(tables_at(plan["blocks"], 2)):
        label = f"block {place + 1}"
        field(label, row, "day").must_be_one_of(WEEKDAYS)
        hours = field(label, row, "hours").must_be_between(0.25, 4.0)
        total += hours.as_number()
    return total


@claim(
    "The blocks of a week fill at most 70 % of the hours that are honestly free.",
    catches=["every_free_hour_planned"],
)
def plans_a_week_that_exists(folder):
    plan = plan_of(folder)
    text_at(plan["goal"], 4)
    plan["hours_total"].must_be_between(50, 2000)
    free = plan["free_hours_per_week"].must_be_between(1, 80).as_number()
    hours = week_hours(plan)
    observe("hours of all blocks of a week", round(hours, 2)).must_be_at_most(
        round(0.7 * free, 2), because=f"{free:g} hours are free."
    )


@claim(
    "Between start and end lie enough working weeks, and a tenth more.",
    catches=["plan_without_slack"],
)
def leaves_slack(folder):
    plan = plan_of(folder)
    start, end = date_at(plan["start"]), date_at(plan["end"])
    plan["start"].must_satisfy(
        "be a Monday, and not before 2025", lambda _: start.weekday() == 0 and start.year >= 2025
    )
    plan["end"].must_satisfy("lie after the start", lambda _: end > start)
    off = plan["weeks_off"].must_satisfy(
        "be a list of different Mondays between start and end",
        lambda value: (
            len(set(map(str, value))) == len(value)
            and all(
                start <= datetime.date.fromisoformat(str(each)) <= end
                and datetime.date.fromisoformat(str(each)).weekday() == 0
                for each in value
            )
        ),
    )
    n_weeks = ((end - start).days + 1) // 7
    after = start + datetime.timedelta(weeks=n_weeks)
    working = n_weeks - sum(
        datetime.date.fromisoformat(str(each)) < after for each in off.as_list()
    )
    hours = week_hours(plan)
    total = plan["hours_total"].must_be_between(50, 2000).as_number()
    bare = math.ceil(total / hours - 1e-9)
    observe("whole weeks from start to end, without the weeks off", working).must_be_at_least(
        math.ceil(1.1 * bare - 1e-9),
        because=f"{bare} weeks of {hours:g} hours hold the work, if not one of them goes wrong.",
    )


@claim(
    "Every eight weeks something is shown, and the side is picked by month 6.",
    catches=["months_without_showing"],
)
def shows_something(folder):
    plan = plan_of(folder)
    start, end = date_at(plan["start"]), date_at(plan["end"])
    dates, sides = [start], []
    for place, row in enumerate(tables_at(plan["milestones"], 2)):
        label = f"milestone {place + 1}"
        day = date_at(field(label, row, "date"))
        field(label, row, "kind").must_be_one_of(("side", "shown"))
        text_at(field(label, row, "shows"), 2)
        if row["kind"] == "side":
            sides.append(day)
        dates.append(day)
    days = observe("dates of the milestones", [str(each) for each in dates[1:]])
    days.must_satisfy(
        "come in their order, between start and end",
        lambda _: dates == sorted(dates) and dates[-1] <= end,
    )
    gaps = [(b - a).days for a, b in zip(dates, [*dates[1:], end], strict=True)]
    observe("days between start, milestones and end", gaps).must_be_at_most(
        LONGEST_WITHOUT_SHOWING, because="That is eight weeks."
    )
    observe(
        "days from the start to the day on which a side is picked",
        [(each - start).days for each in sides],
    ).must_satisfy(
        "be one number, of at most half a year (183 days)",
        lambda value: len(value) == 1 and value[0] <= MONTH_SIX,
    )


@claim("The weekly record has a day, little time, and its first week.", catches=["no_record"])
def keeps_a_record(folder):
    plan = plan_of(folder)
    record = plan["record"]
    record["day"].must_be_one_of(WEEKDAYS)
    record["minutes"].must_be_between(5, 60)
    record["fields"].must_satisfy(
        "hold at least hours, shown and next",
        lambda value: {"hours", "shown", "next"} <= {each.lower() for each in value},
    )
    start = date_at(plan["start"])
    last = None
    for place, row in enumerate(tables_at(record["weeks"], 1)):
        label = f"recorded week {place + 1}"
        monday = field(label, row, "monday")
        day = date_at(monday)
        monday.must_satisfy(
            "be the plan's first Monday" if last is None else "be a later Monday",
            lambda _, day=day, last=last: (
                day == start if last is None else day > last and day.weekday() == 0
            ),
        )
        field(label, row, "planned_hours").must_be_between(0, 80)
        field(label, row, "done_hours").must_be_between(0, 120)
        text_at(field(label, row, "next"), 2)
        last = day


@claim(
    "After a miss the way back is small, and missed hours are not caught up.",
    catches=["catches_up"],
)
def has_a_way_back(folder):
    rule = plan_of(folder)["re_entry"]
    rule["after_missed_days"].must_be_between(1, 14)
    rule["first_step_minutes"].must_be_between(5, 30)
    text_at(rule["first_step"], 3)
    rule["missed_hours"].must_satisfy(
        "be dropped or moved-to-slack", lambda value: value in ("dropped", "moved-to-slack")
    )


# ── what tells a known mistake from a slip in the same table


@diagnostic("every_free_hour_planned")
def fills_the_free_hours(folder):
    plan = plan_of(folder)
    return week_hours(plan) > 0.7 * plan["free_hours_per_week"].as_number() + 0.01


@diagnostic("plan_without_slack")
def has_too_few_weeks(folder):
    plan = plan_of(folder)
    days = (date_at(plan["end"]) - date_at(plan["start"])).days + 1
    off = {str(each) for each in plan["weeks_off"].as_list()}
    bare = math.ceil(plan["hours_total"].as_number() / week_hours(plan) - 1e-9)
    return days // 7 - len(off) < math.ceil(1.1 * bare - 1e-9)


@diagnostic("months_without_showing")
def shows_nothing_for_long(folder):
    plan = plan_of(folder)
    shown = [date_at(field("a milestone", row, "date")) for row in plan["milestones"].as_list()]
    dates = [date_at(plan["start"]), *shown, date_at(plan["end"])]
    return any((b - a).days > LONGEST_WITHOUT_SHOWING for a, b in itertools.pairwise(dates))


@diagnostic("no_record")
def has_no_recorded_week(folder):
    return plan_of(folder)["record"]["weeks"].as_value() == []


@diagnostic("catches_up")
def wants_the_hours_back(folder):
    return plan_of(folder)["re_entry"]["missed_hours"].as_value() == "caught-up"


# ── what tells a known mistake from a slip in the same place


def written(folder, name):
    """The whole file as a plain dict; empty where it is no TOML."""
    try:
        return read_toml(folder.text(name).as_value(), name)
    except Unmet:
        return {}


def answered(folder, part_name):
    found = written(folder, "answers.toml").get(part_name, {})
    return found if isinstance(found, dict) else {}


@diagnostic("salary_only")
def chose_the_best_paid_for_both(folder):
    roles = answered(folder, "roles")
    return roles.get("first") == roles.get("second") == "ai-engineer"


@diagnostic("generalist_by_default")
def kept_every_door_open(folder):
    side = answered(folder, "side")
    return side.get("side") == "both" and side.get("domain") == "any"


@diagnostic("phd_myth")
def thinks_that_it_takes_a_phd(folder):
    return answered(folder, "degree").get("without_phd_percent") == 36.2


@diagnostic("certificate_first")
def sent_both_to_an_examination(folder):
    certificates = answered(folder, "certificates")
    chosen = [certificates.get("first"), certificates.get("second")]
    return all(each and each != "system-first" for each in chosen)


@diagnostic("one_source_for_all")
def heard_one_voice(folder):
    side = answered(folder, "side")
    return bool(side.get("says_000")) and side.get("says_000") == side.get("says_001")


@diagnostic("believes_the_promise")
def believed_the_promise(folder):
    time = answered(folder, "time")
    return time.get("promise_holds") is True and time.get("hours_for_promise", 99) < 30


@diagnostic("every_free_hour_planned")
def gave_every_hour_away(folder):
    plan = written(folder, "plan.toml")
    hours = sum(float(block["hours"]) for block in plan["blocks"])
    return hours > 0.7 * float(plan["free_hours_per_week"])


@diagnostic("plan_without_slack")
def left_no_slack(folder):
    plan = written(folder, "plan.toml")
    start, end = (datetime.date.fromisoformat(str(plan[name])) for name in ("start", "end"))
    working = ((end - start).days + 1) // 7 - len(plan.get("weeks_off", []))
    bare = float(plan["hours_total"]) / sum(float(block["hours"]) for block in plan["blocks"])
    return start.weekday() == 0 and 0 < working < math.ceil(1.1 * math.ceil(bare - 1e-9) - 1e-9)


@diagnostic("months_without_showing")
def showed_nothing_for_months(folder):
    plan = written(folder, "plan.toml")
    texts = [plan["start"], *(each["date"] for each in plan["milestones"]), plan["end"]]
    dates = [datetime.date.fromisoformat(str(each)) for each in texts]
    gaps = [(b - a).days for a, b in itertools.pairwise(dates)]
    return min(gaps) >= 0 and max(gaps) > LONGEST_WITHOUT_SHOWING


@diagnostic("no_record")
def began_no_record(folder):
    return not written(folder, "plan.toml")["record"].get("weeks")


@diagnostic("catches_up")
def let_hours_be_caught_up(folder):
    return written(folder, "plan.toml")["re_entry"].get("missed_hours") == "caught-up"
