"""Words cut apart by hand, counting done by pandas."""

import string

import numpy as np
import pandas as pd

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


ORDER = ["mentioned", "preferred", "required"]
SECTION = {
    "Requirements": 2, "What you bring": 2, "Must have": 2,
    "Nice to have": 1, "Bonus points": 1, "Preferred": 1,
    "About us": 0, "Who we are": 0, "Our stack": 0, "How we work": 0, "How to apply": 0,
}
PUNCTUATION = ".,;:!?()/'\""


def tokens(line):
    for mark in PUNCTUATION:
        line = line.replace(mark, f" {mark} ") if mark != "." else line
    words = []
    for word in line.split():
        if word.endswith(".") and word.lower() != "ph.d.":
            word = word[:-1]
        words += [word]
    return words


def names_in(line):
    words = tokens(line)
    small = [w.lower() for w in words]
    joined = " " + " ".join(small) + " "
    joined = joined.replace("-based ", " ")
    for skill, names in VOCABULARY.items():
        for name in names:
            if name in ("R", "C", "Go", "Spark"):
                for place, word in enumerate(words):
                    before = words[place - 1] if place else ""
                    after = words[place + 1] if place + 1 < len(words) else ""
                    if word in (name, name + "-based") and before not in ("Series", "Vitamin") and after != "above":
                        yield skill
            elif f" {name.lower()} " in joined:
                yield skill


def skills_in(text):
    best, section = {}, 0
    for line in text.splitlines():
        title = line.strip(string.whitespace + ":")
        if title in SECTION:
            section = SECTION[title]
            continue
        for half in line.split(" but "):
            low = half.lower()
            negated = low.lstrip("- ").startswith("no ") and "needed" in low
            if negated or "is not required" in low or "do not need" in low:
                continue
            level = section
            if " a must" in low:
                level = 2
            if " a plus" in low or "would be nice" in low:
                level = 1
            for skill in names_in(half):
                best[skill] = max(best.get(skill, 0), level)
    return {skill: ORDER[level] for skill, level in best.items()}


def wilson(count, n, z=1.959963985):
    if n < count or count < 0:
        raise ValueError(count, n)
    if n == 0:
        return np.array([0.0, 1.0])
    p = count / n
    d = 1 + z**2 / n
    spread = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return np.clip(np.array([p + z**2 / (2 * n) - spread, p + z**2 / (2 * n) + spread]) / d, 0, 1)


def demand(postings, strength="required"):
    if not postings:
        return []
    keep = ORDER[ORDER.index(strength):]
    frame = pd.DataFrame(postings)
    frame["company"] = frame["company"].str.strip().str.lower()
    n = frame["company"].nunique()
    found = [
        (row.company, skill)
        for row in frame.itertuples()
        for skill, how in skills_in(row.text).items()
        if how in keep
    ]
    pairs = pd.DataFrame(found, columns=["company", "skill"]).drop_duplicates()
    counts = pairs.groupby("skill").size().rename("count").reset_index()
    counts = counts.sort_values(["count", "skill"], ascending=[False, True])
    rows = []
    for row in counts.itertuples(index=False):
        low, high = wilson(row[1], n)
        rows.append({"skill": row[0], "count": row[1], "n": n, "share": row[1] / n,
                     "low": low, "high": high})
    return rows


def gap(rows, mine, floor=0.1):
    asked = [row["skill"] for row in rows]
    strong = sorted((-row["low"], row["skill"]) for row in rows if row["low"] >= floor)
    return {
        "missing": [skill for _, skill in strong if skill not in list(mine)],
        "unasked": sorted(set(mine).difference(asked)),
    }
