"""Answers requests about objects that live in this process: import, call, look, let go.

Everything here runs beside the learner's code and may be lied to or replaced by it: the other
side of the pipe must not believe more of it than that it came from this process.
"""

# ruff: noqa: PTH118, PTH123
# The program starts sooner without pathlib.

import builtins
import importlib.abc
import inspect
import os
import sys
import threading
import types
from collections.abc import Callable
from typing import Any

from . import commands, exotics, faults, frames, values

_HANDLE_TEXT = 200
_LEAST_RECURSION = 1000


class Blocked(importlib.abc.MetaPathFinder):
    """Refuses to import the libraries that a lab is written without."""

    def __init__(self, names: list[str]) -> None:
        self.names = frozenset(names)
        self.kept = {name: sys.modules.pop(name) for name in list(sys.modules) if self.has(name)}

    def has(self, name: str) -> bool:
        """Say whether a module's name belongs to one of the libraries."""
        return name.partition(".")[0] in self.names

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> None:
        """Raise ImportError for a blocked name; leave others to the next finder."""
        if self.has(fullname):
            raise ImportError(
                f"this lab is written without {fullname.partition('.')[0]}", name=fullname
            )


class Server:
    """The objects of this process by number, and what may be asked about them."""

    def __init__(self, request_fd: int, reply_fd: int, folder: str, most_output: int) -> None:
        self.request_fd, self.reply_fd, self.folder = request_fd, reply_fd, folder
        self.most_output = most_output
        self.objects: dict[int, Any] = {}
        self.calls: dict[int, tuple[list[Any], dict[str, Any]]] = {}
        self.next_ref = 1
        self.marked = 1
        self.sequence = 0
        self.asker = 0
        self.ahead = bytearray()
        self.tags = {
            "r": lambda source, node, depth: self.objects[node[1]],
            "u": lambda source, node, depth: self.stub(node[1], node[2]),
            "T": exotics.make_tensor,
            "A": exotics.make_table,
        }
        self.lock = threading.RLock()

    def serve(self) -> None:
        """Answer requests until the other side closes."""
        while True:
            header, buffers = frames.receive(self.request_fd, self.ahead)
            self.sequence = header["seq"]
            if "asks" in header:
                self.answer_several(header["asks"], buffers)
            else:
                reply, sent = self.answer(header["op"], header["fields"], buffers)
                frames.send(self.reply_fd, {"seq": self.sequence, **reply}, sent)

    def answer_several(self, asks: list[Any], buffers: list[Any]) -> None:
        """Do what several requests say, one after another, and send their replies in one message.

        Each is `[op, fields, asker, first buffer, buffers]`, each reply has its buffers alike.
        An answer is copied, since the next request may change what it shows.
        """
        replies: list[Any] = []
        sent: list[Any] = []
        for op, fields, self.asker, first, count in asks:
            reply, more = self.answer(op, fields, buffers[first : first + count])
            replies.append([reply, len(sent), len(more)])
            sent += map(bytes, more)
        self.asker = 0
        frames.send(self.reply_fd, {"seq": self.sequence, "replies": replies}, sent)

    def answer(self, op: str, node: Any, buffers: list[Any]) -> tuple[dict[str, Any], list[Any]]:
        """Do what one request says; return the reply and its buffers."""
        try:
            fields = values.decode(node, self._source(buffers))
            if fields.pop("release_first", False):
                self.op_release()
            ref, value = getattr(self, "op_" + op)(**fields)
            flush()
            if sys.getrecursionlimit() < _LEAST_RECURSION:
                sys.setrecursionlimit(_LEAST_RECURSION)
            sink = values.Sink(lambda other, sink: self.opaque(other, sink, ref, value))
            return {"ok": ref, "value": values.encode(value, sink)}, sink.buffers
        except frames.Closed:
            raise
        except values.TooLarge as error:
            said = {"types": ["AnswerTooLarge"], "message": f"the answer {error}", "frames": []}
        except BaseException as error:
            said = faults.described(error, self.folder)
        flush()
        return {"raised": said}, []

    def opaque(self, other: Any, sink: values.Sink, ref: int = 0, whole: Any = None) -> Any:
        """Make the node of something that is not plain: a tensor, a table, or a handle.

        Those who ask side by side do not read what it looks like.
        """
        node = exotics.library_node(other, sink)
        if node is not None:
            return node
        number = ref if ref and other is whole else self.keep(other)
        text = "" if self.asker else shown(other)
        return ["h", number, type(other).__name__[:100], text]

    def keep(self, value: Any) -> int:
        """Retain an object and return its number."""
        ref, self.next_ref = self.next_ref, self.next_ref + 1
        self.objects[ref] = value
        return ref

    def kept(self, value: Any) -> tuple[int, Any]:
        """Retain an object and return number and object."""
        return self.keep(value), value

    def _source(self, buffers: list[Any]) -> values.Source:
        return values.Source(buffers, self.tags)

    def stub(self, number: int, name: str) -> Callable[..., Any]:
        """Make a function whose calls are answered on the other side."""

        def call(*args: Any, **kwargs: Any) -> Any:
            with self.lock:
                sink = values.Sink(self.opaque)
                node = values.encode([list(args), kwargs], sink)
                header = {"seq": self.sequence, "callback": number, "value": node}
                frames.send(self.reply_fd, header, sink.buffers)
                answer, buffers = frames.receive(self.request_fd, self.ahead)
                if "raise" in answer:
                    raise _builtin_error(*answer["raise"])
                return values.decode(answer["answer"], self._source(buffers))

        call.__name__ = call.__qualname__ = name
        return call

    def op_import_file(
        self, path: str, name: str, forbid: tuple[str, ...] | list[str] = ()
    ) -> tuple[int, Any]:
        """Run a file of the learner's folder as a module."""
        if forbid:
            sys.meta_path.insert(0, Blocked(list(forbid)))
        whole = os.path.join(self.folder, path)
        with open(whole, "rb") as stream:
            source = stream.read()
        return self._module(name, whole, self._compiled(source, whole))

    def _compiled(self, source: bytes, path: str) -> Any:
        try:
            return compile(source, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            if getattr(error, "filename", None):
                raise
            # A null byte: which error it is, and whether it says where, depends on the Python.
            line = source.count(b"\n", 0, max(source.find(b"\0"), 0)) + 1
            raise SyntaxError(str(error), (path, line, 1, "")) from None

    def op_run_source(self, source: str, name: str) -> tuple[int, Any]:
        """Run a driver that the other side wrote as a module."""
        path = f"<{name}>"
        return self._module(name, path, compile(source, path, "exec", dont_inherit=True))

    def _module(self, name: str, path: str, code: Any) -> tuple[int, Any]:
        module = types.ModuleType(name)
        module.__file__ = path
        sys.modules[name] = module
        try:
            exec(code, module.__dict__)
        except BaseException:
            sys.modules.pop(name, None)
            raise
        return self.kept(module)

    def op_get(self, ref: int, name: str) -> tuple[int, Any]:
        """Look up an attribute."""
        return self.kept(getattr(self.objects[ref], name))

    def op_look_up(self, ref: int, names: list[str]) -> tuple[int, Any]:
        """Look up several attributes: `[number, object]` each, number 0 where there is none.

        Only what can be called is sent; everything retained so far outlives `release`.
        """
        found = []
        for name in names:
            try:
                value = getattr(self.objects[ref], name)
            except BaseException:
                found.append([0, None])
                continue
            found.append([self.keep(value), value if callable(value) else None])
        self.op_mark()
        return 0, found

    def op_set(self, ref: int, name: str, value: Any) -> tuple[int, Any]:
        """Set an attribute."""
        setattr(self.objects[ref], name, value)
        return 0, None

    def op_item(self, ref: int, key: Any) -> tuple[int, Any]:
        """Look up an item."""
        return self.kept(self.objects[ref][key])

    def op_call(
        self, ref: int, args: Any = (), kwargs: Any = None, keep: bool = True
    ) -> tuple[int, Any]:
        """Call an object and retain what comes back."""
        kwargs = kwargs or {}
        try:
            result = self.objects[ref](*args, **kwargs)
        except BaseException:
            self.calls[-self.asker] = (list(args), kwargs)
            raise
        number = self.keep(result)
        if keep:
            self.calls[number] = (list(args), kwargs)
        return number, result

    def op_iterate(self, ref: int) -> tuple[int, Any]:
        """Make an iterator."""
        iterator = iter(self.objects[ref])
        return self.keep(iterator), None

    def op_next(self, ref: int) -> tuple[int, Any]:
        """Take the next item of an iterator."""
        return self.kept(next(self.objects[ref]))

    def op_enter(self, ref: int) -> tuple[int, Any]:
        """Enter a context."""
        return self.kept(type(self.objects[ref]).__enter__(self.objects[ref]))

    def op_exit(self, ref: int) -> tuple[int, Any]:
        """Leave a context without an exception."""
        return self.kept(type(self.objects[ref]).__exit__(self.objects[ref], None, None, None))

    def op_put(self, value: Any) -> tuple[int, Any]:
        """Retain a value that was sent."""
        return self.keep(value), None

    def op_fetch(self, ref: int) -> tuple[int, Any]:
        """Send an object as it is now."""
        return ref, self.objects[ref]

    def op_arguments(self, ref: int) -> tuple[int, Any]:
        """Send the arguments of the call that made an object, as now.

        0 is the last call that raised, of those who ask side by side the last of this asker.
        """
        args, kwargs = self.calls[ref or -self.asker]
        return 0, [args, kwargs]

    def op_len(self, ref: int) -> tuple[int, Any]:
        """Take the length of an object."""
        return 0, len(self.objects[ref])

    def op_names(self, ref: int) -> tuple[int, Any]:
        """List the public names that a module itself defines: `[name, kind, parameters]`."""
        module = self.objects[ref]
        return 0, [
            [name, *_kind(value)]
            for name, value in list(vars(module).items())
            if not name.startswith("_") and _is_own(value, module)
        ]

    def op_mark(self) -> tuple[int, Any]:
        """Remember where `release` shall go back to."""
        self.marked = self.next_ref
        return 0, None

    def op_release(self) -> tuple[int, Any]:
        """Let go of everything retained since the mark."""
        for ref in [ref for ref in self.objects if ref >= self.marked]:
            del self.objects[ref]
            self.calls.pop(ref, None)
        return 0, None

    def op_run_command(
        self,
        argv: list[str],
        env: dict[str, str] | None = None,
        seconds: float | None = None,
        stdin: str | bytes = b"",
    ) -> tuple[int, Any]:
        """Run a program of the environment in the learner's folder."""
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        return 0, commands.run(argv, env or {}, raw, seconds, self.most_output)


def flush() -> None:
    """Push out what was printed, so that it is seen even if the process dies next."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            continue


def shown(value: Any) -> str:
    """Return the `repr` of an object, cut, whatever its class does."""
    try:
        return faults.clean(repr(value), _HANDLE_TEXT)
    except BaseException:
        return faults.clean(f"<{type(value).__name__}>", _HANDLE_TEXT)


def _builtin_error(name: str, message: str) -> Exception:
    kind = getattr(builtins, name, None)
    if isinstance(kind, type) and issubclass(kind, Exception):
        try:
            return kind(message)
        except TypeError:
            pass
    return RuntimeError(f"{name}: {message}" if message else name)


def _is_own(value: Any, module: types.ModuleType) -> bool:
    if inspect.ismodule(value):
        return False
    return getattr(value, "__module__", module.__name__) == module.__name__


def _kind(value: Any) -> tuple[str, list[str]]:
    if inspect.isclass(value):
        return "class", []
    if not callable(value):
        return "other", []
    try:
        parameters = inspect.signature(value).parameters.values()
    except (TypeError, ValueError):
        return "function", []
    gathering = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return "function", [each.name for each in parameters if each.kind not in gathering]
