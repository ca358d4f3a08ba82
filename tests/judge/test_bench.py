"""The bench, with children that do in this process what the sandbox's program does in another."""

import asyncio
import contextlib
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType, ModuleType, SimpleNamespace
from typing import Any, cast

import pyarrow as pa
import pytest

from gradus.check import table, usage
from gradus.check.far import Unmet
from gradus.check.works import Answers, Command, Folder, Service
from gradus.core.lab import Entry, EntryKind, Lab, Limits, Profile
from gradus.core.submission import Submission
from gradus.judge import Pool
from gradus.judge.bench import Bench
from gradus.judge.far_child import ChildFar
from gradus.judge.trouble import DoesNotLoad, Ours, ProcessEnded, Stopped
from gradus.sandbox import ChildEnded, Usage
from gradus.sandbox.child import Child, Prepared
from gradus.sandbox.inside.server import Server
from gradus.sandbox.replies import read_reply

LIMITS = Limits(seconds=2.0, wall_seconds=6.0, memory_mb=99, output_kb=7, file_mb=3)
DIES = "class Gone(BaseException): pass\nclass Late(BaseException): pass\n"
"""What a text begins with whose process ends by `raise Gone`, or at a limit by `raise Late`."""
ENDS = {"Gone": ChildEnded("exit", "It left."), "Late": ChildEnded("memory", "It held too much.")}


class Here(Child):
    """A child without a process; its folder is the current one while it works."""

    def __init__(self, folder: Path, limits: Limits, profile: Profile) -> None:
        self.folder, self.limits, self.profile = folder, limits, profile
        self.server = Server(-1, -1, str(folder), 2**16)
        self.channel = cast(Any, SimpleNamespace(meanwhile=None))
        self.asked: list[str] = []
        self.fields: list[dict[str, Any]] = []
        self.n_heard = 0
        self.reply: Any = None
        self.ended = None
        self.closed = False
        self.used = Usage(1.0, 10.0)
        self.says = ""

    def ask(self, op: str, prepared: Prepared, timeout: float) -> None:
        assert not self.closed
        if self.ended is not None:
            raise self.ended
        self.asked.append(op)
        self.fields.append(dict(zip(prepared.node[1::2], prepared.node[2::2], strict=True)))
        with contextlib.chdir(cast(Path, self.folder)):
            node, buffers = self.server.answer(op, prepared.node, prepared.buffers)
        self.reply = read_reply(node, buffers)

    def hear(self, stubs: Any) -> Any:
        self.n_heard += 1
        types = getattr(self.reply, "types", ("",))
        if types[0] in ENDS:
            self.ended = ENDS[types[0]]
            raise self.ended
        return self.reply

    def usage(self) -> Usage:
        return self.used

    def printed(self) -> str:
        return self.says

    def close(self) -> None:
        for each in self.server.objects.values():
            if type(each).__name__ == "Application":
                end_loop(each._loop)
        self.server.objects.clear()
        self.closed = True


def end_loop(loop: asyncio.AbstractEventLoop) -> None:
    """End what a service left running, and the thread in which it ran."""

    async def cancel() -> None:
        for task in asyncio.all_tasks() - {cast(Any, asyncio.current_task())}:
            task.cancel()
            await asyncio.wait([task])

    asyncio.run_coroutine_threadsafe(cancel(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    while loop.is_running():
        time.sleep(0.001)
    loop.close()


@dataclass
class Children:
    """A pool that makes such children, and remembers them all."""

    made: list[Here] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)

    def child(self, lab: Lab, folder: Path, limits: Limits, profile: Profile) -> Here:
        self.made.append(Here(folder, limits, profile))
        return self.made[-1]

    def spend(self, seconds: float) -> None:
        self.spent.append(seconds)

    @property
    def open(self) -> list[Here]:
        return [each for each in self.made if not each.closed]


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Children]:
    """Children whose doings in this process are undone in the end."""
    beside = tmp_path / "beside"
    beside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(beside))
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    known, variables = dict(sys.modules), dict(os.environ)
    made = Children()
    yield made
    sys.modules.clear()
    sys.modules.update(known)
    os.environ.clear()
    os.environ.update(variables)
    assert made.open == []
    assert [*beside.iterdir()] == []


Benches = Callable[..., Bench]


