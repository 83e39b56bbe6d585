"""One question with its choices as a form. A draft may be unfinished: only what could not be stored is refused."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import gettext
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from preferences.admin.base import PlainJSONField
from preferences.fields import TranslatedFormField

from ..models import Choice, Outcome, Question
from .kinds import fields_of, kind_choices

MOST_POINTS = 10
BASE = (
    "title", "help", "why", "kind", "attribute", "key", "required", "may_decline", "sensitive", "consent", "seconds",
    "names_profile",
)  # fmt: skip


def _dressed(field: forms.Field) -> None:
    """In the admin's look, and never in the way of a draft that is not finished."""
    if isinstance(field, TranslatedFormField | forms.JSONField):
        field.required = False
    elif isinstance(field, forms.BooleanField):
        field.widget = UnfoldBooleanSwitchWidget()
    elif isinstance(field, forms.ModelChoiceField | forms.TypedChoiceField):
        dressed = UnfoldAdminSelectWidget()
        dressed.choices = field.choices
        field.widget = dressed
    elif isinstance(field, forms.IntegerField | forms.FloatField):
        field.widget = UnfoldAdminIntegerFieldWidget(attrs=field.widget.attrs)
    else:
        field.widget = UnfoldAdminTextInputWidget(attrs=field.widget.attrs)


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Question
        fields = (*BASE, "minimum", "maximum", "step", "unit", "low", "high", "min_choices", "max_choices", "rows")
        field_classes: ClassVar = {"rows": PlainJSONField}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kind = self.instance.kind
        wanted = {*BASE, *fields_of(kind)}
        if kind != "text" or self.instance.quiz.profile_kind == "self":
            wanted.discard("names_profile")
        for name in list(self.fields):
            if name in wanted:
                _dressed(self.fields[name])
            else:
                del self.fields[name]
        self.fields["kind"].widget.choices = kind_choices()  # type: ignore[attr-defined]

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if self.instance.quiz.questions.filter(key=key).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(gettext("Another question of this quiz has this key."), code="taken")
        return key

    def clean_rows(self) -> list[Any]:
        return self.cleaned_data["rows"] or []

    def section(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    def words(self) -> list[forms.BoundField]:
        return self.section("title", "help", "why")

    def identity(self) -> list[forms.BoundField]:
        return self.section("kind", "attribute", "key")

    def bounds(self) -> list[forms.BoundField]:
        return self.section(*fields_of(self.instance.kind))

    def answering(self) -> list[forms.BoundField]:
        return self.section("required", "may_decline", "names_profile", "sensitive")

    def more(self) -> list[forms.BoundField]:
        return self.section("consent", "seconds")


class ChoiceForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Choice
        fields = ("label", "value", "help", "image", "alt", "color")

    def __init__(self, *args: Any, outcomes: tuple[Outcome, ...] = (), titles: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            _dressed(field)
        self.outcomes = outcomes
        for outcome in outcomes:
            self.fields[f"points-{outcome.key}"] = forms.FloatField(
                required=False,
                min_value=-MOST_POINTS,
                max_value=MOST_POINTS,
                label=(titles or {}).get(outcome.key, outcome.key),
                initial=self.instance.points.get(outcome.key),
                widget=UnfoldAdminIntegerFieldWidget(attrs={"step": "any"}),
            )

    def points(self) -> list[forms.BoundField]:
        return [self[f"points-{outcome.key}"] for outcome in self.outcomes]

    def looks(self) -> list[forms.BoundField]:
        return [self[name] for name in ("help", "image", "alt", "color")]

    def save(self, commit: bool = True) -> Any:
        points = dict(self.instance.points)
        for outcome in self.outcomes:
            number = self.cleaned_data.get(f"points-{outcome.key}")
            points.pop(outcome.key, None)
            if number:
                points[outcome.key] = int(number) if float(number).is_integer() else number
        self.instance.points = points
        return super().save(commit)


ChoiceFormSet: type[BaseInlineFormSet[Any, Any, Any]] = inlineformset_factory(
    Question, Choice, form=ChoiceForm, extra=0, can_delete=False
)
