"""A question as its page shows it.

What doesn't depend on the customer is made once per version and language and kept; a step only fills in the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext, ngettext
from django.utils.translation import override as language_override

from preferences.translated import pick

from ..answering import Form, typed_order
from ..answers import Answer, fact_of
from ..flow import Path, Progress, as_asked, progress
from ..order import drawn
from ..parts import Definition, Question
from ..selectors import RunState
from .art import art_url
from .look import look_url
from .piping import piped, words_from
from .tongue import tongue
from .wording import at_least_years, time_left


@dataclass(frozen=True, slots=True)
class ChoiceView:
    value: str
    label: str
    help: str
    image: str
    alt: str
    color: str
    checked: bool
    position: int


@dataclass(frozen=True, slots=True)
class RowView:
    """A line of a matrix; `chosen` is the value of the step it was given, "" for none."""

    value: str
    label: str
    chosen: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """Numbers are text here: an input's attributes are written with a point in every language."""

    key: str
    kind: str
    title: str
    help: str
    why: str
    choices: tuple[ChoiceView, ...]
    value: str
    unit: str
    min: str | None
    max: str | None
    step: str
    low: str
    high: str
    min_choices: int
    max_choices: int
    required: bool
    may_decline: bool
    is_declined: bool
    consent: str
    consent_given: bool
    max_length: int
    rows: tuple[RowView, ...]
    by_year: bool


@dataclass(frozen=True, slots=True)
class ProgressView:
    percent: int
    phrase: str


@dataclass(frozen=True, slots=True)
class QuizRef:
    slug: str
    title: str
    look_url: str
    tongue: str


def quiz_ref(definition: Definition, language: str) -> QuizRef:
    made = definition.scratch.get(("ref", language))
    if made is None:
        made = definition.scratch[("ref", language)] = QuizRef(
            definition.slug,
            pick(definition.title, language),
            look_url(definition.look),
            tongue(definition, language),
        )
    return made


def progress_view(definition: Definition, path: Path) -> ProgressView:
    now: Progress = progress(definition, path)
    return ProgressView(now.percent, time_left(now.seconds_left))


def for_run(view: QuestionView, run: RunState, language: str, *, keeps_order: bool) -> QuestionView:
    """The question as this run is asked it: with answers quoted, required or not, and its choices in the run's order.

    `keeps_order`: a ranking that somebody has put in order already.
    """
    question = run.definition.question(view.key)
    if question.is_same_for_all:
        return view
    counting = {key: run.answers[key] for key in run.path.keys}
    words = words_from(run.definition, counting, language)
    choices = view.choices
    if question.shuffle and not (question.kind == "ranking" and keeps_order):
        choices = _shuffled(question, choices, f"{run.seed}:{view.key}")
    return replace(
        view,
        title=piped(view.title, words),
        help=piped(view.help, words),
        required=as_asked(question, run.path.facts).required,
        choices=choices,
    )


def _shuffled(question: Question, choices: tuple[ChoiceView, ...], seed: str) -> tuple[ChoiceView, ...]:
    """In an order of the run's own; those that stay last do, in their order."""
    last = {choice.value for choice in question.choices if choice.is_last}
    moving = drawn((each for each in choices if each.value not in last), lambda each: each.value, seed)
    return (*moving, *(each for each in choices if each.value in last))


def feedback_after(definition: Definition, key: str | None, answer: Answer | None, language: str) -> str:
    """What the chosen choices of the question before have to say; "" for nothing."""
    if key is None or answer is None or answer.state != "given":
        return ""
    question = definition.question(key)
    value = fact_of(question.kind, answer.value)
    chosen = [question.choice_by_value.get(str(each)) for each in (value if isinstance(value, list) else [value])]
    return " ".join(pick(choice.feedback, language) for choice in chosen if choice and choice.feedback)


def question_view(definition: Definition, key: str, answer: Answer | None, language: str, today: str) -> QuestionView:
    """The question with the customer's answer, if there is one, filled in."""
    blank = _blank(definition, key, language, today)
    if answer is None:
        return blank
    if answer.state != "given":
        return replace(blank, is_declined=answer.state == "declined")
    value = answer.value
    if isinstance(value, list):
        return _chosen(definition.question(key), blank, value)
    if isinstance(value, dict):
        return _placed(blank, value)
    if blank.by_year:
        return blank  # that they are old enough was kept, not the year
    if isinstance(value, bool) and not blank.choices:
        return replace(blank, value="yes" if value else "no", consent_given=bool(blank.consent))
    if blank.choices:
        text = "yes" if value is True else str(value)
        return replace(_chosen(definition.question(key), blank, [text]), value=text)
    return replace(blank, value=str(value), consent_given=bool(blank.consent))


