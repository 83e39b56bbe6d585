"""What the builder does to a draft: one verb each, and every change is counted and signed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core import serializers
from django.db import models, transaction

from ..models import Choice, Question, Quiz
from ..services.drafting import definition_of
from .autosave import token_for
from .kinds import has_choices


@transaction.atomic
def locked(quiz: Quiz) -> Quiz:
    """The quiz as it is now; others wait until this transaction ends."""
    return Quiz.objects.select_for_update().get(pk=quiz.pk)


def note_change(quiz: Quiz, by: str) -> None:
    """Counts a change, so that others who have the quiz open learn of it."""
    quiz.revision += 1
    quiz.changed_by = by
    quiz.save(update_fields=["revision", "changed_by", "updated_at"])


def token_of(quiz: Quiz, question: Question) -> str:
    keys = {key: place for place, key in enumerate(quiz.questions.values_list("key", flat=True))}
    raw = definition_of(quiz)["questions"][keys[question.key]]
    return token_for(raw)


def add_question(*, quiz: Quiz, kind: str, by: str) -> Question:
    """A question at the end, with two empty choices if its kind has any."""
    quiz = locked(quiz)
    question = Question.objects.create(
        quiz=quiz, key=_free_key(quiz, "question"), kind=kind, title={}, position=_after_all(quiz.questions.all())
    )
    if has_choices(kind):
        for _number in range(2):
            add_choice(question=question)
    note_change(quiz, by)
    return question


def add_choice(*, question: Question) -> Choice:
    taken = set(question.choices.values_list("value", flat=True))
    return Choice.objects.create(
        question=question,
        value=_free("choice", taken),
        label={},
        position=_after_all(question.choices.all()),
    )


def duplicate_question(*, question: Question, by: str) -> Question:
    """A copy right after it, under a key of its own."""
    quiz = locked(question.quiz)
    parts: list[models.Model] = [*question.choices.all(), *question.rules.all()]
    order = list(quiz.questions.values_list("pk", flat=True))
    copy = Question.objects.get(pk=question.pk)
    copy.pk, copy.key = None, _free_key(quiz, question.key)
    copy._state.adding = True
    copy.save()
    for part in parts:
        part.pk = None
        part._state.adding = True
        part.question = copy  # type: ignore[attr-defined]
        part.save()
    order.insert(order.index(question.pk) + 1, copy.pk)
    _number(Question, order)
    note_change(quiz, by)
    return copy


def delete_question(*, question: Question, by: str) -> str:
    """Takes it out and returns what `restore_question` needs to bring it back."""
    quiz = locked(question.quiz)
    kept = serializers.serialize("json", [question, *question.choices.all(), *question.rules.all()])
    question.delete()
    note_change(quiz, by)
    return kept


def restore_question(*, quiz: Quiz, kept: str, by: str) -> Question | None:
    """Brings back what was deleted. None when its key is taken by now."""
    quiz = locked(quiz)
    found = list(serializers.deserialize("json", kept))
    question = found[0].object
    if question.quiz_id != quiz.pk or quiz.questions.filter(models.Q(key=question.key) | models.Q(pk=question.pk)):
        return None
    order = list(quiz.questions.values_list("pk", flat=True))
    for each in found:
        each.save()
    order.insert(min(question.position, len(order)), question.pk)
    _number(Question, order)
    note_change(quiz, by)
    return Question.objects.get(pk=question.pk)


def move_question(*, question: Question, to: str, by: str) -> None:
    """`to` is up, down, or the id of the question it is to stand before ("" for the end)."""
    quiz = locked(question.quiz)
    order = _moved(list(quiz.questions.values_list("pk", flat=True)), question.pk, to)
    _number(Question, order)
    note_change(quiz, by)


def move_choice(*, choice: Choice, to: str) -> None:
    order = list(Choice.objects.filter(question=choice.question_id).values_list("pk", flat=True))
    _number(Choice, _moved(order, choice.pk, to))


def _moved(order: list[int], pk: int, to: str) -> list[int]:
    place = order.index(pk)
    rest = [each for each in order if each != pk]
    if to in ("up", "down"):
        place = max(0, min(len(rest), place + (1 if to == "down" else -1)))
    else:
        place = rest.index(int(to)) if to.isdigit() and int(to) in rest else len(rest)
    return [*rest[:place], pk, *rest[place:]]


def _number(model: type[Question] | type[Choice], order: Iterable[int]) -> None:
    for position, pk in enumerate(order):
        model.objects.filter(pk=pk).update(position=position)  # type: ignore[attr-defined]


def _after_all(rows: models.QuerySet[Any]) -> int:
    return (rows.aggregate(last=models.Max("position"))["last"] or 0) + 1 if rows.exists() else 0


def _free_key(quiz: Quiz, wanted: str) -> str:
    return _free(wanted, set(quiz.questions.values_list("key", flat=True)))


def _free(wanted: str, taken: set[str]) -> str:
    number = 2 if wanted in taken else 1
    while f"{wanted[:44]}_{number}" in taken:
        number += 1
    return f"{wanted[:44]}_{number}"
