"""Makes the portfolio repository that a learner gets, and its server inside `.git/hub`.

`gradus open` runs this; nobody has to read it. The lab's other scripts go on
from `start`, imported as `starter`.
"""

from dulwich.index import build_index_from_tree, commit_tree
from dulwich.objects import Blob, Commit
from dulwich.repo import Repo

YOU = "You <you@example.org>"
FIRST_DAY = 1_760_000_000
BRANCH = "wider-network"

MATMUL = '''"""Matrix product by nested loops."""


def matmul(a, b):
    """Return the product of two matrices given as lists of rows."""
    rows, inner, columns = len(a), len(b), len(b[0])
    product = [[0] * columns] * rows
    for i in range(rows):
        for j in range(columns):
            for t in range(inner):
                product[i][j] += a[i][t] * b[t][j]
    return product
'''
MENDED = MATMUL.replace("[[0] * columns] * rows", "[[0] * columns for _ in range(rows)]")

METRICS = '''"""Metrics of a classifier."""


def accuracy(y_true, y_pred):
    """Return the share of labels that were predicted rightly."""
    return sum(t == p for t, p in zip(y_true, y_pred, strict=True)) / len(y_true)
'''

EVALUATE = '''"""Loss on rows that the training never saw."""


def held_out_loss(predict, rows):
    """Return the mean squared error of `predict` over pairs (x, y)."""
    return sum((predict(x) - y) ** 2 for x, y in rows) / len(rows)
'''

SETTINGS = """[network]
hidden = {hidden}
activation = "relu"

[training]
batch_size = {batch_size}
learning_rate = {learning_rate}
epochs = {epochs}
"""

LICENCE = "Zero-clause BSD: anyone may use this for anything.\n"


class Portfolio:
    """A repository in the making: commits are whole sets of files, branches are names of them."""

    def __init__(self, folder):
        self.folder = folder
        self.repo = Repo.init(str(folder), default_branch=b"main")
        (folder / ".git" / "hub").mkdir()
        self.hub = Repo.init_bare(str(folder / ".git" / "hub"), default_branch=b"main")
        self.minute = 0
        self.made = {}

    def commit(self, files, message, parents=(), author=YOU):
        """Store a commit of exactly these files (path to text) and return its id."""
        objects, entries = [], []
        for path, text in sorted(files.items()):
            blob = Blob.from_string(text.encode())
            objects.append(blob)
            entries.append((path.encode(), blob.id, 0o100644))
        for each in objects:
            self.repo.object_store.add_object(each)
        commit = Commit()
        commit.tree = commit_tree(self.repo.object_store, entries)
        commit.parents = list(parents)
        commit.author = commit.committer = author.encode()
        self.minute += 11
        commit.author_time = commit.commit_time = FIRST_DAY + 60 * self.minute
        commit.author_timezone = commit.commit_timezone = 0
        commit.encoding = b"UTF-8"
        commit.message = message.encode() + b"\n"
        self.repo.object_store.add_object(commit)
        self.made[commit.id] = dict(files)
        return commit.id

    def branch(self, name, commit):
        """Let a local branch point at a commit."""
        self.repo.refs[b"refs/heads/" + name.encode()] = commit

    def push(self, commit, name="main"):
        """Let a branch of the server point at a commit, which is copied there with its past."""
        self._copy(commit)
        self.hub.refs[b"refs/heads/" + name.encode()] = commit
        self.repo.refs[b"refs/remotes/origin/" + name.encode()] = commit

    def _copy(self, name):
        store, target = self.repo.object_store, self.hub.object_store
        waiting = [name]
        while waiting:
            each = waiting.pop()
            if each in target:
                continue
            found = store[each]
            target.add_object(found)
            if isinstance(found, Commit):
                waiting += [found.tree, *found.parents]
            elif not isinstance(found, Blob):
                waiting += [entry.sha for entry in found.iteritems()]

    def forget(self, commit):
        """Remove a commit that only the server has, with the files that are new in it."""
        made = self.repo[commit]
        before = {each.sha for each in self.repo[self.repo[made.parents[0]].tree].iteritems()}
        new = {each.sha for each in self.repo[made.tree].iteritems()} - before
        for name in (commit, made.tree, *new):
            text = name.decode()
            (self.folder / ".git" / "objects" / text[:2] / text[2:]).unlink()

    def check_out(self, commit):
        """Lay the files of a commit into the folder, and the index with them."""
        tree = self.repo[commit].tree
        store = self.repo.object_store
        build_index_from_tree(str(self.folder), self.repo.index_path(), store, tree)

    def close(self):
        """Close both repositories."""
        self.repo.close()
        self.hub.close()


