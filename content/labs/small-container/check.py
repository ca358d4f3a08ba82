"""A Dockerfile, built in a model of Docker on drawn projects, edited, looked into and linted."""

import hashlib
import json
import re

from simulators.docker_build import UnknownImage, build
from simulators.docker_ignore import Ignore
from simulators.docker_images import File, find_image, is_pinned, parts_of
from simulators.docker_projects import Project
from simulators.docker_run import CREDENTIALS
from simulators.docker_stage import named
from simulators.docker_start import (
    Server,
    cannot_read,
    health_fault,
    packages_of,
    server_of,
    start_of,
)
from simulators.docker_text import Instruction, pairs

from gradus.check import claim, diagnostic, observe

SECRET_ID = "index_url"
NEW_MB = 1.0
PROJECTS = 2

GIVEN = {"Dockerfile", ".dockerignore", "Dockerfile.dockerignore", "README.md", "requirements.txt",
         "requirements-dev.txt", "secrets/index_url", "tests/test_features.py"}  # fmt: skip
MOST_TEXT = 20_000

read: dict = {}  # the instructions of one submission, since every claim asks for them


def is_given(path):
    """A file of the starter, in whose place the project has its own."""
    return path in GIVEN or path in ("app/__init__.py", "app/main.py", "app/features.py")


def own_files(command):
    """Small files that the learner added, such as a start script."""
    found = {}
    for path in command.names():
        content = command.bytes(path).as_value()
        if is_given(path) or path.startswith((".git/", "model/")) or len(content) > MOST_TEXT:
            continue
        mode = 0o755 if content.startswith(b"#!") else 0o644
        text = content.decode("utf-8", "replace").replace("\r\n", "\n")
        digest = hashlib.sha256(content).hexdigest()
        found[path] = File(len(content) / 1e6, digest, mode=mode, text=text)
    return found


def instructions(command, reader):
    """The instructions of the Dockerfile, read once for each submission."""
    key = command.text("Dockerfile").as_value()
    if read.get("key") != key:
        found = reader.instructions().as_list()
        read["found"] = [
            Instruction(
                each["line"], each["name"], each["value"], tuple(map(tuple, each["documents"]))
            )
            for each in found
        ]
        read["key"] = key
    return read["found"]


def ignore_of(command):
    """The ignore file that Docker would take."""
    names = [
        each for each in ("Dockerfile.dockerignore", ".dockerignore") if each in command.names()
    ]
    text = command.text(names[0]).as_value() if names else ""
    if read.get("ignored") != text:
        read["ignore"], read["ignored"] = Ignore(text), text
    return read["ignore"]


def projects(command, rng):
    """Some drawn projects; every claim about one submission looks at the same."""
    key = tuple((name, command.bytes(name).as_value()) for name in command.names())
    if read.get("of") != key:
        extra = own_files(command)
        read["projects"] = [Project(rng, extra) for _ in range(PROJECTS)]
        read["of"] = key
    return read["projects"]


def built(command, reader, project, files=None):
    """Build a project, once as it is and again for each edit."""
    if files is not None:
        return fresh(command, reader, project, files)
    if project.image is None:
        project.image = fresh(command, reader, project, project.files)
    return project.image


def fresh(command, reader, project, files):
    """Build; an image that the model does not know is told to the learner."""
    found = instructions(command, reader)
    try:
        return build(found, files, ignore_of(command), project.world, SECRET_ID)
    except UnknownImage as error:
        must_be_none("an image whose size and contents the check does not know", str(error))
        raise


def must_be_none(label, found, because=""):
    """There is no fault; the first is enough for a person."""
    faults = [found] if isinstance(found, str) else list(found)
    faults = [str(each) for each in faults if each]
    more = f"And {len(faults) - 1} more like it." if len(faults) > 1 else ""
    observe(label, faults[0] if faults else None).must_satisfy(
        "be none", lambda first: first is None, because=" ".join(filter(None, (because, more)))
    )


def running(command, reader, project):
    """The last stage, its server or why there is none, and the user that it runs as."""
    last = built(command, reader, project).last
    start = start_of(last)
    return last, start, server_of(last, start), last.who()


