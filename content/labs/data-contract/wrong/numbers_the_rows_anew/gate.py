"""The gate before the training table: what keeps the suite comes in, everything else raises."""

import great_expectations as gx
from batches import looked_at


class Refused(Exception):
    """The batch was not let in; the message says what it broke."""


def named(config):
    """Return an expectation in words: its type and its columns."""
    columns = [value for key, value in config.kwargs.items() if key.startswith("column")]
    return f"{config.type} {columns}"


def admit(batch, suite, parameters):
    """Return the batch if it keeps every critical expectation of the suite; else raise Refused."""
    wanted = suite["expectations"]
    if not wanted:
        raise Refused("the suite expects nothing, so it cannot have looked")
    result = looked_at(batch).validate(
        gx.ExpectationSuite(**suite), expectation_parameters=parameters
    )
    if len(result.results) != len(wanted):
        raise Refused(f"only {len(result.results)} of {len(wanted)} expectations were run")
    failed = [each.expectation_config for each in result.results if not each.success]
    critical = [each for each in failed if each.severity == "critical"]
    if critical:
        raise Refused("; ".join(named(each) for each in critical))
    return batch.reset_index(drop=True)
