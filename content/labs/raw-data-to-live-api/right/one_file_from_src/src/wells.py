"""wells: `prepare`, `train`, `gate`, `batch` and `serve` in one file, with the standard library's server."""

import csv
import datetime as dt
import hashlib
import http.server
import importlib.metadata
import json
import math
import os
import re
import sqlite3
import sys
import threading
from pathlib import Path

import joblib
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

NUMBERS = ["depth_m", "age_years", "hours", "vibration", "temperature", "pressure"]
FIELDS = [*NUMBERS, "maker", "oil", "inspector"]
CEILING = {"depth_m": 1e3, "age_years": 1e2, "hours": 1e6, "vibration": 1e3, "temperature": 1e3, "pressure": 1e3}
STORE = Path("store")
TABLES = ["data/inspections.csv", "data/pumps.csv", "data/repairs.csv"]


# -- tables ---------------------------------------------------------------------------------


def when(s):
    y, m, d = s.split("-") if "-" in s else s.split(".")[::-1]
    return dt.date(int(y), int(m), int(d))


def num(s, factor=1.0):
    m = re.fullmatch(r"\s*(-?[\d.]+)\s*(ft|F|C)?\s*", s.replace(",", "."))
    if not m:
        return None
    x = float(m[1])
    return {"ft": x * 0.3048, "F": (x - 32) / 1.8}.get(m[2], x)


def prepare():
    inspections, pumps, repairs = (list(csv.DictReader(open(t))) for t in TABLES)
    pump = {p["pump_id"]: p for p in pumps}
    broken = {(r["pump_id"], when(r["day"])) for r in repairs if r["kind"] == "failure"}
    out = {}
    for i in inspections:
        p, day = pump.get(i["pump_id"]), when(i["day"])
        if p and day <= dt.date(2025, 12, 1):
            pressure = num(i["pressure"])
            out[i["inspection_id"]] = {
                "inspection": i["inspection_id"],
                "pump": p["pump_id"],
                "depth_m": num(p["depth"]),
                "age_years": (day - when(p["installed"])).days / 365.25,
                "hours": int(i["hours"]),
                "vibration": num(i["vibration"]),
                "temperature": num(i["temperature"]),
                "pressure": pressure if pressure != -1 else None,
                "maker": p["maker"].strip().casefold() or None,
                "oil": i["oil"].strip(" ?").casefold() or None,
                "failed": int(any((p["pump_id"], day + dt.timedelta(n)) in broken for n in range(1, 31))),
            }
    return list(out.values())


def apart(rows):
    """Whole pumps are either learnt from or measured on."""
    test = [r for r in rows if int(r["pump"][1:]) % 3 == 0]
    return [r for r in rows if r not in test], test


# -- model ----------------------------------------------------------------------------------


class Columns:
    """Rows as dicts to a matrix; which words there are is learnt."""

    def fit(self, rows, y=None):
        self.words = sorted({(f, r[f].strip().casefold()) for r in rows for f in ("maker", "oil") if r[f]})
        return self

    def transform(self, rows):
        made = []
        for r in rows:
            x = [math.nan if r[f] is None else float(r[f]) for f in NUMBERS]
            x.append(x[5] - x[0] / 10)
            x[3] = math.log(max(x[3], 0.01)) if x[3] == x[3] else x[3]
            x += [float(bool(r[f]) and r[f].strip().casefold() == w) for f, w in self.words]
            made.append(x)
        return np.array(made)

    def fit_transform(self, rows, y=None):
        return self.fit(rows).transform(rows)


def new_model():
    linear = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(C=0.1))
    trees = HistGradientBoostingClassifier(max_leaf_nodes=4, learning_rate=0.05, max_iter=60, random_state=7)
    return make_pipeline(Columns(), VotingClassifier([("l", linear), ("t", trees)], voting="soft"))


def ask(model, rows):
    return [float(p) for p in model.predict_proba(rows)[:, 1]]


def serving():
    return (STORE / "CURRENT").read_text().strip()


