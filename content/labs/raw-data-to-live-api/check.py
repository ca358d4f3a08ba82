"""What the files of a project show: that a stranger can start, check, rebuild and ship it."""

import hashlib
import json
import re
import shlex
import sys
from fnmatch import fnmatch

from simulators import actions_expressions as actions
from simulators.well_pump_tables import NUMBERS, WORDS, parsed, usable

from gradus.check import claim, diagnostic, observe
from gradus.check.works import read_toml

TABLES = {
    "data/pumps.csv": "5681e7f148a821ae5eced6bf4059758c8bdf73bbac702b8d76ac1b71642d4523",
    "data/inspections.csv": "f16552a66b71f7055233b6ca52549a64e2e73b111b9355cf38590146c1224bbf",
    "data/repairs.csv": "46020d716095625149dc1894369e89195539bda708a43235f8845aaa6c120709",
}
AUC, BASELINE_AUC = (0.60, 0.86), (0.55, 0.80)
MOST_TOML = 1_000_000  # of a lock file with many wheels
MOST_P99, LEAST_RATE, MOST_READY = 250, 40, 60
FEWEST_TESTS, FEWEST_WORDS = 5, 80
HELD_OUT = (0.1, 0.5)
"""Share of the usable inspections that quality may be measured on."""
USUAL_VIBRATION = 2.5
"""What the foreman takes where nothing was read."""


def be(label, value, what, holds, because=""):
    """Demand something of a value that the check computed itself."""
    return observe(label, value).must_satisfy(what, lambda _: bool(holds), because=because)


def must_be_empty(label, found, because=""):
    """Nothing was found; the first of it is enough for a person."""
    more = f" And {len(found) - 1} more." if len(found) > 1 else ""
    first = found[0] if found else None
    observe(label, first).must_satisfy(
        "be nothing", lambda value: value is None, because=(because + more).strip()
    )


def parsed_toml(folder, path):
    return read_toml(folder.text(path).as_text(), path, MOST_TOML)


def at(table, *way):
    """The value at a place of nested tables; None where there is none."""
    for key in way:
        table = table.get(key) if isinstance(table, dict) else None
    return table


def words_of(command):
    """A command of gradus.toml as its words."""
    if isinstance(command, str):
        try:
            return shlex.split(command)
        except ValueError:
            return command.split()
    return [each for each in command if isinstance(each, str)] if isinstance(command, list) else []


def record_of(folder):
    """The record that gradus.toml names, as a dict."""
    path = at(parsed_toml(folder, "gradus.toml"), "project", "record")
    be("record in [project] of gradus.toml", path, "be the path of a file", isinstance(path, str))
    text = folder.text(path).as_text()
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as fault:
        be(path, str(fault), "be JSON", False)
    be(path, type(record).__name__, "be an object", isinstance(record, dict))
    return record


def sha(content):
    return hashlib.sha256(content).hexdigest()


def same_digest(said, content):
    """Whether a digest is that of the bytes; of a text with Windows line ends too."""
    said = str(said).lower().removeprefix("sha256:").strip()
    return said in (sha(content), sha(content.replace(b"\r\n", b"\n")))


# ── what gradus.toml declares ──


@claim(
    "gradus.toml declares every command, the version, the log, the guards and the promises.",
    catches=["declares_no_log", "promises_less"],
)
def declares_everything(folder):
    whole = parsed_toml(folder, "gradus.toml")
    prove = at(whole, "prove") or {}
    for key, place in (
        ("start", None), ("offline", "{rows}"), ("version", "#"), ("retrain", "{labels}"),
        ("promote", "{version}"),
    ):  # fmt: skip
        said = " ".join(words_of(at(prove, key)))
        what = f"be declared, with {place} in it" if place else "be declared"
        be(f"{key} in [prove]", said or None, what, said and (place is None or place in said))
    for table, key in (
        ("contract", "name"), ("log", "path"), ("log", "identifier"), ("log", "prediction"),
    ):  # fmt: skip
        said = at(prove, table, key)
        be(f"{key} in [prove.{table}]", said, "be declared", isinstance(said, str) and said)
    rows = at(prove, "rows")
    be("rows in [prove]", rows, "stay rows.jsonl", rows in (None, "rows.jsonl"))
    for key in ("banned", "personal"):
        said = at(prove, "guards", key)
        named = isinstance(said, list | str) and "inspector" in said
        be(f"{key} in [prove.guards]", said, "name inspector", named)
    for key, usual, holds, bound in (
        ("p99_ms", 100, lambda x: x <= MOST_P99, f"at most {MOST_P99}"),
        ("rate", 50, lambda x: x >= LEAST_RATE, f"at least {LEAST_RATE}"),
        ("ready_seconds", 60, lambda x: x <= MOST_READY, f"at most {MOST_READY}"),
    ):
        said = at(prove, "promises", key)
        said = usual if said is None else said
        number = isinstance(said, int | float)
        be(f"{key} in [prove.promises]", said, f"be {bound}", number and holds(said))
    for key in ("train", "record", "decision"):
        said = at(whole, "project", key)
        be(f"{key} in [project]", said, "be declared", words_of(said))


# ── the README ──


def readme(folder):
    names = [each for each in folder.names() if each.lower() == "readme.md"]
    return folder.text(names[0] if names else "README.md").as_text().replace("\r\n", "\n")


def code_blocks(text):
    """The lines of all code blocks, with continued lines joined."""
    blocks = re.findall(r"(?ms)^[ \t]*(?:```|~~~)[^\n]*\n(.*?)^[ \t]*(?:```|~~~)", text)
    joined = re.sub(r"\\\n\s*", " ", "\n".join(blocks))
    return [line.strip().removeprefix("$ ").strip() for line in joined.splitlines()]


def as_pattern(command):
    """A command as a regular expression: what stands in braces may be anything without a blank."""
    parts = []
    for word in words_of(command):
        quoted = re.sub(r"\\\{[a-z_]+\\\}", r"\\S+", re.escape(word))
        parts.append(rf"[\"']?{quoted}[\"']?")
    return re.compile(r"(?:^|[\s;&|(])" + r"\s+".join(parts) + r"(?:$|[\s;&|)])")


