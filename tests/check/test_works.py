"""What a check meets that is more than one callable: answers, folders, commands, services."""

import contextlib
import time
from types import SimpleNamespace

import pytest

from gradus.check import Usage, usage, works
from gradus.check.answers import Answer
from gradus.check.far import Outcome, Raised, Unmet
from gradus.check.nesting import MOST_BITS, MOST_NESTED
from gradus.check.works import (
    MOST_TOML,
    Answers,
    Command,
    Folder,
    Place,
    Reader,
    Response,
    Service,
    read_answers,
    read_toml,
)

FAULT = Raised(("KeyError", "LookupError"), "'n'", ("line 3",))
FILES = {"b.txt": b"b", "a.txt": b"\xef\xbb\xbfa\xc3\xa9", "work.py": b"x = 1", "bad": b"ab\xff"}


class There:
    """A far side that tells what it has used."""

    def usage(self):
        return 1.5, 64.0


def finding_of(look):
    with pytest.raises(Unmet) as unmet:
        look()
    found = unmet.value.finding
    return found.call, found.returned, found.expected, found.note


# ── answers ──


def test_answers_are_told_by_the_path_to_them():
    answers = read_answers('q1 = 2\n[part]\nname = "b"\n[part.deep]\nx = [1, {y = 2}]', "a.toml")
    assert answers.names() == ["q1", "part"]
    assert answers.part.names() == ["name", "deep"]
    assert answers.q1.must_equal(2).as_argument() == "2"
    assert answers["part"].name.as_text() == "b"
    assert finding_of(lambda: answers.q1.must_equal(3)) == ("q1", "2", "3", "")
    assert finding_of(lambda: answers.part.deep.x.must_be_a("text"))[0] == "part.deep.x"
    missing = ("not answered", "an answer to it in your file", "")
    assert finding_of(lambda: answers.q2) == ("q2", *missing)
    assert finding_of(lambda: answers.part["q2"]) == ("part.q2", *missing)


@pytest.mark.parametrize("word", ["must_equal", "as_text"])
def test_a_table_where_one_answer_was_asked_is_a_finding(word):
    answers = Answers({"part": {"x": 1}})
    said = ("part", "a table of answers", "a single answer", "")
    assert finding_of(lambda: getattr(answers.part, word)(1)) == said


def test_what_python_asks_of_every_object_is_no_question():
    with pytest.raises(AttributeError, match="__wrapped__"):
        Answers({}).__wrapped__  # noqa: B018


def test_a_file_that_is_no_toml_is_a_finding_with_its_line():
    call, returned, expected, _ = finding_of(lambda: read_answers("a = 1\nb = ]", "a.toml"))
    assert (call, expected) == ("a.toml", "a TOML file")
    assert returned == "not TOML: Invalid value (at line 2, column 5)"
    deep = finding_of(lambda: read_answers("a = " + "[" * 5000, "a.toml"))
    assert deep == ("a.toml", "not TOML: it is nested too deep", "a TOML file", "")


@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ("{a = ", "}")])
def test_answers_are_nested_as_deep_as_the_words_follow_and_no_deeper(opens, closes):
    def text(levels):
        return f"a = {opens * levels}1{closes * levels}"

    assert read_answers(text(MOST_NESTED - 1), "a.toml").names() == ["a"]
    for deep in (text(MOST_NESTED), f"{text(MOST_NESTED)}\nb = [1]"):
        found = finding_of(lambda deep=deep: read_answers(deep, "a.toml"))
        assert found[1] == "not TOML: it is nested too deep"


def test_a_long_toml_file_is_not_read():
    text = "a = 1 #"
    assert read_answers(text.ljust(MOST_TOML, "-"), "a.toml").a.as_int() == 1
    found = finding_of(lambda: read_answers(text.ljust(MOST_TOML + 1, "-"), "a.toml"))
    assert found == ("a.toml", "64,001 characters, more than 64,000", "a short TOML file", "")
    assert read_toml(text, "a.toml", len(text)) == {"a": 1}
    found = finding_of(lambda: read_toml(text, "a.toml", len(text) - 1))
    assert found[1] == "7 characters, more than 6"


