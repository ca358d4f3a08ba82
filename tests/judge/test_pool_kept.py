"""Which parents a pool keeps and which it gives back, with parents that are no processes."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from gradus.core.errors import SandboxError
from gradus.core.lab import Profile
from gradus.judge import Pool, pool
from gradus.judge.pool import environment_mark
from gradus.sandbox import Runtime
from gradus.sandbox.parent import BEST_METHOD

HERE = Path("/nowhere")


@dataclass(eq=False)
class Parent:
    """A parent whose children do nothing."""

    runtime: Runtime
    method: str
    strict: bool
    mb: float = 100.0
    alive: bool = True
    closed: bool = False
    fails: bool = False
    asked: list[tuple] = field(default_factory=list)

    def child(self, *given):
        if self.fails:
            raise SandboxError("It does not fork.")
        self.asked.append(given)
        child = SimpleNamespace(closed=False)
        child.close = lambda: setattr(child, "closed", True)
        return child

    def held_mb(self):
        return self.mb

    def close(self):
        assert not self.closed
        self.closed = True


@dataclass
class Timer:
    """What would happen later."""

    seconds: float
    then: object
    daemon: bool = False
    is_waiting: bool = False

    def start(self):
        assert self.daemon, "or Gradus would not end before it"
        self.is_waiting = True

    def cancel(self):
        self.is_waiting = False


@dataclass
class World:
    """The clock, and everything that was started."""

    seconds: float = 5000.0
    mark: int = 0
    parents: list[Parent] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    next_fails: int = 0
    mb: float = 100.0

    def monotonic(self):
        return self.seconds

    def start(self, runtime, *, method, strict):
        self.parents.append(Parent(runtime, method, strict, self.mb, fails=self.next_fails > 0))
        self.next_fails -= 1
        return self.parents[-1]

    def time(self, seconds, then):
        self.timers.append(Timer(seconds, then))
        return self.timers[-1]

    def ring(self):
        """Let the timer that waits do what it waits for."""
        (timer,) = [each for each in self.timers if each.is_waiting]
        timer.is_waiting = False
        timer.then()

    @property
    def kept(self):
        """The imports of the parents that were not closed, in the order in which they began."""
        return [each.runtime.imports[0] for each in self.parents if not each.closed]

    @property
    def waiting(self):
        return [each.seconds for each in self.timers if each.is_waiting]


@pytest.fixture
def world(monkeypatch):
    made = World()
    monkeypatch.setattr(pool, "time", made)
    monkeypatch.setattr(pool, "WarmParent", made.start)
    monkeypatch.setattr(pool, "environment_mark", lambda runtime: made.mark)
    monkeypatch.setattr(pool.threading, "Timer", made.time)
    return made


def find(environment, imports):
    return Runtime(HERE / environment / "bin" / "python", imports, environment)


@pytest.fixture
def of(lab):
    """Return a lab with one import of its own."""
    return lambda name, **other: replace(lab, imports=(name,), **other)


def child(kept, lab):
    return kept.child(lab, HERE, lab.limits, Profile.COMPUTE)


# ── who shares a parent ──


def test_labs_share_a_parent_that_need_the_same(world, of):
    kept = Pool(find)
    for lab in (of("a"), of("b"), of("a", environment="deep"), of("a", id="another")):
        kept.warm(lab)
    assert [each.runtime for each in world.parents] == [
        find("base", ("a",)),
        find("base", ("b",)),
        find("deep", ("a",)),
    ]
    assert kept.runtime(of("a", environment="deep")) == find("deep", ("a",))
    world.parents[1].mb = 50.5
    assert kept.held_mb() == 250.5


def test_a_parent_starts_as_it_is_asked_to(world, of):
    Pool(find).warm(of("a"))
    Pool(find, "spawn", strict=True).warm(of("a"))
    Pool(find, "fork").warm(of("a"))
    assert [(each.method, each.strict) for each in world.parents] == [
        (BEST_METHOD, False),
        ("spawn", True),
        ("fork", False),
    ]


def test_a_child_is_made_as_it_was_asked_for(world, of):
    lab = of("a")
    Pool(find).child(lab, HERE, lab.limits, Profile.TOOLS)
    assert world.parents[0].asked == [(HERE, lab.limits, Profile.TOOLS)]


def test_a_parent_that_makes_no_child_is_replaced_once(world, of):
    kept = Pool(find)
    world.next_fails = 1
    assert not child(kept, of("a")).closed
    assert [each.closed for each in world.parents] == [True, False]
    assert world.parents[1].asked == [(HERE, of("a").limits, Profile.COMPUTE)]
    world.parents[-1].fails, world.next_fails = True, 1
    with pytest.raises(SandboxError):
        child(kept, of("a"))
    assert len(world.parents) == 3


def test_a_parent_that_does_not_start_is_tried_once_more(world, of, monkeypatch):
    def breaks(runtime, **how):
        monkeypatch.setattr(pool, "WarmParent", world.start)
        raise SandboxError("It does not start.")

    monkeypatch.setattr(pool, "WarmParent", breaks)
    child(Pool(find), of("a"))
    assert world.kept == ["a"]


def test_a_dead_parent_is_replaced_and_its_children_keep_nothing_of_it(world, of):
    kept = Pool(find)
    child(kept, of("a"))
    world.parents[0].alive = False
    kept.warm(of("a"))
    assert [each.closed for each in world.parents] == [True, False]


def test_the_judge_computes_on_one_thread_of_its_blas_and_of_nothing_else(monkeypatch):
    limited = []
    monkeypatch.setattr(pool, "threadpool_limits", lambda **how: limited.append(how))
    pool._compute_on_one_thread.cache_clear()
    Pool(find)
    Pool(find)
    pool._compute_on_one_thread.cache_clear()
    assert limited == [{"limits": 1, "user_api": "blas"}]


def test_what_children_used_adds_up(world):
    kept = Pool(find)
    assert kept.spent == 0.0
    kept.spend(1.5)
    kept.spend(2.0)
    assert kept.spent == 3.5


# ── who goes ──


def test_the_seventh_parent_closes_the_one_that_was_asked_last_long_ago(world, of):
    kept = Pool(find)
    for name in "abcdef":
        kept.warm(of(name))
    assert world.kept == list("abcdef")
    kept.warm(of("a"))
    kept.warm(of("g"))
    assert world.kept == list("acdefg")


def test_parents_that_hold_just_enough_stay(world, of):
    kept, world.mb = Pool(find), 512.0
    for name in "abc":
        kept.warm(of(name))
    assert world.kept == list("abc")
    world.mb = 1.0
    kept.warm(of("d"))
    assert world.kept == list("bcd")


def test_a_parent_whose_child_runs_stays_and_the_next_one_goes(world, of):
    kept = Pool(find, most_mb=250.0)
    one = child(kept, of("a"))
    other = child(kept, of("a"))
    kept.warm(of("b"))
    kept.warm(of("c"))
    assert world.kept == ["a", "c"]
    one.close()
    kept.warm(of("d"))
    assert world.kept == ["a", "d"], "the other child runs"
    other.close()
    kept.warm(of("e"))
    assert world.kept == ["d", "e"]


def test_the_newest_stays_however_much_it_holds(world, of):
    kept, world.mb = Pool(find, most_mb=250.0), 400.0
    kept.warm(of("a"))
    kept.warm(of("b"))
    assert world.kept == ["b"]


def test_a_parent_goes_that_was_not_asked_for_a_quarter_of_an_hour(world, of):
    kept = Pool(find)
    kept.warm(of("a"))
    world.seconds += 500
    kept.warm(of("b"))
    world.seconds += 399
    kept.sweep()
    assert world.kept == ["a", "b"]
    world.seconds += 1
    kept.sweep()
    assert world.kept == ["b"]
    kept.warm(of("a"))
    assert world.kept == ["b", "a"]


def test_a_parent_whose_child_runs_is_not_swept(world, of):
    kept = Pool(find)
    made = child(kept, of("a"))
    world.seconds += 2000
    kept.sweep()
    assert world.kept == ["a"]
    made.close()
    kept.sweep()
    assert world.kept == []


def test_it_is_swept_from_time_to_time_while_there_are_parents(world, of):
    kept = Pool(find, idle_seconds=100.0)
    assert world.waiting == []
    kept.warm(of("a"))
    kept.warm(of("b"))
    assert world.waiting == [25.0]
    for n_timers in (2, 3):
        world.ring()
        assert len(world.timers) == n_timers
        assert world.waiting == [25.0]
    world.seconds += 100
    world.ring()
    assert (world.kept, world.waiting) == ([], [])
    kept.warm(of("a"))
    assert world.waiting == [25.0]


def test_it_is_not_swept_all_the_time(world, of):
    Pool(find, idle_seconds=2.0).warm(of("a"))
    assert world.waiting == [1.0]


# ── environments that change ──


def test_a_parent_of_another_environment_than_there_is_now_goes_after_its_children(world, of):
    kept = Pool(find)
    made = child(kept, of("a"))
    kept.warm(of("a"))
    assert len(world.parents) == 1
    world.mark = 1
    kept.warm(of("a"))
    kept.warm(of("a"))
    assert [each.closed for each in world.parents] == [False, False]
    world.seconds += 2000
    world.ring()
    assert [each.closed for each in world.parents] == [False, True]
    assert world.waiting, "the first is still waited for"
    made.close()
    world.ring()
    assert world.kept == world.waiting == []


def test_several_that_are_done_go_at_once(world, of):
    kept = Pool(find)
    made = [child(kept, of(name)) for name in "ab"]
    world.mark = 1
    for name in "ab":
        kept.warm(of(name))
    for each in made:
        each.close()
    kept.sweep()
    assert [each.closed for each in world.parents] == [True, True, False, False]


def test_an_idle_parent_of_another_environment_goes_at_once(world, of):
    kept = Pool(find)
    kept.warm(of("a"))
    world.mark = 1
    kept.warm(of("a"))
    assert [each.closed for each in world.parents] == [True, False]


def test_nothing_is_left_of_a_pool_that_is_closed(world, of):
    with Pool(find) as kept:
        child(kept, of("a"))
        world.mark = 1
        kept.warm(of("a"))
        kept.warm(of("b"))
        assert len(world.kept) == 3
    assert world.kept == world.waiting == []
    assert kept.held_mb() == 0
    kept.close()
    kept.warm(of("a"))
    assert world.waiting, "it may be used again"


@pytest.fixture
def runtime(tmp_path):
    """An environment of two places for packages."""
    for folder in ("bin", "lib/python3.1/site-packages", "lib/python3.2/site-packages"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "bin" / "python").touch()
    (tmp_path / "pyvenv.cfg").touch()
    return Runtime(tmp_path / "bin" / "python", (), "base")


@pytest.mark.parametrize("path", ["bin/python", "pyvenv.cfg"])
def test_an_interpreter_that_is_replaced_or_gone_changes_the_mark(runtime, tmp_path, path):
    marks = [environment_mark(runtime)]
    (tmp_path / "new").touch()
    (tmp_path / "new").rename(tmp_path / path)
    marks.append(environment_mark(runtime))
    (tmp_path / path).unlink()
    marks.append(environment_mark(runtime))
    assert len(set(marks)) == 3
    assert [len(each) for each in marks] == [4, 4, 4]
    assert None in marks[-1]


@pytest.mark.parametrize("number", [1, 2])
def test_packages_that_come_anywhere_change_the_mark(runtime, tmp_path, number):
    before = environment_mark(runtime)
    (tmp_path / f"lib/python3.{number}/site-packages/new.py").touch()
    assert environment_mark(runtime) != before


def test_the_order_in_which_folders_are_listed_is_no_change(runtime, monkeypatch):
    before, glob = environment_mark(runtime), Path.glob
    monkeypatch.setattr(Path, "glob", lambda *asked: reversed(list(glob(*asked))))
    assert environment_mark(runtime) == before
