"""Mastery is computed from evidence: what counts, what went stale, what is locked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gradus.core.catalogue import Catalogue
from gradus.core.evidence import Evidence
from gradus.core.lab import Entry, EntryKind, Lab, LabProof, Limits, Profile
from gradus.core.skill import Layer, Skill
from gradus.core.verdict import Verdict
from gradus.planner import REVEAL_WAIT, Standing, lab_states, skill_states, tally

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
NOW, OLD, OLDER = "sha256:now", "sha256:old", "sha256:older"
SHOWN = Standing.SHOWN


def lab(name: str, needs: Sequence[str] = (), skills: Sequence[str] = (), **more) -> Lab:
    return Lab(
        id=name,
        title=name,
        curriculum_id=name.upper(),
        layer="ground",
        entry=Entry(EntryKind.FUNCTION, "work.py", ("f",)),
        skills=tuple(skills) or (f"{name}-skill",),
        needs=tuple(each.upper() for each in needs),
        minutes=10,
        environment="base",
        imports=(),
        profile=Profile.COMPUTE,
        limits=Limits(),
        folder=Path(name),
        version=NOW,
        **{"compatible": (OLD,), **more},
    )


def catalogue(*labs: Lab, more_skills: Sequence[str] = ()) -> Catalogue:
    names = dict.fromkeys([skill for each in labs for skill in each.skills] + list(more_skills))
    return Catalogue(
        layers=(Layer("ground", "Ground", 1),),
        skills={name: Skill(name, name, "ground", (), ("000 L1",)) for name in names},
        tools={},
        labs={each.id: each for each in labs},
        curriculum={},
        environments={},
    )


def attempt(
    name: str,
    verdict: Verdict = Verdict.PASSED,
    *,
    version: str = NOW,
    days: float = 0,
    seed: int = 1,
    revealed: float | None = None,
) -> Evidence:
    return Evidence(
        lab=name,
        lab_version=version,
        verdict=verdict,
        at=START + timedelta(days=days),
        seed=seed,
        revealed_at=None if revealed is None else START + timedelta(days=revealed),
    )


def standing(labs: Catalogue, *evidence: Evidence, of: str = "a") -> Standing:
    return lab_states(labs, evidence)[of].standing


def test_a_pass_of_this_version_shows_a_lab_and_its_skill():
    labs = catalogue(lab("a"))
    assert standing(labs, attempt("a")) is Standing.SHOWN
    assert skill_states(labs, [attempt("a")])["a-skill"].standing is Standing.SHOWN


def test_a_failed_attempt_is_in_progress_and_an_unjudged_one_is_nothing():
    labs = catalogue(lab("a"))
    assert standing(labs, attempt("a", Verdict.FAILED)) is Standing.IN_PROGRESS
    assert standing(labs, attempt("a", Verdict.STOPPED)) is Standing.IN_PROGRESS
    assert standing(labs, attempt("a", Verdict.UNJUDGED)) is Standing.IN_REACH


def test_a_failed_attempt_after_a_pass_takes_nothing_away():
    labs = catalogue(lab("a"))
    evidence = [attempt("a"), attempt("a", Verdict.FAILED, days=1, seed=2)]
    assert standing(labs, *evidence) is Standing.SHOWN


def test_a_lab_that_fades_stays_shown_and_locks_nothing():
    labs = catalogue(lab("a"), lab("b", needs=["a"]))
    states = lab_states(labs, [attempt("a")], fading=["a", "b", "gone"])
    assert (states["a"].standing, states["a"].fading) == (Standing.SHOWN, True)
    assert (states["b"].standing, states["b"].fading) == (Standing.IN_REACH, False)
    skills = skill_states(labs, [attempt("a")], fading=["a"])
    assert (skills["a-skill"].fading, skills["b-skill"].fading) == (True, False)


def test_an_opened_lab_is_in_progress():
    states = lab_states(catalogue(lab("a")), [], opened=["a"])
    assert states["a"].standing is Standing.IN_PROGRESS


def test_a_pass_of_a_compatible_version_counts_and_another_is_stale():
    labs = catalogue(lab("a"))
    assert standing(labs, attempt("a", version=OLD)) is Standing.SHOWN
    state = lab_states(labs, [attempt("a", version=OLDER)])["a"]
    assert (state.standing, state.stale) == (Standing.IN_PROGRESS, True)
    skill = skill_states(labs, [attempt("a", version=OLDER)])["a-skill"]
    assert (skill.standing, skill.stale) == (Standing.IN_PROGRESS, True)


def test_a_stale_lab_that_is_passed_again_is_shown_and_no_longer_stale():
    labs = catalogue(lab("a"))
    state = lab_states(labs, [attempt("a", version=OLDER), attempt("a", days=1, seed=2)])["a"]
    assert (state.standing, state.stale) == (Standing.SHOWN, False)


def test_a_pass_after_the_reveal_counts_after_seven_days_on_a_fresh_seed():
    labs = catalogue(lab("a"))
    seen = attempt("a", Verdict.FAILED, seed=1)
    soon = attempt("a", days=6.9, seed=2, revealed=0)
    late = attempt("a", days=7, seed=3, revealed=0)
    same_seed = attempt("a", days=8, seed=1, revealed=0)
    assert standing(labs, seen, soon) is Standing.IN_PROGRESS
    assert standing(labs, seen, late) is Standing.SHOWN
    assert standing(labs, seen, same_seed) is Standing.IN_PROGRESS


def test_a_pass_before_the_reveal_goes_on_counting():
    labs = catalogue(lab("a"))
    evidence = [attempt("a"), attempt("a", days=1, seed=2, revealed=0.5)]
    assert standing(labs, *evidence) is Standing.SHOWN


def test_after_a_reveal_the_state_says_when_a_pass_counts_again():
    state = lab_states(catalogue(lab("a")), [attempt("a", days=1, revealed=0.5)])["a"]
    assert state.counts_from == START + timedelta(days=0.5) + REVEAL_WAIT


def test_a_lab_waits_for_the_labs_that_it_needs():
    labs = catalogue(lab("a"), lab("b", needs=["a"]))
    state = lab_states(labs, [])["b"]
    assert (state.standing, state.waits_for) == (Standing.LOCKED, ("a",))
    assert standing(labs, attempt("a"), of="b") is Standing.IN_REACH


def test_a_need_without_a_lab_locks_nothing():
    assert standing(catalogue(lab("a", needs=["nowhere"]))) is Standing.IN_REACH


def test_an_opening_lab_is_never_locked():
    labs = catalogue(lab("a"), lab("b", needs=["a"], opening=True))
    assert standing(labs, of="b") is Standing.IN_REACH


def test_a_stale_need_does_not_lock_what_comes_after_it():
    labs = catalogue(lab("a"), lab("b", needs=["a"]))
    assert standing(labs, attempt("a", version=OLDER), of="b") is Standing.IN_REACH


def test_a_locked_lab_that_was_attempted_is_in_progress():
    labs = catalogue(lab("a"), lab("b", needs=["a"]))
    assert standing(labs, attempt("b", Verdict.FAILED), of="b") is Standing.IN_PROGRESS
    assert standing(labs, attempt("b"), of="b") is Standing.SHOWN


def test_a_skill_is_shown_when_every_lab_that_covers_it_is():
    labs = catalogue(lab("a", skills=["s"]), lab("b", skills=["s"]))
    state = skill_states(labs, [attempt("a")])["s"]
    assert (state.standing, state.shown_labs) == (Standing.IN_PROGRESS, ("a",))
    assert skill_states(labs, [attempt("a"), attempt("b")])["s"].standing is Standing.SHOWN


def test_a_skill_without_a_lab_says_so_and_is_counted():
    states = skill_states(catalogue(lab("a"), more_skills=["lonely"]), [])
    assert states["lonely"].standing is Standing.NO_LAB_YET
    assert tally(states)[Standing.NO_LAB_YET] == 1
    assert sum(tally(states).values()) == 2


def test_evidence_of_a_lab_that_no_longer_exists_is_passed_over():
    assert standing(catalogue(lab("a")), attempt("gone")) is Standing.IN_REACH


LABS = catalogue(
    lab("a", skills=["s"]),
    lab("b", needs=["a"], skills=["s", "t"]),
    lab("c", needs=["b", "nowhere"], skills=["t"]),
    lab("d", needs=["c"], opening=True),
)
ATTEMPTS = st.builds(
    attempt,
    st.sampled_from(["a", "b", "c", "d", "gone"]),
    st.sampled_from(Verdict),
    version=st.sampled_from([NOW, OLD, OLDER]),
    days=st.integers(0, 30),
    seed=st.integers(0, 5),
    revealed=st.none() | st.integers(0, 30),
)
HISTORIES = st.lists(ATTEMPTS, max_size=12, unique_by=lambda each: each.at)


@given(HISTORIES, st.randoms())
def test_the_order_in_which_evidence_is_read_does_not_matter(history, random):
    shuffled = random.sample(history, len(history))
    assert skill_states(LABS, shuffled) == skill_states(LABS, history)
    assert lab_states(LABS, shuffled) == lab_states(LABS, history)


@given(HISTORIES, ATTEMPTS)
def test_later_evidence_never_takes_a_shown_lab_away(history, extra):
    after = [
        *history,
        Evidence(extra.lab, extra.lab_version, extra.verdict, START + timedelta(99), 9),
    ]
    before_states, after_states = lab_states(LABS, history), lab_states(LABS, after)
    for name, state in before_states.items():
        if state.standing is Standing.SHOWN:
            assert after_states[name].standing is Standing.SHOWN


@given(HISTORIES)
def test_unjudged_attempts_change_nothing(history):
    judged = [each for each in history if each.verdict is not Verdict.UNJUDGED]
    assert lab_states(LABS, judged) == lab_states(LABS, history)


@given(HISTORIES)
def test_what_is_shown_rests_on_a_pass_that_counts(history):
    for name, state in lab_states(LABS, history).items():
        passes = [
            each
            for each in history
            if each.lab == name
            and each.verdict is Verdict.PASSED
            and each.lab_version in (NOW, OLD)
        ]
        assert (state.standing is Standing.SHOWN) <= bool(passes)
        assert not (state.stale and state.standing is Standing.SHOWN)
        assert (state.standing is Standing.LOCKED) <= bool(state.waits_for)


@given(HISTORIES)
def test_a_skill_is_never_further_than_its_labs(history):
    labs = lab_states(LABS, history)
    for state in skill_states(LABS, history).values():
        everything_shown = all(labs[each].standing is Standing.SHOWN for each in state.labs)
        assert (state.standing is Standing.SHOWN) == everything_shown


def test_what_is_said_or_placed_is_seen_and_changes_no_standing():
    labs = catalogue(lab("a"), lab("b"))
    plain = skill_states(labs, [])
    marked = skill_states(labs, [], said=["a-skill"], placed=["b-skill"])
    assert (marked["a-skill"].said, marked["a-skill"].placed) == (True, False)
    assert (marked["b-skill"].said, marked["b-skill"].placed) == (False, True)
    assert {each.standing for each in marked.values()} == {Standing.IN_REACH}
    assert not any(each.said or each.placed for each in plain.values())


def proof_lab() -> Catalogue:
    return catalogue(lab("a", proof=LabProof(("start", "latency"))))


def of(submission: str, each: Evidence, proof: str = "") -> Evidence:
    return replace(each, submission=submission, proof=proof)


def test_a_lab_with_proofs_is_shown_by_both_parts_of_one_submission():
    labs = proof_lab()
    parts = [
        of("one", attempt("a", days=3)),
        of("one", attempt("a", days=1), "start"),
        of("one", attempt("a", days=2), "latency"),
    ]
    for part in parts:
        rest = [each for each in parts if each is not part]
        assert standing(labs, *rest) is Standing.IN_PROGRESS
        other = replace(part, submission="other")
        assert standing(labs, *rest, other) is Standing.IN_PROGRESS
    state = lab_states(labs, parts)["a"]
    assert (state.standing, state.shown_at) == (Standing.SHOWN, START + timedelta(days=3))
    assert (state.attempts, state.lacks_claims, state.lacks_proofs) == (1, False, ())


def test_what_a_lab_lacks_is_that_of_its_newest_submission():
    labs = proof_lab()
    assert lab_states(labs, [])["a"].lacks_proofs == ("start", "latency")
    old = [of("one", attempt("a", days=1)), of("one", attempt("a", days=2), "latency")]
    state = lab_states(labs, old)["a"]
    assert (state.lacks_claims, state.lacks_proofs) == (False, ("start",))
    failed = of("two", attempt("a", Verdict.FAILED, days=3), "start")
    state = lab_states(labs, [*old, failed])["a"]
    assert (state.lacks_claims, state.lacks_proofs) == (True, ("start", "latency"))


def test_proofs_of_an_old_version_and_after_a_reveal_count_as_attempts_do():
    labs = proof_lab()
    passed, first = of("one", attempt("a")), of("one", attempt("a"), "start")
    assert standing(labs, passed, first, of("one", attempt("a", version=OLD), "latency")) is SHOWN
    older = of("one", attempt("a", version=OLDER), "latency")
    assert standing(labs, passed, first, older) is Standing.IN_PROGRESS
    assert lab_states(labs, [passed, first, older])["a"].stale
    soon = of("one", attempt("a", days=6, revealed=0), "latency")
    assert standing(labs, passed, first, soon) is Standing.IN_PROGRESS
    later = of("one", attempt("a", days=8, revealed=0), "latency")
    assert standing(labs, passed, first, later) is SHOWN