@pytest.fixture
def bench(lab: Lab, children: Children, tmp_path: Path) -> Iterator[Benches]:
    """Make a bench for files that were handed in, and close it in the end."""
    folder = tmp_path / "lab"
    folder.mkdir()
    made: list[Bench] = []

    def make(
        entry: Entry,
        files: dict[str, str],
        ours: dict[str, str] | None = None,
        rehearsed: ChildFar | None = None,
        **fields: Any,
    ) -> Bench:
        for path, text in (ours or {}).items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        here = replace(lab, folder=folder, entry=entry, limits=LIMITS)
        handed_in = {path: text.encode() for path, text in files.items()}
        submission = Submission(handed_in, **fields)
        made.append(Bench(here, submission, cast(Pool, children), rehearsed))
        return made[-1]

    yield make
    for each in made:
        each.close()


DOUBLE = "calls = []\n\ndef double(x):\n    calls.append(x)\n    return 2 * x\n"
FUNCTION = Entry(EntryKind.FUNCTION, "work.py", ("double",), forbid=("torch", "jax"))
MODULE = Entry(EntryKind.MODULE, "work.py", ("double", "calls"))
IN_FOLDER = Entry(EntryKind.FOLDER, ".")
COMMAND = Entry(EntryKind.COMMAND, "work.py", command=(sys.executable, "work.py"))
SERVICE = Entry(EntryKind.SERVICE, "work.py", ("api", "who"))
SQL = Entry(EntryKind.SQL, ".", ("one", "two"))
ANSWERS = Entry(EntryKind.ANSWERS, "answers.toml")


# ── code ──


def test_what_was_rehearsed_goes_on_with_the_first_child_alone(bench: Benches) -> None:
    rehearsed = ChildFar(None, 6.0)
    tried = bench(MODULE, {"work.py": DOUBLE}, rehearsed=rehearsed)
    assert tried.far() is rehearsed
    assert tried.far() is rehearsed
    tried.renew()
    assert tried.far() is not rehearsed


def test_a_function_is_met_and_its_module_beside_it(bench: Benches, children: Children) -> None:
    tried = bench(FUNCTION, {"work.py": DOUBLE})
    work = tried.work()
    assert work(4).as_value() == 8
    assert work._call == "double"
    assert tried.module is not None
    assert tried.module.calls.as_value() == [4]
    (child,) = children.made
    assert child.fields[0] == {
        "path": "work.py", "name": "work", "forbid": ["l", "torch", "jax"]
    }  # fmt: skip
    assert child.asked[:2] == ["import_file", "look_up"]
    assert (child.limits, child.profile) == (LIMITS, Profile.COMPUTE)


def test_a_module_is_met_as_such(bench: Benches) -> None:
    work = bench(MODULE, {"work.py": DOUBLE}).work()
    assert work.double(4).as_value() == 8
    assert work.calls.as_value() == [4]


def test_names_that_are_missing_are_said_with_what_is_near(bench: Benches) -> None:
    tried = bench(MODULE, {"work.py": "def Double(x):\n    return 2\n"})
    with pytest.raises(DoesNotLoad) as caught:
        tried.work()
    said = "work.py does not define double, calls. Did you mean 'Double'?"
    assert caught.value.reason == said


def test_code_that_does_not_load_is_told_with_its_lines(bench: Benches) -> None:
    tried = bench(MODULE, {"work.py": "def f():\n    return {}[1]\n\nf()\n"})
    with pytest.raises(DoesNotLoad) as caught:
        tried.work()
    assert caught.value.reason == "work.py does not load: KeyError: 1"
    assert caught.value.frames == (
        "work.py, line 4\n    f()", "work.py, line 2, in f\n    return {}[1]"
    )  # fmt: skip


@pytest.mark.parametrize("files", [{}, {"work.py": ""}])
def test_a_file_that_is_missing_or_empty_is_said_to_be(
    bench: Benches, children: Children, files: dict[str, str]
) -> None:
    tried = bench(FUNCTION, files)
    tried.start()
    with pytest.raises(DoesNotLoad, match=r"^work\.py is empty\.$"):
        tried.work()


@pytest.mark.parametrize("entry", [FUNCTION, MODULE])
def test_an_import_that_was_begun_is_waited_for_by_whoever_needs_it(
    bench: Benches, children: Children, entry: Entry
) -> None:
    tried = bench(entry, {"work.py": DOUBLE})
    tried.start()
    (child,) = children.made
    assert (child.asked, child.n_heard) == (["import_file"], 0)
    tried.work()
    assert child.asked.count("import_file") == 1
    tried.renew()
    tried.work()
    assert children.made[1].asked[0] == "import_file"