INSTALLS = re.compile(
    r"\b(pip3? install|pip-sync|uv (pip|sync)|poetry (install|sync)|pdm (install|sync)|"
    r"conda env create|docker (compose )?(build|up)|make \w+)"
)


@claim(
    "The README's commands install it, train it and start it, as gradus.toml says.",
    catches=["readme_starts_something_else"],
)
def readme_starts_it(folder):
    whole = parsed_toml(folder, "gradus.toml")
    lines = code_blocks(readme(folder))
    start, train = at(whole, "prove", "start"), at(whole, "project", "train")
    for what, command in (("start in [prove]", start), ("train in [project]", train)):
        shown = " ".join(words_of(command))
        be(
            "the code blocks of README.md",
            f"{len(lines)} lines",
            f"hold the command of {what}: {shown}",
            words_of(command) and any(as_pattern(command).search(line) for line in lines),
        )
    be(
        "the code blocks of README.md",
        f"{len(lines)} lines",
        "hold a command that installs what is needed",
        any(INSTALLS.search(line) for line in lines),
    )


SECTIONS = {
    "the data": r"\bdata\b|\bdataset|\btables?\b",
    "results": r"\bresults?\b|\bmetrics?\b|\bperformance\b|\bevaluation\b|\bquality\b|how good",
    "architecture": r"\barchitecture\b|\bdesign\b|how it works|\bstructure\b|overview|\blayout\b",
    "limits": r"\blimits?\b|\blimitations?\b|\bcaveats?\b|known issues|cannot|can't|does not do",
}


def sections(text):
    """Heading to the words below it, code blocks included."""
    parts = re.split(r"(?m)^#{1,6}\s+(.+?)\s*#*\s*$", "\n" + text)
    return list(zip(parts[1::2], parts[2::2], strict=True))


@claim(
    "The README says what the data are, how it is built, how good it is and what it cannot do.",
    catches=["readme_without_limits"],
)
def readme_says_it(folder):
    found = sections(readme(folder))
    for what, pattern in SECTIONS.items():
        told = [body for heading, body in found if re.search(pattern, heading, re.IGNORECASE)]
        longest = max((len(body.split()) for body in told), default=0)
        be(f"words under a heading for {what}", longest, "be at least 10", longest >= 10)


@claim(
    "The result in the README is that of the model in service.",
    catches=["quotes_another_model"],
)
def readme_has_the_result(folder):
    auc = at(record_of(folder), "metrics", "auc")
    if not isinstance(auc, int | float):
        be("metrics.auc of the record", auc, "be a number", False)
    text = readme(folder)
    spelled = {f"{auc:.2f}", f"{auc:.3f}", f"{auc:.4f}", f"{auc * 100:.1f}"}
    be(
        "README.md",
        f"{len(text.split())} words",
        f"hold the record's AUC with two or three decimals, {auc:.3f}",
        any(re.search(rf"(?<![\d.]){re.escape(each)}(?!\d)", text) for each in spelled),
    )


# ── that it works elsewhere ──

A_MACHINE = re.compile(
    r"(?:(?<![\w./~-])|(?<=:///))"
    r"(/(?:home|Users|root|mnt|media|content|kaggle|opt/conda)/\w|[A-Za-z]:\\\\?\w)"
    r"|^~/|\bexpanduser\b"
)
A_PLACE = re.compile(r"^/(var|tmp|srv|etc|usr)/\w")
SKIPPED = (".md", ".csv", ".jsonl", ".lock", ".db")


@claim(
    "No file names a place of one machine, and every file that is started is there.",
    catches=["works_only_here", "starts_what_is_not_there"],
)
def works_elsewhere(folder, reader):
    whole = parsed_toml(folder, "gradus.toml")
    found = [
        f"{name}, line {line}: {text[:60]}"
        for name, line, text in reader.texts().as_list()
        if (A_MACHINE.search(text) or A_PLACE.search(text))
        and not name.rsplit("/", 1)[-1].startswith("test")
    ]
    must_be_empty("a path that only your machine has", found, "It is on no other machine.")
    for name in folder.names():
        if name.endswith((".toml", ".ini", ".cfg", ".sh", ".env", ".yaml", ".yml")):
            for number, line in enumerate(folder.text(name).as_text().splitlines(), 1):
                if A_MACHINE.search(line) and not line.lstrip().startswith("#"):
                    found.append(f"{name}, line {number}: {line.strip()[:60]}")
    must_be_empty("a path that only your machine has", found, "It is on no other machine.")
    commands = {f"{key} in [prove]": at(whole, "prove", key) for key in COMMANDS}
    commands["train in [project]"] = at(whole, "project", "train")
    missing = [
        f"{each}, which {key} starts"
        for key, command in commands.items()
        for each in left_behind(words_of(command), folder.names())
    ]
    for key in ("record", "decision"):
        path = at(whole, "project", key)
        if isinstance(path, str) and path.removeprefix("./") not in folder.names():
            missing.append(f"{path}, which {key} in [project] names")
    must_be_empty("a file that is not there", missing, "It lies on your machine only.")


COMMANDS = ("start", "offline", "retrain", "promote", "rollback")


def left_behind(words, names):
    """The project's own files and modules that a command names and that are not there."""
    places = {each.split("/")[0].removesuffix(".py") for each in names}
    places |= {each.split("/")[1].removesuffix(".py") for each in names if each.startswith("src/")}
    missing = []
    for before, word in zip(["", *words], words, strict=False):
        module = word.split(":")[0] if re.fullmatch(r"[\w.]+:[\w.()]+", word) else None
        module = word if before == "-m" else module
        if module and module.split(".")[0] in places:
            path = module.replace(".", "/")
            ends = (f"{path}.py", f"{path}/__main__.py", f"{path}/__init__.py")
            if not any(each in names or f"src/{each}" in names for each in ends):
                missing.append(ends[0])
        elif re.search(r"\.(py|sh)$", word) and "{" not in word:
            if word.removeprefix("./") not in names:
                missing.append(word)
    return missing


