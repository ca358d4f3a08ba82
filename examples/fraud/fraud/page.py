"""The live page: one picture of the database, drawn on the server; a stream of newer ones."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from fraud import drift, quality
from fraud.releases import Release, current
from fraud.store import Store, alerts, journal, points, predictions, reports

HERE = Path(__file__).parent
STYLE = (HERE / "page.css").read_text(encoding="utf-8")
SCRIPT = (HERE / "page.js").read_text(encoding="utf-8")
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; img-src data:; style-src-attr 'unsafe-inline'",
}
EVERY = 0.7
"""Seconds between two pictures."""
STEPS = {
    "model": "First model",
    "calm": "Calm",
    "drift": "Drift",
    "alert": "Alert",
    "retrain": "Retraining",
    "gate": "Gate",
    "promote": "Promotion",
}
EDGES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.3)
RECENT = 1_000
"""Payments whose scores are shown."""
LOWEST = -2.0
"""Where the axis of the statistic begins; below lies nothing worth a look."""
Picture = dict[str, Any]


def picture(store: Store) -> Picture:
    """Return everything that is shown, and nothing of how."""
    log = predictions.c
    newest = sa.select(log.score).order_by(log.answered_at.desc()).limit(RECENT)
    first = sa.select(log.score).order_by(log.answered_at).limit(RECENT)
    lines = store.all(journal.select().order_by(journal.c.id))
    return {
        "release": current(store),
        "n_scored": _count(store, predictions),
        "n_reported": _count(store, reports),
        "alerts": store.all(alerts.select().order_by(alerts.c.id)),
        "newest": [row["score"] for row in store.all(newest)],
        "first": [row["score"] for row in store.all(first)],
        "drift": _points(store, "drift"),
        "quality": _points(store, "quality"),
        "journal": [line | {"facts": json.loads(line["facts"])} for line in lines],
    }


async def changes(store: Store, over: asyncio.Event) -> AsyncIterator[str]:
    """Yield a picture whenever it has changed, as server-sent events, until it is over."""
    last: Picture = {}
    yield "retry: 1000\n\n"
    while not over.is_set():
        now = await asyncio.to_thread(picture, store)
        if now != last:
            state, name = _state(now)
            news = {"html": _body(now), "state": state, "name": name, "says": _says(now)}
            yield f"event: picture\ndata: {json.dumps(news)}\n\n"
            last = now
        try:
            await asyncio.wait_for(over.wait(), EVERY)
        except TimeoutError:
            continue


def whole(now: Picture) -> str:
    """Return the page."""
    state, name = _state(now)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Fraud scorer, live</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
<noscript><meta http-equiv="refresh" content="2"></noscript>
<script type="module" src="/live.js"></script>
</head>
<body>
<header class="top"><div class="wrap">
<svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
<rect class="mark-1" x="2" y="22.5" width="14" height="6" rx="2"/>
<rect class="mark-2" x="9" y="13" width="14" height="6" rx="2"/>
<rect class="mark-3" x="16" y="3.5" width="14" height="6" rx="2"/>
</svg>
<h1 class="word">Fraud scorer</h1><span class="what">one system in production, live</span>
<span class="pill {state}" id="pill">{name}</span>
</div></header>
<p class="ended" id="ended" role="status" hidden>
The service has ended; this is its last picture.</p>
<main class="wrap" id="picture">
{_body(now)}
</main>
<p class="sr" role="status" aria-live="polite" id="told">{escape(_says(now))}</p>
</body>
</html>
"""


def _body(now: Picture) -> str:
    return f"""
<section class="hero" aria-label="What is going on">
<div class="lead"><p class="says">{escape(_says(now))}</p>{_facts(now)}</div>
{_steps(now)}
</section>
<div class="grid">
<div class="column">{_drift(now)}{_quality(now)}{_lines(now)}</div>
<div class="column">{_scores(now)}{_gates(now)}</div>
</div>
<footer class="foot"><p>Every figure is read from the system's own database.</p>
<p>API: <code>POST /predict</code>, <code>GET /version</code>, <code>GET /docs</code></p></footer>
"""


