"""A workflow and its gate, executed on seeded commits: what is deployed, and what not."""

import json
import re

from simulators import actions

from gradus.check import claim, diagnostic, observe

GIVEN = [
    "train.py", "evaluate.py", "check_data.py", "deploy.py", "service.py", "requirements.txt",
    "data/train.csv", "data/fresh.csv", "champion/model.json", "champion/predictions.csv",
    "tests/test_service.py", "tests/test_train.py",
]  # fmt: skip
ALLOWED = {"read", "none"}
MOST_SHOWN = 300
MARGIN, FEWEST, FEWEST_OF_A_ZONE = 0.25, 200, 30

# Walking twelve commits takes a second. It is done once; each claim reads a page of it.
told = {}


# ── the comparisons for gate.py ──


def changed(rows, at, **values):
    """The rows with other values in one of them."""
    return [{**row, **values} if place == at else row for place, row in enumerate(rows)]


def asked(name, rows, other=None, words=("candidate.csv", "champion.csv")):
    """One call of gate.py: its rows for the candidate, and for the champion if they differ."""
    tables = {
        "candidate.csv": actions.table(rows, "candidate"),
        "champion.csv": actions.table(rows if other is None else other, "champion"),
    }
    return {"name": name, "files": tables, "words": list(words)}


def sound_comparisons(rng):
    """Comparisons with one answer by any sound method; none is near a bound."""
    draw, even = actions.comparison, actions.evenly
    far = float(rng.uniform(20, 40))
    better = draw(rng, even(240, rng.uniform(0.5, 0.9), 1.0), 3.0)
    unequal = draw(rng, even(240, 0.2, 1.0), 2.0, far)
    return [
        asked("better", better),
        asked("better, where every delivery is slow", draw(rng, even(240, 0.7, 1.5), far)),
        asked("as good, to 0.12 minutes", draw(rng, even(480, -0.12, 0.5), 3.0)),
        asked("not worse, as 99 % is sure of", draw(rng, even(240, 0.1, 2.0), 3.0)),
        asked("the champion itself", [{**row, "candidate": row["champion"]} for row in better]),
        asked("of exactly 200 rows, and better", draw(rng, even(200, 0.8, 1.0), 3.0)),
        asked("better by a little on very unequal rows", unequal),
        asked("the same in another order", unequal, list(rng.permutation(unequal))),
        asked("worse", draw(rng, even(240, -rng.uniform(0.6, 1.2), 1.0), 3.0)),
        asked("worse, where every delivery is quick", draw(rng, even(240, -0.7, 0.4), 0.3)),
        asked("a little worse, and surely so", draw(rng, even(480, -0.45, 0.6), 3.0)),
        asked("better by luck", draw(rng, even(240, rng.uniform(0.05, 0.2), 6.0), 2.0)),
    ]


def zones_to_compare(rng):
    """Comparisons in which one zone is another than the rest."""

    def rows(n, mean, deviation):
        return actions.comparison(
            rng, {**actions.evenly(240, 0.6, 1.0), "harbour": (n, mean, deviation)}, 3.0
        )

    return [
        asked("better, and harbour much worse", rows(30, -2.0, 1.0)),
        asked("better, and each of harbour worse by a third", rows(30, -0.33, 0.05)),
        asked("better, and harbour worse by chance", rows(40, -0.5, 3.0)),
        asked("better, and harbour with 29 rows", rows(29, -2.5, 0.5)),
    ]


def a_large_zone(rng):
    """Comparisons in which a zone with many rows is much worse, once behind a small one."""
    zones = {**actions.evenly(240, 0.6, 1.0), "island": (80, -2.0, 1.0)}
    behind = {**zones, "airport": (29, 0.6, 1.0)}
    return [
        asked("better, and all of island much worse", actions.comparison(rng, zones, 3.0)),
        asked("better, few of airport, and island worse", actions.comparison(rng, behind, 3.0)),
    ]


