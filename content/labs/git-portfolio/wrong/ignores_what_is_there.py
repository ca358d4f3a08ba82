"""You listed the files that are there today: the next file in data/ or venv/ has another name and goes in."""

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
data/*.csv
venv/pyvenv.cfg
__pycache__/
"""


def build(folder, case):
    """Rewrite without the key, merge the server and the branch, recover, add, push."""
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
