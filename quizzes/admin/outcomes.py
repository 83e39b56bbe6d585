"""One outcome with its steps. Reached from its quiz."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from preferences.admin.base import ProfferAdmin, ProfferStackedInline
from preferences.translated import pick

from ..models import Outcome, OutcomeStep


class StepInline(ProfferStackedInline):
    model = OutcomeStep
    fields = ("title", "text", ("when_to_use", "product"), "position")
    ordering_field = "position"
    hide_ordering_field = True
    verbose_name_plural = _("What we would do, step by step")


@admin.register(Outcome)
class OutcomeAdmin(ProfferAdmin):
    inlines = (StepInline,)
    list_display = ("shown_title", "key", "quiz")
    list_filter = ("quiz",)
    search_fields = ("key", "title")
    fieldsets = (
        (None, {"fields": ("quiz", "key", "title", "summary")}),
        (_("When"), {"fields": ("when",)}),
        (_("Art"), {"fields": ("art", "art_alt")}),
    )

    def only_shown(self, request: HttpRequest, obj: Outcome | None = None) -> tuple[str, ...]:
        return ("quiz",) if obj else ()

    @display(description=_("outcome"), ordering="key")
    def shown_title(self, outcome: Outcome) -> str:
        return pick(outcome.title, get_language() or "en") or outcome.key