def unsound_comparisons(rng):
    """Comparisons that say nothing."""
    rows = actions.comparison(rng, actions.evenly(240, 0.7, 1.0), 3.0)
    at = int(rng.integers(len(rows)))
    few = actions.comparison(rng, actions.evenly(int(rng.integers(15, 49)) * 4, 0.8, 0.4), 3.0)
    nan = {"candidate": float("nan")}
    return [
        asked("a row of its own each", rows, changed(rows, at, id="r77")),
        asked("a row more for the candidate", rows, rows[:at] + rows[at + 1 :]),
        asked("a row more for the champion", rows[:at] + rows[at + 1 :], rows),
        asked("an actual that differs", rows, changed(rows, at, actual=rows[at]["actual"] + 3)),
        asked("a zone that differs", rows, changed(rows, at, zone="harbour")),
        asked("a row twice in both", [*rows, rows[at]], [*rows, rows[at]]),
        asked("other rows altogether", rows, [{**r, "id": f"{r['id']}x"} for r in rows]),
        asked(f"only {len(few)} rows", few),
        asked("199 rows", actions.comparison(rng, actions.evenly(200, 0.8, 0.4), 3.0)[:199]),
        asked("a header and no row", []),
        asked("NaN for a row of the candidate", changed(rows, at, **nan)),
        asked("NaN for all of the candidate", [{**row, **nan} for row in rows]),
        asked("NaN for a row of the champion", changed(rows, at, champion=float("nan"))),
        asked("an infinite prediction", changed(rows, at, candidate=float("inf"))),
        asked("NaN for a truth in both", changed(rows, at, actual=float("nan"))),
        asked("an infinite truth in both", changed(rows, at, actual=float("inf"))),
        asked("no file of the champion", rows, words=["candidate.csv", "champoin.csv"]),
        with_gap("a row without a prediction", rows, at),
        with_gap(
            "the last row without one in both", rows, len(rows) - 1, ("candidate", "champion")
        ),
    ]


def with_gap(name, rows, at, whose=("candidate",)):
    """A comparison in which one prediction is empty, in one file or in both."""
    made = asked(name, rows)
    for file in (f"{each}.csv" for each in whose):
        lines = made["files"][file].splitlines()
        lines[at + 1] = lines[at + 1].rpartition(",")[0] + ","
        made["files"][file] = "\n".join(lines) + "\n"
    return made


# Two commits that differ in a file on which a cache may depend.
APART = [
    ("requirements.txt", "worse-model", "broken-api"),
    ("requirements.txt", "worse-model", "request"),
    ("requirements.txt", "bad-request", "request"),
    ("data/train.csv", "good", "worse-model"),
    ("data/train.csv", "bad-data", "worse-model"),
    ("train.py", "bad-request", "worse-model"),
]


# ── what happened ──


def facts(command, reader, rng):
    """Walk every commit and ask every comparison once, and keep what came of it."""
    key = tuple((name, command.bytes(name).as_value()) for name in command.names())
    if told.get("key") == key:
        return told
    read = reader.workflows().as_mapping("documents", "faults")
    files, predictions = actions.repository(rng)
    comparisons = [*sound_comparisons(rng), *zones_to_compare(rng), *unsound_comparisons(rng)]
    comparisons += a_large_zone(rng)
    nonce, token = rng.bytes(16).hex(), rng.bytes(12).hex()
    plan = {
        "nonce": nonce, "workflows": read["documents"], "given": GIVEN, "files": files,
        "predictions": predictions, "stories": actions.stories(rng),
        "secrets": {"DEPLOY_TOKEN": token}, "environment": actions.ENVIRONMENT,
        "job_token": rng.bytes(12).hex(),
        "gates": [{"files": each["files"], "words": each["words"]} for each in comparisons],
    }  # fmt: skip
    laid = {**actions.RUNNER, "plan.json": json.dumps(plan).encode()}
    ran = command.run("actions_runner.py", files=laid).as_mapping("exit", "stdout", "stderr")
    lines = [each for each in ran["stdout"].splitlines() if each.startswith(nonce)]
    if not lines:
        observe("the walk through your workflows", ran["stderr"][-600:]).must_equal("it ends")
    said = json.loads(lines[-1].removeprefix(nonce))
    if not said["bash"]:
        raise RuntimeError("this lab needs bash, and there is none here")
    for story in said["stories"].values():
        if "trouble" in story:
            raise RuntimeError(story["trouble"])
    told.clear()
    told.update(
        key=key, faults=read["faults"], documents=read["documents"], stories=said["stories"],
        gates={each["name"]: got for each, got in zip(comparisons, said["gates"], strict=True)},
    )  # fmt: skip
    return told


