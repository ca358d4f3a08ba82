"""A nightly job of five files in which one line was changed: another line for each learner.

The program that is handed out is run here, under a trace, so the truth is observed and not
believed. It is our own text; nothing that a learner wrote runs in this file.
"""

import builtins
import copy
import sys
import types
from dataclasses import dataclass

FILES = ("reading", "calendar_weeks", "features", "storage", "run")
TOWNS = "Abbey Birch Canal Dock East Ferry Grove Harbour Inlet Jetty Kiln Lock Mill North".split()

HEADERS = {
    "reading": '"""Reads one line of shops.txt."""\n',
    "calendar_weeks": '"""Puts the weeks of a shop into their order."""\n',
    "features": '"""What the report says about a shop: shares, totals, days left."""\n',
    "storage": '"""Packs the totals of a shop for the old printer."""\n\nEMPTY = [0, 0, 0, 0]\n'
    "LARGEST = {largest}  # the printer has no room for more\n",
    "run": '''"""The nightly job: one report for each line of shops.txt."""

import pathlib

from calendar_weeks import by_number, consecutive
from features import days_left, income, level, shares, totals_of_products
from reading import parse
from storage import in_quarters
''',
}

FUNCTIONS = {
    "reading": [
        '''def parse(line):
    """Return a shop as a dict. A line is `name;days;price;stock;week:a b c/week:a b c/…`."""
    name, days, price, stock, weeks = line.split(";")
    table = {}
    for part in weeks.split("/"):
        week, sold = part.split(":")
        table[week] = [int(each) for each in sold.split()]
    return {
        "name": name,
        "days": int(days),
        "price": number(price),
        "stock": int(stock),
        "table": table,
    }
''',
        '''def number(text):
    """Return the number in a text, with a decimal point or a decimal comma; None without one."""
    clean = text.strip().replace(",", ".")
    try:
        return float(clean)
    except ValueError:
        return None
''',
    ],
    "calendar_weeks": [
        '''def by_number(table):
    """Return the week numbers of a table as texts, the smallest number first."""
    order = sorted(table, key=int)
    return order
''',
        '''def consecutive(order):
    """Return how many weeks there are; raises ValueError unless each follows the one before."""
    for before, after in zip(order, order[1:]):
        follows(int(before), int(after))
    return len(order)
''',
        '''def follows(before, after):
    """Raise ValueError unless week `after` is the one after week `before`."""
    if after != before + 1:
        raise ValueError(f"week {before} is followed by week {after}")
''',
    ],
    "features": [
        '''def shares(sold):
    """Return each week's sales as a share of the best of all the weeks."""
    stop = len(sold)
    best = max(sold[:stop])
    return [share(each, best) for each in sold]
''',
        '''def share(part, whole):
    """Return part / whole; raises ValueError where that is more than 1."""
    if part > whole:
        raise ValueError("a share above 1")
    return part / whole
''',
        '''def totals_of_products(rows):
    """Return the total of each product: the rows are weeks, the columns are products."""
    n_products = len(rows[0])
    return [sum(cell(row, place) for row in rows) for place in range(n_products)]
''',
        '''def cell(row, place):
    """Return what was sold of the product at a place."""
    return row[place]
''',
        '''def days_left(stock, sold, days):
    """Return how many days the stock lasts at the usual rate, which is `sold` pieces in `days`."""
    rate = sold / days
    return lasting(stock, rate)
''',
        '''def lasting(stock, rate):
    """Return stock / rate."""
    return stock / rate
''',
        '''def level(sold, most):
    """Return one of four names for sales from 0 up to and including `most`."""
    place = min(4 * sold // most, 3)
    return name_of(place)
''',
        '''def name_of(place):
    """Return the name of a level, counted from 0."""
    return ("low", "fair", "good", "top")[place]
''',
        '''def income(pieces, price):
    """Return pieces times price, in cents."""
    return round(100 * pieces * price)
''',
    ],
    "storage": [
        '''def in_quarters(sold):
    """Return this shop's sales in four sums, week after week dealt out in turn."""
    sums = list(EMPTY)
    for week, pieces in enumerate(sold):
        sums[week % 4] += pieces
    return packed(sums)
''',
        '''def packed(sums):
    """Return the sums in one text; raises OverflowError where one has too many digits."""
    if max(sums) > LARGEST:
        raise OverflowError(f"more than {LARGEST} in one field")
    return "/".join(str(each) for each in sums)
''',
    ],
    "run": [
        '''def report(line):
    """Return the report on one shop."""
    shop = parse(line)
    order = by_number(shop["table"])
    n_weeks = consecutive(order)
    rows = [shop["table"][week] for week in order]
    sold = [sum(row) for row in rows]
    return [
        shop["name"],
        n_weeks,
        income(sum(sold), shop["price"]),
        shares(sold),
        [level(each, MOST) for each in sold],
        totals_of_products(rows),
        days_left(shop["stock"], sum(sold), shop["days"]),
        in_quarters(sold),
    ]
''',
        '''def main(lines):
    """Return the reports; whatever goes wrong is one tidy line in the log of the night."""
    reports = []
    for line in lines:
        try:
            reports.append(report(line))
        except Exception:
            raise RuntimeError("the nightly job failed") from None
    return reports
''',
    ],
}

