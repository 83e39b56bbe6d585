"""The engine against a brute-force oracle in plain Python, and the promises that marketers and customers rely on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preferences.conditions import All, AnyOf, Condition, Not, Test, holds
from recommendations.scoring import (
    BLOCK_ROWS,
    OFFERS_PER_PROFILE,
    REASONS_PER_OFFER,
    Engine,
    FeatureTerm,
    OfferTerms,
    Profiles,
    Weight,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEATURES = [
    FeatureTerm(3, "skin", "dry"),
    FeatureTerm(5, "skin", "oily"),
    FeatureTerm(8, "skin", "mixed"),
    FeatureTerm(11, "goals", "calm"),
    FeatureTerm(12, "goals", "glow"),
    FeatureTerm(40, "goals", "firm"),
    FeatureTerm(41, "vegan", "yes"),
    FeatureTerm(42, "vegan", "no"),
]
BY_ID = {feature.id: feature for feature in FEATURES}
WEIGHTS = st.integers(-64, 64).map(lambda number: number / 16)  # exact in float32: engine and oracle agree

tests = st.one_of(
    st.builds(
        lambda feature, op: Test("attribute", feature.attribute, op, feature.code),
        st.sampled_from(FEATURES),
        st.sampled_from(["is", "is_not", "includes", "excludes"]),
    ),
    st.builds(
        lambda op, values: Test("attribute", "goals", op, tuple(values)),
        st.sampled_from(["in", "not_in"]),
        st.lists(st.sampled_from(["calm", "glow", "firm"]), min_size=1, max_size=3),
    ),
    st.builds(
        lambda key, value: Test("attribute", key, "answered", value),
        st.sampled_from(["skin", "goals", "unheard_of"]),
        st.booleans(),
    ),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    tests,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)
profiles = st.frozensets(st.sampled_from([*BY_ID, 999]), max_size=6)  # 999 is no feature of the catalogue


@st.composite
def catalogues(draw: st.DrawFn) -> tuple[list[OfferTerms], list[Weight]]:
    ids = draw(st.lists(st.integers(1, 60), unique=True, max_size=9))
    moments = st.none() | st.sampled_from([NOW - timedelta(hours=1), NOW, NOW + timedelta(hours=1)])
    offers = [
        OfferTerms(
            id=offer_id,
            prior=draw(WEIGHTS),
            priority=draw(st.integers(0, 2)),
            eligibility=draw(st.none() | conditions),
            veto=draw(st.none() | conditions),
            starts_at=draw(moments),
            ends_at=draw(moments),
            stock=draw(st.none() | st.integers(0, 2)),
            is_active=draw(st.sampled_from([True, True, False])),
        )
        for offer_id in ids
    ]
    weights = [
        Weight(offer_id, feature_id, weight)
        for offer_id in ids
        for feature_id, weight in draw(st.dictionaries(st.sampled_from(list(BY_ID)), WEIGHTS, max_size=5)).items()
    ]
    return offers, weights


def facts(profile: frozenset[int]) -> dict[str, frozenset[str]]:
    known: dict[str, set[str]] = {}
    for feature_id in profile & BY_ID.keys():
        known.setdefault(BY_ID[feature_id].attribute, set()).add(BY_ID[feature_id].code)
    return {key: frozenset(codes) for key, codes in known.items()}


def oracle(
    offers: Sequence[OfferTerms], weights: Sequence[Weight], profile: frozenset[int]
) -> list[tuple[int, float, list[int]]]:
    """(offer, score, reasons) of the best five, as one would work it out on paper."""
    ranked = []
    for offer in offers:
        if not offer.is_active or offer.stock == 0:
            continue
        if (offer.starts_at and offer.starts_at > NOW) or (offer.ends_at and offer.ends_at <= NOW):
            continue
        if offer.eligibility and holds(offer.eligibility, facts(profile)) is not True:
            continue
        if offer.veto and holds(offer.veto, facts(profile)) is True:
            continue
        parts = {w.feature_id: w.weight for w in weights if w.offer_id == offer.id and w.feature_id in profile}
        positive = sorted((-weight, feature) for feature, weight in parts.items() if weight > 0)
        ranked.append(
            (
                -(offer.prior + sum(parts.values())),
                -offer.priority,
                offer.id,
                [feature for _, feature in positive[:REASONS_PER_OFFER]],
            )
        )
    return [(offer_id, -score, reasons) for score, _, offer_id, reasons in sorted(ranked)[:OFFERS_PER_PROFILE]]


def fit(
    offers: Sequence[OfferTerms], weights: Sequence[Weight], rows: Sequence[frozenset[int]]
) -> list[list[tuple[int, float, list[int]]]]:
    fits = Engine.of(FEATURES, offers, weights).fit(Profiles.of(rows), NOW)
    return [
        [
            (int(offer), float(score), [int(reason) for reason in reasons if reason])
            for offer, score, reasons in zip(*row, strict=True)
            if offer
        ]
        for row in zip(fits.offers, fits.scores, fits.reasons, strict=True)
    ]


@given(catalogues(), st.lists(profiles, max_size=8))
def test_it_agrees_with_the_brute_force_oracle(
    catalogue: tuple[list[OfferTerms], list[Weight]], rows: list[frozenset[int]]
):
    assert fit(*catalogue, rows) == [oracle(*catalogue, row) for row in rows]


@given(catalogues(), profiles, st.randoms(use_true_random=False))
def test_the_order_in_which_anything_is_listed_changes_nothing(
    catalogue: tuple[list[OfferTerms], list[Weight]], row: frozenset[int], random: Random
):
    offers, weights = catalogue
    expected = fit(offers, weights, [row])
    random.shuffle(offers)
    random.shuffle(weights)
    listed = list(row)
    random.shuffle(listed)
    engine = Engine.of(random.sample(FEATURES, len(FEATURES)), offers, weights)
    fits = engine.fit(Profiles.of([listed]), NOW)
    assert [int(offer) for offer in fits.offers[0] if offer] == [offer for offer, _, _ in expected[0]]


@given(catalogues(), profiles)
def test_contributions_and_prior_sum_to_the_score(
    catalogue: tuple[list[OfferTerms], list[Weight]], row: frozenset[int]
):
    offers, weights = catalogue
    engine = Engine.of(FEATURES, offers, weights)
    priors = {offer.id: offer.prior for offer in offers}
    for offer, score, reasons in fit(offers, weights, [row])[0]:
        contributions = engine.contributions(row, offer)
        assert sum(contributions.values()) == pytest.approx(score - priors[offer], abs=1e-5)
        assert all(contributions[reason] > 0 for reason in reasons)
        assert len(reasons) == min(REASONS_PER_OFFER, sum(part > 0 for part in contributions.values()))


@given(catalogues(), profiles)
def test_deleting_a_cited_answer_lowers_the_score(
    catalogue: tuple[list[OfferTerms], list[Weight]], row: frozenset[int]
):
    offers, weights = catalogue
    anyone = [replace(offer, eligibility=None, veto=None) for offer in offers]
    for offer, score, reasons in fit(anyone, weights, [row])[0]:
        alone = [each for each in anyone if each.id == offer]
        for reason in reasons:
            ((_, lower, _),) = fit(alone, weights, [row - {reason}])[0]
            assert lower < score


def test_equal_scores_go_to_the_higher_priority_then_to_the_lower_id():
    offers = [OfferTerms(9), OfferTerms(2), OfferTerms(7, priority=1), OfferTerms(4)]
    assert [offer for offer, _, _ in fit(offers, [], [frozenset()])[0]] == [7, 2, 4, 9]


def test_an_offer_without_a_positive_contribution_has_no_reason():
    weights = [Weight(1, 3, -2.0), Weight(1, 11, 0.0)]
    assert fit([OfferTerms(1, prior=5)], weights, [frozenset({3, 11})]) == [[(1, 3.0, [])]]


def test_unknown_makes_nobody_eligible_and_vetoes_nobody():
    dry = Test("attribute", "skin", "is", "dry")
    offers = [OfferTerms(1, eligibility=dry), OfferTerms(2, eligibility=Not(dry)), OfferTerms(3, veto=dry)]
    assert [offer for offer, _, _ in fit(offers, [], [frozenset()])[0]] == [3]


def test_blocks_do_not_show():
    generator = np.random.default_rng(7)
    rows = [
        frozenset(int(each) for each in generator.choice(list(BY_ID), generator.integers(0, 5)))
        for _ in range(2 * BLOCK_ROWS + 3)
    ]
    dry = Test("attribute", "skin", "includes", "dry")
    offers = [OfferTerms(n, eligibility=dry if n % 2 else None) for n in range(1, 9)]
    weights = [Weight(n, feature, float(n % 3)) for n in range(1, 9) for feature in BY_ID]
    assert fit(offers, weights, rows) == [fit(offers, weights, [row])[0] for row in rows]


def test_nobody_and_nothing():
    assert fit([OfferTerms(1)], [], []) == []
    assert fit([], [], [frozenset({3})]) == [[]]
    fits = Engine.of([], [OfferTerms(1)], []).fit(Profiles.of([frozenset({3})]), NOW)
    assert fits.offers.tolist() == [[1, 0, 0, 0, 0]]


def test_an_attribute_with_very_many_values():
    features = [FeatureTerm(n, "city", f"city_{n}") for n in range(1, 101)]
    offers = [OfferTerms(1, eligibility=Test("attribute", "city", "in", ("city_3", "city_99")))]
    for times in (1, 20):  # few profiles are looked up one by one, many all at once
        fits = Engine.of(features, offers, []).fit(Profiles.of([{99}, {98}, set()] * times), NOW)
        assert fits.offers[:, 0].tolist() == [1, 0, 0] * times