def test_an_import_that_was_begun_is_that_of_the_first_process(
    bench: Benches, children: Children
) -> None:
    tried = bench(MODULE, {"work.py": DOUBLE})
    tried.start()
    tried.another()
    tried.work()
    assert [each.asked.count("import_file") for each in children.made] == [1, 1]


def test_an_import_that_was_begun_and_given_up_is_not_waited_for(
    bench: Benches, children: Children
) -> None:
    tried = bench(MODULE, {"work.py": DOUBLE})
    tried.start()
    tried.renew()
    assert tried.work().double(1).as_value() == 2
    assert children.made[0].n_heard == 0


@pytest.mark.parametrize(
    ("entry", "files"),
    [
        (IN_FOLDER, {"work.py": DOUBLE}),
        (COMMAND, {"work.py": DOUBLE}),
        (ANSWERS, {"answers.toml": "one = 1"}),
        (SQL, {"one.sql": "SELECT 1"}),
    ],
)
def test_nothing_is_begun_of_what_is_no_code(
    bench: Benches, children: Children, entry: Entry, files: dict[str, str]
) -> None:
    bench(entry, files).start()
    assert children.made == []


def test_what_is_being_imported_sees_the_other_files(bench: Benches, children: Children) -> None:
    text = "from pathlib import Path\n\nhere = sorted(map(str, Path().iterdir()))\n"
    tried = bench(replace(MODULE, names=("here",)), {"work.py": text, "more.txt": "a"})
    assert tried.work().here.as_value() == ["more.txt", "work.py"]


# ── one process after another ──


def test_a_child_is_made_once_and_told_what_there_is_to_note(
    bench: Benches, children: Children, clock: Any
) -> None:
    tried = bench(MODULE, {"work.py": DOUBLE})
    assert tried.children() == []
    far = tried.far()
    assert tried.children() == [far]
    assert (far.trace, far.until) == (None, 6.0)
    tried.trace, tried.meanwhile = [], lambda: False
    assert tried.far() is far
    assert far.trace is tried.trace
    assert far.child.channel.meanwhile is tried.meanwhile
    assert len(children.made) == 1


def test_the_next_child_of_an_attempt_has_the_time_that_is_left(bench: Benches, clock: Any) -> None:
    tried = bench(MODULE, {"work.py": DOUBLE})
    tried.far()
    clock.seconds = 2.0
    tried.renew(same_attempt=True)
    assert tried.far().until == 6.0
    tried.renew(same_attempt=True)
    tried.renew(same_attempt=True)
    assert tried.far().until == 6.0
    tried.renew()
    assert tried.far().until == 8.0
    tried.renew(same_attempt=True)
    tried.renew()
    assert tried.far().until == 8.0


def test_a_child_that_is_given_up_is_closed_and_counted(bench: Benches, children: Children) -> None:
    tried = bench(MODULE, {"work.py": DOUBLE})
    for used in (Usage(1.0, 10.0), Usage(2.0, 30.0), Usage(4.0, 20.0)):
        tried.far()
        children.made[-1].used = used
        tried.renew()
        assert children.open == []
    assert (tried.cpu_seconds, tried.peak_mb) == (7.0, 30.0)
    tried.renew()
    assert tried.cpu_seconds == 7.0
    tried.close()
    assert children.spent == [7.0]


def test_each_child_begins_with_what_was_handed_in(bench: Benches, children: Children) -> None:
    tried = bench(MODULE, {"work.py": DOUBLE, "sub/a.txt": "a"})
    tried.place().write("work.py", b"calls = double = None")
    assert tried.changed
    tried.renew()
    assert not tried.changed
    assert tried.work().double(1).as_value() == 2
    first, second = (each.folder for each in children.made)
    assert first != second
    assert tried.files() == {"work.py": DOUBLE.encode(), "sub/a.txt": b"a"}
    assert tried.place().names() == ["sub/a.txt", "work.py"]


def test_a_folder_that_is_left_behind_says_whose_it_is(bench: Benches, children: Children) -> None:
    bench(MODULE, {"work.py": DOUBLE}).far()
    folder = children.made[0].folder
    assert folder is not None
    assert re.fullmatch(r"gradus-\w{8}", folder.parent.name)


