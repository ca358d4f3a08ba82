"""You have the right line and a value that it did not hold: one that it should have held, or nearly did. Stop the program there and print it."""

import json

REPORT = """\
[caught]
type = {type}
file = {raised_file}
line = {raised_line}

[failing]
shop = {shop}

[cause]
file = {cause_file}
line = {cause_line}
variable = {variable}
value = {value}
"""


def build(folder, case):
    """Write the report."""
    value = case["value"]
    if isinstance(value, str):
        value = value.replace(",", ".")
    elif isinstance(value, list):
        value = value[:-1]
    else:
        value += 1
    case = case | {"value": value}
    written = {name: json.dumps(value) for name, value in case.items()}
    (folder / "answers.toml").write_text(REPORT.format(**written), encoding="utf-8")
