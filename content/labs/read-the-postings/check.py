"""Skills read out of job postings, and shares that say how many companies stand behind them."""

import numpy as np
from simulators import postings as written

from gradus.check import claim, draw, observe

SEEDS = draw.seeds()


def section(seed, heading, *kinds):
    """A posting of one heading and a few lines: (text, its skills)."""
    rng = np.random.default_rng(seed)
    writer = written.Writer(rng)
    writer.heading(heading)
    for templates, strength, known in kinds:
        writer.line(writer.pick(templates), strength, known)
    return "\n".join(writer.lines) + "\n", writer.skills


def required_of(known):
    return SEEDS.map(
        lambda seed: section(seed, "required", (written.DEMANDS, written.all_of("required"), known))
    )


def each_turn(heading, templates, strength, known=None):
    """Every turn of phrase once: a posting of one heading and one line for each."""
    asks = written.all_of(strength)
    return [
        section(place, heading, ((template,), asks, known))
        for place, template in enumerate(templates)
    ]


EVERY_NAME = [
    (f"Requirements\n- Solid experience with {name}\n", {skill: "required"})
    for skill, names in written.VOCABULARY.items()
    for name in names
]


def negated(seed):
    """A line that says what is not needed, among the requirements or alone."""
    halves = {"a": None, "b": "required", "c": None}
    kinds = [
        (written.NEGATIONS, written.all_of(None), None),
        ((written.HALVES,), halves, None),
        (written.DEMANDS, written.all_of("required"), None),
    ]
    return section(seed, "required", *kinds[seed % 2 : seed % 2 + 2])


def strengths(seed):
    """The stack, requirements and wishes of one posting."""
    rng = np.random.default_rng(seed)
    writer = written.Writer(rng)
    writer.heading("mentioned")
    writer.line(writer.pick(written.MENTIONS), written.all_of("mentioned"))
    writer.heading("required")
    writer.line(writer.pick(written.DEMANDS), written.all_of("required"))
    writer.line(writer.pick(written.PLUSES), written.all_of("preferred"))
    writer.heading("preferred")
    writer.line(writer.pick(written.WISHES), written.all_of("preferred"))
    if seed % 3 == 0:
        writer.heading("mentioned")
        writer.line(writer.pick(written.MUSTS), written.all_of("required"))
    return "\n".join(writer.lines) + "\n", writer.skills


def reads(work, drawn):
    text, skills = drawn
    work.skills_in(text).must_equal(skills)


@claim(
    "A skill is found under each of its names.",
    drawn=required_of(
        [skill for skill in written.VOCABULARY if skill not in ("C", "Go", "R", "PhD")]
    ).edges(*EVERY_NAME, *each_turn("required", written.DEMANDS, "required")),
    examples=20,
    catches=["one_name_each"],
)
def knows_all_names(work, drawn):
    reads(work, drawn)


@claim(
    "R, Go, C and their like are found where they stand for a language.",
    drawn=required_of(written.LANGUAGES),
    examples=20,
    catches=["substring_match"],
)
def finds_languages(work, drawn):
    reads(work, drawn)


@claim(
    "What only looks like a skill is none.",
    line=draw.choice(written.FILLERS).edges(*written.FILLERS),
    examples=1,
    catches=["substring_match", "whole_word_is_enough"],
)
def is_not_fooled(work, line):
    work.skills_in(f"About us\n{line}\n").must_equal({})


@claim(
    "What a posting says it does not need is not in the answer; the rest of the line is.",
    drawn=SEEDS.map(negated).edges(
        *each_turn("required", written.NEGATIONS, None),
        ("Requirements\n- No PhD needed\n", {}),
        ("Requirements\n- No PhD needed, but Go is a must\n", {"Go": "required"}),
        ("Requirements\n- Docker is not required, but SQL is a plus\n", {"SQL": "preferred"}),
        ("Nice to have\n- You do not need Java or R, but Go\n", {"Go": "preferred"}),
        (
            "Our stack\nWe run Docker.\n\nRequirements\n- No Docker needed\n",
            {"Docker": "mentioned"},
        ),
    ),
    examples=15,
    catches=["ignores_negation", "negation_takes_the_line"],
)
def hears_a_no(work, drawn):
    reads(work, drawn)


SQL_THEN_DOCKER = {"SQL": "required", "Docker": "mentioned"}
"""What a posting asks for that goes on after its requirements under another heading."""

