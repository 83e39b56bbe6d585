"""Random walks through a quiz by the rules that a run follows, for a quiz too entangled to count out.

Seeded, so that the same quiz always gets the same figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from preferences.conditions import Test, decider

from ..answers import Answer, Answers, AnswerValue, fact_of
from ..flow import Path, as_asked, following, is_shown, walk_answering
from ..parts import NUMERIC, Definition, Question
from .answer_space import Range, brought_along, compared, ranges, silent_share, sizes, tests_by_question
from .walks import Explored

SEED = 20
MOST_STEPS = 80_000
MOST_WALKS, FEWEST_WALKS = 20_000, 1_000
_MASK = (1 << 64) - 1


class Dice:
    """SplitMix64: even enough for shares, and the same on every machine."""

    def __init__(self, seed: int = SEED) -> None:
        self.state = seed

    def below(self, count: int) -> int:
        self.state = (self.state + 0x9E3779B97F4A7C15) & _MASK
        mixed = ((self.state ^ (self.state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return (mixed ^ (mixed >> 31)) * count >> 64

    def chance(self, share: float) -> bool:
        return share > 0 and self.below(1 << 30) < share * (1 << 30)


def simulate(
    definition: Definition, *, today: date | None = None, walks: int | None = None, seed: int = SEED
) -> Explored:
    """Shares from random walks: any answer is as likely as any other, as in `answer_space`."""
    if walks is None:
        walks = max(FEWEST_WALKS, min(MOST_WALKS, MOST_STEPS // max(1, len(definition.questions))))
    seen = Explored(is_exact=False, walks=walks)
    share = 1 / walks
    rules = Rules(definition)
    for answers, _hidden, path in islice(random_walks(definition, today=today, seed=seed), walks):
        _note_path(seen, definition, path.facts, rules, share)
        best = _best(definition, path, answers, rules)
        seen.shares[best[0]] += share
        if len(best) > 1:
            seen.ties += share
            seen.tied[best] += share
    return seen


def random_walks(
    definition: Definition, *, today: date | None = None, seed: int = SEED
) -> Iterator[tuple[Answers, Mapping[str, str], Path]]:
    """One after the other, without end: what was answered, what the link brought along, and the way it led."""
    asked = tests_by_question(definition)
    drawing = Drawing(definition, asked, today, Dice(seed))
    brought = brought_along(definition, asked)
    while True:
        answers: dict[str, Answer] = {}
        link = {key: values[drawing.dice.below(len(values))] for key, values in brought.items()}
        hidden = {key: str(value) for key, value in link.items() if value is not None}

        def answer(question: Question, facts: Mapping[str, object], told: dict[str, Answer] = answers) -> Answer:
            told[question.key] = drawing.answer(as_asked(question, facts))
            return told[question.key]

        yield answers, hidden, walk_answering(definition, answer, hidden)


class Drawing:
    """Draws answers, any as likely as any other; what there is to draw from is found out once."""

    def __init__(
        self, definition: Definition, asked: Mapping[str, Sequence[Test]], today: date | None, dice: Dice
    ) -> None:
        self.dice = dice
        self.spans = {
            question.key: ranges(question, asked.get(question.key, ()), today)
            for question in definition.questions
            if question.kind in NUMERIC or question.kind == "date"
        }
        self.values: dict[str, list[Any]] = {
            question.key: [choice.value for choice in question.choices] or [*compared(asked.get(question.key, ())), "…"]
            for question in definition.questions
            if question.key not in self.spans
        }

    def answer(self, question: Question) -> Answer:
        if (question.may_decline or not question.required) and self.dice.chance(silent_share(question)):
            return Answer("declined" if question.may_decline else "skipped")
        return Answer("given", self._value(question))

    def _value(self, question: Question) -> AnswerValue:
        dice = self.dice
        if question.key in self.spans:
            return _within(self.spans[question.key], dice)
        if question.kind == "boolean":
            return bool(dice.below(2))
        values = self.values[question.key]
        drawn: AnswerValue
        match question.kind:
            case "multiple":
                drawn = _some(question, values, dice)
            case "matrix":
                drawn = _placed(question, values, dice)
            case "ranking":
                first = dice.below(len(values))
                drawn = [values[first], *values[:first], *values[first + 1 :]]  # only the first place counts
            case _:
                drawn = values[dice.below(len(values))]
        return drawn


def _some(question: Question, values: list[str], dice: Dice) -> list[str]:
    """A set of choices, each allowed set as likely as any other: first how many, then which."""
    least, most = sizes(question)
    counts = [1]
    for size in range(1, len(values) + 1):
        counts.append(counts[-1] * (len(values) - size + 1) // size)
    drawn = dice.below(sum(counts[least : most + 1]))
    size = least
    while drawn >= counts[size]:
        drawn -= counts[size]
        size += 1
    chosen: set[str] = set()
    while len(chosen) < size:
        chosen.add(values[dice.below(len(values))])
    return [value for value in values if value in chosen]


def _placed(question: Question, values: list[str], dice: Dice) -> dict[str, str]:
    """A step for every row; where the matrix may be skipped, so may a row, but not all of them."""
    left_out = 0 if question.required else 1
    placed: dict[str, str] = {}
    while not placed:
        drawn = {row.value: dice.below(len(values) + left_out) for row in question.rows}
        placed = {row: values[number] for row, number in drawn.items() if number < len(values)}
    return placed


def _within(spans: tuple[Range, ...], dice: Dice) -> AnswerValue:
    if not spans:
        return None
    drawn = dice.below(sum(span.count for span in spans))
    for span in spans:
        drawn -= span.count
        if drawn < 0:
            return span.fact
    return None


def _best(definition: Definition, path: Path, answers: Answers, rules: Rules) -> tuple[str, ...]:
    """The outcomes with most points of those whose condition holds, in order; the first is what `decide` gives."""
    given = [rules.nothing]
    for key in path.keys:
        points = rules.points.get(key)
        if points is None:
            continue
        value = answers[key].value
        if isinstance(value, str):
            given.append(points.get(value, rules.nothing))
            continue
        chosen = list(value.values()) if isinstance(value, dict) else fact_of(definition.question(key).kind, value)
        for each in chosen if isinstance(chosen, list) else (chosen,):
            if isinstance(each, str):
                given.append(points.get(each, rules.nothing))
    totals = {
        outcome.key: sum(column)
        for outcome, column in zip(definition.outcomes, zip(*given, strict=True), strict=True)
        if outcome.when is None or rules.whens[outcome.key](path.facts)
    }
    most = max(totals.values())
    return tuple(key for key, total in totals.items() if total == most)


class Rules:
    """What is looked up on every walk: the conditions of outcomes, the points of choices in the order of outcomes."""

    def __init__(self, definition: Definition) -> None:
        self.whens = {each.key: decider(each.when) for each in definition.outcomes if each.when is not None}
        self.nothing = (0.0,) * len(definition.outcomes)
        self.points = {
            question.key: {
                choice.value: tuple(choice.points.get(outcome.key, 0) for outcome in definition.outcomes)
                for choice in question.choices
            }
            for question in definition.questions
            if any(choice.points for choice in question.choices)
        }
        self.plain = [
            question.show_if is None and question.required_if is None and not question.jumps
            for question in definition.questions
        ]


def _note_path(seen: Explored, definition: Definition, facts: Mapping[str, object], rules: Rules, share: float) -> None:
    """Which rules were met and held. A rule asks about what was told before it, so what is known in the end will do."""
    index = 0
    while index < len(definition.questions):
        question = definition.questions[index]
        if rules.plain[index]:
            seen.asked[question.key] += share
            index += 1
            continue
        shown = is_shown(question, facts)
        if question.show_if is not None:
            seen.met["show_if", question.key, 0] += share
            seen.held["show_if", question.key, 0] += share * shown
        if not shown:
            index += 1
            continue
        seen.asked[question.key] += share
        if question.requires is not None:
            seen.met["required_if", question.key, 0] += share
            seen.held["required_if", question.key, 0] += share * (question.requires(facts) is True)
        for number, (holds_for, _to) in enumerate(question.leads):
            is_true = holds_for(facts) is True
            seen.met["jump", question.key, number] += share
            seen.held["jump", question.key, number] += share * is_true
            if is_true:
                break
        index = following(definition, question, index, facts)
    for outcome in definition.outcomes:
        if outcome.when is not None:
            seen.met["when", outcome.key, 0] += share
            seen.held["when", outcome.key, 0] += share * (rules.whens[outcome.key](facts) is True)
