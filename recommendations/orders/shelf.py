"""The products, categories and rules that decide what follows from a purchase, as complements.py takes them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from preferences.coding import PURCHASES
from preferences.models import Feature
from recommendations.complements import Edge, Item, Policy, Tree, purchase_weights
from recommendations.discretion import Branch
from recommendations.models import AfterPurchase, Category, Complement, Offer, Product


def after_purchases() -> Iterator[tuple[int, int, float]]:
    """What purchases say for and against offers: offer, feature, weight. Reads small tables, nobody's rows."""
    offered: dict[int, list[int]] = defaultdict(list)
    for product_id, offer_id in Offer.objects.exclude(product=None).values_list("product_id", "id"):
        offered[product_id].append(offer_id)
    edges = Complement.objects.filter(is_active=True).values_list("product_id", "suggested_id", "weight")
    for weight in purchase_weights(
        items=items(Product.objects.values_list("id", "slug", "category_id")),
        offered=offered,
        edges=[Edge(*row) for row in edges],
        branches=branches(),
        policy=policy(),
    ):
        yield weight.offer_id, weight.feature_id, weight.weight


def items(products: Iterable[tuple[int, str, int]]) -> Iterator[Item]:
    """Of products' ids, slugs and categories."""
    features = dict(Feature.objects.filter(attribute__key=PURCHASES).values_list("code", "id"))
    for pk, slug, category_id in products:
        yield Item(pk, category_id, features.get(slug))


def branches() -> list[Branch]:
    return [Branch(*row) for row in Category.objects.values_list("id", "parent_id", "is_sensitive")]


def policy() -> Policy:
    kept = AfterPurchase.objects.first()
    return Policy(kept.bought, kept.substitutes, kept.distance) if kept else Policy()


def is_in_reach(product: Product, suggested: Product) -> bool:
    """Whether the one is near enough to the other for a purchase to speak for it."""
    return Tree(branches()).is_within(product.category_id, suggested.category_id, policy().distance)