KNOWN_AS = {
    "sklearn": "scikit-learn", "yaml": "pyyaml", "PIL": "pillow", "dotenv": "python-dotenv",
    "dateutil": "python-dateutil", "cv2": "opencv-python", "skops": "skops", "jwt": "pyjwt",
    "google.protobuf": "protobuf", "prometheus_client": "prometheus-client",
}  # fmt: skip


def plain_name(text):
    return re.sub(r"[-_.]+", "-", text).lower()


def requirements(folder):
    """Distribution to its pin (None where it has none), from every file that declares packages."""
    found = {}
    for name in folder.names():
        base = name.rsplit("/", 1)[-1]
        if re.fullmatch(r"(requirements|constraints)[\w.-]*\.(txt|in|lock)", base) or re.match(
            r"requirements/.*\.txt$", name
        ):
            for line in folder.text(name).as_text().splitlines():
                add_requirement(found, line)
        elif base == "pyproject.toml":
            project = parsed_toml(folder, name)
            groups = [at(project, "project", "dependencies") or []]
            groups += (at(project, "project", "optional-dependencies") or {}).values()
            groups += (at(project, "dependency-groups") or {}).values()
            for line in (each for group in groups for each in group if isinstance(each, str)):
                add_requirement(found, line)
            for each in at(project, "tool", "poetry", "dependencies") or {}:
                found.setdefault(plain_name(each), None)
        elif base in ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"):
            lock = parsed_toml(folder, name)
            for each in [*(lock.get("package") or []), *(lock.get("packages") or [])]:
                found[plain_name(str(at(each, "name")))] = at(each, "version")
    return found


def add_requirement(found, line):
    line = line.split("#")[0].split(";")[0].strip()
    made = re.match(r"([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(.*)$", line)
    if made and not line.startswith("-"):
        pin = re.match(r"={2,3}\s*([\w.+!-]+)$", made[2].split("--")[0].rstrip(" \\"))
        name = plain_name(made[1])
        if pin or name not in found:
            found[name] = pin[1] if pin else None


def local_names(names):
    """Every folder and module of the project: what an import may find without being installed."""
    return {part.removesuffix(".py") for each in names for part in each.split("/")}


@claim(
    "Every package that is imported is declared, with one version.",
    catches=["undeclared_package", "any_version_will_do"],
)
def packages_are_declared(folder, reader):
    declared = requirements(folder)
    ours = local_names(folder.names())
    wanted = {}
    for name, module in reader.imports().as_list():
        top = module.split(".")[0]
        if top not in sys.stdlib_module_names and top not in ours:
            wanted.setdefault(plain_name(KNOWN_AS.get(top, top)), name)
    for word in words_of(at(parsed_toml(folder, "gradus.toml"), "prove", "start")):
        if word in ("uvicorn", "gunicorn", "hypercorn", "waitress", "waitress-serve", "granian"):
            wanted.setdefault(word.removesuffix("-serve"), "start in gradus.toml")
    missing = [f"{each}, which {name} needs" for each, name in sorted(wanted.items())
               if each not in declared]  # fmt: skip
    must_be_empty("a package that no file of requirements declares", missing)
    loose = sorted(each for each in wanted if not declared[each])
    must_be_empty("a package without one version (name==version, or a lock)", loose)


def is_ignored(path, patterns):
    """Whether .gitignore leaves a path out: its name, a folder above it, or a pattern."""
    ignored = False
    parts = path.split("/")
    ways = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    for pattern in patterns:
        keep, plain = pattern.startswith("!"), pattern.lstrip("!").strip("/")
        plain = plain.removeprefix("**/").removesuffix("/**").removesuffix("/*")
        anchored = "/" in plain or pattern.lstrip("!").startswith("/")
        if any(
            fnmatch(way, plain) or (not anchored and fnmatch(way.split("/")[-1], plain))
            for way in ways
        ):
            ignored = not keep
    return ignored


@claim(
    "Git leaves out what a machine keeps for itself: the log, environments, caches.",
    catches=["keeps_its_state_in_git"],
)
def state_stays_out(folder):
    lines = folder.text(".gitignore").as_text().splitlines()
    patterns = [each.strip() for each in lines if each.strip() and not each.startswith("#")]
    log = at(parsed_toml(folder, "gradus.toml"), "prove", "log", "path")
    paths = ["__pycache__/x.pyc", ".venv/pyvenv.cfg"]
    paths += [log.removeprefix("./")] if isinstance(log, str) else []
    let_in = [each for each in paths if not is_ignored(each, patterns)]
    must_be_empty("a path that .gitignore lets in", let_in)


# ── the data and the record ──


# Tables that are as they were handed out are the same for everybody, so they are read once.
kept = {}


def original_tables(folder):
    """Name to rows of each raw table, once they are known to be as they were handed out."""
    found = {}
    for path, digest in TABLES.items():
        content = folder.bytes(path).as_value().replace(b"\r\n", b"\n")
        be(path, f"{len(content)} bytes", "be as it was handed out", sha(content) == digest)
        name = path.split("/")[-1].removesuffix(".csv")
        if path not in kept:
            kept[path] = parsed(content.decode())
        found[name] = kept[path]
    return found


def usable_rows(folder):
    """The usable inspections by the rules of the lesson."""
    tables = original_tables(folder)
    if "rows" not in kept:
        kept["rows"] = usable(tables)
    return kept["rows"]


@claim("The raw tables are as they were handed out.", catches=["mends_the_tables_by_hand"])
def tables_are_raw(folder):
    original_tables(folder)


def said_of_rows(folder, *way):
    """A number of the record's account of the training rows."""
    said = at(record_of(folder), "rows", *way)
    label = ".".join(("rows", *way))
    number = isinstance(said, int | float) and not isinstance(said, bool)
    be(f"{label} in the record", said, "be a number", number)
    return said


@claim(
    "Each usable inspection is one row of training, and nothing else is.",
    catches=["counts_doubles_twice", "drops_rows_with_gaps", "takes_the_unfinished",
             "mends_the_tables_by_hand"],
)  # fmt: skip
def rows_are_the_usable(folder):
    rows = usable_rows(folder)
    said = said_of_rows(folder, "n")
    than = "It counts too many." if said > len(rows) else "It counts too few."
    be("rows.n in the record", said, "be how many inspections can be used", said == len(rows), than)


