"""Runs `suite.json` on batches of orders with Great Expectations itself."""

import functools
import json
import logging
from pathlib import Path

import great_expectations as gx
import pandas as pd
from great_expectations.execution_engine import pandas_execution_engine as engine
from great_expectations.expectations import expectation as of_the_library

SUITE = "suite.json"
MOST = 200
TYPES = {
    "order_id": "str", "ordered_at": "datetime64[us]", "country": "str", "currency": "str",
    "payment": "str", "items": "int64", "amount": "float64", "weight_kg": "float64",
    "coupon": "str",
}  # fmt: skip

logging.disable(logging.CRITICAL)

# The library works the name of a class out anew some sixty times for each expectation that it runs.
of_the_library.camel_to_snake = functools.cache(of_the_library.camel_to_snake)
# It writes a fingerprint of every batch down, twice, which nobody reads here.
engine.hash_pandas_dataframe = lambda frame: ""


# And it makes the arguments of an expectation anew for each of them; once for all is the same.
def _arguments_of(expectation, keys):
    given = expectation.configuration.kwargs
    return {key: given.get(key, expectation._get_default_value(key)) for key in keys}


def _domain(self):
    return _arguments_of(self, self.domain_keys)


def _success(self):
    return _arguments_of(self, (*self.success_keys, *self.domain_keys))


def _runtime(self, runtime_configuration=None):
    keys = (*self.runtime_keys, *self.success_keys, *self.domain_keys)
    made = _arguments_of(self, keys)
    given = runtime_configuration or {}
    made |= {key: given[key] for key in self.runtime_keys if key in given}
    made["result_format"] = of_the_library.parse_result_format(made["result_format"])
    return made


of_the_library.Expectation._get_domain_kwargs = _domain
of_the_library.Expectation._get_success_kwargs = _success
of_the_library.Expectation._get_runtime_kwargs = _runtime

# These look at nulls or at the type of a column alone: where neither was touched, they answer as
# they did before.
OF_NULLS_AND_TYPES = (
    "expect_column_to_exist",
    "expect_column_values_to_not_be_null",
    "expect_column_proportion_of_non_null_values_to_be_between",
    "expect_column_values_to_be_of_type",
    "expect_column_values_to_be_in_type_list",
)


@functools.cache
def _source():
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("orders").add_dataframe_asset("batch")
    return asset.add_batch_definition_whole_dataframe("whole")


def _one_line(error):
    return " ".join(str(error).split())[:200]


def _parsed(folder):
    """The text of suite.json as a dict with a list of expectations."""
    path = folder / SUITE
    if not path.is_file():
        raise ValueError(f"there is no file {SUITE}")
    try:
        suite = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise ValueError(f"{SUITE} is not JSON: {_one_line(error)}") from None
    listed = suite.get("expectations") if isinstance(suite, dict) else None
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise ValueError(f"{SUITE} is no suite: it has no list of expectations")
    if len(listed) > MOST:
        raise ValueError(f"{SUITE} has {len(listed)} expectations, more than {MOST}")
    return suite


@functools.cache
def _expectations(folder):
    """Each expectation of suite.json as the library built it, with the text of its arguments."""
    suite = _parsed(folder)
    _source()  # some of the library works only where there is a context
    built = []
    for place, each in enumerate(suite["expectations"], 1):
        text = json.dumps(each.get("kwargs"))
        named = f"{SUITE}, expectation {place} ({each.get('type')})"
        # A condition in words is evaluated as code, and what it may reach is more than columns.
        if "@" in text or "__" in text:
            raise ValueError(f"{named}: '@' and '__' are not used here")
        free = {key: value for key, value in each.items() if key != "id"}  # of a stored suite
        try:
            made = gx.ExpectationSuite(name="one", expectations=[free]).expectations
        except Exception as error:
            raise ValueError(f"{named}: {_one_line(error)}") from None
        if not made:
            raise ValueError(f"{named}: the library does not know it and leaves it out")
        built.append((made[0], text))
    try:
        gx.ExpectationSuite(**{**suite, "expectations": []})
    except Exception as error:
        raise ValueError(f"{SUITE} is no suite: {_one_line(error)}") from None
    return built


def _seen(kind, text, touched):
    """The touched columns that an expectation looks at.

    'rows' among them stands for the table as a whole, 'values' for damage to values alone.
    """
    if str(kind).startswith("expect_table_"):
        return ["rows"] if "rows" in touched else []
    if "values" in touched and kind in OF_NULLS_AND_TYPES:
        return []
    return [each for each in touched if json.dumps(each) in text]


def _frame(columns):
    frame = pd.DataFrame(columns)
    known = {name: kind for name, kind in TYPES.items() if name in columns and not columns[name]}
    frame = frame.astype(known)
    moments = columns.get("ordered_at")
    if moments and "T" in str(moments[-1]):
        frame["ordered_at"] = pd.to_datetime(frame["ordered_at"])
    return frame


def _shown(config):
    kwargs = config.kwargs
    about = [kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs]
    return f"{config.type}({', '.join(map(str, about))})"


def failing(folder: Path, batches: str, parameters: dict):
    """For each batch, the critical expectations that fail, of those that look at what it touches.

    `batches` is JSON. An expectation on another column answers as it did before, so it is not
    asked again. Where the suite cannot be read or run, the answer is a text that says why.
    """
    try:
        return _all_failing(folder, json.loads(batches), parameters)
    except ValueError as error:
        return str(error)


def _all_failing(folder, batches, parameters):
    answers = []
    for batch in batches:
        touched = batch["touched"]
        chosen = [
            (made, text)
            for made, text in _expectations(folder)
            if touched is None or _seen(made.expectation_type, text, touched)
        ]
        answers.append([] if not chosen else _run(chosen, batch["columns"], touched, parameters))
    return answers


def _run(chosen, columns, touched, parameters):
    suite = gx.ExpectationSuite(name="contract", expectations=[made for made, _ in chosen])
    batch = _source().get_batch({"dataframe": _frame(columns)})
    try:
        result = batch.validate(
            suite, result_format="BOOLEAN_ONLY", expectation_parameters=parameters
        )
    except Exception as error:
        raise ValueError(f"{SUITE} could not be run: {_one_line(error)}") from None
    failed = []
    for each in result.results:
        config = each.expectation_config
        if each.success or getattr(config.severity, "value", None) != "critical":
            continue
        sees = _seen(config.type, json.dumps(config.kwargs, default=str), touched or [])
        failed.append({"says": _shown(config), "sees": sees})
    return sorted(failed, key=lambda each: each["says"])