def layers_of(made):
    """The layers of the image, with those of its base as one."""
    image = find_image(made.last.base)
    base = [(f"the base image {made.last.base}", image.files)] if image else []
    return base + [(layer.text, layer.files) for layer in made.last.layers]


def holding(made, tag):
    """Where in the image something of a kind lies, also if it was deleted later."""
    for where, files in layers_of(made):
        found = sorted(path for path, file in files.items() if tag in file.tags)
        found.sort(key=lambda path: path != "/usr/bin/gcc")  # the name that everybody knows
        if found:
            still = "" if found[0] in made.last.files else ", and deleting it later keeps it there"
            yield f"{named(found[0])} ({where}){still}"


@claim(
    "Every instruction works: docker build ends with an image.",
    examples=1,
    catches=[
        "user_before_root_step",
        "ignores_the_code",
        "patterns_in_the_wrong_order",
        "no_compiler_in_the_build",
        "secret_by_build_arg",
        "path_for_the_address",
        "no_shell_in_the_base",
    ],
)
def it_builds(command, reader, rng):
    for project in projects(command, rng):
        made = built(command, reader, project)
        must_be_none("an instruction that fails", made.failures)


@claim(
    "The container starts uvicorn for app.main:app on 0.0.0.0:8000, with packages, code and model.",
    examples=1,
    catches=[
        "copies_the_contents_only",
        "listens_to_itself",
        "forgets_the_path",
        "other_python",
        "environment_from_alpine",
        "ignores_the_code",
        "patterns_in_the_wrong_order",
        "single_quotes",
        "top_level_only",
        "names_the_packages",
    ],
)
def it_starts(command, reader, rng):
    for project in projects(command, rng):
        last, start, server, user = running(command, reader, project)
        if not isinstance(server, Server):
            must_be_none("what keeps the server from starting", server)
        user = user or last.users["root"]
        there = packages_of(last, server, user)
        missing = sorted(project.runtime.keys() - there.keys())
        must_be_none(
            f"a package of requirements.txt that {server.python.path} does not find", missing
        )
        folder = next((f for f in server.folders if code_at(last, f, "app/main.py")), None)
        where = ", ".join(server.folders)
        if folder is None:
            must_be_none("why app.main is not found", f"there is no app/main.py in {where}")
        lost = [p for p in project.code if not same(project, last, p, code_at(last, folder, p))]
        must_be_none(f"code that is not in {folder}", lost)
        path = model_path(last, start, folder)
        is_there = path in last.files and same(project, last, "model/model.json", path)
        must_be_none("the model", "" if is_there else f"there is none at {path}")
        observe("the address that uvicorn listens at", server.host).must_be_one_of(
            ["0.0.0.0", "::"], because="Inside a container 127.0.0.1 is the container itself."
        )
        observe("the port that uvicorn listens at", server.port).must_equal("8000")


def code_at(stage, folder, path):
    place = f"{folder.rstrip('/')}/{path}"
    return place if place in stage.files else None


def model_path(stage, start, folder):
    said = start.environment.get("MODEL_PATH", "")
    place = said or f"{folder.rstrip('/')}/model/model.json"
    return place if place.startswith("/") else f"{stage.workdir.rstrip('/')}/{place}"


def same(project, stage, path, place):
    """The file of the image has the bytes of the project's."""
    if place is None:
        return False
    mine, found = project.files[path], stage.files[place]
    return found.content == mine.content or found.mb == mine.mb


@claim(
    "It runs as an ordinary user, who can read all that it needs.",
    examples=1,
    catches=["runs_as_root", "model_unreadable", "packages_in_roots_home", "folders_without_x"],
)
def an_ordinary_user(command, reader, rng):
    for project in projects(command, rng):
        last, start, server, user = running(command, reader, project)
        if user is None:
            must_be_none("the user of the image", f"there is nobody called {last.user}")
        observe("the number of the user that the container runs as", user.uid).must_differ_from(0)
        if not isinstance(server, Server):
            return
        needed = [*server.reads, *packages_of(last, server, user).values()]
        for folder in server.folders:
            needed += filter(None, (code_at(last, folder, path) for path in project.code))
            needed.append(model_path(last, start, folder))
        faults = [cannot_read(last, path, user) for path in needed if path in last.files]
        must_be_none("what this user cannot read", faults)