@claim(
    "A row has failed if its pump failed on one of the thirty days after the inspection.",
    catches=["takes_a_service_for_a_failure", "looks_ahead_for_ever", "counts_doubles_twice",
             "drops_rows_with_gaps", "mends_the_tables_by_hand"],
    may_catch=["takes_the_unfinished"],
)  # fmt: skip
def labels_are_right(folder):
    rows = usable_rows(folder)
    said, right = said_of_rows(folder, "failed"), sum(row["failed"] for row in rows)
    than = "It counts too many." if said > right else "It counts too few."
    be("rows.failed in the record", said, "be how many of them failed", said == right, than)


@claim(
    "Readings are in their units, a maker is one however typed, and gaps are missing.",
    catches=["takes_feet_for_metres",
        "takes_a_spelling_for_a_maker", "fills_gaps_with_zero", "counts_doubles_twice",
             "drops_rows_with_gaps", "takes_the_unfinished", "mends_the_tables_by_hand"],
)  # fmt: skip
def readings_are_right(folder):
    rows = usable_rows(folder)
    for name in (*NUMBERS, *WORDS):
        said = said_of_rows(folder, "missing", name)
        right = sum(row[name] is None for row in rows)
        than = "It counts too many." if said > right else "It counts too few."
        what = f"be in how many of the rows {name} is missing"
        be(f"rows.missing.{name} in the record", said, what, said == right, than)
    for name in NUMBERS:
        there = [row[name] for row in rows if row[name] is not None]
        said, right = said_of_rows(folder, "means", name), sum(there) / len(there)
        than = "It is too large." if said > right else "It is too small."
        within = max(0.005, 6e-4 * right)  # two decimals do; years of 365 days do not
        what = f"be the mean of {name} where it is not missing, within {within:.2g}"
        be(f"rows.means.{name} in the record", said, what, abs(said - right) <= within, than)
    for name in WORDS:
        said = said_of_rows(folder, "levels", name)
        right = len({row[name] for row in rows} - {None})
        than = "It counts too many." if said > right else "It counts too few."
        what = f"be how many different {name}s there are"
        be(f"rows.levels.{name} in the record", said, what, said == right, than)


@claim(
    "The record names the data, the code, the packages and the bytes that the model came from.",
    catches=["no_provenance", "artefact_of_another_run", "code_changed_since"],
)
def came_from_somewhere(folder):
    record, names = record_of(folder), folder.names()
    for key in ("version", "command"):
        said = record.get(key)
        be(f"{key} in the record", said, "be a text", isinstance(said, str) and said)
    for key, wanted in (("data", list(TABLES)), ("code", [])):
        said = record.get(key)
        what = "be a table of paths and their SHA-256"
        be(f"{key} in the record", said, what, isinstance(said, dict) and len(said) > 0)
        for path in wanted:
            be(f"{key} in the record", sorted(said), f"name {path}", path in said)
        for path, digest in said.items():
            be(f"{key} in the record", path, "be a file of the project", path in names)
            content = folder.bytes(path).as_value()
            what = "be the SHA-256 of that file as it is now"
            be(f"{key}.{path} in the record", digest, what, same_digest(digest, content))
    be("code in the record", sorted(record["code"]), "name a .py file",
       any(each.endswith((".py", ".ipynb")) for each in record["code"]))  # fmt: skip
    path, digest = at(record, "artefact", "path"), at(record, "artefact", "sha256")
    be("artefact.path in the record", path, "be a file of the project", path in names)
    content = folder.bytes(path).as_value()
    what = f"be the SHA-256 of {path}"
    be("artefact.sha256 in the record", digest, what, same_digest(digest, content))
    be("parameters in the record", record.get("parameters"), "be a table",
       isinstance(record.get("parameters"), dict) and record["parameters"])  # fmt: skip
    packages = record.get("packages")
    be("packages in the record", packages, "name what it was trained with",
       isinstance(packages, dict) and packages)  # fmt: skip
    pins = requirements(folder)
    other = [f"{name} {has}, and {pins[plain_name(name)]} is declared"
             for name, has in packages.items()
             if pins.get(plain_name(name)) not in (None, has)]  # fmt: skip
    must_be_empty("a package that was another one in training", other)


def held_out(folder):
    """The chance that the record gives each inspection that quality was measured on."""
    said = record_of(folder).get("held_out")
    what = "be a table of inspection_id to chance"
    be("held_out in the record", type(said).__name__, what, isinstance(said, dict) and said)
    chances = [each for each in said.values() if isinstance(each, int | float)]
    bounded = [each for each in chances if not isinstance(each, bool) and 0 <= each <= 1]
    be("chances of held_out from 0 to 1", len(bounded), f"be {len(said)}, one for each inspection",
       len(bounded) == len(said))  # fmt: skip
    return said


def learnt_from(folder):
    """The pumps that the record names as those that the model learnt from."""
    said = record_of(folder).get("learnt_from")
    be("learnt_from in the record", type(said).__name__, "be a list of pump_id",
       isinstance(said, list) and said and all(isinstance(each, str) for each in said))  # fmt: skip
    return set(said)


def left_behind_of(rows, measured):
    """Usable inspections of measured pumps that were not measured."""
    pumps = {row["pump_id"] for row in rows if row["inspection_id"] in measured}
    return [f"{row['inspection_id']} of {row['pump_id']}" for row in rows
            if row["pump_id"] in pumps and row["inspection_id"] not in measured]  # fmt: skip


