"""Every way to answer one question, as far as anything in the quiz tells them apart.

A way stands for all answers that no rule and no points distinguish, with the share of them. What is assumed: every
possible answer is as likely as any other, and one in ten leaves a question unanswered that may (sometimes) be. Numbers
without a step are whole where their bounds are, else tenths; without a bound, ranges that rules tell apart count alike,
as do the values of hidden fields.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from preferences.conditions import Condition, Test, tests

from ..parts import CHOOSING_ONE, NUMERIC, Definition, Question

SILENT = 0.1
MAX_WAYS = 5000
TODAY = "today"
LAST_DAY = date.max.toordinal()

Points = tuple[float, ...]
Told = tuple[tuple[str, object], ...]  # facts by operand: of a matrix, also its rows


class TooManyWaysError(Exception):
    """More ways to answer one question than worth telling apart."""


@dataclass(frozen=True, slots=True)
class Way:
    """`facts` are what conditions compare, none when the question stays unanswered; `points` by outcome."""

    facts: Told
    points: Points
    share: float


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers or days that no rule tells apart: one of them, and how many there are."""

    fact: int | float | str
    count: int


def conditions(definition: Definition) -> Iterator[Condition]:
    for question in definition.questions:
        if question.show_if is not None:
            yield question.show_if
        if question.required_if is not None:
            yield question.required_if
        yield from (jump.condition for jump in question.jumps)
    yield from (outcome.when for outcome in definition.outcomes if outcome.when is not None)


def tests_by_question(definition: Definition) -> dict[str, list[Test]]:
    asked: dict[str, list[Test]] = defaultdict(list)
    for condition in conditions(definition):
        for test in tests(condition):
            asked[test.about].append(test)
    return dict(asked)


def ways_of(
    question: Question, asked: Sequence[Test], outcomes: Sequence[str], today: date | None = None
) -> tuple[Way, ...]:
    """All ways to answer; their shares add up to 1. Empty when it can't be answered. Raises TooManyWaysError."""
    counted: dict[tuple[Told, Points], int] = defaultdict(int)
    for facts, points, count in _given(question, asked, outcomes, today):
        counted[facts, points] += count
    total = sum(counted.values())
    silence = silent_share(question)
    nothing = (0,) * len(outcomes)
    if not total:
        return (Way((), nothing, 1.0),) if silence else ()
    given = tuple(Way(facts, points, (1 - silence) * (count / total)) for (facts, points), count in counted.items())
    return (*given, Way((), nothing, silence)) if silence else given


def brought_along(definition: Definition, asked: Mapping[str, Sequence[Test]]) -> dict[str, tuple[object, ...]]:
    """What a link may say in each hidden field that rules ask about: nothing, a value they compare with, another."""
    return {key: (None, *sorted(compared(asked[key]), key=str), "…") for key in definition.hidden if key in asked}


def silent_share(question: Question) -> float:
    return SILENT if question.may_decline or not question.required else 0.0


def sizes(question: Question) -> tuple[int, int]:
    """How many choices may be chosen at least and at most. Choosing none leaves an optional question unanswered."""
    least = question.min_choices if question.required else max(1, question.min_choices)
    return least, min(question.max_choices, len(question.choices))


def compared(asked: Iterable[Test]) -> set[object]:
    """The values that tests compare with."""
    return {
        value
        for test in asked
        if test.op != "answered"
        for value in (test.value if isinstance(test.value, tuple) else (test.value,))
    }


def _given(
    question: Question, asked: Sequence[Test], outcomes: Sequence[str], today: date | None
) -> Iterator[tuple[Told, Points, int]]:
    if question.kind == "matrix":
        yield from _row_by_row(question, asked, outcomes)
    else:
        for fact, points, count in _facts(question, asked, outcomes, today):
            yield ((question.key, fact),), points, count


def _facts(
    question: Question, asked: Sequence[Test], outcomes: Sequence[str], today: date | None
) -> Iterator[tuple[object, Points, int]]:
    nothing = (0,) * len(outcomes)
    values = compared(asked)
    if question.kind == "boolean":
        yield from ((fact, nothing, 1) for fact in (True, False))
    elif question.kind in NUMERIC or question.kind == "date":
        yield from ((each.fact, nothing, each.count) for each in ranges(question, asked, today))
    elif question.kind == "multiple":
        yield from _several(question, values, outcomes)
    elif question.choices and (question.kind in CHOOSING_ONE or question.kind == "ranking"):
        other = next((each.value for each in question.choices if each.value not in values), "")
        for choice in question.choices:
            points = tuple(choice.points.get(key, 0) for key in outcomes)
            yield (choice.value if choice.value in values else other, points, 1)
    else:  # typed or of a kind of its own: what rules compare with, and anything else
        yield from ((fact, nothing, 1) for fact in (*values, "…"))


