"""What goes with what was bought: a marketer's own word, and suggestions that wait for one."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from preferences.admin.base import ProfferAdmin
from preferences.translated import pick
from recommendations import tasks
from recommendations.models import Complement, Product
from recommendations.orders.shelf import is_in_reach

SUGGESTED = Complement.Origin.BOUGHT_TOGETHER


class State(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, Any]]:
        return [("waits", _("suggested, waits for you")), ("counts", _("counts")), ("off", _("off"))]

    def queryset(self, _request: HttpRequest, found: QuerySet[Complement]) -> QuerySet[Complement]:
        match self.value():
            case "waits":
                return found.filter(origin=SUGGESTED, is_active=False)
            case "counts":
                return found.filter(is_active=True)
            case "off":
                return found.filter(is_active=False).exclude(origin=SUGGESTED)
        return found


@admin.register(Complement)
class ComplementAdmin(ProfferAdmin):
    list_display = ("bought", "may_like", "weight", "shown_state")
    list_filter = (State, "origin")
    list_select_related = ("product", "suggested")
    ordering = ("is_active", "product__slug", "-weight")
    search_fields = ("product__slug", "product__name", "suggested__slug", "suggested__name")
    autocomplete_fields = ("product", "suggested")
    fields = (("product", "suggested"), "weight", "is_active")
    actions = ("accept", "decline")
    taken_message = _("There is one between these two products already. Change that one.")

    def save_model(self, request: HttpRequest, obj: Complement, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.is_active and not is_in_reach(obj.product, obj.suggested):
            messages.warning(request, _(
                "They stand too far apart in the tree of categories, so it counts for nothing. How far is near is set "
                "under “After a purchase”."
            ))  # fmt: skip

    @admin.action(description=_("Accept suggestions"), permissions=["change"])
    def accept(self, request: HttpRequest, chosen: QuerySet[Complement]) -> None:
        waiting = list(chosen.filter(origin=SUGGESTED, is_active=False))
        Complement.objects.filter(pk__in=[each.pk for each in waiting]).update(is_active=True)
        for each in waiting:
            self.log_change(request, each, gettext("Accepted."))
        self._say(request, len(waiting), ngettext(
            "%(count)s suggestion counts now.", "%(count)s suggestions count now.", len(waiting)
        ))  # fmt: skip

    @admin.action(description=_("Decline suggestions"), permissions=["delete"])
    def decline(self, request: HttpRequest, chosen: QuerySet[Complement]) -> None:
        """A declined one is gone, and is not made again: the database remembers."""
        waiting = list(chosen.filter(origin=SUGGESTED, is_active=False))
        for each in waiting:
            self.log_deletions(request, [each])
        Complement.objects.filter(pk__in=[each.pk for each in waiting]).delete()
        self._say(request, len(waiting), ngettext(
            "%(count)s suggestion is declined and will not come again.",
            "%(count)s suggestions are declined and will not come again.",
            len(waiting),
        ))  # fmt: skip

    def _say(self, request: HttpRequest, count: int, words: str) -> None:
        if not count:
            messages.info(request, gettext("None of them is a suggestion that waits."))
            return
        messages.success(request, words % {"count": count})
        tasks.sweep_due.delay_on_commit()

    @display(description=_("whoever bought"), ordering="product__slug")
    def bought(self, edge: Complement) -> str:
        return _name(edge.product)

    @display(description=_("may like"), ordering="suggested__slug")
    def may_like(self, edge: Complement) -> str:
        return _name(edge.suggested)

    @display(description=_("state"), label={"counts": "success", "waits": "warning", "off": "default"})
    def shown_state(self, edge: Complement) -> tuple[str, str]:
        if edge.is_active:
            return "counts", gettext("counts")
        if edge.origin == SUGGESTED:
            return "waits", gettext("suggested, waits for you")
        return "off", gettext("off")


def _name(product: Product) -> str:
    return pick(product.name, get_language() or "en") or product.slug
