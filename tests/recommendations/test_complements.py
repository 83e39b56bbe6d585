"""What a purchase says for and against offers, and what is suggested from purchases."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.complements import DEFAULT, NEVER, Edge, Item, Policy, Tree, purchase_weights, suggestions
from recommendations.discretion import Branch
from recommendations.scoring import Weight

# 1 clothes: 2 coats, 3 small things: 4 gloves; 5 for pets: 6 cat food.
PARENTS = {1: None, 2: 1, 3: 1, 4: 3, 5: None, 6: 5}
BRANCHES = tuple(Branch(place, parent, False) for place, parent in PARENTS.items())
COAT, PARKA, HAT, GLOVES, CAT_FOOD = (
    Item(10, 2, 100),
    Item(11, 2, 101),
    Item(12, 3, 102),
    Item(13, 4, 103),
    Item(14, 6, 104),
)
ITEMS = (COAT, PARKA, HAT, GLOVES, CAT_FOOD)
OFFERED = {10: [1], 11: [2], 12: [3], 13: [4, 5], 14: [6]}


def said(
    *edges: Edge, policy: Policy = DEFAULT, branches: tuple[Branch, ...] = BRANCHES
) -> dict[tuple[int, int], float]:
    """(feature, offer) → weight."""
    weights = purchase_weights(items=ITEMS, offered=OFFERED, edges=edges, branches=branches, policy=policy)
    return {(each.feature_id, each.offer_id): each.weight for each in weights}


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [(2, 2, 0), (2, 1, 1), (2, 3, 2), (2, 4, 3), (4, 2, 3), (2, 6, None), (2, 99, None)],
)
def test_distance_is_counted_in_steps_up_and_down(one: int, other: int, steps: int | None) -> None:
    assert Tree(BRANCHES).distance(one, other) == steps


def test_a_ring_of_categories_ends() -> None:
    assert Tree([Branch(1, 2, False), Branch(2, 1, False)]).distance(1, 2) == 1


def test_what_was_bought_is_never_offered_and_its_like_fall() -> None:
    found = said()
    assert found[100, 1] == NEVER
    assert found[100, 2] == -4
    assert (100, 3) not in found


def test_what_goes_with_it_rises_for_every_offer_of_it() -> None:
    found = said(Edge(10, 12, 1.5), Edge(10, 13, 2), policy=Policy(distance=3))
    assert (found[100, 3], found[100, 4], found[100, 5]) == (1.5, 2, 2)
    assert (102, 1) not in found  # only the way it was said


def test_beyond_the_distance_nothing_counts_whoever_said_it() -> None:
    assert (100, 6) not in said(Edge(10, 14, 10), policy=Policy(distance=6))
    assert (100, 4) not in said(Edge(10, 13, 2), policy=Policy(distance=2))


def test_an_edge_within_a_category_wins_over_the_rule() -> None:
    found = said(Edge(10, 11, 1))
    assert (found[100, 2], found[101, 1]) == (1, -4)


def test_marketers_say_how_much_it_speaks_against() -> None:
    found = said(policy=Policy(bought=-3, substitutes=0))
    assert found[100, 1] == -3
    assert (100, 2) not in found
    assert said(policy=Policy(substitutes=-10))[100, 2] == NEVER


def test_what_is_in_a_sensitive_category_says_nothing() -> None:
    sensitive = tuple(Branch(each.id, each.parent_id, each.id == 1) for each in BRANCHES)
    assert {feature for feature, _offer in said(Edge(10, 12, 1), branches=sensitive)} == {104}


def test_what_cannot_be_told_says_nothing() -> None:
    items = [Item(10, 2, None), HAT]
    assert purchase_weights(items=items, offered=OFFERED, edges=[Edge(10, 12, 1)], branches=BRANCHES) == [
        Weight(3, 102, NEVER)
    ]


def suggested(*together: tuple[int, int, int], people: int = 1000, bought: int = 100, **options: int) -> list[Edge]:
    counts = {item.id: bought for item in ITEMS}
    return suggestions(together=together, bought=counts, people=people, items=ITEMS, branches=BRANCHES, **options)


def test_what_is_bought_together_more_than_by_chance_is_suggested_both_ways() -> None:
    assert suggested((10, 12, 40)) == [Edge(10, 12, 2.0), Edge(12, 10, 2.0)]  # four times as often: two doublings
    assert suggested((10, 12, 90)) == [Edge(10, 12, 3.0), Edge(12, 10, 3.0)]  # and no stronger than that


def test_what_everybody_buys_goes_with_nothing() -> None:
    assert suggested((10, 12, 40), people=250) == []


def test_fewer_than_twenty_people_suggest_nothing() -> None:
    assert suggested((10, 12, 19), people=100_000) == []
    assert suggested((10, 12, 20), people=100_000) != []


def test_what_stands_in_for_it_is_not_suggested() -> None:
    assert suggested((10, 11, 90)) == []


def test_cat_food_is_never_suggested_for_a_coat() -> None:
    assert suggested((10, 14, 99), distance=6) == []


categories = st.integers(1, 12)


@given(
    parents=st.lists(st.one_of(st.none(), categories), min_size=12, max_size=12),
    places=st.lists(categories, min_size=2, max_size=8),
    counts=st.lists(st.integers(0, 100), min_size=64, max_size=64),
    distance=st.integers(1, 6),
)
def test_nothing_is_ever_suggested_across_the_distance(
    parents: list[int | None], places: list[int], counts: list[int], distance: int
) -> None:
    """Whatever the tree (rings included), whatever was bought: and what counts for offers keeps to it as well."""
    branches = [Branch(place, parent, False) for place, parent in enumerate(parents, 1)]
    items = [Item(number, place, number) for number, place in enumerate(places, 1)]
    pairs = [(one.id, other.id) for one in items for other in items if one.id < other.id]
    together = [(one, other, count) for (one, other), count in zip(pairs, counts, strict=False)]
    bought = {item.id: 100 for item in items}
    found = suggestions(
        together=together, bought=bought, people=10_000, items=items, branches=branches, distance=distance
    )
    place_of = {item.id: item.category_id for item in items}
    for edge in found:
        assert 0 < steps(parents, place_of[edge.product_id], place_of[edge.suggested_id]) <= distance
    everything = [Edge(one.id, other.id, 1) for one in items for other in items if one.id != other.id]
    weights = purchase_weights(
        items=items,
        offered={item.id: [item.id] for item in items},
        edges=everything,
        branches=branches,
        policy=Policy(distance=distance),
    )
    for weight in weights:
        if weight.weight > 0:
            assert steps(parents, place_of[weight.feature_id], place_of[weight.offer_id]) <= distance


def steps(parents: list[int | None], one: int, other: int) -> float:
    """By walking up from both, a step at a time; infinite where they never meet."""

    def above(category: int) -> list[int]:
        passed = [category]
        while (parent := parents[passed[-1] - 1]) is not None and parent not in passed:
            passed.append(parent)
        return passed

    here, there = above(one), above(other)
    return min((here.index(each) + there.index(each) for each in here if each in there), default=math.inf)