# ── folders ──


def test_files_of_a_folder_are_answers_that_bear_their_names():
    folder = Folder(lambda: FILES)
    assert folder.names() == ["a.txt", "b.txt", "bad", "work.py"]
    assert folder.has("b.txt").as_bool()
    there = finding_of(lambda: folder.has("c.txt").must_equal(True))
    assert there == ("is there a file c.txt", "False", "True", "")
    assert folder.bytes("b.txt").as_value() == b"b"
    assert folder.text("a.txt").as_text() == "aé"
    assert finding_of(lambda: folder.bytes("b.txt").must_equal(b"c"))[0] == "b.txt"
    assert finding_of(lambda: folder.text("b.txt").must_equal("c"))[0] == "b.txt"


def test_a_file_that_is_missing_is_told_with_some_that_are_there():
    many = {f"{place}.txt": b"" for place in range(9, -1, -1)}
    there = ", ".join(f"{place}.txt" for place in range(8))
    found = finding_of(lambda: Folder(lambda: many).bytes("x"))
    assert found == ("x", f"missing; there are {there}", "a file of that name", "")
    assert finding_of(lambda: Folder(dict).text("x"))[1] == "missing; there are no files"


def test_a_text_of_another_encoding_is_a_finding_with_its_place():
    found = finding_of(lambda: Folder(lambda: FILES).text("bad"))
    assert found == ("bad", "byte 2 is not UTF-8", "a text in UTF-8", "")


def test_a_toml_file_of_a_folder_is_read_and_named():
    folder = Folder(lambda: {"a.toml": b"q = 1", "b.toml": b"q"})
    assert folder.toml("a.toml").q.as_int() == 1
    assert finding_of(lambda: folder.toml("b.toml"))[0] == "b.toml"


def test_a_module_of_a_folder_is_imported_where_there_is_its_file():
    folder = Folder(lambda: FILES, lambda name: Answer(name, Outcome(value=3)))
    assert folder.module("work").must_equal(3).as_argument() == "3"
    assert finding_of(lambda: folder.module("play"))[0] == "play.py"
    with pytest.raises(TypeError, match="this lab's entry has no code to import"):
        Folder(lambda: FILES).module("work")


def test_a_folder_runs_nothing_that_could_be_measured():
    with pytest.raises(TypeError, match=r"no process of its own: ask what module\(\) gives"):
        usage(Folder(lambda: FILES))


def test_what_is_laid_into_a_place_is_there_afterwards():
    files = {}
    place = Place(lambda: files, lambda name: Answer(name, Outcome(value=4)), files.update)
    place.write("work.py", b"x = 2")
    assert place.bytes("work.py").as_value() == b"x = 2"
    assert place.module("work").as_int() == 4


# ── commands ──


def test_a_command_is_run_with_words_files_and_an_environment():
    runs, there = [], There()

    def run(words, files, environment):
        runs.append((words, files, environment))
        return Outcome(value={"exit": len(runs), "stdout": ""})

    command = Command(lambda: FILES, run, lambda: there, "python count.py")
    assert command.text("b.txt").as_text() == "b"
    first = command.run("in.csv", "-v", files={"in.csv": b"1"}, environment={"A": "b"})
    assert finding_of(lambda: first["exit"].must_equal(0))[0] == "python count.py in.csv -v['exit']"
    assert finding_of(lambda: command.run().must_be_a("text"))[0] == "python count.py"
    assert runs == [(("in.csv", "-v"), {"in.csv": b"1"}, {"A": "b"}), ((), {}, {})]
    assert usage(first) == usage(command) == Usage(cpu_seconds=1.5, peak_mb=64.0)


# ── services ──


def answered(status=200, headers=None, body=b""):
    value = {"status": status, "headers": headers or {}, "body": body}
    return Response("GET /", Outcome(value=value))


def test_a_response_tells_its_status_and_what_came_with_it():
    response = answered(404, body=b"x" * 200 + b"never read")
    assert response.must_have_status(404) is response
    response.must_have_status(200, 404)
    found = finding_of(lambda: response.must_have_status(200, 201, because="Why."))
    assert found == ("GET /", f"status 404: {'x' * 200}", "status 200 or 201", "Why.")
    garbled = finding_of(lambda: answered(500, body=b"a\xff").must_have_status(200))
    assert garbled == ("GET /", "status 500: a\ufffd", "status 200", "")