@claim(
    "SIGTERM reaches the server: it is the first process, and no shell stands in between.",
    examples=1,
    catches=["shell_form_cmd_no_signals", "start_script_without_exec"],
)
def signals_arrive(command, reader, rng):
    last = built(command, reader, projects(command, rng)[0]).last
    start = start_of(last)
    must_be_none(
        "the shell that keeps the first process",
        start.shell_stays,
        because="A shell passes no signal on: after ten seconds the server is killed.",
    )
    observe(
        "the signal that docker stop sends", last.stop_signal.removeprefix("SIG")
    ).must_be_one_of(["TERM", "INT", "15", "2"])


@claim(
    "A health check asks GET /health with a program that is in the image.",
    examples=1,
    catches=["no_health_check", "health_check_without_curl", "health_check_never_fails"],
)
def health_is_asked(command, reader, rng):
    for project in projects(command, rng):
        last, _, server, _ = running(command, reader, project)
        installed = {name.replace("-", "_") for name in project.runtime}
        must_be_none("what is wrong with the health check", health_fault(last, server, installed))


@claim(
    "After an edit of the code no package is installed again, and what is new weighs under 1 MB.",
    examples=1,
    catches=["copy_all_before_install", "model_after_the_code", "chown_in_its_own_layer"],
)
def code_edit_is_cheap(command, reader, rng):
    for project in projects(command, rng):
        added = {f"app/added_{rng.integers(1000)}.py": project.file(0.02)}
        edits = {f"an edit of {path}": project.edited(path) for path in reversed(project.code)}
        edits["a new file in app"] = {**project.files, **added}
        before = built(command, reader, project)
        old = {layer.key for layer in before.layers}
        for what, files in edits.items():
            after = built(command, reader, project, files)
            again = [each.text for each in after.layers if each.installs and each.key not in old]
            must_be_none(f"what installs packages again after {what}", again)
            new = [each for each in after.last.layers if each.key not in old]
            heavy = [f"{each.text} ({each.mb:.0f} MB)" for each in new if each.mb > NEW_MB / 2]
            weight = observe(f"MB of new layers after {what}", round(sum(e.mb for e in new), 2))
            weight.must_be_below(NEW_MB, because=f"New: {heavy[0]}." if heavy else "")


@claim(
    "An edit of the README, a test, a notebook or the history leaves the image as it is.",
    examples=1,
    catches=["readme_before_the_install"],
)
def other_edits_change_nothing(command, reader, rng):
    for project in projects(command, rng):
        paths = ["README.md", *project.outside, *[p for p in project.unwanted if p[0] in ".n"]]
        for path in edits_that_tell(command, reader, project, sorted(set(paths))):
            after = built(command, reader, project, project.edited(path)).last.layers
            old = [layer.key for layer in built(command, reader, project).last.layers]
            new = [each.text for each in after if each.key not in old]
            must_be_none(f"a layer that is new after an edit of {path}", new)


def edits_that_tell(command, reader, project, paths):
    """All of them, or none where all at once change nothing."""
    after = built(command, reader, project, project.edited(*paths)).last.layers
    before = built(command, reader, project).last.layers
    return paths if [a.key for a in after] != [b.key for b in before] else []


@claim(
    "After an edit of requirements.txt the image has what the file now asks for.",
    examples=1,
    catches=["names_the_packages", "patterns_in_the_wrong_order"],
)
def requirements_are_followed(command, reader, rng):
    for project in projects(command, rng):
        files = dict(project.files)
        text = files["requirements.txt"].text + project.lines(project.added)
        files["requirements.txt"] = project.file(0.0, text)
        after = built(command, reader, project, files).last
        held = {tag.partition(":")[2] for f in after.files.values() for tag in f.tags}
        for name in project.added:
            label = f"is {name} in the image, once it is in requirements.txt"
            observe(label, name in held).must_equal(True)


