"""Compares two averages, each from its own file."""

import csv
import math
import sys

MARGIN = 0.25
FEWEST_ROWS = 200
FEWEST_OF_A_ZONE = 30
Z = 1.645


def read(path):
    rows = []
    with open(path, encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            error = abs(float(line["predicted"]) - float(line["actual"]))
            if not math.isfinite(error):
                raise ValueError(f"the row {line['id']} has no finite number")
            rows.append((line["zone"], error))
    if len(rows) < FEWEST_ROWS:
        raise ValueError(f"{len(rows)} rows are fewer than {FEWEST_ROWS}")
    return rows


def moments(errors):
    mean = sum(errors) / len(errors)
    return mean, sum((each - mean) ** 2 for each in errors) / (len(errors) - 1) / len(errors)


def bounds(candidate, champion):
    """The two ends of the minutes won, from two samples as if they had nothing in common."""
    (new, new_variance), (old, old_variance) = moments(candidate), moments(champion)
    reach = Z * math.sqrt(new_variance + old_variance)
    return old - new - reach, old - new + reach


try:
    candidate, champion = read(sys.argv[1]), read(sys.argv[2])
except (OSError, ValueError, KeyError, TypeError) as error:
    print(f"not comparable: {error}")
    sys.exit(2)

low, high = bounds([error for _, error in candidate], [error for _, error in champion])
print(f"all rows: {low:.3f} to {high:.3f} minutes won")
refused = low <= -MARGIN
for zone in sorted({zone for zone, _ in candidate}):
    both = [[e for z, e in rows if z == zone] for rows in (candidate, champion)]
    if min(map(len, both)) >= FEWEST_OF_A_ZONE and bounds(*both)[1] < -MARGIN:
        print(f"{zone} loses more than {MARGIN} minutes")
        refused = True
sys.exit(1 if refused else 0)
