"""Write the right answers to a case."""


def build(folder, case):
    (folder / "answers.toml").write_text(f"total = {case['total']}\n")