def test_parts_of_a_response_are_answers():
    response = answered(201, {"content-type": "text/html", "x-n": "3"}, b'{"n": [1]} ')
    assert response.as_argument() == "GET /"
    assert response.as_value()["status"] == 201
    assert finding_of(lambda: response.status.must_equal(2)) == ("status of GET /", "201", "2", "")
    assert response.text.must_equal('{"n": [1]} ')
    assert finding_of(lambda: response.text.must_equal("n"))[0] == "body of GET /"
    assert answered(body=b"a\xff").text.as_text() == "a\ufffd"
    assert finding_of(lambda: response.json["n"].must_equal([2]))[0] == "JSON of GET /['n']"
    assert response.header("X-N").must_equal("3")
    assert finding_of(lambda: response.header("X-N").must_equal("4"))[0] == "header X-N of GET /"
    found = finding_of(lambda: response.header("Age"))
    assert found == ("GET /", "only content-type, x-n", "the header Age", "")
    assert finding_of(lambda: answered().header("Age"))[1] == "only no headers"
    response.must_satisfy("hold its parts", lambda value: len(value) == 3)
    assert finding_of(lambda: response.must_be_a("text"))[0] == "GET /"


@pytest.mark.parametrize(
    ("body", "shown", "note"),
    [
        (b"", "", "Expecting value: line 1 column 1 (char 0)."),
        (b"NaN", "NaN", "NaN is not JSON."),
        (b"[-Infinity]", "[-Infinity]", "-Infinity is not JSON."),
        (b"x" * 201, "x" * 200, "Expecting value: line 1 column 1 (char 0)."),
        (b"[" * 100_000, "[" * 200, "It is nested too deep."),
        (b"[" * 65 + b"1" + b"]" * 65, "[" * 65 + "1" + "]" * 65, "It is nested too deep."),
    ],
)
def test_a_body_that_is_no_json_is_a_finding_with_its_reason(body, shown, note):
    assert finding_of(lambda: answered(body=body).json) == ("GET /", shown, "a JSON body", note)


def test_a_body_is_read_as_json_up_to_a_length():
    longest = b'"' + b"x" * 3_999_998 + b'"'
    assert len(answered(body=longest).json.as_value()) == 3_999_998
    call, shown, expected, _ = finding_of(lambda: answered(body=longest + b" ").json)
    assert (call, shown) == ("GET /", "4,000,001 bytes, more than 4,000,000")
    assert expected == "a short JSON body"


def test_bytes_that_are_no_text_are_no_json():
    call, shown, expected, note = finding_of(lambda: answered(body=b'"\xff"').json)
    assert (call, shown, expected) == ("GET /", '"\ufffd"', "a JSON body")
    assert note.startswith("'utf-8' codec can't decode byte 0xff")


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"status": 200, "headers": {}},
        {"status": True, "headers": {}, "body": b""},
        {"status": "200", "headers": {}, "body": b""},
        {"status": 200, "headers": [], "body": b""},
        {"status": 200, "headers": {"a": 1}, "body": b""},
        {"status": 200, "headers": {1: "a"}, "body": b""},
        {"status": 200, "headers": {}, "body": "text"},
    ],
)
def test_what_has_not_the_form_of_a_response_is_none(value):
    call, returned, expected, _ = finding_of(lambda: Response("GET /", Outcome(value=value)))
    assert (call, expected) == ("GET /", "a response")
    assert returned.startswith("no response (")
    assert returned != "no response ()"


def test_an_application_that_raised_has_no_response():
    response = Response("GET /", Outcome(value="kept by nobody", raised=FAULT))
    said = ("GET /", "raised KeyError: 'n'")
    assert finding_of(response.as_value) == (*said, "a response", "")
    assert finding_of(lambda: response.status) == (*said, "a response", "")
    found = finding_of(lambda: response.must_have_status(200, because="Why."))
    assert found == (*said, "status 200", "Why.")
    response.must_raise(KeyError)


