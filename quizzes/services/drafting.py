"""Between the JSON definition and the draft rows that marketers edit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from preferences.models import Attribute, Purpose

from ..errors import NotPublishableError
from ..models import Choice, Outcome, OutcomeStep, Question, Quiz, QuizPurpose, Rule
from ..problems import Problem

_QUIZ_TEXTS = {"title": "title", "tagline": "tagline", "cover_alt": "cover_alt"}
_QUESTION_TEXTS = ("title", "help", "why", "consent", "unit", "low", "high")


@transaction.atomic
def import_definition(raw: Mapping[str, Any]) -> Quiz:
    """Writes a definition as draft rows, over those of the quiz with its slug if there is one.

    It need not be publishable yet, but it names only attributes and purposes that exist; else NotPublishableError.
    """
    exchange, start = raw.get("exchange") or {}, raw.get("start") or {}
    quiz, _created = Quiz.objects.update_or_create(
        slug=raw["slug"],
        defaults={
            **{field: raw.get(name) or {} for name, field in _QUIZ_TEXTS.items()},
            "profile_kind": raw.get("profile") or "self",
            "exchange_get": exchange.get("get") or {},
            "exchange_ask": exchange.get("ask") or {},
            "exchange_use": exchange.get("use") or {},
            "minutes": raw.get("minutes", 2),
            "cover": raw.get("cover") or "",
            "look": raw.get("look") or {},
            "start_label": start.get("label") or {},
            "start_note": start.get("note") or {},
            "languages": raw.get("languages") or [],
            "hidden": raw.get("hidden") or [],
        },
    )
    quiz.asked_purposes.all().delete()
    quiz.questions.all().delete()
    quiz.outcomes.all().delete()
    purposes = _known(Purpose, "slug", raw.get("purposes", ()), "purposes", "unknown_purpose")
    QuizPurpose.objects.bulk_create(
        QuizPurpose(quiz=quiz, purpose=purposes[slug], position=position)
        for position, slug in enumerate(raw.get("purposes", ()))
    )
    questions = raw.get("questions", ())
    keys = [each["attribute"] for each in questions if each.get("attribute")]
    attributes = _known(Attribute, "key", keys, "questions", "unknown_attribute")
    for position, each in enumerate(questions):
        _import_question(quiz, position, each, attributes)
    for position, each in enumerate(raw.get("outcomes", ())):
        _import_outcome(quiz, position, each)
    return quiz


def definition_of(quiz: Quiz) -> dict[str, Any]:
    """The draft as a definition, not checked yet."""
    questions = quiz.questions.select_related("attribute").prefetch_related("choices", "rules")
    purposes = quiz.asked_purposes.select_related("purpose")
    return _definition(quiz, purposes, questions, quiz.outcomes.prefetch_related("steps"))


def definitions_of(quizzes: Iterable[Quiz]) -> dict[int, dict[str, Any]]:
    """The drafts of several quizzes by their id, in a number of queries that doesn't grow with them."""
    parts = ("asked_purposes__purpose", "questions__attribute", "questions__choices", "questions__rules")
    found = Quiz.objects.filter(pk__in=[quiz.pk for quiz in quizzes]).prefetch_related(*parts, "outcomes__steps")
    return {
        quiz.pk: _definition(quiz, quiz.asked_purposes.all(), quiz.questions.all(), quiz.outcomes.all())
        for quiz in found
    }


def _definition(
    quiz: Quiz, purposes: Iterable[QuizPurpose], questions: Iterable[Question], outcomes: Iterable[Outcome]
) -> dict[str, Any]:
    raw: dict[str, Any] = {
        "schema": 1,
        "slug": quiz.slug,
        **{name: getattr(quiz, field) for name, field in _QUIZ_TEXTS.items()},
        "profile": quiz.profile_kind,
        "exchange": {"get": quiz.exchange_get, "ask": quiz.exchange_ask, "use": quiz.exchange_use},
        "minutes": quiz.minutes,
        "cover": quiz.cover,
        "look": _filled(quiz.look),
        "start": _filled({"label": quiz.start_label, "note": quiz.start_note}),
        "purposes": [each.purpose.slug for each in purposes],
        "hidden": quiz.hidden,
        "questions": [_question_json(each) for each in questions],
        "outcomes": [_outcome_json(each) for each in outcomes],
    }
    if quiz.languages:
        raw["languages"] = quiz.languages
    return _filled(raw)