def runs(known, name):
    """The runs that an event started; a finding where the workflows cannot be walked."""
    fault = (known["faults"] or ["nothing"])[0]
    observe("what is wrong with your workflows", fault).must_equal("nothing")
    story = known["stories"][name]
    refused = story.get("refused", "nothing")
    observe("what this check cannot run in your workflows", refused).must_equal("nothing")
    return story["runs"]


def steps(known, name):
    return [step for run in runs(known, name) for step in run["steps"]]


def calls(known, name, word):
    """The stand-ins of one name that ran on a commit, in order, each as its words."""
    return [
        words for step in steps(known, name) for words in step.get("called", []) if words[0] == word
    ]


def deployed(known, name):
    return [words[1] for words in calls(known, name, "deploy")]


def red(known, name):
    return any(run["conclusion"] == "failure" for run in runs(known, name))


def colour(known, name):
    return "red" if red(known, name) else "green" if runs(known, name) else "no run at all"


def went(known, name):
    """What became of a commit's jobs and where they failed, in a sentence for the learner."""
    found = runs(known, name)
    if not found:
        return "No workflow was started."
    words = [f"{job}: {result}" for run in found for job, result in run["jobs"].items()]
    lost = [step for step in steps(known, name) if step["outcome"] == "failure"]
    if lost:
        what = lost[0].get("text", lost[0].get("uses", "")).strip().splitlines()[:1]
        end = " ".join(lost[0]["said"].split())[-MOST_SHOWN:]
        words.append(f"the first step to fail was {what} of {lost[0]['job']}, which said {end!r}")
    return "; ".join(words) + "."


def must_deploy_the_good(known):
    """Who deploys nothing has refused nothing: most claims say something only after this one."""
    found = len(deployed(known, "good"))
    observe("deployments of the good commit on main", found).must_be_at_least(
        1, because=went(known, "good")
    )


def must_refuse(known, name, what):
    """The commit is not deployed, and somebody sees why."""
    must_deploy_the_good(known)
    note = went(known, name)
    observe(f"deployments of a commit {what}", len(deployed(known, name))).must_equal(
        0, because=note
    )
    observe(f"the run of a commit {what}", colour(known, name)).must_equal("red", because=note)


def deploying(known):
    """The jobs and steps that deploy the good commit."""
    must_deploy_the_good(known)
    return {
        (step["job"], step["place"])
        for step in steps(known, "good")
        if any(words[0] == "deploy" for words in step.get("called", []))
    }


def must_exit(known, name, code):
    gate = known["gates"][name]
    note = " ".join(gate["said"].split())[-MOST_SHOWN:]
    observe(f"exit status of gate.py for a candidate: {name}", gate["exit"]).must_equal(
        code, because=f"It printed: {note}" if note else "It printed nothing."
    )


# ── the workflow ──

# Who deploys nothing fails most claims; what else is wrong with it cannot be seen.
NOT_WALKED = ["misspelt_key"]
NOT_DEPLOYED = [*NOT_WALKED, "forgets_the_artefact"]


@claim(
    "check-jsonschema finds no fault in the workflows, and the runner knows all that they use.",
    examples=1,
    catches=["misspelt_key"],
)
def is_a_workflow(command, reader, rng):
    known = facts(command, reader, rng)
    for name in known["stories"]:
        runs(known, name)


