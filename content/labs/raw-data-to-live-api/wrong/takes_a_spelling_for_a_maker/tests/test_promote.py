import joblib
import pytest
from pumps import model, promote
from pumps.model import pipeline
from pumps.raw import is_held_out, labelled_rows


@pytest.fixture
def candidate(tmp_path, monkeypatch):
    """Return a function that lays a version trained on given labels."""
    monkeypatch.setattr(promote, "MODELS", tmp_path)
    rows = [row for row in labelled_rows() if not is_held_out(row)]

    def lay(truth):
        (tmp_path / "new").mkdir()
        (tmp_path / "new" / "record.json").write_text("{}")
        joblib.dump(pipeline().fit(rows, truth(rows)), tmp_path / "new" / "model.joblib")
        served, folder = model.load(model.current()), tmp_path / "new"
        load = {"new": joblib.load(folder / "model.joblib")}.get
        monkeypatch.setattr(promote, "load", lambda name: load(name, served))
        return promote.verdict("new")

    return lay


def test_a_model_that_learnt_the_truth_is_let_in(candidate):
    assert candidate(lambda rows: [row["failed"] for row in rows]) == ""


def test_a_model_that_learnt_the_opposite_is_refused(candidate):
    assert "no better" in candidate(lambda rows: [1 - row["failed"] for row in rows])


def test_a_version_without_a_record_is_refused():
    assert "no version" in promote.verdict("never-trained")
