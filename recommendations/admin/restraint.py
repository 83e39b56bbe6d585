"""When offers keep quiet: one page for the brand, and caps, brand-wide or on an offer."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseModelFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.html import format_html_join
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from preferences.admin.base import ProfferAdmin, ProfferTabularInline
from preferences.translated import pick
from recommendations.models import Cap, Restraint

KEPT = ("dismissed_days", "quiet_from", "quiet_until", "holdout_percent")


def cap_in_words(cap: Cap) -> str:
    """ "The same offer reaches the same customer at most twice …", for a list of them."""
    days = ngettext("{count} day", "{count} days", cap.days).format(count=cap.days)
    match cap.counts:
        case Cap.Counts.EACH_OFFER:
            text = gettext("Nobody meets it more than {most} times in {days}, {where}.")
        case Cap.Counts.CUSTOMER:
            text = gettext("Nobody meets more than {most} offers in {days}, all together, {where}.")
        case _:
            text = gettext("It meets no more than {most} people in {days}, all together, {where}.")
    return text.format(most=cap.most, days=days, where=Cap.Channel(cap.channel).label)


class CapForm(forms.ModelForm):
    class Meta:
        model = Cap
        fields = ("counts", "channel", "offer", "most", "days")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("counts") == Cap.Counts.CUSTOMER and cleaned.get("offer"):
            self.add_error("counts", _("All offers together are counted for the brand, not on one offer."))
        if cleaned.get("days") is not None and not 1 <= cleaned["days"] <= 366:
            self.add_error("days", _("From 1 to 366 days."))
        if cleaned.get("most") == 0:
            self.add_error("most", _("At least 1. Switch the offer off to show it to nobody."))
        return cleaned


class CapInline(ProfferTabularInline):
    """The caps of one offer, on its page."""

    model = Cap
    form = CapForm
    fields = ("counts", "channel", "most", "days")
    hide_title = True
    verbose_name_plural = _("Caps: how often it is enough. Those of the brand hold as well")

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> type[BaseModelFormSet]:
        formset: type[BaseModelFormSet] = super().get_formset(request, obj, **options)
        if "counts" in formset.form.base_fields:
            formset.form.base_fields["counts"].choices = [
                each for each in Cap.Counts.choices if each[0] != Cap.Counts.CUSTOMER
            ]
        return formset


@admin.register(Cap)
class CapAdmin(ProfferAdmin):
    form = CapForm
    list_display = ("in_words", "shown_offer", "counts", "channel", "most", "days")
    list_filter = ("counts", "channel")
    list_select_related = ("offer",)
    autocomplete_fields = ("offer",)
    fieldsets = (
        (
            None,
            {
                "fields": ("counts", "channel", "offer", ("most", "days")),
                "description": _(
                    "All caps that apply must be kept. On pages an offer counts once a day, however often the page is "
                    "loaded, and stays for the day; each letter counts. Without an offer the cap holds for every one. "
                    "What everybody together meets is counted from when the first such cap is set."
                ),
            },
        ),
    )

    @display(description=_("in plain words"))
    def in_words(self, cap: Cap) -> str:
        return cap_in_words(cap)

    @display(description=_("offer"), ordering="offer__slug")
    def shown_offer(self, cap: Cap) -> str:
        return (
            (pick(cap.offer.title, get_language() or "en") or cap.offer.slug) if cap.offer else gettext("every offer")
        )


class RestraintForm(forms.ModelForm):
    class Meta:
        model = Restraint
        fields = KEPT

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        begin, end = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if (begin is None) != (end is None):
            self.add_error(
                "quiet_until" if end is None else "quiet_from", _("Quiet hours need a beginning and an end.")
            )
        elif begin is not None and begin == end:
            self.add_error("quiet_until", _("That would be all day, or no time at all."))
        if cleaned.get("dismissed_days") == 0:
            self.add_error("dismissed_days", _("At least one day: whoever says no means it."))
        return cleaned


@admin.register(Restraint)
class RestraintAdmin(ProfferAdmin):
    """One row, and its salt is nobody's to read: it is never fetched here."""

    form = RestraintForm
    fieldsets = (
        (None, {"fields": ("in_words",)}),
        (_("What somebody did not want"), {"fields": ("dismissed_days",)}),
        (_("Quiet hours, for all letters"), {"fields": (("quiet_from", "quiet_until"),)}),
        (_("Held out"), {"fields": ("holdout_percent",)}),
    )

    def only_shown(self, request: HttpRequest, obj: Restraint | None = None) -> tuple[str, ...]:
        return ("in_words",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Restraint]:
        return super().get_queryset(request).only("pk", *KEPT)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Restraint | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one row, so no list of them."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        return HttpResponseRedirect(reverse("admin:recommendations_restraint_change", args=[1]))

    def save_model(self, request: HttpRequest, obj: Restraint, form: Any, change: bool) -> None:
        obj.save(update_fields=KEPT)

    @display(description=_("in plain words"))
    def in_words(self, restraint: Restraint) -> str:
        days = ngettext("{count} day", "{count} days", restraint.dismissed_days).format(count=restraint.dismissed_days)
        lines = [
            gettext("What somebody did not want stays away for {days}; a second time, for good.").format(days=days)
        ]
        if restraint.quiet_from is not None and restraint.quiet_until is not None:
            lines.append(
                gettext("No letter between {begin} and {end} by the reader's clock; it waits for the morning.").format(
                    begin=time_format(restraint.quiet_from, "H:i"), end=time_format(restraint.quiet_until, "H:i")
                )
            )
        else:
            lines.append(gettext("Letters go out at any hour."))
        lines.append(
            gettext(
                "{percent} of 100 customers are never sent an offer, always the same ones; on pages they see them."
            ).format(percent=restraint.holdout_percent)
            if restraint.holdout_percent
            else gettext("Nobody is held out.")
        )
        return format_html_join("", "<p>{}</p>", ((line,) for line in lines))
