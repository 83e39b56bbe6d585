"""What can be recommended, for marketers: products, and the categories and traits they share."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from preferences.admin.base import ProfferAdmin
from preferences.translated import pick
from recommendations.models import Category, Product, Trait
from recommendations.wording import money_in_words


@admin.register(Category)
class CategoryAdmin(ProfferAdmin):
    list_display = ("shown_name", "slug", "parent", "is_sensitive")
    list_select_related = ("parent",)
    search_fields = ("slug", "name")
    in_use_message = _("It cannot be deleted: products or other categories belong to it. Move them first.")

    @display(description=_("category"), ordering="slug")
    def shown_name(self, category: Category) -> str:
        return pick(category.name, get_language() or "en") or category.slug


@admin.register(Trait)
class TraitAdmin(ProfferAdmin):
    list_display = ("shown_name", "slug")
    search_fields = ("slug", "name")

    @display(description=_("trait"), ordering="slug")
    def shown_name(self, trait: Trait) -> str:
        return pick(trait.name, get_language() or "en") or trait.slug


@admin.register(Product)
class ProductAdmin(ProfferAdmin):
    list_display = ("shown_name", "slug", "category", "price", "offers_count")
    list_filter = ("category", "traits")
    list_select_related = ("category",)
    autocomplete_fields = ("category", "traits")
    search_fields = ("slug", "name", "category__slug")
    in_use_message = _("It cannot be deleted: an offer is about it. Delete or change the offer first.")
    fieldsets = (
        (None, {"fields": (("slug", "category"), "name", "description", "traits", ("price_amount", "price_currency"))}),
        (_("Picture"), {"fields": ("art", "alt")}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("offers")

    @display(description=_("product"), ordering="slug")
    def shown_name(self, product: Product) -> str:
        return pick(product.name, get_language() or "en") or product.slug

    @display(description=_("price"), ordering="price_amount")
    def price(self, product: Product) -> str:
        return money_in_words(product.price_amount, product.price_currency) or "–"

    @display(description=_("offers"))
    def offers_count(self, product: Product) -> int | str:
        return len(product.offers.all()) or "–"
