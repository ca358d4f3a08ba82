"""What is in a repository's commits, read from its objects; no hook or setting of it is run."""

import functools
import pathlib

from dulwich.diff_tree import TreeChange, tree_changes
from dulwich.ignore import IgnoreFilter
from dulwich.objects import Commit, ShaFile, Tag, Tree
from dulwich.repo import Repo

HUB = ".git/hub"


@functools.cache
def _open(place: pathlib.Path) -> Repo:
    """Open a repository; folders that git leaves empty were not handed in, so they are made."""
    inside = place / ".git" if (place / ".git").is_dir() else place
    if not (inside / "HEAD").is_file():
        name = HUB if place.name == "hub" else "your folder"
        raise ValueError(f"there is no repository in {name}")
    for name in ("objects/info", "objects/pack", "refs/heads", "refs/tags"):
        (inside / name).mkdir(parents=True, exist_ok=True)
    try:
        return Repo(str(place))
    except Exception as error:
        raise ValueError(f"the repository cannot be read: {error}") from None


def _repository(folder: pathlib.Path, which: str) -> Repo:
    return _open(folder if which == "yours" else folder / HUB)


def _object(repo: Repo, name: bytes, kind: type[ShaFile] = ShaFile) -> ShaFile:
    """Return an object whole, and of the kind that it has to be where it is named."""
    shown = name.decode("utf-8", "replace")
    try:
        found = repo[name]
        if isinstance(found, Tree):
            found.items()  # the library reads a tree when it is asked for what is in it
    except Exception as error:
        raise ValueError(f"the object {shown} cannot be read: {error}") from None
    if not isinstance(found, kind):
        raise ValueError(f"the object {shown} is no {kind.__name__.lower()}")
    if isinstance(found, Commit) and None in (found.author, found.message):
        raise ValueError(f"the commit {shown} has no author, or no message")
    return found


def _refs(repo: Repo) -> dict[bytes, bytes]:
    try:
        return repo.get_refs()
    except Exception as error:
        raise ValueError(f"the branches and tags cannot be read: {error}") from None


def _tip(folder: pathlib.Path, which: str) -> bytes:
    refs = _refs(_repository(folder, which))
    if b"refs/heads/main" not in refs:
        where = "your repository" if which == "yours" else "the server"
        raise ValueError(f"{where} has no branch main")
    return refs[b"refs/heads/main"]


def _history(repo: Repo, tips: list[bytes]) -> list[Commit]:
    """Return every commit that can be reached from some tips, each once."""
    seen: dict[bytes, Commit] = {}
    waiting = list(tips)
    while waiting:
        name = waiting.pop()
        found = _object(repo, name)
        if isinstance(found, Tag):
            waiting.append(found.object[1])
        elif isinstance(found, Commit) and name not in seen:
            seen[name] = found
            waiting += found.parents
    return list(seen.values())


def _files(repo: Repo, tree: bytes, above: str = "") -> dict[str, bytes]:
    """Return the path and the blob id of every file of a tree."""
    found = {}
    for entry in _object(repo, tree, Tree).iteritems():
        path = above + entry.path.decode("utf-8", "replace")
        if entry.mode == 0o040000:
            found |= _files(repo, entry.sha, path + "/")
        elif entry.mode != 0o160000:
            found[path] = entry.sha
    return found


def _subject(commit: Commit) -> str:
    lines = commit.message.decode("utf-8", "replace").strip().splitlines()
    return lines[0].strip() if lines else ""


def _author(commit: Commit) -> str:
    return commit.author.decode("utf-8", "replace").partition(" <")[0]


def commits(folder: pathlib.Path, which: str) -> list[list[str]]:
    """Return [author, subject] of every commit in a main branch (`yours` or `server`)."""
    repo = _repository(folder, which)
    return [[_author(c), _subject(c)] for c in _history(repo, [_tip(folder, which)])]


