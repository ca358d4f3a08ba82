from app.features import features


def test_age_is_a_share_of_a_century():
    assert features({"age": 50, "income": 0})[0] == 0.5
