"""What other apps ask of this one: what a change takes away, what offers use, hold and export, what can be named."""

from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from preferences.models import Feature
from preferences.registry import About, Change, Held, Loss, Made, Provider, Section
from preferences.translated import DEFAULT_LANGUAGE, pick
from preferences.wording import day_in_words
from recommendations import declining, enclosing, selectors
from recommendations.models import Offer, OfferWeight, Product, TailoredOffers
from recommendations.selectors import ClaimedOffer, Serving


def losses(changes: Sequence[Change]) -> list[list[Loss]]:
    """The offers that would disappear, and the codes that would not."""
    if not changes:
        return []
    return _losses(changes, selectors.servings(), len(selectors.claims(changes[0].customer_id)))


def about(customer_id: int, language: str, changes: Sequence[Change]) -> About:
    """For the preference center: what would be lost, the codes taken, the offers shown, what is not wanted."""
    servings, claims = selectors.servings(), selectors.claims(customer_id)
    return About(
        losses=_losses(changes, servings, len(claims)),
        held=[_held(each, language) for each in claims],
        made=[
            Made(
                slug=each.offer.slug,
                title=pick(each.offer.title, language),
                url=reverse("recommendations:offers"),
                profile_id=profile_id,
                purpose=each.offer.purpose.slug,
                features=each.reasons,
            )
            for profile_id, serving in servings.items()
            for each in serving.offers
        ],
        declined=declining.declined(customer_id, language),
    )


def _losses(changes: Sequence[Change], servings: Mapping[int, Serving], kept: int) -> list[list[Loss]]:
    return [[*_offers(change, servings), *_codes(change, kept)] for change in changes]


def _codes(change: Change, kept: int) -> Iterable[Loss]:
    if kept and change.kind == "withdraw":
        yield Loss(
            ngettext("The code you took stays yours.", "The {count} codes you took stay yours.", kept).format(
                count=kept
            ),
            is_kept=True,
        )
    elif kept and change.kind == "erase":
        yield Loss(
            ngettext(
                "The code you took is still good, but we can no longer show it to you: note it down.",
                "The {count} codes you took are still good, but we can no longer show them to you: note them down.",
                kept,
            ).format(count=kept)
        )


def _offers(change: Change, servings: Mapping[int, Serving]) -> Iterable[Loss]:
    """Without a use, its offers go. Without an item they are chosen anew, and those it speaks for may not come back."""
    shown = [
        offer
        for profile_id, serving in servings.items()
        for offer in serving.offers
        if change.profile_id in (None, profile_id) and change.purpose in (None, offer.offer.purpose.slug)
    ]
    if change.attribute is None:
        if lost := len(shown):
            words = ngettext("{count} offer will disappear.", "{count} offers will disappear.", lost)
            yield Loss(words.format(count=lost))
        return
    features = set(Feature.objects.filter(attribute__key=change.attribute).values_list("pk", flat=True))
    lost = sum(1 for offer in shown if features.intersection(offer.reasons))
    if lost:
        yield Loss(
            ngettext(
                "{count} offer was chosen because of it. Your offers will be chosen again without it.",
                "{count} offers were chosen because of it. Your offers will be chosen again without it.",
                lost,
            ).format(count=lost)
        )
    elif shown:
        yield Loss(gettext("Your offers will be chosen again without it."))


def held(customer_id: int, language: str) -> Iterable[Held]:
    """The codes a customer took."""
    return [_held(claim, language) for claim in selectors.claims(customer_id)]


def _held(claim: ClaimedOffer, language: str) -> Held:
    return Held(
        label=pick(claim.offer.title, language),
        value=claim.code,
        why=gettext("You took this offer on {day}; the code stays yours.").format(day=day_in_words(claim.claimed_at)),
        until_at=claim.offer.ends_at,
    )


def uses() -> Mapping[str, Iterable[str]]:
    """Attribute key → the offers whose score or conditions ask for it."""
    found: dict[str, set[str]] = {}
    titles = {}
    language = get_language() or DEFAULT_LANGUAGE
    for offer in Offer.objects.all():
        titles[offer.pk] = gettext("offer “{title}”").format(title=pick(offer.title, language))
        for key in offer.asked():
            found.setdefault(key, set()).add(titles[offer.pk])
    for offer_id, key in OfferWeight.objects.values_list("offer_id", "feature__attribute__key").distinct():
        found.setdefault(key, set()).add(titles[offer_id])
    return {key: sorted(names) for key, names in found.items()}


def export(customer_id: int) -> Iterable[Section]:
    """The customer's computed offers with score and reasons, and the codes they took."""
    yield Section(
        "tailored_offers",
        gettext("Offers chosen for you"),
        {
            "profile": gettext("whom it is about, by the number under “Whom it is about”"),
            "use": gettext("for which use"),
            "offer": gettext("the offer"),
            "score": gettext("how well it fits"),
            "reasons": gettext("the answers that speak for it most"),
            "computed_at": gettext("when it was chosen"),
        },
        lambda: _tailored(customer_id),
    )
    yield Section(
        "codes",
        gettext("Codes you took"),
        {"offer": gettext("the offer"), "code": gettext("your code"), "claimed_at": gettext("when you took it")},
        lambda: (
            {"offer": each.offer.slug, "code": each.code, "claimed_at": each.claimed_at.isoformat()}
            for each in selectors.claims(customer_id)
        ),
    )
    yield from declining.sections(customer_id)


def _tailored(customer_id: int) -> Iterable[Mapping[str, object]]:
    slugs = dict(Offer.objects.values_list("pk", "slug"))
    codes = {pk: f"{key}={code}" for pk, key, code in Feature.objects.values_list("pk", "attribute__key", "code")}
    rows = TailoredOffers.objects.filter(customer_id=customer_id).select_related("purpose")
    rows = rows.order_by("profile_id", "purpose_id")
    for row in rows.iterator():
        for place, (offer_id, score) in enumerate(zip(row.offers, row.scores, strict=True)):
            yield {
                "profile": row.profile_id,
                "use": row.purpose.slug,
                "offer": slugs.get(offer_id),
                "score": round(score, 4),
                "reasons": [codes[each] for each in row.reasons[3 * place : 3 * place + 3] if each in codes],
                "computed_at": row.computed_at.isoformat(),
            }


def products(language: str) -> Mapping[str, str]:
    """Slug → name of everything that an outcome may recommend."""
    return {slug: pick(name, language) or slug for slug, name in Product.objects.values_list("slug", "name")}


PROVIDER = Provider(
    "recommendations",
    losses=losses,
    held=held,
    about=about,
    uses=uses,
    export=export,
    products=products,
    enclosing=enclosing.WORD,
    enclose=enclosing.enclose,
    take_back=enclosing.take_back,
    enclosed_url=enclosing.url,
)
