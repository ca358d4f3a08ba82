"""From what lies on the disk to what is judged: which files count, and what is refused in words."""

import os
import shutil
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from gradus.catalogue import load_lab
from gradus.core.errors import UsageError
from gradus.core.lab import Entry, EntryKind, LabProof
from gradus.judge import submissions
from gradus.judge.submissions import (
    MOST_BYTES,
    MOST_LEVELS,
    Handed,
    builds,
    read_folder,
    read_submission,
    reference_submission,
    starter_folder,
    starter_submission,
    variant_submissions,
)

LABS = Path(__file__).parents[1] / "labs"


@pytest.fixture
def own_case():
    """A lab that judges a folder, with a case of the learner's own."""
    return load_lab(LABS / "labs" / "own-case", LABS)


@pytest.fixture
def lay(tmp_path):
    """Write files below a folder of the learner's."""

    def write(**files):
        folder = tmp_path / "own"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            path = folder / name.replace("__", "/").replace("_dot_", ".")
            assert path.is_relative_to(folder), name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        return folder

    return write


@pytest.fixture
def of_ours(lab, tmp_path):
    """Make a lab of files, which is not loaded: only what is handed in is of interest."""

    def make(entry, **files):
        folder = tmp_path / "content" / "labs" / "made"
        folder.mkdir(parents=True)
        for name, text in files.items():
            path = folder / name.replace("__", "/").replace("_dot_", ".")
            assert path.is_relative_to(folder), name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return replace(lab, id="made", folder=folder, entry=entry, version="1")

    return make


ANSWERS = Entry(EntryKind.ANSWERS, "answers.toml")
FOLDER = Entry(EntryKind.FOLDER, ".")
REPOSITORY = Entry(EntryKind.REPOSITORY, ".")
CASE = "def make_case(rng):\n    return {'given.txt': 'three', 'table': b'3'}, {}\n"


def refused(lab, path):
    with pytest.raises(UsageError) as caught:
        read_submission(lab, path)
    return str(caught.value)


# ── a learner's file or folder ──


def test_what_is_not_there_is_told_from_a_link_that_leads_nowhere(lab, tmp_path):
    link = tmp_path / "link.py"
    assert refused(lab, link) == f"There is no file or folder {link}."
    link.symlink_to(tmp_path / "nothing.py")
    assert refused(lab, link) == f"{link} is a link that leads nowhere."
    long = tmp_path / ("a" * 300)
    assert refused(lab, long) == f"{long} cannot be read: File name too long."


def test_a_link_to_a_file_is_read_and_one_to_a_device_is_not(lab, tmp_path, lay):
    link = tmp_path / "link.py"
    link.symlink_to(lay(mine_dot_py="x = 1") / "mine.py")
    assert read_submission(lab, link).files["softmax.py"] == b"x = 1"
    link.unlink()
    link.symlink_to("/dev/null")
    assert refused(lab, link) == f"{link} is not a regular file."


def test_a_folder_without_the_file_that_is_judged_is_told_how_to_get_it(lab, lay):
    folder = lay(notes_dot_txt="")
    assert refused(lab, folder) == (
        f"{folder} has no softmax.py, which is what this lab judges. "
        "`gradus open stable-softmax` lays a fresh starter; your other files stay."
    )


def test_a_build_script_stands_in_for_the_file_only_where_the_lab_builds(of_ours, lay):
    lab, folder = of_ours(ANSWERS), lay(build_dot_py="mine")
    assert refused(lab, folder).startswith(f"{folder} has no answers.toml, ")


def test_a_folder_in_place_of_the_file_is_called_one(lab, lay):
    folder = lay(softmax_dot_py__inside="")
    assert refused(lab, folder) == f"{folder / 'softmax.py'} is a folder; this lab judges a file."


def test_a_folder_is_handed_in_with_all_that_lies_in_it(lab, lay):
    folder = lay(softmax_dot_py="x = 1", more__notes_dot_txt="n")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "softmax.pyc").write_bytes(b"")
    submission = read_submission(lab, folder)
    assert submission.files == {"softmax.py": b"x = 1", "more/notes.txt": b"n"}
    assert submission.case_seed == 0


