"""A year of retraining, played week by week, and read out of the registry that MLflow wrote."""

import json
import sqlite3
import tempfile
from functools import wraps
from pathlib import Path

import numpy as np
from simulators import returns_year
from simulators.mlflow_store import empty_store
from simulators.returns_year import ALARM, DELAY, FIRST, LAST, MARGIN

from gradus.check import claim, diagnostic, observe, raised, stub, table

CLEAR = 0.01
NEAR = 0.1
MOST_TRAININGS = 60
SEASON = (23, 24)
KINDS = {"id": "int64", "month": "int64", "channel": "string", "basket": "float64",
         "returned": "float64"}  # fmt: skip

# A year costs a second of processor time. It is played once; each claim reads a page of it.
# So are the months whose losses are dictated, and those only when the year is right.
played, dictated = {}, {}

# By newest month: how far above the base the loss of a model is there, by the newest month that it
# has learnt. 15 is the first champion. Each bound of the lesson has a loss 0.01 to either side.
DICTATION = {
    16: {15: 0.0},
    17: {15: 0.09},  # an alarm; train fails, so that who waits for a second one is level
    18: {15: 0.09, 17: 0.04},  # better by the margin: the second champion, with 0.04 at its gate
    19: {17: 0.11},  # no alarm,
    20: {17: 0.11},  # be it the second month above
    21: {17: 0.13, 15: 0.10, 20: 0.10},  # an alarm; the first is better, and so is a new one:
    22: {17: 0.13, 15: 0.10, 21: 0.10},  # both by too little
    23: {17: 0.13, 15: 0.08},  # the way back
    24: {15: 0.09, 17: 0.04},  # an alarm by its own gate; nobody was before it; train fails
    25: {15: 0.09, 17: 0.04, 24: 0.04},  # the third champion, with 0.04 at its gate
    26: {24: 0.13, 15: 0.08, 17: 0.04},  # the way back leads to whom it took the place of
}
CHAMPIONS = {16: 15, 17: 15, 18: 17, 19: 17, 20: 17, 21: 17, 22: 17, 23: 15, 24: 15, 25: 24, 26: 15}
AT_GATE, FAILING = {15: 16, 17: 18, 24: 25}, (17, 24)
KNOWN, UNKNOWN = 0.0, 0.3

# Who fails the year: the dictated months are not played then, and their claims do not hold.
FAIL_THE_YEAR = [
    "alarm_retrain_storm", "compares_two_months", "early_labels", "forgets_the_refused",
    "gates_on_training_rows", "goes_back_blindly", "marks_before_training", "nan_passes",
    "no_rollback", "overwrites_the_champion", "promotes_then_gates", "promotes_without_margin",
    "refits_after_the_gate", "remembers_in_memory", "retrains_on_schedule", "splits_at_random",
    "window_forgets_season",
]  # fmt: skip


