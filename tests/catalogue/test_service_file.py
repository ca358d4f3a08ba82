"""A project's declaration is read whole, and everything wrong in it is said with its line."""

import dataclasses
import json
from pathlib import Path

import pytest

from gradus.catalogue.service_file import ByLab, read_rows, read_service
from gradus.core.errors import ContentError, ContentErrors
from gradus.core.lab import LabProof
from gradus.core.service import AlertKind, Guards, Labels, Measure

CONTRACTS = ("plain-json", "mlflow")
WHOLE = """
format = 1

[prove]
name = "fraud"
start = "python -m serve --port {port}"
rows = "rows.jsonl"
offline = ["python", "batch.py", "{rows}", "{predictions}"]
version = "/version#model"
retrain = "python train.py {labels}"
promote = "python promote.py {version}"
rollback = "python rollback.py"

[prove.contract]
name = "plain-json"
path = "/score"
field = "rows"
output = "scores"
echo = "X-Request-ID"

[prove.promises]
p99_ms = 40
rate = 200

[prove.alerts]
kind = "webhook"
place = "ALERT_URL"

[prove.log]
path = "predictions.db"
identifier = "request"
table = "prediction"

[prove.labels]
path = "labelled.jsonl"
label = "fraud"
measure = "auc"
baseline = "rule"
slices = ["country"]

[prove.split]
variant = "X-Variant"
field = "user"
shares = { a = 0.9, b = 0.1 }

[prove.guards]
banned = ["country"]
personal = ["user"]
unbounded = ["amount"]
"""
ROWS = [
    {"amount": 1.0, "user": "u1", "country": "DE"},
    {"amount": 2.5, "user": "u2", "country": "FR"},
]
LABELLED = [row | {"fraud": number, "rule": 0.5} for number, row in enumerate(ROWS)]


@pytest.fixture
def project(tmp_path: Path):
    def write(text: str = WHOLE, rows: str | None = None) -> Path:
        (tmp_path / "gradus.toml").write_text(text)
        lines = "\n".join(json.dumps(row) for row in ROWS)
        (tmp_path / "rows.jsonl").write_text(lines if rows is None else rows)
        labelled = "\n".join(json.dumps(row) for row in LABELLED)
        (tmp_path / "labelled.jsonl").write_text(labelled)
        return tmp_path

    return write


def faults(folder: Path) -> list[tuple[str, int | None]]:
    with pytest.raises(ContentErrors) as raised:
        read_service(folder, CONTRACTS)
    return [(error.message, error.line) for error in raised.value.errors]


def test_a_whole_declaration_becomes_a_noun(project):
    declared = read_service(project(), CONTRACTS)
    assert declared.start == ("python", "-m", "serve", "--port", "{port}")
    assert declared.contract.field == "rows"
    assert (declared.promises.p99_ms, declared.promises.rate) == (40.0, 200.0)
    assert declared.promises.ready_seconds == 60.0
    assert declared.alerts is not None
    assert declared.alerts.kind is AlertKind.WEBHOOK
    assert declared.log is not None
    assert declared.log.table == "prediction"
    assert declared.labels is not None
    assert (declared.labels.measure, declared.labels.slices) == (Measure.AUC, ("country",))
    assert declared.split is not None
    assert (declared.split.shares, declared.split.margin) == ({"a": 0.9, "b": 0.1}, 0.05)
    assert declared.guards is not None
    assert declared.guards.personal == ("user",)


def test_a_word_may_stand_twice_in_a_command(project):
    start = '["python", "-m", "serve", "-m", "model", "--port", "{port}"]'
    declared = read_service(
        project(WHOLE.replace('"python -m serve --port {port}"', start)), CONTRACTS
    )
    assert declared.start.count("-m") == 2


