"""What marketers keep up to date: features for what can be told, notices for what is done with it, the brand.

None of this touches a customer's rows. A feature is never deleted and a notice never changed: what customers told and
agreed to refers to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from .coding import codes_possible
from .models import Attribute, AttributeValue, Brand, Feature, Purpose, PurposeNotice

Texts = Mapping[str, str]


def sync_features(attribute: Attribute) -> int:
    """Makes the features that the attribute's possible values lack; returns how many. None is ever deleted."""
    attribute = Attribute.objects.prefetch_related("values").get(pk=attribute.pk)  # its `coding` may be an older one
    known = set(attribute.features.values_list("code", flat=True))
    missing = [code for code in codes_possible(attribute.coding) if code not in known]
    Feature.objects.bulk_create([Feature(attribute=attribute, code=code) for code in missing], ignore_conflicts=True)
    return len(missing)


@dataclass(frozen=True, slots=True)
class Added:
    """What an attribute's description added to the catalogue."""

    is_new: bool
    value_count: int
    feature_count: int


@transaction.atomic
def add_attribute(raw: Mapping[str, Any]) -> Added:
    """Adds an attribute as config/demo/attributes.json describes it. One with its key stays as it is, whoever changed
    it, and only gets the values that it lacks."""
    words, rules = ("label", "sentence", "group"), ("is_sensitive", "shelf_life_days", "keeps_history", "bins")
    attribute, is_new = Attribute.objects.get_or_create(
        key=raw["key"],
        defaults={name: raw[name] for name in ("kind", "profile_kind", *words, *rules)}
        | {"unit": raw["unit"] or {}, "ranking_first": raw["ranking_first"] or 3},
    )
    known = set(attribute.values.values_list("value", flat=True))
    values = [
        AttributeValue(attribute=attribute, value=each["value"], label=each["label"], position=position)
        for position, each in enumerate(raw["values"])
        if each["value"] not in known
    ]
    AttributeValue.objects.bulk_create(values)
    return Added(is_new, len(values), sync_features(attribute))


@transaction.atomic
def publish_notice(
    *, purpose: Purpose, title: Texts, sentence: Texts, benefit: Texts, details: Texts, is_material: bool = False
) -> PurposeNotice:
    """The purpose's next notice, which customers read from now on. Earlier ones stay as they were agreed to."""
    # Two marketers do not get the same version. No stronger lock than that: customers' changes refer to the purpose,
    # and a material notice waits for those under way.
    Purpose.objects.select_for_update(no_key=True).get(pk=purpose.pk)
    latest = purpose.notices.aggregate(latest=Max("version"))["latest"] or 0
    return purpose.notices.create(
        version=latest + 1,
        title=dict(title),
        sentence=dict(sentence),
        benefit=dict(benefit),
        details=dict(details),
        is_material=is_material and latest > 0,
        published_at=timezone.now(),
    )


def set_brand(brand: Brand) -> Brand:
    """Keeps the one brand there is; pages show it at once."""
    brand.pk = 1
    brand.save()
    cache.delete("brand")
    return brand
