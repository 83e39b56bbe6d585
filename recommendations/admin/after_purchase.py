"""What follows from a purchase: one row of three numbers, kept once somebody changes them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from preferences.admin.base import ProfferAdmin
from recommendations import tasks
from recommendations.models import AfterPurchase


@admin.register(AfterPurchase)
class AfterPurchaseAdmin(ProfferAdmin):
    fieldsets = (
        (
            None,
            {
                "fields": ("bought", "substitutes", "distance"),
                "description": _(
                    "Whoever lets their purchases be used is offered what goes with them, and not the same again. What "
                    "goes with what is said under Complements."
                ),
            },
        ),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not AfterPurchase.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: AfterPurchase | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one row at most, so no list of them."""
        if self.has_add_permission(request):
            return HttpResponseRedirect(reverse("admin:recommendations_afterpurchase_add"))
        if AfterPurchase.objects.exists() and self.has_view_permission(request):
            return HttpResponseRedirect(reverse("admin:recommendations_afterpurchase_change", args=[1]))
        return super().changelist_view(request, extra_context)

    def save_model(self, request: HttpRequest, obj: AfterPurchase, form: Any, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)
        tasks.sweep_due.delay_on_commit()