@claim(
    "Quality is measured on all rows of some pumps, and on none that the model has learnt from.",
    catches=["measures_on_training_rows", "splits_by_rows", "learns_from_everything",
             "drops_rows_with_gaps", "takes_the_unfinished", "mends_the_tables_by_hand"],
)  # fmt: skip
def pumps_are_whole(folder):
    rows, measured = usable_rows(folder), held_out(folder)
    usable = {row["inspection_id"]: row["pump_id"] for row in rows}
    strange = sorted(each for each in measured if each not in usable)
    must_be_empty("an inspection of held_out that is no row of training", strange)
    parted = left_behind_of(rows, measured)
    must_be_empty("an inspection that held_out lacks, though it has others of its pump", parted,
                  "The other rows of that pump may be known to the model.")  # fmt: skip
    learnt = learnt_from(folder)
    strange = sorted(learnt - set(usable.values()))
    must_be_empty("a pump of learnt_from without a row of training", strange)
    both = sorted(learnt & {usable[each] for each in measured})
    must_be_empty("a pump that is learnt from and held out", both)
    few, many = (round(share * len(rows)) for share in HELD_OUT)
    be("inspections in held_out", len(measured), f"be from {few} to {many}",
       few <= len(measured) <= many)  # fmt: skip


def area_under_curve(truth, told):
    """The share of pairs, one failed and one not, that are told in their order; ties are half."""
    failed = [each for each, is_true in zip(told, truth, strict=True) if is_true]
    sound = [each for each, is_true in zip(told, truth, strict=True) if not is_true]
    right = sum((one > other) + (one == other) / 2 for one in failed for other in sound)
    return right / max(1, len(failed) * len(sound))


def said_quality(folder, name):
    """A figure of the record's metrics."""
    said = at(record_of(folder), "metrics", name)
    number = isinstance(said, int | float) and not isinstance(said, bool)
    be(f"metrics.{name} in the record", said, "be a number", number and abs(said) < 1e9)
    return said


@claim(
    "The AUC, and that of the foreman's rule, are those of the rows and chances in held_out.",
    catches=["takes_a_service_for_a_failure", "looks_ahead_for_ever", "mends_the_tables_by_hand"],
    may_catch=["counts_doubles_twice", "takes_the_unfinished"],
)  # fmt: skip
def quality_is_of_these_rows(folder):
    measured = held_out(folder)
    rows = [each for each in usable_rows(folder)
            if each["inspection_id"] in measured]  # fmt: skip
    truth = [row["failed"] for row in rows]
    told = [measured[row["inspection_id"]] for row in rows]
    rule = [USUAL_VIBRATION if row["vibration"] is None else row["vibration"] for row in rows]
    for name, values, within in (("auc", told, 0.005), ("baseline_auc", rule, 0.01)):
        said, right = said_quality(folder, name), area_under_curve(truth, values)
        be(f"metrics.{name} in the record", said, f"be that of held_out, within {within}",
           abs(said - right) <= within)  # fmt: skip


@claim(
    "The quality is one that unseen pumps can give, and better than the foreman's rule.",
    catches=["uses_what_came_later", "takes_a_service_for_a_failure"],
)
def quality_is_honest(folder):
    auc, rule = said_quality(folder, "auc"), said_quality(folder, "baseline_auc")
    for name, said, (low, high) in (("auc", auc, AUC), ("baseline_auc", rule, BASELINE_AUC)):
        because = (
            "Nobody can foretell failures so well: it knows something that is not known yet."
            if said > high
            else ""
        )
        what = "be an AUC that these pumps allow, on rows that the model has not seen"
        be(f"metrics.{name} in the record", said, what, low <= said <= high, because)
    be("metrics.auc in the record", auc, f"be above the foreman's {rule:.3f}", auc > rule)


# ── tests, container, workflow, decision ──


@claim(
    "At least five tests compare what the project does with what it should, refusals among them.",
    catches=["tests_that_cannot_fail", "tests_the_happy_path"],
)
def tests_can_fail(folder, reader):
    names = folder.names()
    ours = {each.split("/")[0].removesuffix(".py") for each in names}
    ours |= {each.split("/")[1].removesuffix(".py") for each in names if each.startswith("src/")}
    ours -= {"tests", "test", "conftest"}
    found = reader.tests().as_list()
    empty = [f"{each['name']} in {each['file']}" for each in found if not each["asserts"]]
    must_be_empty("a test that cannot fail", empty, "It runs the code and asks nothing of it.")
    near = [each for each in found if any(is_near(name, ours) for name in each["imports"])]
    be(
        "tests that call your code",
        len(near),
        f"be at least {FEWEST_TESTS}",
        len(near) >= FEWEST_TESTS,
    )
    refused = [
        each["name"]
        for each in found
        if any(400 <= number < 500 for number in each["numbers"])
        or any("HTTP_4" in name or name == "UNPROCESSABLE_ENTITY" or name == "BAD_REQUEST"
               or name == "UNPROCESSABLE_CONTENT" for name in each["names"])
    ]  # fmt: skip
    be("tests that look at a status from 400 to 499", len(refused), "be at least one", refused)


def is_near(name, ours):
    return name.startswith(".") or name.split(".")[0] in ours or name.split(".")[0] in (
        "subprocess", "httpx", "requests", "urllib", "conftest",
    )  # fmt: skip


def instructions(text):
    """[(keyword, rest)] of a Dockerfile, continued lines joined and comments left out."""
    lines = [
        line for line in text.replace("\r\n", "\n").split("\n") if not line.lstrip().startswith("#")
    ]
    joined = re.sub(r"[\\`]\n\s*", " ", "\n".join(lines))
    pairs = [line.strip().split(None, 1) for line in joined.split("\n") if line.strip()]
    return [(each[0].upper(), each[1].strip() if len(each) > 1 else "") for each in pairs]


def sources(rest):
    """What a COPY takes from the project; nothing where it takes from another stage or is text."""
    if "--from=" in rest or "<<" in rest:
        return []
    words = [each for each in rest.split() if not each.startswith("--")]
    if rest.lstrip().startswith("["):
        words = re.findall(r'"([^"]*)"', rest)
    return [each for each in words[:-1] if "$" not in each and "://" not in each]


def last_stage(found):
    begins = [n for n, (keyword, _) in enumerate(found) if keyword == "FROM"]
    return found[begins[-1] :] if begins else []


def loose_images(found):
    """Base images without a version of their own."""
    stages, loose = set(), []
    for keyword, rest in found:
        if keyword == "FROM":
            words = [each for each in rest.split() if not each.startswith("--")]
            image = words[0] if words else ""
            tag = image.rsplit("/", 1)[-1].partition(":")[2]
            fixed = "@sha256:" in image or "$" in image or image in stages or image == "scratch"
            if not fixed and tag in ("", "latest"):
                loose.append(f"FROM {image}")
            if len(words) == 3:
                stages.add(words[2])
    return loose


