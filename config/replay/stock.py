"""Puts into the database what the cuisine quiz needs, as a marketer would: attributes, the purpose, products, offers.

Safe to run again: what is there already is left alone, so a second run changes no offer and makes nothing due.
"""

from config.replay import cuisines
from config.replay.people import Column, Survey
from preferences.catalogue import publish_notice, sync_features
from preferences.models import Attribute, AttributeValue, Feature, Purpose
from recommendations.models import Category, Offer, OfferWeight, Product

# What offers may be tailored from. What people said about themselves is told to the quiz, and used for nothing else.
USED_FOR_OFFERS = ("cuisine_knowledge", "cuisine_interest")
WORDS = {
    "title": {"en": "Tailored offers"},
    "sentence": {"en": "We use what you tell us to choose up to five offers that fit."},
    "benefit": {"en": "Fewer offers, better ones, each with its reason."},
    "details": {"en": "Switch this off and the offers are gone at once."},
}


def stock(survey: Survey) -> None:
    attributes = [_attribute(column) for column in survey.columns]
    used = [
        attribute
        for attribute, column in zip(attributes, survey.columns, strict=True)
        if column.is_cuisine or column.key in USED_FOR_OFFERS
    ]
    purpose = _purpose(used)
    _general_offer(purpose)
    features = {
        (key, code): id
        for id, key, code in Feature.objects.filter(attribute__in=attributes).values_list(
            "id", "attribute__key", "code"
        )
    }
    for column in cuisines.cuisines(survey):
        _offer(survey, column, purpose, features)


def _attribute(column: Column) -> Attribute:
    attribute, is_new = Attribute.objects.get_or_create(
        key=column.key,
        defaults={
            "kind": "choice",
            "label": {"en": f"Food of {column.title}" if column.is_cuisine else _heading(column.key)},
            "sentence": {"en": cuisines.sentence(column)},
            "group": {"en": "My table" if column.is_cuisine else "About me"},
        },
    )
    if is_new:
        AttributeValue.objects.bulk_create(
            AttributeValue(attribute=attribute, value=code, label={"en": label}, position=position)
            for position, (code, label) in enumerate(cuisines.labels(column).items())
        )
        sync_features(attribute)
    return attribute


def _heading(key: str) -> str:
    return key.replace("_", " ").capitalize()


def _purpose(used: list[Attribute]) -> Purpose:
    """The brand's own purpose for offers where it has one, under a notice that covers what is used here."""
    purpose, _is_new = Purpose.objects.get_or_create(slug=cuisines.OFFERS, defaults={"computes_offers": True})
    latest = purpose.notices.order_by("-version").first()
    if latest is None or not {attribute.pk for attribute in used} <= set(latest.covers):
        purpose.attributes.add(*used)
        words = {name: getattr(latest, name) for name in WORDS} if latest else WORDS
        publish_notice(purpose=purpose, **words)
    return purpose


def _general_offer(purpose: Purpose) -> None:
    Offer.objects.get_or_create(
        slug=cuisines.GENERAL,
        defaults={
            "title": {"en": "Your first table is on us"},
            "text": {"en": "One dinner box of your choice, whichever kitchen you start with."},
            "benefit_kind": "sample",
            "benefit": {"en": "A first box, free"},
            "code": "FIRSTTABLE",
            "purpose": purpose,
            "prior": 0.1,
        },
    )


def _offer(survey: Survey, column: Column, purpose: Purpose, features: dict[tuple[str, str], int]) -> None:
    country = cuisines.country_of(column)
    slug = f"table-{country.replace('_', '-')}"
    boxes, _ = Category.objects.get_or_create(slug="dinner-boxes", defaults={"name": {"en": "Dinner boxes"}})
    kitchen, _ = Category.objects.get_or_create(slug=country, defaults={"name": {"en": column.title}, "parent": boxes})
    product, _ = Product.objects.get_or_create(
        slug=f"box-{country.replace('_', '-')}",
        defaults={
            "name": {"en": f"Dinner box: {column.title}"},
            "description": {"en": "Three dishes for two, with everything measured out."},
            "category": kitchen,
            "price_amount": 24,
        },
    )
    offer, is_new = Offer.objects.get_or_create(
        slug=slug,
        defaults={
            "title": {"en": f"Dinner tonight: {column.title}"},
            "text": {"en": "Three dishes for two, cooked in forty minutes."},
            "product": product,
            "benefit_kind": "percentage",
            "benefit_value": 20,
            "benefit": {"en": "20% off the box"},
            "code": slug.upper().replace("-", "")[:40],
            "purpose": purpose,
        },
    )
    if is_new:
        OfferWeight.objects.bulk_create(
            OfferWeight(offer=offer, feature_id=features[key, code], weight=weight)
            for key, code, weight in cuisines.weights(survey, column)
        )