def test_a_repository_has_its_own_files_alone(of_ours, lay):
    lab = of_ours(REPOSITORY, starter__notes="ours", right__way__build_dot_py="ours")
    ours = read_submission(lab, lab.folder / "right" / "way")
    assert ours.files == {"build.py": b"ours", "notes": b"ours"}
    folder = lay(_dot_git__HEAD="ref", mine="1")
    assert read_submission(lab, folder).files == {".git/HEAD": b"ref", "mine": b"1"}
    (folder / ".git" / "HEAD").unlink()
    assert refused(lab, folder) == (
        f"{folder} is no git repository: it has no .git folder. Move your files elsewhere "
        "and run `gradus open made` for a fresh one."
    )


def test_a_single_file_lies_over_the_starter(own_case, lab, lay):
    folder = lay(notes_dot_txt="n", answers_dot_toml="total = 3")
    files = read_submission(own_case, folder / "notes.txt").files
    assert set(files) == {"answers.toml", "notes.txt", "numbers.txt"}
    assert files["answers.toml"] == starter_folder(own_case)["answers.toml"]
    alone = read_submission(own_case, folder / "answers.toml")
    assert alone.files["answers.toml"] == b"total = 3"
    assert alone.case_seed == 0


def test_a_single_file_of_any_name_is_the_file_that_is_judged(of_ours, lay):
    lab = of_ours(ANSWERS, make_case_dot_py=CASE)
    for name in ("mine.toml", "mine.py"):
        submission = read_submission(lab, lay(**{name: "number = 3"}) / name)
        assert submission.files["answers.toml"] == b"number = 3"
        assert submission.case_seed == 0
        assert name not in submission.files


def test_a_single_file_is_judged_on_the_case_beside_it_or_else_on_the_one_that_is_named(
    own_case, lab, lay
):
    alone = lay(answers_dot_toml="total = 3") / "answers.toml"
    assert read_submission(own_case, alone).case_seed == 0
    assert read_submission(own_case, alone, 7).case_seed == 7
    assert read_submission(own_case, alone, 7).files == {
        **starter_submission(own_case, 7).files,
        "answers.toml": b"total = 3",
    }
    lay(case_dot_toml="seed = 8")
    assert read_submission(own_case, alone, 7).case_seed == 8
    assert refused(own_case, lay(case_dot_toml="seed = x") / "answers.toml") == (
        "case.toml must hold one line `seed = <whole number>`; it names your own case."
    )
    assert read_submission(lab, lay(softmax_dot_py="") / "softmax.py").case_seed == 0


def test_a_folder_without_a_case_is_judged_on_the_one_that_is_named(own_case, lay):
    folder = lay(answers_dot_toml="total = 3")
    assert read_submission(own_case, folder, 7).case_seed == 7
    lay(case_dot_toml="seed = 8")
    assert read_submission(own_case, folder, 7).case_seed == 8


def test_what_git_ignores_is_no_part_of_a_project_that_is_proved(of_ours, lay):
    lab = of_ours(FOLDER)
    folder = lay(_dot_gitignore="*.log\n", a_dot_log="", venv__x="", b="")
    assert set(read_submission(lab, folder).files) == {".gitignore", "a.log", "venv/x", "b"}
    proved = replace(lab, proof=LabProof(("start",)))
    assert set(read_submission(proved, folder).files) == {".gitignore", "b"}


def test_a_script_alone_is_refused_but_of_the_author(of_ours, lay):
    lab = of_ours(FOLDER, make_case_dot_py=CASE, right__way_dot_py="ours")
    script = lay(way_dot_py="mine") / "way.py"
    assert refused(lab, script) == (
        f"{script} is a script; this lab judges what you write, in a folder."
    )
    ours = read_submission(lab, lab.folder / "right" / "way.py")
    assert ours.files["build.py"] == b"ours"
    link = lay() / "link"
    link.symlink_to(lab.folder)
    for lab_there, path in (
        (lab, link / "right"),
        (replace(lab, folder=link), lab.folder / "right"),
    ):
        assert read_submission(lab_there, path / "way.py").files["build.py"] == b"ours"


def test_each_of_our_solutions_is_read_as_conformance_reads_it(of_ours):
    lab = of_ours(
        ANSWERS,
        make_case_dot_py=CASE,
        starter__answers_dot_toml="?",
        reference__build_dot_py="build",
        right__by_hand_dot_toml="number = 3",
        right__by_script_dot_py='"""It counts."""',
        right__in_a_folder__build_dot_py="too",
        wrong__guesses_dot_py='"""You guess."""',
        wrong__in_words__answers_dot_toml="number = 'three'",
        wrong__in_words__mistake_dot_txt="You answer in words.",
    )
    reference = lab.folder / "reference"
    for path in (reference, reference / "build.py"):
        assert read_submission(lab, path, 4) == reference_submission(lab, 4)
    read = 0
    for family in ("right", "wrong"):
        paths = sorted((lab.folder / family).iterdir())
        for path, handed in zip(paths, variant_submissions(lab, family, 4), strict=True):
            assert read_submission(lab, path, 4) == handed.submission, path
            read += 1
    assert read == 5


