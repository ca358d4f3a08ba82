"""A model of `docker build`: stages, layers, what each weighs, and what the cache keeps.

An instruction is taken from the cache when its text, what it copies or mounts, and all before it
in its stage are as they were. A file that a later layer deletes weighs as much as before. Stages
that the last one does not need are not built. An instruction that fails is noted, and the build
goes on as if it had worked, so that one fault hides no other.
"""

import hashlib
import posixpath
import re
import shlex
from dataclasses import dataclass, field

from simulators import docker_copy
from simulators.docker_ignore import Ignore
from simulators.docker_images import File, find_image
from simulators.docker_run import SECRET, Mount, Shell, run
from simulators.docker_shell import expand
from simulators.docker_stage import (
    FOLDER,
    Layer,
    Stage,
    absolute,
    allowed,
    continued,
    is_below,
    started,
)
from simulators.docker_text import Instruction, exec_form, flags_of, pairs

MOST_INSTRUCTIONS = 300
SECRET_PLACE = "/run/secrets/"


class UnknownImage(Exception):
    """A stage begins with an image that the model does not know."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An instruction that does not work."""

    instruction: Instruction
    why: str

    def __str__(self) -> str:
        return f"{self.instruction.short}: {self.why}"


@dataclass
class Built:
    """What a build made."""

    stages: dict[int, Stage] = field(default_factory=dict)
    """The stages that were needed, by their number."""
    names: list[str] = field(default_factory=list)
    images: list[tuple[Instruction, str]] = field(default_factory=list)
    """Every image from outside that was used, and where."""
    failures: list[Failure] = field(default_factory=list)

    @property
    def last(self) -> Stage:
        """The stage whose image is kept."""
        return self.stages[max(self.stages)]

    @property
    def layers(self) -> list[Layer]:
        """The layers of all needed stages, each once."""
        found = {layer.key: layer for stage in self.stages.values() for layer in stage.layers}
        return list(found.values())

    @property
    def base_mb(self) -> float:
        """What the base of the last stage weighs."""
        image = find_image(self.last.base)
        return sum(file.mb for file in image.files.values()) if image else 0.0

    @property
    def mb(self) -> float:
        """What the image weighs: its base and every layer."""
        return self.base_mb + sum(layer.mb for layer in self.last.layers)


def build(instructions, context, ignore, world, secret) -> Built:
    """Build the last stage of a Dockerfile; `secret` is the id of the one that is given.

    `context` is path to File, before the ignore file is asked. Raises `UnknownImage`.
    """
    return _Builder(instructions[:MOST_INSTRUCTIONS], context, ignore, world, secret).build()


