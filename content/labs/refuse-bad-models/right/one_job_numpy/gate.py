"""The gate with NumPy, on columns."""

import argparse
import csv
import sys

import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("candidate")
parser.add_argument("champion")
words = parser.parse_args()


def stop(why):
    print("cannot compare:", why, file=sys.stderr)
    raise SystemExit(2)


def columns(path):
    """Ids, zones, actual and predicted, in the order of the ids."""
    with open(path, newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["id"])
    ids, zones = (np.array([row[name] for row in rows]) for name in ("id", "zone"))
    actual, predicted = (
        np.array([row[name] for row in rows], dtype=float) for name in ("actual", "predicted")
    )
    return ids, zones, actual, predicted


try:
    new, old = columns(words.candidate), columns(words.champion)
except (OSError, ValueError, KeyError) as error:
    stop(error)
if len(new[0]) < 200 or len(set(new[0])) < len(new[0]):
    stop("fewer than 200 rows, or an id comes twice")
if not all(np.array_equal(a, b) for a, b in zip(new[:3], old[:3])):
    stop("not the same rows")
if not all(np.isfinite(column).all() for column in (new[2], new[3], old[3])):
    stop("a number is missing or infinite")

won = np.abs(old[3] - old[2]) - np.abs(new[3] - new[2])
refused = False


def reach(part):
    return 1.645 * part.std(ddof=1) / np.sqrt(len(part))


if not won.mean() - reach(won) > -0.25:
    print("refused on the whole")
    refused = True
for zone in np.unique(new[1]):
    part = won[new[1] == zone]
    if len(part) >= 30 and part.mean() + reach(part) < -0.25:
        print("refused for the zone", zone)
        refused = True
sys.exit(refused)
