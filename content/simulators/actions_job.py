"""One job of a workflow: its folder, its secrets, and its steps in order.

It runs in the sandbox and decides nothing about right and wrong.
"""

import hashlib
import re

import actions_expressions as expressions
from actions_steps import ACTIONS, Refused, Shell, made_here

MOST_STEPS = 400
MOST_TEXT = 400
STEP_KEYS = {
    "id", "if", "name", "uses", "run", "with", "env", "shell", "working-directory",
    "continue-on-error", "timeout-minutes",
}  # fmt: skip


def listed(value):
    """Return one or several as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def pattern(glob):
    """Return a regular expression for a filter of branches or paths."""
    made = ""
    for piece in re.split(r"(\*\*/|\*\*|\*|\?|\+|\[[^\]]*\])", str(glob)):
        made += {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}.get(piece) or (
            piece if piece in ("?", "+") or piece.startswith("[") else re.escape(piece)
        )
    return made


def chosen(globs, name):
    """Say whether the last of the filters that fits a name lets it in."""
    taken = False
    for glob in map(str, globs):
        no = glob.startswith("!")
        if re.fullmatch(pattern(glob[no:]), name):
            taken = not no
    return taken


class Job:
    """One job, on a machine of its own with an empty folder."""

    def __init__(self, run, name, job, needs, values, number):
        self.run, self.name, self.job, self.needs, self.values = run, name, job, needs, values
        self.home = run.place / f"{name}-{number}"
        self.folder = self.home / "work"
        self.folder.mkdir(parents=True)
        self.failed, self.steps, self.added = False, {}, {}
        self.tree, self.pinned = None, []
        self.caches, self.laid = [], set()
        self.environment = self.environment_name()
        self.shell = Shell(self.home, run.plan, run.story)

    def environment_name(self):
        setting = self.job.get("environment")
        name = setting.get("name") if isinstance(setting, dict) else setting
        made = expressions.insert(str(name), self.run.contexts(needs=self.needs), {})
        return expressions.as_text(made) if name is not None else ""

    def secrets(self):
        story, plan = self.run.story, self.run.plan
        stranger = story["fork"] and story["event"] == "pull_request"
        known = {"GITHUB_TOKEN": plan["job_token"]}
        if not stranger and self.environment == plan["environment"]:
            known |= plan["secrets"]
        return known

    def contexts(self, env):
        return self.run.contexts(
            env=env, needs=self.needs, secrets=self.secrets(), steps=self.steps, matrix=self.values,
            job={"status": "failure" if self.failed else "success"},
        )  # fmt: skip

    def functions(self):
        return {
            "success": lambda *_: not self.failed,
            "failure": lambda *_: self.failed,
            "always": lambda: True,
            "cancelled": lambda: False,
            "hashFiles": self.hash_files,
        }

    def hash_files(self, *globs):
        found = hashlib.sha256()
        there = sorted(path for path in self.folder.rglob("*") if path.is_file())
        fitting = [
            path
            for path in there
            if chosen([str(each).removeprefix("./") for each in globs], self.relative(path))
        ]
        for path in fitting:
            found.update(hashlib.sha256(path.read_bytes()).digest())
        return found.hexdigest() if fitting else ""

    def relative(self, path):
        return path.relative_to(self.folder).as_posix()

    def inserted(self, value, env):
        made = expressions.insert(str(value), self.contexts(env), self.functions())
        return expressions.as_text(made if not isinstance(value, bool) else value)

    def walk(self):
        run = self.run
        env = {}
        for each in (run.document.get("env"), self.job.get("env")):
            env |= {name: self.inserted(value, env) for name, value in (each or {}).items()}
        for place, step in enumerate(self.job.get("steps") or []):
            run.n_steps += 1
            if run.n_steps > MOST_STEPS:
                raise Refused(f"there are more than {MOST_STEPS} steps")
            self.step(place, step, {**env, **self.added})
        for seen, paths in self.caches:
            seen["cached"] = made_here(self, paths)
        outputs = {
            name: self.inserted(value, env)
            for name, value in (self.job.get("outputs") or {}).items()
        }
        forgiven = self.job.get("continue-on-error", False)
        if isinstance(forgiven, str):
            forgiven = expressions.truthy(
                expressions.insert(forgiven, self.contexts(env), self.functions())
            )
        return {"failed": self.failed, "forgiven": bool(forgiven), "outputs": outputs}

    def step(self, place, step, env):
        wrong = sorted(set(step) - STEP_KEYS)
        if wrong:
            raise Refused(f"a step of {self.name} has {wrong[0]}:, which this runner does not know")
        own = {name: self.inserted(value, env) for name, value in (step.get("env") or {}).items()}
        env = {**env, **own}
        seen = {
            "job": self.name, "place": place, "environment": self.environment, "tree": self.tree,
            "outcome": "skipped", "secret": False, "said": "",
        }  # fmt: skip
        self.run.seen.append(seen)
        key = step.get("id") or f"__{place}"
        self.steps[key] = {"outputs": {}, "outcome": "skipped", "conclusion": "skipped"}
        if not expressions.condition(step.get("if", ""), self.contexts(env), self.functions()):
            return
        outputs = {}
        if "uses" in step:
            good = self.use(step, env, seen)
        else:
            good = self.command(step, env, seen, outputs)
        seen["outcome"] = outcome = "success" if good else "failure"
        forgiven = step.get("continue-on-error", False)
        if isinstance(forgiven, str):
            forgiven = expressions.truthy(
                expressions.insert(forgiven, self.contexts(env), self.functions())
            )
        self.failed |= not good and not forgiven
        conclusion = "success" if good or forgiven else "failure"
        self.steps[key] = {"outputs": outputs, "outcome": outcome, "conclusion": conclusion}

    def use(self, step, env, seen):
        given = {
            str(name).lower(): self.inserted(value, env)
            for name, value in (step.get("with") or {}).items()
        }
        action, _, _ = str(step["uses"]).partition("@")
        seen["uses"] = step["uses"]
        seen["secret"] = self.holds_a_secret([*given.values(), *env.values()])
        if action.lower() not in ACTIONS:
            raise Refused(f"{step['uses']} is not among the actions of the lesson")
        try:
            seen["said"] = ACTIONS[action.lower()](self, given, seen) or ""
        except FileNotFoundError as error:
            seen["said"] = str(error)
            return False
        return True

    def holds_a_secret(self, words):
        """Say whether a secret stands in what a step is given."""
        return any(each in word for each in self.run.plan["secrets"].values() for word in words)

    def command(self, step, env, seen, outputs):
        text = self.inserted(step["run"], env)
        secrets = self.run.plan["secrets"].values()
        seen["secret"] = self.holds_a_secret([text, *env.values()])
        defaults = {}
        for each in (self.run.document, self.job):
            defaults |= (each.get("defaults") or {}).get("run") or {}
        shell = step.get("shell", defaults.get("shell"))
        where = self.folder / str(
            step.get("working-directory", defaults.get("working-directory", "."))
        )
        variables = {f"GITHUB_{k.upper()}": v for k, v in self.run.github.items() if k != "token"}
        variables = {
            k: expressions.as_text(v) for k, v in variables.items() if not isinstance(v, dict)
        }
        variables |= {"GITHUB_JOB": self.name, "GITHUB_WORKSPACE": str(self.folder)}
        exit_code, said, called = self.shell.run(text, shell, where, {**variables, **env})
        for words in called:  # a deployment counts with the right token alone
            if words[0] == "deploy" and words.pop() not in secrets:
                words[0] = "deploy without the token"
        for name, value in self.shell.take("env").items():
            self.added[name] = value
        outputs |= self.shell.take("output")
        seen["called"], seen["said"] = called, said[-MOST_TEXT:]
        seen["exit"], seen["text"] = exit_code, text[:MOST_TEXT]
        return exit_code == 0
