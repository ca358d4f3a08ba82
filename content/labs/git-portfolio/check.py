"""A portfolio repository and its server, judged by their commits and by nothing beside them."""

import re

from gradus.check import claim, observe
from gradus.check.far import Unmet
from gradus.check.works import read_toml

YOU = "You"
SECRET_FILE = ".env"
MOST_BYTES = 20_000
PIECES = ("README.md", ".gitignore", "metrics.py", "matmul.py")
LEFT_OUT = (
    ".env",
    "data/readings.csv",
    "data/more.csv",
    "data/raw/readings.parquet",
    "venv/pyvenv.cfg",
    "venv/lib/site.py",
    "__pycache__/a.pyc",
    "__pycache__/fit.py312.nbi",
)
FEWEST_WORDS = 50

MENDED_LINES = {
    "matmul.py": "product = [[0] * columns for _ in range(rows)]",
    "metrics.py": "def accuracy(y_true, y_pred):",
}


def given_commits(case):
    """Author and subject of every commit that the learner was given, lost, fetched or merged."""
    return [
        [YOU, "Multiply matrices with three loops"],
        [YOU, "Write down the settings of the network"],
        [YOU, "Widen the hidden layer"],
        [YOU, "Learn more slowly"],
        [case["colleague"], "Choose a licence"],
        [YOU, "Train for longer"],
        [YOU, "Measure the loss on held-out rows"],
    ]


def must_be_there(reader, author, subject):
    """A commit of this author and subject is in the learner's main branch."""
    there = reader.commits("yours").as_list()
    subjects = observe("the commits of your main", sorted({each[1] for each in there}))
    subjects.must_contain(subject, because="It was given to you.")
    authors = sorted({each[0] for each in there if each[1] == subject})
    observe(f"the author of '{subject}'", authors).must_contain(author)


def must_be_empty(label, found):
    """Nothing was found; the first of it is enough for a person."""
    more = f"And {len(found) - 1} more." if len(found) > 1 else ""
    observe(label, found[0] if found else None).must_satisfy(
        "be nothing", lambda first: first is None, because=more
    )


def found(reader, case):
    """Where the key and where bulk lies; both repositories must be there to be looked at."""
    for which in ("yours", "server"):
        reader.tip(which).as_text()
    return reader.found(case["key"], SECRET_FILE, MOST_BYTES).as_mapping()


def own(reader, case):
    """The learner's own commits, merges left out."""
    commits = reader.own_commits(given_commits(case)).as_list()
    return [each for each in commits if not each["merge"]]


@claim(
    "main has your colleague's commit and both of the branch, with their authors and subjects.",
    catches=["force_push_loses_work", "squashes_the_past"],
)
def nothing_is_lost(repository, reader, case):
    lost = "Measure the loss on held-out rows"
    for author, subject in given_commits(case):
        if subject != lost:
            must_be_there(reader, author, subject)
    reader.text("LICENSE").must_contain("Zero-clause BSD")


@claim(
    "The commit that was thrown away is back, with its file.",
    catches=["leaves_the_lost_commit", "squashes_the_past"],
)
def the_lost_commit_is_back(repository, reader, case):
    lost = [YOU, "Measure the loss on held-out rows"]
    must_be_there(reader, *lost)
    others = [each for each in given_commits(case) if each != lost]
    commits = reader.own_commits(others).as_list()
    changed = [each["paths"] for each in commits if each["subject"] == lost[1]]
    observe(
        f"the files that '{lost[1]}' changes", sorted({path for paths in changed for path in paths})
    ).must_contain("evaluate.py", because="The commit comes back with its file.")
    reader.text("evaluate.py").must_contain("def held_out_loss(predict, rows):")


def settings_in(text):
    """What settings.toml says; in words where that is no short TOML."""
    try:
        return read_toml(text, "settings.toml")
    except Unmet as unmet:
        return unmet.finding.returned