@claim(
    "A good commit on main is deployed once, and its run is green.",
    examples=1,
    catches=["forgets_the_artefact"],
    may_catch=NOT_WALKED,
)
def deploys_the_good(command, reader, rng):
    known = facts(command, reader, rng)
    note = went(known, "good")
    observe("deployments of the good commit on main", len(deployed(known, "good"))).must_equal(
        1, because=note
    )
    observe("is its run red", red(known, "good")).must_equal(False, because=note)


@claim(
    "The model that is deployed is the very one that was compared on the fresh rows.",
    examples=1,
    catches=["compares_on_training_rows", "trains_again_to_deploy"],
    may_catch=NOT_DEPLOYED,
)
def deploys_what_it_judged(command, reader, rng):
    known = facts(command, reader, rng)
    must_deploy_the_good(known)
    judged = [words[1] for words in calls(known, "good", "evaluate") if words[2] == "fresh"]
    for name in deployed(known, "good"):
        observe("was the deployed model evaluated on data/fresh.csv", name in judged).must_equal(
            True, because=f"{name} was deployed; evaluated on data/fresh.csv were {judged}."
        )


@claim(
    "Bad data is refused.",
    examples=1,
    catches=["always_deploys"],
    may_catch=["job_needs_missing", *NOT_DEPLOYED],
)
def refuses_bad_data(command, reader, rng):
    must_refuse(facts(command, reader, rng), "bad-data", "with bad data")


@claim(
    "A worse model is refused.",
    examples=1,
    catches=[
        "accuracy_threshold_fixed",
        "always_deploys",
        "compare_on_different_data",
        "compares_on_training_rows",
        "continue_on_error",
        "pipe_loses_the_exit",
        "prints_only",
        "refuses_in_silence",
    ],
    may_catch=NOT_DEPLOYED,
)
def refuses_a_worse_model(command, reader, rng):
    must_refuse(facts(command, reader, rng), "worse-model", "with a worse model")


@claim(
    "A broken API is refused.",
    examples=1,
    catches=["always_deploys", "job_needs_missing", "or_true"],
    may_catch=NOT_DEPLOYED,
)
def refuses_a_broken_api(command, reader, rng):
    must_refuse(facts(command, reader, rng), "broken-api", "with a broken API")


@claim(
    "Tests that do not run are no tests: it is refused.",
    examples=1,
    catches=[
        "always_deploys",
        "job_needs_missing",
        "nothing_to_run_is_fine",
        "or_true",
        "tests_skipped_green",
    ],
    may_catch=NOT_DEPLOYED,
)
def refuses_what_was_not_tested(command, reader, rng):
    known = facts(command, reader, rng)
    must_refuse(known, "no-tests", "without a test (pytest ends with 5)")
    must_refuse(known, "skipped-tests", "whose tests were nearly all skipped (pytest ends with 0)")


@claim(
    "A suite that fails once has failed.",
    examples=1,
    catches=["always_deploys", "job_needs_missing", "or_true", "retries_until_green"],
    may_catch=NOT_DEPLOYED,
)
def refuses_a_flaky_suite(command, reader, rng):
    known = facts(command, reader, rng)
    must_refuse(known, "flaky-tests", "whose tests fail the first time and pass the second")


@claim(
    "A branch or a pull request deploys nothing.",
    examples=1,
    catches=["deploys_every_branch", "secrets_in_fork_pr"],
    may_catch=NOT_DEPLOYED,
)
def deploys_main_only(command, reader, rng):
    known = facts(command, reader, rng)
    must_deploy_the_good(known)
    for name, what in (("branch", "a push to a branch"), ("request", "a pull request")):
        observe(f"deployments of {what}", len(deployed(known, name))).must_equal(
            0, because=went(known, name)
        )


