"""Traits for marketers, and the way to the table of what speaks for them."""

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from preferences.admin.base import ProfferAdmin
from preferences.translated import pick
from recommendations.fit.chosen import TRAITS, Chosen
from recommendations.fit.urls import fit_urls
from recommendations.models import Trait


@admin.register(Trait)
class TraitAdmin(ProfferAdmin):
    list_display = ("shown_name", "slug", "products_count", "answers_count")
    search_fields = ("slug", "name")
    in_use_message = _("It cannot be deleted.")

    def get_urls(self) -> list[URLPattern]:
        return fit_urls(self) + super().get_urls()

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(
            count_of_products=Count("products", distinct=True), count_of_weights=Count("weights", distinct=True)
        )  # fmt: skip

    @display(description=_("trait"), ordering="slug")
    def shown_name(self, trait: Trait) -> str:
        return pick(trait.name, get_language() or "en") or trait.slug

    @display(description=_("products"), ordering="count_of_products")
    def products_count(self, trait: Trait) -> str:
        count = trait.count_of_products  # type: ignore[attr-defined]
        if not count:
            return "–"
        url = reverse("admin:recommendations_product_changelist")
        return format_html('<a class="underline" href="{}?traits__id__exact={}">{}</a>', url, trait.pk, count)

    @display(description=_("fit"), ordering="count_of_weights")
    def answers_count(self, trait: Trait) -> str:
        count = trait.count_of_weights  # type: ignore[attr-defined]
        words = ngettext("%(count)s answer", "%(count)s answers", count) if count else gettext("Say for whom")
        url = Chosen(TRAITS, word=trait.slug).url()
        return format_html('<a class="underline" href="{}">{}</a>', url, words % {"count": count})
