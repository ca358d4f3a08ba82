"""You marked down a sound pipeline although you called it clean: its reported accuracy is an honest estimate."""


def build(folder, case):
    lines = []
    for name, story in case.items():
        leak, honest = story["leak"], story["honest"]
        if leak == "clean":
            honest -= 0.2
        lines += [f"[{name}]", f'leak = "{leak}"', f"honest = {honest}", ""]
    (folder / "answers.toml").write_text("\n".join(lines))
