"""You wrote a title and no README: a visitor cannot see what is there, nor how to run any of it."""

from starter import BRANCH, EVALUATE, LICENCE, MATMUL, MENDED, METRICS, configure, settings, start

README = """# ml-engineer-portfolio

My portfolio.
"""

IGNORED = """.env
data/
venv/
__pycache__/
"""


def build(folder, case):
    """Make that repository."""
    made, ids = start(folder, case, clean=True)
    mine = settings(case, epochs=case["epochs"])
    both = settings(
        case,
        hidden=case["hidden"],
        learning_rate=case["learning_rate"],
        epochs=case["epochs"],
    )
    tree = {"matmul.py": MATMUL, "settings.toml": mine, "LICENSE": LICENCE}
    tip = made.commit(tree, "Merge branch 'main' of ./.git/hub", [ids["longer"], ids["licence"]])
    tree["settings.toml"] = both
    tip = made.commit(tree, f"Merge branch '{BRANCH}'", [tip, ids["slow"]])
    steps = [
        ("evaluate.py", EVALUATE, "Measure the loss on held-out rows"),
        (".gitignore", IGNORED, "Keep data, keys and environments out"),
        ("matmul.py", MENDED, "Give each row of the product its own list"),
        ("metrics.py", METRICS, "Compute accuracy from its definition"),
        ("README.md", README, "Say what is here and how to run it"),
    ]
    for path, text, subject in steps:
        tree[path] = text
        tip = made.commit(tree, subject, [tip])
    made.branch("main", tip)
    made.push(tip)
    made.check_out(tip)
    configure(folder)
    made.close()
