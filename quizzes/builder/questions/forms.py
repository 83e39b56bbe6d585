"""One question with its choices as a form. A draft may be unfinished: only what could not be stored is refused."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from preferences.fields import TranslatedFormField
from preferences.models import Attribute
from preferences.translated import pick

from ...models import Choice, Outcome, Question
from ...services.publishing import TELLS
from ..pictures.field import PicturePathWidget, choice_place
from .days import DayField, EndField
from .kinds import can_say_no, can_shuffle, fields_of, kind_choices, label_for

MOST_POINTS = 10
WORDS = ("title", "help", "why")
ANSWERING = ("required", "may_decline", "shuffle", "mixed", "names_profile")
BASE = (*WORDS, "kind", "attribute", "key", *ANSWERING, "sensitive", "consent", "seconds")
_ASKING = ("why", "attribute", "required", "may_decline", "sensitive", "consent")
_CHOOSING = ("help", "image", "alt", "color", "feedback")
_SEEN = {"image": ("image", "alt"), "swatch": ("color",)}


def _dressed(field: forms.Field) -> None:
    """In the admin's look, and never in the way of a draft that is not finished."""
    if isinstance(field, TranslatedFormField):
        field.required = False
    elif isinstance(field, DayField | EndField):
        pass
    elif isinstance(field, forms.BooleanField):
        field.widget = UnfoldBooleanSwitchWidget()
    elif isinstance(field, forms.ModelChoiceField | forms.TypedChoiceField):
        _select(field, field.choices)
    elif isinstance(field, forms.IntegerField | forms.FloatField):
        field.widget = UnfoldAdminIntegerFieldWidget(attrs=field.widget.attrs)
    else:
        field.widget = UnfoldAdminTextInputWidget(attrs=field.widget.attrs)


def _select(field: forms.Field, choices: Any) -> None:
    """Its options as they are, whatever the field itself would offer; it still decides what is accepted."""
    field.widget = UnfoldAdminSelectWidget()
    field.widget.choices = choices


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Only the fields that fit the question's kind."""

    mixed = forms.BooleanField(
        label=_("In random order with its neighbours"),
        required=False,
        help_text=_("With those before and after it that have this switched on too."),
    )

    class Meta:
        model = Question
        fields = (
            *(name for name in BASE if name != "mixed"),
            "minimum", "maximum", "step", "unit", "low", "high", "min_choices", "max_choices", "by_year",
        )  # fmt: skip

    field_order: ClassVar = [*BASE]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kind = self.instance.kind
        wanted = {*BASE, *fields_of(kind)} - self._unfit(kind)
        for name in ("minimum", "maximum"):
            label = self.fields[name].label
            self.fields[name] = DayField(label=label) if kind == "date" else EndField(label=label)
        for name in list(self.fields):
            if name in wanted:
                _dressed(self.fields[name])
                self.fields[name].label = label_for(kind, name) or self.fields[name].label
            else:
                del self.fields[name]
        self.fields["kind"].widget.choices = kind_choices()  # type: ignore[attr-defined]
        if self.instance.step is not None:
            self.initial["step"] = f"{self.instance.step:g}"
        self.initial["mixed"] = bool(self.instance.shuffle_group)
        if "attribute" in self.fields:
            self._offer_attributes(self.fields["attribute"], TELLS[kind])

    def _unfit(self, kind: str) -> set[str]:
        unfit = set() if can_say_no(kind) else set(_ASKING)
        if kind == "age_gate":
            unfit = (unfit | {"mixed"}) - {"why"}
        if kind not in TELLS:
            unfit.add("attribute")
        if not can_shuffle(kind):
            unfit.add("shuffle")
        if kind != "text" or self.instance.quiz.profile_kind == "self":
            unfit.add("names_profile")
        return unfit

    def _offer_attributes(self, field: Any, told: str) -> None:
        """Those that this kind of question can tell about whom the quiz is about, under their headings."""
        language = get_language() or "en"
        fitting = {"kind": told, "profile_kind": self.instance.quiz.profile_kind}
        groups: dict[str, list[tuple[int, str]]] = {}
        for each in Attribute.objects.filter(**fitting):
            groups.setdefault(pick(each.group, language) or "–", []).append((each.pk, pick(each.label, language)))
        choices: list[Any] = [("", gettext("Nothing: it only serves the result")), *sorted(groups.items())]
        current = self.instance.attribute
        if current is not None and (current.kind, current.profile_kind) != tuple(fitting.values()):
            choices.append((gettext("Does not fit this question"), [(current.pk, pick(current.label, language))]))
        field.label, field.help_text = gettext("What the answer tells"), ""
        _select(field, choices)

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if self.instance.quiz.questions.filter(key=key).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(gettext("Another question of this quiz has this key."), code="taken")
        return key

    def _section(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    def words(self) -> list[forms.BoundField]:
        return self._section(*WORDS)

    def identity(self) -> list[forms.BoundField]:
        return self._section("kind", "attribute")

    def bounds(self) -> list[forms.BoundField]:
        return self._section(*(name for name in fields_of(self.instance.kind) if name != "by_year"))

    def answering(self) -> list[forms.BoundField]:
        return self._section(*ANSWERING, "by_year")

    def careful(self) -> list[forms.BoundField]:
        return self._section("sensitive", "consent")

    def advanced(self) -> list[forms.BoundField]:
        return self._section("seconds")


class ChoiceForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Choice
        fields = ("label", "value", *_CHOOSING, "is_last")

    def __init__(
        self, *args: Any, question: Question | None = None, outcomes: tuple[Outcome, ...] = (), titles: Any = None,
        values: tuple[tuple[str, str], ...] = (), **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.kind = kind = question.kind if question else "single"
        if not can_shuffle(kind):
            for name in _CHOOSING:
                del self.fields[name]
        elif kind != "swatch" and not self.instance.color:
            del self.fields["color"]
        if not can_shuffle(kind) or (question and not question.shuffle):
            del self.fields["is_last"]
        for field in self.fields.values():
            _dressed(field)
        if "image" in self.fields and question:
            place = choice_place(self.instance.pk)
            self.fields["image"].widget = PicturePathWidget(question.quiz, place, words="alt")
        self.fields["value"].required = False
        if values:
            known = dict(values)
            own = self.instance.value
            strange = [(own, gettext("%(value)s (not a value of it)") % {"value": own})] if own not in known else []
            _select(self.fields["value"], [*values, *strange])
            self.fields["value"].label = gettext("Tells")
        self.has_values = bool(values)
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

    def clean_value(self) -> str:
        return self.cleaned_data["value"] or self.instance.value

    def points(self) -> list[forms.BoundField]:
        return [self[f"points-{outcome.key}"] for outcome in self.outcomes]

    def seen(self) -> list[forms.BoundField]:
        """What its kind shows of it beside its words; filled in or not, it is not folded away."""
        return [self[name] for name in _SEEN.get(self.kind, ()) if name in self.fields]

    def looks(self) -> list[forms.BoundField]:
        seen = _SEEN.get(self.kind, ())
        return [self[name] for name in _CHOOSING if name in self.fields and name not in seen]

    def is_wrong(self) -> bool:
        """Whether something is refused that may be folded away."""
        return bool(self.errors)

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
