"""The base images and system packages that the model of a build knows, with rounded sizes.

Megabytes are those of unpacked images for amd64, late in 2026, rounded. Nothing is downloaded.
"""

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class File:
    """A file, or a tree that is always copied whole, such as an installed package."""

    mb: float = 0.0
    content: str = ""
    """Stands for the bytes: two files with the same one are alike."""
    tags: frozenset[str] = frozenset()
    """What it is: `compiler`, `dev`, `lists`, `cache`, `secret`, `package:x`, `python`, …"""
    uid: int = 0
    gid: int = 0
    mode: int = 0o644
    text: str = ""
    """What is in it, where a build reads it."""


@dataclass(frozen=True, slots=True)
class Image:
    """What a stage starts from."""

    family: str
    """`debian`, `alpine` or `bare`: how packages are installed, and whether there is a shell."""
    files: dict[str, File]
    python: str = ""
    """Version of the interpreter that it brings, such as `3.12`."""
    user: str = ""
    entrypoint: tuple[str, ...] = ()


OS_MB = {"debian": 78.0, "ubuntu": 78.0, "alpine": 8.0, "distroless": 24.0}
PYTHON_MB = 47.0
TOOLCHAIN_MB = 860.0
SLIM_MB = OS_MB["debian"] + PYTHON_MB

COMPILERS = {
    "gcc": 150.0, "g++": 190.0, "clang": 400.0, "build-essential": 230.0, "build-base": 220.0,
    "gcc-12": 150.0, "gcc-14": 150.0, "make": 2.0, "cmake": 45.0, "musl-dev": 11.0,
    "libc6-dev": 12.0, "libc-dev": 11.0, "python3-dev": 35.0, "gfortran": 190.0, "cargo": 400.0,
    "rustc": 400.0, "rust": 400.0, "linux-headers": 20.0,
}  # fmt: skip
CAN_COMPILE = {"gcc", "g++", "clang", "build-essential", "build-base", "gcc-12", "gcc-14"}
PROGRAMS = {
    "curl": 11.0, "wget": 5.0, "git": 110.0, "tini": 0.1, "dumb-init": 0.1, "gosu": 2.5,
    "bash": 6.0, "netcat-openbsd": 0.3, "procps": 2.0, "sudo": 6.0, "python3": 32.0,
    "python3-venv": 3.0, "python3-pip": 30.0, "vim": 40.0, "nano": 3.0, "htop": 1.0, "less": 1.0,
}  # fmt: skip
OTHER_MB = 3.0
RECOMMENDED_MB = 45.0
LISTS_MB = {"debian": 20.0, "alpine": 3.0}
NAMED = {"netcat-openbsd": "nc", "python3-pip": "pip3", "build-essential": "dpkg-buildpackage"}

_PYTHON = re.compile(r"(?:(\d+)(?:\.(\d+))?[\w.]*)?-?(slim|alpine)?[-\w.]*")
_UBUNTU = {"24.04": "3.12", "22.04": "3.10", "noble": "3.12", "jammy": "3.10"}
_DEBIAN = {"bookworm": "3.11", "12": "3.11", "trixie": "3.13", "13": "3.13"}
NEWEST = "3.14"


def _os(family: str, mb: float) -> dict[str, File]:
    files = {"/usr/lib/os": File(mb, f"os:{family}:{mb}")}
    if family != "distroless":
        files["/bin/sh"] = File(0.0, f"sh:{family}", mode=0o755)
        shells = ("/bin/wget", "/bin/nc") if family == "alpine" else ("/bin/bash",)
        files |= {each: File(0.0, f"{each}:{family}", mode=0o755) for each in shells}
    return files


def python_files(version: str, at: str, libc: str) -> dict[str, File]:
    """Return an interpreter below `/usr/local` or `/usr`, with its library and its pip."""
    tags = frozenset({"python", f"for:{version}:{libc}"})
    program = File(0.0, f"python{version}:{libc}", tags, mode=0o755, text=version)
    names = ["python", "python3", f"python{version}"] if at == "/usr/local" else ["python3"]
    files = {f"{at}/bin/{name}": program for name in names}
    files[f"{at}/lib/python{version}/os.py"] = File(PYTHON_MB, f"lib{version}", tags)
    if at == "/usr/local":
        pip = File(0.0, f"pip{version}", frozenset({"pip"}), mode=0o755, text=f"{at}/bin/python")
        files |= {f"{at}/bin/{name}": pip for name in ("pip", "pip3", f"pip{version}")}
    return files