@claim(
    "A pull request is checked before it is merged: green if good, red if the model is worse.",
    examples=1,
    catches=[
        "accuracy_threshold_fixed",
        "checks_main_only",
        "compare_on_different_data",
        "compares_on_training_rows",
        "continue_on_error",
        "pipe_loses_the_exit",
        "prints_only",
        "refuses_in_silence",
    ],
    may_catch=NOT_DEPLOYED,
)
def checks_pull_requests(command, reader, rng):
    known = facts(command, reader, rng)
    for name, what, expected in (
        ("request", "a good pull request", "green"),
        ("bad-request", "a pull request with a worse model", "red"),
    ):
        observe(f"the run of {what}", colour(known, name)).must_equal(
            expected, because=went(known, name)
        )
    observe("is a good pull request tested", bool(calls(known, "request", "pytest"))).must_equal(
        True
    )


@claim(
    "A stranger's pull request is checked, and its code meets no token that can do harm.",
    examples=1,
    catches=["checks_main_only", "secrets_in_fork_pr"],
    may_catch=NOT_DEPLOYED,
)
def gives_strangers_nothing(command, reader, rng):
    known = facts(command, reader, rng)
    note = went(known, "stranger")
    observe(
        "deployments of a stranger's pull request", len(deployed(known, "stranger"))
    ).must_equal(0, because=note)
    for run in runs(known, "stranger"):
        for step in run["steps"]:
            if run["event"] == "pull_request_target" and step["tree"] == "head" and "text" in step:
                may = writes(known, run["workflow"], step["job"])
                label = f"what a stranger's code meets in {step['text'].strip().splitlines()[:1]}"
                met = ["DEPLOY_TOKEN"] * step["secret"] + [f"{each}: write" for each in may]
                observe(label, met).must_equal(
                    [], because="Under pull_request_target a workflow has the rights of main."
                )
    observe(
        "is a stranger's pull request tested", bool(calls(known, "stranger", "pytest"))
    ).must_equal(True, because=note)
    observe("is the run of a good one red", red(known, "stranger")).must_equal(False, because=note)


@claim(
    "DEPLOY_TOKEN reaches the step that deploys, and no other step.",
    examples=1,
    catches=["token_for_every_step"],
    may_catch=NOT_DEPLOYED,
)
def keeps_the_token(command, reader, rng):
    known = facts(command, reader, rng)
    allowed = deploying(known)
    for name in known["stories"]:
        for step in steps(known, name):
            if step["secret"] and (step["job"], step["place"]) not in allowed:
                what = step.get("text", step.get("uses", "")).strip().splitlines()[:1]
                observe("a step that is given DEPLOY_TOKEN", f"{what} of {step['job']}").must_equal(
                    "the one that runs deploy.py"
                )


def writes(known, path, job):
    """What a job's token may write; `anything` where nothing is said."""
    document = known["documents"][path]
    said = document["jobs"][job].get("permissions", document.get("permissions"))
    if said is None:
        return ["anything"]
    if isinstance(said, str):
        return [] if said == "read-all" else ["anything"]
    return sorted(scope for scope, level in said.items() if level not in ALLOWED)


@claim(
    "Every job says what its token may do, and only the one that deploys may write.",
    examples=1,
    catches=["writes_everything"],
    may_catch=NOT_DEPLOYED,
)
def has_few_rights(command, reader, rng):
    known = facts(command, reader, rng)
    runs(known, "good")
    allowed = {job for job, _ in deploying(known)}
    for path, document in known["documents"].items():
        for job in document["jobs"]:
            may = writes(known, path, job)
            if job in allowed and "anything" not in may:
                continue
            said = ", ".join(may) or "nothing"
            observe(f"what the token of the job {job} may write", said).must_equal(
                "nothing", because="Without permissions: the settings of the repository decide."
            )