def settings(case, **changed):
    """Return settings.toml, before anybody changed it or with some of its values changed."""
    first = {"hidden": 64, "learning_rate": 0.1, "epochs": 20, "batch_size": case["batch_size"]}
    return SETTINGS.format(**{**first, **changed})


def start(folder, case, clean=False):
    """Make the repository with the history that was given; return it, and the commits by name."""
    made = Portfolio(folder)
    ids = given_history(made, case, clean)
    made.branch("main", ids["longer"])
    made.branch(BRANCH, ids["slow"])
    made.push(ids["licence"])
    made.repo.refs[b"refs/remotes/origin/main"] = ids["second"]
    return made, ids


def given_history(made, case, clean=False):
    """Commit what was given and return the ids by name; `clean`: the key was never committed."""
    secret = {} if clean else {".env": f"PRICES_API_KEY={case['key']}\n"}
    first = {"matmul.py": MATMUL}
    second = {**first, "settings.toml": settings(case), **secret}
    ids = {"first": made.commit(first, "Multiply matrices with three loops")}
    ids["second"] = made.commit(second, "Write down the settings of the network", [ids["first"]])
    wide = {**second, "settings.toml": settings(case, hidden=case["hidden"])}
    ids["wide"] = made.commit(wide, "Widen the hidden layer", [ids["second"]])
    slow = {
        **second,
        "settings.toml": settings(
            case, hidden=case["hidden"], learning_rate=case["learning_rate"]
        ),
    }
    ids["slow"] = made.commit(slow, "Learn more slowly", [ids["wide"]])
    mail = case["colleague"].split()[0].lower()
    theirs = {**second, "LICENSE": LICENCE}
    colleague = f"{case['colleague']} <{mail}@example.org>"
    ids["licence"] = made.commit(theirs, "Choose a licence", [ids["second"]], colleague)
    longer = {**second, "settings.toml": settings(case, epochs=case["epochs"])}
    ids["longer"] = made.commit(longer, "Train for longer", [ids["second"]])
    lost = {**longer, "evaluate.py": EVALUATE}
    ids["lost"] = made.commit(lost, "Measure the loss on held-out rows", [ids["longer"]])
    return ids


def build(folder, case):
    """Make the repository as the learner gets it, with work that was not committed yet."""
    made, ids = start(folder, case)
    made.forget(ids["licence"])
    made.check_out(ids["longer"])
    (folder / "matmul.py").write_text(MENDED, encoding="utf-8")
    (folder / "metrics.py").write_text(METRICS, encoding="utf-8")
    rows = "".join(f"{number},{number * 37 % 101 / 100}\n" for number in range(4000))
    (folder / "data").mkdir()
    (folder / "data" / "readings.csv").write_text("row,value\n" + rows, encoding="utf-8")
    (folder / "venv").mkdir()
    (folder / "venv" / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.12\n")
    configure(folder)
    remember(folder, ids)
    made.close()


def configure(folder):
    """Name the server, and leave out what Gradus lays beside the work."""
    git = folder / ".git"
    with (git / "config").open("a", encoding="utf-8") as config:
        config.write('[remote "origin"]\n\turl = ./.git/hub\n')
        config.write("\tfetch = +refs/heads/*:refs/remotes/origin/*\n")
        config.write('[branch "main"]\n\tremote = origin\n\tmerge = refs/heads/main\n')
    (git / "info").mkdir(exist_ok=True)
    (git / "info" / "exclude").write_text("case.toml\n", encoding="utf-8")


def remember(folder, ids):
    """Write the reflog: a commit was made after the last one, and then thrown away."""
    steps = [
        ("first", "commit (initial): Multiply matrices with three loops"),
        ("second", "commit: Write down the settings of the network"),
        ("longer", "commit: Train for longer"),
        ("lost", "commit: Measure the loss on held-out rows"),
        ("longer", "reset: moving to HEAD~1"),
    ]
    before, lines = "0" * 40, []
    for number, (name, what) in enumerate(steps):
        now = ids[name].decode()
        lines.append(f"{before} {now} {YOU} {FIRST_DAY + 600 * number} +0000\t{what}\n")
        before = now
    for place in ("HEAD", "refs/heads/main"):
        log = folder / ".git" / "logs" / place
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("".join(lines), encoding="utf-8")
