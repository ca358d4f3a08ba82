"""Everything rebased into one line, the branch deleted, the README in two steps."""

from starter import BRANCH, EVALUATE, LICENCE, MATMUL, MENDED, METRICS, configure, settings, start

README = """# ml-engineer-portfolio

What I build on the way to becoming an ML engineer, oldest first.

- `matmul.py`: the matrix product by three loops, to see what a layer computes.
- `metrics.py`: accuracy, from its definition.
- `evaluate.py`: the loss on rows that the training never saw.
- `settings.toml`: the settings of the network that is being trained.

Python 3.11 or later and nothing else is needed:

```console
$ python -c "from matmul import matmul; print(matmul([[1, 2]], [[3], [4]]))"
```

Keys are read from `.env`, which is not in this repository.
"""

IGNORED = """.env
data/
venv/
__pycache__/
"""


def build(folder, case):
    """Make that repository."""
    made, ids = start(folder, case, clean=True)
    both = settings(
        case,
        hidden=case["hidden"],
        learning_rate=case["learning_rate"],
        epochs=case["epochs"],
    )
    tree = {"matmul.py": MATMUL, "settings.toml": settings(case), "LICENSE": LICENCE}
    wide = settings(case, hidden=case["hidden"])
    slow = settings(case, hidden=case["hidden"], learning_rate=case["learning_rate"])
    tip = ids["licence"]
    for text, subject in (
        (wide, "Widen the hidden layer"),
        (slow, "Learn more slowly"),
        (both, "Train for longer"),
    ):
        tree["settings.toml"] = text
        tip = made.commit(tree, subject, [tip])
    steps = [
        ("evaluate.py", EVALUATE, "Measure the loss on held-out rows"),
        (".gitignore", IGNORED, "Keep data, keys and environments out"),
        ("matmul.py", MENDED, "Give each row of the product its own list"),
        ("metrics.py", METRICS, "Compute accuracy from its definition"),
        ("README.md", README[:300], "Begin the README of the portfolio"),
        ("README.md", README, "Say how to run what is here"),
    ]
    for path, text, subject in steps:
        tree[path] = text
        tip = made.commit(tree, subject, [tip])
    made.branch("main", tip)
    del made.repo.refs[b"refs/heads/" + BRANCH.encode()]
    made.push(tip)
    made.check_out(tip)
    configure(folder)
    made.close()
