"""How good five offers are for a person, and whether one way of choosing them is better than another. Pure."""

from dataclasses import dataclass

import numpy as np

from config.bench.quality.answers import Mask, Numbers, Reals
from recommendations.scoring import OFFERS_PER_PROFILE

LIKES, LOVES = 4, 5
DISCOUNTS = 1 / np.log2(np.arange(2, OFFERS_PER_PROFILE + 2))
RESAMPLES = 10_000
BOOTSTRAP_SEED = 538


def worth(ratings: Numbers) -> Reals:
    """What a cuisine is worth to who rated it so: 3 where they love it, 1 where they like it."""
    return np.where(ratings == LOVES, 3.0, np.where(ratings == LIKES, 1.0, 0.0))


def ideal(worths: Reals, candidates: Mask) -> Reals:
    """The discounted worth of the best five candidates, for each person."""
    best = -np.sort(-np.where(candidates, worths, 0.0), axis=1)[:, :OFFERS_PER_PROFILE]
    return np.asarray(best @ DISCOUNTS[: best.shape[1]], dtype=np.float64)


def shares_of_ideal(worths: Reals, candidates: Mask) -> Reals:
    """What each candidate would add to a person's NDCG if it stood first; 0 for a person without an ideal."""
    most = ideal(worths, candidates)
    return np.where((most > 0)[:, None], worths / np.maximum(most, 1e-9)[:, None], 0.0) * candidates


def best_five(scores: Reals, candidates: Mask) -> Numbers:
    """The places of each person's best candidates, best first; -1 where there are none left. Ties: the lower place."""
    order = np.argsort(-np.where(candidates, scores, -np.inf), axis=1, kind="stable")[:, :OFFERS_PER_PROFILE]
    return np.where(np.take_along_axis(candidates, order, axis=1), order, -1)


def ndcg(chosen: Numbers, worths: Reals, candidates: Mask) -> Reals:
    """NDCG@5 of each person's chosen places; nan for whom nothing is worth anything."""
    found = np.where(chosen >= 0, np.take_along_axis(worths * candidates, np.maximum(chosen, 0), axis=1), 0.0)
    most = ideal(worths, candidates)
    reached = found @ DISCOUNTS[: found.shape[1]]
    return np.where(most > 0, reached / np.where(most > 0, most, 1.0), np.nan)


def folds(count: int, *, fold_count: int, seed: int) -> Numbers:
    """Which fold each person is in; as equal in size as can be."""
    return np.random.default_rng(seed).permutation(count) % fold_count


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of paired differences with its 95 % interval."""

    mean: float
    low: float
    high: float


def difference(ours: Reals, theirs: Reals) -> Difference:
    """Of people's figures, side by side. Percentile bootstrap over people."""
    each = ours - theirs
    generator = np.random.default_rng(BOOTSTRAP_SEED)
    means = np.array([each[generator.integers(0, len(each), len(each))].mean() for _ in range(RESAMPLES)])
    low, high = np.percentile(means, (2.5, 97.5))
    return Difference(float(each.mean()), float(low), float(high))
