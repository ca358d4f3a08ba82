"""The bench on which one submission is tried: its folder, its child and how a check meets it.

One bench serves one attempt; after the child died it makes another.
"""

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from gradus.check import Answer
from gradus.check.far import Awaited, Outcome
from gradus.check.works import Answers, Command, Folder, Place, Reader, Service, read_answers
from gradus.core.lab import EntryKind, Lab, Profile
from gradus.core.names import did_you_mean
from gradus.core.submission import Submission
from gradus.judge.drivers import load_driver
from gradus.judge.far_child import ChildFar, first_line, must_have_started, must_ref
from gradus.judge.left_behind import lay_in, left_in
from gradus.judge.outcomes import response_of, unreadable
from gradus.judge.pool import Pool
from gradus.judge.specification import load_case
from gradus.judge.submissions import BUILD, builds
from gradus.judge.text import refuse_unreadable
from gradus.judge.trouble import DoesNotLoad, Ours, ProcessEnded, Stopped
from gradus.sandbox import Ref
from gradus.sandbox.folders import remove_tree, write_files

READER_SECONDS, REQUEST_SECONDS = 60.0, 10.0


class Bench:
    """Where one submission is tried; `close()` removes everything that it made."""

    def __init__(
        self, lab: Lab, submission: Submission, pool: Pool, rehearsed: ChildFar | None = None
    ) -> None:
        self.lab = lab
        self._rehearsed = rehearsed
        _, self.case = load_case(lab, submission.case_seed)
        self._pool = pool
        self._place = Path(tempfile.mkdtemp(prefix="gradus-"))
        self._far: ChildFar | None = None
        self._reader: ChildFar | None = None
        self._others: list[ChildFar] = []
        self._n_folders = 0
        self._until: float | None = None
        self.changed = False
        self.trace: list[tuple[Any, ...]] | None = None
        self.module: Answer | None = None
        self.meanwhile: Callable[[], bool] | None = None
        self._importing: Awaited | None = None
        self._runs = self._has_run = False
        self.peak_mb = 0.0
        self.cpu_seconds = 0.0
        self._trusted_seconds = 0.0
        self._files = dict(submission.files)
        try:
            if BUILD in self._files and builds(lab):
                self._files = self._built(self._files)
        except BaseException:  # nobody has this bench, to close it
            self.close()
            raise

    # ── what a check meets ──

    def start(self) -> None:
        """Begin to import what was handed in, where that is what `work` begins with."""
        if self.lab.entry.kind not in (EntryKind.FUNCTION, EntryKind.MODULE):
            return
        name = Path(self.lab.entry.path).stem
        with suppress(DoesNotLoad):
            self._importing = self.far().begin_to("import_file", **self._to_import(name))

    def work(self) -> Any:
        """Return what was handed in, loaded; raises `DoesNotLoad` where it cannot be."""
        kind = self.lab.entry.kind
        if kind is EntryKind.ANSWERS:
            return self._answers()
        if kind in (EntryKind.FOLDER, EntryKind.REPOSITORY):
            return Folder(self.files, self._module, None)
        if kind is EntryKind.COMMAND:
            return Command(self.files, self._run, self.far, " ".join(self.lab.entry.command))
        if kind is EntryKind.SERVICE:
            return self._service()
        if kind is EntryKind.SQL:
            return self._queries()
        return self._code()

    def reader(self) -> Reader:
        """Return the lab's reader, which sees a copy of the folder as it is now."""
        return Reader(self._read)

    def files(self) -> Mapping[str, bytes]:
        """Return the folder's files; for a command, as the command left them."""
        if self.changed:
            return left_in(self._folder)
        return self._files

    def far(self) -> ChildFar:
        """Return the submission's child, made when it is first needed."""
        if self._far is None:
            self._folder = self._fresh_folder()
            limits, profile = self.lab.limits, self.lab.profile
            child = self._pool.child(self.lab, self._folder, limits, profile)
            tables = "arrow" if self.lab.entry.kind is EntryKind.SQL else None
            far, self._rehearsed = self._rehearsed, None
            self._far = far or ChildFar(None, limits.wall_seconds, tables)
            self._far.meet(child, self._until)
        self._far.trace = self.trace
        self._far.child.channel.meanwhile = self.meanwhile
        return self._far

    def children(self) -> list[ChildFar]:
        """Return the processes in which the submission runs now."""
        return [*self._others, *([self._far] if self._far is not None else [])]

    def another(self) -> Answer:
        """Return the submission's code in one more process, which `forget_others` ends."""
        return self._asked_for(self._beside(Path(self.lab.entry.path).stem, self._fresh_folder()))

    def place(self) -> Place:
        """Return the folder in which the code works, as it is now."""
        self.far()
        return Place(partial(left_in, self._folder), self._again, self._lay)

    def _again(self, name: str) -> Answer:
        self.changed = True
        return self._beside(name, self._folder)

    def _beside(self, name: str, folder: Path) -> Answer:
        """Import a file in one more process, which works in `folder`."""
        child = self._pool.child(self.lab, folder, self.lab.limits, self.lab.profile)
        until = self._far.until if self._far is not None else None
        far = ChildFar(child, self.lab.limits.wall_seconds, until=until)
        far.trace = self.trace
        self._others.append(far)
        return self._import(name, far)

    def forget_others(self) -> None:
        """End the processes that `another` started."""
        while self._others:
            self._end(self._others.pop())

    def renew(self, same_attempt: bool = False) -> None:
        """Give up the child, so that the next use starts from the submission again.

        In the `same_attempt` the next one has the time that is left: dying buys none.
        """
        self.forget_others()
        if not same_attempt:
            self._until = None
        elif self._far is not None:
            self._until = self._far.until
        if self._far is not None:
            self._end(self._far)
            self._far = None
        self._importing = None
        self.changed = self._runs = False

    def printed(self) -> str:
        """Return the last part of what the submission printed, without our folder's name."""
        if self._far is None:
            return ""
        place = f"{re.escape(str(self._place))}/\\d+/"
        return re.sub(place, "", self._far.child.printed())

    def close(self) -> None:
        """End the children and remove the folders."""
        self.renew()
        self._drop_reader()
        self._pool.spend(self.cpu_seconds + self._trusted_seconds)
        remove_tree(self._place)

    def _end(self, far: ChildFar) -> None:
        """End a process of the submission and note what it used."""
        used = far.child.usage()
        self.peak_mb = max(self.peak_mb, used.peak_mb)
        self.cpu_seconds += used.cpu_seconds
        far.child.close()

    # ── code ──

    def _code(self) -> Answer:
        entry = self.lab.entry
        module = self._import(Path(entry.path).stem)
        far, ref = self.far(), module._object()[1]
        missing = far.look_up(ref, entry.names)
        if missing:
            near = did_you_mean(missing[0], {each["name"] for each in far.names(ref)})
            raise DoesNotLoad(f"{entry.path} does not define {', '.join(missing)}.{near}")
        self.module = module
        return self._asked_for(module)

    def _asked_for(self, module: Answer) -> Answer:
        """Return the function that a lab asks for, or the module."""
        if self.lab.entry.kind is not EntryKind.FUNCTION:
            return module
        (name,) = self.lab.entry.names
        return module.__getattr__(name)

    def _module(self, name: str) -> Answer:
        """Return a module of the folder, which a child imports once, as it does an entry's."""
        far, text = self.far(), self.files().get(f"{name}.py")
        if (name, text) not in far.modules:
            far.modules[name, text] = far.keep(self._import(name)._object()[1])
        return Answer("", Outcome(far.modules[name, text]), far)

    def _import(self, name: str, far: ChildFar | None = None) -> Answer:
        fields = self._to_import(name)
        outcome: Outcome | Awaited
        if far is None and self._importing is not None:
            outcome, self._importing = self._importing, None
        else:
            outcome = (far or self.far()).request("import_file", **fields)
        if outcome.raised is not None:
            raise DoesNotLoad(
                f"{name}.py does not load: {first_line(outcome.raised)}", outcome.raised.frames
            )
        return Answer("", outcome, far or self.far())

    def _to_import(self, name: str) -> dict[str, Any]:
        """Return what the child has to know; raises `DoesNotLoad` for what is no Python text."""
        path = f"{name}.py"
        refuse_unreadable(path, self.files().get(path, b""))
        return {"path": path, "name": name, "forbid": list(self.lab.entry.forbid)}

    # ── SQL, answers, commands ──

    def _queries(self) -> Answer:
        texts = {}
        for path in self.files():
            if path.endswith(".sql") and "/" not in path:
                texts[Path(path).stem] = Folder(self.files).text(path)
        missing = [each for each in self.lab.entry.names if each not in texts]
        if missing:
            raise DoesNotLoad(
                f"There is no file {missing[0]}.sql.{did_you_mean(missing[0], texts)}"
            )
        queries = self._driver("sql", "Queries", [texts])
        self.far().mark()
        if self.lab.entry.path == ".":
            return queries
        return queries.__getattr__(Path(self.lab.entry.path).stem)

    def _answers(self) -> Answers:
        path = self.lab.entry.path
        return read_answers(Folder(self.files).text(path).as_value(), path)

    def _run(
        self, words: Sequence[str], files: Mapping[str, bytes], environment: Mapping[str, str]
    ) -> Outcome:
        far = self.far()
        self._lay(files)
        self._drop_reader()
        argv = [*self.lab.entry.command, *words]
        ran = far.request("run_command", argv=argv, env=dict(environment))
        return far._traced("run", Outcome(value=ran.value, raised=ran.raised))

    # ── a service ──

    def _service(self) -> Service:
        """Start a service; later ones start when asked: a claim may restart it before that."""
        if not self._has_run:
            self._application({}, {})
        return Service(self._send, self._restart, self._lay_beside, self._host, lambda: self.trace)

    def _host(self) -> ChildFar:
        if not self._runs:
            self._application({}, {})
        return self.far()

    def _application(self, environment: Mapping[str, str], files: Mapping[str, bytes]) -> None:
        far = self.far()
        lay_in(self._folder, files)
        if environment:
            self._driver("environment", "update", [dict(environment)])
        module = self._import(Path(self.lab.entry.path).stem)
        name = (self.lab.entry.names or ("app",))[0]
        app = getattr(module, name)
        if app._raised is not None:
            raise DoesNotLoad(f"{self.lab.entry.path} does not define {name}.")
        self._running = self._running_of(app)
        must_have_started(self._running.start(REQUEST_SECONDS)._raised)
        far.mark()
        self._runs = self._has_run = True

    def _running_of(self, app: Answer) -> Answer:
        """Hand the application to the driver; what fails there now, the code has broken."""
        driver = load_driver(self.far(), "asgi")
        must_have_started(driver.raised)
        made = Answer("", driver, self.far()).Application(app)
        must_have_started(made._raised)
        return Answer("", Outcome(made._ref, made._value), self.far())

    def _send(self, messages: list[dict[str, Any]], together: bool) -> list[Outcome]:
        self._host()
        answer = self._running.send(messages, together, REQUEST_SECONDS)
        if answer._raised is not None:
            return [Outcome(raised=answer._raised) for _ in messages]
        return [*map(response_of, answer.as_list(len(messages)))]

    def _lay_beside(self, files: Mapping[str, bytes]) -> None:
        self._host()
        self._lay(files)

    def _lay(self, files: Mapping[str, bytes]) -> None:
        lay_in(self._folder, files)
        self.changed = True

    def _restart(self, environment: Mapping[str, str], files: Mapping[str, bytes]) -> None:
        if self._runs:
            self._running.stop(REQUEST_SECONDS)
        self.renew()
        self._application(environment, files)
        self.changed = True

    # ── the lab's own scripts ──

    def _driver(self, driver: str, name: str, args: list[Any]) -> Answer:
        far = self.far()
        made = getattr(Answer("", load_driver(far, driver), far), name)(*args)
        if made._raised is not None:
            raise Ours(f"the driver {driver} failed: {made._raised.told}")
        return Answer("", Outcome(made._ref, made._value), far)

    def _script(self, far: ChildFar, name: str, source: str) -> tuple[int, int]:
        """Load `folder` driver and a script of the lab's into a child; return their refs."""
        driver = load_driver(far, "folder")
        script = far.request("run_source", source=source, name=name)
        if script.raised is not None:
            raise Ours(f"{name}.py does not load: {script.raised.told}")
        return must_ref(driver), must_ref(script)

    def _read(self, name: str, args: tuple[Any, ...]) -> Outcome:
        if self._reader is None:
            self._reader = self._trusted_child(self.files())
            source = (self.lab.folder / "reader.py").read_text(encoding="utf-8")
            self._reader_refs = self._script(self._reader, "reader", source)
        far = self._reader
        driver, script = self._reader_refs
        bound = far.get(driver, "bound")
        function = far.call(must_ref(bound), (Ref(script), name), {})
        if function.raised is not None:
            raise Ours(f"reader.py: {function.raised.told}")
        try:
            outcome = far.call(must_ref(function), args, {})
        except ProcessEnded as error:
            raise Ours(f"reader.py: {error}") from error
        if outcome.raised is None and self.trace is not None:
            self.trace.append((name, outcome.value, None))
        return outcome if outcome.raised is None else Outcome(raised=unreadable(outcome.raised))

    def _built(self, files: dict[str, bytes]) -> dict[str, bytes]:
        """Run a script's `build(folder, case)` over the other files; return what it left.

        Where the starter is a script too, the script may import it as `starter`.
        """
        source = files.pop(BUILD).decode("utf-8")
        far = self._trusted_child(files)
        first = self.lab.folder / "starter" / BUILD
        try:
            if first.is_file():
                self._script(far, "starter", first.read_text(encoding="utf-8"))
            driver, script = self._script(far, "build", source)
            build = must_ref(far.get(driver, "build"))
            made = far.call(build, (Ref(script), self.case), {})
            if made.raised is not None:
                raise Ours(f"build.py: {made.raised.told}")
            return left_in(self._last_folder)
        except (ProcessEnded, Stopped) as error:
            raise Ours(f"build.py: {error}") from error
        finally:
            self._end_trusted(far)

    def _trusted_child(self, files: Mapping[str, bytes]) -> ChildFar:
        self._last_folder = self._fresh_folder(files)
        limits = replace(self.lab.limits, seconds=READER_SECONDS, wall_seconds=2 * READER_SECONDS)
        child = self._pool.child(self.lab, self._last_folder, limits, Profile.COMPUTE)
        return ChildFar(child, limits.wall_seconds)

    def _drop_reader(self) -> None:
        if self._reader is not None:
            self._end_trusted(self._reader)
            self._reader = None

    def _end_trusted(self, far: ChildFar) -> None:
        self._trusted_seconds += far.child.usage().cpu_seconds
        far.child.close()

    def _fresh_folder(self, files: Mapping[str, bytes] | None = None) -> Path:
        self._n_folders += 1
        folder = self._place / str(self._n_folders)
        folder.mkdir()
        write_files(folder, self._files if files is None else files)
        return folder
