"""What the outcomes' page does to a draft. Points belong to an outcome by its key, so they go where it goes."""

from __future__ import annotations

import json
import re
from typing import Any

from django.core import serializers
from django.db import transaction
from django.utils.text import slugify

from preferences.translated import DEFAULT_LANGUAGE

from ..models import Choice, Outcome, OutcomeStep, Quiz
from ..services.drafting import definition_of
from .autosave import token_for
from .editing import locked, note_change
from .ordering import after_all, free_key, moved, renumber


def token_of(quiz: Quiz, outcome: Outcome) -> str:
    raw = next(each for each in definition_of(quiz)["outcomes"] if each["key"] == outcome.key)
    return token_for([raw, list(outcome.steps.values_list("pk", flat=True))])


@transaction.atomic
def add_outcome(*, quiz: Quiz, by: str) -> Outcome:
    quiz = locked(quiz)
    taken = set(quiz.outcomes.values_list("key", flat=True))
    number = next(number for number in range(1, len(taken) + 2) if f"outcome_{number}" not in taken)
    outcome = Outcome.objects.create(quiz=quiz, key=f"outcome_{number}", position=after_all(quiz.outcomes.all()))
    note_change(quiz, by)
    return outcome


@transaction.atomic
def duplicate_outcome(*, outcome: Outcome, by: str) -> Outcome:
    """A copy right after it, with its steps and its points, under a key of its own."""
    quiz = locked(outcome.quiz)
    order = list(quiz.outcomes.values_list("pk", flat=True))
    copy = Outcome.objects.get(pk=outcome.pk)
    copy.key = free_key(outcome.key, quiz.outcomes.values_list("key", flat=True))
    _insert(copy)
    for step in outcome.steps.all():
        step.outcome = copy
        _insert(step)
    _set_points(copy.key, points_of(quiz, outcome.key))
    order.insert(order.index(outcome.pk) + 1, copy.pk)
    renumber(Outcome, order)
    note_change(quiz, by)
    return copy


@transaction.atomic
def delete_outcome(*, outcome: Outcome, by: str) -> str:
    """Takes it out with its points, and returns what `restore_outcome` needs to bring it back."""
    quiz = locked(outcome.quiz)
    points = points_of(quiz, outcome.key)
    kept = {"rows": serializers.serialize("json", [outcome, *outcome.steps.all()]), "points": points}
    _set_points(outcome.key, dict.fromkeys(points))
    outcome.delete()
    note_change(quiz, by)
    return json.dumps(kept)


@transaction.atomic
def restore_outcome(*, quiz: Quiz, kept: str, by: str) -> Outcome | None:
    """Brings back what was deleted, as far as its choices are still there. None when its key is taken by now."""
    quiz = locked(quiz)
    read = json.loads(kept)
    found = list(serializers.deserialize("json", read["rows"]))
    outcome = found[0].object
    if outcome.quiz_id != quiz.pk or quiz.outcomes.filter(key=outcome.key).exists():
        return None
    order = list(quiz.outcomes.values_list("pk", flat=True))
    for each in found:
        each.save()
    _set_points(outcome.key, {int(pk): number for pk, number in read["points"].items()})
    order.insert(min(outcome.position, len(order)), outcome.pk)
    renumber(Outcome, order)
    note_change(quiz, by)
    return Outcome.objects.get(pk=outcome.pk)


@transaction.atomic
def move_outcome(*, outcome: Outcome, to: str, by: str) -> None:
    """`to` as in `ordering.moved`."""
    quiz = locked(outcome.quiz)
    renumber(Outcome, moved(list(quiz.outcomes.values_list("pk", flat=True)), outcome.pk, to))
    note_change(quiz, by)


def rename_points(quiz: Quiz, old: str, new: str) -> None:
    """The points that choices give to `old` are given to `new`."""
    points = points_of(quiz, old)
    _set_points(old, dict.fromkeys(points))
    _set_points(new, points)


def add_step(outcome: Outcome) -> OutcomeStep:
    return OutcomeStep.objects.create(outcome=outcome, title={}, text={}, position=after_all(outcome.steps.all()))


def move_step(step: OutcomeStep, to: str) -> None:
    order = list(OutcomeStep.objects.filter(outcome=step.outcome_id).values_list("pk", flat=True))
    renumber(OutcomeStep, moved(order, step.pk, to))


def is_published(outcome: Outcome) -> bool:
    """Whether a version knows it by this key, by which reports join versions."""
    return outcome.quiz.versions.filter(definition__outcomes__contains=[{"key": outcome.key}]).exists()


def key_for(title: dict[str, str]) -> str:
    """A key made of the title; "" where none can be."""
    return slugify(title.get(DEFAULT_LANGUAGE, "")).replace("-", "_").strip("_")[:44]


def follows(key: str, title: dict[str, str]) -> bool:
    """Whether the key is the one that its title, or no title yet, would have been given."""
    return bool(re.fullmatch(rf"({re.escape(key_for(title) or 'outcome')}|outcome)(_\d+)?", key))


def points_of(quiz: Quiz, key: str) -> dict[int, Any]:
    """Choice id → the points it gives to the outcome."""
    found = Choice.objects.filter(question__quiz=quiz, points__has_key=key)
    return {choice.pk: choice.points[key] for choice in found}


def _set_points(key: str, points: dict[int, Any]) -> None:
    """None takes them out."""
    choices = list(Choice.objects.filter(pk__in=points))
    for choice in choices:
        rest = {name: number for name, number in choice.points.items() if name != key}
        number = points[choice.pk]
        choice.points = rest if number is None else rest | {key: number}
    Choice.objects.bulk_update(choices, ["points"])


def _insert(row: Any) -> None:
    row.pk = None
    row._state.adding = True
    row.save()