@claim(
    "No layer of the image holds a compiler.",
    examples=1,
    catches=[
        "build_tools_in_the_last_stage",
        "rm_in_later_layer",
        "copies_the_whole_root",
        "full_base_image",
    ],
)
def no_compiler(command, reader, rng):
    for project in projects(command, rng):
        made = built(command, reader, project)
        must_be_none("a compiler or its headers in the image", holding(made, "compiler"))


@claim(
    "No layer of the image holds a requirement of development or a test.",
    examples=1,
    catches=["dev_requirements_in_the_image"],
)
def nothing_of_development(command, reader, rng):
    for project in projects(command, rng):
        made = built(command, reader, project)
        must_be_none("something of development in the image", holding(made, "dev"))


@claim(
    "No layer of the image holds package lists or downloads.",
    examples=1,
    catches=["lists_stay_in_a_layer", "pip_cache_stays", "rm_in_later_layer"],
)
def no_leftovers(command, reader, rng):
    for project in projects(command, rng):
        made = built(command, reader, project)
        faults = [*holding(made, "lists"), *holding(made, "cache")]
        must_be_none("what installing left behind in the image", faults)


@claim(
    "The image weighs at most 60 MB more than python:3.12-slim, the packages, the model, the code.",
    examples=1,
    catches=[
        "build_tools_in_the_last_stage",
        "rm_in_later_layer",
        "copies_the_whole_root",
        "full_base_image",
        "pip_cache_stays",
        "chown_in_its_own_layer",
        "wheels_in_a_layer",
    ],
    may_catch=["dev_requirements_in_the_image"],
)
def it_is_small(command, reader, rng):
    for project in projects(command, rng):
        made = built(command, reader, project)
        heaviest = max(made.last.layers, key=lambda each: each.mb, default=None)
        lines = [f"{made.last.base}: {made.base_mb:.0f} MB"]
        lines += [f"{each.text}: {each.mb:.0f} MB" for each in made.last.layers if each.mb >= 1]
        assert_text = "; ".join(lines[:8]) if heaviest else lines[0]
        weight = observe("MB of the image", round(made.mb, 1))
        weight.must_be_at_most(round(project.most_mb, 1), because=f"{assert_text}.")


@claim(
    "No secret is in a layer of any stage, in an ARG or in an ENV.",
    examples=1,
    catches=[
        "secrets_in_layer",
        "secret_by_build_arg",
        "writes_the_mounted_secret",
        "password_in_env",
    ],
)
def no_secret(command, reader, rng):
    for project in projects(command, rng):
        made = built(command, reader, project)
        faults = [
            f"{named(path)} ({layer.text})"
            for layer in made.layers
            for path, file in layer.files.items()
            if "secret" in file.tags
        ]
        for each in instructions(command, reader):
            text = f"{each.value} {' '.join(text for _, text in each.documents)}"
            if CREDENTIALS.search(text):
                faults.append(f"an address with a password in {each.short}")
            if each.name in ("ARG", "ENV"):
                faults += [f"{name} ({each.short})" for name in secret_names(each)]
        must_be_none("a secret that whoever has the image or its cache can read", faults)


def secret_names(each):
    """Names of an ARG or ENV that take a secret."""
    for name, value in pairs(each.value):
        asks = re.search(r"token|secret|passw|credential|api_?key|private_key", name, re.IGNORECASE)
        index = re.search(r"index(_url)?$|netrc", name, re.IGNORECASE)
        if each.name == "ARG" and (asks or index) and not value:
            yield name
        elif asks and value and not value.startswith("/"):
            yield name
        elif index and "$" in value:
            yield name


@claim(
    "The ignore file keeps .git, .env*, secrets, data, notebooks, environments and caches out.",
    examples=1,
    catches=[
        "ignores_like_git",
        "caches_come_in_again",
        "ignores_nothing_but_secrets",
        "secrets_in_layer",
    ],
)
def context_is_clean(command, rng):
    for project in projects(command, rng):
        ignore = ignore_of(command)
        inside = [path for path in project.unwanted if ignore.lets_in(path)]
        must_be_none("what the ignore file lets in", inside)