def _several(question: Question, values: set[object], outcomes: Sequence[str]) -> Iterator[tuple[object, Points, int]]:
    """Counts the sets of choices without listing them: choice by choice, alike ones together."""
    least, most = sizes(question)
    nothing: Points = (0,) * len(outcomes)
    found: dict[tuple[int, tuple[str, ...], Points], int] = {(0, (), nothing): 1}
    other = next((each.value for each in question.choices if each.value not in values), "")
    for choice in question.choices:
        after = defaultdict(int, found)
        points = tuple(choice.points.get(key, 0) for key in outcomes)
        fact = choice.value if choice.value in values else other
        for (size, facts, total), count in found.items():
            if size < most:
                chosen = facts if fact in facts else (*facts, fact)
                together = tuple(a + b for a, b in zip(total, points, strict=True))
                after[size + 1, chosen, together] += count
        found = after
        if len(found) > MAX_WAYS:
            raise TooManyWaysError
    for (size, facts, total), count in found.items():
        if size >= least:
            yield (tuple(sorted(facts)), total, count)


def _row_by_row(
    question: Question, asked: Sequence[Test], outcomes: Sequence[str]
) -> Iterator[tuple[Told, Points, int]]:
    """A matrix: each row is placed somewhere on the scale, and gives that place's points. Where the matrix may be
    skipped, so may a row, but not all of them: that is leaving it unanswered."""
    nothing: Points = (0,) * len(outcomes)
    found: dict[tuple[Told, Points, bool], int] = {(((question.key, True),), nothing, False): 1}
    for row in question.rows:
        key = f"{question.key}.{row.value}"
        about = [test for test in asked if test.key == key]
        placings: dict[tuple[Told, Points, bool], int] = defaultdict(int)
        values = compared(about)
        other = next((each.value for each in question.choices if each.value not in values), "")
        for choice in question.choices:
            told: Told = ((key, choice.value if choice.value in values else other),) if about else ()
            placings[told, tuple(choice.points.get(each, 0) for each in outcomes), True] += 1
        if not question.required:
            placings[(), nothing, False] += 1
        after: dict[tuple[Told, Points, bool], int] = defaultdict(int)
        for (facts, total, is_placed), count in found.items():
            for (told, points, places), times in placings.items():
                together = tuple(a + b for a, b in zip(total, points, strict=True))
                after[facts + told, together, is_placed or places] += count * times
        found = after
        if len(found) > MAX_WAYS:
            raise TooManyWaysError
    yield from ((facts, points, count) for (facts, points, is_placed), count in found.items() if is_placed)


def ranges(question: Question, asked: Sequence[Test], today: date | None = None) -> tuple[Range, ...]:
    """The numbers or days in bounds, split where rules compare."""
    if question.kind == "date":
        low, high, step = _day(question.min, today), _day(question.max, today), Fraction(1)
        cuts = sorted({day for value in compared(asked) if (day := _day(value, today)) is not None})
    else:
        low, high = _bound(question.min), _bound(question.max)
        step = _step(question, low, high)
        cuts = sorted({_number(value) for value in compared(asked) if _is_number(value)})
    is_open = low is None or high is None
    start = low if low is not None else (min(cuts) if cuts else high if high is not None else Fraction(0)) - step
    stop = high if high is not None else (max(cuts) if cuts else start) + step
    if question.kind == "date":
        start, stop = max(start, Fraction(1)), min(stop, Fraction(LAST_DAY))
    if stop < start:
        return ()
    last = start + (stop - start) // step * step
    found: list[Range] = []
    for cut in cuts:
        if start <= cut <= last and ((cut - start) % step == 0 or question.step is None):
            found.append(_range(question, cut, 1))
    for before, after in pairwise((start - step, *(cut for cut in cuts if start <= cut <= last), last + step)):
        first = start + ((before - start) // step + 1) * step
        count = max(0, -((first - after) // step))
        if count:
            found.append(_range(question, first, 1 if is_open else int(count)))
    return tuple(found)


def _range(question: Question, value: Fraction, count: int) -> Range:
    if question.kind == "date":
        return Range(date.fromordinal(int(value)).isoformat(), count)
    return Range(int(value) if value.denominator == 1 else float(value), count)


def _step(question: Question, low: Fraction | None, high: Fraction | None) -> Fraction:
    if question.step is not None and question.step > 0:
        return _number(question.step)
    whole = all(bound is None or bound.denominator == 1 for bound in (low, high))
    return Fraction(1) if whole else Fraction(1, 10)


def _number(value: object) -> Fraction:
    return Fraction(str(value))


def _bound(bound: object) -> Fraction | None:
    return _number(bound) if _is_number(bound) else None


def _day(bound: object, today: date | None) -> Fraction | None:
    if bound == TODAY:
        return Fraction(today.toordinal()) if today else None
    return Fraction(date.fromisoformat(str(bound)).toordinal()) if _is_day(bound) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False