ALL_THREE = {"Docker": "required", "SQL": "required", "AWS": "required"}


@claim(
    "Required, preferred and mentioned are told apart, and the strongest place counts.",
    drawn=SEEDS.map(strengths).edges(
        *each_turn("mentioned", written.MENTIONS, "mentioned"),
        *(
            case
            for platform in written.PLATFORMS
            for case in each_turn("mentioned", [written.BASED], "mentioned", (platform,))
        ),
        *each_turn("preferred", written.WISHES, "preferred"),
        *each_turn("required", written.PLUSES, "preferred"),
        *each_turn("about", written.MUSTS, "required"),
        ("Our stack\nWe run SQL.\n\nMust have\n- SQL\n", {"SQL": "required"}),
        ("Nice to have\n- Docker\n\nHow we work\nDocker is a must.\n", {"Docker": "required"}),
        ("Requirements\n- AWS is a plus\n", {"AWS": "preferred"}),
        ("We run Airflow.\n", {"Airflow": "mentioned"}),
        ("Our stack\nDocker, SQL and AWS are a must.\n", ALL_THREE),
        ("Requirements\n\n- Docker\n\n- SQL\n- AWS\n", ALL_THREE),
        ("Our stack\nRequirements change: we run Docker.\n", {"Docker": "mentioned"}),
        *(
            (f"Requirements\n- SQL\n\n{heading}\nWe run Docker.\n", SQL_THEN_DOCKER)
            for heading in ("About us", "Who we are:", "Our stack", "How we work", "How to apply:")
        ),
        ("", {}),
    ),
    examples=15,
    catches=["mentions_is_required", "first_naming_decides"],
)
def tells_strengths_apart(work, drawn):
    reads(work, drawn)


def wrong_in(found, skills, text):
    """One sentence on the first skill that is invented or missed."""
    for skill in sorted(set(found) ^ set(skills), key=str):
        names = [each.lower() for each in written.VOCABULARY.get(skill, (str(skill),))]
        lines = [line for line in text.splitlines() if any(n in line.lower() for n in names)]
        where = f" Look at: {' | '.join(lines[:3])}" if lines else ""
        return f"It {'invents' if skill in found else 'misses'} {skill}.{where}"
    return ""


@claim(
    "On whole postings that it has not seen, precision and recall are at least 0.95.",
    examples=1,
    catches=["substring_match", "whole_word_is_enough", "one_name_each", "ignores_negation"],
)
def reads_unseen_postings(work, rng, sizes):
    right = invented = missed = 0
    note = ""
    for number in range(int(sizes["postings"])):
        posting = written.posting(rng, number, "A company")
        found = work.skills_in(posting["text"]).as_mapping()
        right += len(found.keys() & posting["skills"].keys())
        invented += len(found.keys() - posting["skills"].keys())
        missed += len(posting["skills"].keys() - found.keys())
        note = note or wrong_in(found, posting["skills"], posting["text"])
    n = int(sizes["postings"])
    precision, recall = right / max(1, right + invented), right / max(1, right + missed)
    observe(f"precision of skills_in on {n} unseen postings", precision).must_be_at_least(
        0.95, because=note
    )
    observe(f"recall of skills_in on {n} unseen postings", recall).must_be_at_least(
        0.95, because=note
    )


def ends(count, n):
    """The two shares p with (count / n - p)^2 = 1.96^2 p (1 - p) / n, found as roots in p."""
    z2, share = 1.96**2, count / n
    roots = np.roots([1 + z2 / n, -2 * share - z2 / n, share * share])
    return sorted(float(np.clip(root.real, 0.0, 1.0)) for root in roots)


COUNTS = draw.tuples(draw.integers(0, 60), draw.integers(0, 60)).map(
    lambda pair: (min(pair), max(1, *pair))
)


@claim(
    "The Wilson interval holds the shares from which the count is at most 1.96 deviations away.",
    pair=COUNTS.edges((0, 5), (5, 5), (1, 2), (1, 1), (500, 1000), (2, 8)),
    examples=10,
    catches=["wald_interval"],
)
def gives_wilson_intervals(work, pair):
    count, n = pair
    interval = work.wilson(count, n).as_list(length=2)
    observe(f"wilson({count}, {n})", interval).must_be_close_to(
        ends(count, n), rtol=1e-3, atol=1e-4
    )