class Platform:
    """The training job and the score, as the code under test is given them, and what was asked."""

    def __init__(self, year, reader, champion):
        self.year, self.reader, self.champion = year, reader, champion
        self.channels = returns_year.columns_of(year)
        self.x = returns_year.features(year, np.arange(len(year["id"])), self.channels)
        self.jobs, self.month, self.trouble = {}, 0, ""
        self.asked, self.scored, self.yardsticks = [], [], {}

    def begin(self, month, trouble):
        """A new call: what is asked from now on belongs to it."""
        self.month, self.trouble = month, trouble
        self.asked, self.scored = [], []

    def train(self, ids):
        """Return a model of these rows; in some weeks the cluster is away, or the job diverges."""
        places = returns_year.positions(self.year, plain(ids))
        self.asked.append(None)
        if self.trouble == "fails" or len(self.jobs) >= MOST_TRAININGS:
            raise RuntimeError("the training cluster does not answer")
        y = returns_year.labels_at(self.year, places, self.month)
        if y.min() == y.max():
            raise ValueError("all these rows have the same label")
        intercept, weights = self.reader.fit(self.x[places], y).as_value()
        if self.trouble == "diverges":
            intercept, weights = float("nan"), [float("nan")] * len(weights)
        number = len(self.jobs) + 1
        model = {"job": number, "intercept": intercept, "weights": weights}
        self.jobs[number] = {"model": model, "places": places, "text": as_text(model)}
        self.asked[-1] = number
        return model

    def loss(self, model, ids):
        """Return the mean log loss of a model on these rows."""
        number = model.get("job") if isinstance(model, dict) else None
        if number not in self.jobs or as_text(model) != self.jobs[number]["text"]:
            raise ValueError("this is no model that train returned")
        places = returns_year.positions(self.year, plain(ids))
        months = sorted({int(each) for each in self.year["month"][places]})
        champion = self.champion() if number in self.asked else None
        self.scored.append({"job": number, "months": months, "champion": champion})
        return self.mean_loss(number, places, self.month)

    def mean_loss(self, number, places, month):
        """The mean log loss of a job's model on rows, by what is known in a month."""
        model = self.jobs[number]["model"]
        if np.isnan(model["intercept"]):
            return float("nan")
        y = returns_year.labels_at(self.year, places, month)
        each = returns_year.losses(model["intercept"], model["weights"], self.x[places], y)
        return float(each.mean())

    def loss_in(self, number, month, channels=None):
        """The mean log loss of a job's model on a month whose labels are complete."""
        return self.mean_loss(number, self.rows_of(month, channels), month + DELAY)

    def yardstick(self, month, channels=None):
        """The loss on a month of a model of everything before it."""
        if month not in self.yardsticks:
            rows = self.year["month"] < month
            fitted = self.reader.fit(self.x[rows], self.year["label"][rows]).as_value()
            self.yardsticks[month] = fitted
        here = self.rows_of(month, channels)
        each = returns_year.losses(*self.yardsticks[month], self.x[here], self.year["label"][here])
        return float(each.mean())

    def rows_of(self, month, channels=None):
        """The places of a month's rows, of some channels or of all."""
        rows = self.year["month"] == month
        if channels:
            rows &= np.isin(self.year["channel"], channels)
        return np.flatnonzero(rows)


def as_text(model):
    return json.dumps(model, sort_keys=True)


def plain(ids):
    """The ids as a list: arrays and Series will do as well as lists."""
    if hasattr(ids, "arrow"):
        return ids.arrow.column(0).to_pylist()
    return list(ids) if isinstance(ids, set | frozenset) else np.asarray(ids).ravel().tolist()


def weeks(year, rng):
    """The calls of a year: newest complete month, what goes wrong, whether it starts anew."""
    begins = year["begins"]
    new, campaign, poison = begins["new"], begins["campaign"], begins["poison"]
    busy = {FIRST, new, new + 1, poison, campaign, campaign + 1, campaign + 2}
    calm = [month for month in range(FIRST + 1, LAST + 1) if month not in busy]
    twice = {*busy, int(rng.choice(calm))}
    for newest in range(FIRST, LAST + 1):
        for week in range(2 if newest in twice else 1):
            trouble = "diverges" if newest == campaign else ""
            trouble = "fails" if newest == new + 1 and week == 0 else trouble
            yield newest, week, trouble, newest == poison and week == 1


