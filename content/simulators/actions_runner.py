"""Walks workflows of GitHub Actions over seeded commits: real steps in a real bash.

It runs in the sandbox, from a plan that the judge wrote, and prints what happened as one line of
JSON that begins with the plan's nonce. Of a workflow it knows what the lab's lesson lists; the rest
is refused with a sentence. It decides nothing about right and wrong.
"""

import contextlib
import gc
import importlib
import itertools
import json
import os
import re
import shutil
import sys
import tempfile
import traceback
import types
from pathlib import Path

import actions_expressions as expressions
from actions_job import Job, chosen, listed
from actions_steps import BASH_WORDS, Refused

MAIN = "main"
MOST_SAID = 800
PRELOADED = ("numpy", "pandas", "scipy")
JOB_KEYS = {
    "name", "runs-on", "needs", "if", "permissions", "environment", "concurrency", "outputs", "env",
    "defaults", "steps", "timeout-minutes", "strategy", "continue-on-error",
}  # fmt: skip


def starts(document, story):
    """Say whether an event starts a workflow, by its `on:`."""
    on = document.get("on", document.get("true", document.get(True)))
    events = on if isinstance(on, dict) else dict.fromkeys(listed(on))
    unknown = set(events) & {"workflow_run", "workflow_call"}
    if unknown:
        raise Refused(f"the trigger {sorted(unknown)[0]} is not among those of the lesson")
    if story["event"] not in events:
        return False
    wanted = events[story["event"]] or {}
    branch = story["branch"] if story["event"] == "push" else MAIN
    if story["event"] == "push" and "branches" not in wanted and "branches-ignore" not in wanted:
        if {"tags", "tags-ignore"} & set(wanted):
            return False
    if "branches" in wanted and not chosen(listed(wanted["branches"]), branch):
        return False
    if chosen(listed(wanted.get("branches-ignore")), branch):
        return False
    if "types" in wanted and "synchronize" not in listed(wanted["types"]):
        return False
    if "paths" in wanted and not any(chosen(listed(wanted["paths"]), p) for p in story["changed"]):
        return False
    ignored = listed(wanted.get("paths-ignore"))
    return not (ignored and all(chosen(ignored, path) for path in story["changed"]))


def github_context(story, name, token):
    """Return the `github` context of an event, as far as a workflow of this lab looks."""
    own, fork = "you/minutes", "stranger/minutes"
    repository = {"full_name": own, "default_branch": MAIN, "fork": False, "name": "minutes"}
    pull = story["event"] != "push"
    head = {"ref": story["branch"], "sha": story["sha"]}
    head["repo"] = {"full_name": fork if story["fork"] else own, "fork": story["fork"]}
    context = {
        "event_name": story["event"], "repository": own, "repository_owner": "you",
        "actor": "stranger" if story["fork"] else "you", "workflow": name, "token": token,
        "run_id": story["run"], "run_number": story["run"] % 1000, "run_attempt": "1",
        "sha": story["sha"], "ref_type": "branch", "head_ref": "", "base_ref": "",
        "ref": f"refs/heads/{story['branch']}", "ref_name": story["branch"], "ref_protected": True,
        "server_url": "https://github.com", "api_url": "https://api.github.com", "job": "",
        "workspace": "", "event": {"repository": repository, "ref": f"refs/heads/{MAIN}"},
    }  # fmt: skip
    if not pull:
        context["event"] |= {"ref": context["ref"], "after": story["sha"], "forced": False}
        context["event"]["head_commit"] = {"id": story["sha"], "message": story["title"]}
        return context
    number = 17
    base = {"ref": MAIN, "sha": story["base_sha"], "repo": repository}
    request = {"number": number, "head": head, "base": base, "draft": False, "merged": False}
    request |= {"title": story["title"], "user": {"login": context["actor"]}, "labels": []}
    context["event"] |= {"action": "synchronize", "number": number, "pull_request": request}
    context |= {"head_ref": story["branch"], "base_ref": MAIN}
    context |= {"ref": f"refs/pull/{number}/merge", "ref_name": f"{number}/merge"}
    if story["event"] == "pull_request_target":
        context |= {"ref": f"refs/heads/{MAIN}", "ref_name": MAIN, "sha": story["base_sha"]}
    return context


