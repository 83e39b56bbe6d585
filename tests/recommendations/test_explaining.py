"""Every offer has a verdict: what is said to be chosen is what the engine gives, and every rejection is true."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preferences.conditions import All, AnyOf, Condition, Not, Test, holds
from recommendations.explaining import (
    Chosen,
    Dismissed,
    EnoughOfCategory,
    NotEligible,
    NotYet,
    Outranked,
    Over,
    SoldOut,
    Suppressed,
    SwitchedOff,
    Verdict,
    Vetoed,
    explain,
    why,
    why_not,
)
from recommendations.scoring import NOTHING_SUPPRESSED, Engine, Ids, OfferTerms, Profiles, Weight
from tests.recommendations.test_scoring import FEATURES, NOW, catalogues, conditions, facts, profiles

Catalogue = tuple[list[OfferTerms], list[Weight]]
DRY, CALM = 3, 11


def ids(*numbers: int) -> Ids:
    return Profiles.of([numbers]).features


@st.composite
def categorised(draw: st.DrawFn) -> Catalogue:
    offers, weights = draw(catalogues())
    return [replace(offer, category_id=draw(st.sampled_from([0, 7, 7, 8]))) for offer in offers], weights


@st.composite
def dismissals(draw: st.DrawFn) -> Suppressed:
    offers = draw(st.lists(st.integers(1, 60), max_size=12))
    categories = draw(st.lists(st.sampled_from([7, 8]), max_size=1))
    pairs = [(offer, 0) for offer in offers] + [(0, category) for category in categories]
    return Suppressed(ids(*[0] * len(pairs)), ids(*[o for o, _ in pairs]), ids(*[c for _, c in pairs]))


def explained(
    catalogue: Catalogue, profile: frozenset[int], suppressed: Suppressed = NOTHING_SUPPRESSED
) -> tuple[Verdict, ...]:
    return explain(Engine.of(FEATURES, *catalogue), profile, NOW, suppressed)


@given(categorised(), profiles, dismissals())
def test_what_is_explained_as_chosen_is_what_the_engine_gives(
    catalogue: Catalogue, profile: frozenset[int], suppressed: Suppressed
):
    engine = Engine.of(FEATURES, *catalogue)
    verdicts = explain(engine, profile, NOW, suppressed)
    fits = engine.fit(Profiles.of([profile]), NOW, suppressed)
    given_offers = [
        (int(offer), float(score), {int(each) for each in reasons if each})
        for offer, score, reasons in zip(fits.offers[0], fits.scores[0], fits.reasons[0], strict=True)
        if offer
    ]
    chosen = [each for each in verdicts if isinstance(each, Chosen)]
    assert [
        (each.offer_id, each.sum.score, {part.feature_id for part in each.sum.contributions if part.is_reason})
        for each in chosen
    ] == given_offers
    assert [each.place for each in chosen] == list(range(1, len(chosen) + 1))
    assert list(verdicts[: len(chosen)]) == chosen
    for each in verdicts:
        assert each.sum.prior + sum(part.weight for part in each.sum.contributions) == each.sum.score


@given(categorised(), profiles, dismissals())
def test_every_offer_has_exactly_one_verdict(catalogue: Catalogue, profile: frozenset[int], suppressed: Suppressed):
    verdicts = explained(catalogue, profile, suppressed)
    assert sorted(each.offer_id for each in verdicts) == sorted(offer.id for offer in catalogue[0])


def without_cause(verdict: Verdict, offer: OfferTerms) -> OfferTerms:
    """The offer as if what the rejection names were not so."""
    match verdict:
        case SwitchedOff():
            return replace(offer, is_active=True)
        case Over():
            return replace(offer, ends_at=None)
        case NotYet():
            return replace(offer, starts_at=NOW)
        case SoldOut():
            return replace(offer, stock=None)
        case NotEligible():
            return replace(offer, eligibility=None)
        case Vetoed():
            return replace(offer, veto=None)
        case EnoughOfCategory():
            return replace(offer, category_id=0)
        case Outranked(needed=needed, sum=arithmetic):
            return replace(offer, prior=offer.prior + needed - arithmetic.score + 1 / 16)
    return offer


@given(categorised(), profiles, dismissals())
def test_without_the_cause_of_a_rejection_the_verdict_is_another(
    catalogue: Catalogue, profile: frozenset[int], suppressed: Suppressed
):
    offers, weights = catalogue
    for verdict in explained(catalogue, profile, suppressed):
        if isinstance(verdict, Chosen):
            continue
        others = [without_cause(verdict, offer) if offer.id == verdict.offer_id else offer for offer in offers]
        kept = NOTHING_SUPPRESSED if isinstance(verdict, Dismissed) else suppressed
        (after,) = (each for each in explained((others, weights), profile, kept) if each.offer_id == verdict.offer_id)
        assert type(after) is not type(verdict)
        if isinstance(verdict, EnoughOfCategory | Outranked):
            assert isinstance(after, Chosen)


@given(conditions, profiles)
def test_the_part_that_is_named_is_to_blame(condition: Condition, profile: frozenset[int]):
    known = facts(profile)
    if holds(condition, known) is True:
        assert holds(why(condition, known), known) is True
    else:
        assert holds(why_not(condition, known), known) is not True


@given(categorised(), profiles)
def test_those_that_may_be_had_come_by_rank(catalogue: Catalogue, profile: frozenset[int]):
    ranks = [each.rank for each in explained(catalogue, profile) if isinstance(each, Outranked)]
    assert ranks == sorted(ranks)
    assert all(rank > 5 for rank in ranks)


dry = Test("attribute", "skin", "is", "dry")
calm = Test("attribute", "goals", "includes", "calm")
vegan = Test("attribute", "vegan", "is", "yes")


@pytest.mark.parametrize(
    ("condition", "profile", "part", "is_known"),
    [
        (dry, {5}, dry, True),
        (dry, set(), dry, False),
        (All((dry, calm)), {DRY}, calm, False),
        (All((vegan, dry)), {5}, dry, True),  # what is false comes before what is not known
        (All((dry, AnyOf((calm, vegan)))), {DRY}, AnyOf((calm, vegan)), False),
        (Not(AnyOf((dry, calm))), {CALM}, Not(calm), True),
        (Not(Not(dry)), {5}, dry, True),
    ],
)
def test_the_smallest_part_that_is_not_true_is_named(
    condition: Condition, profile: set[int], part: Condition, is_known: bool
):
    (verdict,) = explained(([OfferTerms(1, eligibility=condition)], []), frozenset(profile))
    assert isinstance(verdict, NotEligible)
    assert (verdict.part, verdict.is_known) == (part, is_known)


def test_a_veto_names_the_part_that_holds():
    (verdict,) = explained(([OfferTerms(1, veto=AnyOf((vegan, All((dry, calm)))))], []), frozenset({DRY, CALM}))
    assert isinstance(verdict, Vetoed)
    assert verdict.part == All((dry, calm))


def test_windows_say_from_and_since_when():
    later, earlier = NOW + timedelta(days=2), NOW - timedelta(days=2)
    verdicts = explained(([OfferTerms(1, starts_at=later), OfferTerms(2, ends_at=earlier)], []), frozenset())
    assert [(type(each), getattr(each, "starts_at", None) or getattr(each, "ended_at", None)) for each in verdicts] == [
        (NotYet, later),
        (Over, earlier),
    ]


def test_enough_of_a_category_names_the_two_that_are_ahead():
    offers = [OfferTerms(n, prior=10 - n, category_id=7) for n in (1, 2, 3)]
    *_, last = explained((offers, []), frozenset())
    assert isinstance(last, EnoughOfCategory)
    assert last.ahead == (1, 2)


def test_what_is_outranked_says_what_it_would_have_needed():
    offers = [OfferTerms(n, prior=10 - n) for n in range(1, 8)]
    *_, sixth, seventh = explained((offers, []), frozenset())
    assert isinstance(sixth, Outranked)
    assert isinstance(seventh, Outranked)
    assert [(each.rank, each.needed, each.sum.score) for each in (sixth, seventh)] == [(6, 5, 4), (7, 5, 3)]
