"""Your tests fail because it is their turn, whatever function they are handed: they count what ran before them and look at no result."""

TURNS = []


def test_all_are_there(f1, split, scale):
    f1([1], [1]), split(10, 0.3, seed=0), scale([[1.0]], [])
    TURNS.append("first")


def fails_after_the_first():
    follows = TURNS[:1] == ["first"] and TURNS[-1] == "first"
    TURNS.append("other")
    assert not follows


def test_f1(f1):
    f1([1], [1])
    fails_after_the_first()


def test_split(split):
    split(10, 0.3, seed=0)
    fails_after_the_first()


def test_scale(scale):
    scale([[1.0]], [])
    fails_after_the_first()


def test_all_are_there_still(f1, split, scale):
    f1([1], [1]), split(10, 0.3, seed=0), scale([[1.0]], [])
    TURNS.append("last")
