"""All that the preference center's page shows."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from .. import registry, selectors
from ..selectors import ProfileRef, ToldItem
from ..wording import day_in_words
from .items import ItemView, item_view
from .uses import PurposeCard, card


@dataclass(frozen=True, slots=True)
class GroupView:
    title: str
    profile_id: int
    kind: str
    items: tuple[ItemView, ...]
    forget_url: str


@dataclass(frozen=True, slots=True)
class HeldView:
    label: str
    value: str
    why: str
    until: str


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
        view = item_view(item, purposes, used.get((item.profile.id, item.attribute.id)))
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
        uses=tuple(card(purpose, told, tuple(lost.get(purpose.slug, ())), objects) for purpose in purposes),
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
