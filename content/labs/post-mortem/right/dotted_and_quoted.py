"""Dotted keys, file names without their suffix, numbers in quotes."""


def build(folder, case):
    """Write the report."""
    report = [
        f"caught.type = 'builtins.{case['type']}'",
        f"caught.file = '{case['raised_file'].removesuffix('.py')}'",
        f"caught.line = '{case['raised_line']}'",
        f"failing.shop = '{case['shop']}'",
        f"cause.file = './program/{case['cause_file']}'",
        f"cause.line = '{case['cause_line']}'",
        f"cause.variable = ' {case['variable']} '",
        f'cause.value = """{case["value"]}"""',
        "notes = 'found with a breakpoint'",
    ]
    (folder / "answers.toml").write_text("\n".join(report), encoding="utf-8")
