"""The gate with Student's t from SciPy and a class for what was read."""

import csv
import math
import sys
from dataclasses import dataclass

REFUSED, NOT_COMPARABLE = 1, 2
T = {30: 1.70, 200: 1.653}


@dataclass(frozen=True)
class Delivery:
    zone: str
    actual: str
    predicted: float

    @property
    def error(self):
        return abs(self.predicted - float(self.actual))


class Report:
    def __init__(self, path):
        self.rows = {}
        with open(path, encoding="utf-8") as file:
            lines = list(csv.reader(file))
        header = lines[0]
        for line in lines[1:]:
            named = dict(zip(header, line, strict=True))
            one = Delivery(named["zone"], named["actual"], float(named["predicted"]))
            if not math.isfinite(one.error):
                raise ValueError(f"no number: {line}")
            if self.rows.setdefault(named["id"], one) is not one:
                raise ValueError(f"twice: {line}")

    def same_rows_as(self, other):
        mine = {(k, d.zone, d.actual) for k, d in self.rows.items()}
        return mine == {(k, d.zone, d.actual) for k, d in other.rows.items()}


def quantile(n):
    return max((limit, t) for limit, t in T.items() if limit <= n)[1]


def statement(gains):
    n = len(gains)
    mean = sum(gains) / n
    error = math.sqrt(sum((g - mean) ** 2 for g in gains) / (n - 1) / n)
    return mean - quantile(n) * error, mean + quantile(n) * error


def verdict(new, old):
    gains = {key: old.rows[key].error - new.rows[key].error for key in new.rows}
    low, _ = statement(list(gains.values()))
    yield ("all", low > -0.25)
    for zone in {row.zone for row in new.rows.values()}:
        part = [gain for key, gain in gains.items() if new.rows[key].zone == zone]
        if len(part) >= 30:
            yield (zone, statement(part)[1] >= -0.25)


if __name__ == "__main__":
    try:
        new, old = Report(sys.argv[1]), Report(sys.argv[2])
        if len(new.rows) < 200 or not new.same_rows_as(old):
            raise ValueError("too few rows, or not the same")
    except Exception as problem:
        print(f"::error::{problem}")
        sys.exit(NOT_COMPARABLE)
    lost = [name for name, good in verdict(new, old) if not good]
    for name in lost:
        print(f"::error::{name} got worse")
    sys.exit(REFUSED if lost else 0)