@claim(
    "The image has a fixed base, copies what is there, and serves the network as nobody special.",
    catches=["image_of_latest_and_root", "copies_what_is_not_there"],
)
def image_is_sound(folder):
    found = instructions(folder.text("Dockerfile").as_text())
    must_be_empty("a base image without a version", loose_images(found))
    names = folder.names()
    gone = [
        f"COPY {each}"
        for keyword, rest in found
        if keyword in ("COPY", "ADD")
        for each in sources(rest)
        if not is_there(each, names)
    ]
    must_be_empty("a COPY of what the project does not hold", gone)
    last = last_stage(found)
    users = [rest.split(":")[0].strip() for keyword, rest in last if keyword == "USER"]
    without = bool(last) and "nonroot" in last[0][1]
    be("USER of the last stage", users[-1] if users else None, "be another one than root",
       without or (users and users[-1] not in ("root", "0")))  # fmt: skip
    runs = [rest for keyword, rest in last if keyword in ("CMD", "ENTRYPOINT")]
    be("CMD and ENTRYPOINT of the last stage", runs, "be one at least", runs)
    near = [each for each in runs if re.search(r"127\.0\.0\.1|localhost", each)]
    must_be_empty("a CMD that only the container itself can reach", near)
    whole = parsed_toml(folder, "gradus.toml")
    asked = own_parts(words_of(at(whole, "prove", "start")), names)
    text = " ".join(runs) + " ".join(
        folder.text(each).as_text() for each in names if each.endswith(".sh")
    )
    be("CMD and ENTRYPOINT of the last stage", runs, f"start {' or '.join(asked)} of gradus.toml",
       not asked or any(each in text for each in asked))  # fmt: skip


def own_parts(words, names):
    """The words of a command that name the project's own code."""
    places = {each.split("/")[0].removesuffix(".py") for each in names}
    places |= {each.split("/")[1].removesuffix(".py") for each in names if each.startswith("src/")}
    return [
        each
        for each in words
        if re.split(r"[.:/]", each.removeprefix("./"))[0] in places and "{" not in each
    ]


def is_there(source, names):
    plain = source.removeprefix("./").strip("/")
    if plain in ("", "."):
        return True
    return any(
        fnmatch(each, plain) or each.startswith(f"{plain}/") or fnmatch(each, f"{plain}/*")
        for each in names
    )


RUNNERS = {"Makefile": "make", "tox.ini": "tox", "noxfile.py": "nox", "justfile": "just"}
SHIPS = re.compile(
    r"\b(docker( buildx| image)? push|kubectl|helm|gcloud|flyctl|fly deploy|aws|az|rsync|ssh|"
    r"scp|heroku|twine|deploy\w*)\b",
    re.IGNORECASE,
)


def plain_run(step):
    """What a step runs, without comments."""
    return re.sub(r"(?m)^\s*#.*$", "", str(at(step, "run") or ""))


def steps_of(job):
    steps = at(job, "steps")
    return steps if isinstance(steps, list) else []


def before_it_ships(job):
    """The steps of a deploying job before the one that ships: the last, if none says so."""
    steps = steps_of(job)
    ships = [n for n, each in enumerate(steps) if SHIPS.search(plain_run(each))]
    return steps[: ships[0] if ships else -1]


def steps_text(steps, folder):
    """Everything that steps run, with the scripts of the project that they name."""
    text = "\n".join(map(plain_run, steps))
    for name in folder.names():
        base = name.rsplit("/", 1)[-1]
        called = RUNNERS.get(base)
        script = name.endswith(".sh") and base in text
        if script or (called and re.search(rf"\b{called}\b", text)):
            text += "\n" + re.sub(r"(?m)^\s*#.*$", "", folder.text(name).as_text())
    return text


def needed_jobs(jobs, name, seen=()):
    """A job and all that it needs."""
    needs = at(jobs.get(name), "needs") or []
    needs = [needs] if isinstance(needs, str) else needs
    found = [name]
    for each in needs if isinstance(needs, list) else []:
        if each in jobs and each not in (*seen, name):
            found += needed_jobs(jobs, each, (*seen, name))
    return found


DEAF = re.compile(r"\|\|\s*(true|:|exit 0|echo)|set \+e\b|;\s*true\b")
RUNS_TESTS = re.compile(r"\b(pytest|unittest|tox|nox)\b")


def runs_tests(text):
    """Whether tests are run, and not only installed."""
    parts = re.split(r"\n|&&|;", text)
    return any(RUNS_TESTS.search(each) and "install" not in each for each in parts)


def deafness(flow, job, steps, gate):
    """What makes a job green although a step of it failed."""
    found = ["continue-on-error" for each in [job, *steps] if at(each, "continue-on-error")]
    if re.search(r"\b(always|failure|cancelled)\(\)", str(at(job, "if"))):
        found.append(f"if: {at(job, 'if')}")
    for step in steps:
        text = re.sub(r"\$\([^()]*\)", "", plain_run(step))
        found += [each[0] for each in DEAF.finditer(text)]
        shell = (
            at(step, "shell")
            or at(job, "defaults", "run", "shell")
            or at(flow, "defaults", "run", "shell")
        )
        if shell != "bash" and "pipefail" not in text:
            for line in text.splitlines():
                asked = gate.search(line) or RUNS_TESTS.search(line)
                if asked and re.search(r"(?<!\|)\|(?!\|)", line[asked.start() :]):
                    found.append(f"a pipe, and no `shell: bash`: {line.strip()}")
    return found


def events(flow):
    on = flow.get("on")
    return on if isinstance(on, dict) else dict.fromkeys([on] if isinstance(on, str) else on or [])


def called_before(flows, flow, jobs, name):
    """(workflow, job, steps) of workflows that this one waits for, or whose jobs it calls."""
    waited = at(events(flow), "workflow_run", "workflows") or []
    called = [str(at(jobs[each], "uses") or "") for each in needed_jobs(jobs, name)]
    found = []
    for path, other in flows.items():
        is_waited = other.get("name", path) in waited and any(
            "success" in str(at(jobs[each], "if")) for each in needed_jobs(jobs, name)
        )
        if is_waited or any(each.removeprefix("./") == path for each in called):
            found += [(other, job, steps_of(job)) for job in other["jobs"].values()]
    return found


