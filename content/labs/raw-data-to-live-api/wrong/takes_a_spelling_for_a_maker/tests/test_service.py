import contextlib
import sqlite3

import pytest
from fastapi.testclient import TestClient
from pumps import service
from pumps.model import chances, current, load

ROW = {
    "maker": "Arlo", "depth_m": 60.0, "age_years": 9.5, "hours": 3100, "vibration": 4.2,
    "temperature": 66.0, "pressure": None, "oil": "gritty", "inspector": "Zoe Marker",
}  # fmt: skip


@pytest.fixture
def client(tmp_path, monkeypatch):
    log = service.Log
    monkeypatch.setattr(service, "Log", lambda: log(tmp_path / "predictions.db"))
    with TestClient(service.app) as client:
        yield client


def test_it_answers_what_the_model_says(client):
    answer = client.post("/v1/predict", json={"inspections": [ROW, {**ROW, "vibration": 9.0}]})
    expected = chances(load(current()), [ROW, {**ROW, "vibration": 9.0}])
    assert answer.json() == {"risks": expected, "version": current()}
    assert expected[0] < expected[1]


@pytest.mark.parametrize("change", [{"hours": "many"}, {"hours": -1}, {"depth_m": None}])
def test_what_breaks_the_contract_is_refused_with_its_place(client, change):
    answer = client.post("/v1/predict", json={"inspections": [{**ROW, **change}]})
    assert answer.status_code == 422
    assert next(iter(change)) in answer.json()["detail"][0]["loc"]


def test_nan_is_refused_in_json_that_can_be_read(client):
    answer = client.post("/v1/predict", content=b'{"inspections": [{"hours": NaN}]}')
    assert answer.status_code == 422
    assert "NaN" not in answer.text


def test_an_answer_is_logged_under_its_identifier_without_the_inspector(client, tmp_path):
    client.post("/v1/predict", json={"inspections": [ROW]}, headers={"X-Request-ID": "one"})
    with contextlib.closing(sqlite3.connect(tmp_path / "predictions.db")) as base:
        (line,) = base.execute("SELECT request_id, version, inputs FROM predictions").fetchall()
    assert line[:2] == ("one", current())
    assert "Zoe" not in line[2]
