"""A report on a planted fault: what was raised, where it began, the value that proves it."""

import ast

from gradus.check import Answer, claim, diagnostic


def part(answers, name):
    """A table of the report; a finding where something else stands under its name."""
    found = answers[name]
    if isinstance(found, Answer):
        found.must_satisfy(f"be the table [{name}], as in the file you got", lambda value: False)
    return found


def same_file(given, true):
    """Whether a file is meant: with or without its folder and its suffix."""
    name = str(given).strip().replace("\\", "/").rsplit("/", 1)[-1]
    return name.removesuffix(".py") == true.removesuffix(".py")


def same_number(given, true):
    """Whether a whole number is meant: 12, 12.0 or "12"."""
    return not isinstance(given, bool) and float(given) == true


def same_value(given, true):
    """Whether a value is meant: written in TOML, or as the text that Python shows."""
    if isinstance(given, bool):
        return False
    if given == true:
        return True
    if not isinstance(given, str):
        return False
    try:
        read = ast.literal_eval(given.strip())
    except (ValueError, SyntaxError):
        return given.strip() == str(true)
    return not isinstance(read, bool) and read == true


def must_be(answer, what, holds):
    """An answer that is right; the finding says what was asked, never the answer to it."""
    answer.must_satisfy(what, holds)


@claim(
    "You name the exception that run.py caught, and the line that raised it.",
    catches=["except_hides_cause"],
)
def what_was_caught(answers, case):
    caught = part(answers, "caught")
    must_be(
        caught.type,
        "be the class of the exception that run.py caught, before it raised one of its own",
        lambda given: given.strip().rsplit(".", 1)[-1] == case["type"],
    )
    must_be(
        caught.file,
        "be the file with the line that raised that exception",
        lambda given: same_file(given, case["raised_file"]),
    )
    must_be(
        caught.line,
        "be the line that raised that exception: the innermost of its traceback",
        lambda given: same_number(given, case["raised_line"]),
    )


@claim("You name the shop whose report failed.", catches=["counts_from_zero"])
def which_shop(answers, case):
    must_be(
        part(answers, "failing").shop,
        "be the line of shops.txt that was being worked on, counted from 1",
        lambda given: same_number(given, case["shop"]),
    )


@claim(
    "You name the one line that has to change.",
    catches=["symptom_line", "except_hides_cause"],
)
def which_line(answers, case):
    cause = part(answers, "cause")
    must_be(
        cause.file,
        "be the file with the line that does not do what its function promises",
        lambda given: same_file(given, case["cause_file"]),
    )
    must_be(
        cause.line,
        "be the line that does not do what its function promises, in the file as you got it",
        lambda given: same_number(given, case["cause_line"]),
    )


@claim(
    "You name the variable to which that line gives a wrong value.",
    catches=["symptom_line", "except_hides_cause"],
)
def which_variable(answers, case):
    must_be(
        part(answers, "cause").variable,
        "be the name on the left of the line that has to change",
        lambda given: given.strip() == case["variable"],
    )


@claim(
    "You give the value that this variable held at the failure.",
    catches=["print_guess", "first_iteration_only", "symptom_line", "except_hides_cause"],
)
def which_value(answers, case):
    must_be(
        part(answers, "cause").value,
        "be what the variable of the line to change held when the report on that shop failed",
        lambda given: same_value(given, case["value"]),
    )


@diagnostic("first_iteration_only")
def gives_an_earlier_value(answers, case):
    given = part(answers, "cause").value.as_value()
    return any(same_value(given, each) for each in case["earlier"])
