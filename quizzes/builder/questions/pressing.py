"""The button of the editor that was pressed beside saving: choices and rows are added, removed, moved or filled in."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from preferences.translated import pick

from ...models import Question, Quiz
from . import editing
from .kinds import kind_words
from .naming import Names
from .references import rules_about
from .rows import changed
from .undoing import taken


@dataclass(frozen=True, slots=True)
class Effect:
    """`words`: what was taken and can be brought back."""

    is_redrawn: bool = False
    words: str = ""


def press(quiz: Quiz, question: Question, before: Names, pressed: str) -> Effect:
    verb, _colon, which = pressed.partition(":")
    if question.kind != before.kind:
        lost = editing.become_kind(question=question)
        said = gettext("It is now: %(kind)s. What does not fit it is gone.") % {"kind": kind_words(question.kind)}
        return Effect(True, said if lost else "")
    if verb == "add":
        editing.add_choice(question=question)
        return Effect(True)
    if verb == "fill":
        editing.fill_choices(question=question)
        return Effect(True)
    if verb in ("remove", "up", "down"):
        return _choice(quiz, question, verb, which)
    if (rows := changed(question.rows, pressed)) is not None and question.kind == "matrix":
        return _rows(quiz, question, rows)
    return Effect(question.attribute_id != before.attribute_id)  # type: ignore[attr-defined]


def _choice(quiz: Quiz, question: Question, verb: str, which: str) -> Effect:
    choice = question.choices.filter(pk=int(which)).first() if which.isdecimal() and len(which) < 19 else None
    if choice is None:
        return Effect()
    if verb != "remove":
        editing.move_choice(choice=choice, to=verb)
        return Effect(True)
    rules = rules_about(quiz, question.key, value=choice.value)
    words = taken(pick(choice.label, get_language() or "en") or choice.value, rules)
    choice.delete()
    return Effect(True, words)


def _rows(quiz: Quiz, question: Question, rows: list[dict[str, object]]) -> Effect:
    kept = {each["value"] for each in rows}
    gone = [each for each in question.rows if each["value"] not in kept]
    words = ""
    for each in gone:
        rules = rules_about(quiz, question.key, row=each["value"])
        words = taken(pick(each["label"], get_language() or "en") or each["value"], rules)
    question.rows = rows
    question.save(update_fields=["rows"])
    return Effect(True, words)
