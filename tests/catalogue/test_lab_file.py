"""Every malformed `lab.toml` is refused with its code, its place and a sentence."""

import pytest

from gradus.catalogue import load_lab
from gradus.core.errors import ContentError
from gradus.core.lab import EntryKind, Limits, Naming, Profile

LAB = "labs/a-lab/lab.toml"


def refused(tree) -> ContentError:
    with pytest.raises(ContentError) as caught:
        load_lab(tree.lab)
    return caught.value


def test_a_lab_is_read_with_its_defaults(tree):
    lab = load_lab(tree.lab)
    assert (lab.id, lab.title, lab.curriculum_id, lab.layer) == ("a-lab", "A lab", "A01", "ground")
    assert lab.entry.kind is EntryKind.FUNCTION
    assert (lab.entry.path, lab.entry.names, lab.entry.forbid) == ("work.py", ("work",), ())
    assert lab.profile is Profile.COMPUTE
    assert lab.naming is Naming.BEHAVIOUR
    assert lab.limits == Limits()
    assert (lab.sizes, lab.quick) == ({"rows": 100}, {"rows": 10})
    assert lab.folder == tree.lab
    assert lab.version.startswith("sha256:")
    assert not lab.opening


# what is replaced, by what, code, line, a part of the sentence
FAULTS = [
    ("format = 1", "format = 2", "unknown-format", 1, "reads format 1"),
    ("format = 1\n", "", "missing-key", None, "'format' is missing"),
    ('title = "A lab"', 'title = "  "', "blank-text", 2, "'title' is blank"),
    ('title = "A lab"', "title = 7", "wrong-type", 2, "has to be a text, not int"),
    ('title = "A lab"', 'titel = "A lab"', "missing-key", None, "'title' is missing"),
    ("minutes = 30", "minutes = true", "wrong-type", 7, "a whole number, not bool"),
    ("minutes = 30", "minutes = 0", "out-of-range", 7, "the least is 1"),
    ('skills = ["count"]', 'skills = ["count", 1]', "wrong-type", 5, "a list of texts"),
    ('skills = ["count"]', 'skills = "count"', "wrong-type", 5, "a list of texts, not str"),
    ('skills = ["count"]', 'skills = ["count", "count"]', "double", 5, "stands twice"),
    ('"base"', '"bass"', "unknown-environment", 8, "Did you mean 'base'?"),
    ('"compute"', '"computer"', "unknown-profile", 10, "Did you mean 'compute'?"),
    ('"behaviour"', '"behavior"', "unknown-naming", 12, "Did you mean 'behaviour'?"),
    ('"function"', '"funktion"', "unknown-kind", 15, "Did you mean 'function'?"),
    ('"numpy"', '"num py"', "bad-module-name", 9, "'num py' is no module name"),
    ('"work.py"', '"/work.py"', "bad-entry-path", 16, "leaves the learner's folder"),
    ('"work.py"', '"../work.py"', "bad-entry-path", 16, "leaves the learner's folder"),
    ('"work.py"', '"work.sql"', "bad-entry-path", 16, "does not end in '.py'"),
    ('"work.py"', '"."', "bad-entry-path", 16, "is a file, not a folder"),
    ('"function"', '"repository"', "bad-entry-path", 16, "the whole folder"),
    ('["work"]', '["a", "b"]', "bad-entry-names", 17, "exactly one name"),
    ('["work"]', '["work"]\ncommand = ["x"]', "bad-entry-command", 18, "has no command"),
    ("rows = 10\n", "row = 10\n", "quick-without-size", 23, "replaces nothing"),
    ("rows = 100", 'rows = "many"', "wrong-type", 20, "has to be a number"),
    ("[sizes]", "[limits]\nseconds = 0\n[sizes]", "out-of-range", 20, "above 0"),
    ("[sizes]", "[limits]\nsecond = 1\n[sizes]", "unknown-key", 20, "Did you mean 'seconds'?"),
    ("[sizes]", "[limits]\nprocesses = 4\n[sizes]", "processes-need-tools", 20, "'tools'"),
    ("[entry]", "needz = []\n[entry]", "unknown-key", 14, "Did you mean 'needs'?"),
    ("[entry]", 'compatible = ["old"]\n[entry]', "bad-version", 14, "no lab version"),
    ("[entry]", 'simulators = ["wether"]\n[entry]', "unknown-simulator", 14, "'weather'?"),
    ("[entry]", "[entry", "toml-syntax", 14, "not valid TOML"),
    ('["count"]', '["count"', "toml-syntax", 6, "not valid TOML"),
]


