"""Job postings of companies that do not exist, with the skills that each one asks for.

Every text is put together from the turns of phrase below; none is anybody's advertisement.
"""

from typing import Any

import numpy as np

VOCABULARY: dict[str, tuple[str, ...]] = {
    "Python": ("Python",),
    "PyTorch": ("PyTorch", "torch"),
    "TensorFlow": ("TensorFlow", "TF"),
    "scikit-learn": ("scikit-learn", "sklearn", "scikit learn"),
    "machine learning": ("machine learning", "ML", "machine-learning"),
    "SQL": ("SQL",),
    "Spark": ("Spark", "PySpark", "Apache Spark"),
    "Airflow": ("Airflow", "Apache Airflow"),
    "Docker": ("Docker",),
    "Kubernetes": ("Kubernetes", "k8s"),
    "AWS": ("AWS", "Amazon Web Services"),
    "MLflow": ("MLflow",),
    "RAG": ("RAG", "retrieval-augmented generation"),
    "Java": ("Java",),
    "JavaScript": ("JavaScript",),
    "C++": ("C++",),
    "C": ("C",),
    "Go": ("Go", "Golang"),
    "R": ("R",),
    "PhD": ("PhD", "Ph.D.", "doctorate"),
}
"""Skill to the names under which postings write it."""

STRENGTHS = ("mentioned", "preferred", "required")
ALWAYS_CAPITAL = ("C", "Go", "R", "Spark")
"""Skills whose names are words or letters too; the others come in small letters now and then."""

LANGUAGES = ("Python", "Java", "JavaScript", "C++", "C", "Go", "R")
PLATFORMS = ("Kubernetes", "AWS", "Spark", "PyTorch")

HEADINGS = {
    "about": ("About us", "Who we are"),
    "mentioned": ("Our stack", "How we work"),
    "required": ("Requirements", "What you bring", "Must have"),
    "preferred": ("Nice to have", "Bonus points", "Preferred"),
    "apply": ("How to apply",),
}

FILLERS = (
    "We closed our Series C in May.",
    "Our R&D team sits in Lisbon.",
    "You report to a C-level sponsor.",
    "Our go-to-market team is small.",
    "Go-to-market is somebody else's job.",
    "Go above and beyond for our customers.",
    "We go live every Tuesday.",
    "You will excel in a team that asks questions.",
    "We like ideas that spark a discussion.",
    "Our first product was an HTML editor.",
    "Our users drag and drop 4 million files a day.",
    "We moved our storage to NoSQL long ago.",
    "Torchlight walks are our summer party.",
    "We measure R-squared and laugh about it.",
    "Vitamin C and fruit are on us.",
)
"""Sentences in which a skill's name, or what looks like one, means something else."""

MENTIONS = (
    "We run {a}, {b} and {c}.",
    "Our services talk to {a}.",
    "Models are trained with {a}/{b}.",
    "You will see {a} every day, and some {b}.",
)
BASED = "We run a {a}-based platform."
DEMANDS = (
    "- {a} and {b}",
    "- Solid experience with {a}",
    "- {a}, {b} or {c}",
    "- You have shipped something with {a}, ideally more than once",
    "- 3+ years of {a}; we use {b} as well",
    "- {a}/{b} in production ({c} counts too)",
)
WISHES = ("- {a}", "- Experience with {a} or {b}", "- Some {a}, {b}, or a talk about {c}")
PLUSES = ("- {a} is a plus", "- {a} or {b} would be nice")
MUSTS = ("{a} is a must.", "{a} and {b} are a must.")
NEGATIONS = (
    "- No {a} needed",
    "- {a} is not required",
    "- You do not need {a} or {b}",
)
HALVES = "- No {a} needed, but {b} is a must"

COMPANIES = (
    "Alder Labs", "Brisk Data", "Cobalt Health", "Dune Robotics", "Elm Finance", "Fjord Retail",
    "Gable Homes", "Harbour AI", "Iris Optics", "Juniper Freight", "Kite Energy", "Loam Foods",
    "Mica Security", "Nectar Games", "Ochre Media", "Pine Mobility", "Quartz Insurance",
    "Reed Learning", "Sable Travel", "Tern Logistics", "Umber Legal", "Vale Bio", "Willow Care",
    "Yarrow Labs",
)  # fmt: skip
TITLES = ("ML Engineer", "Machine Learning Engineer", "MLOps Engineer", "Data Scientist")


