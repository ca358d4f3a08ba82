"""You planned months of learning without anything that somebody else can look at: until then nobody, you included, can tell whether it works."""

MONTHS = {
    "software-engineer": ([6, 12], [12, 12], [9, 15], [8, 12]),
    "from-zero": ([12, 18], [15, 18], [18, 24], [8, 12]),
}
COMMON = {"junior": (90, 109), "mid": (125, 160), "senior": (220, 250)}
PRICES = {"aws": 300, "gcp": 200, "azure": 165}

PLAN = """\
goal = "A fraud model behind an API that a stranger can call and break"
hours_total = 320

start = 2026-11-23
end = 2027-09-26
free_hours_per_week = 14
weeks_off = [2026-12-21, 2026-12-28]

[[blocks]]
day = "Monday"
hours = 1.5
[[blocks]]
day = "Wednesday"
hours = 1.5
[[blocks]]
day = "Friday"
hours = 1.5
[[blocks]]
day = "Saturday"
hours = 4.0

[[milestones]]
date = 2027-01-17
kind = "shown"
shows = "a notebook on real data, rerun by a friend"
[[milestones]]
date = 2027-04-25
kind = "side"
shows = "a page on why infrastructure"
[[milestones]]
date = 2027-06-20
kind = "shown"
shows = "the API, with monitoring"
[[milestones]]
date = 2027-08-08
kind = "shown"
shows = "a load test with its figures"

[record]
day = "Sunday"
minutes = 15
fields = ["hours", "shown", "stuck", "next"]

[[record.weeks]]
monday = 2026-11-23
planned_hours = 8.5
done_hours = 3.0
next = "finish the baseline"

[re_entry]
after_missed_days = 3
first_step_minutes = 10
first_step = "open the last lab and rerun it"
missed_hours = "moved-to-slack"
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