ENDING = """

if __name__ == "__main__":
    here = pathlib.Path(__file__).parent
    for each in main((here / "shops.txt").read_text(encoding="utf-8").splitlines()):
        print(*each, sep=" | ")
"""


@dataclass(frozen=True)
class Fault:
    """One line as it should be and as it is, and the name that holds the wrong value."""

    kind: str
    file: str
    right: str
    wrong: str
    variable: str


FAULTS = (
    Fault("aliasing", "storage", "sums = list(EMPTY)", "sums = EMPTY", "sums"),
    Fault("off_by_one", "features", "stop = len(sold)", "stop = len(sold) - 1", "stop"),
    Fault(
        "wrong_axis",
        "features",
        "n_products = len(rows[0])",
        "n_products = len(rows)",
        "n_products",
    ),
    Fault(
        "last_bin",
        "features",
        "place = min(4 * sold // most, 3)",
        "place = 4 * sold // most",
        "place",
    ),
    Fault("whole_division", "features", "rate = sold / days", "rate = sold // days", "rate"),
    Fault(
        "text_order",
        "calendar_weeks",
        "order = sorted(table, key=int)",
        "order = sorted(table)",
        "order",
    ),
    Fault(
        "decimal_comma",
        "reading",
        'clean = text.strip().replace(",", ".")',
        "clean = text.strip()",
        "clean",
    ),
)


def make_case(rng):
    """Return the files of a program that fails, and the truth about its failure."""
    fault = FAULTS[int(rng.integers(len(FAULTS)))]
    for _ in range(200):
        failing = int(rng.integers(4, 9))
        lines, most = shops(rng, fault.kind, failing)
        right = program(rng, most, largest(rng, lines, failing))
        place = right[fault.file].index(fault.right)
        wrong = right | {fault.file: right[fault.file].replace(fault.right, fault.wrong)}
        line = right[fault.file][:place].count("\n") + 1
        if observed(right, lines, fault, line)["type"] is not None:
            continue
        truth = observed(wrong, lines, fault, line)
        if truth["shop"] == failing and truth["value"] not in truth["earlier"]:
            files = {f"program/{name}.py": text for name, text in wrong.items()}
            files["program/shops.txt"] = "\n".join(lines) + "\n"
            return files, {"kind": fault.kind, **truth}
    raise RuntimeError(f"no case of {fault.kind} in 200 tries")


def shops(rng, kind, failing):
    """Return the lines of shops.txt and the most that a shop sells in a week.

    The fault shows at the line with the number `failing`, counted from 1, and not before.
    """
    towns = [str(each) for each in rng.permutation(TOWNS)[: int(rng.integers(failing + 1, 12))]]
    lines, n_products = [], 3
    for number, town in enumerate(towns, start=1):
        here, before = number == failing, number < failing
        n_weeks = int(rng.integers(4, 7))
        columns = n_products
        if kind == "wrong_axis":
            columns = n_weeks if before else n_weeks - 1 if here else n_products
        first = int(rng.integers(12, 40))
        if kind == "text_order" and not before:
            first = 10 - int(rng.integers(1, n_weeks))
        rows = rng.integers(4, 20, size=(n_weeks, columns))
        best = 0 if before else n_weeks - 1
        if kind == "off_by_one":
            rows[best] += 20
        days = int(rng.integers(5, 8))
        if kind == "whole_division" and not before:
            days = int(rows.sum()) + int(rng.integers(3, 60))
        comma = "," if kind == "decimal_comma" and not before else "."
        price = f"{int(rng.integers(1, 9))}{comma}{int(rng.integers(1, 99)):02d}"
        lines.append((town, days, price, int(rng.integers(40, 400)), first, rows))
    sums = [int(rows.sum(axis=1).max()) for *_, rows in lines]
    most = max(sums) + int(rng.integers(1, 9))
    if kind == "last_bin":
        lines, most = with_one_full_week(rng, lines, failing, max(sums) + 3)
    return [text_of(rng, *each) for each in lines], most


