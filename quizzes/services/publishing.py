"""From draft to an immutable version, and back to closed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from preferences.models import Attribute, Purpose

from ..definition import compile_definition
from ..errors import NotPublishableError
from ..look import problems_with
from ..models import Quiz, QuizVersion, Tally
from ..parts import Definition, Question
from ..problems import DefinitionError, Problem
from ..quoting import problems_with_quotes
from .drafting import definition_of
from .picturing import problems_with_pictures

# Which kinds of question can tell which kind of attribute; the others only serve the result. Texts never become
# features, and so neither do addresses and phone numbers.
TELLS = {
    "single": "choice",
    "image": "choice",
    "swatch": "choice",
    "multiple": "multi",
    "ranking": "ranking",
    "slider": "number",
    "number": "number",
    "text": "text",
    "date": "date",
    "boolean": "boolean",
    "long_text": "text",
    "email": "text",
    "phone": "text",
    "rating": "number",
    "nps": "number",
}


@transaction.atomic
def publish(*, quiz: Quiz, by: str = "") -> QuizVersion:
    """Freezes the draft as the next version and opens it to customers; an unchanged draft opens its last version again.

    Raises NotPublishableError with everything that is wrong. Runs of earlier versions go on as they are.
    """
    quiz = Quiz.objects.select_for_update().get(pk=quiz.pk)
    raw = definition_of(quiz)
    if problems := problems_of(raw):
        raise NotPublishableError(problems)
    digest = content_hash(raw)
    latest = quiz.versions.order_by("-number").first()
    if latest is None or latest.content_hash != digest:
        latest = QuizVersion.objects.create(
            quiz=quiz,
            number=(latest.number if latest else 0) + 1,
            definition=raw,
            content_hash=digest,
            published_at=timezone.now(),
            published_by=by,
        )
    Tally.objects.get_or_create(quiz=quiz)
    quiz.live_version = latest
    quiz.save(update_fields=["live_version"])
    return latest


@transaction.atomic
def reopen(*, quiz: Quiz) -> QuizVersion | None:
    """Opens a closed quiz again as it was last published, whatever the draft says by now. None if it never was."""
    quiz = Quiz.objects.select_for_update().get(pk=quiz.pk)
    if quiz.live_version is None:
        quiz.live_version = quiz.versions.order_by("-number").first()
        quiz.save(update_fields=["live_version"])
    return quiz.live_version


@transaction.atomic
def unpublish(*, quiz: Quiz) -> None:
    """Closes the quiz to new runs; those under way go on."""
    Quiz.objects.filter(pk=quiz.pk).update(live_version=None)


def content_hash(raw: dict[str, Any]) -> str:
    """SHA-256 of the definition in its one canonical form: keys sorted, no spaces, UTF-8."""
    text = json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def problems_of(raw: dict[str, Any]) -> tuple[Problem, ...]:
    """Everything that keeps a definition from being published: its own faults, and what it expects of the brand."""
    try:
        definition = compile_definition(raw)
    except DefinitionError as error:
        return error.problems
    return (
        *_problems_with_attributes(definition),
        *_problems_with_purposes(definition),
        *problems_with_pictures(raw),
        *problems_with(definition.look),
        *problems_with_quotes(definition),
    )


def _problems_with_attributes(definition: Definition) -> list[Problem]:
    keys = [question.attribute for question in definition.questions if question.attribute]
    known = {each.key: each for each in Attribute.objects.filter(key__in=keys).prefetch_related("values")}
    problems = []
    for index, question in enumerate(definition.questions):
        if question.attribute:
            attribute = known.get(question.attribute)
            for kind, message in _misfits(question, attribute, definition.profile):
                problems.append(Problem(f"questions[{index}].attribute", kind, question.key, message))
    return problems


def _misfits(question: Question, attribute: Attribute | None, profile: str) -> list[tuple[str, str]]:
    if attribute is None:
        return [("unknown_attribute", f"there is no attribute “{question.attribute}”")]
    found = []
    if TELLS.get(question.kind) != attribute.kind:
        found.append(
            ("unfit_attribute", f"a {question.kind} question can't tell “{attribute.key}”, a {attribute.kind}")
        )
    if attribute.profile_kind != profile:
        found.append(("unfit_profile", f"“{attribute.key}” is about another kind of profile than the quiz"))
    if attribute.is_sensitive and not question.sensitive:
        found.append(("not_sensitive", f"“{attribute.key}” is sensitive: ask with a consent of its own"))
    allowed = {each.value for each in attribute.values.all()}
    if question.choices and (strange := sorted(set(question.choice_by_value) - allowed)):
        found.append(("unknown_value", f"“{attribute.key}” has no value {', '.join(strange)}"))
    return found


def _problems_with_purposes(definition: Definition) -> list[Problem]:
    known = set(Purpose.objects.filter(slug__in=definition.purposes, is_active=True).values_list("slug", flat=True))
    return [
        Problem(f"purposes[{index}]", "unknown_purpose", "", f"there is no active use “{slug}”")
        for index, slug in enumerate(definition.purposes)
        if slug not in known
    ]
