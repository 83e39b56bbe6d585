"""One outcome with its steps as a form. A draft may be unfinished: only what could not be stored is refused."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from preferences import registry
from preferences.fields import TranslatedFormField
from preferences.translated import DEFAULT_LANGUAGE, pick

from ...definition import ART, MAX_STEPS
from ...models import Outcome, OutcomeStep
from ..pictures.field import PicturePathWidget, outcome_place
from ..questions.naming import free, key_from
from .editing import is_published


def _dressed(field: forms.Field) -> None:
    """In the admin's look, and never in the way of a draft that is not finished."""
    if isinstance(field, TranslatedFormField):
        field.required = False
    else:
        field.widget = UnfoldAdminTextInputWidget(attrs=field.widget.attrs)


class OutcomeForm(forms.ModelForm):  # type: ignore[type-arg]
    """The key follows the title until a version knows the outcome by it, or somebody wrote another."""

    class Meta:
        model = Outcome
        fields = ("title", "key", "summary", "art", "art_alt")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.stored_key, named = self.instance.key, key_from(pick(self.instance.title, DEFAULT_LANGUAGE))
        for field in self.fields.values():
            _dressed(field)
        place = outcome_place(self.instance.pk)
        self.fields["art"].label, self.fields["art_alt"].label = _("Picture"), _("Picture in words")
        self.fields["art"].widget = PicturePathWidget(self.instance.quiz, place, words="art_alt")
        self.fields["key"].disabled = is_published(self.instance)
        is_given = re.sub(r"_\d+\Z", "", self.stored_key) in ("outcome", named) or self.stored_key == named
        self.key_follows = is_given and not self.fields["key"].disabled

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if key in self._others():
            raise forms.ValidationError(gettext("Another outcome of this quiz has this key."), code="taken")
        return key

    def clean_art(self) -> str:
        art: str = self.cleaned_data["art"]
        if art and (not ART.match(art) or ".." in art):
            raise forms.ValidationError(gettext("Write a path under static, such as art/skin/calm.svg."), code="art")
        return art

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        wanted = key_from(pick(cleaned.get("title"), DEFAULT_LANGUAGE))
        if self.key_follows and wanted and cleaned.get("key") == self.stored_key and "title" in self.changed_data:
            cleaned["key"] = free(wanted, self._others())
        return cleaned

    def _others(self) -> set[str]:
        rest = self.instance.quiz.outcomes.exclude(pk=self.instance.pk)
        return set(rest.values_list("key", flat=True))


class StepForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = OutcomeStep
        fields = ("title", "text", "when_to_use", "product")

    def __init__(self, *args: Any, products: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            _dressed(field)
        choices = {"": gettext("No product")} | products
        if self.instance.product not in choices:
            missing = gettext("“%(slug)s”, which is not in the catalogue")
            choices[self.instance.product] = missing % {"slug": self.instance.product}
        self.fields["product"] = forms.ChoiceField(
            label=_("Product"), required=False, choices=list(choices.items()), widget=UnfoldAdminSelectWidget()
        )


StepFormSet: type[BaseInlineFormSet[Any, Any, Any]] = inlineformset_factory(
    Outcome, OutcomeStep, form=StepForm, extra=0, can_delete=False, max_num=MAX_STEPS
)


def steps_for(outcome: Outcome, data: Any = None) -> Any:
    products = registry.products(get_language() or "en")
    return StepFormSet(data, instance=outcome, prefix="steps", form_kwargs={"products": products})
