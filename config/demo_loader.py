"""Loads the demo brand of config/demo/ through what marketers use: the models, the catalogue, the publish step.

What is there already stays as it is, whoever changed it; only what is missing is added, all of it or nothing.
"""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from preferences import catalogue
from preferences.models import Attribute, Brand, Feature, Letter, Purpose, Topic
from quizzes.models import Quiz
from quizzes.services.drafting import import_definition
from quizzes.services.publishing import publish
from recommendations.models import Category, Complement, Offer, OfferWeight, Product, Trait, TraitWeight

FOLDER = Path(__file__).parent / "demo"
FIRST_QUIZZES = ("skin", "pet", "outerwear")  # on the home page; others follow by name
Loaded = Counter[str]


@transaction.atomic
def load_demo(folder: Path = FOLDER) -> Loaded:
    """Adds what is missing; returns how many of each were added, by a plural noun."""
    loaded: Loaded = Counter()
    _load_brand(_read(folder / "brand.json"), loaded)
    for each in _read(folder / "attributes.json"):
        _load_attribute(each, loaded)
    for each in _read(folder / "purposes.json"):
        _load_purpose(each, loaded)
    for each in _read(folder / "categories.json"):
        _load_category(each, loaded)
    for each in _read(folder / "products.json"):
        _load_product(each, loaded)
    for each in _read(folder / "complements.json"):
        _load_complement(each, loaded)
    for each in _read(folder / "traits.json"):
        _load_trait(each, loaded)
    for each in _read(folder / "offers.json"):
        _load_offer(each, loaded)
    for each in _read(folder / "topics.json"):
        _load_topic(each, loaded)
    for each in _read(folder / "letters.json"):
        _load_letter(each, loaded)
    _load_quizzes([_read(file) for file in sorted((folder / "quizzes").glob("*.json"))], loaded)
    return +loaded


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _load_brand(raw: dict[str, Any], loaded: Loaded) -> None:
    if Brand.objects.exists():
        return
    brand = Brand(
        name=raw["name"],
        tagline=raw["tagline"],
        about=raw["about"],
        hue=raw["hue"],
        chroma=raw["chroma"],
        radius_px=raw["radius"],
        font_display=raw["fonts"]["display"],
        font_text=raw["fonts"]["text"],
        logo=raw["logo"],
        hero=raw["hero"],
        hero_alt=raw["hero_alt"],
        contact_email=raw["email"],
    )
    catalogue.set_brand(brand)
    loaded["brands"] += 1


def _load_attribute(raw: dict[str, Any], loaded: Loaded) -> None:
    added = catalogue.add_attribute(raw)
    loaded["attributes"] += added.is_new
    loaded["values"] += added.value_count
    loaded["features"] += added.feature_count


def _load_purpose(raw: dict[str, Any], loaded: Loaded) -> None:
    purpose, is_new = Purpose.objects.get_or_create(
        slug=raw["slug"],
        defaults={name: raw[name] for name in ("basis", "position", "computes_offers")}
        | {"answers_once": raw.get("answers_once", False), "sends_mail": raw.get("sends_mail", False)},
    )
    if is_new:  # what an existing purpose may use is its marketers' and customers' affair
        purpose.attributes.set(Attribute.objects.filter(key__in=raw["attributes"]))
    if not purpose.notices.exists():
        words = {name: raw["notice"][name] for name in ("title", "sentence", "benefit", "details")}
        catalogue.publish_notice(purpose=purpose, **words)
        loaded["notices"] += 1
    loaded["purposes"] += is_new


def _load_topic(raw: dict[str, Any], loaded: Loaded) -> None:
    purpose = Purpose.objects.get(slug=raw["purpose"])
    if not purpose.sends_mail:
        return  # of an earlier demo: what customers agreed to then is its marketers' affair
    plain = ("kind", "position", "frequencies", "title", "sentence")
    _topic, is_new = Topic.objects.get_or_create(
        key=raw["key"], defaults={name: raw[name] for name in plain} | {"purpose": purpose}
    )
    loaded["topics"] += is_new


