"""Model servers that others wrote, proved under their contracts: MLflow's, BentoML's, LitServe's.

python -m benchmarks.model_servers [--quick] [--only SERVER] [--proof NAME] [--python INTERPRETER]

The same scikit-learn model behind each. MLflow runs in the environment `ops`, the others in one
of their own that is installed on demand, at the pinned versions. Prints a table for docs/.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers import set_up
from gradus.catalogue import load_catalogue
from gradus.catalogue.service_file import read_rows, read_service
from gradus.core.proof import ProofReport
from gradus.desk.environments import find, spec_of
from gradus.prover.contract import contract_names
from gradus.prover.running import Asked, prove

PINS = ("bentoml==1.4.40", "litserve==0.2.19", "scikit-learn==1.9.1")
PROOFS = ("start", "contract", "garbage", "latency", "overload")
COLUMNS = ("amount", "hour", "abroad")
TRAIN = """
import json, pickle, random
import numpy as np
from sklearn.linear_model import LogisticRegression
draw = random.Random(7)
x = np.array([[draw.expovariate(0.02), draw.randrange(24), draw.random() < 0.2]
              for _ in range(2000)], dtype=float)
y = (x[:, 0] / 60 + 2 * x[:, 2] + np.abs(x[:, 1] - 12) / 8
     + np.array([draw.gauss(0, 1) for _ in x])) > 3
y = y.astype(int)
model = LogisticRegression(max_iter=1000).fit(x, y)
pickle.dump(model, open("model.pickle", "wb"))
with open("rows.jsonl", "w") as stream:
    for row in x[:200]:
        stream.write(json.dumps(dict(zip(("amount", "hour", "abroad"), map(float, row)))) + "\\n")
"""
BATCH = """
import json, pickle, sys
import numpy as np
model = pickle.load(open("model.pickle", "rb"))
rows = [list(json.loads(line).values()) for line in open(sys.argv[1])]
with open(sys.argv[2], "w") as stream:
    for each in model.{predict}:
        stream.write(json.dumps(float(each)) + "\\n")
"""
MLFLOW = """
import pickle
import mlflow.sklearn
mlflow.sklearn.save_model(pickle.load(open("model.pickle", "rb")), "served",
                          pyfunc_predict_fn="predict", serialization_format="cloudpickle")
"""
BENTOML = """
import pickle
import bentoml
import numpy as np

@bentoml.service(http={"port": 3000})
class Fraud:
    def __init__(self) -> None:
        self.model = pickle.load(open("model.pickle", "rb"))

    @bentoml.api
    def predict(self, rows: list[list[float]]) -> list[float]:
        return self.model.predict_proba(np.array(rows))[:, 1].tolist()
"""
LITSERVE = """
import pickle, sys
import litserve as ls
import numpy as np

class Fraud(ls.LitAPI):
    def setup(self, device):
        self.model = pickle.load(open("model.pickle", "rb"))

    def decode_request(self, request):
        return np.array([request["input"]], dtype=float)

    def predict(self, x):
        return float(self.model.predict_proba(x)[0, 1])

    def encode_response(self, output):
        return {"output": output}

if __name__ == "__main__":
    ls.LitServer(Fraud(), accelerator="cpu").run(
        host="127.0.0.1", port=int(sys.argv[1]), generate_client_file=False)
"""
DECLARED = """
format = 1

[prove]
name = "{name}"
start = {start}
rows = "rows.jsonl"
offline = {offline}

[prove.contract]
name = "{contract}"
columns = ["amount", "hour", "abroad"]
{terms}