def typed_view(definition: Definition, key: str, form: Form, language: str, today: str) -> QuestionView:
    """The question with what was just typed, right or wrong, so that nothing is lost."""
    blank = _blank(definition, key, language, today)
    typed = [text[: blank.max_length * 4 or 2000] for text in form.get("answer", ())]
    if blank.rows:
        placed = {row.value: next(iter(form.get(f"answer-{row.value}", ())), "") for row in blank.rows}
        return replace(_placed(blank, placed), consent_given=bool(any(form.get("consent", ()))))
    view = _chosen(definition.question(key), blank, typed) if blank.choices else blank
    return replace(view, value=typed[0] if typed else "", consent_given=bool(any(form.get("consent", ()))))


def _placed(blank: QuestionView, placed: Mapping[str, str]) -> QuestionView:
    rows = tuple(replace(row, chosen=placed.get(row.value, "")) for row in blank.rows)
    return replace(blank, rows=rows, consent_given=bool(blank.consent))


def _chosen(question: Question, blank: QuestionView, values: Sequence[str]) -> QuestionView:
    if question.kind == "ranking":
        by_value = {choice.value: choice for choice in blank.choices}
        order = tuple(
            replace(by_value[value], position=place) for place, value in enumerate(typed_order(question, values), 1)
        )
        return replace(blank, choices=order, consent_given=bool(blank.consent))
    choices = tuple(replace(choice, checked=True) if choice.value in values else choice for choice in blank.choices)
    return replace(blank, choices=choices, consent_given=bool(blank.consent))


def _blank(definition: Definition, key: str, language: str, today: str) -> QuestionView:
    kept = definition.scratch.get(("question", key, language))
    if kept is None:
        kept = definition.scratch[("question", key, language)] = _make(definition.question(key), language)
    if "today" in (kept.min, kept.max):
        kept = replace(
            kept, min=today if kept.min == "today" else kept.min, max=today if kept.max == "today" else kept.max
        )
    return kept


def _make(question: Question, language: str) -> QuestionView:
    return QuestionView(
        key=question.key,
        kind=question.kind,
        title=pick(question.title, language),
        help=pick(question.help, language),
        why=pick(question.why, language),
        choices=_choices(question, language),
        value="",
        unit=pick(question.unit, language),
        min=None if question.min is None else str(question.min),
        max=None if question.max is None else str(question.max),
        step="" if question.step is None else str(question.step),
        low=pick(question.low, language),
        high=pick(question.high, language),
        min_choices=question.min_choices,
        max_choices=question.max_choices,
        required=question.required,
        may_decline=question.may_decline,
        is_declined=False,
        consent=pick(question.consent, language),
        consent_given=False,
        max_length=question.max_length,
        by_year=question.by_year,
        rows=tuple(RowView(row.value, pick(row.label, language), "") for row in question.rows),
    )


def _choices(question: Question, language: str) -> tuple[ChoiceView, ...]:
    """The author's choices, or those that a scale or an age gate has by itself."""
    if question.choices:
        return tuple(
            ChoiceView(
                value=choice.value,
                label=pick(choice.label, language),
                help=pick(choice.help, language),
                image=art_url(choice.image),
                alt=pick(choice.alt, language),
                color=choice.color,
                checked=False,
                position=position,
            )
            for position, choice in enumerate(question.choices, 1)
        )
    with language_override(language):
        labels = _labels(question)
    return tuple(
        ChoiceView(value, label, "", "", "", "", False, place) for place, (value, label) in enumerate(labels, 1)
    )


def _labels(question: Question) -> list[tuple[str, str]]:
    if question.kind == "rating":
        stars = range(1, int(question.max or 0) + 1)
        return [(str(n), ngettext("%(count)d star", "%(count)d stars", n) % {"count": n}) for n in stars]
    if question.kind == "nps":
        return [(str(n), str(n)) for n in range(11)]
    if question.kind == "age_gate" and not question.by_year:
        return [("yes", at_least_years(question)), ("no", gettext("I am younger than %(age)s") % {"age": question.min})]
    return []
