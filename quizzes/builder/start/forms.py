"""What a quiz says before its first question, as a form. A draft may be unfinished: only what could not be stored is
refused."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from preferences import selectors as preferences
from preferences.fields import TranslatedFormField, TranslatedWidget
from preferences.models import Purpose

from ...definition import MAX_HIDDEN, MAX_LABEL
from ...models import Quiz, QuizPurpose
from ...reading import KEY
from ..pictures.field import COVER, PicturePathWidget

WORDS = ("title", "tagline", "exchange_get", "exchange_ask", "exchange_use", "start_label", "start_note")
LONG = ("tagline", "exchange_get", "exchange_ask", "exchange_use", "start_note", "cover_alt")
SHORTEST, LONGEST = 1, 60


class InOrderField(forms.MultipleChoiceField):
    """Another order of the same choices is a change."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or ()) != list(data or ())


class StartForm(forms.ModelForm):  # type: ignore[type-arg]
    spoken = forms.MultipleChoiceField(
        label=_("Languages"),
        required=False,
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Before it is published, every text is written in each of these."),
    )
    asked = InOrderField(
        label=_("Uses asked about at the end"),
        required=False,
        help_text=_("In this order. Customers choose each by itself; the result is the same either way."),
    )
    brought = forms.CharField(
        label=_("What links may bring along"),
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3, "spellcheck": "false", "placeholder": "utm_source"}),
        help_text=_("One name a line, such as utm_source. Rules can ask about them. Never anything personal."),
    )

    class Meta:
        model = Quiz
        fields = ("slug", "profile_kind", *WORDS, "minutes", "cover", "cover_alt")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        quiz = self.instance
        for field in self.fields.values():
            if isinstance(field, TranslatedFormField):
                field.required = False
        for name in LONG:
            self.fields[name].widget = TranslatedWidget(long=True)
        self.fields["slug"].widget = UnfoldAdminTextInputWidget(attrs={"spellcheck": "false"})
        self.fields["slug"].disabled = quiz.versions.exists()
        about = self.fields["profile_kind"]
        about.widget = UnfoldAdminSelectWidget()
        about.widget.choices = Quiz.ProfileKind.choices
        minutes = self.fields["minutes"]
        minutes.validators += [MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)]
        minutes.widget = UnfoldAdminIntegerFieldWidget(attrs={"min": SHORTEST, "max": LONGEST})
        for each in self.fields["start_label"].widget.widgets:
            each.attrs["maxlength"] = MAX_LABEL
        self.fields["cover"].label = _("Cover picture")
        self.fields["cover"].widget = PicturePathWidget(quiz, COVER, words="cover_alt")
        self.uses = uses_to_ask(quiz)
        self.fields["asked"].choices = [(slug, title) for slug, title, _is_asked in self.uses]
        self.initial |= {
            "spoken": quiz.languages or [code for code, _name in settings.LANGUAGES if quiz.title.get(code)],
            "asked": [slug for slug, _title, is_asked in self.uses if is_asked],
            "brought": "\n".join(quiz.hidden),
        }

    def clean_brought(self) -> list[str]:
        names = [each.strip() for each in self.cleaned_data["brought"].replace(",", "\n").splitlines() if each.strip()]
        for name in names:
            if not KEY.match(name):
                words = gettext("“%(name)s”: use small letters, digits, underscores and hyphens.")
                raise forms.ValidationError(words % {"name": name[:50]}, code="name")
        if len(names) > MAX_HIDDEN or len(set(names)) < len(names):
            words = gettext("At most %(count)s names, each once.") % {"count": MAX_HIDDEN}
            raise forms.ValidationError(words, code="names")
        return names

    def save(self, commit: bool = True) -> Any:
        quiz, told = self.instance, self.cleaned_data
        quiz.hidden = told["brought"]
        if set(told["spoken"]) != set(self.initial["spoken"]):
            quiz.languages = [code for code, _name in settings.LANGUAGES if code in told["spoken"]]
        if told["asked"] != self.initial["asked"]:
            purposes = {each.slug: each for each in Purpose.objects.filter(slug__in=told["asked"])}
            quiz.asked_purposes.all().delete()
            QuizPurpose.objects.bulk_create(
                QuizPurpose(quiz=quiz, purpose=purposes[slug], position=place)
                for place, slug in enumerate(dict.fromkeys(told["asked"]))
            )
        return super().save(commit)

    def open_uses(self) -> list[tuple[str, str, bool]]:
        """(slug, title, whether it is asked about), in the order of what was sent, if anything was."""
        if not self.is_bound:
            return self.uses
        sent = self.data.getlist(self.add_prefix("asked"))
        return sorted(
            ((slug, title, slug in sent) for slug, title, _asked in self.uses),
            key=lambda use: sent.index(use[0]) if use[0] in sent else len(sent),
        )


def uses_to_ask(quiz: Quiz) -> list[tuple[str, str, bool]]:
    """Those that the quiz asks about, in its order, then the others that customers can switch on."""
    asked = list(quiz.asked_purposes.values_list("purpose__slug", flat=True))
    purposes = preferences.purposes(None, get_language() or "en")
    titles = {each.slug: each.title for each in purposes}
    known = [*asked, *(each.slug for each in purposes if each.slug not in asked and each.basis == "consent")]
    return [(slug, titles.get(slug) or slug, slug in asked) for slug in known]
