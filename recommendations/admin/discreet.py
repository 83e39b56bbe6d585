"""What the admin says when an offer would reveal a sensitive answer to whoever sees it, and what to do instead."""

from collections.abc import Collection, Iterable

from django.utils.translation import get_language, gettext

from preferences.models import Attribute
from preferences.translated import pick
from recommendations.discretion import BRINGS, UNASKED, UNLOCKS
from recommendations.models import Offer
from recommendations.sensitivity import Sensitive


def labels_of(keys: Collection[str]) -> str:
    """ "Allergies, Beliefs"."""
    language = get_language() or "en"
    found = Attribute.objects.filter(key__in=keys).values_list("key", "label")
    return ", ".join(sorted(pick(label, language) or key for key, label in found))


def titles_of(offers: Iterable[Offer]) -> str:
    language = get_language() or "en"
    return ", ".join(f"“{pick(each.title, language) or each.slug}”" for each in offers)


def fault_in_words(offer: Offer, sensitive: Sensitive, covered: Collection[str]) -> tuple[str, str]:
    """The field to change and what to do; two empty texts when nothing is wrong. Its conditions can be read.

    `covered`: the keys its purpose covers. An answer that the purpose does not cover is never known.
    """
    known = Sensitive(sensitive.attributes & frozenset(covered), sensitive.categories)
    fault = UNASKED if known.fault(offer) == UNASKED else sensitive.fault(offer)
    if fault == UNASKED:
        keys = ", ".join(sorted(known.attributes)) or gettext("the purpose's sensitive attributes (it has none)")
        if offer.is_sensitive:
            text = gettext(
                "An offer in a sensitive category is only for people who said so themselves: "
                "the condition must always ask for one of %(keys)s."
            )
        else:
            text = gettext(
                "Its product is in a sensitive category, so it is only for people who said so themselves: "
                "the condition must always ask for one of %(keys)s."
            )
        return "eligibility", text % {"keys": keys}
    if fault == BRINGS:
        return "eligibility", gettext(
            "Whoever sees this offer on somebody's screen would learn a sensitive answer: only those who gave it get "
            "it. Tick “in a sensitive category” and always ask for the answer here, or leave it out. To keep the offer "
            "away from somebody, use “never for”: that tells nobody."
        )
    if fault == UNLOCKS:
        return "veto", gettext(
            "This keeps the offer from everybody who did not give a sensitive answer, so whoever sees it would learn "
            "that somebody did. Name the answers that it is not for instead."
        )
    return "", ""


def revealed_in_words(keys: Collection[str]) -> str:
    """Weights above 0 for answers of sensitive attributes, on an offer that is for everybody."""
    words = gettext(
        "Whoever sees this offer on somebody's screen could learn what they said of %(attributes)s. Take these weights "
        "out or below 0, or tick “in a sensitive category” and let “only for” always ask for it."
    )
    return words % {"attributes": labels_of(keys)}


def inherited_in_words(keys: Collection[str]) -> str:
    """The same, of weights that come with the traits of its product."""
    words = gettext(
        "This product's traits speak for it by what people said of %(attributes)s, so whoever sees this offer on "
        "somebody's screen could learn it. Tick “in a sensitive category” and let “only for” always ask for it, or "
        "take the weight out of the trait."
    )
    return words % {"attributes": labels_of(keys)}
