"""You give the value from an earlier shop, for which nothing was wrong: a breakpoint stops at every shop, so give it a condition or go on to the one that fails."""

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
    case = case | {"value": case["first"]}
    written = {name: json.dumps(value) for name, value in case.items()}
    (folder / "answers.toml").write_text(REPORT.format(**written), encoding="utf-8")
