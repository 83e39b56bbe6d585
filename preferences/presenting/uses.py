"""One use, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from ..registry import Loss
from ..selectors import PurposeView, Standing, ToldItem
from ..wording import day_in_words, language_in_words
from .items import anchor


@dataclass(frozen=True, slots=True)
class Covered:
    """A thing that a use covers, and where it stands on the page."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class PurposeCard:
    """`preview` says what would go if it were switched off now, and what stays; `items` what it covers.

    `is_on` is its switch; `is_used` whether it takes effect at this moment, which a pause or a restriction prevents.
    `more` is what it would cover too if the customer agreed to the present text, which is a newer one. With
    `needs_renewal` that text changed the use itself, so it is off until then.
    """

    slug: str
    title: str
    sentence: str
    benefit: str
    details: str
    is_optional: bool
    has_switch: bool
    is_objected_to: bool
    is_minor: bool
    is_objected: bool
    is_on: bool
    is_used: bool
    needs_renewal: bool
    since: str
    agreed: str
    version: int
    url: str
    control: str
    object_url: str
    preview: tuple[Loss, ...]
    items: tuple[Covered, ...]
    more: tuple[str, ...]

    @property
    def takes(self) -> bool:
        """Whether switching it off would take anything away."""
        return any(not loss.is_kept for loss in self.preview)


def card(
    purpose: PurposeView, told: Sequence[ToldItem], preview: Sequence[Loss], objects: bool, standing: Standing
) -> PurposeCard:
    is_on = purpose.is_granted and not purpose.needs_renewal
    covers = purpose.allowed if is_on else purpose.attributes
    is_stopped = standing.paused_until is not None or standing.is_restricted
    is_optional = purpose.basis == "consent"
    is_minor = is_optional and standing.is_minor
    return PurposeCard(
        slug=purpose.slug,
        title=purpose.title,
        sentence=purpose.sentence,
        benefit=purpose.benefit,
        details=purpose.details,
        is_optional=is_optional,
        has_switch=is_optional and not (objects and purpose.is_shared) and not is_minor,
        is_objected_to=objects and purpose.is_shared,
        is_minor=is_minor,
        is_objected=purpose.is_objected,
        is_on=is_on,
        is_used=is_on and not is_stopped,
        needs_renewal=purpose.needs_renewal,
        since=day_in_words(purpose.granted_at) if purpose.granted_at else "",
        agreed=_agreed(purpose),
        version=purpose.notice_version,
        url=reverse("preferences:switch_use", args=[purpose.slug]),
        control=f"switch-{purpose.slug}",
        object_url=reverse("preferences:object_to_use", args=[purpose.slug]),
        preview=tuple(sorted(preview, key=lambda loss: loss.is_kept)),
        items=tuple(
            Covered(item.attribute.label, f"#{anchor(item.profile.id, item.attribute.key)}")
            for item in told
            if item.attribute.key in covers and purpose.slug not in item.excluded_from
        ),
        more=tuple(
            item.attribute.label
            for item in told
            if purpose.is_outdated and item.attribute.key in purpose.attributes - purpose.agreed
        ),
    )


def _agreed(purpose: PurposeView) -> str:
    """Which text was agreed to, in which language."""
    if not purpose.granted_version:
        return ""
    facts = {"version": purpose.granted_version, "language": language_in_words(purpose.granted_language)}
    return gettext("You agreed to version {version} of this text, in {language}.").format(**facts)