@claim(
    "Every image from outside is named by a digest, or by a tag of at least major.minor.",
    examples=1,
    catches=["latest_tag"],
)
def bases_are_pinned(command, reader, rng):
    made = built(command, reader, projects(command, rng)[0])
    loose = [f"{name} ({where.short})" for where, name in made.images if not is_pinned(name)]
    must_be_none("an image that is another one tomorrow", loose)


@claim(
    "hadolint finds no error.",
    examples=1,
    catches=["adds_files"],
)
def it_is_linted(command, reader):
    reader.instructions().as_list()
    files = {"linted/Dockerfile": reader.spaced().as_text().encode(), "linted/none.yaml": b"{}\n"}
    ran = command.run(
        "--format", "json", "--no-fail", "--disable-ignore-pragma",
        "--config", "linted/none.yaml", "linted/Dockerfile", files=files,
    )  # fmt: skip
    text = ran["stdout"].as_text()
    found = json.loads(text or "[]")
    errors = [each for each in found if each["level"] == "error"]
    must_be_none(
        "an error of hadolint",
        [f"line {each['line']}, {each['code']}: {each['message']}" for each in errors],
    )


# ── marks of mistakes that fail the same claims ──


def whys(command, reader, rng):
    """Why instructions fail."""
    return " ".join(each.why for each in built(command, reader, projects(command, rng)[0]).failures)


def told(command, reader, rng):
    """Stage, start, what keeps the server from starting or nothing, and the server."""
    last, start, server, _ = running(command, reader, projects(command, rng)[0])
    return last, start, server if isinstance(server, str) else "", server


@diagnostic("user_before_root_step")
def needs_root(command, reader, rng):
    return "only root" in whys(command, reader, rng)


@diagnostic("no_compiler_in_the_build")
def needs_a_compiler(command, reader, rng):
    return "has to be compiled" in whys(command, reader, rng)


@diagnostic("path_for_the_address")
def path_is_no_address(command, reader):
    runs = [each.value for each in instructions(command, reader) if each.name == "RUN"]
    asks = re.compile(r"INDEX(_URL)?=[\"']?/|--(extra-)?index-url[= ][\"']?/")
    return any(asks.search(value) for value in runs)


@diagnostic("no_shell_in_the_base")
def needs_a_shell(command, reader, rng):
    return "there is no /bin/sh" in whys(command, reader, rng)


@diagnostic("copies_the_contents_only")
def contents_lie_bare(command, reader, rng):
    last, _, _, server = told(command, reader, rng)
    places = server.folders if isinstance(server, Server) else ()
    bare = any(f"{folder.rstrip('/')}/main.py" in last.files for folder in places)
    return bare and not any(code_at(last, folder, "app/main.py") for folder in places)


@diagnostic("listens_to_itself")
def is_local(command, reader, rng):
    server = told(command, reader, rng)[3]
    return isinstance(server, Server) and server.host in ("127.0.0.1", "localhost")


@diagnostic("forgets_the_path")
def lies_beside_the_path(command, reader, rng):
    return "is not on the PATH" in told(command, reader, rng)[2]


def lacks_its_python(command, reader, rng):
    _, _, why, _ = told(command, reader, rng)
    return "no such Python" in why or "whose own Python" in why


def mixes_systems(command, reader, rng):
    """Whether a stage on Alpine stands beside a last one that is not, or the other way round."""
    made = built(command, reader, projects(command, rng)[0])
    on_alpine = {image.family == "alpine" for _, name in made.images if (image := find_image(name))}
    return len(on_alpine) == 2


@diagnostic("other_python")
def is_of_another_python(command, reader, rng):
    return lacks_its_python(command, reader, rng) and not mixes_systems(command, reader, rng)


@diagnostic("environment_from_alpine")
def is_of_another_system(command, reader, rng):
    return lacks_its_python(command, reader, rng) and mixes_systems(command, reader, rng)


@diagnostic("single_quotes")
def is_no_json(command, reader, rng):
    return "no list in JSON" in told(command, reader, rng)[1].fault


