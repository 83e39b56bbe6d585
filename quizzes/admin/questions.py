"""One question with its choices and rules. Reached from its quiz."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from preferences.admin.base import ProfferAdmin, ProfferStackedInline, ProfferTabularInline
from preferences.translated import pick

from ..models import Choice, Question, Rule


class ChoiceInline(ProfferTabularInline):
    model = Choice
    fields = ("value", "label", "help", "image", "alt", "color", "points", "feedback", "position")
    ordering_field = "position"
    hide_ordering_field = True
    hide_title = True
    verbose_name_plural = _("Choices: the value stays, its words may change")


class RuleInline(ProfferStackedInline):
    model = Rule
    fields = (("condition", "to"), "position")
    ordering_field = "position"
    hide_ordering_field = True
    verbose_name_plural = _("Jumps: the first whose condition holds is taken")


@admin.register(Question)
class QuestionAdmin(ProfferAdmin):
    inlines = (ChoiceInline, RuleInline)
    list_display = ("shown_title", "key", "quiz", "kind", "attribute", "sensitive")
    list_filter = ("quiz", "kind", "sensitive")
    search_fields = ("key", "title")
    autocomplete_fields = ("attribute",)
    fieldsets = (
        (None, {"fields": ("quiz", ("key", "kind"), "attribute", "title", "help", "why")}),
        (_("Answering"), {"fields": (
            ("required", "may_decline", "names_profile", "shuffle"), ("sensitive", "seconds"), "consent",
            ("minimum", "maximum", "step"), "unit", ("low", "high"), ("min_choices", "max_choices"), "rows",
        )}),
        (_("When it is asked"), {"fields": ("show_if", "required_if")}),
    )  # fmt: skip

    def only_shown(self, request: HttpRequest, obj: Question | None = None) -> tuple[str, ...]:
        return ("quiz",) if obj else ()

    @display(description=_("question"), ordering="key")
    def shown_title(self, question: Question) -> str:
        return pick(question.title, get_language() or "en") or question.key