def stronger(one: str | None, other: str | None) -> str | None:
    """Return the stronger of two strengths; None is weaker than all."""
    known = [each for each in (one, other) if each is not None]
    return max(known, key=STRENGTHS.index) if known else None


class Writer:
    """Writes one posting line by line and keeps what each line asks for."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self.lines: list[str] = []
        self.skills: dict[str, str] = {}

    def pick(self, values: Any) -> Any:
        """Return one of the values."""
        return values[int(self._rng.integers(len(values)))]

    def heading(self, kind: str) -> None:
        """Start a section."""
        if self.lines:
            self.lines.append("")
        self.lines.append(self.pick(HEADINGS[kind]) + self.pick(("", ":")))

    def filler(self, n: int) -> None:
        """Write sentences that ask for nothing."""
        chosen = self._rng.choice(len(FILLERS), size=n, replace=False)
        self.lines += [FILLERS[int(each)] for each in chosen]

    def name(self, skill: str) -> str:
        """Return one of a skill's names, as somebody may type it."""
        written = self.pick(VOCABULARY[skill])
        small = self._rng.random() < 0.15 and skill not in ALWAYS_CAPITAL
        return str(written.lower() if small else written)

    def line(self, template: str, asks: dict[str, str | None], known: Any = None) -> None:
        """Fill a template with different skills; `asks` gives the strength of each place."""
        places = [place for place in "abc" if "{" + place + "}" in template]
        pool = list(known or [skill for skill in VOCABULARY if skill != "PhD"])
        chosen = [pool[int(i)] for i in self._rng.choice(len(pool), len(places), replace=False)]
        if template in (*NEGATIONS, HALVES) and self._rng.random() < 0.5:
            chosen[0] = "PhD"
        names = [self.name(skill) for skill in chosen]
        self.lines.append(template.format(**dict(zip(places, names, strict=True))))
        for place, skill in zip(places, chosen, strict=True):
            strength = stronger(self.skills.get(skill), asks[place])
            if strength is not None:
                self.skills[skill] = strength


def all_of(strength: str | None) -> dict[str, str | None]:
    """Return the same strength for every place of a template."""
    return dict.fromkeys("abc", strength)


def posting(rng: np.random.Generator, number: int, company: str) -> dict[str, Any]:
    """Return one posting: id, company, title, text, and `skills` (skill to strength)."""
    writer = Writer(rng)
    writer.heading("about")
    writer.filler(3)
    writer.heading("mentioned")
    writer.line(writer.pick(MENTIONS), all_of("mentioned"))
    writer.line(BASED, all_of("mentioned"), PLATFORMS)
    if rng.random() < 0.3:
        writer.line(writer.pick(MUSTS), all_of("required"))
    writer.heading("required")
    for _ in range(2):
        writer.line(writer.pick(DEMANDS), all_of("required"))
    writer.line(writer.pick(DEMANDS), all_of("required"), LANGUAGES)
    writer.line(writer.pick(NEGATIONS), all_of(None))
    if rng.random() < 0.4:
        writer.line(HALVES, {"a": None, "b": "required", "c": None})
    if rng.random() < 0.5:
        writer.line(writer.pick(PLUSES), all_of("preferred"))
    writer.heading("preferred")
    writer.line(writer.pick(WISHES), all_of("preferred"))
    writer.heading("apply")
    writer.filler(2)
    return {
        "id": number,
        "company": company,
        "title": writer.pick(TITLES),
        "text": "\n".join(writer.lines) + "\n",
        "skills": dict(sorted(writer.skills.items())),
    }


def corpus(
    rng: np.random.Generator, n_companies: int, most_posts: int = 9, first: int = 1
) -> list[dict[str, Any]]:
    """Return postings of `n_companies`; one of them posts `most_posts` times, with copies."""
    names = [COMPANIES[int(i)] for i in rng.choice(len(COMPANIES), n_companies, replace=False)]
    postings: list[dict[str, Any]] = []
    for place, company in enumerate(names):
        for _ in range(most_posts if place == 0 else int(rng.integers(1, 3))):
            written = posting(rng, first + len(postings), company)
            if place == 0 and postings and rng.random() < 0.4:
                written = {**postings[0], "id": first + len(postings)}
            postings.append(written)
    order = rng.permutation(len(postings))
    return [postings[int(place)] for place in order]


def sample() -> list[dict[str, Any]]:
    """Return the labelled postings that a learner gets."""
    return corpus(np.random.default_rng(2026), 24, most_posts=12)
