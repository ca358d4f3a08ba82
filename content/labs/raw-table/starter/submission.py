"""A raw table of hotel bookings to a submission.

Columns: booking_id, lead_days, nights, price, country, channel, guests, and in training tables
cancelled (0 or 1). What is odd about them is said in the lesson.
"""

import numpy as np
import pandas as pd


def baseline(train: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    """Opening step: return (n_rows,), the share of cancelled bookings in train for every row."""


def fit(train: pd.DataFrame) -> bytes:
    """Return a fitted pipeline as bytes, with all that predict needs."""


def predict(saved: bytes, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return (probability, usable), both (n_rows,): chance of a cancellation, and a bool.

    Runs in another process than fit. rows have no column cancelled, may have gaps and levels
    that were never seen, columns in any order and columns more than expected.
    """


def stress(saved: bytes, table: pd.DataFrame, seed: int) -> dict[str, float]:
    """Return the ROC AUC on the rows of table under "clean", "noise", "missing" and "unseen"."""


def compete(train: pd.DataFrame, test: pd.DataFrame, board) -> tuple[np.ndarray, float]:
    """Return (probability, estimate): the final submission for test, and its private ROC AUC.

    board(probability) returns the public score of a submission, five times at most.
    """
