"""The result: the outcome in words that quote the customer, its reasons, what to do, and change over time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from preferences.translated import pick
from preferences.trends import TrendView, trend
from preferences.wording import leading

from ..outcome import decide
from ..parts import NUMERIC, QUOTE, Outcome, Question
from ..selectors import RunState
from .art import art_url
from .piping import title_in_words
from .wording import answer_in_brief, answer_in_words


@dataclass(frozen=True, slots=True)
class StepView:
    title: str
    text: str
    when_to_use: str
    product: str


@dataclass(frozen=True, slots=True)
class OutcomeView:
    key: str
    title: str
    summary: str
    art: str
    art_alt: str
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True)
class ReasonView:
    """`lead` is the question as it reads before its answer; `in_brief` the answer as a reason quotes it."""

    key: str
    question: str
    lead: str
    answer: str
    in_brief: str
    change_url: str


def outcome_of(run: RunState) -> tuple[Outcome, tuple[str, ...]]:
    """The outcome and the questions that are its reasons.

    A finished run some of whose answers have been taken back or have gone after their time keeps the outcome it had.
    """
    if run.path.next_key is not None and run.outcome_key:
        return run.definition.outcome_by_key[run.outcome_key], ()
    decision = decide(run.definition, run.path, run.answers)
    return decision.outcome, decision.reasons


def answers_that_count(run: RunState) -> tuple[str, ...]:
    """The questions on the path; where answers have gone since, those that are left of it."""
    if run.path.next_key is None:
        return run.path.keys
    return tuple(
        each.key for each in run.definition.questions if each.key in run.answers and each.key not in run.marked
    )


def outcome_view(run: RunState, outcome: Outcome, language: str) -> OutcomeView:
    return OutcomeView(
        key=outcome.key,
        title=quoted(pick(outcome.title, language), run, language),
        summary=quoted(pick(outcome.summary, language), run, language),
        art=art_url(outcome.art),
        art_alt=pick(outcome.art_alt, language),
        steps=tuple(
            StepView(
                quoted(pick(step.title, language), run, language),
                quoted(pick(step.text, language), run, language),
                pick(step.when_to_use, language),
                step.product,
            )
            for step in outcome.steps
        ),
    )


def quoted(text: str, run: RunState, language: str) -> str:
    """The text with {question_key} replaced by what was answered there, in words."""

    counting = answers_that_count(run)

    def words_for(match: re.Match[str]) -> str:
        key = match.group(1)
        question = next((each for each in run.definition.questions if each.key == key), None)
        answer = run.answers.get(key)
        if question is None:
            return match.group(0)
        if answer is None or answer.state != "given" or key not in counting:
            if match.group(2):
                return match.group(2)
            # Taken back or gone after its time: the sentence has to do without it.
            words = gettext("your companion") if question.names_profile else gettext("what you told us")
            return words if match.start() else words[:1].upper() + words[1:]
        return answer_in_words(question, answer, language)

    return QUOTE.sub(words_for, text)


def reason_views(run: RunState, keys: Sequence[str], language: str) -> list[ReasonView]:
    """Each answer with the link that changes it. A section is none."""
    asked = [run.definition.question(key) for key in keys if key in run.answers]
    return [_reason(run, question, language) for question in asked if question.kind != "section"]


def trend_view(question: Question, points: list[tuple[datetime, object]], language: str) -> TrendView | None:
    """How a number changed; None before there are two values."""
    numbers = [(at, float(value)) for at, value in points if isinstance(value, int | float) and value is not True]
    if question.kind not in NUMERIC:
        return None
    return trend(pick(question.title, language), pick(question.unit, language), numbers)


def _reason(run: RunState, question: Question, language: str) -> ReasonView:
    title = title_in_words(run.definition, question, run.answers, language)
    answer = run.answers[question.key]
    words = answer_in_words(question, answer, language)
    if question.kind == "boolean":
        words = words[:1].upper() + words[1:]
    return ReasonView(
        key=question.key,
        question=title,
        lead=leading(title),
        answer=words,
        in_brief=answer_in_brief(question, answer, language) or words,
        change_url=reverse("quizzes:question", args=[run.definition.slug, run.id, question.key]),
    )
