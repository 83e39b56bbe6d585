"""What a customer does not want to be shown, in words: for the preference center, and for taking along."""

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils.translation import gettext

from preferences.registry import Declined, Section
from preferences.translated import pick
from recommendations import selectors
from recommendations.models import Exposure, Suppression


def declined(customer_id: int, language: str) -> list[Declined]:
    """What is kept away at present, the latest first; each can be taken back."""
    return [_declined(each, language) for each in selectors.unwanted(customer_id)]


def _declined(row: Suppression, language: str) -> Declined:
    about = "" if row.profile.kind == "self" else row.profile.name
    if row.offer is not None:
        label = pick(row.offer.title, language)
        url = reverse("recommendations:take_back", args=[row.profile_id, row.offer.slug])
    else:
        label = gettext("More like it: {category}").format(category=pick(row.category.name, language))
        url = reverse("recommendations:take_back_category", args=[row.profile_id, row.category_id])
    if about:
        label = gettext("{thing}, for {name}").format(thing=label, name=about)
    return Declined(label, row.until_at, url)


def sections(customer_id: int) -> Iterable[Section]:
    yield Section(
        "not_wanted",
        gettext("What you did not want"),
        {
            "profile": gettext("whom it is about, by the number under “Whom it is about”"),
            "offer": gettext("the offer"),
            "category": gettext("the kind of product that you wanted less of"),
            "reason": gettext("why, as far as you said"),
            "times": gettext("how many times you said so"),
            "noted_at": gettext("when you said so last"),
            "until_at": gettext("until when it stays away; empty for good"),
        },
        lambda: _not_wanted(customer_id),
    )
    yield Section(
        "offers_seen",
        gettext("Offers you were shown or sent"),
        {
            "offer": gettext("the offer"),
            "channel": gettext("on a page or by mail"),
            "day": gettext("the day"),
            "times": gettext("how many times; on pages once a day at most"),
        },
        lambda: _seen(customer_id),
    )


def _not_wanted(customer_id: int) -> Iterable[Mapping[str, object]]:
    rows = Suppression.objects.filter(customer_id=customer_id).select_related("offer", "category").order_by("id")
    for each in rows.iterator():
        yield {
            "profile": each.profile_id,
            "offer": each.offer.slug if each.offer else None,
            "category": each.category.slug if each.category else None,
            "reason": each.reason,
            "times": each.times,
            "noted_at": each.noted_at.isoformat(),
            "until_at": each.until_at.isoformat() if each.until_at else None,
        }


def _seen(customer_id: int) -> Iterable[Mapping[str, object]]:
    rows = (
        Exposure.objects.filter(customer_id=customer_id).select_related("offer").order_by("day", "offer_id", "channel")
    )
    for each in rows.iterator():
        yield {
            "offer": each.offer.slug,
            "channel": each.channel,
            "day": each.day.isoformat(),
            "times": each.times,
        }
