"""Why a profile gets an offer, or does not: a verdict on every offer of an engine, with the arithmetic of its score.

What is chosen is what `Engine.fit` chooses, not worked out a second time. Every other offer has exactly one rejection,
the first cause in this order: switched off, over, not yet, sold out, not eligible, vetoed, dismissed; then, among those
that remain, enough of its category or outranked. So taking a cause away always changes the verdict, though perhaps only
to the next one.

Pure: no Django, no clock (`now` is an argument).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from preferences.conditions import All, AnyOf, Condition, Not, Test, holds
from recommendations.scoring import (
    MOST_OF_A_CATEGORY,
    NOTHING_SUPPRESSED,
    OFFERS_PER_PROFILE,
    Engine,
    OfferTerms,
    Profiles,
    Suppressed,
)

Facts = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature adds to a score. Of an offer that is shown, the largest positive ones are its reasons."""

    feature_id: int
    weight: float
    is_reason: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """A score and what it is made of: prior + contributions = score. The largest contribution first, none of 0."""

    prior: float
    contributions: tuple[Contribution, ...]
    score: float


@dataclass(frozen=True, slots=True)
class About:
    """Every verdict is about one offer and has its score, which a rejected offer has too."""

    offer_id: int
    sum: Sum


@dataclass(frozen=True, slots=True)
class Chosen(About):
    """Shown, at this place: 1 is the first."""

    place: int


@dataclass(frozen=True, slots=True)
class SwitchedOff(About):
    pass


@dataclass(frozen=True, slots=True)
class NotYet(About):
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Over(About):
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class SoldOut(About):
    pass


@dataclass(frozen=True, slots=True)
class NotEligible(About):
    """The smallest part of the condition that is not true: it is false, or (not known) the answers don't say."""

    part: Condition
    is_known: bool


