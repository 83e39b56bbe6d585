"""Findings on the ways through a quiz: questions nobody is asked, rules that decide nothing, values nobody can give."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from preferences.conditions import Condition, Test, holds, tests

from ..parts import NUMERIC, Definition, Question
from .answer_space import ranges
from .findings import Finding, Phrase, _, finding
from .walks import Explored, Rule

NEARLY = 1e-9


def findings_on_ways(definition: Definition, paths: Explored, today: date | None) -> Iterator[Finding]:
    for question in definition.questions:
        place = f"questions/{question.key}"
        if paths.stuck[question.key]:
            yield finding("dead_end", place, why=Phrase(_("no answer fits its bounds, and it can't be skipped")))
        if not paths.asked[question.key]:
            yield _unasked(question, paths, place)
        else:
            yield from _idle_rules(question, paths, place)
    for outcome in definition.outcomes:
        if outcome.when is not None and _always(paths, ("when", outcome.key, 0)):
            yield finding("always_true", f"outcomes/{outcome.key}/when")
    for place, condition in _rules(definition):
        yield from _impossible(definition, place, condition, today)


def _unasked(question: Question, paths: Explored, place: str) -> Finding:
    if not paths.is_exact:
        return finding("seldom_asked", place, walks=paths.walks)
    is_met = paths.met["show_if", question.key, 0] > 0
    if question.show_if and is_met:
        why = Phrase(_("its condition never holds"))
    else:
        why = Phrase(_("every way jumps over it or ends before"))
    return finding("unreachable_question", place, why=why)


def _idle_rules(question: Question, paths: Explored, place: str) -> Iterator[Finding]:
    if not paths.is_exact:
        return
    if question.show_if is not None and _always(paths, ("show_if", question.key, 0)):
        yield finding("always_true", f"{place}/show_if")
    if question.required_if is not None:
        if not paths.held["required_if", question.key, 0]:
            yield finding("never_true", f"{place}/required_if", why="")
        elif _always(paths, ("required_if", question.key, 0)):
            yield finding("always_true", f"{place}/required_if")
    for number in range(len(question.jumps)):
        rule = ("jump", question.key, number)
        here = f"{place}/jumps/{number}/if"
        if not paths.held[rule]:
            why = "" if paths.met[rule] else Phrase(_(": an earlier one holds for everybody"))
            yield finding("never_true", here, why=why)
        elif _always(paths, rule):
            yield finding("always_true", here)


def _always(paths: Explored, rule: Rule) -> bool:
    return paths.is_exact and paths.met[rule] > 0 and paths.held[rule] >= paths.met[rule] * (1 - NEARLY)


def _rules(definition: Definition) -> Iterator[tuple[str, Condition]]:
    for question in definition.questions:
        if question.show_if is not None:
            yield f"questions/{question.key}/show_if", question.show_if
        if question.required_if is not None:
            yield f"questions/{question.key}/required_if", question.required_if
        for number, jump in enumerate(question.jumps):
            yield f"questions/{question.key}/jumps/{number}/if", jump.condition
    for outcome in definition.outcomes:
        if outcome.when is not None:
            yield f"outcomes/{outcome.key}/when", outcome.when


def _impossible(definition: Definition, place: str, condition: Condition, today: date | None) -> Iterator[Finding]:
    for test in tests(condition):
        question = definition.questions[definition.position[test.key]] if test.key in definition.position else None
        if question is None or test.op == "answered" or not (question.kind in NUMERIC or question.kind == "date"):
            continue
        spans = ranges(question, [test], today)
        for value in test.value if isinstance(test.value, tuple) else (test.value,):
            op = "is" if test.op in ("is", "is_not", "in", "not_in") else test.op
            single = Test(test.of, test.key, op, value)
            if spans and not any(holds(single, {test.key: span.fact}) for span in spans):
                why = _taken(question)
                yield finding("impossible_value", place, value=str(value), question=test.key, why=why)


def _taken(question: Question) -> Phrase:
    low, high = question.min, question.max
    step = Phrase(_(" in steps of {step}"), {"step": f"{question.step:g}"}) if question.step else ""
    words = {"low": str(low), "high": str(high), "step": step}
    if low is not None and high is not None:
        return Phrase(_("it takes {low} to {high}{step}"), words)
    return Phrase(_("it takes at least {low}{step}") if low is not None else _("it takes at most {high}{step}"), words)
