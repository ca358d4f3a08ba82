"""Projects of a model service, drawn: files, sizes, packages, what must stay out of an image."""

from dataclasses import replace

from simulators.docker_images import SLIM_MB, File
from simulators.docker_pip import World

ROOM_MB = 60
BIG = {"numpy": 62, "pandas": 75, "scikit-learn": 125, "onnxruntime": 95, "lightgbm": 85,
       "pyarrow": 130, "xgboost": 240, "polars": 120, "scipy": 110}  # fmt: skip
FROM_SOURCE = {"fasttext": 18, "hdbscan": 14, "annoy": 9, "pyahocorasick": 7, "pysimdjson": 12}
PRIVATE = {"acme-features": 11, "house-scoring": 16, "inhouse-risk": 13, "acme-segments": 9}
SMALL = {"redis": 3, "orjson": 2, "structlog": 2, "prometheus-client": 1, "cachetools": 1}
DEV = {"pytest": 6, "ruff": 31, "mypy": 28, "jupyterlab": 140, "httpx": 3, "locust": 22}
MODULES = ("features", "scoring", "schema", "limits", "audit", "rates", "regions", "segments")
FOLDERS = ("rules", "pipeline", "api", "encoders")
SECRET = frozenset({"secret"})
DEVELOPMENT = frozenset({"dev"})


class Project:
    """A drawn project: what lies in its folder and what the indexes of packages hold."""

    def __init__(self, rng, extra):
        self.rng, self.image = rng, None
        named = {"fastapi": 16.0, "uvicorn": 5.0}
        named |= self.some(BIG, int(rng.integers(4, 7))) | self.some(SMALL, int(rng.integers(1, 4)))
        source, private = self.some(FROM_SOURCE, 1), self.some(PRIVATE, 1)
        self.runtime = {**named, **source, **private}
        self.dev = self.some(DEV, int(rng.integers(2, 5)))
        spare = {name: mb for name, mb in {**SMALL, **BIG}.items() if name not in self.runtime}
        self.added = self.some(spare, 1)
        self.world = World(
            {**self.runtime, **self.dev, **self.added},
            frozenset(source),
            frozenset(private),
            frozenset(DEV),
        )
        self.model_mb = round(float(rng.uniform(90, 400)), 1)
        self.files = self.drawn_files() | extra

    def some(self, of, n):
        names = [str(each) for each in self.rng.choice(sorted(of), size=n, replace=False)]
        return {name: round(of[name] * float(self.rng.uniform(0.8, 1.25)), 1) for name in names}

    def file(self, mb, text="", tags=frozenset(), mode=0o644):
        return File(mb, f"{self.rng.integers(2**62)}", tags, mode=mode, text=text)

    def drawn_files(self):
        rng, file = self.rng, self.file
        modules = [str(each) for each in rng.choice(MODULES, size=4, replace=False)]
        folder = str(rng.choice(FOLDERS))
        self.code = ["app/__init__.py", "app/main.py", f"app/{modules[0]}.py"]
        self.code += [f"app/{folder}/__init__.py", f"app/{folder}/{modules[1]}.py"]
        files = {path: file(0.02) for path in self.code}
        files["model/model.json"] = file(self.model_mb, mode=0o600)
        files["requirements.txt"] = file(0.0, self.lines(self.runtime))
        more = self.lines(self.dev)
        files["requirements-dev.txt"] = file(0.0, f"-r requirements.txt\n{more}")
        month, stage = int(rng.integers(1, 13)), str(rng.choice(["prod", "local", "staging"]))
        self.outside = {
            "README.md": file(0.01),
            f"tests/test_{modules[2]}.py": file(0.01, tags=DEVELOPMENT),
            "tests/conftest.py": file(0.01, tags=DEVELOPMENT),
        }
        self.unwanted = {
            ".git/HEAD": file(0.01),
            f".git/objects/pack/pack-{rng.integers(10**6)}.pack": file(
                float(rng.integers(50, 400))
            ),
            ".env": file(0.0, tags=SECRET),
            f".env.{stage}": file(0.0, tags=SECRET),
            "secrets/index_url": file(0.0, tags=SECRET),
            f"data/2026-{month:02}.parquet": file(float(rng.integers(300, 2000))),
            f"data/raw/{modules[3]}.csv": file(float(rng.integers(30, 300))),
            f"notebooks/{modules[3]}.ipynb": file(float(rng.integers(2, 40))),
            ".venv/lib/python3.12/site-packages/torch.so": file(1800.0),
            ".pytest_cache/lastfailed": file(0.0),
            "app/__pycache__/main.cpython-312.pyc": file(0.02),
            f"app/{folder}/__pycache__/{modules[1]}.cpython-312.pyc": file(0.02),
        }
        return files | self.outside | self.unwanted

    def lines(self, packages):
        version = self.rng.integers(0, 20, size=3)
        return "".join(f"{name}=={version[0]}.{version[1]}.{version[2]}\n" for name in packages)

    def edited(self, *paths):
        """The files after somebody changed some of them."""
        return {**self.files, **{path: self.again(path) for path in paths}}

    def again(self, path):
        return replace(self.files[path], content=f"{self.rng.integers(2**62)}")

    @property
    def most_mb(self):
        code = sum(self.files[path].mb for path in self.code)
        return SLIM_MB + sum(self.runtime.values()) + self.model_mb + code + ROOM_MB
