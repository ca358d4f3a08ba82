"""One regular expression for all names, false friends first, so that they swallow what they mean."""

import math
import re
from collections import defaultdict

VOCABULARY = {
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


FALSE_FRIENDS = [
    r"R&D", r"Series C", r"C-level", r"Vitamin C", r"R-squared",
    r"Go-to-market", r"Go above", r"NoSQL", r"HTML",
]
NAMES = {name.lower(): skill for skill, names in VOCABULARY.items() for name in names}
EITHER = "|".join(
    ["(?P<false>" + "|".join(FALSE_FRIENDS) + ")"]
    + [re.escape(n) for n in sorted(NAMES, key=len, reverse=True)]
)
SCAN = re.compile(r"(?<![A-Za-z0-9])(?:" + EITHER + r")(?![A-Za-z0-9])", re.I)
CAPITAL = {"r", "c", "go", "spark"}
LEVEL = {"mentioned": 0, "preferred": 1, "required": 2}


def find(text):
    for match in SCAN.finditer(text):
        word = match.group()
        if match["false"] or (word.lower() in CAPITAL and not word[0].isupper()):
            continue
        yield NAMES[word.lower()]


def skills_in(text):
    levels = defaultdict(lambda: -1)
    section = 0
    for line in text.split("\n"):
        head = line.replace(":", "").strip().lower()
        if head in ("requirements", "what you bring", "must have"):
            section = 2
        elif head in ("nice to have", "bonus points", "preferred"):
            section = 1
        elif head in ("about us", "who we are", "our stack", "how we work", "how to apply"):
            section = 0
        else:
            for piece in re.split(r",\s*but\s", line):
                small = piece.lower()
                if "not required" in small or "do not need" in small:
                    continue
                if "needed" in small and re.search(r"\bno\b", small):
                    continue
                level = section
                if "a must" in small:
                    level = 2
                elif "a plus" in small or "be nice" in small:
                    level = 1
                for skill in find(piece):
                    levels[skill] = max(levels[skill], level)
    words = list(LEVEL)
    return {skill: words[level] for skill, level in levels.items()}


def wilson(count, n):
    if n < 0 or count < 0 or count > n:
        raise ValueError("count must lie between 0 and n")
    if not n:
        return [0, 1]
    # The ends are the two solutions of (share - p)^2 = z^2 p (1 - p) / n.
    z2 = 1.96**2
    a, b, c = n + z2, -(2 * count + z2), count * count / n
    root = math.sqrt(max(0.0, b * b - 4 * a * c))
    return [(-b - root) / (2 * a), (-b + root) / (2 * a)]


def demand(postings, strength="required"):
    wanted = {}
    for each in postings:
        company = " ".join(each["company"].lower().split())
        skills = {s for s, found in skills_in(each["text"]).items() if LEVEL[found] >= LEVEL[strength]}
        wanted[company] = wanted.get(company, set()) | skills
    counts = defaultdict(int)
    for skills in wanted.values():
        for skill in skills:
            counts[skill] += 1
    result = []
    for skill in sorted(counts):
        low, high = wilson(counts[skill], len(wanted))
        result.append(
            dict(skill=skill, n=len(wanted), count=counts[skill],
                 share=counts[skill] / len(wanted), low=low, high=high)
        )
    result.sort(key=lambda row: row["count"], reverse=True)
    return result


def gap(rows, mine, floor=0.1):
    rows = sorted(rows, key=lambda row: row["skill"])
    rows.sort(key=lambda row: row["low"], reverse=True)
    unasked = set(mine) - {row["skill"] for row in rows}
    return {
        "unasked": sorted(unasked),
        "missing": [r["skill"] for r in rows if r["skill"] not in mine and not r["low"] < floor],
    }
