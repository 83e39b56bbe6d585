"""Is this true of what we know? The one condition language: show-if, jumps, outcomes, offer eligibility.

A condition is a tree of `all`, `any` and `not` over leaves such as `{"question": "skin", "op": "is", "value": "dry"}`.
Pure: no Django, no clock.

Truth has three values, as Kleene's: True, False and None (we don't know). What was not asked, skipped or declined is
unknown, never false, so `{"not": …}` of something unknown does not hold either. Only True counts as holding.
The one test that never stays unknown is `answered`.

A fact is either
* the answer's value (a leaf over a question): text, number, bool, ISO date, or a list for several choices;
* a frozenset of feature codes (a leaf over an attribute), empty when nothing comparable is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Operand = Literal["question", "attribute"]
Value = str | int | float | bool | tuple[str | int | float | bool, ...]

MAX_DEPTH = 6
MAX_TESTS = 60
MAX_VALUES = 60
MAX_TEXT = 200
MAX_NUMBER = 1e15

ORDERING = frozenset({"at_least", "at_most", "before", "after"})
LISTING = frozenset({"in", "not_in"})
SETTING = frozenset({"includes", "excludes"})
OPS = frozenset({"is", "is_not", "answered"}) | ORDERING | LISTING | SETTING
# An attribute is known by its feature codes alone: numbers and dates enter as published bins, which have no order.
ATTRIBUTE_OPS = OPS - ORDERING


class ConditionError(ValueError):
    """A condition that cannot be read: `path` is the place in the JSON, `kind` a stable code, `message` for people."""

    def __init__(self, path: str, kind: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path
        self.kind = kind
        self.message = message


@dataclass(frozen=True, slots=True)
class Test:
    """A leaf: one operand compared with one value."""

    __test__ = False  # not a pytest class

    of: Operand
    key: str
    op: str
    value: Value

    @property
    def about(self) -> str:
        """The question asked about: of `needs.dryness`, a row of a matrix, it is `needs`."""
        return self.key.partition(".")[0]


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


Condition = Test | All | AnyOf | Not


_FINDING = frozenset({"is", "in", "includes"})
_MEMBERSHIP = _FINDING | {"is_not", "not_in", "excludes"}


class _Open:
    """Not told yet; an answer may still come."""


OPEN = _Open()
Decider = Callable[[Mapping[str, object]], bool | None]


def parse(raw: object, *, operand: Operand, path: str = "") -> Condition:
    """Read a condition from JSON; leaves must be about `operand`. Raises ConditionError naming the JSON path."""
    budget = [MAX_TESTS]
    return _parse(raw, operand, path, MAX_DEPTH, budget)


def holds(condition: Condition, facts: Mapping[str, object]) -> bool | None:
    """True, False, or None when what we know doesn't say. Only True holds."""
    match condition:
        case Test():
            return _test(condition, facts.get(condition.key))
        case Not(part):
            inner = holds(part, facts)
            return None if inner is None else not inner
        case All(parts):
            return _first_or_unknown((holds(part, facts) for part in parts), stop=False)
        case AnyOf(parts):
            return _first_or_unknown((holds(part, facts) for part in parts), stop=True)


def decider(condition: Condition) -> Decider:
    """A function from facts to whether the condition holds: `holds(condition, facts) is True`, several times as fast.

    A fact may be OPEN, which is to be told yet: then it says None as long as that can still decide.
    """
    return _decider(condition, wanted=True)


def operands(condition: Condition) -> frozenset[str]:
    """The keys of the questions or attributes the condition asks about."""
    return frozenset(test.key for test in tests(condition))


def settled(condition: Condition, key: str, fact: object) -> Condition | bool:
    """What is left to ask where this one fact is known: a condition, or whether it holds when nothing is."""
    match condition:
        case Test():
            return _test(condition, fact) is True if condition.key == key else condition
        case Not(part):
            if isinstance(part, Test) and part.key == key:
                return _test(part, fact) is False
            return condition  # of a deeper one, nothing is settled ahead
        case All(parts) | AnyOf(parts):
            stop = isinstance(condition, AnyOf)
            left: list[Condition] = []
            for each in parts:
                rest = settled(each, key, fact)
                if not isinstance(rest, bool):
                    left.append(rest)
                elif rest is stop:
                    return stop
            return type(condition)(tuple(left)) if left else not stop