@claim(
    "Two deployments never run at the same time.",
    examples=1,
    catches=["concurrent_deploys"],
    may_catch=NOT_DEPLOYED,
)
def deploys_one_at_a_time(command, reader, rng):
    known = facts(command, reader, rng)
    jobs = {job for job, _ in deploying(known)}
    for job in sorted(jobs):
        found = []
        for name in ("good", "bad-data"):
            groups = [run["groups"][job] for run in runs(known, name) if job in run["groups"]]
            found.append({each for pair in groups for each in pair if each})
        shared = sorted(found[0] & found[1])
        observe(f"concurrency groups of {job} that two commits on main share", shared).must_satisfy(
            "be at least one",
            lambda groups: len(groups) > 0,
            because=f"The groups were {sorted(found[0])} and {sorted(found[1])}.",
        )


@claim(
    "Actions are pinned: GitHub's own by version or commit, others by commit.",
    examples=1,
    catches=["follows_a_branch"],
    may_catch=NOT_WALKED,
)
def pins_its_actions(command, reader, rng):
    known = facts(command, reader, rng)
    runs(known, "good")
    for document in known["documents"].values():
        for job in document["jobs"].values():
            for step in job.get("steps", []):
                action, _, version = step.get("uses", "").partition("@")
                own = action.startswith("actions/")
                form = r"[0-9a-f]{40}|v?\d+(\.\d+)*" if own else r"[0-9a-f]{40}"
                if action:
                    observe(f"what {action} is pinned to", version).must_satisfy(
                        "be a version or a commit" if own else "be a commit of 40 digits",
                        lambda text, form=form: re.fullmatch(form, text) is not None,
                    )


@claim(
    "Whichever file a commit changes, it is checked, and deployed from main.",
    examples=1,
    catches=["checks_some_paths"],
    may_catch=NOT_WALKED,
)
def leaves_no_file_out(command, reader, rng):
    known = facts(command, reader, rng)
    for name, what, word in (
        ("good", "a push to main", "deploy"), ("request", "a pull request", "pytest"),
    ):  # fmt: skip
        asked = {run["workflow"] for run in runs(known, name) for step in run["steps"]
                 if word in [words[0] for words in step.get("called", [])]}  # fmt: skip
        by_file = known["stories"][name]["by_file"]
        missed = [path for path, started in by_file.items() if not asked <= set(started)]
        observe(f"files of which {what} may change one, and is not checked", missed).must_equal(
            [], because="A filter of paths starts no run for them, and no run is no red one."
        )


@claim(
    "The key of a cache changes with the files that the cache is made from.",
    examples=1,
    catches=["cache_key_never_changes"],
    may_catch=NOT_WALKED,
)
def caches_by_content(command, reader, rng):
    known = facts(command, reader, rng)
    seen = {}
    for name in known["stories"]:
        for step in steps(known, name):
            if "cache" in step:
                seen.setdefault((step["job"], step["place"]), {})[name] = step
    for (job, _), found in seen.items():
        made = sorted({each for step in found.values() for each in step.get("cached", [])})
        for path, one, other in APART:
            if {one, other} <= set(found) and (made or path == "requirements.txt"):
                keys = {found[each]["cache"] for each in (one, other)}
                observe(f"keys of a cache of {job} on two commits", sorted(keys)).must_satisfy(
                    f"be two, since {path} differs",
                    lambda each: len(each) == 2,
                    because=f"It keeps {', '.join(made)}." if made else "",
                )


# ── the gate ──


@claim(
    "The gate promotes a candidate that is better, or not worse by more than the margin.",
    examples=1,
    catches=["accuracy_threshold_fixed", "compares_two_averages", "wants_better"],
    may_catch=["compare_on_different_data"],
)
def promotes_the_better(command, reader, rng):
    known = facts(command, reader, rng)
    for name in (
        "better", "better, where every delivery is slow", "as good, to 0.12 minutes",
        "not worse, as 99 % is sure of", "the champion itself", "of exactly 200 rows, and better",
    ):  # fmt: skip
        must_exit(known, name, 0)


@claim(
    "It refuses a candidate that is worse, however small its errors are.",
    examples=1,
    catches=["accuracy_threshold_fixed", "prints_only"],
)
def refuses_the_worse(command, reader, rng):
    known = facts(command, reader, rng)
    for name in ("worse", "worse, where every delivery is quick", "a little worse, and surely so"):
        must_exit(known, name, 1)


