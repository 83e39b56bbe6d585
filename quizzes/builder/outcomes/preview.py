"""The result page of one outcome, for the builder's phone: the real template, with the answers of a random walk that
leads to it. No run, nothing stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from ...check.chance import random_walks
from ...check.mending import mended
from ...definition import compile_definition
from ...models import Quiz
from ...outcome import decide
from ...parts import Definition, Outcome
from ...presenting.questions import quiz_ref
from ...presenting.results import ReasonView, outcome_view, reason_views
from ...problems import DefinitionError
from ...selectors import RunState
from ...services.drafting import definition_of
from ..phone import FRAMED, asked_language

TRIES = 300
RULES = ("show_if", "required_if", "jumps", "attribute")
NOBODY = UUID(int=0)


@xframe_options_sameorigin
@csp(FRAMED)
@require_GET
def preview(request: HttpRequest, quiz: Quiz, outcome_id: int) -> HttpResponse:
    key = get_object_or_404(quiz.outcomes, pk=outcome_id).key
    language = asked_language(request)
    with translation.override(language):
        definition = _definition(definition_of(quiz), key)
        if isinstance(definition, DefinitionError):
            context = {"problems": definition.problems[:5]}
            return render(request, "admin/quizzes/build/outcomes_unready.html", context)
        run, reasons = _example(definition, key, language, timezone.localdate())
        return render(request, "quizzes/result.html", _context(run, definition.outcome_by_key[key], reasons, language))


def _context(run: RunState, outcome: Outcome, reasons: tuple[str, ...], language: str) -> dict[str, Any]:
    def here(views: list[ReasonView]) -> list[ReasonView]:
        return [replace(each, change_url="#") for each in views]

    return {
        "quiz": quiz_ref(run.definition, language),
        "outcome": outcome_view(run, outcome, language),
        "reasons": here(reason_views(run, reasons, language)),
        "profile_id": None,
        "profile_name": "",
        "trends": [],
        "granted_any": True,
        "answers": here(reason_views(run, run.path.keys, language)),
    }


def _example(definition: Definition, key: str, language: str, today: date) -> tuple[RunState, tuple[str, ...]]:
    """A run that gets the outcome, with the reasons for it; when none is found, any run without reasons."""
    run = RunState(
        id=NOBODY, customer_id=0, profile_id=None, version_id=0, is_completed=True, was_completed=True,
        language=language, outcome_key=key, definition=definition, answers={},
    )  # fmt: skip
    for answers, hidden, path in islice(random_walks(definition, today=today), TRIES):
        run = replace(run, answers=answers, hidden=hidden)
        if path.next_key is None and (decision := decide(definition, path, answers)).outcome.key == key:
            return run, decision.reasons
    return run, ()


def _definition(raw: dict[str, Any], key: str) -> Definition | DefinitionError:
    """The draft with what is not written yet as an ellipsis; where more than words is missing, what stands of it."""
    found = _compiled(raw)
    return found if isinstance(found, Definition) else _compiled(_alone(raw, key))


def _compiled(raw: dict[str, Any]) -> Definition | DefinitionError:
    try:
        return compile_definition(raw)
    except DefinitionError as error:
        return mended(raw, error.problems) or error


def _alone(raw: dict[str, Any], key: str) -> dict[str, Any]:
    """This outcome for everybody, after its questions; those that can't be asked yet are answered with an ellipsis."""
    outcome = next(each for each in raw["outcomes"] if each["key"] == key)
    bare = raw | {"outcomes": [{name: value for name, value in outcome.items() if name != "when"}], "purposes": []}
    asked = [_plain(each) for each in raw.get("questions", ())]
    return bare | {
        "questions": [
            each
            if isinstance(_compiled(_stub(raw, each)), Definition)
            else _typed(each["key"], each.get("title") or {})
            for each in asked
        ]
        or [_typed("question", {})]
    }


def _plain(question: dict[str, Any]) -> dict[str, Any]:
    choices = [
        {name: value for name, value in each.items() if name != "points"} for each in question.get("choices", ())
    ]
    plain = {name: value for name, value in question.items() if name not in (*RULES, "choices")}
    return plain | ({"choices": choices} if choices else {})


def _typed(key: str, title: dict[str, str]) -> dict[str, Any]:
    return {"key": key, "kind": "text", "title": title}


def _stub(raw: dict[str, Any], question: dict[str, Any]) -> dict[str, Any]:
    title = {"en": "…"}
    return raw | {
        "questions": [question],
        "outcomes": [{"key": "outcome", "title": title, "summary": title}],
        "purposes": [],
    }
