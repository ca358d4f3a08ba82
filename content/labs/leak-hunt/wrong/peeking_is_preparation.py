"""You passed the pipeline in which the test rows had a say before the test: they chose the columns or the settings, so they cannot judge them."""


def build(folder, case):
    lines = []
    for name, story in case.items():
        leak, honest = story["leak"], story["honest"]
        if leak in ("selection-before-split", "tuned-on-test"):
            leak = "clean"
            honest = story["reported"]
        lines += [f"[{name}]", f'leak = "{leak}"', f"honest = {honest}", ""]
    (folder / "answers.toml").write_text("\n".join(lines))
