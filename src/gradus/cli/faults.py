"""Every way in which a command can end badly, as a sentence and an exit status.

It must not hide a fault of ours: that one says so and names its log.
"""

import os
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from gradus.core.errors import GradusError, LedgerError, PrerequisiteError
from gradus.core.verdict import Verdict

EXIT_OF_VERDICT = {
    Verdict.PASSED: 0,
    Verdict.FAILED: 1,
    Verdict.STOPPED: 3,
    Verdict.UNJUDGED: 4,
}
USAGE, OURS, INTERRUPTED, NOBODY_READS = 2, 4, 130, 141


def status_of(fault: BaseException) -> int:
    """Return the exit status of a command that ended in this fault."""
    if isinstance(fault, KeyboardInterrupt | click.Abort):
        return INTERRUPTED
    if isinstance(fault, BrokenPipeError):
        return NOBODY_READS
    if isinstance(fault, click.ClickException | GradusError):
        return USAGE
    return OURS


def sentence(fault: BaseException) -> str:
    """Return what a person reads about a fault; the last line may be a command to run."""
    if isinstance(fault, click.ClickException):
        return _click_sentence(fault)
    if isinstance(fault, BaseExceptionGroup):
        return "\n".join(sentence(each) for each in fault.exceptions)
    if isinstance(fault, GradusError):
        return str(fault)
    return (
        f"Gradus failed, not your code: {type(fault).__name__}: {fault}\n"
        f"Your files and your record are as they were. What happened is in {log(fault)}"
    )


def as_json(fault: BaseException) -> dict[str, Any]:
    """Return the object that `--json` prints for a fault."""
    answer: dict[str, Any] = {"error": sentence(fault), "kind": type(fault).__name__}
    if isinstance(fault, PrerequisiteError):
        answer |= {"error": fault.message, "command": fault.command}
    if isinstance(fault, LedgerError):
        answer["kind"] = "LedgerError"
    return answer


def log(fault: BaseException) -> Path:
    """Write the whole traceback to a file of its own and return its path."""
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    path = Path(tempfile.gettempdir()) / f"gradus-fault-{moment}-{os.getpid()}.log"
    words = " ".join(sys.argv)
    try:
        path.write_text(f"{words}\n{''.join(traceback.format_exception(fault))}", encoding="utf-8")
    except OSError:
        traceback.print_exception(fault)
    return path


def _click_sentence(fault: click.ClickException) -> str:
    if isinstance(fault, click.exceptions.NoArgsIsHelpError) and fault.ctx is not None:
        return fault.ctx.get_help()
    text = fault.format_message()
    if isinstance(fault, click.UsageError) and fault.ctx is not None:
        return f"{text}\n{fault.ctx.get_usage()}\n{fault.ctx.command_path} --help"
    return text
