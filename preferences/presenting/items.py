"""One thing that was told, in words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from ..registry import Made
from ..selectors import PurposeView, ToldItem
from ..translated import pick
from ..trends import TrendView, trend
from ..wording import day_in_words


@dataclass(frozen=True, slots=True)
class ItemUseView:
    """One item × one purpose. It is available while the purpose itself is on."""

    purpose: str
    title: str
    is_on: bool
    is_available: bool
    url: str
    control: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """`anchor` is its place on the page; `made` says how many things it speaks for; `is_too_old`: no longer used;
    `is_bought`: from orders, of which `told_on` is the last and `expires_on` the end of the oldest."""

    anchor: str
    attribute: str
    label: str
    group: str
    whom: str
    value_text: str
    sentence: SafeString
    source: str
    is_bought: bool
    told_on: str
    expires_on: str
    is_too_old: bool
    last_used: str
    last_used_on: date | None
    is_sensitive: bool
    url: str
    edit_url: str
    forget_url: str
    still_right_url: str
    all_uses_url: str
    all_uses_control: str
    profile_id: int
    uses: tuple[ItemUseView, ...]
    made: str
    trend: TrendView | None

    @property
    def is_used(self) -> bool:
        return any(use.is_on for use in self.uses)

    @property
    def is_usable(self) -> bool:
        return any(use.is_available for use in self.uses)


def item_view(
    item: ToldItem,
    purposes: Sequence[PurposeView],
    used: tuple[date, str] | None,
    made: Collection[Made] = (),
) -> ItemView:
    """`used`: the last day it was, and for what. `made`: everything that was made for its profile."""
    attribute, key = item.attribute, item.attribute.key
    place = {"profile_id": item.profile.id, "attribute_key": key}
    url = reverse("preferences:edit", kwargs=place)
    return ItemView(
        anchor=anchor(item.profile.id, key),
        attribute=key,
        label=attribute.label,
        group=attribute.group,
        whom=item.profile.name,
        value_text=attribute.in_words(item.value),
        sentence=sentence(item),
        source=_source_name(item),
        is_bought=item.source == "order",
        told_on=day_in_words(item.told_at),
        expires_on=day_in_words(item.expires_at),
        is_too_old=item.expires_at <= timezone.now(),
        last_used=last_used_in_words(used),
        last_used_on=used[0] if used else None,
        is_sensitive=attribute.is_sensitive,
        url=url,
        edit_url=url,
        forget_url=reverse("preferences:forget", kwargs=place),
        still_right_url=reverse("preferences:still_right", kwargs=place),
        all_uses_url=reverse("preferences:switch_item_for_all", kwargs=place),
        all_uses_control=f"all-{item.profile.id}-{key}",
        profile_id=item.profile.id,
        uses=tuple(item_uses(item, purposes)),
        made=_made_in_words(item, made),
        trend=trend(attribute.label, pick(attribute.unit, attribute.language), list(item.numbers)),
    )


def item_uses(item: ToldItem, purposes: Sequence[PurposeView]) -> list[ItemUseView]:
    """Every use that may want this, in the brand's order."""
    key = item.attribute.key
    place = {"profile_id": item.profile.id, "attribute_key": key}
    return [
        ItemUseView(
            purpose=purpose.slug,
            title=purpose.title,
            is_on=key in purpose.allowed and purpose.slug not in item.excluded_from,
            is_available=key in purpose.allowed,
            url=reverse("preferences:switch_item", kwargs={**place, "slug": purpose.slug}),
            control=f"switch-{item.profile.id}-{key}-{purpose.slug}",
        )
        for purpose in purposes
        if purpose.basis == "consent" and key in purpose.attributes | purpose.allowed
    ]


def anchor(profile_id: int, attribute_key: str) -> str:
    return f"item-{profile_id}-{attribute_key}"


def sentence(item: ToldItem) -> SafeString:
    """What was told, as a sentence with its value set off: Your skin feels <b>tight</b> after washing."""
    before, _value, after = item.attribute.sentence.partition("{value}")
    before = before[:1].upper() + before[1:]
    return format_html("{}<b>{}</b>{}", before, item.attribute.in_words(item.value), after)


def last_used_in_words(used: tuple[date, str] | None) -> str:
    if not used:
        return ""
    return gettext("Last used on {day} for {purpose}").format(day=day_in_words(used[0]), purpose=used[1])


def speaks_for(item: ToldItem, made: Collection[Made]) -> list[Made]:
    """What was made partly because of this."""
    return [each for each in made if each.profile_id == item.profile.id and not item.features.isdisjoint(each.features)]


def _made_in_words(item: ToldItem, made: Collection[Made]) -> str:
    count = len(speaks_for(item, made))
    if not count:
        return ""
    return ngettext("{count} of your offers comes from it.", "{count} of your offers come from it.", count).format(
        count=count
    )


def _source_name(item: ToldItem) -> str:
    if item.source_label:
        return gettext("“{title}”").format(title=item.source_label)
    names = {"center": gettext("your preferences"), "order": gettext("an order"), "staff": gettext("a request to us")}
    return names.get(item.source, gettext("a quiz"))


def is_lately(day: date | None, now: datetime) -> bool:
    """Within the last thirty days."""
    return day is not None and (now.date() - day).days <= 30
