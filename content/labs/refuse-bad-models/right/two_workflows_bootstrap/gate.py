"""The gate by resampling rows, with the standard library alone."""

import csv
import math
import random
import sys
from collections import defaultdict


def table(path):
    made = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            if row["id"] in made:
                raise ValueError(f"{row['id']} twice")
            values = [float(row["actual"]), float(row["predicted"])]
            if any(math.isnan(v) or math.isinf(v) for v in values):
                raise ValueError(f"{row['id']}: {values}")
            made[row["id"]] = (row["zone"], *values)
    if len(made) < 200:
        raise ValueError(f"{len(made)} rows")
    return made


def quantiles(gains, times=400):
    draw = random.Random(0)
    means = sorted(sum(draw.choices(gains, k=len(gains))) / len(gains) for _ in range(times))
    return means[int(0.05 * times)], means[int(0.95 * times) - 1]


try:
    a, b = (table(path) for path in sys.argv[1:3])
    if a.keys() != b.keys():
        raise ValueError("other ids")
    zones = defaultdict(list)
    for key in a:
        if a[key][0] != b[key][0] or a[key][1] != b[key][1]:
            raise ValueError(f"{key} differs")
        zones[a[key][0]].append(abs(b[key][2] - b[key][1]) - abs(a[key][2] - a[key][1]))
except (OSError, ValueError, KeyError, TypeError) as why:
    print("no comparison:", why)
    sys.exit(2)

bad = []
if quantiles([gain for part in zones.values() for gain in part])[0] <= -0.25:
    bad.append("overall")
bad += [zone for zone, part in zones.items() if len(part) >= 30 and quantiles(part)[1] < -0.25]
if bad:
    sys.exit("worse: " + ", ".join(bad))
