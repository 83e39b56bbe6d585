"""Sixty offers of every kind and a thousand people who told and allowed this and that: at random, always the same."""

import json
import secrets
from datetime import timedelta
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from preferences import access, catalogue
from preferences.models import Attribute, AttributeValue, Feature, Purpose
from recommendations.models import Category, Offer, OfferWeight, Product, Trait, TraitWeight
from tests.recommendations.on_paper import UNUSED, Somebody, World
from tests.recommendations.shop import Person, T

PEOPLE, OFFERS = 1000, 60
ATTRIBUTES = {
    "skin": ("choice", ("dry", "oily", "mixed", "calm", "other")),
    "goals": ("multi", ("calm", "glow", "firm", "even")),
    "budget": ("choice", ("low", "mid", "high")),
    "climate": ("choice", ("cold", "mild", "hot", "wet")),
    "scent": ("multi", ("none", "rose", "mint", "wood")),
    "allergy": ("choice", ("nuts", "wool", "nothing")),  # sensitive
    "diary": ("choice", ("a", "b")),  # told, and covered by no use
}
SENSITIVE = "allergy"
OPEN_ABOUT = [key for key in ATTRIBUTES if key not in (SENSITIVE, UNUSED)]


def sixteenths(random: Random, most: float) -> float:
    """Exact in the engine's single precision, so that it and the oracle agree to the last bit."""
    return random.randint(int(-most * 16), int(most * 16)) / 16


def some_condition(random: Random, depth: int = 2) -> dict[str, object]:
    if depth and random.random() < 0.5:
        parts = [some_condition(random, depth - 1) for _ in range(random.randint(1, 3))]
        return random.choice([{"all": parts}, {"any": parts}, {"not": parts[0]}])
    key = random.choice(OPEN_ABOUT)
    kind, values = ATTRIBUTES[key]
    match random.randint(0, 2):
        case 0:
            return {"attribute": key, "op": "answered"}
        case 1:
            return {"attribute": key, "op": "in", "value": random.sample(values, 2)}
        case _:
            return {"attribute": key, "op": "is" if kind == "choice" else "includes", "value": random.choice(values)}


def arrange(world: World) -> None:
    """As the site's role, by the site's own functions; only what was dismissed long ago is put there."""
    purpose = _open(world.random)
    _settle(world, purpose)
    _dislikes(world)


def _open(random: Random) -> Purpose:
    purpose = Purpose.objects.create(slug="offers", computes_offers=True)
    for key, (kind, values) in ATTRIBUTES.items():
        attribute = Attribute.objects.create(
            key=key, kind=kind, label=T(key), sentence=T("{value}"), group=T("Me"), is_sensitive=key == SENSITIVE
        )
        AttributeValue.objects.bulk_create(
            AttributeValue(attribute=attribute, value=value, label=T(value), position=place)
            for place, value in enumerate(values)
        )
        catalogue.sync_features(attribute)
        if key != UNUSED:
            purpose.attributes.add(attribute)
    catalogue.publish_notice(
        purpose=purpose, title=T("Offers"), sentence=T("We."), benefit=T("So."), details=T("More.")
    )
    features = list(Feature.objects.values_list("id", flat=True))
    categories = [Category.objects.create(slug=f"category-{number}", name=T("C")) for number in range(7)]
    traits = [Trait.objects.create(slug=f"trait-{number}", name=T("T")) for number in range(4)]
    TraitWeight.objects.bulk_create(
        TraitWeight(trait=trait, feature_id=feature, weight=sixteenths(random, 1))
        for trait in traits
        for feature in random.sample(features, 5)
    )
    for number in range(OFFERS):
        _offer(random, number, purpose, features, categories, traits)
    return purpose