def combinations(strategy):
    """Return the combinations of a matrix; one empty one without."""
    matrix = (strategy or {}).get("matrix") or {}
    if not isinstance(matrix, dict) or {"include", "exclude"} & set(matrix):
        raise Refused("a matrix is given here by lists of values, without include and exclude")
    columns = [[(name, value) for value in listed(values)] for name, values in matrix.items()]
    return [dict(each) for each in itertools.product(*columns)]


class Run:
    """One workflow on one event."""

    def __init__(self, path, document, story, plan, place):
        self.path, self.document, self.story, self.plan = path, document, story, plan
        self.place, self.name = place, str(document.get("name", path))
        self.github = github_context(story, self.name, plan["job_token"])
        self.jobs, self.seen, self.artefacts = {}, [], {}
        self.n_steps = 0

    def contexts(self, **more):
        base = {"github": self.github, "vars": {}, "inputs": {}, "env": {}, "matrix": {}}
        base |= {"runner": {"os": "Linux", "arch": "X64", "temp": str(self.place / "temp")}}
        return {**base, "strategy": {}, "needs": {}, "secrets": {}, "steps": {}, "job": {}, **more}

    def order(self):
        """Return the ids of the jobs, each after those that it needs."""
        jobs, placed = self.document.get("jobs") or {}, []
        for name, job in jobs.items():
            wrong = sorted(set(job) - JOB_KEYS)
            if wrong:
                raise Refused(f"the job {name} has {wrong[0]}:, which this runner does not know")
            lost = [need for need in listed(job.get("needs")) if need not in jobs]
            if lost:
                raise Refused(f"the job {name} needs {lost[0]}, and there is no such job")
        while len(placed) < len(jobs):
            ready = [
                name
                for name, job in jobs.items()
                if name not in placed and set(listed(job.get("needs"))) <= set(placed)
            ]
            if not ready:
                raise Refused("jobs need one another in a circle")
            placed += ready
        return placed

    def ancestors(self, name):
        jobs = self.document["jobs"]
        found, waiting = set(), listed(jobs[name].get("needs"))
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += listed(jobs[one].get("needs"))
        return found

    def group(self, where):
        """Return the evaluated name of a concurrency group, or None."""
        setting = where.get("concurrency")
        name = setting.get("group") if isinstance(setting, dict) else setting
        if name is None:
            return None
        return expressions.as_text(expressions.insert(str(name), self.contexts(), {}))

    def walk(self):
        """Run every job whose time comes, and say what became of each."""
        groups = {}
        for name in self.order():
            job = self.document["jobs"][name]
            groups[name] = [self.group(self.document), self.group(job)]
            needs = {
                need: {k: self.jobs[need][k] for k in ("result", "outputs")}
                for need in listed(job.get("needs"))
            }
            before = [self.jobs[each] for each in self.ancestors(name)]
            if not self.starts_job(job, needs, before):
                self.jobs[name] = {"result": "skipped", "outputs": {}, "red": False}
                continue
            ends = [
                Job(self, name, job, needs, values, number).walk()
                for number, values in enumerate(combinations(job.get("strategy")))
            ]
            failed = any(end["failed"] for end in ends)
            forgiven = any(end["forgiven"] for end in ends)
            outputs = {key: value for end in ends for key, value in end["outputs"].items()}
            result = "failure" if failed and not forgiven else "success"
            self.jobs[name] = {"result": result, "outputs": outputs, "red": result == "failure"}
        red = any(job["red"] for job in self.jobs.values())
        results = {name: job["result"] for name, job in self.jobs.items()}
        return {
            "workflow": self.path, "event": self.story["event"],
            "conclusion": "failure" if red else "success",
            "jobs": results, "groups": groups, "steps": self.seen,
        }  # fmt: skip

    def starts_job(self, job, needs, before):
        results = [each["result"] for each in before]
        functions = {
            "success": lambda *_: all(each == "success" for each in results),
            "failure": lambda *_: "failure" in results,
            "always": lambda: True,
            "cancelled": lambda: False,
        }
        return expressions.condition(job.get("if", ""), self.contexts(needs=needs), functions)


