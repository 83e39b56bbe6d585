"""Products for marketers: where each stands, and the traits that speak for it."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from preferences.admin.base import ProfferAdmin
from preferences.translated import pick
from recommendations import tasks
from recommendations.admin import discreet
from recommendations.models import Offer, Product, Trait
from recommendations.sensitivity import Sensitive, keys_for_traits
from recommendations.wording import money_in_words


def revealing(products: Collection[int], traits: Collection[int]) -> tuple[list[Offer], frozenset[str]]:
    """The offers of these products that the traits would make reveal a sensitive answer, and of which attributes."""
    spoken = keys_for_traits(traits)
    sensitive = Sensitive.now()
    if not spoken & sensitive.attributes:
        return [], frozenset()
    found: dict[Offer, frozenset[str]] = {}
    for offer in Offer.objects.filter(product__in=products).select_related("product"):
        if revealed := sensitive.revealed_by(offer, spoken):
            found[offer] = revealed
    return list(found), frozenset().union(*found.values())


def revealing_in_words(offers: Collection[Offer], keys: Collection[str]) -> str:
    words = gettext(
        "These traits speak by what people said of %(attributes)s, so whoever sees %(offers)s on somebody's screen "
        "could learn it. Make such an offer one for people who said so themselves first, or choose other traits."
    )
    return words % {"attributes": discreet.labels_of(keys), "offers": discreet.titles_of(offers)}


class ProductForm(forms.ModelForm):
    class Meta:
        model = Product
        fields = "__all__"  # noqa: DJ007 (the admin names them in its fieldsets)

    def clean_traits(self) -> Any:
        traits = self.cleaned_data["traits"]
        added = {each.pk for each in traits}
        if self.instance.pk:
            added -= set(self.instance.traits.values_list("pk", flat=True))
            offers, keys = revealing([self.instance.pk], added)
            if offers:
                raise forms.ValidationError(revealing_in_words(offers, keys))
        return traits


@admin.register(Product)
class ProductAdmin(ProfferAdmin):
    form = ProductForm
    list_display = ("shown_name", "slug", "category_name", "shown_traits", "price", "offers_count")
    list_filter = ("category", "traits")
    list_select_related = ("category",)
    autocomplete_fields = ("category", "traits")
    search_fields = ("slug", "name", "category__slug", "category__name", "traits__slug")
    actions = ("give_traits",)
    in_use_message = _("It cannot be deleted: an offer is about it. Delete or change the offer first.")
    fieldsets = (
        (None, {"fields": (("slug", "category"), "name", "description", "traits", ("price_amount", "price_currency"))}),
        (_("Picture"), {"fields": ("art", "alt")}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("offers", "traits")

    @admin.action(description=_("Give these products traits"), permissions=["change"])
    def give_traits(self, request: HttpRequest, chosen: QuerySet[Product]) -> HttpResponse | None:
        """Asks which, then gives or takes them, all or none."""
        products = list(chosen.order_by("slug"))
        traits = list(Trait.objects.order_by("slug"))
        picked = [each for each in traits if str(each.pk) in request.POST.getlist("trait")]
        error = ""
        if "take" in request.POST or "give" in request.POST:
            error = self._change_traits(request, products, picked, gives="give" in request.POST)
            if not error:
                return None
        language = get_language() or "en"
        has = {each.pk: {trait.pk for trait in each.traits.all()} for each in products}
        context = self.admin_site.each_context(request) | {
            "title": gettext("Give these products traits"),
            "opts": Product._meta,
            "products": [(each.pk, self.shown_name(each)) for each in products],
            "traits": [
                (each.pk, pick(each.name, language) or each.slug, sum(each.pk in one for one in has.values()))
                for each in traits
            ],
            "picked": [each.pk for each in picked],
            "error": error,
        }
        return render(request, "admin/recommendations/give_traits.html", context, status=422 if error else 200)

    def _change_traits(self, request: HttpRequest, products: list[Product], traits: list[Trait], *, gives: bool) -> str:
        """What is wrong, or "" when it is done."""
        if not traits:
            return gettext("Choose a trait first.")
        product_ids, trait_ids = [each.pk for each in products], [each.pk for each in traits]
        offers, keys = revealing(product_ids, trait_ids) if gives else ([], frozenset())
        if offers:
            return revealing_in_words(offers, keys)
        through = Product.traits.through
        if gives:
            pairs = [through(product_id=one, trait_id=other) for one in product_ids for other in trait_ids]
            through._default_manager.bulk_create(pairs, ignore_conflicts=True)
        else:
            through._default_manager.filter(product_id__in=product_ids, trait_id__in=trait_ids).delete()
        sign, names = "+" if gives else "\u2212", ", ".join(each.slug for each in traits)
        for each in products:
            self.log_change(request, each, f"{sign} {names}")
        words = ngettext("%(count)s product is changed.", "%(count)s products are changed.", len(products))
        messages.success(request, words % {"count": len(products)})
        tasks.sweep_due.delay_on_commit()
        return ""

    @display(description=_("product"), ordering="slug")
    def shown_name(self, product: Product) -> str:
        return pick(product.name, get_language() or "en") or product.slug

    @display(description=_("category"), ordering="category__slug")
    def category_name(self, product: Product) -> str:
        return pick(product.category.name, get_language() or "en") or product.category.slug

    @display(description=_("traits"))
    def shown_traits(self, product: Product) -> str:
        language = get_language() or "en"
        return ", ".join(pick(each.name, language) or each.slug for each in product.traits.all()) or "–"

    @display(description=_("price"), ordering="price_amount")
    def price(self, product: Product) -> str:
        return money_in_words(product.price_amount, product.price_currency) or "–"

    @display(description=_("offers"))
    def offers_count(self, product: Product) -> int | str:
        return len(product.offers.all()) or "–"