def test_a_variant_that_lies_over_the_reference_is_read_with_it(of_ours):
    lab = of_ours(
        FOLDER,
        reference__a="a",
        reference__b="b",
        wrong__without_b__gone_dot_txt="b",
        wrong__without_b__c="c",
    )
    path = lab.folder / "wrong" / "without_b"
    assert read_submission(lab, path).files == {"a": b"a", "c": b"c"}
    copied = lab.folder.parents[2] / "elsewhere"
    shutil.copytree(path, copied)
    assert read_submission(lab, copied).files == {"gone.txt": b"b", "c": b"c"}


def test_a_build_script_counts_in_the_authors_folder_and_where_it_is_a_file_of_the_work(
    of_ours, lay
):
    own = lay(build_dot_py="mine")
    lab = of_ours(FOLDER, right__way__build_dot_py="ours")
    assert not builds(lab)
    assert builds(replace(lab, entry=REPOSITORY))
    assert read_submission(lab, own).files == {"build.py": b"mine"}
    assert read_submission(lab, own / "build.py").files == {"build.py": b"mine"}
    (lab.folder / "make_case.py").write_text(CASE)
    assert builds(lab)
    assert "build.py" not in read_submission(lab, own).files
    assert read_submission(lab, lab.folder / "right" / "way").files["build.py"] == b"ours"


# ── the case ──


def test_the_case_lies_over_the_starter_and_under_what_is_handed_in(of_ours, lay):
    lab = of_ours(
        FOLDER,
        make_case_dot_py=CASE,
        starter__given_dot_txt="?",
        starter__case_dot_toml="",
        starter__a="a",
    )
    assert starter_submission(lab, 5).files == {"given.txt": b"three", "table": b"3", "a": b"a"}
    assert starter_submission(lab, 5).case_seed == 5
    assert starter_submission(lab).case_seed == 0
    submission = read_submission(lab, lay(given_dot_txt="mine", case_dot_toml="seed = 8\n"))
    assert submission.files == {"given.txt": b"mine", "table": b"3", "a": b"a"}
    assert submission.case_seed == 8


@pytest.mark.parametrize(
    "text",
    [
        "",
        "seed",
        "seed = -1",
        "seed = true",
        "seed = 1.0",
        "seed = '1'",
        "other = 1",
        b"seed = 1 # \xff",
        "# " + "x" * 1000 + "\nseed = 1",
    ],
)
def test_a_case_without_a_whole_number_is_refused(own_case, lay, text):
    assert refused(own_case, lay(case_dot_toml=text)) == (
        "case.toml must hold one line `seed = <whole number>`; it names your own case."
    )


def test_the_first_case_is_number_0(own_case, lay):
    assert read_submission(own_case, lay(case_dot_toml="seed = 0")).case_seed == 0


# ── the author's solutions ──


def test_a_script_stands_in_for_the_file_that_it_makes(of_ours):
    lab = of_ours(
        ANSWERS,
        make_case_dot_py=CASE,
        starter__answers_dot_toml="?",
        starter__build_dot_py="starts",
        reference__build_dot_py="build",
        right__by_hand_dot_toml="number = 3",
        right__by_script_dot_py='"""It counts."""',
    )
    made = {"given.txt": b"three", "table": b"3"}
    begun = {"answers.toml": b"?", "build.py": b"starts"}
    assert starter_submission(lab).files == {**begun, **made}
    handing = replace(lab, hands_out={"play.py": lab.folder / "make_case.py"})
    assert starter_folder(handing) == {**begun, "play.py": CASE.encode()}
    assert reference_submission(lab, 4).files == {"build.py": b"build", **made}
    assert reference_submission(lab, 4).case_seed == 4
    assert reference_submission(lab).case_seed == 0
    by_hand, by_script = variant_submissions(lab, "right", 6)
    assert by_hand.submission.files == {"answers.toml": b"number = 3", **made}
    assert by_script.submission.files == {"build.py": b'"""It counts."""', **made}
    assert (by_script.name, by_script.says) == ("by_script", "It counts.")
    assert by_script.submission.case_seed == 6
    (lab.folder / "make_case.py").unlink()
    by_hand, _ = variant_submissions(replace(lab, version="2"), "right")
    assert by_hand.submission.files == {"answers.toml": b"number = 3", "build.py": b"starts"}
    assert by_hand.submission.case_seed == 0


