"""You counted the shops from 0: `len(reports)` is how many were done, and the one that failed comes after them."""

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
    case = case | {"shop": case["shop"] - 1}
    written = {name: json.dumps(value) for name, value in case.items()}
    (folder / "answers.toml").write_text(REPORT.format(**written), encoding="utf-8")