class Asked:
    """Keeps what a service is asked for and echoes bodies, with a status that counts up."""

    def __init__(self):
        self.sent, self.together, self.restarts, self.files = [], [], [], {}
        self.there, self.trace = There(), None
        self.service = Service(
            self.send, self.restart, self.files.update, lambda: self.there, lambda: self.trace
        )

    def send(self, messages, together):
        self.sent += messages
        self.together.append((len(messages), together))
        return [
            Outcome(value={"status": 200 + place, "headers": {}, "body": each["body"]})
            for place, each in enumerate(messages)
        ]

    def restart(self, environment, files):
        self.restarts.append((environment, files))


def message(method, path, body=b"", **headers):
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"method": method, "path": path, "headers": sent, "body": body}


def test_a_request_travels_as_it_is_asked_for():
    asked = Asked()
    service = asked.service
    got = service.get("/a", headers={"X-Key": "K"})
    posted = service.post("/b", json={"n": 1}, headers={"X-Key": "K"})
    raw = service.post("/c", body=b"raw", headers={"Content-Type": "text/csv"})
    both = service.request("PUT", "/d", json=0, headers={"Content-Type": "text/json"})
    bytes_first = service.request("PUT", "/e", json={"n": 1}, body=b"\x00", headers={"A": "b"})
    service.request("PUT", "/f", {"n": 1}, b"")
    assert asked.sent == [
        message("GET", "/a", x_key="K"),
        message("POST", "/b", b'{"n": 1}', x_key="K", content_type="application/json"),
        message("POST", "/c", b"raw", content_type="text/csv"),
        message("PUT", "/d", b"0", content_type="text/json"),
        message("PUT", "/e", b"\x00", a="b"),
        message("PUT", "/f"),
    ]
    assert asked.together == [(1, False)] * 6
    assert got.as_argument() == "GET /a"
    assert posted.as_argument() == 'POST /b {"n": 1}'
    assert raw.as_argument() == "POST /c b'raw'"
    assert both.as_argument() == "PUT /d 0"
    assert bytes_first.as_argument() == "PUT /e b'\\x00'"
    assert posted.json.as_value() == {"n": 1}


def test_a_request_may_be_its_method_and_path_alone():
    asked = Asked()
    service = asked.service
    for response in (service.get("/"), service.post("/"), service.request("PUT", "/")):
        response.must_have_status(200)
    assert asked.sent == [message("GET", "/"), message("POST", "/"), message("PUT", "/")]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({"json": "x" * 198}, '"' + "x" * 198 + '"'),
        ({"json": "x" * 199}, '"' + "x" * 197 + " …"),
        ({"body": b"x" * 117}, "b'" + "x" * 117 + "'"),
    ],
)
def test_a_long_body_is_told_by_its_beginning(sent, shown):
    assert Asked().service.post("/", **sent).as_argument() == f"POST / {shown}"
    assert len(Asked().service.post("/", body=b"x" * 500).as_argument()) < 140


@pytest.mark.parametrize("word", ["in_turn", "together"])
def test_several_requests_travel_in_one_message_and_keep_their_order(word):
    asked = Asked()
    requests = [("POST", "/a", {"n": 1}), ("GET", "/b", None)]
    responses = getattr(asked.service, word)(requests)
    assert asked.together == [(2, word == "together")]
    json = message("POST", "/a", b'{"n": 1}', content_type="application/json")
    assert asked.sent == [json, message("GET", "/b")]
    assert [each.status.as_value() for each in responses] == [200, 201]
    assert responses[0].json.as_value() == {"n": 1}
    assert responses[1].as_argument() == "GET /b"


def _counting_up(asked):
    """Return a question that is answered by 200, 201, … and leaves two traces each time."""
    answers = iter(range(200, 1000))

    def ask():
        status = next(answers)
        if asked.trace is not None:
            asked.trace += [status, "read"]
        value = {"status": status, "headers": {}, "body": b""}
        return Response("GET /ready", Outcome(value=value))

    return ask


