"""Says by its exit status whether a candidate may replace the champion.

python gate.py CANDIDATE CHAMPION

Both are CSV files of evaluate.py: id, zone, actual, predicted. Exit status 0: promote.
1: the candidate is refused. 2: the two cannot be compared.
"""

import csv
import math
import sys

MARGIN = 0.25  # minutes
FEWEST_ROWS = 200
FEWEST_OF_A_ZONE = 30
Z = 1.645  # one side, 95 %


class NotComparable(Exception):
    """The two files say nothing about one another."""


def read(path):
    """Return id -> (zone, actual, predicted); every number is finite and no id comes twice."""
    rows = {}
    try:
        with open(path, encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                actual, predicted = float(line["actual"]), float(line["predicted"])
                if not (math.isfinite(actual) and math.isfinite(predicted)):
                    raise NotComparable(f"{path}: the row {line['id']} has no finite number")
                if line["id"] in rows:
                    raise NotComparable(f"{path}: the row {line['id']} is there twice")
                rows[line["id"]] = (line["zone"], actual, predicted)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotComparable(f"{path} cannot be read: {error!r}") from error
    return rows


def compare(candidate, champion):
    """Return zone -> minutes won on each of its rows, by absolute error."""
    if {key: row[:2] for key, row in candidate.items()} != {
        key: row[:2] for key, row in champion.items()
    }:
        raise NotComparable("the two were not evaluated on the same rows")
    if len(candidate) < FEWEST_ROWS:
        raise NotComparable(f"{len(candidate)} rows are fewer than {FEWEST_ROWS}")
    won = {}
    for key, (zone, actual, predicted) in candidate.items():
        gain = abs(champion[key][2] - actual) - abs(predicted - actual)
        won.setdefault(zone, []).append(gain)
    return won


def bounds(gains):
    """Return the two ends of the mean, each with 95 % confidence on its side."""
    n = len(gains)
    mean = math.fsum(gains) / n
    variance = math.fsum((gain - mean) ** 2 for gain in gains) / (n - 1)
    reach = Z * math.sqrt(variance / n)
    return mean - reach, mean + reach


def judge(won):
    """Return the reasons to refuse; none means that the candidate may go into use."""
    low, high = bounds([gain for gains in won.values() for gain in gains])
    print(f"all rows: the candidate wins {low:.3f} to {high:.3f} minutes a row")
    reasons = []
    if not low > -MARGIN:
        reasons.append(f"it may lose more than {MARGIN} minutes a row")
    for zone, gains in sorted(won.items()):
        if len(gains) < FEWEST_OF_A_ZONE:
            print(f"{zone}: {len(gains)} rows, too few to say anything")
            continue
        low, high = bounds(gains)
        print(f"{zone}: {low:.3f} to {high:.3f}")
        if high < -MARGIN:
            reasons.append(f"{zone} loses more than {MARGIN} minutes a row")
    return reasons


def main(words):
    try:
        won = compare(read(words[0]), read(words[1]))
    except (NotComparable, IndexError) as error:
        print(f"not comparable: {error}")
        return 2
    reasons = judge(won)
    for reason in reasons:
        print(f"refused: {reason}")
    return 1 if reasons else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
