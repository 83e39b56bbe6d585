"""Everything that is edited of one question at once: its fields, choices, rows and rules, shown or sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext

from preferences.translated import pick

from ...models import Question, Quiz
from ...services.drafting import definition_of
from ..logic.rules import RulesForm
from . import editing
from .forms import ChoiceFormSet, QuestionForm
from .kinds import can_shuffle, has_choices
from .naming import Names, follow, follow_rows
from .references import rename_question, rename_row, rename_value
from .rows import chosen_rows, rows_for, rows_in


class Editor:
    def __init__(self, quiz: Quiz, question: Question, data: Mapping[str, Any] | None = None) -> None:
        self.quiz, self.question = quiz, question
        self.before = Names.of(question)
        self.rules = RulesForm(definition_of(quiz), question, data)
        self.form = QuestionForm(data, instance=question)
        self.formset = _choices_for(quiz, question, data)
        self.rows = rows_for(question, data)

    @property
    def forms(self) -> list[Any]:
        return [self.form, *self._forms_of(self.formset), *self._forms_of(self.rows)]

    @property
    def shown(self) -> dict[str, Any]:
        return {
            "form": self.form,
            "formset": self.formset,
            "rows": self.rows,
            "rules": self.rules,
            "untold_count": self.untold_count,
            "is_blank": not self.question.choices.exclude(label={}).exists(),
        }

    @property
    def untold_count(self) -> int:
        """How many values of its attribute no choice has yet; empty choices will make room."""
        told = {value for value, _words in _told(self.question, "")}
        return len(told - set(self.question.choices.exclude(label={}).values_list("value", flat=True)))

    def is_valid(self) -> bool:
        return all(each.is_valid() for each in (self.form, self.formset, self.rows) if each is not None)

    @cached_property
    def _fields_changed(self) -> bool:
        return any(each.has_changed() for each in (self.form, self.formset, self.rows) if each is not None)

    @property
    def has_changed(self) -> bool:
        return self._fields_changed or self.rules.has_changed

    def save(self) -> set[str]:
        """Writes what was sent and returns what was renamed with it, as `naming.follow` does."""
        renamed: dict[str, str] = {}
        if self.rules.has_changed:
            self.rules.save()
        if self._fields_changed:
            if self.rows is not None and self.rows.has_changed():
                rows, old = rows_in(self.rows), self.question.rows
                renamed = chosen_rows(rows, old) | follow_rows(rows, old)
                self.question.rows = rows
            self.form.save()
            if self.formset is not None:
                self.formset.save()
            if "mixed" in self.form.fields:
                editing.mix(question=self.question, is_mixed=self.form.cleaned_data["mixed"])
            self._rename(renamed)
        return follow(quiz=self.quiz, question=self.question, before=self.before) | ({"rows"} if renamed else set())

    def _rename(self, rows: Mapping[str, str]) -> None:
        """Rules follow the names that somebody chose, and those of rows."""
        if self.question.key != self.before.key:
            rename_question(quiz=self.quiz, question=self.question, was=self.before.key)
        for value, new in rows.items():
            rename_row(quiz=self.quiz, question=self.question, value=value, to=new)
        for choice in self.question.choices.all():
            value, _label = self.before.choices.get(choice.pk, (choice.value, ""))
            if value != choice.value:
                rename_value(quiz=self.quiz, question=self.question, value=value, to=choice.value)

    def paired(self, theirs: Editor) -> Iterator[tuple[str, Any, Any]]:
        """My forms of choices and rows beside theirs of the same ones."""
        others = {each.instance.pk: each for each in self._forms_of(theirs.formset)}
        for each in self._forms_of(self.formset):
            if each.instance.pk in others:
                yield each.instance.value, each, others[each.instance.pk]
        for mine, other in zip(self._forms_of(self.rows), self._forms_of(theirs.rows), strict=False):
            yield other.initial["value"], mine, other

    def counted(self, theirs: Editor) -> Iterator[tuple[str, int, int]]:
        for words, mine, other in (
            (gettext("Choices"), self.formset, theirs.formset),
            (gettext("Rows"), self.rows, theirs.rows),
        ):
            if mine is not None and other is not None and len(mine.forms) != len(other.forms):
                yield words, len(mine.forms), len(other.forms)

    def rules_beside(self, theirs: Editor) -> Iterator[tuple[str, str, str]]:
        for words, mine, other in (
            (gettext("When it is asked"), self.rules.show_if.sentence, theirs.rules.show_if.sentence),
            (gettext("When it must be answered"), self.rules.required_if.sentence, theirs.rules.required_if.sentence),
            (gettext("Where it leads"), self.rules.jumps.sentence, theirs.rules.jumps.sentence),
        ):
            if mine != other:
                yield words, mine or "–", other or "–"

    @staticmethod
    def _forms_of(formset: Any) -> list[Any]:
        return [] if formset is None else formset.forms


def _choices_for(quiz: Quiz, question: Question, data: Mapping[str, Any] | None) -> Any:
    if not has_choices(question.kind):
        return None
    language = get_language() or "en"
    outcomes = tuple(quiz.outcomes.all())
    titles = {outcome.key: pick(outcome.title, language) or outcome.key for outcome in outcomes}
    about = {"question": question, "outcomes": outcomes, "titles": titles, "values": _told(question, language)}
    return ChoiceFormSet(data, instance=question, prefix="choices", form_kwargs=about)


def _told(question: Question, language: str) -> tuple[tuple[str, str], ...]:
    """The values that its attribute allows, where it has one."""
    if question.attribute is None or not can_shuffle(question.kind):
        return ()
    return tuple((each.value, pick(each.label, language) or each.value) for each in question.attribute.values.all())