def _key(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


class _Builder:
    def __init__(self, instructions, context, ignore: Ignore, world, secret: str) -> None:
        self.all_files = context
        self.ignore = ignore
        self.context = {path: file for path, file in context.items() if ignore.lets_in(path)}
        self.world, self.secret = world, secret
        self.built = Built()
        self.globals: dict[str, str] = {}
        self.parts: list[list[Instruction]] = []
        for each in instructions:
            if each.name == "FROM":
                self.parts.append([each])
            elif self.parts:
                self.parts[-1].append(each)
            elif each.name == "ARG":
                for name, value in pairs(each.value):
                    self.globals[name] = expand(value, self.globals)

    def build(self) -> Built:
        self.built.names = [self._from(part[0])[1] for part in self.parts]
        self._stage(len(self.parts) - 1)
        return self.built

    def _from(self, first: Instruction) -> tuple[str, str]:
        _, rest = flags_of(first.value)
        words = expand(rest, self.globals).split()
        name = words[2].lower() if len(words) > 2 and words[1].upper() == "AS" else ""
        return (words[0] if words else ""), name

    def _stage(self, number: int) -> Stage:
        if number in self.built.stages:
            return self.built.stages[number]
        first, *rest = self.parts[number]
        base, name = self._from(first)
        earlier = self._earlier(base, number)
        if earlier is not None:
            stage = continued(name, self._stage(earlier))
        else:
            image = self._image(first, base)
            stage = started(name, base, image)
            stage.chain = _key(base)
        for each in rest:
            self._do(stage, each, number)
        self.built.stages[number] = stage
        return stage

    def _do(self, stage: Stage, each: Instruction, number: int) -> None:
        known = {
            "RUN": self._run, "COPY": self._copy, "ADD": self._copy, "ARG": self._arg,
            "ENV": self._env, "WORKDIR": self._workdir, "USER": self._user, "SHELL": self._shell,
            "CMD": self._cmd, "ENTRYPOINT": self._entrypoint, "STOPSIGNAL": self._stop_signal,
            "HEALTHCHECK": self._health,
        }  # fmt: skip
        if each.name in known:
            known[each.name](stage, each, number)
            return
        if each.name not in ("LABEL", "EXPOSE", "VOLUME", "ONBUILD", "MAINTAINER"):
            self._fail(each)(f"there is no instruction {each.name}")
        stage.chain = _key(stage.chain, each.name, each.value)

    def _image(self, where: Instruction, reference: str):
        image = find_image(reference)
        if image is None:
            raise UnknownImage(f"{where.short}: the model does not know the image {reference!r}")
        self.built.images.append((where, reference))
        return image

    def _earlier(self, name: str, number: int) -> int | None:
        """Return the number of an earlier stage that goes by this name."""
        if name.lower() in self.built.names[:number]:
            return number - 1 - self.built.names[:number][::-1].index(name.lower())
        return int(name) if name.isdigit() and int(name) < number else None

    def _fail(self, instruction: Instruction):
        def fails(why: str) -> None:
            failure = Failure(instruction, why)
            if failure not in self.built.failures:
                self.built.failures.append(failure)

        return fails

    def _source(self, instruction: Instruction, name: str, number: int) -> dict[str, File]:
        """Return the files that `--from` or `from=` names."""
        name = expand(name, self.globals)
        earlier = self._earlier(name, number)
        if earlier is not None:
            return self._stage(earlier).files
        return self._image(instruction, name).files

    # instructions that change files

    def _run(self, stage: Stage, each: Instruction, number: int) -> None:
        flags, rest = flags_of(each.value)
        mounts = [
            self._mount(stage, each, value, number) for name, value in flags if name == "mount"
        ]
        bound = [
            (path, file.content)
            for mount in mounts
            if mount.kind == "bind"
            for path, file in mount.files.items()
        ]
        key = _key(stage.chain, each.value, each.documents, sorted(stage.arguments.items()), bound)
        before = dict(stage.files)
        fails = self._fail(each)
        shell = Shell(stage, self.world, mounts, key, fails)
        words = exec_form(rest)
        if words is None and stage.shell[0] not in stage.files and stage.shell[0].startswith("/"):
            fails(f"there is no {stage.shell[0]} in {stage.base}")
        elif words is not None:
            run(shell, shlex.join(words))
        else:
            run(shell, _script(shell, rest, each.documents))
        self._layer(stage, each, key, before, shell.installs)
        stage.chain = key

    def _mount(self, stage: Stage, each: Instruction, value: str, number: int) -> Mount:
        said = dict(part.partition("=")[::2] for part in value.split(","))
        kind = said.get("type", "bind")
        target = said.get("target") or said.get("dst") or said.get("destination") or ""
        target = absolute(expand(target, stage.variables()), stage.workdir) if target else ""
        if kind == SECRET:
            return self._secret(stage, each, said, target)
        if kind != "bind":
            return Mount(kind, target, {})
        source = said.get("source") or said.get("src") or "/"
        if "from" in said:
            files = self._source(each, said["from"], number)
        else:
            files = {f"/{path}": file for path, file in self.context.items()}
        source = absolute(expand(source, stage.variables()), "/")
        found = {p: file for p, file in files.items() if is_below(p, source)}
        if not found and source != "/":
            self._fail(each)(self._why_missing(source.lstrip("/"), "from" in said))
        moved = {docker_copy.moved(path, source, target): file for path, file in found.items()}
        return Mount(kind, target, moved)

    def _secret(self, stage: Stage, each: Instruction, said, target: str) -> Mount:
        name = said.get("id") or posixpath.basename(target)
        variable = said.get("env", "")
        place = target or SECRET_PLACE + name
        if name != self.secret:
            if said.get("required", "false") != "false":
                self._fail(each)(f"no secret {name!r} is given to this build")
            return Mount("none", place, {})
        user = stage.who()
        mode = said.get("mode", "400")
        bits = int(mode, 8) if re.fullmatch("[0-7]{3,4}", mode) else 0o400
        number = int(said["uid"]) if said.get("uid", "").isdigit() else 0
        if user and not variable and not allowed(number, 0, bits, user, 0o4):
            self._fail(each)(
                f"the secret has mode {mode} and is not for {user.name}: uid= is missing"
            )
            return Mount("none", place, {})
        file = File(0.0, SECRET, frozenset({SECRET}), mode=0o400)
        return Mount(SECRET, place, {} if variable and not target else {place: file}, variable)

    def _copy(self, stage: Stage, each: Instruction, number: int) -> None:
        order = docker_copy.read_order(stage, each, self._fail(each))
        if order is None:
            return
        if order.source_stage:
            root = self._source(each, order.source_stage, number)
        else:
            root = {f"/{path}": file for path, file in self.context.items()}

        def missing(source: str) -> None:
            self._fail(each)(self._why_missing(source, bool(order.source_stage)))

        places = docker_copy.lay(stage, each, order, root, missing)
        files = {path: stage.files[path] for path in places}
        inside = sorted((path, file.content, file.mode) for path, file in files.items())
        key = _key("link" if order.link else stage.chain, each.value, each.documents, inside)
        stage.layers.append(Layer(each.line, each.short, key, files))
        stage.chain = _key(stage.chain, key) if order.link else key

    def _why_missing(self, source: str, from_stage: bool) -> str:
        if from_stage:
            return f"there is no {source} in what it copies from"
        place = absolute(source, "/").lstrip("/")
        hidden = [path for path in self.all_files if path == place or path.startswith(place + "/")]
        if not hidden:
            return f"there is no {source} in the project"
        pattern = self.ignore.decides(hidden[0])
        said = (
            f"line {pattern.line} of .dockerignore, {pattern.text}"
            if pattern
            else "an earlier rule"
        )
        return f"{source} is not in the context: {said}, keeps it out"

    def _layer(self, stage: Stage, each: Instruction, key: str, before, installs: bool) -> None:
        changed = {p: file for p, file in stage.files.items() if before.get(p) is not file}
        changed = {p: file for p, file in changed.items() if before.get(p) != file}
        stage.layers.append(Layer(each.line, each.short, key, changed, installs))

    # instructions that say something about the image

    def _arg(self, stage: Stage, each: Instruction, number: int) -> None:
        for name, value in pairs(each.value):
            known = expand(value, stage.variables()) or self.globals.get(name, "")
            stage.arguments[name] = known

    def _env(self, stage: Stage, each: Instruction, number: int) -> None:
        said = stage.variables()
        for name, value in pairs(each.value):
            stage.environment[name] = expand(value, said)
        stage.chain = _key(stage.chain, sorted(stage.environment.items()))

    def _workdir(self, stage: Stage, each: Instruction, number: int) -> None:
        stage.workdir = absolute(
            expand(each.value.strip().strip("\"'"), stage.variables()), stage.workdir
        )
        if stage.workdir != "/":
            stage.folders.setdefault(stage.workdir, FOLDER)
        stage.chain = _key(stage.chain, "WORKDIR", stage.workdir)

    def _user(self, stage: Stage, each: Instruction, number: int) -> None:
        stage.user = expand(each.value.strip().strip("\"'"), stage.variables())
        if stage.who() is None:
            self._fail(each)("nothing above has made a user or group of that name")
        stage.chain = _key(stage.chain, "USER", stage.user)

    def _shell(self, stage: Stage, each: Instruction, number: int) -> None:
        stage.shell = exec_form(each.value) or stage.shell
        stage.chain = _key(stage.chain, "SHELL", stage.shell)

    def _cmd(self, stage: Stage, each: Instruction, number: int) -> None:
        words = exec_form(each.value)
        stage.command = each.value.strip() if words is None else words
        stage.chain = _key(stage.chain, "CMD", each.value)

    def _entrypoint(self, stage: Stage, each: Instruction, number: int) -> None:
        words = exec_form(each.value)
        stage.entrypoint = each.value.strip() if words is None else words or None
        stage.chain = _key(stage.chain, "ENTRYPOINT", each.value)

    def _stop_signal(self, stage: Stage, each: Instruction, number: int) -> None:
        stage.stop_signal = each.value.strip().upper()

    def _health(self, stage: Stage, each: Instruction, number: int) -> None:
        _, rest = flags_of(each.value)
        found = re.match(r"CMD\s+(.*)", rest, re.IGNORECASE | re.DOTALL)
        words = exec_form(found[1]) if found else None
        stage.health = (words or found[1].strip()) if found else None


def _script(shell: Shell, rest: str, documents) -> str:
    """Return the script of a RUN in shell form."""
    if not documents:
        return rest
    texts = dict(documents)
    cut = re.compile(r"<<-?\s*([\"']?)(\w+)\1")
    shell.document = "\n".join(texts.values())
    left = cut.sub("", rest).strip()
    if left and left not in ("sh", "bash", "/bin/sh", "/bin/bash", "bash -e", "sh -e", "bash -ex"):
        return left
    script, shell.document = shell.document, ""
    first = script.partition("\n")[0]
    return script if not first.startswith("#!") or "sh" in first else "true"
