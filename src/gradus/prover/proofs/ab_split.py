"""The proof `ab-split`."""

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from gradus.core.service import Split
from gradus.prover.bench import Bench
from gradus.prover.bounds import share_at_least, share_at_most
from gradus.prover.claims import Claim, InvalidRun
from gradus.prover.contract import named_in
from gradus.prover.copies import on_a_copy
from gradus.prover.exchange import Exchange
from gradus.prover.invented import fresh_identifier, like
from gradus.prover.labelled import UNDER_WAY, must_be_answered
from gradus.prover.proof import proof
from gradus.prover.sent import in_turn
from gradus.prover.service import Service

CONFIDENCE = 0.99
ASKED_AGAIN = 400
"""Users who are asked for again, and once more after a restart."""
MOST_USERS = 20_000


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of one user."""

    user: Any
    """The user's id."""
    variant: str
    """The variant that answered; empty where none was named."""


@proof(place=160, needs=("start", "split"))
async def ab_split(bench: Bench) -> None:
    """Users are divided as declared, and each one keeps to one variant, also after a restart."""
    bench = await on_a_copy(bench)
    split = bench.declaration.split
    assert split is not None
    n_again = 150 if bench.quick else ASKED_AGAIN
    users = [_user(bench, split) for _ in range(n_users(split))]
    async with bench.service() as service:
        first = await _visits(bench, service, split, users)
        bench.moment(f"{len(users)} new users were sent")
        back = [first[int(i)] for i in bench.rng.permutation(len(first))[:n_again]]
        again = await _visits(bench, service, split, [each.user for each in back])
        bench.moment("some of them came again, with other rows")
        await service.end()
        bench.moment("the service is restarted")
        await service.begin()
        after = await _visits(bench, service, split, [each.user for each in back])
    bench.keep("visits", ({"user": each.user, "variant": each.variant} for each in first))
    with bench.claim("Every answer names one of the declared variants.") as claim:
        for each in (*first, *again, *after):
            if each.variant not in split.shares:
                told = f"'{each.variant}'" if each.variant else f"no '{split.variant}'"
                claim.found(f"user {each.user}", told, " or ".join(split.shares))
    for name, share in split.shares.items():
        said = f"Variant {name} has {share:g} of the users, give or take {split.margin:g}."
        with bench.claim(said) as claim:
            _has_share(claim, [each.variant for each in first], name, split)
    with bench.claim("A user who comes again meets the same variant.") as claim:
        _the_same(claim, back, again)
    with bench.claim("A user who comes after a restart does so too.") as claim:
        _the_same(claim, back, after)


def n_users(split: Split) -> int:
    """Return how many users show the shares, so that a right split fails once in thousands.

    The bounds are 2.8 deviations from what is seen, and what is seen is seldom more than 3.5 away.
    """
    most = max(share * (1 - share) for share in split.shares.values())
    n = math.ceil(most * ((2.8 + 3.5) / split.margin) ** 2)
    if n > MOST_USERS:
        raise InvalidRun(
            f"A margin of {split.margin:g} takes {n} users to show, and at most {MOST_USERS} are "
            "sent. Declare a wider 'margin' in [prove.split]."
        )
    return n


async def _visits(
    bench: Bench, service: Service, split: Split, users: Sequence[Any]
) -> list[Visit]:
    rows, requests = [], []
    for user in users:
        row = dict(bench.rows[int(bench.rng.integers(len(bench.rows)))])
        if split.field:
            row[split.field] = user
        request = service.request([row])
        if split.header:
            request = replace(request, headers={**request.headers, split.header: str(user)})
        rows.append(row)
        requests.append(request)
    exchanges = await in_turn(service, requests, UNDER_WAY)
    for exchange, row in zip(exchanges, rows, strict=True):
        must_be_answered(service, exchange, [row])
    return [Visit(u, _variant(split, e)) for u, e in zip(users, exchanges, strict=True)]


def _user(bench: Bench, split: Split) -> Any:
    """Return the id of a user who was never there, as the ids of the declared rows look."""
    if not split.field:
        return fresh_identifier(bench.rng)
    place = int(bench.rng.integers(len(bench.rows)))
    return like(bench.rows[place][split.field], bench.rng)


def _variant(split: Split, exchange: Exchange) -> str:
    value = named_in(exchange.response, split.variant)
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _has_share(claim: Claim, seen: Sequence[str], name: str, split: Split) -> None:
    """Two one-sided bounds: the share is shown to be within the margin, not only not outside."""
    hits, declared = Counter(seen)[name], split.shares[name]
    each = 1 - (1 - CONFIDENCE) / 2
    low, high = (bound(hits, len(seen), each) for bound in (share_at_least, share_at_most))
    claim.at_least("share", low, "", declared - split.margin, CONFIDENCE)
    claim.at_most("share", high, "", declared + split.margin, CONFIDENCE)


def _the_same(claim: Claim, before: Sequence[Visit], now: Sequence[Visit]) -> None:
    changed = 0
    for one, other in zip(before, now, strict=True):
        if one.variant != other.variant:
            changed += 1
            claim.found(f"user {one.user}", f"'{other.variant}'", f"'{one.variant}', as before")
    bound = share_at_most(changed, len(before), CONFIDENCE)
    claim.figure("users who changed", bound, "share", confidence=CONFIDENCE)