def deployments(flows):
    """(workflow, jobs, name) of every job with an environment."""
    return [
        (flow, flow["jobs"], name)
        for flow in flows.values()
        for name, job in flow["jobs"].items()
        if at(job, "environment")
    ]


@claim(
    "The workflow deploys only what has passed the tests and the gate, and only from main.",
    catches=[
        "deploys_beside_the_gate",
        "gate_cannot_say_no",
        "deploys_pull_requests",
        "deploys_any_push",
    ],
)
def workflow_has_a_gate(folder, reader):
    flows = reader.workflows().as_mapping()
    all_events = {each for flow in flows.values() for each in events(flow)}
    be("events that start a workflow", sorted(map(str, all_events)),
       "hold push and pull_request", {"push", "pull_request"} <= all_events)  # fmt: skip
    found = deployments(flows)
    be(
        "jobs with an environment, which deploy",
        [name for *_, name in found],
        "be one at least",
        found,
    )
    promote = words_of(at(parsed_toml(folder, "gradus.toml"), "prove", "promote"))
    gate = re.compile(r"\s+".join(re.escape(each) for each in promote if "{" not in each) or "(?!)")
    for flow, jobs, name in found:
        own = before_it_ships(jobs[name])
        chain = [(flow, jobs[each], steps_of(jobs[each])) for each in needed_jobs(jobs, name)[1:]]
        chain += [(flow, jobs[name], own), *called_before(flows, flow, jobs, name)]
        text = "\n".join(steps_text(steps, folder) for _, _, steps in chain)
        be(
            f"what runs before {name} ships",
            f"{len(chain)} jobs",
            "run the tests",
            runs_tests(text),
        )
        what = f"run the gate: {' '.join(promote)}"
        be(f"what runs before {name} ships", f"{len(chain)} jobs", what, gate.search(text))
        deaf = [each for part in chain for each in deafness(*part, gate)]
        deaf += [each[0] for each in DEAF.finditer(re.sub(r"\$\([^()]*\)", "", text))]
        deaf = list(dict.fromkeys(deaf))
        must_be_empty("what turns a failure into a pass", deaf, "The gate's exit status is lost.")
        conditions = " ".join(str(at(job, "if") or "") for _, job, _ in chain)
        conditions += " ".join(str(at(step, "if") or "") for step in steps_of(jobs[name]))
        named = set(events(flow))
        branches = at(events(flow), "push", "branches") or []
        only_main = named <= {"push", "workflow_dispatch"} and branches in (
            ["main"],
            ["master"],
            "main",
        )
        only_main = only_main or named <= {"workflow_run", "release", "workflow_dispatch"}
        astray = deploys_elsewhere(flow, [job for _, job, _ in chain], steps_of(jobs[name]))
        guarded = re.search(r"main|master|default_branch", conditions) or (
            "event_name" in conditions and branches in (["main"], ["master"])
        )
        be(
            f"when {name} deploys",
            astray or conditions.strip() or sorted(map(str, named)),
            "be only on a push to main",
            only_main or (guarded and not astray),
        )


REPOSITORY = {"repository": {"default_branch": "main"}}
ELSEWHERE = {
    "on a pull request": {
        "event_name": "pull_request", "ref": "refs/pull/7/merge", "ref_name": "7/merge",
        "base_ref": "main", "head_ref": "topic", "event": REPOSITORY,
    },
    "on a push to another branch": {
        "event_name": "push", "ref": "refs/heads/topic", "ref_name": "topic",
        "base_ref": "", "head_ref": "", "event": REPOSITORY,
    },
}  # fmt: skip
ALL_IS_WELL = {
    "success": lambda: True, "always": lambda: True,
    "failure": lambda: False, "cancelled": lambda: False,
}  # fmt: skip


def surely_holds(condition, github):
    """Whether a condition of a job holds for an event; where that cannot be told it does not."""
    try:
        return actions.condition(condition, {"github": github}, ALL_IS_WELL)
    except actions.NotAnExpression:
        return False


def deploys_elsewhere(flow, jobs, steps):
    """When jobs that end in a deployment surely run although it is no push to main, if ever."""
    on = events(flow)
    if any(at(step, "if") for step in steps):
        return None
    conditions = [at(job, "if") for job in jobs if at(job, "if") is not None]
    for when, github in ELSEWHERE.items():
        event = github["event_name"]
        filters = ("branches", "branches-ignore", "tags")
        narrow = event == "push" and any(at(on, event, key) for key in filters)
        if event in on and not narrow and all(surely_holds(each, github) for each in conditions):
            return when
    return None


DECISION = {
    "why something had to be decided": r"context|background|problem|why|situation",
    "what was decided": r"decision|choice|chosen|what we do",
    "what was not taken": r"alternative|option|reject|considered|instead|not taken",
    "what it costs": r"cost|consequence|drawback|trade|price|downside",
}


@claim(
    "A decision page says why, what, what was not taken and what it costs.",
    catches=["decides_without_alternatives"],
)
def decision_is_written(folder):
    path = at(parsed_toml(folder, "gradus.toml"), "project", "decision")
    be("decision in [project] of gradus.toml", path, "be a path", isinstance(path, str))
    text = folder.text(path).as_text().replace("\r\n", "\n")
    be(path, f"{len(text.split())} words", f"have at least {FEWEST_WORDS}",
       len(text.split()) >= FEWEST_WORDS)  # fmt: skip
    found = sections(text)
    for what, pattern in DECISION.items():
        told = [body for heading, body in found if re.search(pattern, heading, re.IGNORECASE)]
        longest = max((len(body.split()) for body in told), default=0)
        be(f"words under a heading for {what}", longest, "be at least 8", longest >= 8)


# ── which mistake was it? ──


