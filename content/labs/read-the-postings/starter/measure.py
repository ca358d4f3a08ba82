"""Compares your skills_in with the labels of postings.json: run `python measure.py`."""

import json
from pathlib import Path

from postings import skills_in

right = missed = invented = other_strength = 0
for posting in json.loads(Path(__file__).with_name("postings.json").read_text("utf-8")):
    labels, found = posting["skills"], skills_in(posting["text"])
    for skill in sorted(labels.keys() | found.keys()):
        said, expected = found.get(skill), labels.get(skill)
        right += said is not None and expected is not None
        missed += said is None
        invented += expected is None
        other_strength += None not in (said, expected) and said != expected
        if said != expected:
            print(f"posting {posting['id']}: {skill} is {expected}, you say {said}")

print(f"precision {right / max(1, right + invented):.3f}", f"recall {right / max(1, right + missed):.3f}")
print(f"strength right {1 - other_strength / max(1, right):.3f}")
