"""The uses a brand wants to make, and which of them a customer has switched on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db import connection
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404

from ..models import (
    Grant,
    Objection,
    Purpose,
    PurposeNotice,
    Standing,
    UseLog,
)
from ..translated import pick
from .catalogue import BRAND_SECONDS


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
    allowed: frozenset[str]  # what the present grant covers, under the notice it was given under; nothing to be renewed
    agreed: frozenset[str]  # what the notice covers that was last agreed to, be it to be renewed or not
    is_granted: bool
    is_outdated: bool  # granted under an earlier notice than the present one
    needs_renewal: bool  # a notice since then changed the use itself: off until agreed to anew
    is_objected: bool  # the customer objects: off, and nobody asks
    may_be_asked: bool  # it needs consent, and this customer may be asked for that
    granted_at: datetime | None
    granted_version: int | None
    granted_language: str  # in which the text was read
    computes_offers: bool
    is_shared: bool  # stays off while the browser sends Global Privacy Control


@dataclass(frozen=True, slots=True)
class SwitchView:
    """`version` of its text now, and of the one it was switched on under, None while it is off."""

    title: str
    is_shared: bool
    version: int
    granted_version: int | None


def purposes(customer_id: int | None, language: str) -> list[PurposeView]:
    """The active purposes in their order, with whether this customer has them switched on."""
    granted = {
        each.purpose_id: each
        for each in (Grant.objects.filter(customer_id=customer_id).select_related("notice") if customer_id else ())
    }
    used = Purpose.attributes.through.objects.filter(purpose_id=OuterRef("purpose_id"))
    pairs = used.values(pair=JSONObject(id="attribute_id", key="attribute__key"))
    notices = PurposeNotice.objects.filter(purpose__is_active=True).select_related("purpose")
    material = PurposeNotice.objects.filter(purpose_id=OuterRef("purpose_id"), is_material=True).order_by("-version")
    latest = (
        notices.order_by("purpose_id", "-version")
        .distinct("purpose_id")
        .annotate(
            used=ArraySubquery(pairs),
            changed_in=Subquery(material.values("version")[:1]),
            is_objected=Exists(Objection.objects.filter(customer_id=customer_id, purpose_id=OuterRef("purpose_id"))),
            is_minor=Exists(Standing.objects.minors().filter(customer_id=customer_id)),
        )
    )
    views = []
    for notice in sorted(latest, key=lambda each: (each.purpose.position, each.purpose_id)):
        purpose, grant = notice.purpose, granted.get(notice.purpose_id)
        keys = {pair["id"]: pair["key"] for pair in notice.used}
        needs_renewal = grant is not None and (notice.changed_in or 0) > grant.notice.version
        agreed = frozenset(key for pk, key in keys.items() if grant and pk in grant.notice.covers)
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
                allowed=frozenset() if needs_renewal else agreed,
                agreed=agreed,
                is_granted=grant is not None,
                is_outdated=grant is not None and grant.notice_id != notice.pk,
                needs_renewal=needs_renewal,
                is_objected=notice.is_objected,
                may_be_asked=purpose.basis == "consent" and not notice.is_objected and not notice.is_minor,
                granted_at=grant.granted_at if grant else None,
                granted_version=grant.notice.version if grant else None,
                granted_language=grant.language if grant else "",
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


def agreed_count(purpose_id: int) -> int:
    """How many customers a material notice would switch this use off for: a number for marketers, and nobody's name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count_grants(%s)", [purpose_id])
        return int(cursor.fetchone()[0])


def last_uses(customer_id: int, titles: Mapping[int, str]) -> dict[tuple[int, int], tuple[date, str]]:
    """For (profile, attribute) ids: the last day it was used, and by which purpose; `titles` by purpose id."""
    found: dict[tuple[int, int], tuple[date, str]] = {}
    for use in UseLog.objects.filter(customer_id=customer_id).order_by("day"):
        for attribute_id in use.attributes:
            found[use.profile_id, attribute_id] = (use.day, titles.get(use.purpose_id, ""))
    return found