def test_what_was_handed_in_stays_as_it_was(bench: Benches, children: Children) -> None:
    files = {"build.py": BUILD.encode()}
    tried = bench(IN_FOLDER, {}, {"make_case.py": CASE})
    built = Bench(tried.lab, Submission(files), cast(Pool, children))
    built.close()
    assert files == {"build.py": BUILD.encode()}
    assert [*built.files()] == ["n.txt"]


def test_what_was_printed_does_not_name_our_folder(bench: Benches, children: Children) -> None:
    tried = bench(MODULE, {"work.py": DOUBLE})
    assert tried.printed() == ""
    tried.far()
    (child,) = children.made
    child.says = f"in {child.folder}/work.py and {child.folder}/a, at /1/"
    assert tried.printed() == "in work.py and a, at /1/"


# ── more processes at once ──


@pytest.mark.parametrize("entry", [FUNCTION, MODULE])
def test_another_process_has_a_folder_and_a_memory_of_its_own(
    bench: Benches, children: Children, clock: Any, entry: Entry
) -> None:
    tried = bench(entry, {"work.py": DOUBLE})
    tried.trace = []
    work = tried.work()
    tried.place().write("note.txt", b"1")
    clock.seconds = 1.0
    other = tried.another()
    of = (lambda code: code) if entry is FUNCTION else (lambda code: code.double)
    assert of(other)(3).as_value() == of(work)(3).as_value() == 6
    first, second = children.made
    assert not (cast(Path, second.folder) / "note.txt").exists()
    assert (second.limits, second.profile) == (LIMITS, Profile.COMPUTE)
    one, two = tried.children()
    assert {one.child, two.child} == {first, second}
    assert (one.until, two.until) == (6.0, 6.0), "they share the time of the attempt"
    assert one.trace is two.trace is tried.trace
    second.used = Usage(3.0, 40.0)
    tried.forget_others()
    assert children.open == [first]
    assert tried.children() == [tried.far()]
    assert (tried.cpu_seconds, tried.peak_mb) == (3.0, 40.0)


def test_another_process_without_a_first_has_the_whole_time(bench: Benches, clock: Any) -> None:
    tried = bench(MODULE, {"work.py": DOUBLE})
    clock.seconds = 1.0
    tried.another()
    (far,) = tried.children()
    assert far.until == 7.0


def test_what_does_not_load_in_another_process_is_told(bench: Benches, children: Children) -> None:
    text = "from pathlib import Path\n\nPath('a').read_text()\n"
    tried = bench(MODULE, {"work.py": text})
    with pytest.raises(DoesNotLoad, match=r"^work\.py does not load: FileNotFoundError"):
        tried.another()
    tried.renew()
    assert children.open == []


def test_code_may_be_started_again_where_it_was(bench: Benches, children: Children) -> None:
    counts = "from pathlib import Path\nnumber = int(Path('n.txt').read_text())\n"
    tried = bench(replace(MODULE, names=()), {"counts.py": counts, "n.txt": "1"})
    place = tried.place()
    assert len(children.made) == 1
    assert not tried.changed
    assert place.module("counts").number.as_value() == 1
    assert tried.changed
    first, again = children.made
    assert first.folder == again.folder
    place.write("n.txt", b"2")
    assert place.module("counts").number.as_value() == 2
    assert place.bytes("n.txt").as_value() == b"2"
    assert tried.files()["n.txt"] == b"2"


# ── a folder, answers, queries ──


def test_a_module_of_a_folder_is_imported_again_where_its_text_changed(
    bench: Benches, children: Children
) -> None:
    tried = bench(IN_FOLDER, {"one.py": "calls = []\n", "two.py": "x = 2\n"})
    folder = tried.work()
    assert isinstance(folder, Folder)
    assert folder.names() == ["one.py", "two.py"]
    assert children.made == [], "nothing runs before it is asked for"
    assert folder.module("one").calls.as_value() == []
    assert folder.module("two").x.as_value() == 2
    (child,) = children.made
    assert child.asked.count("import_file") == 2
    folder.module("one")
    assert child.asked.count("import_file") == 2
    tried.place().write("one.py", b"calls = [1]\n")
    assert folder.module("one").calls.as_value() == [1]
    assert folder.module("one")._call == ""


def test_a_module_of_a_folder_stays_when_an_example_ends(
    bench: Benches, children: Children
) -> None:
    tried = bench(IN_FOLDER, {"one.py": "x = [1]\n"})
    folder = tried.work()
    module = folder.module("one")
    tried.far().release()
    assert module.x.as_value() == [1]