def test_variants_come_by_name_with_what_the_learner_is_told(of_ours):
    lab = of_ours(
        Entry(EntryKind.SQL, "."),
        wrong__b_folder_dot_old__one_dot_sql="",
        wrong__b_folder_dot_old__mistake_dot_txt="\n You join twice. \n",
        wrong__c_script__build_dot_py='"""\nIt forgets.\n\nMore."""',
        wrong__d_silent__one_dot_sql="-- no",
        wrong__a_file_dot_sql="\n\n-- # _It_ counts all. \nSELECT 1",
        wrong__e_empty_dot_sql=" \n",
        wrong___dot_hidden="",
    )
    (lab.folder / "wrong" / "__pycache__").mkdir(exist_ok=True)
    (lab.folder / "wrong" / "f_foreign.sql").write_bytes(b"-- Caf\xe9")
    found = list(variant_submissions(lab, "wrong"))
    assert [(each.name, each.says) for each in found] == [
        ("a_file", "_It_ counts all."),
        ("b_folder.old", "You join twice."),
        ("c_script", "It forgets."),
        ("d_silent", ""),
        ("e_empty", ""),
        ("f_foreign", "Caf\ufffd"),
    ]
    assert found[1].submission.files == {"one.sql": b""}
    assert Handed("other", found[1].submission).says == ""
    assert list(variant_submissions(lab, "right")) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('"""It sums.\n\nAnd more."""\n', "It sums."),
        ('"""It sums.  """\n', "It sums."),
        ('"""\n   \n"""\n', ""),
        ("x = 1\n", ""),
        ("x = = 1\n", ""),
        ('"""It has a nul."""\n\0', ""),
    ],
)
def test_a_variant_in_python_says_the_first_line_of_its_docstring(of_ours, text, says):
    lab = of_ours(Entry(EntryKind.MODULE, "work.py"), wrong__one_dot_py=text)
    wrong = lab.folder / "wrong"
    shutil.copytree(wrong, lab.folder / "whole" / "one")
    (lab.folder / "whole" / "one" / "one.py").rename(lab.folder / "whole" / "one" / "work.py")
    for family in ("wrong", "whole"):
        (one,) = variant_submissions(lab, family)
        assert (one.name, one.says) == ("one", says)
        assert one.submission.files == {"work.py": text.encode()}


def test_what_is_gone_is_read_line_by_line(of_ours):
    lab = of_ours(
        FOLDER,
        reference__a="a",
        reference__b="b",
        reference__c="c",
        wrong__one__gone_dot_txt="# why\n  \n a \nb\n",
        wrong__one__b="other",
    )
    (one,) = variant_submissions(lab, "wrong")
    assert one.submission.files == {"b": b"other", "c": b"c"}


# ── a folder on the disk ──


def test_a_folder_is_read_in_order_without_links_and_what_machines_leave(lay, tmp_path):
    left_out = ("_dot_gradus", "_dot_venv", "_dot_ipynb_checkpoints", "_dot_mypy_cache")
    folder = lay(b="2", a__c="1", _dot_DS_Store="", **{f"{name}__x": "" for name in left_out})
    for place in (folder, folder / "a"):
        (place / "__pycache__").mkdir()
        (place / "__pycache__" / "x.pyc").write_bytes(b"")
    (folder / "link").symlink_to(folder / "b")
    (folder / "away").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    assert list(read_folder(folder).items()) == [("a/c", b"1"), ("b", b"2")]
    assert read_folder(tmp_path / "nothing") == {}


def test_a_name_that_is_no_plain_text_is_refused(lay):
    folder = lay(**{"a__x\x1b[2J": ""})
    with pytest.raises(UsageError) as caught:
        read_folder(folder)
    said = str(caught.value)
    assert said.startswith(f"{folder / 'a'} holds a file whose name is no plain text: x")
    assert said.endswith(". Give it another.")
    assert "\x1b" not in said


def test_a_file_may_be_as_large_as_64_mib_and_no_larger(lab, lay):
    folder = lay(a="")
    os.truncate(folder / "a", 64 * 2**20)
    assert len(read_folder(folder)["a"]) == 64 * 2**20 == MOST_BYTES
    os.truncate(folder / "a", MOST_BYTES + 1)
    assert refused(lab, folder / "a") == f"{folder / 'a'} is larger than 64 MiB."


