"""Says by its exit status whether a candidate may replace the champion.

python gate.py CANDIDATE CHAMPION

Both are CSV files of evaluate.py: id, zone, actual, predicted. Exit status 0: promote.
1: the candidate is refused. 2: the two cannot be compared.
"""

import csv
import sys


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


candidate, champion = read(sys.argv[1]), read(sys.argv[2])
print(f"{len(candidate)} rows of the candidate, {len(champion)} of the champion")
# From here on it is yours.
