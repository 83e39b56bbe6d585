"""All walks through a quiz at once, exactly: how likely each question, rule and outcome is.

Walks that no later rule can tell apart and that have the same points are followed together, so what is counted is not
the walks (40 questions have more than there are atoms) but the situations they come to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from math import prod
from operator import add

from preferences.conditions import holds, operands

from ..flow import is_shown
from ..parts import END, Definition, Question
from .answer_space import MAX_WAYS, Points, Told, TooManyWaysError, Way, brought_along, tests_by_question, ways_of

MAX_SITUATIONS = 200_000

Facts = tuple[tuple[str, object], ...]
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

    @property
    def error(self) -> float:
        return 0.0 if self.is_exact or not self.walks else 0.5 / self.walks**0.5


def explore(
    definition: Definition, *, with_points: bool, today: date | None = None, budget: int = MAX_SITUATIONS
) -> Explored:
    """Follows every walk. Without points, only paths and rules. Raises TooManyWalksError or TooManyWaysError."""
    asked = tests_by_question(definition)
    outcomes = tuple(definition.outcome_by_key) if with_points else ()

    def ways_by_facts(question: Question) -> Mapping[Told, dict[Points, float]]:
        return _by_facts(ways_of(question, asked.get(question.key, ()), outcomes, today))

    usual = [ways_by_facts(question) for question in definition.questions]
    strict = [
        ways_by_facts(each.if_required) if each.requires else usual[i] for i, each in enumerate(definition.questions)
    ]
    needed = _needed_from(definition)
    seen = Explored()
    count = len(definition.questions)
    situations: list[dict[Facts, dict[Points, float]]] = [defaultdict(dict) for _ in range(count + 1)]
    brought = brought_along(definition, asked)
    links = prod(map(len, brought.values()))
    if links > MAX_WAYS:
        raise TooManyWaysError
    for facts in product(*brought.values()):
        known = {key: fact for key, fact in zip(brought, facts, strict=True) if fact is not None}
        _merge(situations[0], _kept(known, needed[0]), {(0,) * len(outcomes): 1 / links})
    left = budget
    for index, question in enumerate(definition.questions):
        for told, totals in situations[index].items():
            known = dict(told)
            share = sum(totals.values())
            if question.show_if is not None:
                seen.met["show_if", question.key, 0] += share
            if not is_shown(question, known):
                _merge(situations[index + 1], _kept(known, needed[index + 1]), totals)
                left -= len(totals)
                continue
            if question.show_if is not None:
                seen.held["show_if", question.key, 0] += share
            seen.asked[question.key] += share
            ways = usual[index]
            if question.requires is not None:
                seen.met["required_if", question.key, 0] += share
                if question.requires(known):
                    seen.held["required_if", question.key, 0] += share
                    ways = strict[index]
            if not ways:
                seen.stuck[question.key] += share
            for told_here, pointed in ways.items():
                after = known | dict(told_here)
                target = _jump(seen, definition, index, after, share * sum(pointed.values()))
                left -= len(totals) * len(pointed)
                if left < 0:
                    raise TooManyWalksError
                _spread(situations[target], _kept(after, needed[target]), totals, pointed)
        situations[index].clear()
    for told, totals in situations[count].items():
        _settle(seen, definition, dict(told), totals, with_points)
    return seen


def _by_facts(ways: tuple[Way, ...]) -> Mapping[Told, dict[Points, float]]:
    grouped: dict[Told, dict[Points, float]] = defaultdict(lambda: defaultdict(float))
    for way in ways:
        grouped[way.facts][way.points] += way.share
    return grouped


def _needed_from(definition: Definition) -> tuple[frozenset[str], ...]:
    """By position: what rules from there on, and outcomes, ask about."""
    needed = [frozenset(key for each in definition.outcomes if each.when for key in operands(each.when))]
    for question in reversed(definition.questions):
        rules = [jump.condition for jump in question.jumps]
        rules += [rule for rule in (question.show_if, question.required_if) if rule is not None]
        needed.append(needed[-1].union(*(operands(rule) for rule in rules)))
    return tuple(reversed(needed))


def _kept(known: Mapping[str, object], needed: frozenset[str]) -> Facts:
    return tuple((key, fact) for key, fact in known.items() if key in needed)


def _jump(seen: Explored, definition: Definition, index: int, facts: Mapping[str, object], share: float) -> int:
    """Where the walk goes on, as `flow.following`, noting which rules were met and held."""
    question = definition.questions[index]
    for number, (holds_for, to) in enumerate(question.leads):
        seen.met["jump", question.key, number] += share
        if holds_for(facts):
            seen.held["jump", question.key, number] += share
            return len(definition.questions) if to == END else definition.position[to]
    return index + 1


def _merge(situations: dict[Facts, dict[Points, float]], facts: Facts, totals: Mapping[Points, float]) -> None:
    there = situations[facts]
    for points, share in totals.items():
        there[points] = there.get(points, 0.0) + share


def _spread(
    situations: dict[Facts, dict[Points, float]],
    facts: Facts,
    totals: Mapping[Points, float],
    pointed: Mapping[Points, float],
) -> None:
    there = situations[facts]
    for more, part in pointed.items():
        has_points = any(more)
        for points, share in totals.items():
            total = tuple(map(add, points, more)) if has_points else points
            there[total] = there.get(total, 0.0) + share * part


def _settle(
    seen: Explored,
    definition: Definition,
    facts: Mapping[str, object],
    totals: Mapping[Points, float],
    with_points: bool,
) -> None:
    share = sum(totals.values())
    standing = []
    for position, outcome in enumerate(definition.outcomes):
        if outcome.when is not None:
            seen.met["when", outcome.key, 0] += share
            if holds(outcome.when, facts) is not True:
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
