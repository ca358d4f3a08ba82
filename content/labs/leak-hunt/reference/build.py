"""The truth of the case, and about what the mended pipelines give on fresh rows.

A learner gets there by mending each pipeline and running it again: right/mended_and_rerun.py.
"""


def build(folder, case):
    lines = []
    for name, story in case.items():
        leak, honest = story["leak"], story["honest"]
        lines += [f"[{name}]", f'leak = "{leak}"', f"honest = {honest}", ""]
    (folder / "answers.toml").write_text("\n".join(lines))
