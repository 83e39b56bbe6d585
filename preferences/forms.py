"""The form for one value: what may be entered is what its attribute allows."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .coding import PURCHASES
from .selectors import AttributeView
from .translated import pick

LONGEST_TEXT = 500
LARGEST_NUMBER = 1_000_000


class ValueForm(forms.Form):
    """`told()` is the value as it is kept. A ranking has one field a place, all others the one field `answer`."""

    def __init__(self, attribute: AttributeView, value: object = None, data: Any = None) -> None:
        super().__init__(data)
        self.attribute = attribute
        if attribute.kind == "ranking":
            ranked = value if isinstance(value, list) else []
            options = [("", "—"), *self._options()]
            for place in range(len(attribute.values)):
                initial = ranked[place] if place < len(ranked) else ""
                self.fields[f"place_{place + 1}"] = forms.ChoiceField(
                    label=_("Place {place}").format(place=place + 1), choices=options, initial=initial
                )
        else:
            if attribute.key == PURCHASES:  # one may take out what was a gift, and add nothing
                told = set(value) if isinstance(value, list) else set()
                self.attribute = replace(attribute, values=tuple(each for each in attribute.values if each in told))
            self.fields["answer"] = self._field()
            self.fields["answer"].initial = ("yes" if value else "no") if isinstance(value, bool) else value

    def _options(self) -> list[tuple[str, str]]:
        labels, language = self.attribute.labels, self.attribute.language
        return [(value, pick(labels.get(value, {}), language) or value) for value in self.attribute.values]

    def _field(self) -> forms.Field:
        label = self.attribute.label
        match self.attribute.kind:
            case "choice":
                return forms.ChoiceField(label=label, choices=self._options(), widget=forms.RadioSelect)
            case "multi":
                return forms.MultipleChoiceField(
                    label=label, choices=self._options(), widget=forms.CheckboxSelectMultiple, required=False
                )
            case "boolean":
                answers = self._options() or [("yes", _("Yes")), ("no", _("No"))]
                return forms.ChoiceField(label=label, choices=answers, widget=forms.RadioSelect)
            case "number":
                unit = pick(self.attribute.unit, self.attribute.language)
                label = f"{label} ({unit})" if unit else label
                return forms.FloatField(label=label, min_value=0, max_value=LARGEST_NUMBER, localize=True)
            case "date":
                return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        return forms.CharField(label=label, max_length=LONGEST_TEXT)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.attribute.kind == "ranking" and not self.errors and len(set(cleaned.values())) < len(cleaned):
            raise ValidationError(gettext("Put all of them in order, each once."))
        return cleaned

    def told(self) -> object:
        if self.attribute.kind == "ranking":
            return [self.cleaned_data[name] for name in self.fields]
        answer = self.cleaned_data["answer"]
        match self.attribute.kind:
            case "boolean":
                return answer == "yes"
            case "date":
                return answer.isoformat()
            case "number":
                return int(answer) if answer.is_integer() else answer
        return answer
