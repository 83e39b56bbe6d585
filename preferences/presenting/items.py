"""One thing that was told, in words."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

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


@dataclass(frozen=True, slots=True)
class ItemView:
    attribute: str
    label: str
    value_text: str
    sentence: SafeString
    source: str
    told_on: str
    expires_on: str
    last_used: str
    is_sensitive: bool
    edit_url: str
    forget_url: str
    uses: tuple[ItemUseView, ...]
    trend: TrendView | None


def item_view(
    item: ToldItem,
    purposes: list[PurposeView],
    used: tuple[object, str] | None,
) -> ItemView:
    attribute, key = item.attribute, item.attribute.key
    place = {"profile_id": item.profile.id, "attribute_key": key}
    return ItemView(
        attribute=key,
        label=attribute.label,
        value_text=attribute.in_words(item.value),
        sentence=sentence(item),
        source=_source_name(item),
        told_on=day_in_words(item.told_at),
        expires_on=day_in_words(item.expires_at),
        last_used=gettext("Last used on {day} for {purpose}").format(day=day_in_words(used[0]), purpose=used[1])
        if used
        else "",
        is_sensitive=attribute.is_sensitive,
        edit_url=reverse("preferences:edit", kwargs=place),
        forget_url=reverse("preferences:forget", kwargs=place),
        uses=tuple(
            ItemUseView(
                purpose=purpose.slug,
                title=purpose.title,
                is_on=key in purpose.allowed and purpose.slug not in item.excluded_from,
                is_available=key in purpose.allowed,
                url=reverse("preferences:switch_item", kwargs={**place, "slug": purpose.slug}),
            )
            for purpose in purposes
            if purpose.basis == "consent" and key in purpose.attributes
        ),
        trend=trend(attribute.label, pick(attribute.unit, attribute.language), list(item.numbers)),
    )


def sentence(item: ToldItem) -> SafeString:
    """What was told, as a sentence with its value set off: Your skin feels <b>tight</b> after washing."""
    before, _value, after = item.attribute.sentence.partition("{value}")
    before = before[:1].upper() + before[1:]
    return format_html("{}<b>{}</b>{}", before, item.attribute.in_words(item.value), after)


def _source_name(item: ToldItem) -> str:
    if item.source_label:
        return gettext("“{title}”").format(title=item.source_label)
    names = {"center": gettext("your preferences"), "order": gettext("an order"), "staff": gettext("a request to us")}
    return names.get(item.source, gettext("a quiz"))
