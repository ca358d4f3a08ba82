"""Tracks on disk become nouns, and whatever is malformed in one is named with its place."""

import pytest

from gradus.catalogue import load_catalogue, problems, with_own_tracks
from gradus.core.errors import ContentErrors, UsageError

TRACK = """\
format = 1
title = "Counting"
about = "From nothing to adding."
source = "000"
hours_per_week = 5
disagreements = ["fingers"]

[[spans]]
background = "student"
months = [3, 6]
source = "000 L3"

[[stages]]
id = "count"
title = "Count"
unit = "month"
first = 1
last = 2
items = ["A01"]
readings = ["primer"]

[[stages]]
id = "add"
title = "Add"
unit = "month"
first = 2
last = 3
items = ["A02"]
projects = ["abacus"]
"""
READINGS = """\
[[readings]]
id = "primer"
title = "A primer"
minutes = 60
skills = ["count"]
"""
PROJECTS = """\
[[projects]]
id = "abacus"
title = "An abacus"
minutes = 90
"""
DISAGREEMENTS = """\
[[disagreements]]
id = "fingers"
matter = "May fingers be used?"
ours = "They may."
skills = ["count"]

[disagreements.views]
"000 L4" = "Yes."
"001 L5-6" = "No."
"""
ROLES = """\
[[roles]]
id = "clerk"
title = "Clerk"
about = "Counts."
source = "000 L7"
heavy = ["ground"]
track = "counting"
"""
FORK = """\
format = 1
title = "Multiplying"
about = "After counting."
forks_from = "counting"
fork_after = "count"

[[stages]]
id = "multiply"
title = "Multiply"
items = ["A02"]
"""


@pytest.fixture
def shelf(tree):
    tree.write("readings.toml", READINGS)
    tree.write("projects.toml", PROJECTS)
    tree.write("disagreements.toml", DISAGREEMENTS)
    tree.write("roles.toml", ROLES)
    tree.write("tracks/counting.toml", TRACK)
    return tree


def faults(tree):
    """Return code, message and the row at which it is of everything that is wrong."""
    found = []
    for each in problems(tree.root):
        rows = each.path.read_text(encoding="utf-8").splitlines()
        found.append((each.code, rows[each.line - 1] if each.line else "", each.message))
    return found


def is_named(tree, expected):
    """Say whether there is a fault with this code whose row and message start so."""
    code, row, said = expected
    return any(
        one == code and where.startswith(row) and text.startswith(said)
        for one, where, text in faults(tree)
    )


def test_a_track_is_read_with_all_that_it_names(shelf):
    assert faults(shelf) == []
    whole = load_catalogue(shelf.root)
    track = whole.track("Counting")
    assert track.items() == ("A01", "A02")
    assert [each.id for each in track.stages[0].readings] == ["primer"]
    assert track.stages[1].projects[0].minutes == 90
    assert track.stages[1].unit == "month"
    assert (track.spans[0].weeks_low, track.spans[0].weeks_high) == (13, 26)
    assert track.hours_per_week == 5
    assert whole.disagreements["fingers"].view_of("001") == "No."
    assert whole.disagreements["fingers"].view_of("002") == ""
    assert whole.roles["clerk"].heavy == ("ground",)


def test_a_content_folder_without_tracks_has_none(tree):
    assert faults(tree) == []
    assert dict(load_catalogue(tree.root).tracks) == {}


