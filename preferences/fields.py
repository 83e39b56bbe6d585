"""A model field for a text in several languages, edited with one input a language."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from .translated import DEFAULT_LANGUAGE

MAX_LENGTH = 4000


def is_bidi(code: str) -> bool:
    """Whether a language is written from right to left."""
    try:
        return bool(get_language_info(code)["bidi"])
    except KeyError:
        return False


class TranslatedWidget(forms.MultiWidget):
    """One labelled input for each language."""

    template_name = "admin/widgets/translated.html"

    def __init__(self, *, long: bool, attrs: dict[str, Any] | None = None) -> None:
        widget = UnfoldAdminTextareaWidget if long else UnfoldAdminTextInputWidget
        per_language = {"rows": 2} if long else {}
        super().__init__(
            {
                code: widget(attrs={**per_language, "lang": code, "dir": "rtl" if is_bidi(code) else "ltr"})
                for code, _name in settings.LANGUAGES
            },
            attrs,
        )

    def decompress(self, value: dict[str, str] | None) -> list[str]:
        return [(value or {}).get(code, "") for code, _name in settings.LANGUAGES]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for subwidget, (_code, label) in zip(context["widget"]["subwidgets"], settings.LANGUAGES, strict=True):
            subwidget["language"] = label
        return context


class TranslatedFormField(forms.MultiValueField):
    default_error_messages = {"required": _("Write at least the English text.")}

    def __init__(self, *, long: bool, **options: Any) -> None:
        options.pop("encoder", None)
        options.pop("decoder", None)
        fields = [forms.CharField(required=False, max_length=MAX_LENGTH) for _language in settings.LANGUAGES]
        options["widget"] = TranslatedWidget(long=long)
        super().__init__(fields, require_all_fields=False, **options)

    def compress(self, values: list[str]) -> dict[str, str]:
        texts = {code: text for (code, _name), text in zip(settings.LANGUAGES, values, strict=False) if text}
        if self.required and not texts.get(DEFAULT_LANGUAGE):
            raise ValidationError(self.error_messages["required"], code="required")
        return texts


def with_unseen(texts: dict[str, str], before: dict[str, str] | None) -> dict[str, str]:
    """With what was written before in languages that no form shows; unless the whole text was taken away."""
    shown = {code for code, _name in settings.LANGUAGES}
    unseen = {code: text for code, text in (before or {}).items() if code not in shown}
    return {**texts, **unseen} if texts else texts


class TranslatedField(models.JSONField):
    """`{"en": "…", "id": "…"}`; the default language is required unless `blank`."""

    def __init__(self, *args: Any, long: bool = False, **options: Any) -> None:
        self.long = long
        options.setdefault("default", dict)
        super().__init__(*args, **options)

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        """A form has no input for a language that the site does not speak (any more): what is written in it stays."""
        super().save_form_data(instance, with_unseen(data, getattr(instance, self.attname)))

    def formfield(self, **options: Any) -> forms.Field:
        allowed = {key: options[key] for key in ("label", "help_text") if key in options}
        return TranslatedFormField(
            long=self.long,
            required=not self.blank,
            label=allowed.get("label", capfirst(self.verbose_name)),
            help_text=allowed.get("help_text", self.help_text),
            initial=dict,
        )
