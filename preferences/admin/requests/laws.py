"""Laws and their clocks: the owner keeps them, privacy staff read them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from ...models import Jurisdiction, RequestClock
from ..base import ProfferAdmin, ProfferTabularInline


def in_words(clock: RequestClock) -> str:
    """Such as "1 month, and 2 more with a reason"."""
    counted = {
        "hours": ngettext("%(count)s hour", "%(count)s hours", clock.amount),
        "days": ngettext("%(count)s day", "%(count)s days", clock.amount),
        "working_days": ngettext("%(count)s working day", "%(count)s working days", clock.amount),
        "months": ngettext("%(count)s month", "%(count)s months", clock.amount),
    }
    words = counted[clock.unit] % {"count": clock.amount}
    if clock.extension:
        words = gettext("%(time)s, and %(more)s more with a reason") % {"time": words, "more": clock.extension}
    return words


class ClockInline(ProfferTabularInline):
    model = RequestClock
    fields = ("kind", "amount", "unit", "extension", "remind_hours")
    hide_title = True


@admin.register(Jurisdiction)
class JurisdictionAdmin(ProfferAdmin):
    inlines = (ClockInline,)
    list_display = ("name", "code", "time_zone", "shown_clocks", "keep_days")
    search_fields = ("name", "code")
    in_use_message = _("There are requests under this law, so it stays.")
    fieldsets = ((None, {"fields": ("name", "code", "time_zone", "keep_days", "position")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Jurisdiction]:
        return super().get_queryset(request).prefetch_related("clocks")

    @display(description=_("to answer within"))
    def shown_clocks(self, law: Jurisdiction) -> str:
        clocks = sorted(law.clocks.all(), key=lambda each: each.kind)
        said = (in_words(each) if not each.kind else f"{each.get_kind_display()}: {in_words(each)}" for each in clocks)
        return "; ".join(said) or gettext("no clock yet")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"time_zone": "UTC", **super().get_changeform_initial_data(request)}
