"""From a lab's reference to its mutants: every operator, at every place, each change once."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from gradus.conformance.mutation.answer_source import AnswerSource
from gradus.conformance.mutation.edit import Edit, changed_lines
from gradus.conformance.mutation.mutant import Mutant, Name
from gradus.conformance.mutation.operator import operators_of
from gradus.conformance.mutation.python_source import PythonSource
from gradus.conformance.mutation.sql_source import SqlSource
from gradus.core.lab import EntryKind, Lab
from gradus.core.submission import Submission
from gradus.judge import Pool, reference_submission, starter_submission
from gradus.judge.bench import Bench
from gradus.judge.submissions import BUILD, builds

Source = PythonSource | SqlSource | AnswerSource
LANGUAGES = {".py": "python", ".sql": "sql", ".toml": "answers"}


def mutants_of(lab: Lab, pool: Pool | None = None) -> list[Mutant]:
    """Return every mutant of a lab's reference, in the order of files and lines.

    A reference that is written by a script is built first and what it wrote is changed, since the
    script is ours and only what it writes is like a learner's work; for that a pool is needed. Of
    a repository the script itself is changed. Files that are the starter's stay as they are. Of a
    lab with proofs nothing is changed: its check only reads what is handed in, and what that does
    shows in a whole run of the proofs alone.
    """
    if lab.proof is not None:
        return []
    reference = _handed_in(lab, pool)
    starter = starter_submission(lab, reference.case_seed).files
    found: list[Mutant] = []
    for path, content in sorted(reference.files.items()):
        language = LANGUAGES.get(PurePosixPath(path).suffix)
        if language is not None and starter.get(path) != content:
            found += mutants_of_file(reference, path, content.decode(), language)
    return found


def _handed_in(lab: Lab, pool: Pool | None) -> Submission:
    reference = reference_submission(lab)
    is_script = BUILD in reference.files and builds(lab)
    if pool is None or not is_script or lab.entry.kind is EntryKind.REPOSITORY:
        return reference
    bench = Bench(lab, reference, pool)
    try:
        return Submission(dict(bench.files()), reference.case_seed)
    finally:
        bench.close()


def mutants_of_file(reference: Submission, path: str, text: str, language: str) -> Iterator[Mutant]:
    """Yield every mutant of one file of a submission."""
    others = {name: content for name, content in reference.files.items() if name != path}
    counted: Counter[Name] = Counter()
    for operator, after in _changes(text, language):
        at, gone, come = changed_lines(text, after)
        name = Name(path, operator, _stripped(gone), _stripped(come))
        counted[name] += 1
        name = Name(path, operator, name.line, name.becomes, counted[name])
        yield Mutant(name, at, text, after, others, reference.case_seed)


def _changes(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield each changed text once, with the first operator that makes it, from top to bottom."""
    seen = {_meaning(text, language)}
    made = sorted(_edits(text, language), key=lambda pair: pair[1].start)
    for operator, edit in made:
        after = edit.applied(text)
        meaning = _meaning(after, language)
        if meaning is not None and meaning not in seen:
            seen.add(meaning)
            yield operator, after


def _edits(text: str, language: str) -> Iterator[tuple[str, Edit]]:
    known = operators_of(language)
    source, places = places_of(text, language)
    for place in places:
        for each in known:
            for edit in each.make(source, place):
                yield each.name, edit


def places_of(text: str, language: str) -> tuple[Source, Iterable[object]]:
    """Return a text as its operators see it, and the places at which they look."""
    if language == "python":
        python = PythonSource(text)
        return python, list(python.nodes())
    if language == "sql":
        sql = SqlSource(text)
        return sql, sql.tokens
    answers = AnswerSource(text)
    return answers, answers.values


def _meaning(text: str, language: str) -> str | None:
    """Return what a text says, whatever its layout; None where it is no program at all."""
    if language != "python":
        return text
    try:
        return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError):
        return None


def _stripped(lines: list[str]) -> str:
    return "\n".join(line.strip() for line in lines)
