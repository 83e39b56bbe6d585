"""Where a draft refers to a question: its rules, its outcomes, and texts that quote the answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...models import Outcome, OutcomeStep, Question, Quiz, Rule

_QUOTING = {Question: ("title", "help"), Outcome: ("title", "summary"), OutcomeStep: ("title", "text")}
Change = Callable[[dict[str, Any]], dict[str, Any]]


def rules_about(quiz: Quiz, key: str, *, value: str = "", row: str = "") -> int:
    """How many rules ask about this question, this value of it, or this row; jumps to a question count for it too."""
    wanted = {f"{key}.{row}"} if row else {key} if value else _with_rows(quiz, key)
    count = 0
    for each in _conditions(quiz):
        count += any(
            test.get("question") in wanted and (not value or value in _listed(test.get("value")))
            for test in _tests(each)
        )
    if not value and not row:
        count += Rule.objects.filter(question__quiz=quiz, to=key).exclude(question__key=key).count()
    return count


def rename_question(*, quiz: Quiz, question: Question, was: str) -> None:
    """Everything that refers to the question by the key it had says the one it has."""
    to = question.key
    _rewrite(quiz, lambda test: test | {"question": _renamed(test.get("question"), was, to)})
    Rule.objects.filter(question__quiz=quiz, to=was).update(to=to)
    quote = re.compile(r"\{" + re.escape(was) + r"(?=[|}])")
    for model, names in _QUOTING.items():
        of_quiz = {"outcome__quiz" if model is OutcomeStep else "quiz": quiz}
        for each in model._default_manager.filter(**of_quiz):
            texts = {name: _quoting(getattr(each, name), quote, to) for name in names}
            changed = {name: new for name, new in texts.items() if new != getattr(each, name)}
            if changed:
                model._default_manager.filter(pk=each.pk).update(**changed)


def rename_value(*, quiz: Quiz, question: Question, value: str, to: str) -> None:
    """In rules; of a matrix the scale is what its rows are compared with."""

    def change(test: dict[str, Any]) -> dict[str, Any]:
        if str(test.get("question", "")).partition(".")[0] != question.key:
            return test
        sent = test.get("value")
        listed = isinstance(sent, list)
        values = [to if each == value else each for each in _listed(sent)]
        return test | {"value": values if listed else values[0]} if values else test

    _rewrite(quiz, change)


def rename_row(*, quiz: Quiz, question: Question, value: str, to: str) -> None:
    was = f"{question.key}.{value}"
    _rewrite(
        quiz,
        lambda test: test | {"question": f"{question.key}.{to}"} if test.get("question") == was else test,
    )


def _rewrite(quiz: Quiz, change: Change) -> None:
    """Changes every test of every condition of the quiz."""
    rows: Iterator[tuple[Any, str]] = (
        (each, name)
        for each, names in (
            *((question, ("show_if", "required_if")) for question in quiz.questions.all()),
            *((rule, ("condition",)) for rule in Rule.objects.filter(question__quiz=quiz)),
            *((outcome, ("when",)) for outcome in quiz.outcomes.all()),
        )
        for name in names
    )
    for each, name in rows:
        old = getattr(each, name)
        new = _changed(old, change)
        if new != old:
            type(each)._default_manager.filter(pk=each.pk).update(**{name: new})


def _changed(raw: Any, change: Change) -> Any:
    if isinstance(raw, list):
        return [_changed(each, change) for each in raw]
    if not isinstance(raw, dict):
        return raw
    if "question" in raw:
        return change(raw)
    return {name: _changed(each, change) for name, each in raw.items()}


def _conditions(quiz: Quiz) -> Iterator[Any]:
    for question in quiz.questions.all():
        yield question.show_if
        yield question.required_if
    yield from Rule.objects.filter(question__quiz=quiz).values_list("condition", flat=True)
    for outcome in quiz.outcomes.all():
        yield outcome.when


def _tests(raw: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(raw, list):
        for each in raw:
            yield from _tests(each)
    elif isinstance(raw, dict):
        if "question" in raw:
            yield raw
        for each in raw.values():
            if isinstance(each, dict | list):
                yield from _tests(each)


def _with_rows(quiz: Quiz, key: str) -> set[str]:
    question = quiz.questions.filter(key=key).first()
    return {key, *(f"{key}.{row.get('value')}" for row in (question.rows if question else ()))}


def _renamed(operand: Any, was: str, to: str) -> Any:
    key, dot, row = operand.partition(".") if isinstance(operand, str) else ("", "", "")
    return f"{to}{dot}{row}" if key == was else operand


def _quoting(texts: Any, quote: re.Pattern[str], to: str) -> Any:
    return {code: quote.sub("{" + to, text) for code, text in texts.items()} if isinstance(texts, dict) else texts


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
