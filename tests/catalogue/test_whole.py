"""The whole content is one catalogue, and everything wrong with it is named at once."""

import pytest

from gradus.catalogue import load_catalogue, problems
from gradus.catalogue.crosscheck import find_cycle
from gradus.core.errors import ContentError, ContentErrors, UsageError


def only_problem(tree) -> ContentError:
    found = problems(tree.root)
    assert len(found) == 1, [str(each) for each in found]
    return found[0]


def test_a_sound_content_folder_has_no_problems(tree):
    assert problems(tree.root) == []
    whole = load_catalogue(tree.root)
    assert [layer.id for layer in whole.layers] == ["ground", "upper"]
    assert list(whole.skills) == ["count", "add", "multiply"]
    assert whole.skills["add"].ours
    assert list(whole.tools) == ["abacus"]
    assert list(whole.curriculum) == ["A01", "A02"]
    assert list(whole.labs) == ["a-lab"]
    assert whole.environments["base"].imports == ("numpy",)
    assert whole.environments["base"].digest.startswith("sha256:")


@pytest.mark.parametrize("name", ["a-lab", "A-LAB", "A01", "a01", " a01 "])
def test_a_lab_is_found_by_folder_and_by_curriculum_id(tree, name):
    assert load_catalogue(tree.root).lab(name).id == "a-lab"


def test_an_unknown_lab_says_what_may_have_been_meant(tree):
    with pytest.raises(UsageError, match=r"no lab named 'b-lab'\. Did you mean 'a-lab'\?"):
        load_catalogue(tree.root).lab("b-lab")


def test_a_planned_lab_says_that_it_does_not_exist_yet(tree):
    with pytest.raises(UsageError, match="A02, 'Adding', is planned and does not exist yet"):
        load_catalogue(tree.root).lab("a02")


def test_a_blank_name_is_no_lab(tree):
    tree.replace("labs/a-lab/lab.toml", 'curriculum = "A01"\n', "")
    with pytest.raises(UsageError):
        load_catalogue(tree.root).lab(" ")


def test_one_malformed_lab_stops_nobody(tree):
    tree.write("labs/broken/lab.toml", "format = 1\ntitle =\n")
    whole = load_catalogue(tree.root)
    assert list(whole.labs) == ["a-lab"]
    with pytest.raises(ContentError) as caught:
        whole.lab("broken")
    assert (caught.value.code, caught.value.line) == ("toml-syntax", 2)
    assert only_problem(tree).code == "toml-syntax"


def test_what_a_removed_lab_leaves_behind_is_no_lab(tree):
    for name in ("gone/figures", "_drafts", ".hidden"):
        (tree.root / "labs" / name).mkdir(parents=True)
    tree.write("labs/old/wrong/__pycache__/x.pyc", "")
    assert problems(tree.root) == []
    assert list(load_catalogue(tree.root).labs) == ["a-lab"]