def _load_letter(raw: dict[str, Any], loaded: Loaded) -> None:
    """As a draft: releasing it is the marketers' first step."""
    topic = Topic.objects.filter(key=raw["topic"]).first()
    if topic is None or topic.letters.exists():
        return
    Letter.objects.create(topic=topic, subject=raw["subject"], body=raw["body"])
    loaded["letters"] += 1


def _load_category(raw: dict[str, Any], loaded: Loaded) -> None:
    """Parents come first in the file."""
    parent = Category.objects.get(slug=raw["parent"]) if raw["parent"] else None
    _category, is_new = Category.objects.get_or_create(
        slug=raw["slug"], defaults={"name": raw["name"], "parent": parent}
    )
    loaded["categories"] += is_new


def _load_product(raw: dict[str, Any], loaded: Loaded) -> None:
    plain = ("name", "description", "art", "alt")
    _product, is_new = Product.objects.get_or_create(
        slug=raw["slug"],
        defaults={name: raw[name] for name in plain}
        | {
            "category": Category.objects.get(slug=raw["category"]),
            "price_amount": raw["price"],
            "price_currency": raw["currency"],
        },
    )
    loaded["products"] += is_new


def _load_complement(raw: dict[str, Any], loaded: Loaded) -> None:
    _complement, is_new = Complement.objects.get_or_create(
        product=Product.objects.get(slug=raw["product"]),
        suggested=Product.objects.get(slug=raw["suggested"]),
        defaults={"weight": raw["weight"]},
    )
    loaded["complements"] += is_new


def _load_trait(raw: dict[str, Any], loaded: Loaded) -> None:
    """A new one with its products and what speaks for it; an existing one is its marketers' affair."""
    trait, is_new = Trait.objects.get_or_create(slug=raw["slug"], defaults={"name": raw["name"]})
    if is_new:
        trait.products.set(Product.objects.filter(slug__in=raw["products"]))
        weights = _weights(raw["weights"])
        TraitWeight.objects.bulk_create(
            TraitWeight(trait=trait, feature_id=feature, weight=each) for feature, each in weights.items()
        )
        loaded["weights"] += len(weights)
    loaded["traits"] += is_new


def _load_offer(raw: dict[str, Any], loaded: Loaded) -> None:
    now = timezone.now()
    plain = ("title", "text", "benefit_kind", "benefit_value", "benefit", "code")
    rules = ("prior", "priority", "eligibility", "veto", "stock", "is_sensitive")
    offer, is_new = Offer.objects.get_or_create(
        slug=raw["slug"],
        defaults={name: raw[name] for name in (*plain, *rules)}
        | {
            "product": Product.objects.get(slug=raw["product"]) if raw["product"] else None,
            "purpose": Purpose.objects.get(slug=raw["purpose"]),
            "starts_at": _in_days(now, raw["starts_in_days"]),
            "ends_at": _in_days(now, raw["ends_in_days"]),
        },
    )
    if not offer.weights.exists():
        weights = _weights(raw["weights"])
        OfferWeight.objects.bulk_create(
            OfferWeight(offer=offer, feature_id=feature, weight=each) for feature, each in weights.items()
        )
        loaded["weights"] += len(weights)
    loaded["offers"] += is_new


def _weights(raw: dict[str, dict[str, float]]) -> dict[int, float]:
    """By feature id."""
    rows = Feature.objects.filter(attribute__key__in=raw).values_list("attribute__key", "code", "pk")
    features = {(key, code): pk for key, code, pk in rows}
    return {features[key, code]: each for key, codes in raw.items() for code, each in codes.items()}


def _in_days(now: Any, days: int | None) -> Any:
    return None if days is None else now + timedelta(days=days)


def _load_quizzes(definitions: list[dict[str, Any]], loaded: Loaded) -> None:
    def place(raw: dict[str, Any]) -> int:
        return FIRST_QUIZZES.index(raw["slug"]) if raw["slug"] in FIRST_QUIZZES else len(FIRST_QUIZZES)

    for position, raw in enumerate(sorted(definitions, key=place)):
        if Quiz.objects.filter(slug=raw["slug"]).exclude(versions=None).exists():
            continue  # taken down or changed by now, perhaps
        quiz = import_definition(raw)
        quiz.position = position
        quiz.save(update_fields=["position"])
        publish(quiz=quiz, by="demo")
        loaded["quizzes"] += 1