def test_a_repository_is_met_as_a_folder(bench: Benches) -> None:
    tried = bench(replace(IN_FOLDER, kind=EntryKind.REPOSITORY), {"notes.txt": "a"})
    assert tried.work().text("notes.txt").as_value() == "a"


def test_answers_are_read_here(bench: Benches, children: Children) -> None:
    answers = bench(ANSWERS, {"answers.toml": "one = 1\n[two]\nthree = 3\n"}).work()
    assert isinstance(answers, Answers)
    assert answers.two.three.as_value() == 3
    assert children.made == []
    with pytest.raises(Unmet) as caught:
        bench(ANSWERS, {"answers.toml": "one ="}).work()
    assert caught.value.finding.call == "answers.toml"


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that gives back what it is asked, and the kind of its tables."""

    class Connection(SimpleNamespace):
        def register(self, name: str, table: Any) -> None:
            self.tables[name] = type(table).__name__

        def sql(self, text: str) -> Any:
            found = pa.table({"text": [text], **{name: [k] for name, k in self.tables.items()}})
            return SimpleNamespace(to_arrow_table=lambda: found)

        def execute(self, text: str) -> None:
            """Take a setting."""

        def begin(self) -> None:
            self.tables = {}

        def rollback(self) -> None:
            """Forget everything."""

    module = ModuleType("duckdb")
    vars(module).update(connect=lambda name, config: Connection(), Error=ValueError)
    monkeypatch.setitem(sys.modules, "duckdb", module)


@pytest.mark.usefixtures("database")
def test_queries_are_met_by_their_names(bench: Benches, children: Children) -> None:
    files = {"one.sql": "SELECT 1", "two.sql": "", "sub/one.sql": "SELECT 0", "notes.txt": "no"}
    tried = bench(SQL, files)
    queries = tried.work()
    assert tried.far().doing() == "Queries({'one': 'SELECT 1', 'two': ''})"
    assert queries.one().as_table() == {"text": ["SELECT 1"]}
    assert queries.one()._call == "one()"
    assert queries.two().as_table() == {"text": [""]}
    with pytest.raises(Unmet):
        queries.notes().as_table()
    tried.far().release()
    assert queries.one().as_table() == {"text": ["SELECT 1"]}, "it outlives an example"


@pytest.mark.usefixtures("database")
def test_one_query_is_met_by_itself(bench: Benches, children: Children) -> None:
    query = bench(replace(SQL, path="two.sql"), {"one.sql": "1", "two.sql": "2"}).work()
    assert query().as_table() == {"text": ["2"]}


@pytest.mark.usefixtures("database")
def test_tables_go_to_a_query_as_they_are(bench: Benches, children: Children) -> None:
    queries = bench(SQL, {"one.sql": "1", "two.sql": "2"}).work()
    assert queries.one(rows=table({"a": [1, None]})).as_table()["rows"] == ["Table"]
    code = bench(MODULE, {"work.py": DOUBLE}).work()
    code.double(table({"a": [1]}))
    assert children.made[1].fields[-1]["args"][1][:2] == ["A", "pandas"]


def test_a_query_that_is_missing_is_said_with_what_is_near(
    bench: Benches, children: Children
) -> None:
    with pytest.raises(DoesNotLoad) as caught:
        bench(SQL, {"ones.sql": "SELECT 1", "sub/two.sql": "SELECT 2"}).work()
    assert caught.value.reason == "There is no file one.sql. Did you mean 'ones'?"


def test_a_query_of_another_encoding_is_a_finding(bench: Benches) -> None:
    tried = bench(SQL, {"one.sql": "", "two.sql": ""})
    tried._files["two.sql"] = b"SELECT '\xe9'"
    with pytest.raises(Unmet) as caught:
        tried.work()
    assert caught.value.finding.call == "two.sql"


@pytest.mark.usefixtures("database")
def test_a_driver_that_fails_is_ours(
    bench: Benches, children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "def Queries(texts):\n    raise ValueError('no')\n"
    monkeypatch.setattr("gradus.judge.drivers.driver_source", lambda name: source)
    with pytest.raises(Ours, match=r"^the driver sql failed: raised ValueError: no$"):
        bench(SQL, {"one.sql": "1", "two.sql": "2"}).work()


# ── a command ──

PRINTS = (
    "import os, sys\nprint(sys.argv[1:], os.environ.get('WHO'), sorted(os.listdir()))\n"
    "open('left.txt', 'w').write('left')\n"
)


def test_a_command_runs_with_words_files_and_variables(bench: Benches, children: Children) -> None:
    tried = bench(COMMAND, {"work.py": PRINTS})
    command = tried.work()
    assert isinstance(command, Command)
    assert children.made == []
    tried.trace = []
    given = MappingProxyType({"WHO": "me"})
    ran = command.run("-n", "2", files={"in.txt": b"x"}, environment=given)
    assert ran._call == f"{sys.executable} work.py -n 2"
    said = {"exit": 0, "stdout": "['-n', '2'] me ['in.txt', 'work.py']\n", "stderr": ""}
    assert ran.as_value() == said
    assert tried.trace == [("run", said, None)]
    assert tried.changed
    assert command.text("left.txt").as_value() == "left"
    assert command.run().as_value()["stdout"] == "[] None ['in.txt', 'left.txt', 'work.py']\n"
    assert children.made[0].asked == ["run_command", "run_command"]


def test_a_command_that_cannot_be_run_has_raised(bench: Benches, children: Children) -> None:
    tried = bench(replace(COMMAND, command=("no-such-program",)), {"work.py": ""})
    tried.trace = []
    with pytest.raises(Unmet) as caught:
        tried.work().run().as_value()
    assert caught.value.finding.returned.startswith("raised FileNotFoundError")
    assert tried.trace == [("run", None, ("FileNotFoundError",))]


# ── a service ──

API = """import os
from pathlib import Path

