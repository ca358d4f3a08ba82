"""When requests are to be sent: arrival times drawn before the first one goes out.

The times depend on nothing that the service does: that is what makes a load open loop.
"""

import numpy as np
from numpy.typing import NDArray


def poisson(rate: float, seconds: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return arrival times of a Poisson process, sorted, in seconds from 0.

    `rate` is requests per second. Raises ValueError unless rate and duration are above 0.
    """
    if not (rate > 0 and seconds > 0):
        raise ValueError(f"a rate of {rate} per second for {seconds} s has no arrivals")
    times = rng.uniform(0.0, seconds, size=rng.poisson(rate * seconds))
    times.sort()
    return times


def steps(rates: tuple[tuple[float, float], ...], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return Poisson arrivals whose rate changes: pairs of requests per second and seconds."""
    begins, parts = 0.0, []
    for rate, seconds in rates:
        parts.append(begins + poisson(rate, seconds, rng))
        begins += seconds
    return np.concatenate(parts)
