"""Steps of a workflow: the actions that the lab gives a meaning, and bash for the rest.

It runs in the sandbox. `run:` is executed by the real bash with GitHub's own options; the scripts
of the repository are stand-ins, whose outcome a story fixes and which cost no process each.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from actions_stand_ins import DELEGATE, STAND_INS

LOADERS = ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1")
SECONDS = 60
OUTPUTS = (b'{"name": "candidate', b"id,zone,actual,predicted")
DELEGATES = ("check_data.py", "train.py", "evaluate.py", "deploy.py")


class Refused(ValueError):
    """A workflow asks for something that the lesson leaves out; the message says what."""


def bash_words():
    """Return the words that start bash here, or none.

    The sandbox lets a child run programs of its environment and no others. The loader of the
    system is one of them, and it runs a bash that can be read.
    """
    found = next((each for each in ("/bin/bash", "/usr/bin/bash") if Path(each).exists()), None)
    for first in ([], *([each] for each in LOADERS if Path(each).exists())):
        if found is None:
            break
        try:
            if subprocess.run([*first, found, "-c", ":"], check=False).returncode == 0:
                return [*first, found]
        except OSError:
            continue
    return []


BASH_WORDS = bash_words()


class Shell:
    """The shell of one job: each step a new process, files and installed packages kept."""

    def __init__(self, home, plan, story):
        self.home, self.plan, self.story = home, plan, story
        self.state = home.parents[1] / "state"
        self.words, self.names = {}, {}
        for name in ("output", "env", "summary", "path"):
            self.names[name] = home / f"github_{name}"
        (home / "temp").mkdir()
        if not self.state.is_dir():
            self.lay_state()

    def lay_state(self):
        self.state.mkdir(parents=True)
        story = self.story
        known = {
            "STORY": story["number"], "DATA": story["data"], "TESTS": story["tests"],
            "PASSED": story["passed"], "SKIPPED": story["skipped"], "LEFT": story["left"],
        }  # fmt: skip
        lines = [f"STAND_IN_{name}={value}\n" for name, value in known.items()]
        (self.state / "stand_ins.sh").write_text("".join(lines) + STAND_INS, encoding="utf-8")
        (self.state / "pytest.py").write_text(DELEGATE.format(name='"-m", "pytest"'))
        for name in ("fresh", "train"):
            text = self.plan["files"][f"data/{name}.csv"].get(self.story["name"])
            text = text or self.plan["files"][f"data/{name}.csv"]["*"]
            (self.state / f"{name}.csv").write_text(text, encoding="utf-8")
        for name, which in self.story["predictions"].items():
            text = self.plan["predictions"][which]
            (self.state / f"{name}.csv").write_text(text, encoding="utf-8")

    def variables(self):
        """Return the environment of a step, without what the workflow adds."""
        kept = ("PATH", "LANG", "LC_ALL", "TZ", "PYTHONUTF8", "OMP_NUM_THREADS")
        loader = BASH_WORDS[0] if len(BASH_WORDS) > 1 else ""
        return {
            **{name: os.environ[name] for name in kept if name in os.environ},
            **{f"GITHUB_{k.upper()}": str(v) for k, v in self.names.items() if k != "summary"},
            "GITHUB_STEP_SUMMARY": str(self.names["summary"]),
            "HOME": str(self.home), "TMPDIR": str(self.home / "temp"), "CI": "true",
            "GITHUB_ACTIONS": "true", "RUNNER_OS": "Linux", "RUNNER_TEMP": str(self.home / "temp"),
            "BASH_ENV": str(self.state / "stand_ins.sh"), "PYTHONPATH": str(self.state),
            "STAND_IN_LOADER": loader, "STAND_IN_BASH": " ".join(BASH_WORDS),
            "STAND_IN_PYTHON": sys.executable, "STAND_IN_HOME": str(self.home),
            "STAND_IN_STATE": str(self.state), "STAND_IN_DATA_FILES": str(self.state),
            "STAND_IN_LOG": str(self.home / "called"),
        }  # fmt: skip

    def run(self, text, shell, where, env):
        """Run a step; return its exit status, what it said, and the stand-ins that it called."""
        if not where.is_dir():
            return 1, f"there is no folder {where.name}", []
        script = self.home / "step.sh"
        script.write_text(text, encoding="utf-8")
        for path in self.names.values():
            path.write_text("")
        called = self.home / "called"
        called.write_text("")
        try:
            ran = subprocess.run(
                [*self.starts(shell), str(script)],
                cwd=where, env={**self.variables(), **env}, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise Refused(f"a step runs for longer than {SECONDS} seconds: {text[:80]}") from None
        said = ran.stdout.decode("utf-8", "replace")
        lines = [each.split() for each in called.read_text(encoding="utf-8").splitlines()]
        return ran.returncode, said, [each for each in lines if each]

    def starts(self, shell):
        """Return the words before a script, as GitHub documents them for each `shell:`."""
        if shell is None:
            return [*BASH_WORDS, "-e"]
        if shell == "bash":
            return [*BASH_WORDS, "--noprofile", "--norc", "-eo", "pipefail"]
        if shell == "sh":
            return [*BASH_WORDS, "-e"]
        if shell == "python":
            return [sys.executable]
        if re.fullmatch(r"bash( -[\w-]+| pipefail)* \{0\}", str(shell)):
            return [*BASH_WORDS, *str(shell).split()[1:-1]]
        raise Refused(f"shell: {shell} is not among those of the lesson")

    def take(self, name):
        """Return the `name=value` lines that the last step left for later ones."""
        path, found, lines = self.names[name], {}, []
        if path.is_file():
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        while lines:
            line = lines.pop(0)
            word, equals, value = line.partition("=")
            if "<<" in word or not equals:
                word, _, end = line.partition("<<")
                inner = []
                while end and lines and (each := lines.pop(0)) != end:
                    inner.append(each)
                value = "\n".join(inner)
            if word.strip():
                found[word.strip()] = value
        return found


def _lay(folder, plan, story, head):
    """Lay the files of a commit: those of the story, and what the learner added to them."""
    files = {name: texts["*"].encode() for name, texts in plan["files"].items()}
    if head:
        for name, texts in plan["files"].items():
            files[name] = texts.get(story["name"], texts["*"]).encode()
    for name in DELEGATES:
        files[name] = DELEGATE.format(name=json.dumps(name)).encode() + files[name]
    laid = {**plan["own"], **files}
    for name, content in laid.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return laid


def checkout(job, given, seen):
    """actions/checkout: the event's commit, or that of `ref`."""
    story = job.run.story
    wanted = given.get("ref", "").strip()
    if given.get("repository") not in (None, "", "you/minutes", "stranger/minutes"):
        raise Refused(f"there is no repository {given['repository']} here")
    of_main = {"main", "refs/heads/main", story["base_sha"]}
    if story["event"] == "push":
        head = True
    elif wanted:
        head = wanted not in of_main
    else:
        head = story["event"] == "pull_request"
    folder = job.folder / given.get("path", ".")
    laid = _lay(folder, job.run.plan, story, head)
    job.laid |= {(folder / name).resolve() for name in laid}
    job.tree = seen["tree"] = "head" if head else "base"