@claim(
    "A lead that may be luck is no lead: it is refused.",
    examples=1,
    catches=["prints_only", "promotes_a_lucky_sample"],
    may_catch=["accuracy_threshold_fixed"],
)
def refuses_luck(command, reader, rng):
    must_exit(facts(command, reader, rng), "better by luck", 1)


@claim(
    "Rows are compared pair by pair, by their id.",
    examples=1,
    catches=[
        "accuracy_threshold_fixed",
        "compare_on_different_data",
        "compares_two_averages",
        "pairs_by_position",
    ],
)
def compares_in_pairs(command, reader, rng):
    known = facts(command, reader, rng)
    must_exit(known, "better by a little on very unequal rows", 0)
    must_exit(known, "the same in another order", 0)


@claim(
    "Files that are not about the same rows are not compared.",
    examples=1,
    catches=["compare_on_different_data", "crash_is_refusal", "pairs_by_position"],
)
def compares_the_same_rows(command, reader, rng):
    known = facts(command, reader, rng)
    for name in (
        "a row of its own each", "a row more for the candidate", "a row more for the champion",
        "an actual that differs", "a zone that differs", "a row twice in both",
        "other rows altogether", "no file of the champion",
    ):  # fmt: skip
        must_exit(known, name, 2)


@claim(
    "Fewer than 200 rows are not compared.",
    examples=1,
    catches=["crash_is_refusal", "few_rows_will_do"],
)
def wants_enough_rows(command, reader, rng):
    known = facts(command, reader, rng)
    few = [name for name in known["gates"] if name.startswith("only ")]
    for name in (*few, "199 rows", "a header and no row"):
        must_exit(known, name, 2)


@claim(
    "A number that is none, or infinite, is never compared.",
    examples=1,
    catches=["crash_is_refusal", "nan_passes"],
)
def stops_at_nan(command, reader, rng):
    known = facts(command, reader, rng)
    for name in (
        "NaN for a row of the candidate", "NaN for all of the candidate",
        "NaN for a row of the champion", "an infinite prediction", "NaN for a truth in both",
        "an infinite truth in both", "a row without a prediction",
        "the last row without one in both",
    ):  # fmt: skip
        must_exit(known, name, 2)


@claim(
    "A zone that is shown to lose more than the margin refuses the whole, and is named.",
    examples=1,
    catches=[
        "compare_on_different_data",
        "compares_two_averages",
        "looks_at_the_whole_only",
        "prints_only",
    ],
    may_catch=["accuracy_threshold_fixed"],
)
def looks_at_every_zone(command, reader, rng):
    known = facts(command, reader, rng)
    for name, zone in (
        ("better, and harbour much worse", "harbour"),
        ("better, and each of harbour worse by a third", "harbour"),
        ("better, and all of island much worse", "island"),
        ("better, few of airport, and island worse", "island"),
    ):
        must_exit(known, name, 1)
        said = known["gates"][name]["said"]
        observe("what gate.py prints about it", said).must_contain(zone)


@claim(
    "A zone of fewer than 30 rows, or one that may have lost by chance, refuses nothing.",
    examples=1,
    catches=["zones_without_noise"],
    may_catch=["accuracy_threshold_fixed"],
)
def forgives_chance_in_a_zone(command, reader, rng):
    known = facts(command, reader, rng)
    must_exit(known, "better, and harbour with 29 rows", 0)
    must_exit(known, "better, and harbour worse by chance", 0)


# ── telling apart what fails the same claims ──


def settings(known):
    """Every job and step of the workflows."""
    for document in known["documents"].values():
        for job in document.get("jobs", {}).values():
            yield job
            yield from job.get("steps", [])


@diagnostic("continue_on_error")
def lets_a_step_go_on(command, reader, rng):
    return any("continue-on-error" in each for each in settings(facts(command, reader, rng)))


@diagnostic("refuses_in_silence")
def deploys_no_worse_model(command, reader, rng):
    return not deployed(facts(command, reader, rng), "worse-model")