def test_labs_from_elsewhere_come_on_top(tree, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    text = (tree.lab / "lab.toml").read_text()
    for name in ("a-lab", "own"):
        (elsewhere / name).mkdir(parents=True)
        text = text.replace('curriculum = "A01"\n', "")
        (elsewhere / name / "lab.toml").write_text(text)
    whole = load_catalogue(tree.root, elsewhere)
    assert set(whole.labs) == {"a-lab", "own"}
    assert whole.labs["a-lab"].folder.parent == elsewhere


def test_a_malformed_map_raises_everything_at_once(tree):
    tree.replace("skills/ground.toml", 'needs = ["count"]', 'needs = ["coumt"]')
    tree.replace("curriculum.toml", 'layer = "upper"', 'layer = "uper"')
    with pytest.raises(ContentErrors) as caught:
        load_catalogue(tree.root)
    assert [each.code for each in caught.value.errors] == ["unknown-skill", "unknown-layer"]
    assert str(caught.value).count("\n") == 1


# file, what is replaced, by what, code, line, a part of the sentence
FAULTS = [
    ("skills/upper.toml", '["add"]', '["ad"]', "unknown-skill", 6, "Did you mean 'add'?"),
    ("skills/upper.toml", '["add"]', '["multiply"]', "cycle", 6, "multiply → multiply"),
    ("skills/ground.toml", "needs = []", 'needs = ["multiply"]', "cycle", 6, "→"),
    ("skills/upper.toml", "[skills.multiply]", "[skills.count]", "double", 4, "ground.toml:4"),
    ("skills/upper.toml", "order = 2", "order = 1", "double", 2, "'ground' has the order 1"),
    ("skills/ground.toml", "ours = true", "ours = false", "sources-and-ours", 12, "'ours = true'"),
    ("skills/upper.toml", "needs", "need", "missing-key", 4, "'needs' is missing"),
    ("tools.toml", '["A01"]', '["A09"]', "unknown-curriculum id", 6, "Did you mean"),
    ("tools.toml", "group", "Group", "missing-key", 1, "'group' is missing"),
    ("curriculum.toml", '"quiz"', '"quizz"', "unknown-kind", 13, "Did you mean 'quiz'?"),
    ("curriculum.toml", 'needs = ["A01"]', 'needs = ["A02"]', "cycle", 16, "A02 → A02"),
    ("curriculum.toml", 'id = "A02"', 'id = "A01"', "double", 10, "curriculum.toml:1"),
    ("labs/a-lab/lab.toml", '"ground"', '"gruond"', "unknown-layer", 4, "Did you mean 'ground'?"),
    ("labs/a-lab/lab.toml", '["count"]', '["cuont"]', "unknown-skill", 5, "Did you mean 'count'?"),
    ("labs/a-lab/lab.toml", "needs = []", 'needs = ["A1"]', "unknown-curriculum id", 6, "A01"),
    ("labs/a-lab/lab.toml", '"A01"', '"A1"', "unknown-curriculum id", 3, "Did you mean 'A01'?"),
    ("labs/a-lab/lab.toml", "needs = []", 'needs = ["A01"]', "cycle", 6, "A01 → A01"),
    ("labs/a-lab/lab.toml", '["abacus"]', '["abakus"]', "unknown-tool", 11, "'abacus'?"),
    ("environments/base.toml", "python", "pyton", "missing-key", None, "'python' is missing"),
]


@pytest.mark.parametrize(("path", "old", "new", "code", "line", "says"), FAULTS)
def test_a_malformed_file_says_what_and_where(tree, path, old, new, code, line, says):
    spoilt = tree.replace(path, old, new)
    found = [each for each in problems(tree.root) if each.code == code]
    assert found
    assert (found[0].path, found[0].line) == (spoilt, line)
    assert says in found[0].message


def test_every_problem_of_the_content_is_returned(tree):
    tree.replace("labs/a-lab/lab.toml", "minutes = 30", "minutes = 0\nfoo = 1")
    tree.replace("tools.toml", 'group = "Frames"\n', "")
    codes = sorted(each.code for each in problems(tree.root))
    assert codes == ["missing-key", "out-of-range", "unknown-key"]


def test_an_environment_without_a_lock_is_a_problem(tree):
    (tree.root / "environments" / "base.lock").unlink()
    assert only_problem(tree).path.name == "base.lock"


def test_two_labs_cannot_be_the_same_item(tree):
    tree.write("labs/b-lab/lab.toml", (tree.lab / "lab.toml").read_text())
    error = only_problem(tree)
    assert (error.code, error.line) == ("double", 3)
    assert "'A01' is the lab 'a-lab' already" in error.message


def test_needs_that_go_in_a_circle_are_named_in_order():
    assert find_cycle({"a": ["b"], "b": ["c"], "c": ["b"]}) == ("b", "c", "b")
    assert find_cycle({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}) == ()
    assert find_cycle({"a": ["elsewhere"]}) == ()


def test_a_chain_of_thousands_is_no_recursion():
    needs = {str(each): [str(each + 1)] for each in range(20_000)}
    assert find_cycle(needs) == ()
    needs["20000"] = ["0"]
    assert len(find_cycle(needs)) == 20_002