def find_image(reference: str) -> Image | None:
    """Return the image of a name with tag or digest, or None where the model does not know it."""
    name, tag, _ = parts_of(reference)
    if name == "scratch":
        return Image("bare", {})
    if name == "python":
        return _python(tag or "latest")
    if name in ("debian", "ubuntu", "alpine"):
        return _plain(name, tag)
    if name.startswith("gcr.io/distroless/") and "debian" in name:
        return _distroless(name, tag)
    if name == "ghcr.io/astral-sh/uv":
        return _uv(tag)
    return None


def parts_of(reference: str) -> tuple[str, str, str]:
    """Return name, tag and digest of an image; the library's own prefix is left out."""
    name, _, digest = reference.partition("@")
    head, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    name = head + slash + last
    for prefix in ("docker.io/library/", "docker.io/", "index.docker.io/library/", "library/"):
        name = name.removeprefix(prefix)
    return name, tag, digest


def is_pinned(reference: str) -> bool:
    """Return whether it names a digest, or a tag with a version of two numbers or a release."""
    name, tag, digest = parts_of(reference)
    if name == "scratch" or digest:
        return digest == "" or re.fullmatch(r"sha256:[0-9a-f]{64}", digest) is not None
    if name.startswith("gcr.io/distroless/") or not tag:
        return False
    if name == "debian":
        return re.match(r"(\d+|bookworm|trixie|bullseye)\b", tag) is not None
    if name == "ubuntu" and tag.split("-")[0] in _UBUNTU:
        return True
    return re.match(r"(python)?\d+\.\d+", tag) is not None


def _python(tag: str) -> Image | None:
    found = _PYTHON.fullmatch(tag.removeprefix("latest"))
    if found is None:
        return None
    major, minor, kind = found.groups()
    named = tag.partition("-")[0] in ("latest", "slim", "alpine", "bookworm", "trixie")
    if not named and not major:
        return None
    version = f"{major}.{minor}" if minor else NEWEST
    family = "alpine" if kind == "alpine" else "debian"
    libc = "musl" if family == "alpine" else "glibc"
    files = _os(family, OS_MB[family]) | python_files(version, "/usr/local", libc)
    if kind is None:
        compiler = File(TOOLCHAIN_MB, "toolchain", frozenset({"compiler"}), mode=0o755)
        files |= {"/usr/bin/gcc": compiler}
        files |= {f"/usr/bin/{each}": File(0.0, each, mode=0o755) for each in ("curl", "git")}
    return Image(family, files, version)


def _plain(name: str, tag: str) -> Image:
    family = "alpine" if name == "alpine" else "debian"
    release = tag.removesuffix("-slim").split("-")[0]
    known = _UBUNTU if name == "ubuntu" else _DEBIAN
    mb = OS_MB[name] if name != "debian" or tag.endswith("-slim") else 117.0
    version = "3.12" if name == "alpine" else known.get(release, NEWEST)
    return Image(family, _os(family, mb), version)


def _distroless(name: str, tag: str) -> Image:
    version = "3.13" if name.endswith("13") else "3.11"
    files = _os("distroless", OS_MB["distroless"])
    if tag.startswith("debug"):
        files["/busybox/sh"] = File(1.0, "busybox", mode=0o755)
    user = "65532" if "nonroot" in tag else ""
    if "/python3" not in name:
        return Image("bare", files, "", user)
    files |= python_files(version, "/usr", "glibc")
    return Image("bare", files, version, user, ("/usr/bin/python3",))


def _uv(tag: str) -> Image:
    uv = File(45.0, f"uv:{tag}", frozenset({"uv"}), mode=0o755)
    found = re.search(r"python(\d+\.\d+)-(\w+)(-slim)?", tag)
    if found is None:
        return Image("bare", {"/uv": uv, "/uvx": replace(uv, mb=0.3)})
    kind = f"-{found[2]}" if found[2] == "alpine" else f"-slim-{found[2]}"
    image = _python(found[1] + (kind if found[2] == "alpine" or found[3] else ""))
    if image is None:
        return Image("bare", {"/uv": uv})
    return replace(image, files=image.files | {"/usr/local/bin/uv": uv})
