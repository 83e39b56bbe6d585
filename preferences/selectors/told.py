"""What a customer told us, and what of it may be filled in again."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, OuterRef, Q
from django.http import Http404

from ..models import (
    Exclusion,
    Preference,
)
from ..translated import pick
from .catalogue import AttributeView, attributes
from .people import ProfileRef


@dataclass(frozen=True, slots=True)
class ToldItem:
    """`numbers`: when a number whose history is kept was told, and what, oldest first, the present one included."""

    profile: ProfileRef
    attribute: AttributeView
    value: object
    source: str
    source_label: str
    question_key: str
    features: frozenset[int]
    told_at: datetime
    expires_at: datetime
    excluded_from: frozenset[str]
    numbers: tuple[tuple[datetime, float], ...]


@dataclass(frozen=True, slots=True)
class Reusable:
    """What a customer told before and lets us fill in now. `source` as in Preference.Source."""

    value: object
    told_at: datetime
    source: str


def told(customer_id: int, language: str, profile_id: int | None = None) -> list[ToldItem]:
    """Everything the customer told and has not taken back, newest first."""
    rows = Preference.objects.filter(customer_id=customer_id).select_related("profile").order_by("-told_at", "-id")
    rows = rows.filter(Q(ended_at=None) | Q(attribute__keeps_history=True, attribute__kind="number"))
    if profile_id is not None:
        rows = rows.filter(profile_id=profile_id)
    excluded = Exclusion.objects.filter(profile_id=OuterRef("profile_id"), attribute_id=OuterRef("attribute_id"))
    found = list(rows.annotate(key=F("attribute__key"), excluded=ArraySubquery(excluded.values("purpose__slug"))))
    # Only what was told: an attribute may have thousands of values, products for one.
    known = {each.id: each for each in attributes(language, {row.key for row in found}).values()}
    numbers: dict[tuple[int, int], list[tuple[datetime, float]]] = {}
    for row in reversed(found):
        if known[row.attribute_id].keeps_history and known[row.attribute_id].kind == "number":
            numbers.setdefault((row.profile_id, row.attribute_id), []).append((row.told_at, row.value))
    return [
        ToldItem(
            profile=ProfileRef(row.profile_id, row.profile.kind, row.profile.name),
            attribute=known[row.attribute_id],
            value=row.value,
            source=row.source,
            source_label=pick(row.source_label, language),
            question_key=row.question_key,
            features=frozenset(row.features),
            told_at=row.told_at,
            expires_at=row.expires_at,
            excluded_from=frozenset(row.excluded),
            numbers=tuple(numbers.get((row.profile_id, row.attribute_id), ())),
        )
        for row in found
        if row.ended_at is None
    ]


def told_item(customer_id: int, profile_id: int, attribute_key: str, language: str) -> ToldItem:
    """One thing the customer told; what they did not tell, or is not theirs, is not found."""
    for item in told(customer_id, language, profile_id):
        if item.attribute.key == attribute_key:
            return item
    raise Http404


def answers_to_reuse(profile_id: int, keys: Collection[str]) -> dict[str, Reusable]:
    """By attribute: what may be filled in for this profile at this moment, in one query.

    Only what a switched-on use that fills in answers covers, as its notice said when it was agreed to, and neither
    excluded nor past its shelf life. Giving it out is that use, and is noted as such: ask only for what is to be shown.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM answers_to_reuse(%s, %s)", [profile_id, list(keys)])
        return {key: Reusable(json.loads(value), told_at, source) for key, value, told_at, source in cursor.fetchall()}


def history(profile_id: int, attribute_key: str) -> list[tuple[datetime, object]]:
    """When it was told and what, oldest first, the present value included."""
    rows = Preference.objects.filter(profile_id=profile_id, attribute__key=attribute_key).order_by("told_at", "id")
    return list(rows.values_list("told_at", "value"))
