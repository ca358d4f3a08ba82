"""You saw that it leaks and named another mechanism: mend what you named, run it again, and see whether the accuracy really falls."""


def build(folder, case):
    lines = []
    for name, story in case.items():
        leak, honest = story["leak"], story["honest"]
        leak = {
            "time-travel-feature": "tuned-on-test",
            "scaler-before-split": "groups-across-split",
            "duplicates-across-split": "groups-across-split",
            "groups-across-split": "duplicates-across-split",
            "selection-before-split": "scaler-before-split",
            "tuned-on-test": "selection-before-split",
        }.get(leak, leak)
        lines += [f"[{name}]", f'leak = "{leak}"', f"honest = {honest}", ""]
    (folder / "answers.toml").write_text("\n".join(lines))