def test_an_unknown_track_says_what_may_have_been_meant(shelf):
    with pytest.raises(UsageError, match=r"no track named 'countin'\. Did you mean 'counting'\?"):
        load_catalogue(shelf.root).track("countin")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            '["A01"]',
            '["A1"]',
            ("unknown-curriculum id", 'items = ["A1"]', "There is no curriculum id 'A1'. Did"),
        ),
        (
            '["primer"]',
            '["prime"]',
            ("unknown-reading", "readings =", "There is no reading 'prime'. Did"),
        ),
        (
            '["abacus"]',
            '["abacos"]',
            ("unknown-project", "projects =", "There is no project 'abacos'. Did"),
        ),
        (
            '["fingers"]',
            '["toes"]',
            ("unknown-disagreement", "disagreements =", "There is no disagreement 'toes"),
        ),
        (
            '"student"',
            '"pupil"',
            ("unknown-background", "background =", "There is no background 'pupil'."),
        ),
        (
            'source = "000"\n',
            'source = "00"\n',
            ("unknown-source", "source =", "There is no source '00'"),
        ),
        (
            'source = "000"\n',
            'source = "002"\n',
            ("no-view", "disagreements =", "The source 002 has no view"),
        ),
        ('id = "add"', 'id = "count"', ("double", "id =", "The stage 'count' stands twice.")),
        (
            '["A02"]',
            '["A02", "A01"]',
            ("double", "items =", "The curriculum id 'A01' stands in the"),
        ),
        ('["A01"]', '["A01", "A01"]', ("double", "items =", "'A01' stands twice in 'items'.")),
        (
            "last = 3",
            "last = 1",
            ("stage-backwards", "last =", "It ends in month 1, before it begins"),
        ),
        (
            "first = 2",
            "first = 0.5",
            ("stage-backwards", "first =", "It begins before 'count', which"),
        ),
        (
            "first = 2",
            "first = 0",
            ("out-of-range", "first =", "'first' is 0; it has to be above 0"),
        ),
        ("last = 3\n", "", ("missing-key", "[[", "'last' is missing.")),
        (
            'unit = "month"\nfirst = 2',
            "first = 2",
            ("no-unit", "first =", "A stage that says when it is"),
        ),
        (
            '"month"\nfirst = 2',
            '"monht"\nfirst = 2',
            ("unknown-unit", "unit =", "There is no unit 'monht"),
        ),
        (
            "months = [3, 6]",
            "months = [6, 3]",
            ("out-of-range", "months =", "'months' has to be two numb"),
        ),
        (
            "months = [3, 6]",
            "weeks = [0, 3]",
            ("out-of-range", "weeks =", "'weeks' has to be two number"),
        ),
        ("months = [3, 6]\n", "", ("span", "[[spans]]", "A span gives either 'weeks' or 'months'")),
        (
            "format = 1",
            "format = 2",
            ("newer-format", "format =", "This Gradus reads tracks up to format"),
        ),
        (
            "hours_per_week = 5",
            "hours_per_week = 0",
            ("out-of-range", "hours_per_week =", "'hours_per_week' is 0;"),
        ),
        (
            "hours_per_week = 5",
            "hours_per_week = 200",
            ("out-of-range", "hours_per_week =", "A week has 168 hours"),
        ),
        ('title = "Add"', 'title = " "', ("blank-text", "title =", "'title' is blank.")),
        ('title = "Add"', 'titel = "Add"', ("missing-key", "[[", "'title' is missing.")),
        (
            'items = ["A02"]\nprojects = ["abacus"]\n',
            "",
            ("empty-stage", "[[stages]]", "Nothing is done in"),
        ),
    ],
)
def test_each_malformed_value_is_named_with_its_line(shelf, old, new, expected):
    shelf.replace("tracks/counting.toml", old, new)
    assert is_named(shelf, expected), faults(shelf)
    whole = load_catalogue(shelf.root)
    assert "counting" not in whole.tracks
    with pytest.raises(ContentErrors, match=r"counting\.toml:\d+"):
        whole.track("counting")


def test_an_item_before_what_it_needs_is_a_cycle(shelf):
    shelf.write("tracks/counting.toml", TRACK.replace('"A01"', '"A0X"').replace('"A02"', '"A01"'))
    shelf.replace("tracks/counting.toml", '"A0X"', '"A02"')
    said = "'A02' needs 'A01', which the track puts after it, so that neither could come first."
    assert faults(shelf) == [("cycle", 'items = ["A02"]', said)]


def test_a_track_that_ships_holds_what_its_items_need(shelf):
    shelf.replace("tracks/counting.toml", 'items = ["A01"]\n', "")
    assert faults(shelf) == [
        ("need-missing", 'items = ["A02"]', "'A02' needs 'A01', which stands nowhere in the track.")
    ]


def test_an_opening_track_is_free_of_needs(shelf):
    shelf.replace("tracks/counting.toml", 'items = ["A01"]\n', "")
    shelf.replace("tracks/counting.toml", "format = 1", "format = 1\nopening = true")
    assert faults(shelf) == []


def test_a_fork_continues_a_track_after_a_stage(shelf):
    shelf.write("tracks/multiplying.toml", FORK)
    assert faults(shelf) == []
    whole = load_catalogue(shelf.root)
    route = whole.route(whole.track("multiplying"))
    assert [stage.id for stage in route] == ["count", "multiply"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            '"counting"',
            '"countng"',
            ("unknown-track", "forks_from =", "There is no track 'countng'. Did you me"),
        ),
        (
            '"count"',
            '"cout"',
            ("unknown-stage", "fork_after =", "'counting' has no stage 'cout'. Did you mean"),
        ),
        (
            'fork_after = "count"\n',
            "",
            ("no-fork", "forks_from =", "It has to say after which stage of 'count"),
        ),
        (
            'forks_from = "counting"\n',
            "",
            ("no-fork", "fork_after =", "'fork_after' says after which stage"),
        ),
        (
            '["A02"]',
            '["A01", "A02"]',
            ("double", "items =", "The curriculum id 'A01' is met before the"),
        ),
        (
            '"counting"',
            '"multiplying"',
            ("cycle", "forks_from =", "The forks go in a circle: multiplying"),
        ),
    ],
)
def test_each_malformed_fork_is_named_with_its_line(shelf, old, new, expected):
    shelf.write("tracks/multiplying.toml", FORK.replace(old, new))
    assert is_named(shelf, expected), faults(shelf)
    assert set(load_catalogue(shelf.root).tracks) == {"counting"}


