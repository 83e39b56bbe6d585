"""What customers and apps may know. The consent boundary is crossed here and nowhere else.

Everything comes back as frozen dataclasses, never as a QuerySet, so nobody can filter around the gate. Rows are the
current customer's only, by row security.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db import connection
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404
from django.templatetags.static import static

from .models import (
    Attribute,
    Brand,
    ConsentEvent,
    Exclusion,
    Grant,
    Preference,
    Profile,
    Purpose,
    PurposeNotice,
    UseLog,
)
from .translated import pick
from .wording import value_in_words

BRAND_SECONDS = 10


@dataclass(frozen=True, slots=True)
class AttributeView:
    """What is said of an attribute; `labels` maps values and bins to their translated label."""

    id: int
    key: str
    kind: str
    profile_kind: str
    label: str
    sentence: str
    group: str
    unit: Mapping[str, str]
    values: tuple[str, ...]
    labels: Mapping[str, Mapping[str, str]]
    is_sensitive: bool
    keeps_history: bool
    language: str

    def in_words(self, value: object) -> str:
        return value_in_words(self.kind, value, labels=self.labels, unit=self.unit, language=self.language)

    def told(self, value: object) -> str:
        """Completes "You told us …"."""
        return self.sentence.replace("{value}", self.in_words(value))


@dataclass(frozen=True, slots=True)
class BrandView:
    name: str
    tagline: str
    about: str
    logo_url: str
    hero_url: str
    hero_alt: str
    contact_email: str


@dataclass(frozen=True, slots=True)
class ProfileRef:
    id: int
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class PurposeView:
    id: int
    slug: str
    basis: str
    title: str
    sentence: str
    benefit: str
    details: str
    notice_version: int
    attributes: frozenset[str]  # what saying yes now would cover
    allowed: frozenset[str]  # what the present grant covers, under the notice it was given under
    is_granted: bool
    is_outdated: bool  # granted under an earlier notice than the present one
    granted_at: datetime | None
    granted_version: int | None
    computes_offers: bool
    is_shared: bool  # stays off while the browser sends Global Privacy Control


@dataclass(frozen=True, slots=True)
class SwitchView:
    """`version` of its text now, and of the one it was switched on under, None while it is off."""

    title: str
    is_shared: bool
    version: int
    granted_version: int | None


@dataclass(frozen=True, slots=True)
class ToldItem:
    """`numbers`: when a number whose history is kept was told, and what, oldest first, the present one included."""

    profile: ProfileRef
    attribute: AttributeView
    value: object
    source: str
    source_label: str
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


@dataclass(frozen=True, slots=True)
class EventView:
    at: datetime
    kind: str
    purpose: str
    attribute: str
    notice_version: int | None
    language: str
    source: str


def attributes(language: str, keys: set[str] | frozenset[str] | None = None) -> dict[str, AttributeView]:
    """The attributes by key; all of them without `keys`."""
    found = Attribute.objects.prefetch_related("values")
    if keys is not None:
        found = found.filter(key__in=keys)
    return {
        each.key: AttributeView(
            id=each.pk,
            key=each.key,
            kind=each.kind,
            profile_kind=each.profile_kind,
            label=pick(each.label, language),
            sentence=pick(each.sentence, language),
            group=pick(each.group, language),
            unit=each.unit,
            values=each.coding.values,
            labels={value.value: value.label for value in each.values.all()},
            is_sensitive=each.is_sensitive,
            keeps_history=each.keeps_history,
            language=language,
        )
        for each in found
    }


def brand(language: str) -> BrandView:
    """What the pages' frame says of the brand. Read at most every few seconds: it is on every page."""
    brand = cache.get("brand")
    if brand is None:
        brand = Brand.objects.filter(pk=1).first() or Brand(name="Proffer")
        cache.set("brand", brand, BRAND_SECONDS)
    return BrandView(
        name=brand.name,
        tagline=pick(brand.tagline, language),
        about=pick(brand.about, language),
        logo_url=static(brand.logo) if brand.logo else "",
        hero_url=static(brand.hero) if brand.hero else "",
        hero_alt=pick(brand.hero_alt, language),
        contact_email=brand.contact_email,
    )


def profiles(customer_id: int) -> list[ProfileRef]:
    """The customer's profiles, themselves first."""
    rows = Profile.objects.filter(customer_id=customer_id).values_list("id", "kind", "name")
    return sorted((ProfileRef(*row) for row in rows), key=selves_first)


def selves_first(profile: ProfileRef) -> tuple[bool, int]:
    return profile.kind != "self", profile.id


def purposes(customer_id: int | None, language: str) -> list[PurposeView]:
    """The active purposes in their order, with whether this customer has them switched on."""
    granted = {
        each.purpose_id: each
        for each in (Grant.objects.filter(customer_id=customer_id).select_related("notice") if customer_id else ())
    }
    used = Purpose.attributes.through.objects.filter(purpose_id=OuterRef("purpose_id"))
    pairs = used.values(pair=JSONObject(id="attribute_id", key="attribute__key"))
    notices = PurposeNotice.objects.filter(purpose__is_active=True).select_related("purpose")
    latest = notices.order_by("purpose_id", "-version").distinct("purpose_id").annotate(used=ArraySubquery(pairs))
    views = []
    for notice in sorted(latest, key=lambda each: (each.purpose.position, each.purpose_id)):
        purpose, grant = notice.purpose, granted.get(notice.purpose_id)
        keys = {pair["id"]: pair["key"] for pair in notice.used}
        views.append(
            PurposeView(
                id=purpose.pk,
                slug=purpose.slug,
                basis=purpose.basis,
                title=pick(notice.title, language),
                sentence=pick(notice.sentence, language),
                benefit=pick(notice.benefit, language),
                details=pick(notice.details, language),
                notice_version=notice.version,
                attributes=frozenset(key for pk, key in keys.items() if pk in notice.covers),
                allowed=frozenset(key for pk, key in keys.items() if grant and pk in grant.notice.covers),
                is_granted=grant is not None,
                is_outdated=grant is not None and grant.notice_id != notice.pk,
                granted_at=grant.granted_at if grant else None,
                granted_version=grant.notice.version if grant else None,
                computes_offers=purpose.computes_offers,
                is_shared=purpose.is_shared,
            )
        )
    return views