@pytest.mark.parametrize(("old", "new", "code", "line", "says"), FAULTS)
def test_a_malformed_lab_file_says_what_and_where(tree, old, new, code, line, says):
    path = tree.replace(LAB, old, new)
    error = refused(tree)
    assert (error.code, error.path, error.line) == (code, path, line)
    assert says in error.message
    assert str(error).startswith(f"{path}:{line}: " if line else f"{path}: ")


def test_a_lab_folder_without_lab_toml_says_so(tree):
    (tree.lab / "lab.toml").unlink()
    assert refused(tree).code == "missing-file"


def test_a_lab_file_in_another_encoding_says_on_which_line(tree):
    (tree.lab / "lab.toml").write_bytes(b'format = 1\ntitle = "caf\xe9"\n')
    error = refused(tree)
    assert (error.code, error.line) == ("not-utf-8", 2)


def test_a_lab_folder_with_a_bad_name_says_so(tree):
    tree.lab.rename(tree.lab.with_name("A_Lab"))
    with pytest.raises(ContentError) as caught:
        load_lab(tree.root / "labs" / "A_Lab")
    assert caught.value.code == "bad-lab-id"


def test_a_command_needs_its_words(tree):
    tree.replace(LAB, '"function"', '"command"')
    assert refused(tree).code == "bad-entry-command"


def test_simulators_are_named_by_file(tree):
    tree.replace(LAB, "[entry]", 'simulators = ["weather"]\n[entry]')
    assert load_lab(tree.lab).simulators == (tree.root / "simulators" / "weather.py",)


HANDED = 'simulators = ["weather"]\n[hands_out]\n{}\n[entry]'


def test_a_simulator_may_be_handed_out(tree):
    tree.replace(LAB, "[entry]", HANDED.format('"play.py" = "weather"'))
    assert load_lab(tree.lab).hands_out == {"play.py": tree.root / "simulators" / "weather.py"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('"play.py" = "wether"', "unknown-simulator"),
        ('"../play.py" = "weather"', "bad-hands-out"),
        ('"play.py" = 3', "wrong-type"),
    ],
)
def test_what_cannot_be_handed_out_is_refused(tree, line, code):
    tree.replace(LAB, "[entry]", HANDED.format(line))
    assert refused(tree).code == code


PROOF = """
[proof]
names = ["start", "garbage"]
core = ["start"]
n_rows = 50

[proof.labels]
label = "late"
measure = "brier"

[proof.promises]
p99_ms = 80

[proof.catches]
garbage = ["no_answer"]
"""


@pytest.fixture
def proved(tree):
    tree.replace(LAB, 'kind = "function"\npath = "work.py"\n', 'kind = "folder"\npath = "."\n')
    tree.write(LAB, (tree.lab / "lab.toml").read_text() + PROOF)
    tree.write("labs/a-lab/rows.py", '"""Rows."""\n')
    return tree


def test_what_a_lab_asks_of_a_running_service_is_read(proved):
    proof = load_lab(proved.lab).proof
    assert (proof.names, proof.core) == (("start", "garbage"), ("start",))
    assert (proof.n_rows, proof.n_labelled) == (50, 2000)
    assert (proof.labels.label, str(proof.labels.measure)) == ("late", "brier")
    assert proof.guards is None
    assert proof.promises == {"p99_ms": 80}
    assert proof.variants == {"no_answer"}


FAULTS_OF_A_PROOF = [
    ('names = ["start", "garbage"]', "names = []", "no-proofs", "at least one proof"),
    ('core = ["start"]', 'core = ["strat"]', "proof-not-named", "Did you mean 'start'?"),
    ("garbage = [", "garbag = [", "proof-not-named", "Did you mean 'garbage'?"),
    ("n_rows = 50", "n_rows = 1", "out-of-range", "the least is 2"),
    ("n_rows = 50", "rows = 50", "unknown-key", "'rows' is not a key"),
    ("p99_ms = 80", "p99 = 80", "unknown-key", "Did you mean 'p99_ms'?"),
    ('label = "late"', 'path = "x"', "unknown-key", "'path' is not a key"),
    ('"brier"', '"briar"', "unknown-measure", "Did you mean 'brier'?"),
    ('kind = "folder"', 'kind = "repository"', "proof-needs-folder", "in a project's folder"),
]


@pytest.mark.parametrize(("old", "new", "code", "says"), FAULTS_OF_A_PROOF)
def test_a_malformed_proof_is_refused_with_its_code(proved, old, new, code, says):
    from gradus.catalogue.lab_file import read_lab

    proved.replace(LAB, old, new)
    faults = []
    read_lab(proved.lab, faults, proved.root)
    assert any(each.code == code and says in each.message and each.line for each in faults)


def test_a_proof_without_rows_is_refused(proved):
    (proved.lab / "rows.py").unlink()
    assert refused(proved).code == "no-rows"
