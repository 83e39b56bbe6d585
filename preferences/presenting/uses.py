"""One use, in words."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from ..selectors import PurposeView, ToldItem
from ..wording import day_in_words


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


def card(purpose: PurposeView, told: list[ToldItem], preview: tuple[str, ...], objects: bool) -> PurposeCard:
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
