"""Which part of the fit a page shows: traits or offers, of one use's answers or of one attribute, found by a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from preferences.coding import PURCHASES
from preferences.models import Attribute, Purpose
from preferences.translated import pick

from ..models import Offer, OfferWeight, Trait, TraitWeight

TRAITS, OFFERS = "traits", "offers"
KINDS = (TRAITS, OFFERS)
LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Chosen:
    """`kind` is what the columns are. Empty: not narrowed. Pages count from 1."""

    kind: str
    purpose: str = ""
    attribute: str = ""
    word: str = ""
    rows: int = 1
    columns: int = 1

    @classmethod
    def from_request(cls, request: HttpRequest, kind: str) -> Chosen:
        if kind not in KINDS:
            raise Http404
        said = {name: text.replace("\0", "").strip() for name, text in request.GET.items()}
        return cls(
            kind,
            said.get("purpose", "")[:LONGEST_WORD],
            said.get("attribute", "")[:LONGEST_WORD],
            said.get("word", "").encode("utf-8", "replace").decode()[:LONGEST_WORD],
            _page(said.get("rows", "")),
            _page(said.get("columns", "")),
        )

    def url(self, name: str = "fit_kind", *, rows: int | None = None, columns: int | None = None) -> str:
        """`name`: which of the fit's pages, with the same choice."""
        kept = {
            "purpose": self.purpose,
            "attribute": self.attribute,
            "word": self.word,
            "rows": self.rows if rows is None else rows,
            "columns": self.columns if columns is None else columns,
        }
        query = urlencode({key: value for key, value in kept.items() if value not in ("", 1)})
        address = reverse(f"admin:recommendations_trait_{name}", args=[self.kind])
        return f"{address}?{query}" if query else address

    @property
    def model(self) -> type[Trait] | type[Offer]:
        return Trait if self.kind == TRAITS else Offer

    @property
    def weights(self) -> type[TraitWeight] | type[OfferWeight]:
        return TraitWeight if self.kind == TRAITS else OfferWeight

    @property
    def of(self) -> str:
        """The name of a weight's column."""
        return "trait" if self.kind == TRAITS else "offer"

    def narrowed(self) -> QuerySet[Trait] | QuerySet[Offer]:
        """The columns, on all pages."""
        found: QuerySet[Trait] | QuerySet[Offer] = self.model._default_manager.order_by("slug")
        if self.word:
            name = "name" if self.kind == TRAITS else "title"
            found = found.filter(Q(slug__icontains=self.word) | Q(**{f"{name}__icontains": self.word}))
        if self.purpose and self.kind == OFFERS:
            found = found.filter(purpose__slug=self.purpose)
        return found

    def attributes(self) -> QuerySet[Attribute]:
        """The rows' attributes, on all pages."""
        found = answerable()
        if self.purpose:
            found = found.filter(purposes__slug=self.purpose)
        return found.filter(key=self.attribute) if self.attribute else found


def answerable() -> QuerySet[Attribute]:
    """Attributes with answers that can count. What purchases speak for is said by complements."""
    return Attribute.objects.exclude(features=None).exclude(key=PURCHASES).order_by("id")


def purposes_to_choose() -> Sequence[tuple[str, str]]:
    """The uses that compute offers: slug and words."""
    language = get_language() or "en"
    found = Purpose.objects.filter(computes_offers=True).prefetch_related("notices")
    titles = {each.slug: max(each.notices.all(), key=lambda notice: notice.version, default=None) for each in found}
    return [(slug, pick(notice.title, language) if notice else slug) for slug, notice in titles.items()]


def attributes_to_choose() -> Sequence[tuple[str, str]]:
    language = get_language() or "en"
    return [(key, pick(label, language) or key) for key, label in answerable().values_list("key", "label")]


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 6 and int(text) else 1
