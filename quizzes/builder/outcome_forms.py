"""One outcome with its steps as a form. A draft may be unfinished: only what could not be stored is refused."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from preferences import registry
from preferences.admin.base import PlainJSONField
from preferences.fields import TranslatedFormField

from ..definition import ART, MAX_STEPS
from ..models import Outcome, OutcomeStep
from .ordering import free_key
from .outcome_editing import follows, is_published, key_for


def _dressed(field: forms.Field) -> None:
    """In the admin's look, and never in the way of a draft that is not finished."""
    if isinstance(field, TranslatedFormField | forms.JSONField):
        field.required = False
    else:
        field.widget = UnfoldAdminTextInputWidget(attrs=field.widget.attrs)


class OutcomeForm(forms.ModelForm):  # type: ignore[type-arg]
    """The key follows the title until a version knows the outcome by it, or somebody wrote another."""

    class Meta:
        model = Outcome
        fields = ("title", "key", "summary", "when", "art", "art_alt")
        field_classes: ClassVar = {"when": PlainJSONField}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.stored_key, stored_title = self.instance.key, self.instance.title
        for field in self.fields.values():
            _dressed(field)
        self.fields["key"].disabled = is_published(self.instance)
        self.key_follows = not self.fields["key"].disabled and follows(self.stored_key, stored_title)

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
        wanted = key_for(cleaned.get("title") or {})
        if self.key_follows and wanted and cleaned.get("key") == self.stored_key and "title" in self.changed_data:
            cleaned["key"] = free_key(wanted, self._others())
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
