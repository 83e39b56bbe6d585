"""All that the preference center's page shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from .. import registry, selectors
from ..selectors import ProfileRef, ToldItem
from ..services import PAUSE_DAYS
from ..wording import day_in_words, leading
from .finding import FindForm, Wanted, find_form
from .flow import FlowView, Heap, flow
from .items import ItemView, item_view
from .mail import MailSummary, mail_summary
from .uses import PurposeCard, card

MANY = 10  # things, from which on one may look for some


@dataclass(frozen=True, slots=True)
class GroupView:
    title: str
    anchor: str
    profile_id: int
    kind: str
    items: tuple[ItemView, ...]
    forget_url: str

    @property
    def used_for(self) -> str:
        """The uses that may have anything of it, in words."""
        return ", ".join(dict.fromkeys(use.title for item in self.items for use in item.uses if use.is_on))


@dataclass(frozen=True, slots=True)
class HeldView:
    label: str
    value: str
    why: str
    until: str


@dataclass(frozen=True, slots=True)
class DeclinedView:
    """Something not wanted, and the form that takes that back."""

    label: str
    until: str  # empty: for good
    url: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StandingView:
    paused_until: str = ""
    is_restricted: bool = False
    is_minor: bool = False

    @property
    def is_stopped(self) -> bool:
        return bool(self.paused_until) or self.is_restricted


@dataclass(frozen=True, slots=True)
class Center:
    """`found` says how many things a search has found; empty when nobody looked for any."""

    summary: tuple[str, ...] = ()
    groups: tuple[GroupView, ...] = ()
    uses: tuple[PurposeCard, ...] = ()
    held: tuple[HeldView, ...] = ()
    declined: tuple[DeclinedView, ...] = ()
    flow: FlowView | None = None
    find: FindForm | None = None
    found: str = ""
    standing: StandingView = StandingView()
    has_told: bool = False
    mail: MailSummary | None = None
    pauses: tuple[int, ...] = PAUSE_DAYS


def center(customer_id: int, language: str, *, objects: bool, look: Wanted | None = None) -> Center:
    """Everything on the page, in a number of queries that does not grow with what was told.

    `objects`: the browser objects to sharing. `look`: what is looked for among the things told.
    """
    look = look or Wanted()
    told = selectors.told(customer_id, language)
    purposes = selectors.purposes(customer_id, language)
    standing = selectors.standing(customer_id)
    used = selectors.last_uses(customer_id, {each.id: each.title for each in purposes})
    changes = [registry.Change("withdraw", customer_id, purpose=each.slug) for each in purposes if each.is_granted]
    about = registry.about(customer_id, language, changes)
    lost = {change.purpose: losses for change, losses in zip(changes, about.losses, strict=True)}
    items: dict[ProfileRef, list[tuple[ToldItem, ItemView]]] = {}
    for item in told:
        view = item_view(item, purposes, used.get((item.profile.id, item.attribute.id)), about.made)
        items.setdefault(item.profile, []).append((item, view))
    people = sorted(items, key=selectors.selves_first)
    groups = _numbered(group for profile in people for group in _groups(profile, items[profile]))
    wished = sorted(purposes, key=lambda each: each.basis != "consent")
    cards = tuple(card(purpose, told, lost.get(purpose.slug, ()), objects, standing) for purpose in wished)
    everything = [view for group in groups for view in group.items]
    shown = _found(groups, look) if look.is_anything else groups
    return Center(
        summary=_summary(everything, people, cards, len(about.made)),
        groups=tuple(shown),
        uses=cards,
        held=tuple(
            HeldView(leading(each.label), each.value, each.why, day_in_words(each.until_at) if each.until_at else "")
            for each in about.held
        ),
        declined=tuple(
            DeclinedView(each.label, day_in_words(each.until_at) if each.until_at else "", each.url, each.fields)
            for each in about.declined
        ),
        flow=flow([_heap(group, people) for group in groups], cards, about.made),
        find=find_form(look, everything, [(use.slug, use.title) for use in cards if use.is_on], _names(people))
        if len(told) >= MANY or look.is_anything
        else None,
        found=_found_in_words(shown) if look.is_anything else "",
        standing=StandingView(
            day_in_words(standing.paused_until) if standing.paused_until else "",
            standing.is_restricted,
            standing.is_minor,
        ),
        has_told=bool(told),
        mail=mail_summary(customer_id, language),
    )


def _groups(profile: ProfileRef, items: list[tuple[ToldItem, ItemView]]) -> Iterable[GroupView]:
    """A pet's values stand under its name, the customer's own under what they are about."""
    by_title: dict[str, list[ItemView]] = {}
    for item, view in items:
        title = item.attribute.group if profile.kind == "self" else profile.name or item.attribute.group
        by_title.setdefault(title, []).append(view)
    forget_url = "" if profile.kind == "self" else reverse("preferences:forget_profile", args=[profile.id])
    return [
        GroupView(title, "", profile.id, profile.kind, tuple(views), forget_url) for title, views in by_title.items()
    ]


def _numbered(groups: Iterable[GroupView]) -> list[GroupView]:
    return [
        GroupView(each.title, f"group-{number}", each.profile_id, each.kind, each.items, each.forget_url)
        for number, each in enumerate(groups, 1)
    ]


def _found(groups: Sequence[GroupView], look: Wanted) -> list[GroupView]:
    kept = []
    for each in groups:
        items = tuple(item for item in each.items if look.finds(item, each.title))
        if items:
            kept.append(GroupView(each.title, each.anchor, each.profile_id, each.kind, items, each.forget_url))
    return kept


def _heap(group: GroupView, people: Sequence[ProfileRef]) -> Heap:
    profile = next(each for each in people if each.id == group.profile_id)
    return Heap(group.title, f"#{group.anchor}", profile, group.items)


def _names(people: Sequence[ProfileRef]) -> list[tuple[str, str]]:
    return [
        (str(each.id), each.name or (gettext("me") if each.kind == "self" else gettext("my pet"))) for each in people
    ]


def _found_in_words(groups: Sequence[GroupView]) -> str:
    count = sum(len(group.items) for group in groups)
    if not count:
        return gettext("Nothing found.")
    return ngettext("{count} thing found.", "{count} things found.", count).format(count=count)


def _summary(
    items: Sequence[ItemView], people: Sequence[ProfileRef], uses: Sequence[PurposeCard], made: int
) -> tuple[str, ...]:
    """The whole page in a few words: how much was told, how many uses are on, what came of it."""
    if not items:
        return ()
    optional = [use for use in uses if use.is_optional]
    on = sum(use.is_on for use in optional)
    others = [each.name for each in people if each.kind != "self" and each.name]
    things = ngettext("{count} thing you told us", "{count} things you told us", len(items)).format(count=len(items))
    if others:
        things = gettext("{things}, {names} included").format(things=things, names=", ".join(others))
    parts = [things, gettext("{on} of {all} uses switched on").format(on=on, all=len(optional))]
    if made:
        parts.append(ngettext("{count} offer made from it", "{count} offers made from it", made).format(count=made))
    return tuple(parts)