def subjects(condition: Condition) -> frozenset[str]:
    """The questions the condition asks about, be it about rows of them."""
    return frozenset(test.about for test in tests(condition))


def tests(condition: Condition) -> Iterator[Test]:
    """Every leaf, from left to right."""
    match condition:
        case Test():
            yield condition
        case Not(part):
            yield from tests(part)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from tests(part)


def to_json(condition: Condition) -> dict[str, object]:
    """The JSON that `parse` reads back into an equal condition."""
    match condition:
        case Test(of, key, op, value):
            return {of: key, "op": op, "value": list(value) if isinstance(value, tuple) else value}
        case Not(part):
            return {"not": to_json(part)}
        case All(parts):
            return {"all": [to_json(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [to_json(part) for part in parts]}


def _parse(raw: object, operand: Operand, path: str, depth: int, budget: list[int]) -> Condition:
    if not isinstance(raw, Mapping):
        raise ConditionError(path, "not_an_object", "a condition is an object")
    if depth == 0:
        raise ConditionError(path, "too_deep", f"a condition may be {MAX_DEPTH} levels deep")
    for word in ("all", "any", "not"):
        if word in raw:
            if len(raw) != 1:
                raise ConditionError(path, "extra_keys", f"“{word}” stands alone in its object")
            here = f"{path}.{word}" if path else word
            if word == "not":
                return Not(_parse(raw["not"], operand, here, depth - 1, budget))
            listed = raw[word]
            if not isinstance(listed, Sequence) or isinstance(listed, str) or not listed:
                raise ConditionError(here, "not_a_list", f"“{word}” takes a list of at least one condition")
            parts = tuple(
                _parse(part, operand, f"{here}[{index}]", depth - 1, budget) for index, part in enumerate(listed)
            )
            return All(parts) if word == "all" else AnyOf(parts)
    budget[0] -= 1
    if budget[0] < 0:
        raise ConditionError(path, "too_large", f"a condition may have {MAX_TESTS} tests")
    return _parse_test(raw, operand, path)


def _parse_test(raw: Mapping[object, object], operand: Operand, path: str) -> Test:
    if operand not in raw:
        raise ConditionError(path, "no_operand", f"a test names its “{operand}”")
    if extra := {str(key) for key in raw} - {operand, "op", "value"}:
        raise ConditionError(path, "extra_keys", f"unknown: {', '.join(sorted(extra))}")
    key, op = raw[operand], raw.get("op")
    if not isinstance(key, str) or not key or len(key) > MAX_TEXT:
        raise ConditionError(
            f"{path}.{operand}" if path else operand, "no_operand", f"the {operand} is named by its key"
        )
    where_op = f"{path}.op" if path else "op"
    if not isinstance(op, str) or op not in OPS:
        raise ConditionError(where_op, "unknown_op", f"one of {', '.join(sorted(OPS))}")
    if operand == "attribute" and op not in ATTRIBUTE_OPS:
        raise ConditionError(
            where_op, "unfit_op", f"“{op}” needs an order; attributes are known by their bins: use “in”"
        )
    return Test(operand, key, op, _parse_value(op, raw.get("value"), f"{path}.value" if path else "value"))


def _parse_value(op: str, raw: object, path: str) -> Value:
    if op == "answered":
        if raw not in (None, True, False):
            raise ConditionError(path, "unfit_value", "“answered” takes true or false")
        return raw is not False
    if op in LISTING or (op in SETTING and isinstance(raw, list | tuple)):
        if not isinstance(raw, list | tuple) or not 0 < len(raw) <= MAX_VALUES:
            raise ConditionError(path, "unfit_value", f"“{op}” takes a list of 1 to {MAX_VALUES} values")
        return tuple(_scalar(item, f"{path}[{index}]") for index, item in enumerate(raw))
    value = _scalar(raw, path)
    if op in ("at_least", "at_most") and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise ConditionError(path, "unfit_value", f"“{op}” takes a number")
    if op in ("before", "after") and not isinstance(value, str):
        raise ConditionError(path, "unfit_value", f"“{op}” takes a date, YYYY-MM-DD")
    return value


def _scalar(raw: object, path: str) -> str | int | float | bool:
    if isinstance(raw, bool) or (isinstance(raw, int | float) and abs(raw) <= MAX_NUMBER):  # which NaN is not either
        return raw
    if isinstance(raw, str) and len(raw) <= MAX_TEXT:
        return raw
    raise ConditionError(path, "unfit_value", f"a text of at most {MAX_TEXT} characters, a number, true or false")


def _first_or_unknown(results: Iterator[bool | None], *, stop: bool) -> bool | None:
    """Kleene's and (`stop` False) and or (`stop` True): one deciding part decides, else one unknown part is unknown."""
    unknown = False
    for result in results:
        if result is stop:
            return stop
        unknown = unknown or result is None
    return None if unknown else not stop


def _decider(condition: Condition, *, wanted: bool) -> Decider:
    """Says whether the condition is `wanted`, True or False. A not is moved down to the leaves, as De Morgan has it:
    what is left then is all and any over leaves that either are as wanted or are not, unknown ones among the latter."""
    match condition:
        case Test():
            return _leaf(condition, wanted)
        case Not(part):
            return _decider(part, wanted=not wanted)
        case All(parts) | AnyOf(parts):
            deciders = [_decider(part, wanted=wanted) for part in parts]
            if len(deciders) == 1:
                return deciders[0]
            return _joined(deciders, stop=isinstance(condition, AnyOf) is wanted)


def _joined(deciders: list[Decider], *, stop: bool) -> Decider:
    def decide(facts: Mapping[str, object]) -> bool | None:
        is_open = False
        for each in deciders:
            said = each(facts)
            if said is stop:
                return stop
            if said is None:
                is_open = True
        return None if is_open else not stop

    return decide


def _leaf(test: Test, wanted: bool) -> Decider:
    key = test.key
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    texts = frozenset(each for each in values if isinstance(each, str)) if test.op in _MEMBERSHIP else None
    if_found = (test.op in _FINDING) is wanted

    def decide(facts: Mapping[str, object]) -> bool | None:
        fact = facts.get(key)
        if texts is not None and fact.__class__ is str:  # by far the most frequent: one choice among several
            return (fact in texts) is if_found
        return None if fact is OPEN else _test(test, fact) is wanted

    return decide


def _test(test: Test, fact: object) -> bool | None:
    if test.op == "answered":
        return (fact is not None) is test.value
    if fact is None:
        return None
    if isinstance(fact, list | tuple):
        return _test_several(test.op, test.value, frozenset(fact))
    if isinstance(fact, frozenset):
        return _test_several(test.op, test.value, fact) if fact else None
    return _test_one(test.op, test.value, fact)


def _test_several(op: str, value: Value, fact: frozenset[object]) -> bool | None:
    """Against several chosen values or feature codes: `is` means exactly this one, `in` any of these."""
    wanted = frozenset(value) if isinstance(value, tuple) else frozenset((value,))
    match op:
        case "is":
            return fact == wanted
        case "is_not":
            return fact != wanted
        case "in" | "includes":
            return not fact.isdisjoint(wanted)
        case "not_in" | "excludes":
            return fact.isdisjoint(wanted)
    return None


def _test_one(op: str, value: Value, fact: object) -> bool | None:
    if op in ORDERING:
        compare = _ORDER[op]
        if isinstance(value, str) and isinstance(fact, str):
            return compare(fact, value)  # ISO dates order as text
        if _is_number(value) and _is_number(fact):
            return compare(fact, value)
        return None
    wanted = value if isinstance(value, tuple) else (value,)
    found = any(_same(fact, item) for item in wanted)
    return found if op in _FINDING else not found


_ORDER: dict[str, Callable[..., bool]] = {
    "at_least": lambda fact, value: fact >= value,
    "at_most": lambda fact, value: fact <= value,
    "before": lambda fact, value: fact < value,
    "after": lambda fact, value: fact > value,
}


def _same(fact: object, value: object) -> bool:
    """Equal and of the same sort: Python's `True == 1` is not a fact about a customer."""
    return isinstance(fact, bool) is isinstance(value, bool) and fact == value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