who = os.environ.get("WHO")


async def api(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            if message["type"].endswith("shutdown"):
                Path("stopped.txt").write_text("yes")
            await send({"type": message["type"] + ".complete"})
    names = sorted(map(str, Path().iterdir()))
    body = f"{who} {names}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})
"""


def test_a_service_answers_and_is_started_again(bench: Benches, children: Children) -> None:
    tried = bench(SERVICE, {"work.py": API})
    service = tried.work()
    assert isinstance(service, Service)
    assert not tried.changed
    get = ("GET", "/", None)
    assert service.get("/").text.as_value() == "None ['work.py']"
    bodies = [each.text.as_value() for each in service.together([get, get])]
    assert bodies == ["None ['work.py']"] * 2
    tried.far().release()
    service.restart(MappingProxyType({"WHO": "me"}), {"new.txt": b"new"})
    assert service.get("/").text.as_value() == "me ['new.txt', 'work.py']"
    assert tried.changed
    first, second = children.made
    assert first.closed
    assert (cast(Path, first.folder) / "stopped.txt").read_text() == "yes"
    assert second.asked.index("import_file") > second.asked.index("run_source")
    assert "import_file" in first.asked[:1], "without variables nothing runs before it"
    tried.far().release()
    service.write("more.txt", b"more")
    assert service.get("/").text.as_value() == "me ['more.txt', 'new.txt', 'work.py']"


def test_a_service_that_was_given_up_starts_again_when_something_is_asked_of_it(
    bench: Benches, children: Children
) -> None:
    tried = bench(SERVICE, {"work.py": API})
    tried.work()
    assert len(children.made) == 1, "the first starts at once"
    tried.renew()
    service = tried.work()
    assert len(children.made) == 1
    service.restart({"WHO": "me"})
    assert len(children.made) == 2, "nothing ran that had to be stopped"
    assert service.get("/").text.as_value() == "me ['work.py']"
    tried.renew()
    service = tried.work()
    assert [service.get("/").status.as_value() for _ in range(2)] == [200, 200]
    assert children.made[-1].asked.count("import_file") == 1
    tried.renew()
    tried.work().write("note.txt", b"hm")
    assert len(children.made) == 4
    assert tried.changed
    tried.renew()
    assert usage(tried.work()).cpu_seconds == 1.0
    assert len(children.made) == 5


def test_a_service_is_given_ten_seconds_for_each_thing(
    bench: Benches, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, wait_for = set(), asyncio.wait_for

    async def noted(awaited: Any, seconds: float) -> Any:
        given.add(seconds)
        return await wait_for(awaited, seconds)

    monkeypatch.setattr(asyncio, "wait_for", noted)
    service = bench(SERVICE, {"work.py": API}).work()
    service.get("/")
    service.restart()
    assert given == {10.0}


@pytest.mark.parametrize(
    ("instead", "seconds", "types", "says"),
    [
        (
            "await __import__('asyncio').sleep(9)",
            0.1,
            ("TimeoutError",),
            "no response within 0.1 s",
        ),
        ("raise type('Odd', (BaseException,), {})('hm')", 10.0, ("Odd", "BaseException"), "hm"),
    ],
)
def test_requests_that_nothing_answers_are_told(
    bench: Benches,
    monkeypatch: pytest.MonkeyPatch,
    instead: str,
    seconds: float,
    types: tuple[str, ...],
    says: str,
) -> None:
    text = API.replace("    names =", f"    {instead}\n    names =")
    get = ("GET", "/", None)
    service = bench(SERVICE, {"work.py": text}).work()
    monkeypatch.setattr("gradus.judge.bench.REQUEST_SECONDS", seconds)
    for response in service.together([get, get]):
        assert response._raised is not None
        assert (response._raised.types, response._raised.message) == (types, says)


def test_of_a_service_it_is_told_what_it_uses_and_how_it_ended_up(bench: Benches) -> None:
    tried = bench(SERVICE, {"work.py": API})
    service = tried.work()
    assert usage(service).cpu_seconds == 1.0
    tried.trace = trace = []
    tried.far()
    service.get("/")
    once = len(trace)
    answers = iter([False, False, True])
    service.ask_until(lambda: service.get("/"), lambda response: next(answers), seconds=5.0)
    assert len(trace) == 2 * once > 0, "what came before it was ready is left out"


def test_a_service_is_called_app_where_nothing_is_said(bench: Benches) -> None:
    tried = bench(replace(SERVICE, names=()), {"work.py": API.replace("def api", "def app")})
    assert tried.work().get("/").status.as_value() == 200


def test_a_service_that_is_not_there_is_said(bench: Benches) -> None:
    with pytest.raises(DoesNotLoad) as caught:
        bench(SERVICE, {"work.py": "app = None\n"}).work()
    assert caught.value.reason == "work.py does not define api."


FAILS = """
async def api(scope, receive, send):
    await send({"type": "lifespan.startup.failed", "message": "no database"})
"""


def test_a_service_that_does_not_start_is_said(bench: Benches) -> None:
    with pytest.raises(DoesNotLoad) as caught:
        bench(SERVICE, {"work.py": FAILS}).work()
    assert caught.value.reason == "The service did not start: RuntimeError: no database"


# ── the lab's own scripts ──

READER = """
from pathlib import Path

loaded = []

def text(folder, name):
    loaded.append(name)
    return (folder / name).read_text(), len(loaded)

def refuse(folder):
    raise ValueError("not a picture")

class AnswerTooLarge(Exception):
    pass

def deep(folder, kind):
    raise {"deep": RecursionError, "large": MemoryError, "long": AnswerTooLarge}[kind]("too much")

def breaks(folder):
    return {}[1]
"""
READS = {"reader.py": READER + DIES + "def dies(folder):\n    raise Gone\n"}


def test_a_reader_reads_what_is_there_when_it_is_first_asked(
    bench: Benches, children: Children
) -> None:
    tried = bench(IN_FOLDER, {"a.txt": "a"}, READS)
    tried.trace = []
    reader = tried.reader()
    assert children.made == []
    assert reader.text("a.txt").as_value() == ("a", 1)
    assert reader.text("a.txt").as_value() == ("a", 2), "one child reads all"
    assert tried.trace == [("text", ("a", n), None) for n in (1, 2)]
    (child,) = children.made
    limits = replace(LIMITS, seconds=60.0, wall_seconds=120.0)
    assert (child.limits, child.profile) == (limits, Profile.COMPUTE)
    assert tried.children() == []
    tried.close()
    assert children.spent == [1.0]
    assert (tried.cpu_seconds, tried.peak_mb) == (0.0, 0.0), "that is none of the learner's"


def test_a_reader_sees_what_a_command_left(bench: Benches, children: Children) -> None:
    tried = bench(COMMAND, {"work.py": PRINTS}, READS)
    reader, command = tried.reader(), tried.work()
    with pytest.raises(Ours):
        reader.text("left.txt")
    command.run()
    assert reader.text("left.txt").as_value() == ("left", 1)
    assert len(children.open) == 2
    tried.close()
    assert children.spent == [3.0]


def test_a_reader_refuses_what_it_cannot_read(bench: Benches) -> None:
    tried = bench(IN_FOLDER, {"a.txt": "a"}, READS)
    tried.trace = []
    reader = tried.reader()
    raised = reader.refuse()._raised
    assert raised is not None
    assert (raised.types, raised.message) == (("Unreadable", "ValueError"), "not a picture")
    for kind in ("deep", "large", "long"):
        raised = reader.deep(kind)._raised
        assert raised is not None
        assert raised.types == ("Unreadable",)
        assert raised.message == "nested too deep, or too large, to be read"
    assert tried.trace == []


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("breaks", "reader.py: raised KeyError: 1\n"),
        ("dies", "reader.py: It left."),
        ("missing", "reader.py: raised AttributeError: "),
    ],
)
def test_a_reader_that_fails_is_ours(bench: Benches, word: str, says: str) -> None:
    reader = bench(IN_FOLDER, {"a.txt": "a"}, READS).reader()
    with pytest.raises(Ours) as caught:
        getattr(reader, word)()
    assert str(caught.value).startswith(says)


def test_a_reader_that_does_not_load_is_ours(bench: Benches) -> None:
    tried = bench(IN_FOLDER, {"a.txt": "a"}, {"reader.py": "1 / 0\n"})
    said = r"^reader\.py does not load: raised ZeroDivisionError: division by zero$"
    with pytest.raises(Ours, match=said):
        tried.reader().text("a.txt")


CASE = "def make_case(rng):\n    return {}, {'n': int(rng.integers(10**9))}\n"
BUILD = "def build(folder, case):\n    (folder / 'n.txt').write_text(str(case['n']))\n"


def test_a_script_builds_what_is_handed_in(bench: Benches, children: Children) -> None:
    files = {"build.py": BUILD, "a.txt": "a"}
    tried = bench(IN_FOLDER, files, {"make_case.py": CASE}, case_seed=7)
    assert tried.work().names() == ["a.txt", "n.txt"]
    assert tried.files()["n.txt"] == str(tried.case["n"]).encode()
    (child,) = children.made
    assert child.closed
    limits = replace(LIMITS, seconds=60.0, wall_seconds=120.0)
    assert (child.limits, child.profile) == (limits, Profile.COMPUTE)
    tried.close()
    assert children.spent == [1.0]
    assert tried.cpu_seconds == 0.0


def test_each_learner_has_a_case(bench: Benches) -> None:
    one, other = (
        bench(IN_FOLDER, {"build.py": BUILD}, {"make_case.py": CASE}, case_seed=seed)
        for seed in (7, 8)
    )
    assert one.files() != other.files()


def test_a_script_may_import_that_of_the_starter(bench: Benches) -> None:
    ours = {"make_case.py": CASE, "starter/build.py": BUILD}
    text = "from starter import build\n"
    assert bench(IN_FOLDER, {"build.py": text}, ours).work().names() == ["n.txt"]


def test_a_file_of_that_name_is_no_script_where_no_case_is_drawn(
    bench: Benches, children: Children
) -> None:
    assert bench(IN_FOLDER, {"build.py": "1 / 0"}).work().names() == ["build.py"]
    assert children.made == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1 / 0", "build.py does not load: raised ZeroDivisionError: division by zero"),
        ("def build(folder, case):\n    {}[1]", "build.py: raised KeyError: 1"),
        (f"{DIES}\ndef build(folder, case):\n    raise Gone", "build.py: It left."),
        (f"{DIES}\ndef build(folder, case):\n    raise Late", "build.py: It held too much."),
    ],
)
def test_a_script_that_fails_is_ours_and_leaves_nothing(
    bench: Benches, children: Children, text: str, says: str
) -> None:
    with pytest.raises(Ours) as caught:
        bench(IN_FOLDER, {"build.py": text}, {"make_case.py": CASE})
    assert str(caught.value) == says
    assert children.open == []
    assert children.spent == [1.0]


def test_what_ends_the_process_while_it_loads_is_told(bench: Benches) -> None:
    for raised, trouble in (("Gone", ProcessEnded), ("Late", Stopped)):
        with pytest.raises(trouble):
            bench(MODULE, {"work.py": f"{DIES}\nraise {raised}\n"}).work()


@pytest.mark.parametrize(
    "driver", ["raise ValueError('spoilt')", "def Application(app): raise ValueError('spoilt')"]
)
def test_a_service_that_breaks_what_runs_it_has_not_started(
    bench: Benches, monkeypatch: pytest.MonkeyPatch, driver: str
) -> None:
    monkeypatch.setattr("gradus.judge.drivers.driver_source", lambda name: driver)
    with pytest.raises(DoesNotLoad) as caught:
        bench(SERVICE, {"work.py": API}).work()
    assert caught.value.reason == "The service did not start: ValueError: spoilt"