def walked(story, plan, place):
    """Return what the workflows of the plan do on one event."""
    place.mkdir(parents=True)
    runs = []
    try:
        for path, document in sorted(plan["workflows"].items()):
            for event in story["events"]:
                one = {**story, "event": event}
                if starts(document, one):
                    runs.append(Run(path, document, one, plan, place / str(len(runs))).walk())
    except (Refused, expressions.NotAnExpression) as error:
        return {"refused": str(error)}
    except Exception:
        return {"trouble": traceback.format_exc()[-2000:]}
    return {"runs": runs, "by_file": started_by(plan, story)}


def started_by(plan, story):
    """For each file of the repository, the workflows that start where it alone was changed."""
    found = {}
    for path in [*plan["given"], "gate.py"]:
        ones = [{**story, "event": event, "changed": [path]} for event in story["events"]]
        found[path] = sorted(
            name for name, document in plan["workflows"].items()
            if any(starts(document, one) for one in ones)
        )  # fmt: skip
    return found


def preload(gate):
    """Import here what a gate imports, so that its forks need not do so one by one."""
    text = gate.read_text(encoding="utf-8", errors="replace") if gate.is_file() else ""
    for name in re.findall(r"^\s*(?:import|from)\s+([\w.]+)", text, re.MULTILINE):
        if name.split(".")[0] in (*PRELOADED, *sys.stdlib_module_names):
            with contextlib.suppress(Exception):
                importlib.import_module(name)


def compiled(gate):
    """Compile a gate once; None where that fails, so that each run says why."""
    try:
        return compile(gate.read_text(encoding="utf-8"), gate, "exec")
    except (OSError, ValueError, SyntaxError):
        return None


def gated(asked, place, gate, program):
    """Run gate.py on the files of one comparison in a fork, as `python gate.py` would run it."""
    place.mkdir(parents=True)
    for name, text in asked["files"].items():
        (place / name).write_text(text, encoding="utf-8")
    said = place / "said"
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(out, 1)
            os.dup2(out, 2)
            sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
            os.chdir(place)
            sys.path[0] = str(gate.parent)
            sys.argv = [str(gate), *asked["words"]]
            module = types.ModuleType("__main__")
            module.__file__ = str(gate)
            sys.modules["__main__"] = module
            try:
                if program is None:
                    program = compile(gate.read_text(encoding="utf-8"), gate, "exec")
                exec(program, module.__dict__)
                code = 0
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
                if isinstance(ended.code, str):
                    print(ended.code, file=sys.stderr)
            except BaseException:
                traceback.print_exc()
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code & 0xFF)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    text = said.read_text(encoding="utf-8", errors="replace") if said.exists() else ""
    return {"exit": code, "said": text[-MOST_SAID:]}


def roomy():
    """Return a new folder, in memory where the sandbox has one: files by the hundred are made."""
    for place in ("/dev/shm", os.environ.get("TMPDIR", ""), "."):
        with contextlib.suppress(OSError):
            return Path(tempfile.mkdtemp(dir=place or None)).resolve()
    raise RuntimeError("there is no folder to work in")


def main():
    """Read the plan, take it out of reach, and do what it says."""
    here = Path("plan.json")
    plan = json.loads(here.read_text(encoding="utf-8"))
    for each in [here, *Path().glob("actions_*.py")]:
        each.unlink(missing_ok=True)
    shutil.rmtree("__pycache__", ignore_errors=True)
    told = {"bash": bool(BASH_WORDS), "stories": {}, "gates": []}
    work = roomy()
    own = {
        path.relative_to(".").as_posix(): path.read_bytes()
        for path in Path().rglob("*")
        if path.is_file() and ".tmp" not in path.parts and path.as_posix() not in plan["given"]
    }
    plan["own"] = own
    preload(Path("gate.py"))
    gate = Path("gate.py").resolve()
    program = compiled(gate)
    gc.freeze()
    for number, asked in enumerate(plan["gates"]):
        told["gates"].append(gated(asked, work / f"gate-{number}", gate, program))
    for number, story in enumerate(plan["stories"]):
        told["stories"][story["name"]] = walked(story, plan, work / f"story-{number}")
    shutil.rmtree(work, ignore_errors=True)
    print(plan["nonce"] + json.dumps(told))


if __name__ == "__main__":
    main()
