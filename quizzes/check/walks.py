"""All walks through a quiz at once, exactly: how likely each question, rule and outcome is.

Walks that no later rule can tell apart and that have the same points are followed together, so what is counted is not
the walks (40 questions have more than there are atoms) but the situations they come to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from math import prod
from operator import add

from preferences.conditions import Test

from ..parts import END, Definition, Jump, Question
from .answer_space import MAX_WAYS, Points, TooManyWaysError, brought_along, tests_by_question, ways_of
from .memory import Judge, Known, Memory, told_by

MOST_EFFORT = 600_000  # in additions of points, of which a machine of 2024 does a million or two a second
PER_SITUATION = 3  # what looking at a situation, or at a way on from it, takes beside them

Rule = tuple[str, str, int]  # "show_if" | "required_if" | "jump" | "when", the question's or outcome's key, which jump


class TooManyWalksError(Exception):
    """More situations than worth following."""


@dataclass(slots=True)
class Explored:
    """Shares of all walks. Where `is_exact` is False, they are estimated from `walks` random ones, and `error` is the
    standard error of a share."""

    asked: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    met: dict[Rule, float] = field(default_factory=lambda: defaultdict(float))
    held: dict[Rule, float] = field(default_factory=lambda: defaultdict(float))
    stuck: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    shares: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    ties: float = 0.0
    tied: dict[tuple[str, ...], float] = field(
        default_factory=lambda: defaultdict(float)
    )  # the outcomes that tie, the winner first
    is_exact: bool = True
    walks: int = 0
    effort: int = 0  # what counting it out took of the budget

    @property
    def error(self) -> float:
        return 0.0 if self.is_exact or not self.walks else 0.5 / self.walks**0.5


def explore(
    definition: Definition, *, with_points: bool, today: date | None = None, budget: int = MOST_EFFORT
) -> Explored:
    """Follows every walk. Without points, only paths and rules. Raises TooManyWalksError or TooManyWaysError."""
    asked = tests_by_question(definition)
    outcomes = tuple(definition.outcome_by_key) if with_points else ()
    usual, strict = _ways(definition, asked, outcomes, today)
    brought = brought_along(definition, asked)
    memory = Memory(definition, tuple(brought))
    seen = Explored()
    count = len(definition.questions)
    situations: list[dict[Known, dict[Points, float]]] = [defaultdict(dict) for _ in range(count + 1)]
    links = prod(map(len, brought.values()))
    if links > MAX_WAYS:
        raise TooManyWaysError
    begin = memory.at_the_start()
    for facts in product(*brought.values()):
        _merge(situations[0], begin(facts), {(0,) * len(outcomes): 1 / links})
    left = budget
    for index, question in enumerate(definition.questions):
        shows = None if question.show_if is None else memory.judge(index, question.show_if)
        requires = None if question.required_if is None else memory.judge(index, question.required_if)
        jumps = [
            (number, memory.judge(index, jump.condition, is_told=True), _target(definition, jump))
            for number, jump in enumerate(question.jumps)
        ]
        past = memory.onward(index, index + 1, is_told=False)
        leads = {target: memory.onward(index, target) for target in (index + 1, *(each[2] for each in jumps))}
        for state, totals in situations[index].items():
            left -= PER_SITUATION
            share = sum(totals.values())
            if shows is not None:
                seen.met["show_if", question.key, 0] += share
                if not shows(state):
                    _merge(situations[index + 1], past(state), totals)
                    left -= len(totals)
                    continue
                seen.held["show_if", question.key, 0] += share
            seen.asked[question.key] += share
            ways = usual[index]
            if requires is not None:
                seen.met["required_if", question.key, 0] += share
                if requires(state):
                    seen.held["required_if", question.key, 0] += share
                    ways = strict[index]
            if not ways:
                seen.stuck[question.key] += share
            for told, pointed in ways.items():
                after, target = state + told, index + 1
                for number, holds_for, to in jumps:
                    part = share * sum(pointed.values())
                    seen.met["jump", question.key, number] += part
                    if holds_for(after):
                        seen.held["jump", question.key, number] += part
                        target = to
                        break
                left -= PER_SITUATION + len(totals) * len(pointed)
                if left < 0:
                    raise TooManyWalksError
                _spread(situations[target], leads[target](after), totals, pointed)
        situations[index].clear()
    whens = [None if each.when is None else memory.judge(count, each.when) for each in definition.outcomes]
    for state, totals in situations[count].items():
        _settle(seen, definition, state, totals, whens, with_points=with_points)
    seen.effort = budget - left
    return seen


_Ways = list[Mapping[Known, dict[Points, float]]]


def _ways(
    definition: Definition, asked: Mapping[str, Sequence[Test]], outcomes: Sequence[str], today: date | None
) -> tuple[_Ways, _Ways]:
    """For each question the ways to answer it, and those where it is required: by the facts told, as `told_by`."""

    def of(question: Question) -> Mapping[Known, dict[Points, float]]:
        own = told_by(question)
        grouped: dict[Known, dict[Points, float]] = defaultdict(lambda: defaultdict(float))
        for way in ways_of(question, asked.get(question.key, ()), outcomes, today):
            facts = dict(way.facts)
            grouped[tuple(facts.get(key) for key in own)][way.points] += way.share
        return grouped

    usual = [of(question) for question in definition.questions]
    strict = [of(each.if_required) if each.requires else usual[i] for i, each in enumerate(definition.questions)]
    return usual, strict


def _target(definition: Definition, jump: Jump) -> int:
    return len(definition.questions) if jump.to == END else definition.position[jump.to]


def _merge(situations: dict[Known, dict[Points, float]], state: Known, totals: Mapping[Points, float]) -> None:
    there = situations[state]
    for points, share in totals.items():
        there[points] = there.get(points, 0.0) + share


def _spread(
    situations: dict[Known, dict[Points, float]],
    state: Known,
    totals: Mapping[Points, float],
    pointed: Mapping[Points, float],
) -> None:
    there = situations[state]
    for more, part in pointed.items():
        has_points = any(more)
        for points, share in totals.items():
            total = tuple(map(add, points, more)) if has_points else points
            there[total] = there.get(total, 0.0) + share * part


def _settle(
    seen: Explored,
    definition: Definition,
    state: Known,
    totals: Mapping[Points, float],
    whens: Sequence[Judge | None],
    *,
    with_points: bool,
) -> None:
    share = sum(totals.values())
    standing = []
    for position, outcome in enumerate(definition.outcomes):
        holds_for = whens[position]
        if holds_for is not None:
            seen.met["when", outcome.key, 0] += share
            if not holds_for(state):
                continue
            seen.held["when", outcome.key, 0] += share
        standing.append(position)
    if not with_points or not standing:
        return
    for points, part in totals.items():
        settle(seen, definition, [(points[position], position) for position in standing], part)


def settle(seen: Explored, definition: Definition, standing: list[tuple[float, int]], share: float) -> None:
    """The outcome with most points wins, of several the earlier. `standing` has points and position of each."""
    most = max(points for points, _position in standing)
    best = tuple(definition.outcomes[position].key for points, position in standing if points == most)
    seen.shares[best[0]] += share
    if len(best) > 1:
        seen.ties += share
        seen.tied[best] += share
