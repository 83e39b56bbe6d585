"""A small shop to test with, and its people: Ada consented to everything, Bo to nothing, Cy withdrew."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import connection, transaction

from preferences import access, catalogue, services
from preferences.models import Attribute, AttributeValue, Feature, Purpose
from preferences.services import Told
from recommendations.models import Category, Offer, OfferWeight, Product
from tests.support.database import arranged_once

ATTRIBUTES: dict[str, tuple[str, tuple[str, ...], bool]] = {
    "skin": ("choice", ("dry", "oily"), False),
    "goals": ("multi", ("calm", "glow"), False),
    "allergy": ("choice", ("nuts", "none"), True),
}
WEIGHTS: dict[str, dict[str, float]] = {
    "cream": {"skin=dry": 3, "goals=calm": 2},
    "gel": {"skin=oily": 3, "goals=glow": 1},
    "card": {},
    "nut-free": {"allergy=nuts": 6},
}


def T(text: str, indonesian: str = "") -> dict[str, str]:
    return {"en": text} | ({"id": indonesian} if indonesian else {})


@dataclass(frozen=True)
class Shop:
    """The catalogue's ids by name."""

    purpose: Purpose
    offers: Mapping[str, int]
    features: Mapping[str, int]


@arranged_once
def open_shop() -> Shop:
    """Attributes, a purpose with its notice, products, offers and their weights. Acts as whatever role is current."""
    purpose = Purpose.objects.create(slug="offers", computes_offers=True)
    for key, (kind, values, is_sensitive) in ATTRIBUTES.items():
        attribute = Attribute.objects.create(
            key=key,
            kind=kind,
            label=T(key.capitalize()),
            sentence=T(f"your {key} is {{value}}", f"{key} kamu {{value}}"),
            group=T("Me"),
            is_sensitive=is_sensitive,
        )
        AttributeValue.objects.bulk_create(
            AttributeValue(attribute=attribute, value=value, label=T(value), position=place)
            for place, value in enumerate(values)
        )
        catalogue.sync_features(attribute)
        purpose.attributes.add(attribute)
    weight = Attribute.objects.create(
        key="weight",
        kind="number",
        label=T("Weight"),
        sentence=T("you weigh {value}"),
        group=T("Me"),
        unit=T("kg"),
        bins=[{"code": "light", "below": 60}, {"code": "heavy"}],
    )
    catalogue.sync_features(weight)
    purpose.attributes.add(weight)
    catalogue.publish_notice(
        purpose=purpose, title=T("Tailored offers"), sentence=T("We choose."), benefit=T("Fewer."), details=T("More.")
    )
    features = {str(feature): feature.pk for feature in Feature.objects.select_related("attribute")}
    product = Product.objects.create(
        slug="balm",
        name=T("Balm"),
        category=Category.objects.create(slug="creams", name=T("Creams")),
        price_amount=24,
        art="art/balm.svg",
        alt=T("A jar"),
    )
    offers = {}
    for slug, weights in WEIGHTS.items():
        offer = Offer.objects.create(
            slug=slug,
            title=T(slug.capitalize()),
            text=T(f"The {slug}."),
            product=product if slug == "cream" else None,
            benefit_kind="percentage" if slug == "cream" else "sample",
            benefit_value=20 if slug == "cream" else None,
            code=slug.upper(),
            purpose=purpose,
            prior=0.5 if slug == "card" else 0,
            veto={"attribute": "allergy", "op": "is", "value": "nuts"} if slug == "gel" else None,
            eligibility={"attribute": "allergy", "op": "answered"} if slug == "nut-free" else None,
            is_sensitive=slug == "nut-free",
        )
        OfferWeight.objects.bulk_create(
            OfferWeight(offer=offer, feature_id=features[feature], weight=weight) for feature, weight in weights.items()
        )
        offers[slug] = offer.pk
    return Shop(purpose, offers, features)


@dataclass(frozen=True)
class Person:
    """A customer, and how to act as them: `with`-less, each call is a transaction of their own."""

    id: int
    profile_id: int
    token: str

    def does(self, act: Callable[[], object]) -> object:
        with transaction.atomic():
            access.identify(self.token)
            return act()

    def tells(self, **values: object) -> "Person":
        items = [Told(key, value) for key, value in values.items()]
        self.does(lambda: services.remember(profile_id=self.profile_id, items=items))
        return self

    def grants(self) -> "Person":
        self.does(lambda: services.grant(purpose_slug="offers", language="en", source="test"))
        return self

    def withdraws(self) -> "Person":
        self.does(lambda: services.withdraw(purpose_slug="offers", source="test"))
        return self


def somebody() -> Person:
    """A new customer, as the web role."""
    token = secrets.token_urlsafe(16)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT begin_customer(%s, 'en')", [access.token_hash(token)])
        (customer_id,) = cursor.fetchone()
        cursor.execute("SELECT id FROM preferences_profile WHERE kind = 'self'")
        (profile_id,) = cursor.fetchone()
    return Person(customer_id, profile_id, token)