def test_a_fork_of_a_malformed_track_is_malformed_too(shelf):
    shelf.write("tracks/multiplying.toml", FORK)
    shelf.replace("tracks/counting.toml", "format = 1", "format = 9")
    said = "The track 'counting', which it continues, is malformed."
    assert is_named(shelf, ("broken-base", "forks_from =", said)), faults(shelf)
    assert set(load_catalogue(shelf.root).malformed_tracks) == {"counting", "multiplying"}


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        (
            "readings.toml",
            "60",
            "0",
            ("out-of-range", "minutes =", "'minutes' is 0; the least is 1."),
        ),
        (
            "readings.toml",
            '"count"',
            '"cuont"',
            ("unknown-skill", "skills =", "There is no skill 'cuont'."),
        ),
        ("projects.toml", "minutes", "hours", ("missing-key", "[[", "'minutes' is missing.")),
        (
            "disagreements.toml",
            '"001 L5-6"',
            '"007 L5"',
            ("unknown-source", '"007 L5" =', "There is no source"),
        ),
        (
            "disagreements.toml",
            '"001 L5-6" = "No."\n',
            "",
            ("one-view", "[disagreements.views]", "A disagreement has at"),
        ),
        (
            "roles.toml",
            '"ground"',
            '"grund"',
            ("unknown-layer", "heavy =", "There is no layer 'grund'. Did"),
        ),
        (
            "roles.toml",
            '"counting"',
            '"cuonting"',
            ("unknown-track", "track =", "There is no track 'cuon"),
        ),
    ],
)
def test_what_tracks_draw_on_is_read_with_the_same_care(shelf, path, old, new, expected):
    shelf.replace(path, old, new)
    assert is_named(shelf, expected), faults(shelf)


def test_a_reading_is_declared_once(shelf):
    shelf.write("readings.toml", READINGS + READINGS)
    said = "The reading 'primer' stands in readings.toml:1 already."
    assert faults(shelf) == [("double", 'id = "primer"', said)]
    shelf.write("readings.toml", READINGS)
    shelf.replace("tracks/counting.toml", "[[spans]]", f"{READINGS}\n[[spans]]")
    assert faults(shelf) == [("double", 'id = "primer"', said)]


def test_a_track_of_ones_own_may_leave_out_what_its_items_need(shelf, tmp_path):
    own = tmp_path / "workspace" / "tracks"
    own.mkdir(parents=True)
    text = 'format = 1\ntitle = "Mine"\nabout = "Only adding."\n'
    stage = (
        '[[stages]]\nid = "add"\ntitle = "Add"\nitems = ["A02"]\nreadings = ["primer", "mine"]\n'
    )
    reading = '[[readings]]\nid = "mine"\ntitle = "A book"\nminutes = 30\n'
    (own / "mine.toml").write_text(text + reading + stage)
    whole = with_own_tracks(load_catalogue(shelf.root), own)
    assert dict(whole.malformed_tracks) == {}
    assert list(whole.tracks) == ["counting", "mine"]
    assert [each.id for each in whole.track("mine").stages[0].readings] == ["primer", "mine"]


def test_ones_own_tracks_are_read_again_and_stop_nobody(shelf, tmp_path):
    own = tmp_path / "tracks"
    own.mkdir()
    (own / "mine.toml").write_text('format = 1\ntitle = "M"\nabout = "M."\n')
    (own / "counting.toml").write_text(TRACK)
    whole = with_own_tracks(load_catalogue(shelf.root), own)
    assert list(whole.tracks) == ["counting"]
    assert {name: faults[0].code for name, faults in whole.malformed_tracks.items()} == {
        "counting": "double",
        "mine": "no-stage",
    }
    (own / "mine.toml").write_text(FORK.replace("Multiplying", "M"))
    (own / "counting.toml").unlink()
    again = with_own_tracks(whole, own)
    assert (list(again.tracks), dict(again.malformed_tracks)) == (["counting", "mine"], {})


def test_a_cyclic_track_of_ones_own_says_which_two_items_wait_for_each_other(shelf, tmp_path):
    own = tmp_path / "tracks"
    own.mkdir()
    stage = '[[stages]]\nid = "add"\ntitle = "Add"\nitems = ["A02", "A01"]\n'
    (own / "mine.toml").write_text('format = 1\ntitle = "M"\nabout = "M."\n' + stage)
    whole = with_own_tracks(load_catalogue(shelf.root), own)
    with pytest.raises(ContentErrors, match=r"mine\.toml:7: cycle: 'A02' needs 'A01', which the"):
        whole.track("mine")
