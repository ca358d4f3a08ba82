"""You wrote a mechanism that is not on the list: one of the seven words is asked for, in each table."""


def build(folder, case):
    lines = []
    for name, story in case.items():
        leak, honest = story["leak"], story["honest"]
        leak = {"time-travel-feature": "target-leak", "clean": "ok"}.get(leak, leak)
        lines += [f"[{name}]", f'leak = "{leak}"', f"honest = {honest}", ""]
    (folder / "answers.toml").write_text("\n".join(lines))