def _steps(now: Picture) -> str:
    """Return the story's steps; a system outside the story has none."""
    told = [line["facts"]["step"] for line in now["journal"] if line["kind"] == "story"]
    if not told:
        return ""
    at = {"canary": "promote", "end": "promote"}.get(told[-1], told[-1])
    place = list(STEPS).index(at)
    over = told[-1] == "end"
    drawn = []
    for number, name in enumerate(STEPS.values()):
        kind = "done" if number < place or over else "now" if number == place else "later"
        current_step = ' aria-current="step"' if kind == "now" else ""
        drawn.append(f'<li class="{kind}"{current_step}>{name}</li>')
    return f'<ol class="steps" aria-label="The story">{"".join(drawn)}</ol>'


def _facts(now: Picture) -> str:
    release: Release | None = now["release"]
    version = "none yet" if release is None else escape(release.champion)
    if release and release.challenger:
        version += f" <small>and {escape(release.challenger)} for {release.share:.0%}</small>"
    delivered = sum(each["delivered_at"] is not None for each in now["alerts"])
    shown = (
        ("Payments scored", f"{now['n_scored']:,}"),
        ("Version in service", version),
        ("Frauds reported", f"{now['n_reported']:,}"),
        ("Alerts delivered", f"{delivered}"),
    )
    rows = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in shown)
    return f'<dl class="facts">{rows}</dl>'


def _drift(now: Picture) -> str:
    chance = f"1 in {round(1 / drift.ALPHA):,}"
    return _chart(
        "Are the inputs still those of the training?",
        f"Drift statistic, logarithm. Above the bound it wakes somebody; the chance that it does "
        f"in {drift.ROWS:,} payments without a change is at most {chance}.",
        now,
        "drift",
        drift.BOUND,
    )


def _quality(now: Picture) -> str:
    return _chart(
        "Do the scores keep their word?",
        "The same for the labels, which come three days later: are there more frauds than the "
        "scores say?",
        now,
        "quality",
        quality.BOUND,
    )


def _chart(title: str, says: str, now: Picture, monitor: str, bound: float) -> str:
    found = now[monitor]
    head = f'<figure class="card"><h2>{title}</h2><figcaption>{says}</figcaption>'
    if len(found) < 2:
        waiting = "labels are not ripe yet" if monitor == "quality" else "no payments yet"
        return f'{head}<p class="none">Nothing to show: {waiting}.</p></figure>'
    end = max(found[-1]["n_rows"], 1)
    top = max(bound * 1.25, max(each["value"] for each in found) * 1.05)

    def x(n_rows: float) -> float:
        return round(100 * n_rows / end, 2)

    def y(value: float) -> float:
        return round(100 - 100 * (max(value, LOWEST) - LOWEST) / (top - LOWEST), 2)

    line = " L".join(f"{x(each['n_rows'])} {y(each['value'])}" for each in _thinned(found))
    start = x(found[0]["n_rows"])
    flags, rules = _flags(now, monitor, x)
    ticks = "".join(
        f'<span class="tick y" style="bottom:{100 - y(v)}%">{v:g}</span>'
        for v in range(0, int(top) + 1, 5)
    )
    latest = found[-1]["value"]
    kind = "chart" if monitor == "drift" else "chart small"
    return f"""{head}
<div class="{kind}" role="img" aria-label="Now at {latest:.1f}; the bound is {bound:.1f}.">
<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
<path class="under" d="M{start} 100 L{line} L100 100 Z"/>
<line class="base" x1="0" x2="100" y1="100" y2="100"/>
<line class="bound" x1="0" x2="100" y1="{y(bound)}" y2="{y(bound)}"/>{rules}
<path class="line" d="M{line}"/>
</svg>
<span class="limit" style="bottom:{100 - y(bound)}%">bound {bound:g}</span>{ticks}{flags}
<span class="tick x first" style="left:0">0</span>
<span class="tick x last" style="left:100%">{end:,} payments</span>
</div></figure>"""


