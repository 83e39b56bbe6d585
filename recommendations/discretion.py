"""What an offer may not give away. Decides without Django and without the database.

Whoever looks over a customer's shoulder sees their offers. So a sensitive answer may keep an offer away, but it may
only bring one that is for people who said so themselves: one that counts as sensitive, whose "only for" always asks for
such an answer. Any other offer is had, and with no lower a score, by the same person with every sensitive answer left
out.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from preferences.conditions import All, AnyOf, Condition, Not, Test, operands

UNASKED = "unasked"  # it counts as sensitive and does not always ask for a sensitive answer
BRINGS = "brings"  # its "only for" lets in by a sensitive answer, although it does not count as sensitive
UNLOCKS = "unlocks"  # its "never for" keeps away those who did not give a sensitive answer


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom an offer is for. `is_sensitive`: it counts as sensitive, by itself or by its product's category."""

    is_sensitive: bool
    eligibility: Condition | None = None
    veto: Condition | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """A category and the one it belongs to."""

    id: int
    parent_id: int | None
    is_sensitive: bool


def fault(whom: Whom, sensitive: frozenset[str]) -> str:
    """What an offer would give away, "" when nothing. `sensitive`: the keys of the sensitive attributes."""
    if whom.is_sensitive:
        return "" if whom.eligibility and requires(whom.eligibility, sensitive) else UNASKED
    if whom.eligibility and _is_brought(whom.eligibility, sensitive, outcome=True):
        return BRINGS
    if whom.veto and _is_lost(whom.veto, sensitive, outcome=True):
        return UNLOCKS
    return ""


def may_speak(whom: Whom, sensitive: frozenset[str]) -> frozenset[str]:
    """The sensitive attributes whose answers may speak for an offer: those that its "only for" asks for."""
    if not whom.is_sensitive or whom.eligibility is None or fault(whom, sensitive):
        return frozenset()
    return operands(whom.eligibility) & sensitive


def sensitive_categories(branches: Iterable[Branch]) -> frozenset[int]:
    """Those that are sensitive themselves or by any category above them."""
    known = {each.id: each for each in branches}

    def is_sensitive(each: Branch) -> bool:
        passed: set[int] = set()
        at: Branch | None = each
        while at is not None and at.id not in passed:
            if at.is_sensitive:
                return True
            passed.add(at.id)
            at = known.get(at.parent_id) if at.parent_id is not None else None
        return False

    return frozenset(each.id for each in known.values() if is_sensitive(each))


def requires(condition: Condition, keys: frozenset[str], *, outcome: bool = True) -> bool:
    """Whether the condition can only come out as `outcome` when at least one of these attributes is known.

    A test other than "answered" is neither true nor false while its attribute is unknown. Of an `all` one part that
    requires it is enough, of an `any` each part must; for the outcome False it is the other way round.
    """
    match condition:
        case Test(key=key, op="answered", value=value):
            return key in keys and value is outcome
        case Test(key=key):
            return key in keys
        case Not(part):
            return requires(part, keys, outcome=not outcome)
        case All(parts) | AnyOf(parts):
            each = (requires(part, keys, outcome=outcome) for part in parts)
            return any(each) if isinstance(condition, All) is outcome else all(each)


def _is_brought(condition: Condition, keys: frozenset[str], *, outcome: bool) -> bool:
    """Whether knowing one of these attributes could bring the condition to `outcome`. Says so of a few too many."""
    match condition:
        case Test(key=key, op="answered", value=value):
            return key in keys and value is outcome
        case Test(key=key):
            return key in keys
        case Not(part):
            return _is_brought(part, keys, outcome=not outcome)
        case All(parts) | AnyOf(parts):
            return any(_is_brought(part, keys, outcome=outcome) for part in parts)


def _is_lost(condition: Condition, keys: frozenset[str], *, outcome: bool) -> bool:
    """Whether knowing one of these attributes could take the condition away from `outcome`.

    Only "answered" can: every other test is unknown before, and whatever was settled without it stays settled.
    """
    match condition:
        case Test(key=key, op="answered", value=value):
            return key in keys and value is not outcome
        case Test():
            return False
        case Not(part):
            return _is_lost(part, keys, outcome=not outcome)
        case All(parts) | AnyOf(parts):
            return any(_is_lost(part, keys, outcome=outcome) for part in parts)
