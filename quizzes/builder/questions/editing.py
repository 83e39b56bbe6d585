"""What the questions' page does to a draft: one verb each, and every change is counted and signed."""

from __future__ import annotations

from django.core import serializers
from django.db import models
from django.utils.text import capfirst

from ...models import Choice, Question, Quiz, Rule
from ...services.drafting import definition_of
from ..autosave import token_for
from ..changes import locked, note_change
from ..limits import check_room, full_of_choices, full_of_questions
from ..ordering import after_all, moved, renumber
from .kinds import STARTS, can_say_no, can_shuffle, has_choices
from .naming import free, numbered

MIXED = "mixed"  # the group of questions in random order, where no neighbour has one yet


def token_of(quiz: Quiz, question: Question) -> str:
    keys = {key: place for place, key in enumerate(quiz.questions.values_list("key", flat=True))}
    raw = definition_of(quiz)["questions"][keys[question.key]]
    return token_for(raw)


def add_question(*, quiz: Quiz, kind: str, by: str) -> Question:
    """A question at the end, with what its kind needs; an age gate comes first."""
    quiz = locked(quiz)
    check_room(full_of_questions(quiz))
    order = list(quiz.questions.values_list("pk", flat=True))
    question = Question.objects.create(
        quiz=quiz, key=numbered("question", _keys(quiz)), kind=kind, title={}, position=after_all(quiz.questions.all())
    )
    become_kind(question=question)
    if kind == "age_gate":
        renumber(Question, [question.pk, *order])
    note_change(quiz, by)
    return question


def become_kind(*, question: Question) -> bool:
    """Gives a question what its kind needs and takes what it can't have. True when something written was taken."""
    kind = question.kind
    for name, start in STARTS.get(kind, {}).items():
        if not getattr(question, name):
            setattr(question, name, start)
    if not can_shuffle(kind):
        question.shuffle = False
    if not can_say_no(kind):
        question.required, question.may_decline, question.sensitive = True, False, False
        question.attribute, question.consent, question.required_if = None, {}, None
    if kind == "age_gate":
        question.show_if, question.shuffle_group = None, ""
    else:
        question.by_year = False
    if kind != "text":
        question.names_profile = False
    lost = bool(question.rows) and kind != "matrix"
    if kind != "matrix":
        question.rows = []
    elif not question.rows:
        question.rows = [{"value": "row_1", "label": {}}, {"value": "row_2", "label": {}}]
    question.save()
    if has_choices(kind):
        for _each in range(2 - question.choices.count()):
            add_choice(question=question)
        return lost
    written = question.choices.exclude(label={})
    lost = lost or written.exists()
    question.choices.all().delete()
    return lost


def mix(*, question: Question, is_mixed: bool) -> None:
    """In random order with its neighbours that are too; a group that is there already is joined."""
    if bool(question.shuffle_group) == is_mixed:
        return
    rows = list(question.quiz.questions.all())
    place = rows.index(question)
    near = [each.shuffle_group for each in (*rows[max(0, place - 1) : place], *rows[place + 1 : place + 2])]
    question.shuffle_group = next(filter(None, near), MIXED) if is_mixed else ""
    question.save(update_fields=["shuffle_group"])


def fill_choices(*, question: Question) -> None:
    """A choice for each value of its attribute, in the words customers know them by: there part of a sentence,
    here a line. Empty ones make room."""
    if question.attribute is None:
        return
    question.choices.filter(label={}).delete()
    taken = set(question.choices.values_list("value", flat=True))
    for each in question.attribute.values.all():
        if each.value not in taken and not full_of_choices(question):
            label = {code: capfirst(text) for code, text in each.label.items()}
            Choice.objects.create(
                question=question, value=each.value, label=label, position=after_all(question.choices.all())
            )


def add_choice(*, question: Question) -> Choice:
    check_room(full_of_choices(question))
    taken = set(question.choices.values_list("value", flat=True))
    return Choice.objects.create(
        question=question,
        value=numbered("choice", taken),
        label={},
        position=after_all(question.choices.all()),
    )


def duplicate_question(*, question: Question, by: str) -> Question:
    """A copy right after it, under a key of its own."""
    quiz = locked(question.quiz)
    check_room(full_of_questions(quiz))
    parts: list[models.Model] = [*question.choices.all(), *question.rules.all()]
    order = list(quiz.questions.values_list("pk", flat=True))
    copy = Question.objects.get(pk=question.pk)
    copy.pk, copy.key = None, free(question.key, _keys(quiz))
    copy._state.adding = True
    copy.save()
    for part in parts:
        part.pk = None
        part._state.adding = True
        part.question = copy  # type: ignore[attr-defined]
        part.save()
    order.insert(order.index(question.pk) + 1, copy.pk)
    renumber(Question, order)
    note_change(quiz, by)
    return copy


def kept(question: Question) -> str:
    """The question with all its parts as it is now, for `restore_question`."""
    return serializers.serialize("json", [question, *question.choices.all(), *question.rules.all()])


def delete_question(*, question: Question, by: str) -> str:
    """Takes it out and returns what `restore_question` needs to bring it back."""
    quiz = locked(question.quiz)
    was = kept(question)
    question.delete()
    note_change(quiz, by)
    return was


def restore_question(*, quiz: Quiz, was: str, by: str) -> Question | None:
    """Brings back a question that was deleted, or makes one as it was. None when another has its key by now."""
    quiz = locked(quiz)
    found = list(serializers.deserialize("json", was))
    question = found[0].object
    if question.quiz_id != quiz.pk or quiz.questions.filter(key=question.key).exclude(pk=question.pk).exists():
        return None
    order = list(quiz.questions.exclude(pk=question.pk).values_list("pk", flat=True))
    Choice.objects.filter(question=question.pk).delete()
    Rule.objects.filter(question=question.pk).delete()
    for each in found:
        each.save()
    order.insert(min(question.position, len(order)), question.pk)
    renumber(Question, order)
    note_change(quiz, by)
    return Question.objects.get(pk=question.pk)


def move_question(*, question: Question, to: str, by: str) -> None:
    """`to` is up, down, or the id of the question it is to stand before ("" for the end)."""
    quiz = locked(question.quiz)
    order = moved(list(quiz.questions.values_list("pk", flat=True)), question.pk, to)
    renumber(Question, order)
    note_change(quiz, by)


def move_choice(*, choice: Choice, to: str) -> None:
    order = list(Choice.objects.filter(question=choice.question_id).values_list("pk", flat=True))
    renumber(Choice, moved(order, choice.pk, to))


def _keys(quiz: Quiz) -> set[str]:
    return {*quiz.questions.values_list("key", flat=True), *quiz.hidden}