def tip(folder: pathlib.Path, which: str) -> str:
    """Return the id of the last commit of a main branch."""
    return _tip(folder, which).decode("utf-8", "replace")


def text(folder: pathlib.Path, path: str) -> str:
    """Return a file of your main branch, as it is in its last commit."""
    repo = _repository(folder, "yours")
    files = _files(repo, _object(repo, _tip(folder, "yours"), Commit).tree)
    if path not in files:
        raise ValueError(f"{path} is not in the last commit of main")
    content = _object(repo, files[path]).as_raw_string()
    return content.decode("utf-8", "replace").replace("\r\n", "\n").removeprefix("\ufeff")


def ignored(folder: pathlib.Path, paths: list[str]) -> list[bool]:
    """Return for each path whether the .gitignore of your main branch leaves it out."""
    lines = text(folder, ".gitignore").encode().splitlines()
    rules = IgnoreFilter([line.strip() for line in lines if line.strip()])

    def leaves_out(path: str) -> bool:
        parts = path.split("/")
        above = ["/".join(parts[:n]) + "/" for n in range(1, len(parts))]
        return any(rules.is_ignored(each) for each in [*above, path])

    return [leaves_out(path) for path in paths]


def found(folder: pathlib.Path, secret: str, path: str, most_bytes: int) -> dict[str, list[str]]:
    """Return where a secret and where bulk lies, in all branches and tags of both repositories.

    The secret is `path` itself, or any file or message that holds its text; bulk is any file in a
    folder `data` or `venv`, and any of more than `most_bytes` bytes.
    """
    secrets: dict[str, None] = {}
    bulk: dict[str, None] = {}
    for which, name in (("yours", "your repository"), ("server", "the server")):
        repo = _repository(folder, which)
        refs = _refs(repo)
        tips = [refs[ref] for ref in refs if ref.startswith((b"refs/heads/", b"refs/tags/"))]
        for commit in _history(repo, tips):
            where = f"{name}, in the commit '{_subject(commit)}'"
            if secret.encode() in commit.message:
                secrets[f"{where}: its message"] = None
            for each, blob in _files(repo, commit.tree).items():
                size, holds = _looked_at(repo, blob, secret)
                if holds or each.rsplit("/", 1)[-1] == path:
                    secrets[f"{where}: {each}"] = None
                inside = set(each.split("/")[:-1]) & {"data", "venv", ".venv", "__pycache__"}
                if inside or size > most_bytes:
                    bulk[f"{where}: {each}"] = None
    return {"secrets": list(secrets), "bulk": list(bulk)}


@functools.cache
def _looked_at(repo: Repo, blob: bytes, secret: str) -> tuple[int, bool]:
    content = _object(repo, blob).as_raw_string()
    return len(content), secret.encode() in content


def _changes(repo: Repo, before: bytes | None, after: bytes) -> list[TreeChange]:
    try:
        return list(tree_changes(repo.object_store, before, after))
    except Exception as error:
        raise ValueError(f"the tree {after.decode()} cannot be read: {error}") from None


def own_commits(folder: pathlib.Path, known: list[list[str]]) -> list[dict[str, object]]:
    """Return subject, paths and merge flag of the commits in your main that were not given.

    A commit is known by its author and subject, since ids change when history is rewritten.
    """
    repo = _repository(folder, "yours")
    given = {tuple(each) for each in known}
    own = []
    for commit in _history(repo, [_tip(folder, "yours")]):
        if (_author(commit), _subject(commit)) in given:
            continue
        before = _object(repo, commit.parents[0], Commit).tree if commit.parents else None
        paths = {
            side.path.decode("utf-8", "replace")
            for change in _changes(repo, before, commit.tree)
            for side in (change.old, change.new)
            if side is not None and side.path is not None
        }
        own.append(
            {
                "subject": _subject(commit),
                "paths": sorted(paths),
                "merge": len(commit.parents) > 1,
            }
        )
    return own
