"""You left out a skill whose low end is the floor itself: 'at least' and 'above' are two rules, and they differ where a number stands exactly on the line."""

import math
import re

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

STRENGTHS = ["mentioned", "preferred", "required"]

HEADINGS = {
    "about us": "mentioned",
    "who we are": "mentioned",
    "our stack": "mentioned",
    "how we work": "mentioned",
    "how to apply": "mentioned",
    "requirements": "required",
    "what you bring": "required",
    "must have": "required",
    "nice to have": "preferred",
    "bonus points": "preferred",
    "preferred": "preferred",
}

NOT_NEEDED = re.compile(
    r"^\W*no\b.*\bneeded|\b(is|are) not required|\bdo not need\b", re.IGNORECASE
)
MUST = re.compile(r"\b(is|are) a must\b", re.IGNORECASE)
PLUS = re.compile(r"\b(is|are) a plus\b|\bwould be nice\b", re.IGNORECASE)


def pattern_of(skill, name):
    """A name on its own: nothing may be glued to it that would make it another word."""
    if name in ("R", "C", "Go"):
        return rf"(?<![\w&+-])(?<!Series )(?<!Vitamin ){name}(?![\w&+#-])(?! above)"
    if skill == "Spark":
        return rf"(?<!\w){name}(?!\w)"
    return rf"(?i:(?<!\w){re.escape(name)}(?![\w+#]))"


PATTERNS = {
    skill: re.compile("|".join(pattern_of(skill, name) for name in names))
    for skill, names in VOCABULARY.items()
}


def clauses(text):
    """(strength, words) for each part of each line; what is not needed is left out."""
    section = "mentioned"
    for line in text.splitlines():
        heading = line.strip().rstrip(":").lower()
        if heading in HEADINGS:
            section = HEADINGS[heading]
            continue
        for part in line.split(", but "):
            if NOT_NEEDED.search(part):
                continue
            if MUST.search(part):
                yield "required", part
            elif PLUS.search(part):
                yield "preferred", part
            else:
                yield section, part


def skills_in(text):
    found = {}
    for strength, part in clauses(text):
        for skill, pattern in PATTERNS.items():
            if pattern.search(part):
                known = found.get(skill, strength)
                found[skill] = max(known, strength, key=STRENGTHS.index)
    return found


def wilson(count, n, z=1.96):
    if not 0 <= count <= n:
        raise ValueError(f"{count} of {n} is no share")
    if n == 0:
        return 0.0, 1.0
    share = count / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def demand(postings, strength="required"):
    asked = {}
    for posting in postings:
        skills = asked.setdefault(posting["company"].strip().casefold(), set())
        for skill, found in skills_in(posting["text"]).items():
            if STRENGTHS.index(found) >= STRENGTHS.index(strength):
                skills.add(skill)

    n = len(asked)
    rows = []
    for skill in set().union(*asked.values()):
        count = sum(skill in skills for skills in asked.values())
        low, high = wilson(count, n)
        rows.append(
            {"skill": skill, "count": count, "n": n, "share": count / n, "low": low, "high": high}
        )
    return sorted(rows, key=lambda row: (-row["count"], row["skill"]))


def gap(rows, mine, floor=0.1):
    missing = [row for row in rows if row["low"] > floor and row["skill"] not in mine]
    asked = {row["skill"] for row in rows}
    return {
        "missing": [r["skill"] for r in sorted(missing, key=lambda r: (-r["low"], r["skill"]))],
        "unasked": sorted(set(mine) - asked),
    }
