"""The gate as a validation definition, which is how the library's own pages do it."""

import great_expectations as gx
from great_expectations.exceptions import GreatExpectationsError


class Refused(ValueError):
    """Nothing of this batch goes on."""


def as_suite(contract):
    """Build a suite one expectation at a time, since only that says what it does not know."""
    for each in contract.get("expectations", []):
        if not hasattr(gx.expectations, camel(each["type"])):
            raise Refused(f"no such expectation: {each['type']}")
    if not contract.get("expectations"):
        raise Refused("an empty suite")
    return gx.ExpectationSuite(name="contract", expectations=list(contract["expectations"]))


def camel(words):
    """Return expect_one_thing as ExpectOneThing."""
    return "".join(word[:1].upper() + word[1:] for word in words.split("_"))


def definition_of(suite):
    """Return the suite with a place for a table, in a context of its own."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("table")
    whole = asset.add_batch_definition_whole_dataframe("whole")
    expected = context.suites.add(as_suite(suite))
    return gx.ValidationDefinition(name="gate", data=whole, suite=expected)


def admit(batch, suite, parameters):
    try:
        found = definition_of(suite).run(
            batch_parameters={"dataframe": batch}, expectation_parameters=parameters
        )
    except GreatExpectationsError as error:
        raise Refused(str(error)) from error
    report = found.to_json_dict()
    broken = [
        each["expectation_config"]
        for each in report["results"]
        if not each["success"] and each["expectation_config"].get("severity") == "critical"
    ]
    if broken:
        raise Refused("\n".join(f"{each['type']}: {each['kwargs']}" for each in broken))
    return batch