def test_asking_until_an_answer_comes_leaves_the_trace_of_the_last_question_alone(monkeypatch):
    monkeypatch.setattr(works, "BETWEEN_QUESTIONS", 0.0)
    for trace, left in ((["before"], ["before", 203, "read"]), ([], [203, "read"]), (None, None)):
        asked = Asked()
        asked.trace = trace
        ready = asked.service.ask_until(
            _counting_up(asked), lambda response: response.status.as_value() == 203, 60
        )
        assert ready.status.as_value() == 203
        assert asked.trace == left


def test_asking_ends_when_its_time_is_over(monkeypatch):
    now = iter([10.0, 11.0, 12.0, 13.0])
    slept = []
    monkeypatch.setattr(
        works, "time", SimpleNamespace(monotonic=lambda: next(now), sleep=slept.append)
    )
    asked = Asked()
    asked.trace = []
    last = asked.service.ask_until(_counting_up(asked), lambda response: False, 3)
    assert last.status.as_value() == 202
    assert slept == [0.05, 0.05]
    assert asked.trace == [202, "read"]


def test_a_service_is_restarted_changed_and_measured():
    asked = Asked()
    asked.service.restart()
    asked.service.restart(environment={"A": "b"}, files={"model.json": b"{}"})
    asked.service.write("model.json", b"[]")
    assert asked.restarts == [({}, {}), ({"A": "b"}, {"model.json": b"{}"})]
    assert asked.files == {"model.json": b"[]"}
    assert usage(asked.service) == Usage(cpu_seconds=1.5, peak_mb=64.0)


# ── the lab's reader ──


def test_each_word_of_a_reader_is_a_call_of_it():
    calls = []

    def call(name, args):
        calls.append((name, args))
        return Outcome(value=len(args))

    reader = Reader(call)
    found = finding_of(lambda: reader.rows("a.csv", 3).must_equal(0))
    assert found == ("rows('a.csv', 3)", "2", "0", "")
    assert calls == [("rows", ("a.csv", 3))]
    with pytest.raises(AttributeError, match="_rows"):
        reader._rows  # noqa: B018


@pytest.mark.parametrize(
    "part",
    [
        "a",
        '"a"',
        "'a'",
        "a-1 ",
        "a\t",
        '" "',
        "' '",
        '" . "',
        "' \" '",
        '"\\""',
        '"\\\\"',
        '""',
        "''",
    ],
)
@pytest.mark.parametrize("form", ["{} = 1", "[{}]", "x = {{ {} = 1 }}"])
def test_a_key_of_very_many_parts_is_refused_before_it_is_read(part, form, monkeypatch):
    monkeypatch.setattr("gradus.check.works.tomllib.loads", None)
    key = ".".join([part] * (60_000 // (len(part) + 1)))
    call, shown, _, _ = finding_of(lambda: read_answers(form.format(key), "answers.toml"))
    assert (call, shown) == ("answers.toml", "not TOML: it is nested too deep")


@pytest.mark.parametrize("text", ["Two words. " * 5_000, "Yes.\n" * 300, "... " * 300])
def test_a_text_with_very_many_points_is_no_long_key(text):
    assert read_answers(f'a = """{text}"""', "answers.toml").a.as_value() == text


@pytest.mark.parametrize("line", ['"', '". ', "x. ' ", '"x x', '"."', "'.'.", '\\". "', '"\\'])
def test_looking_for_a_long_key_takes_the_time_of_one_look(line):
    began = time.monotonic()
    with contextlib.suppress(Unmet):
        read_answers(line * (60_000 // len(line)), "answers.toml")
    assert time.monotonic() - began < 2.0


def test_a_number_too_long_to_be_shown_is_refused():
    longest = 2**MOST_BITS - 1
    assert read_answers(f"a = [{longest:#x}]", "a.toml").a.as_value() == [longest]
    for number in (longest + 1, -longest - 1):
        found = finding_of(lambda number=number: read_answers(f"a = [{number}]", "a.toml"))
        assert found[1] == "not TOML: a number of 14,001 bits, more than 14,000"
    in_hex = finding_of(lambda: read_answers(f"a = 0x1{'0' * 60_000}", "a.toml"))
    assert in_hex[1] == "not TOML: a number of 240,001 bits, more than 14,000"
