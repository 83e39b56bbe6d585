"""The brand: one row, its looks shown while they are chosen."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from .. import catalogue
from ..models import Brand
from .base import ProfferAdmin


@admin.register(Brand)
class BrandAdmin(ProfferAdmin):
    fieldsets = (
        (None, {"fields": ("name", "tagline", "about", "contact_email", "age_of_consent", "time_zone")}),
        (_("Looks"), {"fields": ("hue", "chroma", "radius_px", "font_display", "font_text", "preview")}),
        (_("Pictures"), {"fields": ("logo", "hero", "hero_alt")}),
    )

    def only_shown(self, request: HttpRequest, obj: Brand | None = None) -> tuple[str, ...]:
        return ("preview",)

    class Media:
        js = ("admin-proffer/brand.js",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Brand.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Brand | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one brand, so no list of them."""
        if self.has_add_permission(request):
            return HttpResponseRedirect(reverse("admin:preferences_brand_add"))
        if Brand.objects.exists() and self.has_view_permission(request):
            return HttpResponseRedirect(reverse("admin:preferences_brand_change", args=[1]))
        return super().changelist_view(request, extra_context)

    def save_model(self, request: HttpRequest, obj: Brand, form: Any, change: bool) -> None:
        catalogue.set_brand(obj)

    @display(description=_("how it looks"))
    def preview(self, brand: Brand) -> str:
        """A question page in the customers' own stylesheets; brand.js lets it follow what is chosen above."""
        html = render_to_string("admin/preferences/brand_frame.html")
        return render_to_string("admin/preferences/brand_preview.html", {"html": html})