def nothing(job, given, seen):
    """An action that prepares what the runner has anyway."""


def _files_at(folder, line):
    """Return the files that one line of `path:` means, and the folder that they count from."""
    line = line.strip().removeprefix("./").rstrip("/") or "."
    if "*" in line or "?" in line:
        files = [path for path in folder.glob(line) if path.is_file()]
        return files, folder.joinpath(*_before_star(line))
    place = folder / line
    if place.is_dir():
        return [path for path in place.rglob("*") if path.is_file()], place
    return ([place] if place.is_file() else []), place.parent


def _before_star(line):
    parts = []
    for part in line.split("/"):
        if "*" in part or "?" in part:
            break
        parts.append(part)
    return parts


def upload(job, given, seen):
    """actions/upload-artifact: keeps files of the job for later ones."""
    name = given.get("name") or "artifact"
    found, roots = [], []
    for line in given.get("path", "").splitlines():
        if line.strip() and not line.strip().startswith("!"):
            files, root = _files_at(job.folder, line)
            found += files
            roots.append(root.resolve())
    if name in job.run.artefacts:
        raise FileNotFoundError(f"there is an artifact named {name} already")
    if not found:
        if given.get("if-no-files-found", "warn") == "error":
            raise FileNotFoundError(f"no files were found at {given.get('path', '')!r}")
        return "no files were found, and no artifact was made"
    root = Path(os.path.commonpath(roots))
    files = {path.resolve().relative_to(root).as_posix(): path.read_bytes() for path in found}
    job.run.artefacts[name] = (job.name, files)
    return f"kept {', '.join(sorted(files))}"


def download(job, given, seen):
    """actions/download-artifact: lays what jobs kept that this one waits for."""
    folder = job.folder / given.get("path", ".")
    before = {job.name, *job.run.ancestors(job.name)}
    kept = {name: files for name, (by, files) in job.run.artefacts.items() if by in before}
    name = given.get("name")
    if name:
        if name not in kept:
            raise FileNotFoundError(f"there is no artifact named {name}")
        chosen = {"": kept[name]}
    elif given.get("merge-multiple") == "true":
        chosen = {"": {path: text for files in kept.values() for path, text in files.items()}}
    else:
        chosen = kept
    for inner, files in chosen.items():
        for path, content in files.items():
            place = folder / inner / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    return f"laid {', '.join(sorted(path for files in chosen.values() for path in files))}"


def made_here(job, lines):
    """Return the files at these paths that the repository's scripts made, such as a model."""
    within = [line.strip() for line in lines if not line.strip().startswith(("!", "~", "/"))]
    found = {path.resolve() for line in within if line for path in _files_at(job.folder, line)[0]}
    made = [path for path in found - job.laid if path.read_bytes().startswith(OUTPUTS)]
    return sorted(path.name for path in made)


def cache(job, given, seen):
    """actions/cache: its key and its paths are noted; nothing is ever found under it."""
    seen["cache"] = given.get("key", "")
    job.caches.append((seen, given.get("path", "").splitlines()))
    return "nothing was found under this key"


ACTIONS = {
    "actions/checkout": checkout,
    "actions/setup-python": nothing,
    "actions/upload-artifact": upload,
    "actions/download-artifact": download,
    "actions/cache": cache,
    "actions/cache/restore": cache,
    "actions/cache/save": cache,
    "astral-sh/setup-uv": nothing,
}