@claim("Nothing counted is nothing known; more than all is refused.", catches=["no_edge_of_wilson"])
def knows_the_edges_of_a_share(work):
    work.wilson(0, 0).must_be_close_to([0.0, 1.0])
    work.wilson(3, 2).must_raise(ValueError)
    work.wilson(-1, 2).must_raise(ValueError)
    work.wilson(1, 0).must_raise(ValueError)
    work.wilson(-1, 0).must_raise(ValueError)


# ── demand: the lines are plain, so that only the counting is judged

SKILLS = ("Python", "SQL", "Docker", "AWS", "Airflow")
LEVELS = {"required": "Requirements", "preferred": "Nice to have", "mentioned": "Our stack"}


def plain_posting(number, company, asks):
    """A posting whose skills are beyond doubt; asks is a list of (skill, strength, times)."""
    text = ""
    for skill, strength, times in asks:
        text += LEVELS[strength] + "\n" + f"- {skill}\n" * times + "\n"
    return {"id": number, "company": company, "title": "ML Engineer", "text": text}


@draw.composite
def markets(pick):
    """Postings of a few companies, one of which posts often."""
    companies = ["Alder", "Brisk", "Cobalt", "Dune", "alder ", "Alder", "Alder"]
    ask = draw.tuples(draw.choice(SKILLS), draw.choice(list(LEVELS)), draw.choice([1, 1, 2, 3]))
    chosen = pick(
        draw.lists(draw.tuples(draw.choice(companies), draw.lists(ask, size=(0, 3))), size=(1, 7))
    )
    return [plain_posting(number, *each) for number, each in enumerate(chosen)]


MANY_POSTS = [
    plain_posting(1, "Alder", [("Docker", "required", 1)]),
    plain_posting(2, "alder ", [("Docker", "required", 1)]),
    plain_posting(3, "Brisk", [("SQL", "required", 1)]),
]
NEARLY_ONE_NAME = [
    plain_posting(1, "Elm Tree", [("Docker", "required", 1)]),
    plain_posting(2, "Elmtree", [("Docker", "required", 1)]),
]
TWO_BEFORE_ONE = [
    plain_posting(1, "Alder", [("AWS", "required", 1), ("SQL", "required", 1)]),
    plain_posting(2, "Brisk", [("SQL", "required", 1)]),
]
THREE_TIMES = [
    plain_posting(1, "Alder", [("Python", "required", 3)]),
    plain_posting(2, "Brisk", [("SQL", "mentioned", 1)]),
]


def asked(postings, strength):
    """Skill to the companies that ask for it, and all companies, from the words of LEVELS."""
    levels = list(LEVELS)[: list(LEVELS).index(strength) + 1]
    companies, wanted = set(), {}
    for posting in postings:
        company = posting["company"].strip().lower()
        companies.add(company)
        for part in posting["text"].split("\n\n"):
            heading, *lines = part.split("\n")
            if heading in [LEVELS[level] for level in levels]:
                for line in lines:
                    wanted.setdefault(line[2:], set()).add(company)
    return wanted, companies


def rows_of(answer, *keys):
    """The learner's rows as plain dicts that have these keys; their skill is a text."""
    rows = [
        observe(f"row {i} of demand(…)", row).as_mapping(*keys)
        for i, row in enumerate(answer.as_list())
    ]
    for i, row in enumerate(rows):
        observe(f"skill in row {i} of demand(…)", row["skill"]).as_text()
    return rows


@claim(
    "A company counts once for a skill, whatever it posts and however often it says so.",
    postings=markets().edges(MANY_POSTS, NEARLY_ONE_NAME, THREE_TIMES, []),
    examples=12,
    catches=["one_company_many_posts", "counted_per_mention", "mentions_is_required"],
)
def counts_companies(work, postings):
    wanted, _ = asked(postings, "required")
    answer = work.demand(postings)
    rows = rows_of(answer, "skill", "count")
    observe(
        "count by skill in demand(postings)", {r["skill"]: r["count"] for r in rows}
    ).must_equal(
        {skill: len(companies) for skill, companies in wanted.items()},
        because=f"The postings: {[(p['company'], p['text']) for p in postings][:4]}",
    )


