"""The page of one thing that was told: everything known about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from .. import registry, selectors
from ..registry import Loss
from ..selectors import AttributeView, PurposeView, ToldItem, UseDay
from ..wording import day_in_words
from .items import ItemUseView, ItemView, item_view, speaks_for

WEEKS = 6
MOST_EARLIER = 12


@dataclass(frozen=True, slots=True)
class SwitchView:
    """A use of this thing, and what would go if it were switched off for it."""

    use: ItemUseView
    preview: tuple[Loss, ...]

    @property
    def takes(self) -> bool:
        return any(not loss.is_kept for loss in self.preview)


@dataclass(frozen=True, slots=True)
class DaysView:
    """On which of the last weeks' days one use used it: a mark for each day, oldest first."""

    title: str
    sentence: str
    marks: tuple[tuple[int, bool], ...]  # where it stands, whether it was used


@dataclass(frozen=True, slots=True)
class ThingPage:
    attribute: AttributeView
    value: object
    item: ItemView
    question: str
    heading: str
    switches: tuple[SwitchView, ...]
    days: tuple[DaysView, ...]
    used: tuple[tuple[str, str], ...]  # day, by which uses
    made: tuple[registry.Made, ...]
    earlier: tuple[tuple[str, str], ...]  # day, value
    is_stopped: bool


def thing(customer_id: int, profile_id: int, attribute_key: str, language: str, *, objects: bool) -> ThingPage:
    item = selectors.told_item(customer_id, profile_id, attribute_key, language)
    purposes = [each for each in selectors.purposes(customer_id, language) if not (objects and each.is_shared)]
    standing = selectors.standing(customer_id)
    today = timezone.localdate()
    days = selectors.use_days(profile_id, item.attribute.id, today - timedelta(days=7 * WEEKS - 1))
    titles = {each.id: each.title for each in purposes}
    changes = [
        registry.Change("exclude", customer_id, profile_id, each.slug, attribute_key)
        for each in purposes
        if each.basis == "consent" and attribute_key in each.allowed and each.slug not in item.excluded_from
    ]
    about = registry.about(customer_id, language, changes)
    lost = {change.purpose: losses for change, losses in zip(changes, about.losses, strict=True)}
    last = selectors.last_uses(customer_id, titles).get((profile_id, item.attribute.id))
    view = item_view(item, purposes, last, about.made)
    return ThingPage(
        attribute=item.attribute,
        value=item.value,
        item=view,
        question=registry.asked(customer_id, profile_id, item.question_key, language) if item.question_key else "",
        heading=item.profile.name if item.profile.kind != "self" else item.attribute.group,
        switches=tuple(SwitchView(use, tuple(lost.get(use.purpose, ()))) for use in view.uses),
        days=tuple(_days(days, purposes, today)),
        used=tuple(_used(days, titles)),
        made=tuple(speaks_for(item, about.made)),
        earlier=tuple(_earlier(item)),
        is_stopped=standing.is_restricted or standing.paused_until is not None,
    )


def _days(days: Sequence[UseDay], purposes: Sequence[PurposeView], today: date) -> list[DaysView]:
    found = []
    for purpose in purposes:
        used = {each.day for each in days if each.purpose_id == purpose.id}
        if used:
            count = ngettext("{count} day", "{count} days", len(used)).format(count=len(used))
            marks = [(place, today - timedelta(days=7 * WEEKS - 1 - place) in used) for place in range(7 * WEEKS)]
            sentence = gettext("{use}: on {days} of the last {all}").format(
                use=purpose.title, days=count, all=7 * WEEKS
            )
            found.append(DaysView(purpose.title, sentence, tuple(marks)))
    return found


def _used(days: Sequence[UseDay], titles: dict[int, str]) -> list[tuple[str, str]]:
    return [
        (day_in_words(day), ", ".join(titles[each.purpose_id] for each in uses if each.purpose_id in titles))
        for day, uses in groupby(days, key=lambda each: each.day)
    ]


def _earlier(item: ToldItem) -> list[tuple[str, str]]:
    """What it was before, newest first, where that is kept."""
    if not item.attribute.keeps_history:
        return []
    told = selectors.history(item.profile.id, item.attribute.key)[:-1]
    return [(day_in_words(at), item.attribute.in_words(value)) for at, value in reversed(told[-MOST_EARLIER:])]
