"""How long the rest of a quiz can take at most, given what is known: the honest figure for a progress line.

Counting every question that might be asked would promise three branches to somebody who will see one. So the longest
way is found by trying the answers that matter: only questions that some later condition asks about branch, and of those
only one representative for each set of answers that no condition tells apart. What was tried is remembered by position
and the facts still asked about, so that in practice a step costs a dictionary look-up.

Every real answer behaves as one of the representatives, so the figure after a step is never above the figure before
it less the question's own seconds; that is what keeps progress from going backwards. A quiz too entangled to try out
(BUDGET) falls back on the sum of all later questions, which is an upper bound of the same kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from preferences.conditions import Condition, Test, holds, tests

from .parts import CHOOSING_ONE, END, NUMERIC, Definition, Question

BUDGET = 3000
MAX_REMEMBERED = 5000
MAX_COMBINED = 6

_Known = tuple[object, ...]


@dataclass(slots=True)
class _Ways:
    """What the conditions of one definition ask about, and the longest ways found so far."""

    asked_from: tuple[tuple[str, ...], ...]  # by position: the questions that conditions from there on ask about
    stand_ins: Mapping[str, tuple[object, ...]]
    sums: tuple[int, ...]
    found: dict[tuple[int, _Known], int] = field(default_factory=dict)


class _TooEntangledError(Exception):
    pass


def longest_seconds(definition: Definition, index: int, facts: Mapping[str, object]) -> int:
    """Seconds of the longest way to the end from the question at `index` (which is shown), given `facts`."""
    ways: _Ways = definition.scratch.get("ways") or _prepare(definition)
    here = (index, _known(ways, index, facts))
    seconds = ways.found.get(here)
    if seconds is not None:
        return seconds
    if len(ways.found) > MAX_REMEMBERED:
        ways.found.clear()
    try:
        return _search(definition, ways, index, dict(facts), [BUDGET])
    except _TooEntangledError:
        ways.found[here] = ways.sums[index]
        return ways.sums[index]


def _prepare(definition: Definition) -> _Ways:
    asked: set[str] = set()
    asked_from: list[tuple[str, ...]] = [()]
    sums = [0]
    by_key: dict[str, list[Test]] = {}
    for question in reversed(definition.questions):
        for condition in _conditions(question):
            for test in tests(condition):
                asked.add(test.key)
                by_key.setdefault(test.key, []).append(test)
        asked_from.append(tuple(sorted(asked)))
        sums.append(sums[-1] + question.seconds)
    stand_ins = {
        key: tuple(_stand_ins(definition.question(key), asked))
        for key, asked in by_key.items()
        if key in definition.position
    }
    ways = _Ways(tuple(reversed(asked_from)), stand_ins, tuple(reversed(sums)))
    definition.scratch["ways"] = ways
    return ways


def _conditions(question: Question) -> Iterator[Condition]:
    if question.show_if is not None:
        yield question.show_if
    for jump in question.jumps:
        yield jump.condition


def _stand_ins(question: Question, asked: list[Test]) -> Iterator[object]:
    """One answer for each kind of answer that the tests tell apart; None for no answer, which tells nothing."""
    yield None
    tested = {value for test in asked for value in (test.value if isinstance(test.value, tuple) else (test.value,))}
    if question.kind == "boolean":
        yield from (True, False)
    elif question.kind in CHOOSING_ONE or question.kind == "ranking":
        told_apart = [value for value in question.choice_by_value if value in tested]
        yield from told_apart
        yield from [value for value in question.choice_by_value if value not in tested][:1]
    elif question.kind == "multiple":
        told_apart = [value for value in question.choice_by_value if value in tested]
        others = [value for value in question.choice_by_value if value not in tested][:1]
        if len(told_apart) > MAX_COMBINED:
            yield from [None] * BUDGET  # more combinations than worth trying
            return
        for count in range(len(told_apart) + 1):
            for chosen in combinations(told_apart, count):
                yield (*chosen,)
                yield (*chosen, *others)
    elif question.kind in NUMERIC:
        ends = sorted(
            float(value) for value in tested if isinstance(value, int | float) and not isinstance(value, bool)
        )
        yield from ends
        yield from ((low + high) / 2 for low, high in pairwise(ends))
        yield from ((ends[0] - 1, ends[-1] + 1) if ends else (0.0,))
    elif question.kind == "date":
        days = sorted(value for value in tested if isinstance(value, str))
        yield from days
        yield from (f"{day}~" for day in days)  # sorts right after that day, so it stands for those between
        yield "0000-01-01"
    else:
        yield "text"


def _known(ways: _Ways, index: int, facts: Mapping[str, object]) -> _Known:
    return tuple(
        tuple(fact) if isinstance(fact, list) else fact for fact in (facts.get(key) for key in ways.asked_from[index])
    )


def _search(definition: Definition, ways: _Ways, index: int, facts: dict[str, object], budget: list[int]) -> int:
    if index == len(definition.questions):
        return 0
    known = (index, _known(ways, index, facts))
    if (seconds := ways.found.get(known)) is not None:
        return seconds
    question = definition.questions[index]
    budget[0] -= len(ways.stand_ins.get(question.key, (None,)))
    if budget[0] <= 0:
        raise _TooEntangledError
    if question.show_if is not None and holds(question.show_if, facts) is not True:
        longest = _search(definition, ways, index + 1, facts, budget)
    else:
        longest = 0
        for fact in ways.stand_ins.get(question.key, (None,)):
            after = facts if fact is None else {**facts, question.key: fact}
            target = index + 1
            for jump in question.jumps:
                if holds(jump.condition, after) is True:
                    target = len(definition.questions) if jump.to == END else definition.position[jump.to]
                    break
            longest = max(longest, _search(definition, ways, target, after, budget))
        longest += question.seconds
    ways.found[known] = longest
    return longest
