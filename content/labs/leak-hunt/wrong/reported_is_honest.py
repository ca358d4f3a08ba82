"""You found the leaks and still count on more than fresh rows give: no reported accuracy holds once its leak is known, so mend and measure again."""


def build(folder, case):
    lines = []
    for name, story in case.items():
        leak, honest = story["leak"], story["honest"]
        if leak != "clean":
            honest = story["reported"]
        lines += [f"[{name}]", f'leak = "{leak}"', f"honest = {honest}", ""]
    (folder / "answers.toml").write_text("\n".join(lines))
