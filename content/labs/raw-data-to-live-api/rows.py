"""What is sent to the service: inspections that lie in no table, drawn from the same wells."""

import numpy as np
from simulators import well_pumps


def rows(seed, n):
    """Return n inspections as a client sends them."""
    drawn = well_pumps.rows(np.random.default_rng([seed, 1]), n)
    return [{name: row[name] for name in well_pumps.FIELDS} for row in drawn]


def labelled(seed, n):
    """Return n other inspections with what became of them, and what the foreman's rule says."""
    return well_pumps.rows(np.random.default_rng([seed, 2]), n)
