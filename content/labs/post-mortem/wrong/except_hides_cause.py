"""You report what the log shows: that line replaced the real exception by another and threw away where it came from. Look at what it caught."""

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
    lines = (folder / "program" / "run.py").read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if "raise Runtime" in text)
    case = case | {"type": "RuntimeError", "raised_file": "run.py", "raised_line": line}
    case = case | {"cause_file": "run.py", "cause_line": line - 2, "variable": "reports", "value": []}
    written = {name: json.dumps(value) for name, value in case.items()}
    (folder / "answers.toml").write_text(REPORT.format(**written), encoding="utf-8")
