"""Six hours a week over fifteen months, with a full month off and two recorded weeks."""

MONTHS = {
    "software-engineer": ([6, 12], [12, 12], [9, 15], [8, 12]),
    "from-zero": ([12, 18], [15, 18], [18, 24], [8, 12]),
}
COMMON = {"junior": (90, 109), "mid": (125, 160), "senior": (220, 250)}
PRICES = {"aws": 300, "gcp": 200, "azure": 165}

PLAN = """\
goal = "An open question-answering service over my town's council minutes"
hours_total = 300
start = 2027-01-04
end = 2028-04-30
free_hours_per_week = 9
weeks_off = [2027-07-05, 2027-07-12, 2027-07-19, 2027-07-26]
blocks = [ { day = "Tuesday", hours = 2 }, { day = "Thursday", hours = 2 }, { day = "Sunday", hours = 2 } ]
milestones = [
  { date = 2027-02-28, kind = "shown", shows = "search over ten minutes" },
  { date = 2027-04-25, kind = "shown", shows = "search with a measured recall" },
  { date = 2027-06-20, kind = "side", shows = "decision: the language side" },
  { date = 2027-08-15, kind = "shown", shows = "answers with their sources" },
  { date = 2027-10-10, kind = "shown", shows = "an evaluation set" },
  { date = 2027-12-05, kind = "shown", shows = "a service for five friends" },
  { date = 2028-01-30, kind = "shown", shows = "a month of logs, read" },
  { date = 2028-03-19, kind = "shown", shows = "a talk at a meet-up" },
]

[record]
day = "Monday"
minutes = 10
fields = ["Hours", "Shown", "Next", "mood"]
weeks = [
  { monday = 2027-01-04, planned_hours = 6, done_hours = 6.5, next = "write the loader" },
  { monday = 2027-01-11, planned_hours = 6, done_hours = 0, next = "write the loader, smaller" },
]

[re_entry]
after_missed_days = 7
first_step_minutes = 15
first_step = "read last week's record aloud"
missed_hours = "dropped"
"""


def degree(source, case):
    if case["aim"] == "research":
        return "phd"
    if source == "001" or (case["top20"] and case["funded"]):
        return "masters"
    return "self-taught" if case["engineer"] else "bootcamp"


def answers(case):
    low, high = COMMON[case["level"]]
    by_000, by_001 = degree("000", case), degree("001", case)
    next_steps = ["system-first", "system-first"]
    next_steps[0 if case["ready_first"] else 1] = case["cloud"]
    months = MONTHS[case["background"]]
    return {
        "roles": {
            "first": case["roles"][0],
            "second": case["roles"][1],
            "because": [f"work-{role}" for role in case["roles"]],
            "common_low": low,
            "common_high": high,
        },
        "side": {
            "side": case["side"],
            "domain": case["domain"],
            "because": ["side-by-month-6", "side-both-first", f"side-{case['side']}"],
            "says_000": "one-by-month-6",
            "says_001": "both-first",
        },
        "degree": {
            "by_000": by_000,
            "by_001": by_001,
            "agree": by_000 == by_001,
            "decision": by_000,
            "because": ["degree-rules-000", "degree-rules-001", "degree-phd-not-needed"],
            "without_phd_percent": 63.8,
        },
        "certificates": {
            "first": next_steps[0],
            "second": next_steps[1],
            "cost_first": PRICES.get(next_steps[0], 0),
            "cost_second": PRICES.get(next_steps[1], 0),
            "agree_on_tensorflow": False,
            "because": ["certificate-not-first", f"certificate-{case['cloud']}"],
        },
        "time": {
            "months_000": months[0],
            "months_001": months[1],
            "months_003": months[2],
            "months_004": months[3],
            "weeks": -(-504 // case["hours"]),
            "hours_for_promise": round(504 / 13, 1),
            "promise_holds": case["most"] >= 504 / 13,
        },
    }


def literal(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def build(folder, case):
    lines = []
    for part, values in answers(case).items():
        lines.append(f"[{part}]")
        lines += [f"{name} = {literal(value)}" for name, value in values.items()]
        lines.append("")
    (folder / "answers.toml").write_text("\n".join(lines), encoding="utf-8")
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
