"""What the outcomes' page does to a draft. Points belong to an outcome by its key, so they go where it goes."""

from __future__ import annotations

import json
from typing import Any

from django.core import serializers
from django.db import transaction

from ...models import Choice, Outcome, OutcomeStep, Quiz
from ...services.drafting import definition_of
from ..autosave import token_for
from ..changes import locked, note_change
from ..limits import check_room, full_of_outcomes
from ..ordering import after_all, moved, renumber
from ..questions.naming import free, numbered


def token_of(quiz: Quiz, outcome: Outcome) -> str:
    raw = next(each for each in definition_of(quiz)["outcomes"] if each["key"] == outcome.key)
    return token_for([raw, list(outcome.steps.values_list("pk", flat=True))])


@transaction.atomic
def add_outcome(*, quiz: Quiz, by: str) -> Outcome:
    quiz = locked(quiz)
    check_room(full_of_outcomes(quiz))
    key = numbered("outcome", quiz.outcomes.values_list("key", flat=True))
    outcome = Outcome.objects.create(quiz=quiz, key=key, position=after_all(quiz.outcomes.all()))
    note_change(quiz, by)
    return outcome


@transaction.atomic
def duplicate_outcome(*, outcome: Outcome, by: str) -> Outcome:
    """A copy right after it, with its steps and its points, under a key of its own."""
    quiz = locked(outcome.quiz)
    check_room(full_of_outcomes(quiz))
    order = list(quiz.outcomes.values_list("pk", flat=True))
    copy = Outcome.objects.get(pk=outcome.pk)
    copy.key = free(outcome.key, quiz.outcomes.values_list("key", flat=True))
    _insert(copy)
    for step in outcome.steps.all():
        step.outcome = copy
        _insert(step)
    _set_points(copy.key, points_of(quiz, outcome.key))
    order.insert(order.index(outcome.pk) + 1, copy.pk)
    renumber(Outcome, order)
    note_change(quiz, by)
    return copy


def kept(quiz: Quiz, outcome: Outcome) -> str:
    """The outcome with its steps and points as it is now, for `restore_outcome`."""
    rows = serializers.serialize("json", [outcome, *outcome.steps.all()])
    return json.dumps({"rows": rows, "points": points_of(quiz, outcome.key)})


@transaction.atomic
def delete_outcome(*, outcome: Outcome, by: str) -> str:
    """Takes it out with its points, and returns what `restore_outcome` needs to bring it back."""
    quiz = locked(outcome.quiz)
    was = kept(quiz, outcome)
    _set_points(outcome.key, dict.fromkeys(points_of(quiz, outcome.key)))
    outcome.delete()
    note_change(quiz, by)
    return was


@transaction.atomic
def restore_outcome(*, quiz: Quiz, was: str, by: str) -> Outcome | None:
    """Brings back an outcome that was deleted, or makes one as it was. None when another has its key by now."""
    quiz = locked(quiz)
    read = json.loads(was)
    found = list(serializers.deserialize("json", read["rows"]))
    outcome = found[0].object
    if outcome.quiz_id != quiz.pk or quiz.outcomes.filter(key=outcome.key).exclude(pk=outcome.pk).exists():
        return None
    order = list(quiz.outcomes.exclude(pk=outcome.pk).values_list("pk", flat=True))
    if not quiz.outcomes.filter(pk=outcome.pk).exists():
        _set_points(outcome.key, {int(pk): number for pk, number in read["points"].items()})
    OutcomeStep.objects.filter(outcome=outcome.pk).delete()
    for each in found:
        each.save()
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