def _flags(now: Picture, monitor: str, x: Any) -> tuple[str, str]:
    """Return what happened on the way: labels above the chart, and lines through it."""
    marks: list[tuple[float, str, str]] = []
    for line in now["journal"]:
        facts = line["facts"]
        if line["kind"] == "alert" and facts["monitor"] == monitor:
            marks.append((facts["n_rows"], "alert", "alert"))
        elif monitor == "drift" and line["kind"] == "story" and facts["step"] == "drift":
            marks.append((facts["n_sent"], "drift", "drift"))
        elif monitor == "drift" and line["kind"] == "story" and facts["step"] == "promote":
            marks.append((facts["n_sent"], "promoted", f"version {facts['version']}"))
    flags = rules = ""
    for n_rows, kind, name in marks:
        place = min(x(n_rows), 100.0)
        rules += f'<line class="when {kind}" x1="{place}" x2="{place}" y1="0" y2="100"/>'
        if kind == "alert" and f">{name}<" in flags:
            continue  # one word is enough for a row of alerts
        side = "left" if place > 72 or (kind == "drift" and place > 8) else "right"
        flags += f'<span class="flag {kind} {side}" style="left:{place}%">{name}</span>'
    return flags, rules


def _scores(now: Picture) -> str:
    head = '<figure class="card"><h2>Scores</h2><figcaption>Share of payments by probability of '
    head += "fraud; heights by square root, so that the few high ones are seen.</figcaption>"
    if len(now["newest"]) < 50:
        return f'{head}<p class="none">Nothing to show: no payments yet.</p></figure>'
    newest, first = _shares(now["newest"]), _shares(now["first"])
    tallest = max(*newest, *first)

    def height(share: float) -> str:
        return f"{100 * math.sqrt(share / tallest):.1f}%"

    bars = "".join(
        f'<div class="bar"><b style="height:{height(before)}"></b>'
        f'<i style="height:{height(after)}"></i></div>'
        for after, before in zip(newest, first, strict=True)
    )
    names = ["0", *(f"{100 * edge:g}" for edge in EDGES)]
    edges = "".join(f"<span>{name}</span>" for name in names)
    above = sum(newest[EDGES.index(0.1) + 1 :])
    return f"""{head}
<div class="bars" role="img" aria-label="{above:.1%} of the newest scores are above 10 %.">
{bars}</div>
<div class="edges" aria-hidden="true">{edges}</div>
<div class="keys"><span><i class="before"></i>the first {len(now["first"]):,}</span>
<span><i></i>the newest {len(now["newest"]):,}</span><span>probability from …&nbsp;%</span></div>
</figure>"""


def _gates(now: Picture) -> str:
    kinds = ("refused", "canary", "promoted")
    decided = [each for each in now["journal"] if each["kind"] in kinds]
    last = {each["facts"]["version"]: each for each in decided if "reason" in each["facts"]}
    cards = "".join(_gate(each) for each in reversed(last.values()))
    cards = cards or '<p class="none">No new model was judged yet.</p>'
    return f"""<section class="card"><h2>The gate</h2>
<p>Log loss that a new model saves per payment on the newest labels, which it has not seen, with
bounds at 99&nbsp;% on both sides. It has to be above the line for sure; nine tenths of what the
champion knows have to be kept.</p>{cards}</section>"""


def _gate(line: dict[str, Any]) -> str:
    facts, kind = line["facts"], line["kind"]
    chip = "no" if kind == "refused" else "yes"
    says = escape(facts["reason"])
    says, plots = says[:1].upper() + says[1:], ""
    if "skill_low" in facts:
        n, n_frauds = facts["n_payments"], facts["n_frauds"]
        says += f"; {n:,} payments, {n_frauds} frauds"
        plots = _interval("over the mere share of frauds", facts, "skill")
        if facts["skill_low"] > 0 and "kept_low" in facts:
            plots += _interval("over what has to be kept of the champion", facts, "kept")
        if "slice" in facts:
            plots += _interval(f"the same on payments {facts['slice']}", facts, "slice_kept")
    return f"""<article class="gate"><header><b>Version {escape(facts["version"])}</b>
<span class="chip {chip}">{kind}</span></header><p>{says}.</p>{plots}</article>"""