@diagnostic("top_level_only")
def lacks_folders(command, reader, rng):
    last, _, _, server = told(command, reader, rng)
    project = projects(command, rng)[0]
    places = server.folders if isinstance(server, Server) else ()
    for folder in places:
        found = [path.count("/") for path in project.code if code_at(last, folder, path)]
        if found and max(found) == 1:
            return True
    return False


def unread(command, reader, rng):
    """The user's number, and what this user cannot read of all that is in the image."""
    project = projects(command, rng)[0]
    last, _, server, user = running(command, reader, project)
    if user is None or not isinstance(server, Server):
        return 0, ""
    paths = [*packages_of(last, server, user).values()]
    paths += [path for path in last.files if path.rpartition("/")[2] in ("main.py", "model.json")]
    return user.uid, " ".join(cannot_read(last, path, user) for path in paths)


@diagnostic("runs_as_root")
def is_root(command, reader, rng):
    user = running(command, reader, projects(command, rng)[0])[3]
    return user is not None and user.uid == 0


@diagnostic("model_unreadable")
def model_is_closed(command, reader, rng):
    uid, why = unread(command, reader, rng)
    return uid != 0 and "model.json has mode" in why and "lies in" not in why


@diagnostic("packages_in_roots_home")
def home_is_closed(command, reader, rng):
    uid, why = unread(command, reader, rng)
    return uid != 0 and "lies in /root" in why


@diagnostic("folders_without_x")
def folder_is_closed(command, reader, rng):
    uid, why = unread(command, reader, rng)
    return uid != 0 and "lies in" in why and "lies in /root" not in why


@diagnostic("start_script_without_exec")
def script_stays(command, reader, rng):
    last, start, _, _ = told(command, reader, rng)
    return start.shell_stays in last.files


@diagnostic("shell_form_cmd_no_signals")
def shell_stays(command, reader, rng):
    last, start, _, _ = told(command, reader, rng)
    return bool(start.shell_stays) and start.shell_stays not in last.files


def ill(command, reader, rng):
    """What is wrong with the health check."""
    last, _, _, server = told(command, reader, rng)
    installed = {name.replace("-", "_") for name in projects(command, rng)[0].runtime}
    return health_fault(last, server, installed)


@diagnostic("no_health_check")
def nobody_asks(command, reader, rng):
    return "there is no HEALTHCHECK" in ill(command, reader, rng)


@diagnostic("health_check_without_curl")
def nobody_can_ask(command, reader, rng):
    return "curl is not in the image" in ill(command, reader, rng)


@diagnostic("health_check_never_fails")
def every_answer_is_good(command, reader, rng):
    found = ill(command, reader, rng)
    return "ends well" in found or "does not look at the status" in found


def installed_again(command, reader, rng, paths=None):
    project = projects(command, rng)[0]
    old = {layer.key for layer in built(command, reader, project).layers}
    after = built(command, reader, project, project.edited(*(paths or project.code)))
    return any(layer.installs and layer.key not in old for layer in after.layers)


@diagnostic("copy_all_before_install")
def code_stands_above(command, reader, rng):
    return installed_again(command, reader, rng, ["app/main.py"])


@diagnostic("model_after_the_code")
def model_stands_below(command, reader, rng):
    return not installed_again(command, reader, rng)


def takes_the_root(command, reader):
    """Whether a COPY takes another stage from its root on."""
    copies = [each for each in instructions(command, reader) if each.name == "COPY"]
    return any(re.search(r"--from=.*\s/\s+/\s*$", each.value) for each in copies)


def base_compiles(command, reader, rng):
    image = find_image(built(command, reader, projects(command, rng)[0]).last.base)
    return any("compiler" in file.tags for file in image.files.values())


@diagnostic("copies_the_whole_root")
def root_is_taken(command, reader):
    return takes_the_root(command, reader)


@diagnostic("full_base_image")
def base_is_full(command, reader, rng):
    return base_compiles(command, reader, rng)


@diagnostic("build_tools_in_the_last_stage")
def tools_are_installed(command, reader, rng):
    return not base_compiles(command, reader, rng) and not takes_the_root(command, reader)


