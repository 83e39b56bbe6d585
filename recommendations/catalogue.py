"""The catalogue as the offers process knows it: loaded once, and again only when its version has changed."""

import logging
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from preferences.conditions import ConditionError
from preferences.models import Feature
from recommendations.models import Catalogue, CatalogueChange, Offer, OfferWeight, TraitWeight
from recommendations.orders.shelf import after_purchases
from recommendations.scoring import Engine, FeatureTerm, OfferTerms, Weight
from recommendations.sensitivity import Sensitive


@dataclass(frozen=True, slots=True)
class LoadedCatalogue:
    """One version, with an engine for each purpose that has offers."""

    version: int
    engines: dict[int, Engine]
    last_feature_id: int


logger = logging.getLogger(__name__)

NO_OFFERS = Engine.of([], [], [])

_loading = threading.Lock()
_loaded: LoadedCatalogue | None = None


def current(*, last_feature_id: int = 0) -> LoadedCatalogue:
    """The catalogue of now. `last_feature_id`: the highest feature to be scored; a younger one than we know reloads."""
    global _loaded
    known = _loaded
    if known is None or known.version != version() or known.last_feature_id < last_feature_id:
        with _loading:
            known = _loaded = _load()
    return known


def version() -> int:
    """The catalogue's newest version."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM recommendations_catalogue")
        return int(cursor.fetchone()[0])


def changed_since(earlier: int, later: int) -> frozenset[int] | None:
    """The offers that changed after the one version and up to the other; None when anything may have."""
    found = CatalogueChange.objects.filter(version__gt=earlier, version__lte=later).values_list("version", "offer_id")
    offers = {offer_id for _version, offer_id in found}
    if None in offers or len({version for version, _offer in found}) < later - earlier:
        return None
    return frozenset(offers)


def _load() -> LoadedCatalogue:
    """The version is read first: a change that commits while we read makes this copy old, never wrongly new."""
    newest = Catalogue.objects.values_list("version", flat=True).get()
    features = [FeatureTerm(*row) for row in Feature.objects.values_list("id", "attribute__key", "code")]
    sensitive = Sensitive.now()
    weights: dict[int, list[Weight]] = defaultdict(list)
    terms: dict[int, list[OfferTerms]] = defaultdict(list)
    purpose_of: dict[int, int] = {}
    unsaid: dict[int, frozenset[str]] = {}  # the sensitive attributes that may not speak for an offer
    for offer in Offer.objects.defer("title", "text", "benefit").select_related("product"):
        offer_terms = _terms(offer, sensitive)
        if offer_terms is not None:
            unsaid[offer.pk] = sensitive.attributes - sensitive.may_speak(offer)
            purpose_of[offer.pk] = offer.purpose_id
            terms[offer.purpose_id].append(offer_terms)
    key_of = {feature.id: feature.attribute for feature in features}
    rows = (*OfferWeight.objects.values_list("offer_id", "feature_id", "weight"), *_inherited(), *after_purchases())
    for row in rows:
        offer_id, feature_id, weight = row
        if offer_id not in purpose_of:
            continue
        if weight > 0 and key_of.get(feature_id, "") in unsaid[offer_id]:
            logger.error("A weight of offer %s is left out: it would reveal a sensitive answer.", offer_id)
            continue
        weights[purpose_of[offer_id]].append(Weight(*row))
    return LoadedCatalogue(
        version=newest,
        engines={purpose_id: Engine.of(features, offers, weights[purpose_id]) for purpose_id, offers in terms.items()},
        last_feature_id=max((feature.id for feature in features), default=0),
    )


def _inherited() -> Iterable[tuple[int, int, float]]:
    """What the traits of an offer's product bring along: offer, feature, weight."""
    return TraitWeight.objects.filter(trait__products__offers__isnull=False).values_list(
        "trait__products__offers", "feature_id", "weight"
    )


def _terms(offer: Offer, sensitive: Sensitive) -> OfferTerms | None:
    """None for an offer that nobody may get, however it came into the database: one broken offer stops no other.

    So is one that would reveal a sensitive answer to whoever sees it.
    """
    try:
        terms = offer.terms()
    except ConditionError as error:
        logger.error("Offer %s is left out: its condition cannot be read (%s).", offer.pk, error.kind)
        return None
    if reason := sensitive.fault(offer):
        logger.error("Offer %s is left out: it would reveal a sensitive answer (%s).", offer.pk, reason)
        return None
    return terms
