"""The preference center in words: what its pages show."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language_info, gettext

from . import registry, selectors
from .selectors import EventView as LedgerEvent
from .selectors import ProfileRef, PurposeView, ToldItem
from .translated import pick
from .trends import TrendView, trend
from .wording import day_in_words


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


@dataclass(frozen=True, slots=True)
class GroupView:
    title: str
    profile_id: int
    kind: str
    items: tuple[ItemView, ...]
    forget_url: str


@dataclass(frozen=True, slots=True)
class PurposeCard:
    """`preview` says what would go if it were switched off now; `items` what it covers.

    `more` is what it would cover too if the customer agreed to the present text, which is a newer one.
    """

    slug: str
    title: str
    sentence: str
    benefit: str
    details: str
    has_switch: bool
    is_objected_to: bool
    is_on: bool
    since: str
    version: int
    notice: str
    url: str
    preview: tuple[str, ...]
    items: tuple[str, ...]
    more: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldView:
    label: str
    value: str
    why: str
    until: str


@dataclass(frozen=True, slots=True)
class EventView:
    at_text: str
    text: str


@dataclass(frozen=True, slots=True)
class Center:
    groups: tuple[GroupView, ...]
    uses: tuple[PurposeCard, ...]
    held: tuple[HeldView, ...]


def center(customer_id: int, language: str, *, objects: bool) -> Center:
    """Everything on the page, in a number of queries that does not grow with what was told.

    `objects`: the browser objects to sharing.
    """
    told = selectors.told(customer_id, language)
    purposes = selectors.purposes(customer_id, language)
    used = selectors.last_uses(customer_id, {each.id: each.title for each in purposes})
    items: dict[ProfileRef, list[tuple[ToldItem, ItemView]]] = {}
    for item in told:
        view = _item(item, purposes, used.get((item.profile.id, item.attribute.id)))
        items.setdefault(item.profile, []).append((item, view))
    withdrawals = [registry.Change("withdraw", customer_id, purpose=each.slug) for each in purposes if each.is_granted]
    lost = {
        change.purpose: [loss.text for loss in losses]
        for change, losses in zip(withdrawals, registry.all_losses(withdrawals), strict=True)
    }
    return Center(
        groups=tuple(
            group for profile in sorted(items, key=selectors.selves_first) for group in _groups(profile, items[profile])
        ),
        uses=tuple(_card(purpose, told, tuple(lost.get(purpose.slug, ())), objects) for purpose in purposes),
        held=tuple(
            HeldView(each.label, each.value, each.why, day_in_words(each.until_at) if each.until_at else "")
            for each in registry.held(customer_id, language)
        ),
    )


def _groups(profile: ProfileRef, items: list[tuple[ToldItem, ItemView]]) -> Iterable[GroupView]:
    """A pet's values stand under its name, the customer's own under what they are about."""
    by_title: dict[str, list[ItemView]] = {}
    for item, view in items:
        title = item.attribute.group if profile.kind == "self" else profile.name or item.attribute.group
        by_title.setdefault(title, []).append(view)
    forget_url = "" if profile.kind == "self" else reverse("preferences:forget_profile", args=[profile.id])
    return [GroupView(title, profile.id, profile.kind, tuple(views), forget_url) for title, views in by_title.items()]


def _item(
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


def _card(purpose: PurposeView, told: list[ToldItem], preview: tuple[str, ...], objects: bool) -> PurposeCard:
    notice = ""
    if purpose.granted_version:
        notice = gettext("You agreed to version {version} of this text.").format(version=purpose.granted_version)
    return PurposeCard(
        slug=purpose.slug,
        title=purpose.title,
        sentence=purpose.sentence,
        benefit=purpose.benefit,
        details=purpose.details,
        has_switch=purpose.basis == "consent" and not (objects and purpose.is_shared),
        is_objected_to=objects and purpose.is_shared,
        is_on=purpose.is_granted,
        since=day_in_words(purpose.granted_at) if purpose.granted_at else "",
        version=purpose.notice_version,
        notice=notice,
        url=reverse("preferences:switch_use", args=[purpose.slug]),
        preview=preview,
        items=tuple(
            item.attribute.label
            for item in told
            if item.attribute.key in (purpose.allowed if purpose.is_granted else purpose.attributes)
            and purpose.slug not in item.excluded_from
        ),
        more=tuple(
            item.attribute.label
            for item in told
            if purpose.is_outdated and item.attribute.key in purpose.attributes - purpose.allowed
        ),
    )


def event(entry: LedgerEvent) -> EventView:
    """A ledger entry as a sentence about the customer."""
    texts = {
        "granted": gettext("You switched on “{purpose}”."),
        "withdrawn": gettext("You switched off “{purpose}”."),
        "excluded": gettext("You took “{attribute}” out of “{purpose}”."),
        "included": gettext("You put “{attribute}” back into “{purpose}”."),
        "corrected": gettext("You changed “{attribute}”."),
        "merged": gettext("You brought over what you had told on another device."),
        "expired": gettext("“{attribute}” became too old to be used."),
        "objected": gettext("Your browser asked us not to share, so “{purpose}” stays off."),
        "erased": gettext("You deleted “{attribute}”."),
    }
    if entry.kind == "granted" and not entry.purpose:
        text = gettext("You agreed that we keep your answer on “{attribute}”.")
    elif entry.kind == "erased" and not entry.attribute:
        text = gettext("You deleted a profile and everything about it.")
    else:
        text = texts.get(entry.kind, entry.kind)
    parts = [text.format(purpose=entry.purpose, attribute=entry.attribute)]
    if entry.kind == "granted" and entry.notice_version:
        parts.append(
            gettext("You saw version {version} of the text, in {language}.").format(
                version=entry.notice_version, language=_language(entry.language)
            )
        )
    parts.append(_source_in_words(entry.source))
    at_text = date_format(localtime(entry.at), "j F Y, H:i")
    return EventView(at_text, " ".join(part for part in parts if part))


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def _source_in_words(source: str) -> str:
    match source.partition(":")[0]:
        case "quiz":
            return gettext("In a quiz.")
        case "center":
            return gettext("In your preferences.")
        case "order":
            return gettext("From an order.")
        case "staff":
            return gettext("On your request, by our staff.")
        case "gpc":
            return gettext("By your browser's signal.")
        case "device":
            return gettext("When you went on with another device.")
        case "sign-in":
            return gettext("When you signed in.")
    return ""