def _import_question(quiz: Quiz, position: int, raw: Mapping[str, Any], attributes: Mapping[str, Attribute]) -> None:
    question = Question.objects.create(
        quiz=quiz,
        position=position,
        key=raw["key"],
        kind=raw["kind"],
        attribute=attributes.get(raw.get("attribute") or ""),
        **{name: raw.get(name) or {} for name in _QUESTION_TEXTS},
        required=raw.get("required", True),
        may_decline=raw.get("may_decline", False),
        seconds=raw.get("seconds"),
        sensitive=raw.get("sensitive", False),
        names_profile=raw.get("names_profile", False),
        show_if=raw.get("show_if"),
        required_if=raw.get("required_if"),
        shuffle=raw.get("shuffle", False),
        shuffle_group=raw.get("shuffle_group") or "",
        by_year=raw.get("by_year", False),
        minimum="" if raw.get("min") is None else str(raw["min"]),
        maximum="" if raw.get("max") is None else str(raw["max"]),
        step=raw.get("step"),
        min_choices=raw.get("min_choices"),
        max_choices=raw.get("max_choices"),
        rows=raw.get("rows") or [],
    )
    Choice.objects.bulk_create(
        Choice(
            question=question,
            position=place,
            value=each["value"],
            label=each.get("label") or {},
            help=each.get("help") or {},
            image=each.get("image") or "",
            alt=each.get("alt") or {},
            color=each.get("color") or "",
            points=each.get("points") or {},
            feedback=each.get("feedback") or {},
            is_last=each.get("last", False),
        )
        for place, each in enumerate(raw.get("choices") or ())
    )
    Rule.objects.bulk_create(
        Rule(question=question, position=place, condition=each.get("if"), to=each.get("to", ""))
        for place, each in enumerate(raw.get("jumps") or ())
    )


def _import_outcome(quiz: Quiz, position: int, raw: Mapping[str, Any]) -> None:
    outcome = Outcome.objects.create(
        quiz=quiz,
        position=position,
        key=raw["key"],
        title=raw.get("title") or {},
        summary=raw.get("summary") or {},
        when=raw.get("when"),
        art=raw.get("art") or "",
        art_alt=raw.get("art_alt") or {},
    )
    OutcomeStep.objects.bulk_create(
        OutcomeStep(
            outcome=outcome,
            position=place,
            title=each.get("title") or {},
            text=each.get("text") or {},
            when_to_use=each.get("when_to_use") or {},
            product=each.get("product") or "",
        )
        for place, each in enumerate(raw.get("steps") or ())
    )


def _question_json(question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "kind": question.kind,
        "attribute": question.attribute.key if question.attribute else None,
        **{name: getattr(question, name) for name in _QUESTION_TEXTS},
        "required": question.required,
        "may_decline": question.may_decline,
        "seconds": question.seconds,
        "sensitive": question.sensitive,
        "names_profile": question.names_profile,
        "show_if": question.show_if,
        "required_if": question.required_if,
        "shuffle": question.shuffle or None,
        "shuffle_group": question.shuffle_group,
        "by_year": question.by_year or None,
        "jumps": [{"if": each.condition, "to": each.to} for each in question.rules.all()],
        "choices": [
            _filled(
                {
                    "value": each.value,
                    "label": each.label,
                    "help": each.help,
                    "image": each.image,
                    "alt": each.alt,
                    "color": each.color,
                    "points": each.points,
                    "feedback": each.feedback,
                    "last": each.is_last or None,
                }
            )
            for each in question.choices.all()
        ],
        "rows": question.rows,
        "min": _bound(question.kind, question.minimum),
        "max": _bound(question.kind, question.maximum),
        "step": _plain(question.step),
        "min_choices": question.min_choices,
        "max_choices": question.max_choices,
    }


def _outcome_json(outcome: Outcome) -> dict[str, Any]:
    return _filled(
        {
            "key": outcome.key,
            "title": outcome.title,
            "summary": outcome.summary,
            "when": outcome.when,
            "art": outcome.art,
            "art_alt": outcome.art_alt,
            "steps": [
                _filled(
                    {
                        "title": each.title,
                        "text": each.text,
                        "when_to_use": each.when_to_use,
                        "product": each.product,
                    }
                )
                for each in outcome.steps.all()
            ],
        }
    )


def _filled(raw: dict[str, Any]) -> dict[str, Any]:
    """Without what was left empty; questions likewise."""
    kept = {name: value for name, value in raw.items() if value not in (None, "", {}, [])}
    if "questions" in raw:
        kept["questions"] = [_filled(each) for each in raw["questions"]]
    return kept


def _bound(kind: str, text: str) -> int | float | str | None:
    if not text:
        return None
    if kind == "date":
        return text
    try:
        return _plain(float(text))
    except ValueError:
        return text  # the compiler says what is wrong with it, and where


def _plain(number: float | None) -> int | float | None:
    return int(number) if number is not None and float(number).is_integer() else number


def _known(model: Any, field: str, wanted: Sequence[str], path: str, kind: str) -> dict[str, Any]:
    found = {getattr(each, field): each for each in model.objects.filter(**{f"{field}__in": wanted})}
    if missing := sorted(set(wanted) - set(found)):
        raise NotPublishableError(tuple(Problem(path, kind, "", f"there is no “{name}”") for name in missing))
    return found