@diagnostic("pipe_loses_the_exit")
def pipes_the_gate(command, reader, rng):
    known = facts(command, reader, rng)
    texts = [str(each.get("run", "")) for each in settings(known)]
    return any(re.search(r"gate\.py[^\n]*\|(?!\|)", text) for text in texts)


@diagnostic("nothing_to_run_is_fine")
def deploys_without_a_test(command, reader, rng):
    return bool(deployed(facts(command, reader, rng), "no-tests"))


@diagnostic("tests_skipped_green")
def stops_without_a_test(command, reader, rng):
    known = facts(command, reader, rng)
    return not deployed(known, "no-tests") and bool(deployed(known, "skipped-tests"))


def exits(known, name):
    return known["gates"][name]["exit"]


@diagnostic("misspelt_key")
def says_need(command, reader, rng):
    return any("'need'" in fault for fault in facts(command, reader, rng)["faults"])


@diagnostic("forgets_the_artefact")
def lacks_a_file(command, reader, rng):
    seen = steps(facts(command, reader, rng), "good")
    return any(each["outcome"] == "failure" and "No such file" in each["said"] for each in seen)


@diagnostic("job_needs_missing")
def deploys_beside_red_tests(command, reader, rng):
    known = facts(command, reader, rng)
    return red(known, "broken-api") and bool(deployed(known, "broken-api"))


@diagnostic("or_true")
def ends_well_whatever_is_found(command, reader, rng):
    known = facts(command, reader, rng)
    return not red(known, "broken-api") and bool(deployed(known, "broken-api"))


@diagnostic("deploys_every_branch")
def deploys_a_branch(command, reader, rng):
    return bool(deployed(facts(command, reader, rng), "branch"))


@diagnostic("secrets_in_fork_pr")
def runs_with_the_rights_of_main(command, reader, rng):
    found = runs(facts(command, reader, rng), "stranger")
    return any(run["event"] == "pull_request_target" for run in found)


@diagnostic("cache_key_never_changes")
def has_one_key(command, reader, rng):
    known = facts(command, reader, rng)
    keys = {}
    for name in known["stories"]:
        for step in steps(known, name):
            if "cache" in step:
                keys.setdefault((step["job"], step["place"]), set()).add(step["cache"])
    return any(len(each) == 1 for each in keys.values())


@diagnostic("checks_main_only")
def starts_nothing_for_a_request(command, reader, rng):
    return not runs(facts(command, reader, rng), "request")


@diagnostic("retries_until_green")
def tests_twice(command, reader, rng):
    return len(calls(facts(command, reader, rng), "flaky-tests", "pytest")) > 1


@diagnostic("wants_better")
def refuses_as_good(command, reader, rng):
    known = facts(command, reader, rng)
    return exits(known, "as good, to 0.12 minutes") == 1 and not exits(known, "better")


@diagnostic("looks_at_the_whole_only")
def misses_a_large_zone(command, reader, rng):
    return exits(facts(command, reader, rng), "better, and all of island much worse") == 0


@diagnostic("zones_without_noise")
def refuses_for_any_zone(command, reader, rng):
    known = facts(command, reader, rng)
    names = ("better, and harbour with 29 rows", "better, and harbour worse by chance")
    return all(exits(known, name) == 1 for name in names)


@diagnostic("few_rows_will_do")
def compares_a_few(command, reader, rng):
    known = facts(command, reader, rng)
    return all(exits(known, name) == 0 for name in known["gates"] if name.startswith("only "))


@diagnostic("nan_passes")
def promotes_nan(command, reader, rng):
    return exits(facts(command, reader, rng), "NaN for all of the candidate") == 0


@diagnostic("crash_is_refusal")
def refuses_what_it_cannot_read(command, reader, rng):
    known = facts(command, reader, rng)
    names = ("other rows altogether", "199 rows", "NaN for all of the candidate")
    return all(exits(known, name) == 1 for name in names)