def light_store():
    """An empty store in small pages: a quarter of the bytes, and it is read after every call."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mlflow.db"
        path.write_bytes(empty_store())
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA page_size = 1024")
        connection.execute("VACUUM")
        connection.close()
        return path.read_bytes()


def story(folder, place, reader, rng):
    """Play the year once for one submission, and keep what each call asked for and left."""
    return once(played, play, folder, place, reader, rng)


def once(kept, player, folder, place, *others):
    """Play something once for one submission, and keep what came of it."""
    key = [(name, folder.bytes(name).as_value()) for name in folder.names() if name[-3:] == ".py"]
    if kept.get("key") != key:
        kept.clear()
        try:
            player(place, *others)
        finally:
            if "end" in kept or "broken" in kept:
                kept["key"] = key
            else:
                kept.clear()
    if "broken" in kept:
        kept["broken"].as_value()
    return kept


def play(place, reader, rng):
    """Call the job week after week; after each call, read what is in the registry."""
    year = returns_year.some_year(rng)

    def registry():
        return reader.registry(place.bytes("mlflow.db").as_value()).as_mapping()

    platform = Platform(year, reader, lambda: champion_of(registry()))
    place.write("mlflow.db", light_store())
    code = place.module("retrain")
    train, loss = stub(platform.train, "train"), stub(platform.loss, "loss")
    calls, models, before = [], {}, None
    for newest, week, trouble, is_restart in weeks(year, rng):
        month = newest + DELAY
        if is_restart:
            code = place.module("retrain")
        platform.begin(month, trouble)
        rows = table(returns_year.visible(year, month), types=KINDS)
        answer = code.weekly(month, rows, train, loss)
        if raised(answer) and not (trouble == "fails" and None in platform.asked):
            played["broken"] = answer
            return
        left = registry()
        keep_models(place, reader, left, models)
        after = champion_of(left)
        calls.append(
            {"newest": newest, "week": week, "trouble": trouble, "before": before, "after": after,
             "asked": platform.asked, "scored": platform.scored, "left": left}
        )  # fmt: skip
        before = after
    end = {}
    keep_models(place, reader, left, end)
    played.update(year=year, platform=platform, calls=calls, models=models, end=end)


class Dictation:
    """A platform of a few rows, whose losses are those of DICTATION, whatever the labels are."""

    def __init__(self, rng):
        self.base, self.models = round(float(rng.uniform(0.3, 0.6)), 2), {}
        self.month, self.n_asked = 0, 0
        month = np.repeat(np.arange(1, max(DICTATION) + DELAY + 1), 12)
        channels = [str(each) for each in rng.choice(returns_year.CHANNELS, 3, replace=False)]
        label = np.tile([1.0, 0.0, 0.0], len(month) // 3)
        self.rows = {
            "id": 100_000 + np.arange(len(month)), "month": month,
            "channel": rng.choice(channels, len(month)),
            "basket": rng.normal(0.0, 1.0, len(month)).round(3), "label": label,
            "known_early": (label == 1) & (rng.random(len(month)) < 0.3),
        }  # fmt: skip

    def months(self, ids):
        return self.rows["month"][returns_year.positions(self.rows, plain(ids))]

    def train(self, ids):
        """Return a model; of its rows only the newest month matters."""
        self.n_asked += 1
        if self.month in FAILING or self.n_asked > MOST_TRAININGS:
            raise RuntimeError("the training cluster does not answer")
        number = len(self.models) + 1
        self.models[number] = int(self.months(ids).max())
        return {"job": number, "intercept": -float(number), "weights": [0.5, float(number)]}

    def loss(self, model, ids):
        """Return the mean of the losses that are dictated for these rows."""
        newest = self.models.get(model.get("job") if isinstance(model, dict) else None)
        if newest is None:
            raise ValueError("this is no model that train returned")
        return float(np.mean([self.dictated(newest, int(month)) for month in self.months(ids)]))

    def dictated(self, newest, month):
        """The loss on a month of a model whose newest month is given."""
        usual = KNOWN if month <= newest else UNKNOWN
        return self.base + DICTATION.get(month, {}).get(newest, usual)


def play_dictation(place, reader, rng):
    """Call the job once a month; keep who is champion after each call, by its newest month."""
    platform, models, champions, trainings = Dictation(rng), {}, {}, {}
    place.write("mlflow.db", light_store())
    code = place.module("retrain")
    train, loss = stub(platform.train, "train"), stub(platform.loss, "loss")
    for newest in DICTATION:
        before, platform.month = platform.n_asked, newest
        rows = table(returns_year.visible(platform.rows, newest + DELAY), types=KINDS)
        answer = code.weekly(newest + DELAY, rows, train, loss)
        if raised(answer) and not (newest in FAILING and platform.n_asked > before):
            dictated["broken"] = answer
            return
        left = reader.registry(place.bytes("mlflow.db").as_value()).as_mapping()
        keep_models(place, reader, left, models)
        runs = {(each["name"], each["version"]): each["run_id"] for each in left["versions"]}
        job = models.get(runs.get(champion_of(left)), {}).get("job")
        champions[newest], trainings[newest] = platform.models.get(job), platform.n_asked - before
    dictated.update(platform=platform, champions=champions, trainings=trainings, end=True)


def of_the_year(test):
    """A page of the year; one that does not hold stays among the open ones."""

    @wraps(test)
    def page(folder, place, reader, rng):
        story(folder, place, reader, rng).setdefault("open", set()).add(test.__name__)
        test(folder, place, reader, rng)
        played["open"].discard(test.__name__)

    return page


def dictation(folder, place, reader, rng):
    """What came of the dictated months; where the year has something to mend, that comes first."""
    n_open = len(story(folder, place, reader, rng).get("open", ()))
    observe("claims about the year that do not hold", n_open).must_equal(
        0, because="The months with made-up losses are played once the year is right."
    )
    return once(dictated, play_dictation, folder, place, reader, rng)


def champion_of(left):
    """The version under the alias champion, as [name, number], or None."""
    found = [each for each in left["aliases"] if each["alias"] == "champion"]
    return (found[0]["name"], found[0]["version"]) if found else None


def keep_models(place, reader, left, models):
    """Read the model.json of each version's run that is not among `models` yet."""
    new = {each["run_id"] for each in left["versions"] if each["run_id"]} - models.keys()
    if not new:
        return
    for name in place.names():
        parts = name.split("/")
        for run in new.intersection(parts[:-1]):
            if parts[-1] == "model.json" and run not in models:
                content = place.bytes(name).as_value()
                models[run] = reader.job(content).as_mapping("job", "text")
    for run in new - models.keys():
        models[run] = {"job": None, "text": ""}


