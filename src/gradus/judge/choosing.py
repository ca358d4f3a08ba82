"""Which claims of a lab can be asked for alone, the smallest first.

It must not judge: it says in which order to try.
"""

import hashlib

from gradus.check import Claim
from gradus.core.lab import Lab
from gradus.judge.examples import CHEAP
from gradus.judge.specification import load_specification


def small_claims(lab: Lab, seed: int) -> tuple[Claim, ...]:
    """Return a lab's claims in an order that a seed decides, those that cost little first.

    A claim is small where its examples are cheap, or where it has but one that nothing is drawn
    for; the others train a model or start programs. Raises `ContentError` as the check does.
    """

    def place(claim: Claim) -> tuple[bool, bytes]:
        name = f"{seed} {claim.name}".encode()
        return not _is_small(claim), hashlib.sha256(name).digest()

    return tuple(sorted(load_specification(lab).claims, key=place))


def _is_small(claim: Claim) -> bool:
    if "another" in claim.given:
        return False
    return claim.examples >= CHEAP or not (claim.inputs or "rng" in claim.given)
