"""What a lab's own scripts make of what is in no form: a fault of the work, never one of ours."""

import base64
import csv
import gc
import hashlib
import importlib.util
import json
import os
import signal
import sqlite3
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from gradus.check.answers import Answer
from gradus.check.far import Outcome, Unmet
from gradus.check.works import Folder

LABS = Path(__file__).parents[2] / "content" / "labs"
DEEP = "[" * 100_000
WITHOUT_A_FORM = (
    f"x = {DEEP[:5000]}",
    "x = " + "1" * 6000,
    "x = 0x" + "f" * 6000,
    "a." * 4000 + "a = 1",
    ".".join(['" "'] * 4000) + " = 1",
    "<<<<",
)


def script(lab: str, name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Load a script of a lab as the judge does, with the simulators beside it."""
    monkeypatch.syspath_prepend(str(LABS.parent))
    scikit = ModuleType("sklearn.linear_model")  # which only a lab's environment has
    scikit.LogisticRegression = object  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sklearn", ModuleType("sklearn"))
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", scikit)
    found = importlib.util.spec_from_file_location(f"{name}_of_a_lab", LABS / lab / f"{name}.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def a_store(folder: Path, version: object, value: object) -> bytes:
    """Write a store as MLflow would, of one run, with columns that take anything."""
    connection = sqlite3.connect(folder / "mlflow.db")
    for table, columns, row in (
        ("runs", "run_uuid, start_time, status, lifecycle_stage", ["r", 1, "FINISHED", "active"]),
        ("params", "run_uuid, key, value", ["r", "degree", "1"]),
        ("tags", "run_uuid, key, value", ["r", "seed", "1"]),
        ("metrics", "run_uuid, key, value", ["r", "validation_mse", value]),
        ("model_versions", "name, version, run_id", ["m", version, "r"]),
        ("model_version_tags", "name, version, key, value", ["m", version, "k", "v"]),
        ("registered_model_aliases", "name, alias, version", ["m", "champion", version]),
    ):
        connection.execute(f"create table {table} ({columns})")
        marks = ", ".join("?" * len(row))
        connection.execute(f"insert into {table} values ({marks})", row)
    connection.commit()
    connection.close()
    return (folder / "mlflow.db").read_bytes()


def test_a_store_in_form_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = a_store(tmp_path, 2, 0.5)
    traced = script("trace-it", "reader", monkeypatch)
    assert traced.runs(tmp_path)[0]["metrics"] == {"validation_mse": [0.5]}
    assert traced.registry(tmp_path)["versions"][0]["version"] == "2"
    retrained = script("retrain-and-refuse", "reader", monkeypatch)
    assert retrained.registry(tmp_path, store)["versions"][0]["tags"] == {"k": "v"}


@pytest.mark.parametrize("version", ["abc", None, b"\xff", float("inf"), 1.5])
def test_a_version_is_a_whole_number(
    version: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = a_store(tmp_path, version, 0.5)
    with pytest.raises(ValueError, match="a version is no whole number"):
        script("trace-it", "reader", monkeypatch).registry(tmp_path)
    with pytest.raises(ValueError, match="a version is no whole number"):
        script("retrain-and-refuse", "reader", monkeypatch).registry(tmp_path, store)


@pytest.mark.parametrize("value", ["abc", None, b"\xff"])
def test_a_metric_is_a_number(
    value: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_store(tmp_path, 1, value)
    with pytest.raises(ValueError, match="the metric validation_mse is no number"):
        script("trace-it", "reader", monkeypatch).runs(tmp_path)


def test_what_train_py_prints_and_writes_may_have_no_form(monkeypatch: pytest.MonkeyPatch) -> None:
    check = script("trace-it", "check", monkeypatch)
    assert check.printed(f'{DEEP}\n{{"version": 1}}') == [{"version": 1}]
    assert check.number(10**400) is None
    assert check.rows_of("again.csv", "degree,seed\n1,2\n") == [{"degree": "1", "seed": "2"}]
    with pytest.raises(Unmet):
        check.rows_of("again.csv", "degree\n" + "1" * (csv.field_size_limit() + 1))


def test_settings_may_have_no_form(monkeypatch: pytest.MonkeyPatch) -> None:
    check = script("git-portfolio", "check", monkeypatch)
    assert check.settings_in("a.b = 1") == {"a": {"b": 1}}
    for text in WITHOUT_A_FORM:
        assert check.settings_in(text).startswith("not TOML: ")
    assert check.settings_in("#" * 100_000) == "100,000 characters, more than 64,000"


def test_a_project_may_have_no_form(monkeypatch: pytest.MonkeyPatch) -> None:
    check = script("raw-data-to-live-api", "check", monkeypatch)
    assert check.parsed_toml(Declared("a.b = 1"), "gradus.toml") == {"a": {"b": 1}}
    for text in (*WITHOUT_A_FORM, "#" * 2_000_000, " . ".join(['" "'] * 400_000)):
        with pytest.raises(Unmet):
            check.parsed_toml(Declared(text), "gradus.toml")


def test_answers_to_decisions_may_have_no_form(monkeypatch: pytest.MonkeyPatch) -> None:
    check = script("decide-and-record", "check", monkeypatch)

    class Folder:
        def text(self, path: str) -> Answer:
            return Answer(path, Outcome(value=self.said))

    folder = Folder()
    folder.said = "[roles]\nfirst = 1"
    assert check.answered(folder, "roles") == {"first": 1}
    for folder.said in (*WITHOUT_A_FORM, ".".join(['" "'] * 400_000)):
        assert check.answered(folder, "roles") == {}


@pytest.mark.parametrize("line", [DEEP, "9" * 5000, "[1]", ""])
def test_a_line_of_the_log_may_have_no_form(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check = script("break-it-on-purpose", "check", monkeypatch)
    assert check.read_record('{"id": 1}') == {"id": 1}
    with pytest.raises(Unmet):
        check.read_record(line)


@pytest.mark.parametrize("value", [base64.b64encode(DEEP.encode()).decode(), "?", "x", None, 7])
def test_a_message_may_have_no_form(value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    check = script("survive-the-crash", "check", monkeypatch)
    assert check.read_json("WzFd") == [1]
    assert check.read_json(value) is None


def test_a_workflow_may_have_no_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / ".github" / "workflows"
    place.mkdir(parents=True)
    (place / "ci.yml").write_text('x: !!int "_"')
    library = ModuleType("yaml")
    library.safe_load = lambda text: text[len(text)]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "yaml", library)
    with pytest.raises(ValueError, match=r"ci\.yml is no YAML: index out of range"):
        script("raw-data-to-live-api", "reader", monkeypatch).workflows(tmp_path)


class Declared:
    """A folder whose gradus.toml says nothing else."""

    def __init__(self, said: str) -> None:
        self.said = said

    def text(self, path: str) -> Answer:
        assert path == "gradus.toml"
        return Answer(path, Outcome(value=self.said))


COMMANDS = """
start = "serve"
offline = "{rows}"
version = "/version#model"
retrain = "{labels}"
promote = "{version}"
contract.name = "plain-json"
log = { path = "log.db", identifier = "id", prediction = "risk" }
"""


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("prove = 3", "start in [prove]"),
        (f"[prove]\n{COMMANDS}rows = 'my_own.jsonl'", "rows in [prove]"),
        (f"[prove]\n{COMMANDS}guards = 3", "banned in [prove.guards]"),
        (f"[prove]\n{COMMANDS}guards.banned = 3", "banned in [prove.guards]"),
    ],
)
def test_a_declaration_may_be_of_another_kind(
    said: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = script("raw-data-to-live-api", "check", monkeypatch)
    with pytest.raises(Unmet) as caught:
        check.declares_everything.test(Declared(said))
    assert caught.value.finding.call == place


class Drilled:
    """A folder in which a drill ran, and what it will write when it runs once more."""

    def __init__(self, report: object, then: object) -> None:
        self.report, self.then = report, then

    def text(self, path: str) -> Answer:
        assert path == "report.json"
        return Answer(path, Outcome(value=json.dumps(self.report)))

    def run(self, files: dict[str, bytes], environment: dict[str, str]) -> None:
        assert set(files) == {"drill.py", "worker.py", "story.json"}
        assert environment == {"PYTHONSAFEPATH": "1"}, "a file beside the drill is no library"
        self.report = self.then


STORY = [{"name": "calm", "lives": [{}]}]
LIFE = {"events": [], "messages": [], "committed": {}, "totals": {}}


def test_a_worker_cannot_say_that_there_is_no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    check = script("survive-the-crash", "check", monkeypatch)
    assert check.report_of(Drilled({"calm": [LIFE]}, None), STORY) == {"calm": [LIFE]}
    with pytest.raises(Unmet) as caught:
        check.report_of(Drilled({"broken": "no"}, {"idle": [LIFE]}), STORY)
    assert caught.value.finding.call == "what report.json says of the broker"
    with pytest.raises(RuntimeError, match=r"^no broker on this machine: no port$"):
        check.report_of(Drilled({"broken": "no"}, {"broken": "no port"}), STORY)


@pytest.mark.parametrize(
    ("lives", "says"),
    [
        ({"spoilt": "JSONDecodeError()"}, "'JSONDecodeError()'"),
        ({}, "'no lives'"),
        (7, "'no lives'"),
        ([{}], "'no lives'"),
        ([], "0"),
    ],
)
def test_what_a_worker_spoils_is_its_own_fault(
    lives: object, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = script("survive-the-crash", "check", monkeypatch)
    with pytest.raises(Unmet) as caught:
        check.report_of(Drilled({"calm": lives}, None), STORY)
    assert caught.value.finding.returned == f"{{'calm': {says}}}"


@pytest.mark.parametrize(
    ("fault", "written"),
    [("NoBroker", {"broken": "gone"}), ("ValueError", {"spoilt": "ValueError('gone')"})],
)
def test_the_drill_says_whose_fault_it_is(
    fault: str, written: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drill = script("survive-the-crash", "check", monkeypatch).kafka_drill
    monkeypatch.setattr(drill, "PLACE", tmp_path)

    def breaks(scenario: object) -> None:
        raise {"ValueError": ValueError}.get(fault, drill.NoBroker)("gone")

    monkeypatch.setattr(drill, "play_one", breaks)
    told = drill.play([{"name": "calm"}])
    assert told == (written if fault == "NoBroker" else {"calm": written})


LEFT_OPEN = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
"""The drill ends with its lines to a broker still open."""


@pytest.mark.parametrize(
    ("number", "fault"), [(9, RuntimeError), (15, RuntimeError), (11, "NoBroker"), (0, "NoBroker")]
)
@LEFT_OPEN
def test_a_broker_that_is_killed_while_it_starts_is_not_the_machines_fault(
    number: int, fault: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    drill = script("survive-the-crash", "check", monkeypatch).kafka_drill

    def ends() -> None:
        if number:
            signal.signal(number, signal.SIG_DFL) if number != signal.SIGKILL else None
            os.kill(os.getpid(), number)
        os._exit(0)

    monkeypatch.setattr(drill, "start_broker", ends)
    with pytest.raises(getattr(drill, str(fault), RuntimeError)) as caught:
        drill.Broker([], {})
    said = "the broker was killed" if fault is RuntimeError else "the broker ended"
    assert str(caught.value) == said
    del caught
    gc.collect()


@LEFT_OPEN
def test_a_broker_that_is_killed_in_a_life_is_not_the_machines_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drill = script("survive-the-crash", "check", monkeypatch).kafka_drill
    monkeypatch.setattr(drill, "start_broker", lambda: ("here", bool))
    monkeypatch.setattr(drill, "fill", lambda *given: None)
    broker = drill.Broker([], {})
    assert broker.address == "here"
    os.kill(broker.pid, signal.SIGKILL)
    os.waitid(os.P_PID, broker.pid, os.WEXITED | os.WNOWAIT)
    with pytest.raises((RuntimeError, BrokenPipeError)):
        broker.close("payments")
    os.waitpid(broker.pid, 0)
    del broker
    gc.collect()


def test_tests_that_split_without_end_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    check = script("tests-that-kill", "check", monkeypatch)
    assert check.MOST_REMEMBERED == 2_000_000
    monkeypatch.setattr(check, "MOST_REMEMBERED", 100)
    for split, words in check.other_splits("salt"):
        for seed in (1, 2, 1, 2):
            train, test = split(40, 0.25, seed)
            assert sorted([*train, *test]) == list(range(40)), words
        with pytest.raises(ValueError, match=r"^no$"):
            split(40, 0.25, 3)
        with pytest.raises(ValueError, match=r"^no$"):
            split(2, 0.25, "a long seed is remembered too")


@pytest.mark.parametrize("entry", [[[1]], {"a": 1}, float("nan"), True, 7])
def test_a_reason_of_another_kind_is_an_unknown_one(
    entry: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = script("decide-and-record", "check", monkeypatch)
    with pytest.raises(Unmet) as caught:
        check.cites(Answer("because", Outcome(value=[entry])), "name a fact", bool)
    assert caught.value.finding.expected == "[]"


def test_an_interval_without_any_width_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    times = script("ab-test", "check", monkeypatch).times_as_wide
    assert [times(0.0, 0.0), times(0.2, 0.0), times(0.4, 0.2)] == [0, 0, 2]


def a_day(n_early: int = 1, n_rows: int = 2) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a day of the drill of batch-and-p99, and what it tells of it."""
    first, last = range(n_early), range(n_early, n_early + n_rows)
    told: dict[str, Any] = {
        "ready_before_start": False,
        "ready": True,
        "answers": {str(i): ["answered", 0.5, 1.0, 2.0] for i in (*first, *last)},
        "events": [
            *(event for i in first for event in (["ask", i], ["answered", i])),
            ["ready", 1.0],
            *(["ask", i] for i in last),
            ["call", n_rows, 1.0, 1.0, 2.0, True],
            *(["answered", i] for i in last),
        ],
    }
    return {"kind": "service", "early": [{}] * n_early, "rows": [{}] * n_rows}, told


ONE_DAY, ITS_REPORT = a_day()


def test_a_day_that_the_drill_tells_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    check = script("batch-and-p99", "check", monkeypatch)
    assert check.is_service(ONE_DAY, ITS_REPORT)
    early = {"answers": {"0": ITS_REPORT["answers"]["0"]}, "events": ITS_REPORT["events"][:3]}
    assert check.is_service(ONE_DAY, {**ITS_REPORT, **early, "ready": False})
    assert check.is_pair({"pair": [ONE_DAY] * 2}, {"pair": [ITS_REPORT] * 2})
    assert check.is_night({}, {"events": [["call", 3, 1.0, 1.0, 2.0, False]], "written": None})
    assert check.is_measure({}, {"seen": {"0": [[0.0, 1.0]]}, "found": {"p50": "text"}})
    assert check.is_choice({"needs": [{}]}, {"chosen": ["batch"]})


@pytest.mark.parametrize(
    "changed",
    [
        {"ready": 1},
        {"ready_before_start": None},
        {"answers": []},
        {"answers": {"0": ["answered", 0.5, 1.0, 2.0]}},
        {"answers": {**ITS_REPORT["answers"], "2": ["answered", 0.5, 1.0]}},
        {"answers": {**ITS_REPORT["answers"], "2": ["answered", 0.5, "1", 2.0]}},
        {"answers": {**ITS_REPORT["answers"], "2": ["answered", [], 1.0, 2.0]}},
        {"answers": {**ITS_REPORT["answers"], "2": ["refused", None, 1.0, 10**400]}},
        {"answers": {**ITS_REPORT["answers"], "2": ["refused", None, 1.0, 2.0]}},
        {"events": None},
        {"events": [["ready", 1.0]]},
        {"events": ITS_REPORT["events"][1:]},
        {"events": ITS_REPORT["events"][3:]},
        {"events": [*ITS_REPORT["events"], ["ready", 1.0]]},
        {"events": [*ITS_REPORT["events"], ["answered", 2]]},
        {"events": [*ITS_REPORT["events"], ["ask", 2]]},
        {"events": [*ITS_REPORT["events"], ["left", 2]]},
        {"events": [*ITS_REPORT["events"], ["call", 1, 1.0, 2.0, 2.0, True]]},
        {"events": [*ITS_REPORT["events"], ["call", 1, 1.0, 2.0]]},
        {"events": [*ITS_REPORT["events"], []]},
    ],
)
def test_a_day_that_the_drill_cannot_tell_is_not_believed(
    changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    check = script("batch-and-p99", "check", monkeypatch)
    forged = {**ITS_REPORT, **changed}
    assert not check.is_service(ONE_DAY, forged)
    assert not check.is_pair({"pair": [ONE_DAY] * 2}, {"pair": [ITS_REPORT, forged]})
    check.played.update(report={"day": forged}, parts={"day": ONE_DAY})
    monkeypatch.setattr(check, "story", lambda *given: check.played)
    with pytest.raises(Unmet) as caught:
        check.day(None, None, "day")
    assert caught.value.finding.note == "Nothing but the drill writes into report.json."


@pytest.mark.parametrize(
    ("asks", "left"),
    [
        ("is_pair", {}),
        ("is_pair", {"pair": [ITS_REPORT]}),
        ("is_night", {"events": []}),
        ("is_night", {"events": [["ask", 1]], "written": ""}),
        ("is_night", {"events": [], "written": 7}),
        ("is_measure", {"seen": {}, "found": []}),
        ("is_measure", {"seen": {"0": []}, "found": {}}),
        ("is_measure", {"seen": {"0": [[1.0]]}, "found": {}}),
        ("is_choice", {"chosen": []}),
        ("is_choice", {"chosen": [None]}),
    ],
)
def test_what_the_drill_cannot_tell_of_other_parts_is_not_believed(
    asks: str, left: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    check = script("batch-and-p99", "check", monkeypatch)
    assert not getattr(check, asks)({"pair": [ONE_DAY] * 2, "needs": [{}]}, left)


def test_scores_may_be_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    check = script("batch-and-p99", "check", monkeypatch)
    assert check.scores_in({"written": "id,score\na,0.5\n"}, "by night") == [("a", "0.5")]
    with pytest.raises(Unmet):
        check.scores_in({"written": "id,score\n" + "1" * (csv.field_size_limit() + 1)}, "by night")


def test_a_request_for_a_row_that_nobody_has_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    check = script("batch-and-p99", "check", monkeypatch)
    left = {"seen": {"0": [[0.0, 1.0]], "-1": [[0.0, 1.0]]}, "found": {}}
    part = {"kind": "measure", "starts": [0.0, 1.0]}
    check.played.update(report={"down": left}, parts={"down": part})
    monkeypatch.setattr(check, "story", lambda *given: check.played)
    with pytest.raises(Unmet) as caught:
        check.bench(None, None, "down")
    assert caught.value.finding.returned == "['-1']"


MESSAGE = {"partition": 0, "key": "a", "value": None, "headers": {}}
EVENTS = [
    ["consumer", False, True], ["read", 0, 4], ["failed", 1.5], ["back", 2], ["gap", 1.0],
    ["slept", 0.5], ["put", 3], ["producer", "all"], ["sent"], ["commit"], ["closed"],
    ["raised", "OSError: no", 3.0], ["endless", "why"], ["killed"], ["stopped"],
]  # fmt: skip


@pytest.mark.parametrize(
    ("part", "value"),
    [
        *(("events", [event[:-1]]) for event in EVENTS),
        *(("events", [[*event, 1]]) for event in EVENTS),
        *(("events", [[*event[:-1], None]]) for event in EVENTS),
        *(("events", [each]) for each in (None, "sent", ["left"], [[]], {})),
        *(("events", [["failed", each]]) for each in (True, "1", 10**400, float("nan"))),
        *(("events", [["read", 0, each]]) for each in (1.5, "1", True, [])),
        *(("messages", [{**MESSAGE, key: []}]) for key in MESSAGE),
        *(("messages", [each]) for each in (None, {}, {**MESSAGE, "partition": "0"})),
        *(("committed", each) for each in ([], {"0": "4"}, {"0": None}, {"0": 1.5})),
        ("events", {}), ("messages", {}), ("totals", []),
    ],
)  # fmt: skip
def test_a_life_that_the_drill_cannot_tell_is_none(
    part: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = script("survive-the-crash", "check", monkeypatch)
    told = {"events": EVENTS, "messages": [MESSAGE], "committed": {"0": 4}, "totals": {"a": None}}
    assert check.is_life(told)
    assert not check.is_life({**told, part: value})


def test_a_message_that_says_nothing_is_no_payment(monkeypatch: pytest.MonkeyPatch) -> None:
    check = script("survive-the-crash", "check", monkeypatch)
    life = {"events": [["stopped"]], "messages": [MESSAGE], "committed": {}, "totals": {}}
    told = {"report": {"publish": [life]}, "published": [{"payment_id": "p", "account": "a"}]}
    monkeypatch.setattr(check, "story", lambda *given: told)
    with pytest.raises(Unmet) as caught:
        check.publishes_by_account.test(None, None)
    assert caught.value.finding.call == "messages that are not the JSON of a payment"


@pytest.mark.parametrize("piece", ["a", " ", 'a="', 'a="\\"', "\\", '"', 'a="" ', "}", "} "])
def test_a_line_of_metrics_of_any_length_is_read_in_time(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = script("break-it-on-purpose", "check", monkeypatch)
    found = check.LABEL.findall(r'a="1", b="2" ,c="\",",d=""')
    assert found == [("a", "1"), ("b", "2"), ("c", r"\","), ("d", "")]
    labels = piece * (200_000 // len(piece))
    began = time.monotonic()
    check.LABEL.findall(labels)
    check.LINE.match(f"x{{{labels}}} 1")
    assert time.monotonic() - began < 2.0


@pytest.mark.parametrize(
    ("said", "call"),
    [
        ({"artefact": {"path": [1]}}, "artefact.path in the record"),
        ({"artefact": []}, "artefact.path in the record"),
        ({"code": [1]}, "code in the record"),
        ({"data": {}}, "data in the record"),
    ],
)
def test_a_record_may_have_no_form(
    said: dict[str, Any], call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = script("raw-data-to-live-api", "check", monkeypatch)
    monkeypatch.setattr(check, "TABLES", {"a.py": ""})
    digest = hashlib.sha256(b"").hexdigest()
    whole = {"version": "1", "command": "train", "data": {"a.py": digest}, "code": {"a.py": digest}}
    record = json.dumps({**whole, **said}).encode()
    files = {"gradus.toml": b'project.record = "made.json"', "made.json": record, "a.py": b""}
    with pytest.raises(Unmet) as caught:
        check.came_from_somewhere.test(Folder(lambda: files))
    assert caught.value.finding.call == call


RECORDED = b'project.record = "./made.json"'


def test_the_chances_of_a_record_are_held_against_rows_that_the_lab_knows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = script("raw-data-to-live-api", "rows", monkeypatch)
    record = (LABS / "raw-data-to-live-api" / "reference" / "models").glob("*/record.json")
    said = json.loads(next(record).read_text())["held_out"]
    beyond = [True, "0.5", 10**400, -0.1, 1.1, None, [0.5]]
    strange = {"I1": 0.5, **said, **dict(zip(said, beyond, strict=False))}
    files = {"gradus.toml": RECORDED, "made.json": json.dumps({"held_out": strange}).encode()}
    known, chances = rows.quoted(files)
    assert len(known) == len(chances)
    assert sorted(chances) == sorted([*said.values()][len(beyond) :])
    assert {row["maker"] for row in known} - {None} == {"Arlo", "Brant", "Corda", "Delfin", "Emmet"}
    assert {row["oil"] for row in known} == {"clean", "dark", "milky", None}
    assert all(type(row["hours"]) is int for row in known)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"gradus.toml": b"project = 3"},
        {"gradus.toml": b"\xff"},
        {"gradus.toml": b"project.record = 3"},
        {"gradus.toml": RECORDED},
        *(
            {"gradus.toml": RECORDED, "made.json": said}
            for said in (b"", b"[]", b"3", b'{"held_out": []}', b'{"held_out": {}}', b"[" * 200_000,
                         b'{"held_out": {"I10002": NaN}}', b"1" * 5000, b"\xff")
        ),
    ],
)  # fmt: skip
def test_a_record_without_chances_quotes_nothing(
    files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = script("raw-data-to-live-api", "rows", monkeypatch)
    with pytest.raises(ValueError, match="held_out"):
        rows.quoted(files)


@pytest.mark.parametrize("number", ["1e999", "1" + "0" * 400, "NaN", "true", '"0.5"', "[]"])
def test_a_figure_of_a_record_is_a_number(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check = script("raw-data-to-live-api", "check", monkeypatch)
    record = f'{{"metrics": {{"auc": {number}, "baseline_auc": 0.5}}}}'.encode()
    files = {"gradus.toml": b'project.record = "made.json"', "made.json": record}
    assert check.said_quality(Folder(lambda: files), "baseline_auc") == 0.5
    with pytest.raises(Unmet) as caught:
        check.said_quality(Folder(lambda: files), "auc")
    assert caught.value.finding.expected == "it to be a number"


@pytest.mark.parametrize("said", ["0.8", None, [0.8], {"auc": 0.8}, True, 0.8j])
def test_a_score_of_another_kind_is_no_number(
    said: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    said_by = script("raw-table", "check", monkeypatch).said_by
    answer = Answer("stress(…)", Outcome(value={"noise": said, "missing": 0.7}))
    assert said_by(answer, "missing") == {"missing": 0.7}
    with pytest.raises(Unmet) as caught:
        said_by(answer, "missing", "noise")
    assert (caught.value.finding.call, caught.value.finding.expected) == (
        "stress(…)['noise']",
        "a number",
    )
