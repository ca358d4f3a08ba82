"""Six people with a decision to take, drawn for one learner; decides nothing."""

import numpy as np

PEOPLE = ("Ada", "Bela", "Chidi", "Dana", "Emre", "Farah", "Goran", "Hana", "Imani", "Jonas")

ROLES = {
    "data-scientist": (
        "studied economics, likes to set up an experiment and to argue about what a difference "
        "means, and is happy when a chart changes a director's mind. Being woken at night is out "
        "of the question",
        "comes from psychology, reads tables for pleasure, and wants to tell a company which of "
        "two prices works better and how sure that is. Wants quiet nights",
    ),
    "ml-engineer": (
        "has written backend services for four years, likes it when a thing runs for thousands "
        "and nobody notices, and would rather mend a training pipeline than draw a chart. Being "
        "on call is part of the job, they say",
        "studied computer science, automates everything, and asks of every model first how it is "
        "deployed, watched and rolled back. Does not mind a pager",
    ),
    "ai-engineer": (
        "builds web products, watches people use them, and wants to put a language model behind "
        "a button that users press; training models is not what they care about",
        "has run a small web shop's backend, has a drawer full of chat-bot prototypes on rented "
        "models, and likes to see what real users type into them",
    ),
}
SIDES = {
    "infrastructure": (
        "spent the free hours of the last five months on a small Kubernetes cluster and on making "
        "a training job restart by itself; three half-read papers lie on the desk",
        "finished the container and pipeline labs in half the estimated time and put off every "
        "lab with a derivation",
    ),
    "research": (
        "has re-implemented four papers in five months, reads PyTorch's source for fun, and lets "
        "others set up the servers",
        "finished the labs with derivations in half the estimated time and put off everything "
        "with containers",
    ),
}
DOMAINS = {
    "health-care": "eight years as a nurse in intensive care",
    "finance": "six years in the fraud department of a bank",
    "vision": "ten years as a photographer and in a printing lab",
    "language": "seven years as a translator between three languages",
}
CLOUDS = {"aws": "AWS", "gcp": "Google Cloud", "azure": "Azure"}
LEVELS = ("junior", "mid", "senior")


def make_case(rng: np.random.Generator) -> tuple[dict[str, str | bytes], dict]:
    """Return the file `cases.md` and what the check needs to know about the six people."""

    def pick(values):
        known = list(values)
        return known[int(rng.integers(len(known)))]

    names = [PEOPLE[int(i)] for i in rng.choice(len(PEOPLE), 6, replace=False)]
    roles = [list(ROLES)[int(i)] for i in rng.choice(3, 2, replace=False)]
    side, domain = pick(SIDES), pick(DOMAINS)
    aim = "research" if rng.random() < 0.2 else "applied"
    top20, funded = bool(rng.random() < 0.5), bool(rng.random() < 0.5)
    engineer = bool(rng.random() < 0.5)
    ready_first = bool(rng.random() < 0.5)
    cloud = pick(CLOUDS)
    background = pick(("software-engineer", "from-zero"))
    hours, most = pick((6, 7, 8, 9, 12, 14)), pick((15, 20, 45))
    level = pick(LEVELS)
    hidden = {
        "names": names, "roles": roles, "level": level, "side": side, "domain": domain,
        "aim": aim, "top20": top20, "funded": funded, "engineer": engineer,
        "ready_first": ready_first, "cloud": cloud,
        "background": background, "hours": hours, "most": most,
    }  # fmt: skip
    return {"cases.md": describe(hidden, pick)}, hidden


def describe(case, pick):
    """The six people in prose."""
    a, b, c, d, e, f = case["names"]
    one, two = case["roles"]
    school = "a school in the top 20" if case["top20"] else "a school that no ranking lists"
    money = "with a scholarship that pays for everything" if case["funded"] else "for $60,000"
    wish = {
        "applied": "wants to build recommendation systems in a company",
        "research": "wants to lead a research group and publish",
    }[case["aim"]]
    past = {
        True: "has been a software engineer for five years",
        False: "has never been paid for programming, and learns best with a timetable",
    }[case["engineer"]]
    built = (
        "has a fraud model running behind an API for half a year, with monitoring, and a call "
        f"for interviews from a company that runs on {CLOUDS[case['cloud']]}"
    )
    nothing = (
        "has finished nine online courses, has built nothing that runs, and would like to start "
        f"with the certificate for {CLOUDS[case['cloud']]}"
    )
    first, second = (built, nothing) if case["ready_first"] else (nothing, built)
    start = {
        "software-engineer": "has been a software engineer for years",
        "from-zero": "has never programmed",
    }[case["background"]]
    return f"""# Your cases

## Roles: {a} and {b}

{a} {pick(ROLES[one])}.

{b} {pick(ROLES[two])}.

Both have read that AI engineers are paid best. A friend of theirs, an ML engineer at the
{case["level"]} level, asks what the going rate is.

## Side and domain: {c}

{c} is in month 6 of learning, wants to become an ML engineer, and
{pick(SIDES[case["side"]])}. Before that: {DOMAINS[case["domain"]]}.

## Degree: {d}

{d} {wish}, {past}, and has an offer for a master's at
{school}, {money}. A cousin says: "Without a PhD nobody will read your application."

## Certificates: {e} and {f}

{e} {first}.

{f} {second}.

## Time: {f}'s neighbour

The neighbour {start} and has {case["hours"]} hours a week. With everything else in life dropped,
{case["most"]} hours a week would be possible. A school promises the job "in three months": 13
weeks.
"""