def test_a_file_that_grows_while_it_is_read_is_too_large_too(lab, lay, monkeypatch):
    path, look = lay(a="") / "a", os.fstat

    def look_and_grow(fd):
        found = look(fd)
        os.truncate(path, MOST_BYTES + 1)
        return found

    monkeypatch.setattr(os, "fstat", look_and_grow)
    assert refused(lab, path) == f"{path} is larger than 64 MiB."


def test_a_folder_may_hold_64_mib_and_no_more(lay):
    folder = lay(a="", b="1")
    os.truncate(folder / "a", MOST_BYTES)
    with pytest.raises(UsageError) as caught:
        read_folder(folder)
    assert str(caught.value) == (
        f"{folder} holds more than 64 MiB or 5000 files; "
        "move what is not part of your work elsewhere."
    )


def test_a_folder_may_hold_a_number_of_files_and_no_more(lay, monkeypatch):
    monkeypatch.setattr(submissions, "MOST_FILES", 3)
    folder = lay(a="", b="", c="")
    assert len(read_folder(folder)) == 3
    (folder / "d").touch()
    with pytest.raises(UsageError, match="more than 64 MiB or 3 files"):
        read_folder(folder)


def test_folders_may_lie_32_deep_and_no_deeper(tmp_path):
    deepest = tmp_path.joinpath(*"d" * 32)
    deepest.mkdir(parents=True)
    (deepest / "a").write_text("1")
    assert read_folder(tmp_path) == {f"{'d/' * 32}a": b"1"}
    assert MOST_LEVELS == 32
    (deepest / "d").mkdir()
    with pytest.raises(UsageError) as caught:
        read_folder(tmp_path)
    assert str(caught.value) == f"{tmp_path} holds folders within folders, more than 32 deep."


def test_pipes_and_sockets_are_not_waited_for(lab, tmp_path):
    pipe, name = tmp_path / "pipe", tmp_path / "socket"
    os.mkfifo(pipe)
    assert refused(lab, pipe) == f"{pipe} is not a regular file."
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(name))
        assert refused(lab, name) == f"{name} is not a regular file."


def test_a_file_that_may_not_be_read_is_refused_in_words(lab, lay, monkeypatch):
    path = lay(a="") / "a"

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert refused(lab, path) == f"{path} cannot be read: Permission denied."


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file that cannot be read")
def test_a_file_that_fails_while_it_is_read_is_refused_in_words(lab):
    path = Path("/proc/self/mem")
    assert refused(lab, path) == f"{path} cannot be read: Input/output error."


def test_what_changes_while_it_is_read_is_refused_or_passed_over(lay, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("not handed in")

    def read_while(change):
        folder = lay(a__x="1", b="2", c__x="1")

        def leaves_out(inside, is_folder):
            if not is_folder and str(inside) == "b":
                change(folder)
            return False

        try:
            return read_folder(folder, leaves_out)
        finally:
            shutil.rmtree(folder)

    def goes(folder):
        last = [each.path for each in os.scandir(folder) if each.is_dir()][-1]
        shutil.rmtree(last)

    assert list(read_while(goes).values()) in ([b"1", b"2"], [b"2", b"1"])

    def to_a_link(folder):
        (folder / "b").unlink()
        (folder / "b").symlink_to(secret)

    with pytest.raises(UsageError, match=r"b is not a regular file\.$"):
        read_while(to_a_link)

    def to_a_file(folder):
        shutil.rmtree(folder / "a")
        (folder / "a").write_text("")

    with pytest.raises(UsageError, match=r"a cannot be read: Not a directory\.$"):
        read_while(to_a_file)


def test_who_leaves_out_is_asked_with_paths_below_the_folder(lay):
    asked = []

    def leaves_out(inside, is_folder):
        asked.append((str(inside), is_folder))
        return inside.name == "b"

    assert read_folder(lay(a__x="1", a__b__y="", b=""), leaves_out) == {"a/x": b"1"}
    assert sorted(asked) == [("a", True), ("a/b", True), ("a/x", False), ("b", False)]


def test_a_case_that_nests_without_end_is_refused(own_case, lay):
    """The last one here: what traces lines gives up where a stack is full."""
    said = refused(own_case, lay(case_dot_toml="deep = " + "[" * 990))
    assert said.startswith("case.toml must hold one line")