def shares_anything() -> bool:
    """Whether any use in force shares with others. Read at most every few seconds: it is asked by every request of a
    browser that objects to that."""
    found: bool = cache.get_or_set(
        "shares_anything", lambda: Purpose.objects.filter(is_active=True, is_shared=True).exists(), BRAND_SECONDS
    )
    return found


def told(customer_id: int, language: str, profile_id: int | None = None) -> list[ToldItem]:
    """Everything the customer told and has not taken back, newest first."""
    rows = Preference.objects.filter(customer_id=customer_id).select_related("profile").order_by("-told_at", "-id")
    rows = rows.filter(Q(ended_at=None) | Q(attribute__keeps_history=True, attribute__kind="number"))
    if profile_id is not None:
        rows = rows.filter(profile_id=profile_id)
    excluded = Exclusion.objects.filter(profile_id=OuterRef("profile_id"), attribute_id=OuterRef("attribute_id"))
    found = list(rows.annotate(excluded=ArraySubquery(excluded.values("purpose__slug"))))
    known = {each.id: each for each in attributes(language).values()}
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
            told_at=row.told_at,
            expires_at=row.expires_at,
            excluded_from=frozenset(row.excluded),
            numbers=tuple(numbers.get((row.profile_id, row.attribute_id), ())),
        )
        for row in found
        if row.ended_at is None
    ]


def answers_to_reuse(profile_id: int, keys: Collection[str]) -> dict[str, Reusable]:
    """By attribute: what may be filled in for this profile at this moment, in one query.

    Only what a switched-on use that fills in answers covers, as its notice said when it was agreed to, and neither
    excluded nor past its shelf life. Giving it out is that use, and is noted as such: ask only for what is to be shown.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM answers_to_reuse(%s, %s)", [profile_id, list(keys)])
        return {key: Reusable(json.loads(value), told_at, source) for key, value, told_at, source in cursor.fetchall()}


def told_item(customer_id: int, profile_id: int, attribute_key: str, language: str) -> ToldItem:
    """One thing the customer told; what they did not tell, or is not theirs, is not found."""
    for item in told(customer_id, language, profile_id):
        if item.attribute.key == attribute_key:
            return item
    raise Http404


def switch(slug: str, language: str) -> SwitchView:
    """A purpose that has a switch, as it reads now and as the current customer has it; row security shows no other."""
    notices = PurposeNotice.objects.filter(purpose__slug=slug, purpose__basis="consent", purpose__is_active=True)
    granted = Grant.objects.filter(purpose=OuterRef("purpose")).values("notice__version")[:1]
    row = (
        notices.order_by("-version")
        .annotate(granted=Subquery(granted))
        .values_list("title", "purpose__is_shared", "version", "granted")
    )
    found = row.first()
    if found is None:
        raise Http404
    title, is_shared, version, granted_version = found
    return SwitchView(pick(title, language), is_shared, version, granted_version)


def history(profile_id: int, attribute_key: str) -> list[tuple[datetime, object]]:
    """When it was told and what, oldest first, the present value included."""
    rows = Preference.objects.filter(profile_id=profile_id, attribute__key=attribute_key).order_by("told_at", "id")
    return list(rows.values_list("told_at", "value"))


def last_uses(customer_id: int, titles: Mapping[int, str]) -> dict[tuple[int, int], tuple[date, str]]:
    """For (profile, attribute) ids: the last day it was used, and by which purpose; `titles` by purpose id."""
    found: dict[tuple[int, int], tuple[date, str]] = {}
    for use in UseLog.objects.filter(customer_id=customer_id).order_by("day"):
        for attribute_id in use.attributes:
            found[use.profile_id, attribute_id] = (use.day, titles.get(use.purpose_id, ""))
    return found


def events(customer_id: int, language: str, *, most: int = 500) -> list[EventView]:
    """The customer's entries in the ledger, newest first; row security shows no one else's."""
    titles = {each.id: each.title for each in purposes(None, language)}
    labels = {each.id: each.label for each in attributes(language).values()}
    return [
        EventView(
            at=each.at,
            kind=each.kind,
            purpose=titles.get(each.purpose_id, ""),
            attribute=labels.get(each.attribute_id, ""),
            notice_version=each.notice.version if each.notice else None,
            language=each.language,
            source=each.source,
        )
        for each in ConsentEvent.objects.select_related("notice").order_by("-id")[:most]
    ]


def current_customer_id() -> int | None:
    """Whom the current transaction acts for, as the database sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_customer()")
        return cursor.fetchone()[0]  # type: ignore[no-any-return]
