"""What can be told, and the brand that asks."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.templatetags.static import static

from ..models import (
    Attribute,
    AttributeValue,
    Brand,
)
from ..translated import pick
from ..wording import value_in_words

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


def attributes(language: str, keys: set[str] | frozenset[str] | None = None) -> dict[str, AttributeView]:
    """The attributes by key; all of them without `keys`."""
    words = AttributeValue.objects.filter(attribute=OuterRef("pk")).order_by("position", "id")
    listed = ArraySubquery(words.values(pair=JSONObject(value="value", label="label")))
    found = Attribute.objects.annotate(listed=listed)
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
            values=tuple(pair["value"] for pair in each.listed),
            labels={pair["value"]: pair["label"] for pair in each.listed},
            is_sensitive=each.is_sensitive,
            keeps_history=each.keeps_history,
            language=language,
        )
        for each in found
    }


def brand(language: str) -> BrandView:
    """What the pages' frame says of the brand."""
    brand = _brand()
    return BrandView(
        name=brand.name,
        tagline=pick(brand.tagline, language),
        about=pick(brand.about, language),
        logo_url=static(brand.logo) if brand.logo else "",
        hero_url=static(brand.hero) if brand.hero else "",
        hero_alt=pick(brand.hero_alt, language),
        contact_email=brand.contact_email,
    )


def age_of_consent() -> int:
    """In years: below it, nothing that needs consent is asked for."""
    return _brand().age_of_consent


def _brand() -> Brand:
    """Read at most every few seconds: it is on every page."""
    found: Brand | None = cache.get("brand")
    if found is None:
        found = Brand.objects.filter(pk=1).first() or Brand(name="Proffer")
        cache.set("brand", found, BRAND_SECONDS)
    return found