@diagnostic("password_in_env")
def env_holds_it(command, reader):
    found = instructions(command, reader)
    return any(each.name == "ENV" and list(secret_names(each)) for each in found)


@diagnostic("writes_the_mounted_secret")
def a_file_holds_it(command, reader, rng):
    layers = built(command, reader, projects(command, rng)[0]).layers
    return any("secret" in file.tags for layer in layers for file in layer.files.values())


@diagnostic("ignores_nothing_but_secrets")
def history_comes_along(command):
    return ignore_of(command).lets_in(".git/HEAD")


@diagnostic("ignores_like_git")
def caches_come_along(command):
    ignore = ignore_of(command)
    nobody = ignore.decides("app/__pycache__/a.pyc") is None
    return nobody and not ignore.lets_in("__pycache__/a.pyc")


@diagnostic("caches_come_in_again")
def caches_are_let_in(command):
    pattern = ignore_of(command).decides("app/__pycache__/a.pyc")
    return pattern is not None and pattern.keeps


def still_there(command, reader, rng, tag):
    """Files of a kind that are in the image's layers, and whether its user still sees one."""
    made = built(command, reader, projects(command, rng)[0])
    held = [path for _, files in layers_of(made) for path in files if tag in files[path].tags]
    return held, any(path in made.last.files for path in held)


@diagnostic("rm_in_later_layer")
def is_hidden(command, reader, rng):
    held, seen = still_there(command, reader, rng, "compiler")
    return bool(held) and not seen


@diagnostic("wheels_in_a_layer")
def wheels_are_hidden(command, reader, rng):
    made = built(command, reader, projects(command, rng)[0])
    tags = {tag for _, files in layers_of(made) for file in files.values() for tag in file.tags}
    return any(tag.startswith("wheel:") for tag in tags)


@diagnostic("lists_stay_in_a_layer")
def lists_are_there(command, reader, rng):
    return still_there(command, reader, rng, "lists")[1]


@diagnostic("pip_cache_stays")
def cache_is_there(command, reader, rng):
    return still_there(command, reader, rng, "cache")[1]


@diagnostic("dev_requirements_in_the_image")
def tools_are_there(command, reader, rng):
    made = built(command, reader, projects(command, rng)[0])
    tags = [f.tags for f in made.last.files.values() if "dev" in f.tags]
    return any(tag.startswith("package:") for each in tags for tag in each)


@diagnostic("chown_in_its_own_layer")
def owner_is_changed(command, reader):
    found = instructions(command, reader)
    return any(each.name == "RUN" and re.search(r"\bchown\b", each.value) for each in found)


@diagnostic("readme_before_the_install")
def readme_installs(command, reader, rng):
    project = projects(command, rng)[0]
    old = {layer.key for layer in built(command, reader, project).layers}
    after = built(command, reader, project, project.edited("README.md"))
    return any(layer.installs and layer.key not in old for layer in after.layers)


@diagnostic("latest_tag")
def has_no_version(command, reader, rng):
    made = built(command, reader, projects(command, rng)[0])
    loose = [parts_of(name)[1] for _, name in made.images if not is_pinned(name)]
    return any(not re.match(r"\d", tag) for tag in loose)


@diagnostic("adds_files")
def adds(command, reader):
    return any(each.name == "ADD" for each in instructions(command, reader))


@diagnostic("secret_by_build_arg")
def arg_takes_it(command, reader):
    found = instructions(command, reader)
    return any(each.name == "ARG" and list(secret_names(each)) for each in found)


@diagnostic("ignores_the_code")
def code_is_out(command):
    return not ignore_of(command).lets_in("app/main.py")


@diagnostic("patterns_in_the_wrong_order")
def exceptions_stand_above(command):
    ignore = ignore_of(command)
    decides = ignore.decides("app/main.py")
    said = any(pattern.keeps for pattern in ignore.patterns)
    return said and decides is not None and not decides.keeps


@diagnostic("names_the_packages")
def reads_no_file(command, reader):
    runs = [each.value for each in instructions(command, reader) if each.name == "RUN"]
    return not any("requirements" in value for value in runs)
