"""You took a leak for all that a pipeline knows: a mended model may still be a good one, so mend it and measure what is left."""


def build(folder, case):
    lines = []
    for name, story in case.items():
        leak, honest = story["leak"], story["honest"]
        if leak != "clean":
            honest = min(honest, 0.55)
        lines += [f"[{name}]", f'leak = "{leak}"', f"honest = {honest}", ""]
    (folder / "answers.toml").write_text("\n".join(lines))
