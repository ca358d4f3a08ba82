"""Assign, size, read and stop an A/B test of two models (NumPy, SciPy or the standard library)."""


def assign(users, experiment, share):
    """Return "treatment" or "control" for each user; `share` of all users get the treatment."""


def users_per_arm(rate, lift, alpha=0.05, power=0.8):
    """Return how many users each arm needs, so that a change of `rate` by `lift` is found."""


def mismatch_p_value(n_control, n_treatment, share):
    """Return the p-value of the counts, were `share` of all users given the treatment."""


def difference(control, treatment, confidence=0.95):
    """Return (effect, low, high) for the mean of a metric that has one number a user."""


def ratio_difference(control, treatment, confidence=0.95):
    """Return (effect, low, high) for sum / sum; each arm is an array (n_users, 2)."""


def logged_effect(treated, outcome, probability, confidence=0.95):
    """Return (effect, low, high) of acting on everybody instead of nobody, from a policy's log."""


def decide(control, treatment, planned):
    """Return "invalid", "roll back", "go on", "ship" or "keep" for the counts so far.

    Each arm is a dict of counts: "users", "buyers", "failures".
    """
