"""Requests are read from the report of a tool that meets a stand-in, whatever the report holds."""

import asyncio
import itertools
import json

import pytest

from gradus.prover import derived
from gradus.prover.contract import post

from .deriving import RECORDED, a_tool

IDENTIFIERS = itertools.count()


def valid():
    return post("/predict", {"rows": []}, {"X-Request-ID": f"id-{next(IDENTIFIERS)}"})


@pytest.fixture
def derive(tmp_path):
    """Derive with a tool that runs some lines of Python, where `words` is what it was given."""

    def run(lines, **changes):
        folder = tmp_path / "derived"
        folder.mkdir()
        asked = {"seed": 5, "most": 20, **changes}
        tool = a_tool(tmp_path, lines)
        return asyncio.run(derived.derive(tool, b"{}", valid, folder, **asked))

    return run


@pytest.fixture
def read(derive, tmp_path):
    """Derive with a tool that writes these lines as its report."""

    def run(lines):
        path = tmp_path / "made.ndjson"
        path.write_text("".join(lines))
        return derive(f"shutil.copy({str(path)!r}, report)")

    return run


def scenario(**changes):
    """Return the line of a report with one request, changed."""
    request = {
        "method": "POST",
        "uri": "http://127.0.0.1:1/predict",
        "headers": {"Content-Type": ["application/json"]},
        "body": {"$base64": "e30="},
    }
    recorder = {"cases": {}, "interactions": {"a": {"request": {**request, **changes}}}}
    return json.dumps({"ScenarioFinished": {"recorder": recorder}}) + "\n"


def test_each_request_of_a_recorded_report_is_read_once(derive):
    found = derive(f"shutil.copy({str(RECORDED)!r}, report)")
    bodies = [each.request.body for each in found.requests]
    assert found.fault == ""
    assert b'{"rows": [], "note": null, "pieces": 0}' in bodies
    assert b"\0" in bodies
    keys = [(r.path, r.body, r.headers.get("Content-Type")) for r in requests(found)]
    assert len(keys) == len(set(keys)) == 13
    assert {each.method for each in requests(found)} == {"POST"}


def test_what_the_document_says_of_a_request_is_told(derive):
    found = derive(f"shutil.copy({str(RECORDED)!r}, report)")
    told = {each.request.body: each.what for each in found.requests}
    assert told[b'{"rows": [], "note": null, "pieces": 0}'] == "as the document allows"
    assert told[b""] == "against the document (Missing request body)"


def test_each_request_has_an_identifier_of_its_own_and_no_mark_of_the_tool(derive):
    found = derive(f"shutil.copy({str(RECORDED)!r}, report)")
    names = [each.headers["X-Request-ID"] for each in requests(found)]
    assert len(set(names)) == len(names)
    assert not any("schemathesis" in str(dict(each.headers)).lower() for each in requests(found))


@pytest.mark.parametrize("about", ["body", "header"])
def test_the_identifier_is_fresh_unless_the_request_is_about_its_head(read, about):
    line = json.loads(scenario(headers={"x-request-id": ["0"], "X-Note": ["a"]}))
    meta = {"phase": {"data": {"parameter_location": about}}}
    line["ScenarioFinished"]["recorder"]["cases"] = {"a": {"value": {"meta": meta}}}
    (one,) = requests(read([json.dumps(line)]))
    assert one.headers["X-Note"] == "a"
    assert "Content-Type" not in one.headers
    names = [value for name, value in one.headers.items() if name.lower() == "x-request-id"]
    assert (names == ["0"]) is (about == "header")
    assert len(names) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "TRACE"},
        {"uri": "http://127.0.0.1:1/other"},
        {"headers": {"X-Note": ["a\r\nX-More: b"]}},
        {"headers": {"X-Note": ["\u20ac"]}},
    ],
    ids=["another method", "another path", "a head of two fields in one", "no Latin-1"],
)
def test_what_is_not_to_be_met_is_left_out(read, changes):
    assert len(read([scenario(), scenario(**changes)]).requests) == 1


def test_the_query_belongs_to_a_request(read):
    (one,) = requests(read([scenario(uri="http://127.0.0.1:1/predict?a=%00")]))
    assert one.path == "/predict?a=%00"


def test_a_report_that_breaks_off_counts_as_far_as_it_goes(read):
    assert len(read([scenario(), scenario()[:40]]).requests) == 1


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"FatalError": {"exception": {"message": "No version.\nMore."}}}, "No version."),
        ({"NonFatalError": {"value": {"message": "Invalid `type`"}}}, "Invalid `type`"),
        ({"NonFatalError": {"value": {}}}, "NonFatalError"),
    ],
)
def test_what_the_tool_could_not_read_is_said_in_its_words(read, event, said):
    found = read([scenario(), json.dumps(event) + "\n"])
    assert (len(found.requests), found.fault) == (1, said)


def test_a_tool_without_a_report_is_quoted(derive):
    assert derive("sys.exit('no such option')").fault == "no such option"


def test_a_tool_without_a_word_is_told_by_its_exit_code(tmp_path, derive):
    assert derive("sys.exit(3)").fault == "exit code 3"


def test_a_tool_that_does_not_end_is_ended(derive, monkeypatch):
    monkeypatch.setattr(derived, "LONGEST", 0.3)
    assert derive("time.sleep(60)").fault == "it did not end within 0.3 s"


def test_the_tool_meets_a_stand_in_with_the_document_and_the_seed(derive, tmp_path):
    derive(
        "from urllib.request import urlopen\n"
        "said = urlopen(words[words.index('--url') + 1] + '/predict', b'{}').read().decode()\n"
        f"open({str(tmp_path / 'seen')!r}, 'w').write(json.dumps([said, words, "
        "open('openapi.json').read()]))",
        seed=77,
        most=9,
    )
    said, words, document = json.loads((tmp_path / "seen").read_text())
    given = dict(itertools.pairwise(words))
    assert (said, document) == ("{}", "{}")
    assert (given["--seed"], given["--max-examples"]) == ("77", "9")
    assert (given["--include-path"], given["--checks"]) == ("/predict", "not_a_server_error")
    assert words[0] == "-I"  # nothing of the project can be imported by it


def requests(found):
    return [each.request for each in found.requests]
