"""A DataFrame as a batch of Great Expectations, and a day of the history to try it on.

    python batches.py history/2026-06-09.csv 2026-06-09
"""

import json
import logging
import sys
from datetime import datetime, timedelta
from pathlib import Path

import great_expectations as gx
import pandas as pd

# The library logs a lot. What matters stands in its answer.
logging.getLogger("great_expectations").setLevel(logging.CRITICAL)


def looked_at(batch):
    """Return a DataFrame as a batch that Great Expectations can validate."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("orders").add_dataframe_asset("orders")
    whole = asset.add_batch_definition_whole_dataframe("whole")
    return whole.get_batch({"dataframe": batch})


def window(day):
    """Return the parameters of a day's batch: from two days before until the day has ended."""
    opens, closes = day - timedelta(days=2), day + timedelta(days=1)
    return {"opens": opens.isoformat(), "closes": closes.isoformat()}


if __name__ == "__main__":
    from gate import admit

    path, day = sys.argv[1:]
    orders = pd.read_csv(path, dtype={"order_id": str}, parse_dates=["ordered_at"])
    suite = json.loads(Path(__file__).with_name("suite.json").read_text(encoding="utf-8"))
    kept = admit(orders, suite, window(datetime.fromisoformat(day)))
    print(f"{path}: {len(kept)} orders let in")