# ── What the year says, whoever wrote it down ─────────────────────────────────────────────────────


def versions_of(facts):
    """The versions of the last look at the registry, by [name, number]."""
    return {
        (each["name"], each["version"]): each for each in facts["calls"][-1]["left"]["versions"]
    }


def job_of(facts, version):
    """The number of the job behind a version, or None where its model is none of the platform's."""
    run = versions_of(facts).get(version, {}).get("run_id")
    found = facts["models"].get(run)
    jobs = facts["platform"].jobs
    is_known = found and found["job"] in jobs and jobs[found["job"]]["text"] == found["text"]
    return found["job"] if is_known else None


def reigns(facts):
    """For each version that ever was champion: when it first was, and who was before it."""
    found = {}
    for call in facts["calls"]:
        if call["after"] is not None and call["after"] not in found:
            found[call["after"]] = {"since": call["newest"], "before": call["before"]}
    return found


def rise(facts, call):
    """How much worse the champion does on the newest labels than it did at its gate, or None."""
    job = job_of(facts, call["before"])
    if job is None:
        return None
    since = reigns(facts)[call["before"]]["since"]
    platform = facts["platform"]
    value = platform.loss_in(job, call["newest"]) - platform.loss_in(job, since)
    return value if np.isfinite(value) else None


def is_alarm(facts, call):
    worse = rise(facts, call)
    return worse is not None and worse > ALARM + CLEAR


def is_way_back(facts, call):
    """Whether a call gave the alias back to the champion before."""
    old, new = call["before"], call["after"]
    return None not in (old, new) and new != old and new == reigns(facts)[old]["before"]


def gain(facts, call, number):
    """By how much a job's model does better than the champion that a call found."""
    platform, champion = facts["platform"], job_of(facts, call["before"])
    if champion is None:
        return 0.0
    return platform.loss_in(champion, call["newest"]) - platform.loss_in(number, call["newest"])


def models_of(call):
    """The jobs that a call got a model from."""
    return [number for number in call["asked"] if number is not None]


def calls_of(facts, newest):
    return [call for call in facts["calls"] if call["newest"] == newest]


def newest_of(facts, number):
    """The newest month of the rows that a job was trained on."""
    return int(facts["year"]["month"][facts["platform"].jobs[number]["places"]].max())


def number_of(version):
    """A version as a learner reads it."""
    return None if version is None else version[1]


def where(call):
    return f"labels of month {call['newest']}, call {call['week'] + 1}"


def must_have_model(facts, version, when):
    """The job behind the champion; a champion without a model of the platform is a finding."""
    job = job_of(facts, version)
    told = "no champion" if version is None else f"version {version[1]} without one"
    told = told if job is None else "a model that train returned"
    observe(f"model.json of the champion, {when}", told).must_equal("a model that train returned")
    return job


