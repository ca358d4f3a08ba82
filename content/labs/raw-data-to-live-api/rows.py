"""What is sent to the service: inspections that lie in no table, drawn from the same wells.

And those of the tables whose chances the project's record quotes.
"""

import json
import tomllib
from pathlib import Path

import numpy as np
from simulators import well_pump_tables, well_pumps

STARTER = Path(__file__).parent / "starter" / "data"
MAKERS = {each.lower(): each for each in well_pumps.MAKERS}


def rows(seed, n):
    """Return n inspections as a client sends them."""
    drawn = well_pumps.rows(np.random.default_rng([seed, 1]), n)
    return [{name: row[name] for name in well_pumps.FIELDS} for row in drawn]


def labelled(seed, n):
    """Return n other inspections with what became of them, and what the foreman's rule says."""
    return well_pumps.rows(np.random.default_rng([seed, 2]), n)


def quoted(files):
    """Return the usable inspections of `held_out`, as a client sends them, and their chances."""
    said = held_out(files)
    names = ("pumps", "inspections", "repairs")
    tables = {
        name: well_pump_tables.parsed((STARTER / f"{name}.csv").read_text(encoding="utf-8"))
        for name in names
    }
    known = [each for each in well_pump_tables.usable(tables) if is_chance(said.get(key(each)))]
    if not known:
        raise ValueError("held_out of the record gives no usable inspection a chance")
    return [as_sent(each) for each in known], [said[key(each)] for each in known]


def held_out(files):
    """The table of the record that [project] names; ValueError says why there is none."""
    try:
        path = tomllib.loads(files["gradus.toml"].decode())["project"]["record"]
        said = json.loads(files[path.removeprefix("./")])["held_out"]
    except (LookupError, TypeError, AttributeError, ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise ValueError("no record with a table held_out, where gradus.toml says it is")
    return said


def is_chance(said):
    """Whether something that the record says is a chance."""
    return isinstance(said, int | float) and not isinstance(said, bool) and 0 <= said <= 1


def key(row):
    """The name of an inspection in the record."""
    return row["inspection_id"]


def as_sent(row):
    """A row of training as a client sends it, who writes a maker as the maker does."""
    sent = {name: row[name] for name in well_pumps.FIELDS}
    return {**sent, "maker": MAKERS.get(row["maker"]), "hours": int(row["hours"])}
