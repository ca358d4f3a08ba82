"""You raised the alarm on a sound pipeline: a high accuracy on an easy question, or a column of groups handled with care, is no leak."""


def build(folder, case):
    lines = []
    for name, story in case.items():
        leak, honest = story["leak"], story["honest"]
        if leak == "clean":
            leak = "groups-across-split" if "machine" in story["seen"] else "duplicates-across-split"
        lines += [f"[{name}]", f'leak = "{leak}"', f"honest = {honest}", ""]
    (folder / "answers.toml").write_text("\n".join(lines))
