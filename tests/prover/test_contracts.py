"""Rows become requests as each specification has them, and answers become predictions."""

import json

import pytest

from gradus.core.errors import UsageError
from gradus.core.service import ContractTerms
from gradus.prover.contract import BrokenContract, at_way, contract_names, find_contract, named_in
from gradus.prover.exchange import Response


def terms_of(**open_points):
    return ContractTerms("tried", **open_points)


ROWS = [{"amount": 12.5, "country": "DE"}, {"amount": 3.0, "country": "FR"}]
PLAIN = terms_of(path="/score", field="rows", output="scores")
SPLIT = {"columns": ["amount", "country"], "data": [[12.5, "DE"], [3.0, "FR"]]}
LISTS = [[12.5, "DE"], [3.0, "FR"]]
COLUMNS = terms_of(columns=("amount", "country"))

SENT = {
    "plain-json": (PLAIN, "/score", {"rows": ROWS}),
    "open-inference": (
        terms_of(model="fraud"),
        "/v2/models/fraud/infer",
        {
            "id": "r1",
            "inputs": [
                {"name": "amount", "shape": [2, 1], "datatype": "FP64", "data": [12.5, 3.0]},
                {"name": "country", "shape": [2, 1], "datatype": "BYTES", "data": ["DE", "FR"]},
            ],
        },
    ),
    "mlflow": (terms_of(), "/invocations", {"dataframe_split": SPLIT}),
    "sagemaker": (terms_of(), "/invocations", "12.5,DE\n3.0,FR\n"),
    "vertex": (terms_of(path="/p"), "/p", {"instances": ROWS}),
    "azure-ml": (COLUMNS, "/score", {"data": LISTS}),
    "bentoml": (terms_of(field="table"), "/predict", {"table": ROWS}),
    "litserve": (COLUMNS, "/predict", {"input": LISTS}),
}
CAME_BACK = {
    "plain-json": {"scores": [0.1, 0.9]},
    "open-inference": {"outputs": [{"name": "p", "shape": [2], "data": [0.1, 0.9]}]},
    "mlflow": {"predictions": [0.1, 0.9]},
    "sagemaker": {"predictions": [{"score": 0.1}, {"score": 0.9}]},
    "vertex": {"predictions": [0.1, 0.9]},
    "azure-ml": "[0.1, 0.9]",
    "bentoml": [0.1, 0.9],
    "litserve": {"output": [0.1, 0.9]},
}


def answer(value, kind="application/json"):
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Response(200, {"content-type": kind}, body)


def test_every_contract_has_its_examples_here():
    assert set(SENT) == set(CAME_BACK) == set(contract_names())


@pytest.mark.parametrize("name", contract_names())
def test_rows_are_sent_as_the_contract_has_them(name):
    terms, path, body = SENT[name]
    request = find_contract(name).encode(terms, ROWS, "r1")
    assert (request.method, request.path) == ("POST", path)
    got = request.body.decode()
    assert (got if isinstance(body, str) else json.loads(got)) == body
    assert "r1" in [
        *request.headers.values(),
        json.loads(got)["id"] if name == "open-inference" else "",
    ]


@pytest.mark.parametrize("name", contract_names())
def test_an_answer_gives_one_prediction_a_row(name):
    terms = SENT[name][0]
    assert find_contract(name).decode(terms, answer(CAME_BACK[name]), 2) == [0.1, 0.9]


@pytest.mark.parametrize("name", contract_names())
@pytest.mark.parametrize(
    "wrong",
    [
        answer(b"<html>busy</html>", "text/html"),
        answer(b'{"predictions": [NaN, 0.1], "scores": [NaN, 0.1], "output": [NaN, 0.1]}'),
        answer(b""),
        answer(b"\xff\xfe"),
        answer({}),
        answer({"predictions": [0.1], "scores": [0.1], "output": [0.1], "outputs": []}),
        answer({"predictions": 0.1, "scores": None, "output": "x", "outputs": "x"}),
        answer(b"[" * 100_000),
        answer([]),
    ],
    ids=["html", "nan", "empty", "bytes", "no-field", "too-few", "no-list", "deep", "none"],
)
def test_whatever_else_comes_back_is_said_in_a_sentence(name, wrong):
    with pytest.raises(BrokenContract, match=r"\w+ \w+"):
        find_contract(name).decode(SENT[name][0], wrong, 2)


def test_sagemaker_may_answer_in_csv():
    assert find_contract("sagemaker").decode(terms_of(), answer(b"0.1\n0.9\n", "text/csv"), 2) == [
        0.1,
        0.9,
    ]


def test_wide_outputs_come_back_row_by_row():
    wide = {"outputs": [{"name": "p", "shape": [2, 2], "data": [0.1, 0.9, 0.4, 0.6]}]}
    contract = find_contract("open-inference")
    assert contract.decode(terms_of(), answer(wide), 2) == [[0.1, 0.9], [0.4, 0.6]]


def test_one_row_a_request():
    single = terms_of(single=True, output="result.score")
    contract = find_contract("plain-json")
    assert json.loads(contract.encode(single, ROWS[:1], "r1").body) == ROWS[0]
    assert contract.decode(single, answer({"result": {"score": 0.3}}), 1) == [0.3]


def test_platforms_say_the_port_in_their_own_words():
    vertex = find_contract("vertex").environment(terms_of(), 8123)
    assert vertex["AIP_HTTP_PORT"] == "8123"
    assert find_contract("sagemaker").environment(terms_of(), 8123) == {
        "SAGEMAKER_BIND_TO_PORT": "8123"
    }


def test_an_unknown_contract_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match="Did you mean 'mlflow'"):
        find_contract("mlfow")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("X-Variant", "b"),
        ("model.version", 3),
        ("model", {"version": 3}),
        ("model.name", None),
        ("scores.0", None),
        ("model.version.major", None),
    ],
)
def test_what_an_answer_names_stands_in_a_header_or_at_a_way_in_its_body(name, said):
    body = json.dumps({"model": {"version": 3}, "scores": [1]}).encode()
    assert named_in(Response(200, {"x-variant": " b "}, body), name) == said


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[" * 100_000, b"null", b"\xff"])
def test_nothing_stands_in_what_is_no_object(body):
    assert at_way(body, "model.version") is None
