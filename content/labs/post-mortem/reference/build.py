"""The report on any case. For a case of your own, the way to it is in the lesson's last part."""

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
    """Write the report; what JSON writes of numbers, texts and lists is TOML as well."""
    written = {name: json.dumps(value) for name, value in case.items()}
    (folder / "answers.toml").write_text(REPORT.format(**written), encoding="utf-8")
