"""After a few offers have changed, whoever can get others is computed again: all of them, and few besides."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from preferences.conditions import Not, Test
from recommendations.scoring import Engine, OfferTerms, Profiles, Suppressed, Weight
from tests.recommendations.test_scoring import BY_ID, FEATURES, NOW


@dataclass(frozen=True)
class Shelf:
    """A catalogue of the engine's own: terms and weights of each offer, by id."""

    terms: dict[int, OfferTerms]
    weights: dict[int, list[Weight]]

    def engine(self) -> Engine:
        return Engine.of(FEATURES, self.terms.values(), [each for some in self.weights.values() for each in some])


WHOM = (
    Test("attribute", "skin", "is", "dry"),
    Test("attribute", "goals", "includes", "calm"),
    Not(Test("attribute", "vegan", "is", "yes")),
    Test("attribute", "skin", "answered", True),
)


def some_terms(random: Random, id: int) -> OfferTerms:
    """Mostly open to everybody, and with few different priors, so that scores are often equal."""
    seldom = partial(random.choices, weights=[7, 1, 1, 1])
    hour = timedelta(hours=1)
    return OfferTerms(
        id=id,
        prior=float(random.randint(-1, 2)),
        priority=random.randint(0, 2),
        eligibility=seldom([None, *WHOM[:3]])[0],
        veto=seldom([None, *WHOM[1:]])[0],
        starts_at=seldom([None, NOW, NOW - hour, NOW + hour])[0],
        ends_at=seldom([None, NOW, NOW - hour, NOW + hour])[0],
        stock=seldom([None, None, 0, 1])[0],
        is_active=random.random() < 0.9,
        category_id=random.randint(0, 3),
    )


def some_weights(random: Random, id: int) -> list[Weight]:
    return [Weight(id, feature, float(random.randint(-1, 2))) for feature in random.sample(list(BY_ID), 3)]


def changed(random: Random, shelf: Shelf, ids: list[int]) -> Shelf:
    """These offers have changed, come or gone."""
    terms, weights = dict(shelf.terms), dict(shelf.weights)
    for each in ids:
        match random.choice(["changed", "weighed", "moved", "gone"]), each in terms:
            case "weighed", True:
                weights[each] = some_weights(random, each)
            case "moved", True:
                terms[each] = replace(terms[each], category_id=random.randint(0, 3))
            case "gone", True:
                del terms[each]
            case _:
                terms[each], weights[each] = some_terms(random, each), some_weights(random, each)
    return Shelf(terms, weights)


@given(st.integers(0, 2**32))
def test_whoever_is_said_to_stay_stays_exactly(seed: int):
    random = Random(seed)
    ids = random.sample(range(1, 60), random.randint(1, 16))
    before = Shelf({id: some_terms(random, id) for id in ids}, {id: some_weights(random, id) for id in ids})
    concerned = random.sample([*ids, 70, 71], random.randint(1, 3))
    after = changed(random, before, concerned)
    rows = Profiles.of([random.sample([*BY_ID, 999], random.randint(0, 6)) for _ in range(40)])
    unwanted = sorted((random.randrange(40), random.choice([*ids, 70])) for _ in range(random.randint(0, 30)))
    suppressed = Suppressed(*np.array([(*each, 0) for each in unwanted], dtype=np.int64).reshape(-1, 3).T)
    had = before.engine().fit(rows, NOW, suppressed)
    engine = after.engine()
    stays = ~engine.may_change(rows, had, concerned, NOW)
    now = engine.fit(rows, NOW, suppressed)
    for name in ("offers", "scores", "reasons"):
        assert getattr(now, name)[stays].tolist() == getattr(had, name)[stays].tolist()


def test_when_the_last_offer_goes_it_is_taken_from_whoever_had_it():
    had = Engine.of(FEATURES, [OfferTerms(1)], []).fit(Profiles.of([{3}, set()]), NOW)
    nothing_left = Engine.of([], [], [])
    assert nothing_left.may_change(Profiles.of([{3}, set()]), had, [1], NOW).tolist() == [True] * 2
