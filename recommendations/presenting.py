"""Offers in words: what panels show, and why each offer is there."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from preferences import selectors as preferences
from preferences.coding import PURCHASES
from preferences.models import Feature
from preferences.selectors import AttributeView, ProfileRef
from preferences.translated import pick
from preferences.wording import code_in_words
from recommendations import selectors
from recommendations.dismissed import NO_PLACE, Dismissed, GoneView, gone_view
from recommendations.models import Product
from recommendations.selectors import ServedOffer, Serving
from recommendations.wording import benefit_in_words, end_in_words, money_in_words

MOST_POLLS = 40
MOST_POLLS_FOR_BACK = 15
# Every delay stays under the 150 ms in which offers are to be seen; forty of them are five seconds.
POLL_DELAYS_MS = (60, 60, 60, 80, 80, 80, 100, 100, 100, 120)


@dataclass(frozen=True, slots=True)
class OfferReason:
    """A value the customer gave that speaks for the offer. A sensitive one is neither named nor quoted."""

    attribute: str
    text: str
    change_url: str


@dataclass(frozen=True, slots=True)
class OfferView:
    slug: str
    key: str  # tells it apart on a page of several profiles
    title: str
    text: str
    benefit: str
    benefit_detail: str
    product_name: str
    art: str
    alt: str
    ends_text: str
    price_text: str
    reasons: tuple[OfferReason, ...]
    is_popular: bool
    why_url: str
    claim_url: str
    dismiss_url: str
    code: str | None


@dataclass(frozen=True, slots=True)
class PanelView:
    """One profile's offers. `poll_url` only while waiting, and only a bounded number of times.

    Without offers: `unwanted` when nothing is left that they did not dismiss, `rests` when what fits was shown often
    enough for now, `none` when nothing fits. `gone`: what they dismissed this moment, at the place where it was.
    """

    state: str  # ready | waiting | off | none | unwanted | rests
    offers: tuple[OfferView, ...] = ()
    gone: GoneView | None = None
    poll_url: str | None = None
    poll_delay_ms: int = 0
    refresh_url: str = ""
    profile_name: str = ""
    back: str = ""  # the slug of what was taken back this moment

    @property
    def cards(self) -> list[OfferView | GoneView]:
        """The offers in their order, with what is gone where it was."""
        cards: list[OfferView | GoneView] = list(self.offers)
        if self.gone:
            cards.insert(self.gone.at, self.gone)
        return cards


@dataclass(frozen=True, slots=True)
class ProductView:
    slug: str
    name: str
    text: str
    art: str
    alt: str
    price_text: str


@dataclass(frozen=True, slots=True)
class ClaimedView:
    title: str
    code: str
    ends_text: str


@dataclass(frozen=True, slots=True)
class _Cited:
    """The features that some offer names as its reason, with what their attributes are called."""

    features: Mapping[int, tuple[str, str]]  # feature id → attribute key, code
    attributes: Mapping[str, AttributeView]
    told: Mapping[tuple[int, str], object]  # (profile id, attribute key) → value, for what is not one of a few values


def panels(
    customer_id: int,
    profiles: Iterable[ProfileRef],
    language: str,
    *,
    polls: int = 0,
    refresh_url: str = "",
    dismissed: Dismissed = NO_PLACE,
    back: str = "",
) -> list[PanelView]:
    """A panel for each of these profiles of the current customer, who is being shown what is in it.

    `polls`: how often the page has asked already. `dismissed`: which offer was dismissed this moment, and where it was.
    `back`: which was taken back; the panel asks again until that is chosen anew.
    """
    profiles = list(profiles)
    servings = selectors.show([profile.id for profile in profiles])
    shown = [(profile, servings.get(profile.id)) for profile in profiles]
    is_on = bool(servings) or _is_granted(customer_id, language)
    codes = selectors.claimed_codes(customer_id) if any(serving and serving.offers for _, serving in shown) else {}
    cited = _cited(customer_id, [(profile.id, serving) for profile, serving in shown if serving], language)
    made = [_panel(profile, serving, is_on, codes, cited, language, polls, refresh_url) for profile, serving in shown]
    if back:
        made = [_awaiting(panel, profile.id, back, polls) for profile, panel in zip(profiles, made, strict=True)]
    return [
        replace(panel, gone=gone_view(dismissed, language, next_url=refresh_url))
        if profile.id == dismissed.profile_id
        else panel
        for profile, panel in zip(profiles, made, strict=True)
    ]


def _awaiting(panel: PanelView, profile_id: int, back: str, polls: int) -> PanelView:
    """A panel that asks again until an offer is in it, a few times."""
    if any(offer.slug == back for offer in panel.offers) or polls >= MOST_POLLS_FOR_BACK:
        return replace(panel, back=back)
    again = reverse("recommendations:panel", args=[profile_id]) + f"?{urlencode({'n': polls + 1, 'back': back})}"
    return replace(panel, back=back, poll_url=again, poll_delay_ms=POLL_DELAYS_MS[min(polls, len(POLL_DELAYS_MS) - 1)])


def claimed(customer_id: int, language: str) -> list[ClaimedView]:
    """The codes a customer holds, newest first, whether or not the offers are still among theirs."""
    return [
        ClaimedView(pick(each.offer.title, language), each.code, end_in_words(each.offer.ends_at))
        for each in selectors.claims(customer_id)
    ]


def product(slug: str, language: str) -> ProductView | None:
    found = Product.objects.filter(slug=slug).first()
    return found and ProductView(
        slug=found.slug,
        name=pick(found.name, language),
        text=pick(found.description, language),
        art=found.art,
        alt=pick(found.alt, language),
        price_text=money_in_words(found.price_amount, found.price_currency),
    )


def _is_granted(customer_id: int, language: str) -> bool:
    return any(each.is_granted and each.computes_offers for each in preferences.purposes(customer_id, language))


def _panel(
    profile: ProfileRef,
    serving: Serving | None,
    is_on: bool,
    codes: Mapping[int, str],
    cited: _Cited,
    language: str,
    polls: int,
    refresh_url: str,
) -> PanelView:
    if serving is None or not (serving.offers or serving.is_waiting):
        state = "off"
        if serving and serving.rests:
            state = "rests"
        elif is_on:
            state = "unwanted" if selectors.wants_less(profile.id) else "none"
        return PanelView(state, refresh_url=refresh_url, profile_name=profile.name)
    if serving.offers:
        offers = tuple(_offer(each, profile.id, codes, cited, language) for each in serving.offers)
        return PanelView("ready", offers, refresh_url=refresh_url, profile_name=profile.name)
    goes_on = polls < MOST_POLLS
    return PanelView(
        "waiting",
        poll_url=reverse("recommendations:panel", args=[profile.id]) + f"?n={polls + 1}" if goes_on else None,
        poll_delay_ms=POLL_DELAYS_MS[min(polls, len(POLL_DELAYS_MS) - 1)],
        refresh_url=refresh_url,
        profile_name=profile.name,
    )


def _offer(served: ServedOffer, profile_id: int, codes: Mapping[int, str], cited: _Cited, language: str) -> OfferView:
    offer, product = served.offer, served.offer.product
    currency = product.price_currency if product else ""
    reasons = _reasons(served.reasons, profile_id, cited, language)
    return OfferView(
        slug=offer.slug,
        key=f"{profile_id}-{offer.slug}",
        title=pick(offer.title, language),
        text=pick(offer.text, language),
        benefit=benefit_in_words(offer.benefit_kind, offer.benefit_value, currency),
        benefit_detail=pick(offer.benefit, language),
        product_name=pick(product.name, language) if product else "",
        art=product.art if product else "",
        alt=pick(product.alt, language) if product else "",
        ends_text=end_in_words(offer.ends_at),
        price_text=money_in_words(product.price_amount, product.price_currency) if product else "",
        reasons=reasons,
        is_popular=not reasons,
        why_url=reverse("preferences:why", args=[profile_id, offer.slug]),
        claim_url=reverse("recommendations:claim", args=[offer.slug]) if offer.code else "",
        dismiss_url=reverse("recommendations:dismiss", args=[profile_id, offer.slug]),
        code=codes.get(offer.pk),
    )


def _reasons(feature_ids: Iterable[int], profile_id: int, cited: _Cited, language: str) -> tuple[OfferReason, ...]:
    """A value that is quoted whole (a number, a date) is one reason, and so are all sensitive ones together."""
    reasons: dict[str, OfferReason] = {}
    for feature_id in feature_ids:
        if feature_id not in cited.features:
            continue
        key, code = cited.features[feature_id]
        attribute = cited.attributes[key]
        if attribute.is_sensitive:
            text = gettext("Because of something you told us in confidence")
            reasons.setdefault(text, OfferReason("", text, reverse("preferences:center")))
            continue
        if (profile_id, key) in cited.told:
            sentence = attribute.told(cited.told[profile_id, key])
        else:
            value = code_in_words(attribute.kind, code, labels=attribute.labels, language=language)
            sentence = attribute.sentence.replace("{value}", value)
        because = gettext("Because {what}") if key == PURCHASES else gettext("Because you told us {what}")
        text = because.format(what=sentence)
        reasons.setdefault(text, OfferReason(key, text, reverse("preferences:edit", args=[profile_id, key])))
    return tuple(reasons.values())


def _cited(customer_id: int, servings: Collection[tuple[int, Serving]], language: str) -> _Cited:
    feature_ids = {feature for _, serving in servings for offer in serving.offers for feature in offer.reasons}
    if not feature_ids:
        return _Cited({}, {}, {})
    rows = Feature.objects.filter(pk__in=feature_ids).values_list("id", "attribute__key", "code")
    features = {feature_id: (key, code) for feature_id, key, code in rows}
    attributes = preferences.attributes(language, {key for key, _ in features.values()})
    quoted_whole = {key for key, attribute in attributes.items() if attribute.kind in ("number", "date")}
    told = {}
    if quoted_whole:
        told = {
            (item.profile.id, item.attribute.key): item.value
            for item in preferences.told(customer_id, language)
            if item.attribute.key in quoted_whole
        }
    return _Cited(features, attributes, told)