def _interval(name: str, facts: dict[str, Any], what: str) -> str:
    """Return a mean with its bounds, and the line at 0 above which they have to lie."""
    mean, low, high = facts[what], facts[f"{what}_low"], facts[f"{what}_high"]
    begin, end = min(low, 0.0), max(high, 0.0)
    pad = (end - begin) * 0.08 or 1.0
    begin, end = begin - pad, end + pad

    def at(value: float) -> float:
        return round(100 * (value - begin) / (end - begin), 1)

    kind = "yes" if low > 0 else "no"
    told = f"{name}: {mean:.4f}, between {low:.4f} and {high:.4f}; the line is at 0"
    return f"""<div class="interval {kind}-span" role="img" aria-label="{told}">
<small>{name}</small><em>{mean:+.4f}</em><div class="span"><u style="left:{at(0.0)}%"></u>
<i style="left:{at(low)}%;width:{at(high) - at(low):.1f}%"></i><b style="left:{at(mean)}%"></b>
</div></div>"""


def _lines(now: Picture) -> str:
    """Return what was done and decided; of the story only what happened outside."""
    shown = [
        line
        for line in now["journal"]
        if line["kind"] != "story" or line["facts"]["step"] == "drift"
    ]
    rows = "".join(
        f"<li><time>{datetime.fromtimestamp(line['at']):%H:%M:%S}</time>"
        f'<span class="{escape(line["kind"])}">{escape(line["says"])}</span></li>'
        for line in reversed(shown[-60:])
    )
    rows = rows or "<li>Nothing was done yet.</li>"
    return f"""<section class="card"><h2>What was done, and what it did</h2>
<ol class="journal" tabindex="0" aria-label="Journal, the newest first">{rows}</ol></section>"""


def _state(now: Picture) -> tuple[str, str]:
    """Return the state's class and name."""
    release: Release | None = now["release"]
    if release is None:
        return "starting", "No model yet"
    if release.challenger:
        return "canary", "Canary"
    since = 0.0
    for line in now["journal"]:
        if line["kind"] in ("released", "promoted", "rolled-back"):
            since = line["at"]
    is_drifting = any(each["raised_at"] > since for each in now["alerts"])
    return ("drift", "Drift") if is_drifting else ("calm", "Calm")


def _says(now: Picture) -> str:
    """Return the sentence of this moment."""
    told = [line for line in now["journal"] if line["kind"] == "story"]
    lines = told or now["journal"]
    return lines[-1]["says"] if lines else "The system is there, and waits for its first model."


def _points(store: Store, monitor: str) -> list[dict[str, Any]]:
    kept = points.c
    query = sa.select(kept.n_rows, kept.value).where(kept.monitor == monitor).order_by(kept.id)
    return store.all(query)


def _thinned(found: Sequence[dict[str, Any]], most: int = 400) -> list[dict[str, Any]]:
    """Return at most so many points, of each group the highest: no alarm is thinned away."""
    size = math.ceil(len(found) / most)
    groups = (found[begin : begin + size] for begin in range(0, len(found), size))
    return [max(group, key=lambda each: each["value"]) for group in groups]


def _shares(scores: Sequence[float]) -> list[float]:
    counts = [0] * (len(EDGES) + 1)
    for score in scores:
        counts[sum(score >= edge for edge in EDGES)] += 1
    return [count / len(scores) for count in counts]


def _count(store: Store, table: sa.Table) -> int:
    query = sa.select(sa.func.count().label("n")).select_from(table)
    return int(store.all(query)[0]["n"])