@claim(
    "settings.toml has what both branches changed.",
    catches=["conflict_takes_ours"],
)
def the_conflict_is_resolved(repository, reader, case):
    text = reader.text("settings.toml").as_text()
    observe("settings.toml in main", settings_in(text)).must_equal(
        {
            "network": {"hidden": case["hidden"], "activation": "relu"},
            "training": {
                "batch_size": case["batch_size"],
                "learning_rate": case["learning_rate"],
                "epochs": case["epochs"],
            },
        },
        because="main changed the epochs; the branch changed the learning rate and the width.",
    )


@claim(
    "The key is in no commit of any branch or tag, yours or the server's.",
    catches=["secret_removed_only_at_tip", "never_pushes"],
)
def no_secret_anywhere(repository, reader, case):
    places = found(reader, case)["secrets"]
    must_be_empty("where the key or a .env still is", places)


@claim(
    "No commit holds data, an environment or anything of more than 20 kB.",
    catches=["committed_venv_or_data"],
)
def no_bulk_anywhere(repository, reader, case):
    places = found(reader, case)["bulk"]
    must_be_empty("what does not belong into history", places)


@claim(
    ".gitignore keeps .env, data/, venv/ and __pycache__/ out.",
    catches=["committed_venv_or_data", "ignores_what_is_there"],
)
def they_stay_out(repository, reader):
    answers = reader.ignored(list(LEFT_OUT)).as_list()
    still = [path for path, left_out in zip(LEFT_OUT, answers, strict=True) if not left_out]
    must_be_empty("a path that .gitignore lets in", still)


@claim(
    "README.md, .gitignore, metrics.py and the mended matmul.py each have a commit of their own.",
    catches=["giant_commit", "leaves_work_uncommitted"],
)
def commits_are_small(repository, reader, case):
    commits = own(reader, case)
    for commit in commits:
        both = [path for path in PIECES if path in commit["paths"]]
        observe(f"pieces in your commit '{commit['subject']}'", both).must_satisfy(
            "be one at most", lambda paths: len(paths) <= 1
        )
    for piece in PIECES:
        subjects = [each["subject"] for each in commits if piece in each["paths"]]
        observe(f"your commits that change {piece}", subjects).must_satisfy(
            "be at least one", lambda found: len(found) > 0
        )


@claim(
    "Your commits say what they change: subjects of 10 to 72 characters, no two alike.",
    catches=["giant_commit"],
)
def subjects_say_something(repository, reader, case):
    subjects = [each["subject"] for each in own(reader, case)]
    for subject in subjects:
        observe("a subject of yours", subject).must_satisfy(
            "have 10 to 72 characters", lambda text: 10 <= len(text) <= 72
        )
    twice = sorted({each for each in subjects if subjects.count(each) > 1})
    must_be_empty("a subject that you used twice", twice)


@claim(
    "The work that was not committed is in main: metrics.py, and the mended line of matmul.py.",
    catches=["leaves_work_uncommitted"],
)
def the_work_is_in_main(repository, reader):
    for path, line in MENDED_LINES.items():
        lines = [each.strip() for each in reader.text(path).as_text().splitlines()]
        found = line if line in lines else "the line as it was, or none"
        observe(f"{path} in your main", found).must_equal(line)


@claim(
    "README.md says what is there and how to run it.",
    catches=["readme_is_a_title"],
)
def the_readme_is_one(repository, reader):
    readme = reader.text("README.md")
    readme.must_match(r"\A *# +\S", because="The first line is a title, with # before it.")
    for path in ("matmul.py", "metrics.py", "evaluate.py"):
        readme.must_contain(path)
    readme.must_match(r"(?m)^\s*(```|~~~)", because="A command to run belongs into a code block.")
    blocks = re.split(r"(?m)^[ \t]*(?:```|~~~).*$", readme.as_text())[1::2]
    observe("what the code blocks of README.md hold", "".join(blocks).strip()).must_satisfy(
        "be a command", lambda text: text != ""
    )
    words = observe("words in README.md", len(readme.as_text().split()))
    words.must_be_at_least(FEWEST_WORDS)


@claim("The server has your main, commit for commit.", catches=["never_pushes"])
def it_is_pushed(repository, reader):
    yours = reader.tip("yours").as_text()
    observe("the last commit of the server's main", reader.tip("server").as_text()).must_equal(
        yours
    )