@claim(
    "While the champion does as well as at its gate, nothing is trained and the alias stays.",
    examples=1,
    catches=[
        "retrains_on_schedule",
    ],
    may_catch=["overwrites_the_champion", "splits_at_random"],
)
@of_the_year
def leaves_a_good_champion_alone(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    for call in facts["calls"]:
        worse = rise(facts, call)
        if worse is None or worse > ALARM - CLEAR:
            continue
        why = f"Its loss differs by {worse:+.3f} from the one at its gate."
        observe(f"trainings, {where(call)}", len(call["asked"])).must_equal(0, because=why)
        observe(f"champion's version, {where(call)}", number_of(call["after"])).must_equal(
            number_of(call["before"]), because=why
        )


@claim(
    "The same labels train once, however often the job is called and started anew.",
    examples=1,
    catches=[
        "alarm_retrain_storm",
        "remembers_in_memory",
        "refits_after_the_gate",
    ],
)
@of_the_year
def acts_once_on_the_same_labels(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    for newest in range(FIRST, LAST + 1):
        trained = [number for call in calls_of(facts, newest) for number in models_of(call)]
        label = f"models trained in the weeks in which month {newest} is the newest complete one"
        observe(label, len(trained)).must_be_at_most(1)


@claim(
    "No row trains or judges a model before the labels of its month are complete.",
    examples=1,
    catches=[
        "early_labels",
    ],
)
@of_the_year
def waits_for_labels(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    for call in facts["calls"]:
        month = call["newest"] + DELAY
        why = f"At the end of month {month}, labels are complete up to month {call['newest']}."
        for number in models_of(call):
            observe(
                f"newest month trained on, {where(call)}", newest_of(facts, number)
            ).must_be_at_most(call["newest"], because=why)
        for scored in call["scored"]:
            observe(f"newest month scored, {where(call)}", scored["months"][-1]).must_be_at_most(
                call["newest"], because=why
            )


@claim(
    "A model has seen nothing but months before the one that judges it.",
    examples=1,
    catches=[
        "gates_on_training_rows",
        "splits_at_random",
        "refits_after_the_gate",
        "early_labels",
    ],
)
@of_the_year
def keeps_the_gate_clean(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    must_have_model(facts, facts["calls"][0]["after"], where(facts["calls"][0]))
    for call in facts["calls"]:
        for number in models_of(call):
            label = f"newest month that the model was trained on, {where(call)}"
            observe(label, newest_of(facts, number)).must_be_below(call["newest"])


@claim(
    "What is new is learnt: with one month of it to train on, a better model is champion.",
    examples=1,
    catches=[
        "compares_two_months",
        "marks_before_training",
    ],
    may_catch=[
        "overwrites_the_champion",
        "splits_at_random",
        "nan_passes",
        "no_rollback",
        "promotes_without_margin",
    ],
)
@of_the_year
def promotes_the_better(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    for name in ("new", "campaign"):
        month = facts["year"]["begins"][name] + 1
        call = calls_of(facts, month)[-1]
        job = must_have_model(facts, call["after"], where(call))
        reached = facts["platform"].loss_in(job, month)
        bound = facts["platform"].yardstick(month) + NEAR
        channel = facts["year"]["channels"][name]
        observe(
            f"champion's loss on month {month}, after the last call on its labels",
            f"more than {bound:.2f}" if not reached <= bound else f"at most {bound:.2f}",
        ).must_equal(
            f"at most {bound:.2f}",
            because=f"The channel {channel!r} is there since month {month - 1}.",
        )


@claim(
    "The alias moves only to a model that does better on the newest labels, and by the margin.",
    examples=1,
    catches=[
        "promotes_without_margin",
        "goes_back_blindly",
        "nan_passes",
    ],
    may_catch=["overwrites_the_champion"],
)
@of_the_year
def moves_to_the_better(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    must_have_model(facts, facts["calls"][-1]["after"], "at the end")
    for call in facts["calls"]:
        old, new = call["before"], call["after"]
        if old is None or new == old:
            continue
        jobs = [must_have_model(facts, each, where(call)) for each in (old, new)]
        losses = [facts["platform"].loss_in(job, call["newest"]) for job in jobs]
        observe(
            f"by how much version {number_of(new)} does better than {number_of(old)}, "
            f"{where(call)}",
            round(losses[0] - losses[1], 4),
        ).must_satisfy(f"be at least {MARGIN}", lambda gain: gain >= MARGIN - CLEAR)


@claim(
    "A month with wrong labels makes nobody champion.",
    examples=1,
    catches=[
        "gates_on_training_rows",
        "promotes_without_margin",
    ],
    may_catch=[
        "goes_back_blindly",
        "early_labels",
        "nan_passes",
        "no_rollback",
        "overwrites_the_champion",
    ],
)
@of_the_year
def refuses_poison(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    month = facts["year"]["begins"]["poison"]
    calls = calls_of(facts, month)
    must_have_model(facts, calls[0]["before"], f"before the labels of month {month}")
    channel = facts["year"]["channels"]["poison"]
    for call in calls:
        observe(f"champion's version, {where(call)}", number_of(call["after"])).must_equal(
            number_of(calls[0]["before"]),
            because=f"In month {month} every order of {channel!r} is labelled as returned. "
            f"From month {month + 1} on, 5 % of them are.",
        )


@claim(
    "A model whose loss is NaN is never champion.",
    examples=1,
    catches=[
        "nan_passes",
    ],
)
@of_the_year
def refuses_nan(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    month = facts["year"]["begins"]["campaign"]
    calls = calls_of(facts, month)
    must_have_model(facts, calls[0]["before"], f"before the labels of month {month}")
    for call in calls:
        job = must_have_model(facts, call["after"], where(call))
        observe(
            f"champion's loss, {where(call)}", facts["platform"].loss_in(job, month)
        ).must_be_finite()


@claim(
    "A training that fails changes nothing, and the next call tries again.",
    examples=1,
    catches=[
        "marks_before_training",
    ],
)
@of_the_year
def outlives_a_failed_training(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    first, second = calls_of(facts, facts["year"]["begins"]["new"] + 1)
    must_have_model(facts, first["before"], "before a training that fails")
    if first["asked"]:
        observe(
            f"champion's version after a training that failed, {where(first)}",
            number_of(first["after"]),
        ).must_equal(number_of(first["before"]))
        observe(f"trainings, {where(second)}", len(second["asked"])).must_be_at_least(
            1, because="In the call before, train raised a RuntimeError."
        )


@claim(
    "Where the champion before would do better, it is champion again, and nothing is trained.",
    examples=1,
    catches=[
        "no_rollback",
        "retrains_on_schedule",
    ],
    may_catch=["early_labels"],
)
@of_the_year
def goes_back(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    month = facts["year"]["begins"]["campaign"] + 2
    calls = calls_of(facts, month)
    champion = must_have_model(facts, calls[0]["before"], f"before the labels of month {month}")
    before = reigns(facts)[calls[0]["before"]]["before"]
    job = job_of(facts, before)
    if job is None or not is_alarm(facts, calls[0]):
        return
    losses = [facts["platform"].loss_in(each, month) for each in (champion, job)]
    if not losses[1] <= losses[0] - MARGIN - CLEAR:
        return
    for call in calls:
        observe(f"champion's version, {where(call)}", number_of(call["after"])).must_equal(
            number_of(before),
            because=f"On these labels, version {number_of(calls[0]['before'])} has a loss of "
            f"{losses[0]:.2f}, and the champion before it {losses[1]:.2f}.",
        )
        observe(f"trainings, {where(call)}", len(call["asked"])).must_equal(0)


@claim(
    "The season that comes back each year finds a champion that has seen it.",
    examples=1,
    catches=[
        "window_forgets_season",
    ],
)
@of_the_year
def knows_the_season(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    channels = [facts["year"]["channels"][role] for role in ("large", "gifts", "third")]
    for month in SEASON:
        call = calls_of(facts, month)[0]
        job = must_have_model(facts, call["before"], f"in month {month}")
        reached = facts["platform"].loss_in(job, month, channels)
        bound = facts["platform"].yardstick(month, channels) + NEAR
        observe(
            f"loss of the champion in month {month}, channels that are as old as the shop",
            f"more than {bound:.2f}" if not reached <= bound else f"at most {bound:.2f}",
        ).must_equal(
            f"at most {bound:.2f}",
            because=f"Month {month} is month {(month - 1) % 12 + 1} of its year, like month "
            f"{month - 12}.",
        )


@claim(
    "The alias moves after the gate: no model is champion while it is judged.",
    examples=1,
    catches=[
        "promotes_then_gates",
    ],
)
@of_the_year
def gates_before_it_promotes(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    must_have_model(facts, facts["calls"][-1]["after"], "at the end")
    for call in facts["calls"]:
        for scored in call["scored"]:
            if scored["champion"] is not None:
                is_early = job_of(facts, scored["champion"]) == scored["job"]
                observe(
                    f"is the model champion that loss is asked about, {where(call)}", is_early
                ).must_equal(False)


@claim(
    "A version stays what it was: none is written over and none disappears.",
    examples=1,
    catches=[
        "overwrites_the_champion",
    ],
)
@of_the_year
def keeps_every_version(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    must_have_model(facts, facts["calls"][-1]["after"], "at the end")
    known = {}
    for call in facts["calls"]:
        here = {
            (each["name"], each["version"]): each["run_id"] for each in call["left"]["versions"]
        }
        for version, run in known.items():
            label = f"run of version {version[1]}, {where(call)}"
            observe(label, here.get(version)).must_equal(run)
        known |= here
    for version, run in known.items():
        is_same = facts["models"].get(run) == facts["end"].get(run)
        observe(
            f"is model.json of version {version[1]} at the end what it was at first", is_same
        ).must_equal(True)
    runs = list(known.values())
    observe("versions that share their run with another", len(runs) - len(set(runs))).must_equal(0)


@claim(
    "Every model that was trained is a version with its model.json, and says what became of it.",
    examples=1,
    catches=[
        "forgets_the_refused",
        "overwrites_the_champion",
        "refits_after_the_gate",
    ],
)
@of_the_year
def keeps_the_record(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    aliases = [
        each for each in facts["calls"][-1]["left"]["aliases"] if each["alias"] == "champion"
    ]
    observe("versions with the alias champion", len(aliases)).must_equal(1)
    by_job = {job_of(facts, version): version for version in versions_of(facts)}
    observe("versions without a model that train returned", int(None in by_job)).must_equal(0)
    gone_back = {call["before"] for call in facts["calls"] if is_way_back(facts, call)}
    for call in facts["calls"]:
        for number in models_of(call):
            version = by_job.get(number)
            observe(
                f"is the model that was trained a version, {where(call)}", version is not None
            ).must_equal(True)
            gate = "promoted" if version in reigns(facts) else "refused"
            gate = "rolled back" if version in gone_back else gate
            tags = versions_of(facts)[version]["tags"]
            label = f"of version {version[1]}, {where(call)}"
            observe(f"tag gate {label}", tags.get("gate")).must_equal(gate)
            observe(f"tag gate_month {label}", tags.get("gate_month")).must_equal(
                str(call["newest"])
            )
    left = facts["calls"][-1]["left"]
    stands = {left["runs"].get(each["run_id"], "none") for each in left["versions"]}
    observe("how the runs of versions stand after the last call", sorted(stands)).must_equal(
        ["FINISHED"]
    )


def went_well_before(heard, month):
    """Whether the champions of a dictation are the right ones in all months before this one."""
    return all(heard["champions"][each] == CHAMPIONS[each] for each in DICTATION if each < month)


def losses_told(heard, month):
    """What is dictated for a month, as a learner reads it."""
    told = []
    for newest in DICTATION[month]:
        gate, platform = AT_GATE.get(newest, month), heard["platform"]
        at_gate = f" ({platform.dictated(newest, gate):.2f} at its gate)" if gate < month else ""
        value = platform.dictated(newest, month)
        told.append(f"{value:.2f} to the model of months up to {newest}{at_gate}")
    return f"On month {month}, loss gives {', '.join(told)}."


def must_follow(heard, month, is_trained=None):
    """Who is champion after the call of a month; whether something was asked of train."""
    why, label = losses_told(heard, month), f"labels of month {month}, losses dictated"
    if is_trained is not None:
        asked = heard["trainings"][month] + (is_trained and heard["trainings"][month - 1])
        asked = observe(f"trainings, {label}", asked)
        if is_trained:
            asked.must_be_at_least(1, because=why)
        else:
            asked.must_equal(0, because=why)
    observe(f"newest month that the champion has learnt, {label}", heard["champions"][month]
            ).must_equal(CHAMPIONS[month], because=why)  # fmt: skip


@claim(
    "An alarm begins at 0.08, and the alias moves for 0.04: a hundredth less is too little.",
    examples=1,
    catches=[
        *FAIL_THE_YEAR,
        "goes_back_without_margin",
    ],
)
def keeps_to_its_bounds(folder, place, reader, rng):
    heard = dictation(folder, place, reader, rng)
    for month, is_trained in (
        (16, None), (17, None), (18, True), (19, False), (20, False), (21, None), (22, None),
        (23, False),
    ):  # fmt: skip
        must_follow(heard, month, is_trained)


@claim(
    "A champion that came back keeps the loss of its own gate; the one that was left stays out.",
    examples=1,
    catches=[
        *FAIL_THE_YEAR,
        "goes_back_without_margin",
        "forgets_its_own_gate",
    ],
)
def goes_on_after_a_way_back(folder, place, reader, rng):
    heard = dictation(folder, place, reader, rng)
    for month in DICTATION:
        must_follow(heard, month, {25: True, 26: False}.get(month))


def months_trained_twice(facts):
    """The months whose labels trained more than one model."""
    months = {call["newest"] for call in facts["calls"]}
    return {
        month
        for month in months
        if sum(len(models_of(call)) for call in calls_of(facts, month)) > 1
    }


@diagnostic("remembers_in_memory")
def trains_again_after_a_restart_alone(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    return months_trained_twice(facts) == {facts["year"]["begins"]["poison"]}


@diagnostic("alarm_retrain_storm")
def trains_again_without_a_restart(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    return bool(months_trained_twice(facts) - {facts["year"]["begins"]["poison"]})


@diagnostic("goes_back_blindly")
def goes_back_to_the_worse(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    return any(
        is_way_back(facts, call) and not models_of(call)
        for call in facts["calls"]
        if call["newest"] != facts["year"]["begins"]["campaign"] + 2
    )


@diagnostic("retrains_on_schedule")
def trains_every_month(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    months = {call["newest"] for call in facts["calls"] if models_of(call)}
    return len(months) == LAST - FIRST + 1


@diagnostic("compares_two_months")
def trains_and_refuses(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    calls = calls_of(facts, facts["year"]["begins"]["campaign"] + 1)
    return any(gain(facts, call, number) >= MARGIN for call in calls for number in models_of(call))


@diagnostic("splits_at_random")
def trains_challengers_on_the_newest(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    return any(
        newest_of(facts, number) == call["newest"]
        for call in facts["calls"]
        if call["newest"] > FIRST
        for number in models_of(call)
    )


@diagnostic("forgets_the_refused")
def registers_less_than_it_trains(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    return len(versions_of(facts)) < len(facts["platform"].jobs)


@diagnostic("no_rollback")
def trains_instead(folder, place, reader, rng):
    facts = story(folder, place, reader, rng)
    calls = calls_of(facts, facts["year"]["begins"]["campaign"] + 2)
    goes_back_too = any(is_way_back(facts, call) for call in calls)
    return any(models_of(call) for call in calls) and not goes_back_too


@diagnostic("goes_back_without_margin")
def goes_back_for_too_little(folder, place, reader, rng):
    heard = dictation(folder, place, reader, rng)
    return went_well_before(heard, 21) and heard["champions"][21] == 15


@diagnostic("forgets_its_own_gate")
def is_calm_after_a_way_back(folder, place, reader, rng):
    heard = dictation(folder, place, reader, rng)
    return went_well_before(heard, 25) and heard["trainings"][24] + heard["trainings"][25] == 0