def test_another_row_or_promise_is_another_declaration(project):
    digest = read_service(project(), CONTRACTS).digest
    assert read_service(project(), CONTRACTS).digest == digest
    assert read_service(project(WHOLE.replace("40", "41")), CONTRACTS).digest != digest
    rows = "\n".join(json.dumps(row | {"amount": 2.6}) for row in ROWS)
    assert read_service(project(rows=rows), CONTRACTS).digest != digest
    folder = project()
    with (folder / "labelled.jsonl").open("a") as stream:
        stream.write("\n" + json.dumps(LABELLED[0]))
    assert read_service(folder, CONTRACTS).digest != digest


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "plain-json"', 'name = "plainjson"', "Did you mean 'plain-json'"),
        ('path = "/score"', 'path = "score"', "begins with '/'"),
        ("p99_ms = 40", "p99_ms = 0", "above 0"),
        ("p99_ms", "p99ms", "Did you mean 'p99_ms'"),
        ("{port}", "{prot}", "'{prot}' is not known in 'start'; known: {port}."),
        ("python rollback.py", "python 'rollback.py", "is no command"),
        ('kind = "webhook"', 'kind = "mail"', "Known: webhook, file, endpoint."),
        ('rows = "rows.jsonl"', 'rows = "row.jsonl"', "'row.jsonl' does not exist"),
        ('rows = "rows.jsonl"\n', "", "'rows' is missing."),
        ('version = "', 'url = "http://127.0.0.1:1"\nversion = "', "Give either 'start' or 'url'."),
        ("[prove.contract]", "[prove.contracts]", "'contract' is missing."),
        ('measure = "auc"', 'measure = "auk"', "Did you mean 'auc'"),
        ('label = "fraud"', 'label = "frod"', "in labelled.jsonl. Did you mean 'fraud'?"),
        ('"labelled.jsonl"', '"labeled.jsonl"', "'labeled.jsonl' does not exist"),
        ('path = "labelled.jsonl"', 'path = "rows.jsonl"', "no field 'fraud' in rows.jsonl"),
        ('slices = ["country"]', 'slices = ["contry"]', "Did you mean 'country'?"),
        ("b = 0.1", "b = 0.2", "The shares are 1.1 together; they have to be 1."),
        ("b = 0.1", 'b = "0.1"', "'shares' is a table of at least two shares above 0."),
        (", b = 0.1", "", "'shares' is a table of at least two shares above 0."),
        ('field = "user"\n', "", "either as 'field' or as 'header'"),
        ('field = "user"', 'field = "usr"', "There is no field 'usr' in rows.jsonl."),
        ('banned = ["country"]', 'banned = ["contry"]', "Did you mean 'country'?"),
        ('personal = ["user"]', 'private = ["user"]', "'private' is not a key"),
        ("p99_ms = 40", "drift_rows = 10", "'drift_rows' is 10; the least is 50."),
    ],
)
def test_a_slip_is_said_in_a_sentence_with_its_line(project, old, new, said):
    assert old in WHOLE
    told = faults(project(WHOLE.replace(old, new, 1)))
    assert any(said in message for message, _ in told), told


def test_a_project_that_declares_nothing_is_told_what_is_missing(project):
    assert ("'prove' is missing.", None) in faults(project("format = 1\n"))


def test_a_typo_has_its_own_line(project):
    (fault,) = faults(project(WHOLE.replace("p99_ms = 40", "p99_ms = -1")))
    assert fault[1] == WHOLE.splitlines().index("p99_ms = 40") + 1


@pytest.mark.parametrize(
    ("rows", "line", "said"),
    [
        ('{"a": 1}\n{"a": 2', 2, "delimiter"),
        ('{"a": 1}\n\n{"b": 2}\n', 3, "same fields"),
        ('{"a": 1}\n[1]\n', 2, "same fields"),
        ('{"a": 1}\n', None, "At least two"),
        ("", None, "At least two"),
        ('{"a": 1}\n{"a": NaN}\n', 2, "NaN is not in JSON; write null"),
        ('{"a": 1}\n{"a": -1e999}\n', 2, "-1e999 is larger than any number that can be sent"),
        (f'{{"a": 1}}\n{{"a": 1{"0" * 400}}}\n', 2, "1000000000"),
        ("[" * 100_000, 1, "recursion"),
    ],
)
def test_rows_that_are_none_are_told_with_their_line(project, rows, line, said):
    with pytest.raises(ContentError, match=said) as raised:
        read_rows(project(rows=rows) / "rows.jsonl")
    assert raised.value.line == line


def test_rows_in_another_encoding_are_refused(project):
    path = project() / "rows.jsonl"
    path.write_bytes(b'{"a": "caf\xe9"}\n')
    with pytest.raises(ContentError, match="not UTF-8"):
        read_rows(path)


def test_a_line_ends_with_a_newline_alone(project):
    rows = [{"a": "one\u2028line"}, {"a": "an\u0085other"}]
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    assert read_rows(project(rows=text) / "rows.jsonl") == rows