def with_one_full_week(rng, lines, failing, most):
    """Return the lines with one week of exactly `most` in the failing shop."""
    rows = lines[failing - 1][-1]
    week = int(rng.integers(len(rows)))
    rows[week, 0] += most - rows[week].sum()
    return lines, most


def text_of(rng, town, days, price, stock, first, rows):
    """Return one line of shops.txt; its weeks are in no order, as they arrive."""
    weeks = [
        f"{first + place}:{' '.join(str(int(each)) for each in row)}"
        for place, row in enumerate(rows)
    ]
    return f"{town};{days};{price};{stock};{'/'.join(rng.permutation(weeks))}"


def largest(rng, lines, failing):
    """Return a limit that no shop's sums reach, and that sums over several shops reach in time."""
    together, alone, after = [0, 0, 0, 0], 0, []
    for line in lines:
        weeks = dict(part.split(":") for part in line.split(";")[4].split("/"))
        sums = [0, 0, 0, 0]
        for place, week in enumerate(sorted(weeks, key=int)):
            sums[place % 4] += sum(int(each) for each in weeks[week].split())
        together = [a + b for a, b in zip(together, sums, strict=True)]
        alone = max(alone, *sums)
        after.append(max(together))
    low, high = max(alone, after[failing - 2]), after[failing - 1]
    return int(rng.integers(low, high)) if low < high else low


def program(rng, most, limit):
    """Return the right program: file name to text, its functions in an order of its own."""
    files = {}
    for name in FILES:
        functions = list(FUNCTIONS[name])
        if name != "run":
            functions = [functions[int(place)] for place in rng.permutation(len(functions))]
        notes = [note(rng) for _ in functions]
        body = "".join(
            f"\n\n{above}{function}" for above, function in zip(notes, functions, strict=True)
        )
        header = HEADERS[name].replace("{largest}", str(limit))
        if name == "run":
            header += f"\nMOST = {most}  # pieces that a shop can sell in a week\n"
            body += ENDING
        files[name] = header + body
    return files


def note(rng):
    """Return up to three lines of comment, so that no two learners have the same line numbers."""
    notes = (
        "# Agreed with the shops in spring.",
        "# Do not change without asking the people of the printer.",
        "# This was a macro once; the numbers were compared by hand.",
    )
    return "".join(f"{each}\n" for each in notes[: int(rng.integers(0, 4))])


def observed(files, lines, fault, line):
    """Run a program and return what a debugger would see.

    `value` is what the fault's variable held last, `earlier` what it held for the shops before.
    """
    held, number = [], [0]

    def look(frame, event, argument):
        if event == "return" and fault.variable in frame.f_locals:
            value = copy.deepcopy(frame.f_locals[fault.variable])
            held.append((number[0], value))
        return look

    def trace(frame, event, argument):
        code = frame.f_code
        inside = code.co_filename == f"{fault.file}.py" and code.co_name != "<module>"
        if inside and code.co_firstlineno <= line <= last_line(code):
            return look
        return None

    report = loaded(files)["run"].__dict__["report"]
    truth = {"type": None, "raised_file": "", "raised_line": 0, "shop": 0}
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for text in lines:
            number[0] += 1
            report(text)
    except Exception as error:
        truth |= {"type": type(error).__name__, "shop": number[0], **place_of(error)}
    finally:
        sys.settrace(before)
    now = [value for shop, value in held if shop == truth["shop"]]
    return truth | {
        "cause_file": f"{fault.file}.py",
        "cause_line": line,
        "variable": fault.variable,
        "value": now[-1] if now else None,
        "earlier": [value for shop, value in held if shop < truth["shop"]],
        "first": held[0][1] if held else None,
    }


def last_line(code):
    """Return the last line of a function's code."""
    return max(line for *_, line in code.co_lines() if line is not None)


def place_of(error):
    """Return the file and line that raised."""
    trace = error.__traceback__
    while trace.tb_next is not None:
        trace = trace.tb_next
    return {"raised_file": trace.tb_frame.f_code.co_filename, "raised_line": trace.tb_lineno}


def loaded(files):
    """Run the program's files as modules that see each other and are nowhere in sys.modules."""
    modules = {}

    def find(name, *args, **kwargs):
        return modules[name] if name in modules else builtins.__import__(name, *args, **kwargs)

    for name in FILES:
        module = modules[name] = types.ModuleType(name)
        module.__dict__["__builtins__"] = {**vars(builtins), "__import__": find}
        exec(compile(files[name], f"{name}.py", "exec"), module.__dict__)
    return modules