def counts_as(folder, **mistake):
    """Whether the record's count is the one that a mistake gives."""
    rows = usable(original_tables(folder), **mistake)
    said = at(record_of(folder), "rows") or {}
    return said.get("n") == len(rows) and said.get("failed") == sum(each["failed"] for each in rows)


@diagnostic("counts_doubles_twice")
def counts_more(folder):
    return counts_as(folder, doubles=True)


@diagnostic("drops_rows_with_gaps")
def has_no_gaps(folder):
    return counts_as(folder, gaps=False)


@diagnostic("takes_the_unfinished")
def counts_december(folder):
    return counts_as(folder, unfinished=True)


@diagnostic("takes_a_service_for_a_failure")
def counts_services(folder):
    return counts_as(folder, planned=True)


@diagnostic("looks_ahead_for_ever")
def counts_all_failures(folder):
    return counts_as(folder, ever=True)


def declared(folder, *way):
    return at(parsed_toml(folder, "gradus.toml"), *way)


@diagnostic("promises_less")
def says_how_slow_it_may_be(folder):
    said = [declared(folder, "prove", "promises", key) for key in ("p99_ms", "rate")]
    return (said[0] or 0) > MOST_P99 or (said[1] or LEAST_RATE) < LEAST_RATE


@diagnostic("declares_no_log")
def has_no_log(folder):
    return not declared(folder, "prove", "log")


@diagnostic("works_only_here")
def names_a_machine(folder, reader):
    said = [text for _, _, text in reader.texts().as_list()]
    return any(A_MACHINE.search(text) or A_PLACE.search(text) for text in said)


@diagnostic("starts_what_is_not_there")
def names_a_stranger(folder):
    commands = [declared(folder, "prove", key) for key in COMMANDS]
    return any(left_behind(words_of(each), folder.names()) for each in commands)


@diagnostic("undeclared_package")
def imports_what_is_not_declared(folder, reader):
    has, ours = requirements(folder), local_names(folder.names())
    tops = {module.split(".")[0] for _, module in reader.imports().as_list()}
    tops -= sys.stdlib_module_names | ours
    return any(plain_name(KNOWN_AS.get(top, top)) not in has for top in tops)


@diagnostic("any_version_will_do")
def leaves_a_version_open(folder):
    return any(pin is None for pin in requirements(folder).values())


@diagnostic("takes_feet_for_metres")
def is_three_times_as_deep(folder):
    return (at(record_of(folder), "rows", "means", "depth_m") or 0) > 70


@diagnostic("takes_a_spelling_for_a_maker")
def counts_spellings(folder):
    return (at(record_of(folder), "rows", "levels", "maker") or 0) > 5


@diagnostic("fills_gaps_with_zero")
def misses_nothing(folder):
    return at(record_of(folder), "rows", "missing", "vibration") == 0


@diagnostic("no_provenance")
def says_nothing_of_its_origin(folder):
    return not record_of(folder).get("data")


@diagnostic("artefact_of_another_run")
def is_another_artefact(folder):
    made = record_of(folder)["artefact"]
    return not same_digest(made["sha256"], folder.bytes(made["path"]).as_value())


@diagnostic("code_changed_since")
def is_other_code(folder):
    code = record_of(folder)["code"]
    return any(not same_digest(said, folder.bytes(path).as_value()) for path, said in code.items())


def split_of(folder):
    """(pumps learnt from, pumps measured on, whether these are whole) by the record."""
    rows, measured = usable_rows(folder), held_out(folder)
    pumps = {row["pump_id"] for row in rows if row["inspection_id"] in measured}
    return learnt_from(folder), pumps, not left_behind_of(rows, measured)


@diagnostic("splits_by_rows")
def parts_its_pumps(folder):
    learnt, pumps, whole = split_of(folder)
    return bool(learnt & pumps) and not whole


@diagnostic("measures_on_training_rows")
def measures_what_it_learnt(folder):
    learnt, pumps, whole = split_of(folder)
    return whole and learnt == pumps


@diagnostic("learns_from_everything")
def learns_what_it_measures(folder):
    learnt, pumps, whole = split_of(folder)
    return whole and learnt > pumps


@diagnostic("uses_what_came_later")
def reads_what_the_office_wrote(folder, reader):
    return any(text == "closed_as" for _, _, text in reader.texts().as_list())


@diagnostic("tests_that_cannot_fail")
def asks_nothing(folder, reader):
    return any(not each["asserts"] for each in reader.tests().as_list())


@diagnostic("tests_the_happy_path")
def looks_at_no_refusal(folder, reader):
    found = reader.tests().as_list()
    return not any(400 <= number < 500 for each in found for number in each["numbers"])


@diagnostic("image_of_latest_and_root")
def takes_the_latest(folder):
    found = instructions(folder.text("Dockerfile").as_text())
    users = [rest for keyword, rest in last_stage(found) if keyword == "USER"]
    return bool(loose_images(found)) and (not users or users[-1] in ("root", "0"))


@diagnostic("copies_what_is_not_there")
def copies_a_stranger(folder):
    found = instructions(folder.text("Dockerfile").as_text())
    copied = [each for keyword, rest in found if keyword == "COPY" for each in sources(rest)]
    return any(not is_there(each, folder.names()) for each in copied)


@diagnostic("deploys_beside_the_gate")
def needs_nothing(folder, reader):
    flows = reader.workflows().as_mapping()
    return any(not at(jobs[name], "needs") for _, jobs, name in deployments(flows))


@diagnostic("gate_cannot_say_no")
def is_deaf(folder, reader):
    flows = reader.workflows().as_mapping().values()
    jobs = [job for flow in flows for job in flow["jobs"].values()]
    return any(DEAF.search(steps_text(steps_of(job), folder)) for job in jobs)


@diagnostic("deploys_pull_requests")
def has_no_condition(folder, reader):
    flows = reader.workflows().as_mapping()
    return any(not at(jobs[name], "if") for _, jobs, name in deployments(flows))


@diagnostic("deploys_any_push")
def holds_on_any_branch(folder, reader):
    flows = reader.workflows().as_mapping()
    return any(
        (deploys_elsewhere(flow, [jobs[name]], steps_of(jobs[name])) or "").endswith("branch")
        for flow, jobs, name in deployments(flows)
    )