@pytest.mark.parametrize(
    ("old", "outside"),
    [
        ('path = "labelled.jsonl"', "labelled.jsonl"),
        ('path = "predictions.db"', "predictions.db"),
        ('rows = "rows.jsonl"', "rows.jsonl"),
    ],
)
def test_no_file_lies_outside_the_project(project, tmp_path, old, outside):
    elsewhere = tmp_path.with_name("elsewhere")
    elsewhere.mkdir(exist_ok=True)
    for name in ("rows", "labelled"):
        (elsewhere / f"{name}.jsonl").write_text("{}\n")
    (folder := project()).joinpath("link").symlink_to(elsewhere)
    for path in (elsewhere / outside, f"link/{outside}", f"../elsewhere/{outside}"):
        key = old.partition(" =")[0]
        (folder / "gradus.toml").write_text(WHOLE.replace(old, f'{key} = "{path}"'))
        said = [text for text, _ in faults(folder)]
        assert f"'{path}' is not below the project's folder." in said


def test_the_truth_is_not_among_the_rows_that_are_sent(project):
    rows = "\n".join(json.dumps(row | {"fraud": 0}) for row in ROWS)
    said = "'fraud' must not stand in rows.jsonl: those rows are sent."
    assert said in [text for text, _ in faults(project(rows=rows))]


def test_labelled_rows_have_every_field_of_a_row(project):
    folder = project()
    (folder / "labelled.jsonl").write_text('{"fraud": 1, "rule": 1, "country": "DE"}\n' * 2)
    assert "The labelled rows have no 'amount', which every row has." in faults(folder)[0]


def by_lab(**changes) -> ByLab:
    proof = LabProof(
        ("latency",),
        labels=Labels("", "late", Measure.BRIER, "usual"),
        promises={"p99_ms": 60, "rate": 40},
        **changes,
    )
    rows = (
        {"amount": 1.0, "user": "a", "country": ""},
        {"amount": 2.0, "user": "b", "country": ""},
    )
    return ByLab(proof, rows, ({**rows[0], "late": 1, "usual": 0.5},))


@pytest.fixture
def bare(project):
    """A project that declares what a lab does not say in its place."""

    def lay(promises: str = "") -> Path:
        folder = project(WHOLE)
        text = WHOLE[: WHOLE.index("[prove.promises]")] + promises
        (folder / "gradus.toml").write_text(text.replace('rows = "rows.jsonl"\n', ""))
        return folder

    return lay


def test_what_a_lab_says_takes_the_place_of_what_a_project_says(bare, project):
    for folder in (bare(), project(WHOLE)):
        found = read_service(folder, CONTRACTS, by_lab())
        assert (found.rows, found.labels) == ("", Labels("", "late", Measure.BRIER, "usual"))
    assert read_service(bare(), CONTRACTS, by_lab()).promises.p99_ms == 60
    guards = Guards(banned=("amount",))
    assert read_service(project(WHOLE), CONTRACTS, by_lab(guards=guards)).guards == guards


def test_a_stronger_promise_stays_and_a_weaker_one_is_a_fault(bare):
    stronger = "[prove.promises]\np99_ms = 20\nrate = 90\nready_seconds = 300\n"
    promises = read_service(bare(stronger), CONTRACTS, by_lab()).promises
    assert (promises.p99_ms, promises.rate, promises.ready_seconds) == (20, 90, 300)
    with pytest.raises(ContentErrors) as caught:
        read_service(bare("[prove.promises]\np99_ms = 70\nrate = 39.5\n"), CONTRACTS, by_lab())
    said = [each.message for each in caught.value.errors]
    assert said == [
        "'p99_ms' is 70; the lab asks for at most 60.",
        "'rate' is 39.5; the lab asks for at least 40.",
    ]
    assert all(each.code == "weaker-promise" and each.line for each in caught.value.errors)


def test_fields_are_those_of_the_rows_that_the_lab_draws(bare):
    split = '[prove.split]\nvariant = "v"\nfield = "usr"\nshares = { a = 0.5, b = 0.5 }\n'
    with pytest.raises(ContentErrors) as caught:
        read_service(bare(split), CONTRACTS, by_lab())
    (fault,) = caught.value.errors
    assert fault.message == "There is no field 'usr' in the lab's rows. Did you mean 'user'?"


def test_other_rows_of_a_lab_are_another_declaration(bare):
    folder, asked = bare(), by_lab()
    first = read_service(folder, CONTRACTS, asked).digest
    assert read_service(folder, CONTRACTS, asked).digest == first
    other = dataclasses.replace(asked, rows=asked.rows[::-1])
    assert read_service(folder, CONTRACTS, other).digest != first