def _offer(
    random: Random, number: int, purpose: Purpose, features: list[int], categories: list[Category], traits: list[Trait]
) -> None:
    product = None
    if random.random() < 0.7:
        category = categories[min(random.randrange(7), random.randrange(7))]  # some are much larger than others
        product = Product.objects.create(slug=f"product-{number}", name=T("P"), category=category)
        product.traits.set(random.sample(traits, random.randint(0, 2)))
    is_sensitive = number % 12 == 0
    apart = {"attribute": SENSITIVE, "op": "is", "value": "nuts"}
    others = some_condition(random) if random.random() < 0.3 else None
    now, day = timezone.now(), timedelta(days=1)
    offer = Offer.objects.create(
        slug=f"offer-{number}",
        title=T("O"),
        benefit_kind="sample",
        purpose=purpose,
        product=product,
        prior=sixteenths(random, 1),
        priority=random.randint(0, 2),
        eligibility={"all": [apart, others] if others else [apart]} if is_sensitive else others,
        veto=random.choice([None, None, None, some_condition(random), apart]) if not is_sensitive else None,
        is_sensitive=is_sensitive,
        starts_at=random.choice([None, None, now - day, now + day]),
        ends_at=random.choice([None, None, now + 2 * day, now + 2 * day]),
        stock=random.choice([None, None, None, 0, 5]),
        is_active=random.random() < 0.9,
    )
    OfferWeight.objects.bulk_create(
        OfferWeight(offer=offer, feature_id=feature, weight=sixteenths(random, 2))
        for feature in random.sample(features, random.randint(0, 9))
    )


def _settle(world: World, purpose: Purpose) -> None:
    """A thousand people by the site's own functions, as its role: told at random, four of five granting."""
    random = world.random
    notice = purpose.notices.get().pk
    with transaction.atomic(), connection.cursor() as cursor:
        for _ in range(PEOPLE):
            token = secrets.token_urlsafe(16)
            cursor.execute("SELECT begin_customer(%s, 'en')", [access.token_hash(token)])
            (customer_id,) = cursor.fetchone()
            cursor.execute("SELECT id FROM preferences_profile WHERE kind = 'self'")
            (profile_id,) = cursor.fetchone()
            told = {
                key: tuple(random.sample(values, 1 if kind == "choice" else random.randint(1, 3)))
                for key, (kind, values) in ATTRIBUTES.items()
                if random.random() < 0.6
            }
            each = Somebody(Person(customer_id, profile_id, token), told, is_granted=random.random() < 0.8)
            items = [
                {"attribute": key, "value": list(codes) if len(codes) > 1 else codes[0], "codes": list(codes)}
                for key, codes in told.items()
            ]
            cursor.execute("SELECT remember(%s, %s, 'quiz', '{}', 'test')", [profile_id, json.dumps(items)])
            if each.is_granted:
                cursor.execute("SELECT grant_purpose('offers', %s, 'en', 'test')", [notice])
                if random.random() < 0.2:
                    each.left_out.add(random.choice([key for key in ATTRIBUTES if key != UNUSED]))
                    cursor.execute("SELECT set_exclusion(%s, 'offers', %s, true, 'test')", [profile_id, *each.left_out])
            world.people.append(each)


def _dislikes(world: World) -> None:
    """Some had dismissed something before, which in part is over."""
    offers, categories = ([row[0] for row in world.sql.execute(f"SELECT id FROM recommendations_{table} ORDER BY id")]
                          for table in ("offer", "category"))  # fmt: skip
    for each in world.random.sample(world.people, 200):
        offer = world.random.choice([world.random.choice(offers), None])
        until = world.random.choice([None, "1 day", "-1 day"])
        world.sql.execute(
            "INSERT INTO recommendations_suppression"
            " (profile_id, customer_id, offer_id, category_id, reason, times, noted_at, until_at, is_over)"
            " VALUES (%s, %s, %s, %s, 'not_for_me', 1, now(), now() + %s::interval, false)",
            [
                each.person.profile_id,
                each.person.id,
                offer,
                None if offer else world.random.choice(categories),
                until,
            ],
        )
