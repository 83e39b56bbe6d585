"""What counts as sensitive now, and which offers it concerns: the stored side of discretion.py."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from preferences.conditions import ConditionError
from preferences.models import Attribute
from recommendations.discretion import Branch, Whom, fault, may_speak, sensitive_categories
from recommendations.models import Category, Offer, OfferWeight, Product, TraitWeight, read_condition


@dataclass(frozen=True, slots=True)
class Sensitive:
    """The keys of sensitive attributes, and the ids of categories that are sensitive, by themselves or from above."""

    attributes: frozenset[str]
    categories: frozenset[int]

    @classmethod
    def now(cls) -> "Sensitive":
        branches = Category.objects.values_list("id", "parent_id", "is_sensitive")
        return cls(
            frozenset(Attribute.objects.filter(is_sensitive=True).values_list("key", flat=True)),
            sensitive_categories(Branch(*row) for row in branches),
        )

    def whom(self, offer: Offer) -> Whom:
        """Whom an offer is for; reads its product. Raises ConditionError when a condition cannot be read."""
        is_apart = offer.product is not None and offer.product.category_id in self.categories
        return Whom(offer.is_sensitive or is_apart, read_condition(offer.eligibility), read_condition(offer.veto))

    def fault(self, offer: Offer) -> str:
        """What the offer would give away, as `discretion.fault`; "" for one that cannot be read: nobody gets it."""
        try:
            return fault(self.whom(offer), self.attributes)
        except ConditionError:
            return ""

    def may_speak(self, offer: Offer) -> frozenset[str]:
        """The sensitive attributes whose answers may speak for the offer."""
        try:
            return may_speak(self.whom(offer), self.attributes)
        except ConditionError:
            return frozenset()

    def revealed_by(self, offer: Offer, keys: Collection[str]) -> frozenset[str]:
        """Those of these attributes that the offer would reveal, if their answers spoke for it."""
        return (self.attributes & frozenset(keys)) - self.may_speak(offer)


def offers_with_traits(traits: Collection[int]) -> Mapping[int, tuple[Offer, ...]]:
    """The offers that inherit each trait from their product."""
    found: dict[int, list[Offer]] = defaultdict(list)
    offers = Offer.objects.filter(product__traits__in=traits).select_related("product").distinct()
    by_product: dict[int, list[Offer]] = defaultdict(list)
    for offer in offers:
        by_product[offer.product_id or 0].append(offer)
    rows = Product.traits.through.objects.filter(trait_id__in=traits, product_id__in=by_product)
    for product_id, trait_id in rows.values_list("product_id", "trait_id"):
        found[trait_id] += by_product[product_id]
    return {trait: tuple(offers) for trait, offers in found.items()}


def keys_for_traits(traits: Collection[int]) -> frozenset[str]:
    """The attributes whose answers speak for one of these traits."""
    weights = TraitWeight.objects.filter(trait_id__in=traits, weight__gt=0)
    return frozenset(weights.values_list("feature__attribute__key", flat=True))


def keys_for_offer(offer_id: int) -> frozenset[str]:
    """The attributes whose answers speak for the offer by its own weights."""
    weights = OfferWeight.objects.filter(offer_id=offer_id, weight__gt=0)
    return frozenset(weights.values_list("feature__attribute__key", flat=True))