def load(version):
    return joblib.load(STORE / version)


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def train(labels=None):
    rows = prepare()
    learn, test = apart(rows)
    if labels:
        learn = [json.loads(s) for s in open(labels)]
        assert len(learn) >= 300 and len({r["failed"] for r in learn}) == 2, "not enough to learn from"
    model = new_model().fit(learn, [r["failed"] for r in learn])
    STORE.mkdir(exist_ok=True)
    joblib.dump(model, STORE / "new")
    version = f"wells-{digest(STORE / 'new')[:8]}"
    os.replace(STORE / "new", STORE / version)
    truth, told = [r["failed"] for r in test], ask(model, test)
    known = {f: [r[f] for r in rows if r[f] is not None] for f in FIELDS[:-1]}
    card = {
        "version": version,
        "command": "PYTHONPATH=src python -m wells train",
        "data": {t: digest(t) for t in TABLES},
        "code": {"src/wells.py": digest("src/wells.py")},
        "packages": {p: importlib.metadata.version(p) for p in ("scikit_learn", "numpy")},
        "artefact": {"path": f"store/{version}", "sha256": digest(STORE / version).upper()},
        "parameters": {"learning_rate": 0.05, "C": 0.1},
        "rows": {
            "n": len(rows),
            "failed": sum(r["failed"] for r in rows),
            "missing": {f: len(rows) - len(v) for f, v in known.items()},
            "means": {f: math.fsum(known[f]) / len(known[f]) for f in NUMBERS},
            "levels": {f: len({*known[f]}) for f in ("maker", "oil")},
        },
        "learnt_from": sorted({r["pump"] for r in learn}) if not labels else [],
        "held_out": {r["inspection"]: p for r, p in zip(test, told)},
        "metrics": {
            "auc": roc_auc_score(truth, told),
            "baseline_auc": roc_auc_score(truth, [r["vibration"] or 2.5 for r in test]),
        },
    }
    Path(STORE / f"{version}.json").write_text(json.dumps(card))
    return version


def gate(version):
    _, test = apart(prepare())
    truth = [r["failed"] for r in test]
    new = roc_auc_score(truth, ask(load(version), test))
    floor = 0.68
    if (STORE / "CURRENT").exists():
        floor = max(floor, roc_auc_score(truth, ask(load(serving()), test)) - 0.04)
    if new < floor:
        raise SystemExit(f"no: {new:.3f} is under {floor:.3f}")
    (STORE / "NEXT").write_text(version)
    os.rename(STORE / "NEXT", STORE / "CURRENT")


# -- service --------------------------------------------------------------------------------


def complaint(row):
    """What is wrong with a row, or nothing."""
    if type(row) is not dict:
        return "a row is an object"
    for f in FIELDS:
        if f not in row:
            return f"{f}: is missing"
        x = row[f]
        if f in CEILING:
            if x is None and f in NUMBERS[3:]:
                continue
            if type(x) not in ((int,) if f == "hours" else (int, float)) or not -100 <= x <= CEILING[f]:
                return f"{f}: no such number"
            if x < 0 and f not in ("temperature", "pressure"):
                return f"{f}: below 0"
        elif type(x) is not str and not (x is None and f != "inspector"):
            return f"{f}: no text"
    return ""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def reply(self, code, value):
        body = json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Request-ID", self.mark())
        if code >= 400:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(body)

    def mark(self):
        return re.sub(r"[^\x21-\x7e]", "", self.headers.get("X-Request-ID") or "")[:100] or "-"

    def do_GET(self):
        if self.path == "/":
            return self.reply(200, {"serving": self.server.current()[0]})
        return self.reply(404, {"error": "there is / and there is POST /risk"})

    def do_POST(self):
        if self.path != "/risk":
            return self.reply(404, {"error": "POST /risk"})
        try:
            n = int(self.headers.get("Content-Length", "-1"))
        except ValueError:
            n = -1
        if not 0 <= n <= 1_000_000:
            return self.reply(411 if n < 0 else 413, {"error": "say how long the body is"})
        try:
            rows = json.loads(self.rfile.read(n))
        except (ValueError, RecursionError):
            return self.reply(400, {"error": "no JSON"})
        if type(rows) is not list or not 1 <= len(rows) <= 1000:
            return self.reply(422, {"error": "a list of 1 to 1000 rows"})
        for k, row in enumerate(rows):
            if said := complaint(row):
                return self.reply(422, {"error": f"row {k}: {said}"})
        version, model = self.server.current()
        risk = ask(model, rows)
        self.server.write(self.mark(), version, risk)
        return self.reply(200, {"answer": {"risk": risk, "by": version}})


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port):
        super().__init__(("", port), Handler)
        self.lock, self.loaded = threading.Lock(), ("", None)
        Path("run").mkdir(exist_ok=True)
        self.db = sqlite3.connect("run/log.sqlite", check_same_thread=False)
        self.db.execute("pragma journal_mode=wal")
        self.db.execute("create table if not exists asked (mark, version, risk)")

    def current(self):
        with self.lock:
            if (name := serving()) != self.loaded[0]:
                self.loaded = name, load(name)
            return self.loaded

    def write(self, mark, version, risk):
        with self.lock, self.db:
            self.db.execute("insert into asked values (?, ?, ?)", (mark, version, json.dumps(risk)))


def main(command, *rest):
    if command == "train":
        print(train(*rest))
    elif command == "gate":
        gate(*rest)
    elif command == "batch":
        rows = [json.loads(s) for s in open(rest[0])]
        Path(rest[1]).write_text("\n".join(map(repr, ask(load(serving()), rows))))
    elif command == "serve":
        server = Server(int(rest[0]))
        server.current()
        server.serve_forever()


if __name__ == "__main__":
    # What is saved names its classes by this module, not by __main__.
    import wells

    wells.main(*sys.argv[1:])
