"""How long the rest of a quiz can take at most, given what is known: the honest figure for a progress line.

Counting every question that might be asked would promise three branches to somebody who will see one. So the longest
way is found by trying the answers that matter: only questions that some later condition asks about branch, and of those
only one representative for each set of answers that no condition tells apart. What was tried is remembered by position
and the facts still asked about, so that in practice a step costs a dictionary look-up.

A quiz too entangled to try out (BUDGET, found out once for each quiz) is measured in one pass backward: what is not
answered yet counts as open, and a rule that asks about something open may hold or not, whichever takes longer. Of what
is further ahead than LOOKS_AHEAD all rules count as open, which is the same for everybody and worked out once.

Either way the figure after a step is never above the figure before it less the question's own seconds, since every real
answer behaves as one of those that were counted; that is what keeps progress from going backwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice, pairwise, product
from typing import NamedTuple

from preferences.conditions import OPEN, Condition, Decider, Test, tests

from .parts import CHOOSING_ONE, END, NUMERIC, Definition, Question

BUDGET = 3000
MAX_REMEMBERED = 5000
MAX_COMBINED = 6
LOOKS_AHEAD = 60  # questions
DONE_NOTHING = frozenset[str]()
ASKS_NOTHING = 10**9  # later than any position

_Facts = Mapping[str, object]
_Known = tuple[object, ...]
_NO_STAND_INS: tuple[_Facts, ...] = ({},)


class _Step(NamedTuple):
    """A question as it is measured: what its conditions ask about is told at these positions or later (ASKS_NOTHING
    where there is none), and its jumps lead to `targets`."""

    key: str
    seconds: int
    shows: Decider | None
    shows_from: int
    leads: tuple[tuple[Decider, int, int], ...]  # when, where to, and from where on that asks
    asks_from: int  # the least of them
    targets: tuple[int, ...]


@dataclass(slots=True)
class _Ways:
    """What the conditions of one definition ask about, and the longest ways found so far."""

    asked_from: tuple[tuple[str, ...], ...]  # by position: what conditions from there on ask about
    open_from: tuple[tuple[str, ...], ...]  # by position: what of all that is asked about is told there or later
    stand_ins: Mapping[str, tuple[_Facts, ...]]
    steps: tuple[_Step, ...]
    all_open: tuple[int, ...]  # the longest way from each question, nothing being known
    is_entangled: bool = False
    found: dict[tuple[int, frozenset[str], _Known], int] = field(default_factory=dict)


class _TooEntangledError(Exception):
    pass


def longest_seconds(definition: Definition, index: int, facts: _Facts, done: frozenset[str] = DONE_NOTHING) -> int:
    """Seconds of the longest way to the end from the question at `index`, given `facts`.

    `done`: what is answered already of the shuffle group that begins there.
    """
    ways: _Ways = definition.scratch.get("ways") or _prepare(definition)
    if ways.is_entangled:
        return _measured(definition, ways, index, facts, done)
    if len(ways.found) > MAX_REMEMBERED:
        ways.found.clear()
    return _search(definition, ways, index, facts, done, None)


def _prepare(definition: Definition) -> _Ways:
    told_at: dict[str, int] = {}
    asked_from: list[tuple[str, ...]] = [()]
    by_question: dict[str, list[Test]] = {}
    for question in reversed(definition.questions):
        for test in _tests(question):
            told_at[test.key] = definition.position.get(test.about, -1)
            by_question.setdefault(test.about, []).append(test)
        asked_from.append(tuple(sorted(told_at)))
    steps = tuple(_step(definition, question, told_at) for question in definition.questions)
    ways = _Ways(
        tuple(reversed(asked_from)),
        tuple(tuple(key for key in told_at if told_at[key] >= index) for index in range(len(asked_from))),
        {
            key: tuple(_stand_ins(definition.question(key), asked))
            for key, asked in by_question.items()
            if key in definition.position
        },
        steps,
        _all_open(steps),
    )
    links = [tuple(_brought_along(key, by_question[key])) for key in definition.hidden if key in by_question]
    budget = [BUDGET]
    try:
        for brought in product(*links):
            _search(definition, ways, 0, _together(brought), DONE_NOTHING, budget)
    except _TooEntangledError:
        ways.is_entangled = True
        ways.found.clear()
    definition.scratch["ways"] = ways
    return ways


def _step(definition: Definition, question: Question, told_at: Mapping[str, int]) -> _Step:
    def asks_from(condition: Condition | None) -> int:
        return min(told_at[test.key] for test in tests(condition)) if condition else ASKS_NOTHING

    jumps = zip(question.jumps, question.leads, strict=True)
    leads = tuple(
        (holds_for, len(definition.questions) if to == END else definition.position[to], asks_from(jump.condition))
        for jump, (holds_for, to) in jumps
    )
    shows_from = asks_from(question.show_if)
    return _Step(
        question.key,
        question.seconds,
        question.shows,
        shows_from,
        leads,
        min((shows_from, *(asks for _holds_for, _target, asks in leads))),
        tuple(target for _holds_for, target, _asks in leads),
    )


def _tests(question: Question) -> Iterator[Test]:
    if question.show_if is not None:
        yield from tests(question.show_if)
    for jump in question.jumps:
        yield from tests(jump.condition)


def _brought_along(key: str, asked: list[Test]) -> Iterator[_Facts]:
    yield {}
    yield from ({key: value} for value in sorted({*_compared(asked), "…"}, key=str))


def _stand_ins(question: Question, asked: list[Test]) -> Iterator[_Facts]:
    """One answer for each kind of answer that the tests tell apart; the first for none, which tells nothing."""
    yield {}
    if question.kind == "matrix":
        rows = sorted({test.key for test in asked if test.key != question.key})
        told_apart = [
            [{}, *({row: value} for value in _chosen(question, _compared(test for test in asked if test.key == row)))]
            for row in rows
        ]
        yield from ({question.key: True, **_together(placed)} for placed in islice(product(*told_apart), BUDGET))
    else:
        yield from ({question.key: fact} for fact in _facts(question, _compared(asked)))


def _facts(question: Question, tested: set[object]) -> Iterator[object]:
    if question.kind == "boolean":
        yield from (True, False)
    elif question.kind in CHOOSING_ONE or question.kind == "ranking":
        yield from _chosen(question, tested)
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


def _chosen(question: Question, tested: set[object]) -> Iterator[str]:
    """The choices that are tested, and one of the others."""
    yield from (value for value in question.choice_by_value if value in tested)
    yield from [value for value in question.choice_by_value if value not in tested][:1]


def _compared(asked: Iterable[Test]) -> set[object]:
    return {value for test in asked for value in (test.value if isinstance(test.value, tuple) else (test.value,))}


def _together(parts: Iterable[_Facts]) -> dict[str, object]:
    return {key: fact for part in parts for key, fact in part.items()}


def _search(
    definition: Definition, ways: _Ways, index: int, facts: _Facts, done: frozenset[str], budget: list[int] | None
) -> int:
    """Tries all stand-ins from here on. `budget`: how many may be tried; None where it is known to be few."""
    if index == len(definition.questions):
        return 0
    known = (index, done, _known(ways, index, facts))
    if (seconds := ways.found.get(known)) is not None:
        return seconds
    question = definition.questions[index]
    stand_ins = ways.stand_ins.get(question.key, _NO_STAND_INS)
    if budget is not None:
        budget[0] -= len(stand_ins)
        if budget[0] <= 0:
            raise _TooEntangledError
    if question.key in done:
        longest = _search(definition, ways, index + 1, facts, done - {question.key}, budget)
    elif question.shows is not None and question.shows(facts) is not True:
        longest = _search(definition, ways, index + 1, facts, done, budget)
    else:
        longest = 0
        for told in stand_ins:
            after = {**facts, **told} if told else facts
            target = index + 1
            for holds_for, to in question.leads:
                if holds_for(after):
                    target = len(definition.questions) if to == END else definition.position[to]
                    break
            longest = max(longest, _search(definition, ways, target, after, done, budget))
        longest += question.seconds
    ways.found[known] = longest
    return longest


def _known(ways: _Ways, index: int, facts: _Facts) -> _Known:
    return tuple(
        tuple(fact) if isinstance(fact, list) else fact for fact in (facts.get(key) for key in ways.asked_from[index])
    )


def _all_open(steps: Sequence[_Step]) -> tuple[int, ...]:
    """The longest way from each question, where every rule may hold or not."""
    longest = [0] * (len(steps) + 1)
    for place in range(len(steps) - 1, -1, -1):
        ways_on = (longest[target] for target in steps[place].targets)
        longest[place] = steps[place].seconds + max((longest[place + 1], *ways_on))
    return tuple(longest)


def _measured(definition: Definition, ways: _Ways, index: int, facts: _Facts, done: frozenset[str]) -> int:
    """The longest way by one pass backward, each rule by itself: a bound from above."""
    known: dict[str, object] = dict.fromkeys(ways.open_from[index], OPEN)
    for key in [key for key in known if key.partition(".")[0] in done] if done else ():
        del known[key]
    known.update(facts)
    # What only asks about questions from here on is open, without looking.
    is_open_from = index if not done else len(definition.questions)
    end = index + LOOKS_AHEAD
    if done and (group := definition.questions[index].shuffle_group):
        end = max(end, definition.groups[group].stop)
    end = min(end, len(definition.questions))
    longest = list(ways.all_open)
    following = longest[end]
    for place in range(end - 1, index - 1, -1):
        key, seconds, shows, shows_from, leads, asks_from, targets = ways.steps[place]
        if key in done:
            pass
        elif asks_from >= is_open_from:  # all of its rules are open: whatever takes longest
            for target in targets:
                if longest[target] > following:
                    following = longest[target]
            following += seconds
        else:
            shown = True if shows is None else None if shows_from >= is_open_from else shows(known)
            if shown is not False:
                after = 0
                for holds_for, target, asks in leads:
                    may_hold = None if asks >= is_open_from else holds_for(known)
                    if may_hold is not False and longest[target] > after:
                        after = longest[target]
                    if may_hold:
                        break
                else:
                    after = max(after, following)
                after += seconds
                if shown or after > following:
                    following = after
        longest[place] = following
    return following