@claim(
    "Each share comes with the number of companies behind it and its interval.",
    postings=markets().edges(MANY_POSTS),
    examples=6,
    catches=["share_without_n", "one_company_many_posts", "wald_interval"],
)
def says_how_much_it_knows(work, postings):
    wanted, companies = asked(postings, "required")
    n = len(companies)
    rows = rows_of(work.demand(postings), "skill", "count", "n", "share", "low", "high")
    for row in rows:
        count = len(wanted.get(row["skill"], ()))
        label = f"the row of {row['skill']} ({count} of {n} companies)"
        observe(f"n in {label}", row["n"]).must_equal(n)
        observe(f"share in {label}", row["share"]).must_be_close_to(count / n, rtol=1e-6)
        observe(f"low, high in {label}", [row["low"], row["high"]]).must_be_close_to(
            ends(count, n), rtol=1e-3, atol=1e-4
        )


@claim(
    "The largest count comes first, equals by name; weaker wishes are counted where asked for.",
    postings=markets().edges(
        [plain_posting(1, "Alder", [("SQL", "required", 1), ("AWS", "preferred", 1)])],
        [
            plain_posting(i, c, [("Airflow", "required", 1), ("AWS", "required", 1)])
            for i, c in enumerate("ab")
        ],
        TWO_BEFORE_ONE,
    ),
    strength=draw.choice(list(LEVELS)).edges("preferred", "mentioned", "required"),
    examples=8,
    catches=["mentions_is_required", "smallest_first"],
)
def ranks_what_is_asked(work, postings, strength):
    wanted, _ = asked(postings, strength)
    rows = rows_of(work.demand(postings, strength), "skill")
    label = f"skills in the order of demand(postings, {strength!r})"
    observe(label, [row["skill"] for row in rows]).must_equal(
        sorted(wanted, key=lambda skill: (-len(wanted[skill]), skill))
    )


def row(skill, count, n):
    low, high = (round(end, 6) for end in ends(count, n))
    share = count / n
    return {"skill": skill, "count": count, "n": n, "share": share, "low": low, "high": high}


ROWS = draw.lists(
    draw.tuples(draw.choice(SKILLS), draw.tuples(draw.integers(0, 40), draw.integers(1, 100))),
    size=(0, 5),
).map(lambda drawn: [row(s, min(k, n), n) for s, (k, n) in dict(drawn).items()])
# Python has the largest share above the floor, and SQL the largest low end.
FEW_AND_MANY = [row("AWS", 1, 2), row("Python", 2, 3), row("SQL", 40, 100), row("Docker", 3, 100)]

# The larger count belongs to the smaller low end.
MANY_OF_MORE = [row("SQL", 60, 300), row("Python", 9, 10)]


@claim(
    "Missing skills are ranked by the low end of their interval, and only those above the floor.",
    rows=ROWS.edges(FEW_AND_MANY, [row("Airflow", 1, 2), row("AWS", 1, 2)], MANY_OF_MORE),
    mine=draw.lists(draw.choice(SKILLS), size=(0, 3)).edges([], [], []),
    floor=draw.choice([None, 0.05, 0.3]).edges(None, row("AWS", 1, 2)["low"], None),
    examples=10,
    catches=["share_without_n", "floor_left_out"],
)
def ranks_the_gap(work, rows, mine, floor):
    words = (rows, mine) if floor is None else (rows, mine, floor)
    floor = 0.1 if floor is None else floor
    expected = [
        each["skill"]
        for each in sorted(rows, key=lambda each: (-each["low"], each["skill"]))
        if each["low"] >= floor and each["skill"] not in mine
    ]
    answer = work.gap(*words).as_mapping("missing", "unasked")
    called = ", ".join(str(each) for each in words)
    observe(f"missing, in gap({called})", answer["missing"]).must_equal(expected)


@claim(
    "What is on your map and nobody asks for is said too.",
    rows=ROWS.edges([]),
    mine=draw.lists(draw.choice([*SKILLS, "R", "Go"]), size=(0, 4))
    .map(lambda names: list(dict.fromkeys(names)))
    .edges(["R", "Go", "Airflow", "AWS"]),
    examples=8,
    catches=["gap_in_one_direction"],
)
def says_what_nobody_asks_for(work, rows, mine):
    there = {each["skill"] for each in rows}
    answer = work.gap(rows, mine, 0.3).as_mapping("missing", "unasked")
    observe(f"unasked, in gap({rows}, {mine}, 0.3)", answer["unasked"]).must_equal(
        sorted(set(mine) - there)
    )
