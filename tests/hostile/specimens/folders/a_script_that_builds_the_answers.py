"""Hands in a build.py, which would be given the hidden answers."""


def lay(folder):
    (folder / "build.py").write_text(
        "def build(folder, case):\n"
        "    (folder / 'answers.toml').write_text(f\"total = {case['total']}\")\n"
    )
