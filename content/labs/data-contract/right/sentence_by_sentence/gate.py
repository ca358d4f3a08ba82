"""A gate that asks each expectation by itself, and counts no answer as a refusal."""

import great_expectations as gx
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration


class Refused(Exception):
    pass


def _batch(frame):
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context.data_sources.pandas_default.read_dataframe(frame)


def admit(batch, suite, parameters=None):
    asked, answers = suite.get("expectations", ()), []
    target = _batch(batch.copy())
    for each in asked:
        fields = {"severity": "critical", **each}
        built = ExpectationConfiguration(
            type=each["type"], kwargs=dict(each["kwargs"]), severity=fields["severity"]
        ).to_domain_obj()
        answer = target.validate(built, expectation_parameters=parameters)
        answers.append((fields["severity"], each, answer.success))
    stops = [each for severity, each, success in answers if severity == "critical" and not success]
    if stops or not answers:
        lines = [f"{each['type']} on {each['kwargs']}" for each in stops]
        raise Refused("; ".join(lines) or "there is nothing to hold it against")
    return batch
