"""Plans in the record: each one that was made is kept whole, and any past day's can be shown.

It must not make a plan: the planner does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from gradus.core.plan import Plan, PlanChange
from gradus.ledger import Ledger, Row

PLAN = "plan"


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A plan as the record holds it."""

    plan: Plan
    """What stood where."""
    basis: str
    """Digest of what it was made from."""
    change: PlanChange | None
    """What it changed of the plan before."""


def record_plan(
    ledger: Ledger, plan: Plan, *, basis: str = "", change: PlanChange | None = None
) -> Row | None:
    """Append a plan with what it changed; None where it is the last one over again."""
    facts = {"plan": plan_as_json(plan), "basis": basis, "change": _plain(change)}
    last = _last(ledger)
    if last is not None and last.facts == facts:
        return None
    return ledger.append(PLAN, facts)


def last_plan(ledger: Ledger) -> KeptPlan | None:
    """Return the plan that was made last; None where none was made yet."""
    last = _last(ledger)
    if last is None:
        return None
    change = last.facts.get("change")
    return KeptPlan(
        plan_from_json(last.facts["plan"]),
        str(last.facts.get("basis", "")),
        _noun(PlanChange, change) if change else None,
    )


def plan_on(ledger: Ledger, day: date) -> Plan | None:
    """Return the plan that held on a day: the last recorded of those made until then.

    The days are those that the plans name, the learner's own; the order is that of the record,
    so that a clock that went back changes no plan's place.
    """
    return plans_on(ledger, (day,))[day]


def plans_on(ledger: Ledger, days: Iterable[date]) -> dict[date, Plan | None]:
    """Return the plan that held on each of some days; the record is read once, from its end."""
    found: dict[date, Plan | None] = dict.fromkeys(days)
    missing = set(found)
    for row in ledger.latest(PLAN) if missing else ():
        made_on = date.fromisoformat(row.facts["plan"]["made_on"])
        held = {day for day in missing if made_on <= day}
        if held:
            plan = plan_from_json(row.facts["plan"])
            found |= dict.fromkeys(held, plan)
            missing -= held
        if not missing:
            break
    return found


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """Return a plan as plain JSON values, the same for equal plans."""
    written: dict[str, Any] = _plain(plan)
    return written


def plan_from_json(written: Mapping[str, Any]) -> Plan:
    """Return the plan that was written; a field that this version does not know is left out."""
    plan: Plan = _noun(Plan, written)
    return plan


def _last(ledger: Ledger) -> Row | None:
    return next(ledger.latest(PLAN), None)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _noun(kind: Any, written: Any) -> Any:
    """Return a value of a declared type from its JSON."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        (kind,) = [each for each in inner if each is not type(None)]
        return None if written is None else _noun(kind, written)
    if origin is tuple:
        many = inner[:1] * len(written) if inner[-1] is Ellipsis else inner
        return tuple(_noun(each, value) for each, value in zip(many, written, strict=True))
    if isinstance(kind, type) and is_dataclass(kind):
        types = get_type_hints(kind)
        there = {each.name: types[each.name] for each in fields(kind) if each.name in written}
        return kind(**{name: _noun(each, written[name]) for name, each in there.items()})
    if kind is date:
        return date.fromisoformat(written)
    if isinstance(kind, type) and issubclass(kind, Enum | float):
        return kind(written)
    return written