@dataclass(frozen=True, slots=True)
class Vetoed(About):
    """The smallest part of the veto that is true and makes it so."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Dismissed(About):
    """The profile is not to get it, or (category other than 0) nothing of this category."""

    category_id: int


@dataclass(frozen=True, slots=True)
class EnoughOfCategory(About):
    """These two of its category are ahead of it."""

    ahead: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outranked(About):
    """Its rank among all that the profile may have, and the score that it does not exceed."""

    rank: int
    needed: float


Rejection = (
    SwitchedOff
    | NotYet
    | Over
    | SoldOut
    | NotEligible
    | Vetoed
    | Dismissed
    | EnoughOfCategory
    | Outranked
)  # fmt: skip
Verdict = Chosen | Rejection


def explain(
    engine: Engine, features: Collection[int], now: datetime, suppressed: Suppressed = NOTHING_SUPPRESSED
) -> tuple[Verdict, ...]:
    """A verdict on every offer: those that one profile with these features gets, in order; then those that it may have
    but that others outdo, by rank; then those that it may not have, the highest score first.

    `suppressed` is about this one profile: all its places are 0.
    """
    profile = Profiles.of([sorted(set(features))])
    fits = engine.fit(profile, now, suppressed)
    chosen = {int(offer): place for place, offer in enumerate(fits.offers[0], 1) if offer}
    reasons = {int(offer): frozenset(fits.reasons[0, place].tolist()) for place, offer in enumerate(fits.offers[0])}
    sums = _sums(engine, profile, reasons)
    facts = facts_of(engine, features)
    dismissed = _dismissed(suppressed)

    remaining: list[OfferTerms] = []
    rejected: list[Rejection] = []
    for terms in engine.terms:
        rejection = _rejection(terms, sums[terms.id], facts, now, dismissed)
        if rejection is None:
            remaining.append(terms)
        else:
            rejected.append(rejection)
    remaining.sort(key=lambda terms: -sums[terms.id].score)  # equal ones stay in tie-breaking order, and so do these:
    rejected.sort(key=lambda rejection: -rejection.sum.score)
    shown = [Chosen(offer_id, sums[offer_id], place) for offer_id, place in chosen.items()]
    return (*shown, *_outdone(remaining, chosen, sums), *rejected)


def facts_of(engine: Engine, features: Collection[int]) -> Facts:
    """What these features say of each attribute; an attribute of which they say nothing is not there."""
    known = frozenset(features)
    facts = {}
    for attribute, where in engine.attributes.items():
        ids = engine.feature_ids[where.columns].tolist()
        codes = frozenset(code for feature_id, code in zip(ids, where.codes, strict=True) if feature_id in known)
        if codes:
            facts[attribute] = codes
    return facts


def why_not(condition: Condition, facts: Facts) -> Condition:
    """The smallest part for which a condition is not true. What is false comes before what is unknown.

    Of an `any` no single part is to blame, so it is named as a whole.
    """
    match condition:
        case Test():
            return condition
        case Not(Not(part)):
            return why_not(part, facts)
        case Not(AnyOf(parts)):
            return why_not(All(tuple(Not(part) for part in parts)), facts)
        case Not(All((part,))):
            return why_not(Not(part), facts)
        case All(parts):
            truths = [holds(part, facts) for part in parts]
            return why_not(parts[truths.index(False if False in truths else None)], facts)
        case AnyOf((part,)):
            return why_not(part, facts)
    return condition


def why(condition: Condition, facts: Facts) -> Condition:
    """The smallest part for which a condition is true. Of an `all` every part is needed: it is named as a whole."""
    match condition:
        case Not(Not(part)):
            return why(part, facts)
        case Not(All(parts)):
            return why(AnyOf(tuple(Not(part) for part in parts)), facts)
        case Not(AnyOf((part,))):
            return why(Not(part), facts)
        case AnyOf(parts):
            return why(next(part for part in parts if holds(part, facts) is True), facts)
        case All((part,)):
            return why(part, facts)
    return condition


def _sums(engine: Engine, profile: Profiles, reasons: Mapping[int, frozenset[int]]) -> dict[int, Sum]:
    scores = engine.scores(profile)[0]
    known = np.intersect1d(profile.features, engine.feature_ids)
    weights = engine.weights[np.searchsorted(engine.feature_ids, known)]
    sums = {}
    for column, terms in enumerate(engine.terms):
        cited = reasons.get(terms.id, frozenset())
        contributions = [
            Contribution(feature_id, weight, is_reason=feature_id in cited)
            for feature_id, weight in zip(known.tolist(), weights[:, column].tolist(), strict=True)
            if weight
        ]
        contributions.sort(key=lambda each: -each.weight)
        sums[terms.id] = Sum(float(engine.priors[column]), tuple(contributions), float(scores[column]))
    return sums


def _rejection(
    terms: OfferTerms, score: Sum, facts: Facts, now: datetime, dismissed: tuple[frozenset[int], frozenset[int]]
) -> Rejection | None:
    """Why the profile may not have it, whatever the others are."""
    offers, categories = dismissed
    if not terms.is_active:
        return SwitchedOff(terms.id, score)
    if terms.ends_at is not None and terms.ends_at <= now:
        return Over(terms.id, score, terms.ends_at)
    if terms.starts_at is not None and terms.starts_at > now:
        return NotYet(terms.id, score, terms.starts_at)
    if terms.stock is not None and terms.stock <= 0:
        return SoldOut(terms.id, score)
    if terms.eligibility is not None and holds(terms.eligibility, facts) is not True:
        part = why_not(terms.eligibility, facts)
        return NotEligible(terms.id, score, part, is_known=holds(part, facts) is False)
    if terms.veto is not None and holds(terms.veto, facts) is True:
        return Vetoed(terms.id, score, why(terms.veto, facts))
    if terms.id in offers:
        return Dismissed(terms.id, score, 0)
    if terms.category_id and terms.category_id in categories:
        return Dismissed(terms.id, score, terms.category_id)
    return None


def _outdone(
    remaining: list[OfferTerms], chosen: Mapping[int, int], sums: Mapping[int, Sum]
) -> Iterator[EnoughOfCategory | Outranked]:
    """Those of the remaining offers, given by rank, that are not chosen. Once five are, all others are outranked."""
    taken: list[OfferTerms] = []
    for rank, terms in enumerate(remaining, 1):
        alike = tuple(each.id for each in taken if terms.category_id and each.category_id == terms.category_id)
        if terms.id in chosen:
            taken.append(terms)
        elif len(taken) < OFFERS_PER_PROFILE:
            yield EnoughOfCategory(terms.id, sums[terms.id], alike)
        else:
            ahead = alike[-1] if len(alike) >= MOST_OF_A_CATEGORY else taken[-1].id
            yield Outranked(terms.id, sums[terms.id], rank, sums[ahead].score)


def _dismissed(suppressed: Suppressed) -> tuple[frozenset[int], frozenset[int]]:
    offers = frozenset(suppressed.offers.tolist()) - {0}
    only = suppressed.categories[suppressed.offers == 0]
    return offers, frozenset(only.tolist())