[prove.promises]
p99_ms = 250
rate = 40
ready_seconds = 120
"""


@dataclass(frozen=True)
class Server:
    """One server that others wrote."""

    name: str
    contract: str
    files: dict[str, str]
    start: tuple[str, ...]
    predict: str
    terms: str = ""
    prepare: str = ""


PROBABILITY = "predict_proba(np.array(rows))[:, 1]"
SERVERS = (
    Server(
        "MLflow",
        "mlflow",
        {"prepare.py": MLFLOW},
        ("-m", "mlflow", "models", "serve", "-m", "served", "--port", "{port}",
         "--host", "127.0.0.1", "--env-manager", "local"),
        "predict(np.array(rows))",
        prepare="prepare.py",
    ),
    Server(
        "BentoML",
        "bentoml",
        {"service.py": BENTOML},
        ("-m", "bentoml", "serve", "service:Fraud", "--port", "{port}", "--host", "127.0.0.1"),
        PROBABILITY,
    ),
    Server(
        "LitServe",
        "litserve",
        {"service.py": LITSERVE},
        ("service.py", "{port}"),
        PROBABILITY,
        "single = true",
    ),
)  # fmt: skip


def laid(server: Server, python: Path, folder: Path) -> None:
    """Lay the project of a server and train its model."""
    words = [str(python), *server.start]
    if server.name == "MLflow":  # its command starts uvicorn by name
        path = f"PATH={python.parent}:/usr/bin:/bin"
        words = ["env", path, "MLFLOW_DISABLE_TELEMETRY=true", *words]
    files = {
        **server.files,
        "train.py": TRAIN,
        "batch.py": BATCH.replace("{predict}", server.predict),
        "gradus.toml": DECLARED.format(
            name=server.name,
            start=json.dumps(words),
            offline=json.dumps([str(python), "batch.py", "{rows}", "{predictions}"]),
            contract=server.contract,
            terms=server.terms,
        ),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    for script in filter(None, ("train.py", server.prepare)):
        subprocess.run([python, script], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def proved(server: Server, python: Path, names: tuple[str, ...], *, quick: bool) -> ProofReport:
    """Lay a server and prove it."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        laid(server, python, folder)
        declared = read_service(folder, contract_names())
        rows = read_rows(folder / declared.rows)
        asked = Asked(names, 11, quick=quick)

        def say(name: str) -> None:
            print(f"{server.name} {name}", file=sys.stderr)

        return asyncio.run(prove(declared, rows, asked, folder / "logs", say))


def main() -> int:
    """Prove each server and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.model_servers")
    parser.add_argument("--quick", action="store_true", help="shorter runs")
    parser.add_argument("--proof", action="append", default=[], help="only this one; repeatable")
    parser.add_argument("--only", default="", help="the name of one server")
    parser.add_argument("--python", default="", help="an interpreter that has the server")
    asked = parser.parse_args()
    catalogue = load_catalogue()
    names = tuple(each for each in PROOFS if not asked.proof or each in asked.proof)
    print(f"| server | {' | '.join(f'`{each}`' for each in names)} | p99, ms | rate held |")
    print("|---|" + "---|" * (len(names) + 2))
    told: list[str] = []
    for server in SERVERS:
        if asked.only and asked.only != server.name:
            continue
        if asked.python:
            python = Path(asked.python)
        elif server.name == "MLflow":
            python = find(spec_of(catalogue, "ops"))
            assert python is not None, "gradus install ops"
        else:
            python = set_up("model-servers", PINS)
        report = proved(server, python, names, quick=asked.quick)
        figures = {f.name: f for o in report.outcomes for c in o.claims for f in c.figures}
        cells = [str(each.verdict) for each in report.outcomes]
        for name in ("p99 latency", "highest rate held"):
            cells.append(f"{figures[name].value:.0f}" if name in figures else "")
        print(f"| {server.name} | {' | '.join(cells)} |", flush=True)
        for outcome in report.outcomes:
            if outcome.reason:
                told.append(f"{server.name}, {outcome.proof}: {outcome.reason}")
            for claim in outcome.claims:
                if claim.finding is not None:
                    f = claim.finding
                    said = f"{f.call} | {f.returned} | {f.expected} | {f.note}"
                    told.append(f"{server.name}, {outcome.proof}: {claim.sentence} {said}")
    print("\n" + "\n".join(told))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
