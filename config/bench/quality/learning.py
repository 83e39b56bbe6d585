"""What is learnt from training people: which cuisines to ask for, and what each answer says about the others. Pure.

Nothing here ever sees the people that are predicted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from config.bench.quality.answers import Answers, Mask, Reals, one_hot
from config.bench.quality.measuring import best_five, folds, ndcg, shares_of_ideal, worth
from recommendations.scoring import FeatureTerm

ASKED = 8
MOST_WEIGHT = 10.0  # what an offer's weights may be, for and against
STRENGTHS = (3.0, 10.0, 30.0, 100.0, 300.0)
ASKING_STRENGTH = 10.0  # only orders cuisines by how much they tell, so it is not chosen
INNER_FOLDS = 4
RANKS = (2, 4)
ROUNDS = 8
Option = TypeVar("Option")


@dataclass(frozen=True, slots=True)
class Learnt:
    """An additive model: what is asked, what is predicted (places of cuisines), and the numbers an engine needs."""

    asked: tuple[int, ...]
    predicted: tuple[int, ...]
    terms: tuple[FeatureTerm, ...]
    priors: Reals  # predicted
    weights: Reals  # features × predicted
    strength: float


def most_telling(answers: Answers, count: int = ASKED) -> tuple[int, ...]:
    """The cuisines to ask for, in the order they were found.

    One after another: the one whose answers, with those before it, explain the largest share of how much what people
    think of each other cuisine varies (by a ridge regression, averaged over these cuisines).
    """
    places = range(len(answers.cuisines))
    terms, given = one_hot(answers, places)
    worths = worth(answers.ratings)
    given, worths = given - given.mean(axis=0), worths - worths.mean(axis=0)
    products, towards, varying = given.T @ given, given.T @ worths, (worths**2).sum(axis=0)
    about = [row for row, term in enumerate(terms) if term.attribute not in answers.cuisines]
    rows_of = {
        place: [row for row, term in enumerate(terms) if term.attribute == cuisine]
        for place, cuisine in enumerate(answers.cuisines)
    }

    def explained(asked: Sequence[int]) -> float:
        rows = [*about, *(row for place in asked for row in rows_of[place])]
        rest = [place for place in places if place not in asked]
        among, onto = products[rows][:, rows], towards[rows][:, rest]
        weights = np.linalg.solve(among + ASKING_STRENGTH * np.eye(len(rows)), onto)
        share = (weights * (2 * onto - among @ weights)).sum(axis=0) / np.maximum(varying[rest], 1e-9)
        return float(share.mean())

    found: list[int] = []
    while len(found) < min(count, len(places) - 1):
        told = {place: explained([*found, place]) for place in places if place not in found}
        found.append(max(told, key=lambda place: told[place]))
    return tuple(found)


def candidates(answers: Answers, predicted: Sequence[int], *, only_tried: bool) -> Mask:
    """Which of the predicted cuisines count for each person."""
    tried = answers.tried[:, list(predicted)]
    return tried if only_tried else np.ones_like(tried)


def learn(answers: Answers, *, only_tried: bool) -> Learnt:
    """From training people alone: which cuisines are asked, how strongly weights are held back, priors and weights."""
    asked = most_telling(answers)
    predicted = tuple(place for place in range(len(answers.cuisines)) if place not in asked)
    terms, given = one_hot(answers, asked)
    counted = candidates(answers, predicted, only_tried=only_tried)
    worths = worth(answers.ratings[:, list(predicted)])
    target = shares_of_ideal(worths, counted)

    def scores(strength: float, training: Mask, others: Mask) -> Reals:
        priors, weights = _ridge(given[training], target[training], counted[training], strength)
        return priors + given[others] @ weights

    strength = _best(STRENGTHS, scores, worths, counted)
    priors, weights = _ridge(given, target, counted, strength)
    return Learnt(asked, predicted, tuple(terms), priors, weights.clip(-MOST_WEIGHT, MOST_WEIGHT), strength)


def popularity(answers: Answers, predicted: Sequence[int], *, only_tried: bool) -> Reals:
    """What each predicted cuisine is worth to people on average, in the measure that `learn` learns."""
    counted = candidates(answers, predicted, only_tried=only_tried)
    target = shares_of_ideal(worth(answers.ratings[:, list(predicted)]), counted)
    return np.asarray(target.sum(axis=0) / np.maximum(counted.sum(axis=0), 1), dtype=np.float64)


def factorised(training: Answers, asked: Sequence[int], *, only_tried: bool) -> Callable[[Answers], Reals]:
    """For context, matrix factorisation: how much people like each predicted cuisine, from the asked ones alone.

    Alternating least squares on what cuisines are worth to people, from their mean. Whoever is predicted is placed
    among the factors by what they said about the asked cuisines.
    """
    predicted = [place for place in range(len(training.cuisines)) if place not in asked]
    worths, counted = worth(training.ratings), _known(training, only_tried=only_tried)

    def model(option: tuple[int, float], people: Mask) -> Callable[[Reals, Mask], Reals]:
        rank, strength = option
        means = (worths[people] * counted[people]).sum(axis=0) / np.maximum(counted[people].sum(axis=0), 1)
        items = _factors(worths[people] - means, counted[people], rank, strength)

        def scores(worths: Reals, counted: Mask) -> Reals:
            places = list(asked)
            deviations = worths[:, places] - means[places]
            people = _solve(deviations, counted[:, places], items[places], strength)
            return np.asarray(means[predicted] + people @ items[predicted].T)

        return scores

    def inner(option: tuple[int, float], people: Mask, others: Mask) -> Reals:
        return model(option, people)(worths[others], counted[others])

    options = [(rank, strength) for rank in RANKS for strength in STRENGTHS]
    best = _best(options, inner, worths[:, predicted], counted[:, predicted])
    chosen = model(best, np.ones(len(training), dtype=bool))
    return lambda people: chosen(worth(people.ratings), _known(people, only_tried=only_tried))


def _known(answers: Answers, *, only_tried: bool) -> Mask:
    return candidates(answers, range(len(answers.cuisines)), only_tried=only_tried)


def _best(
    options: Sequence[Option], scores: Callable[[Option, Mask, Mask], Reals], worths: Reals, counted: Mask
) -> Option:
    """The option that serves training people best who were left out while it was tried."""
    inner = folds(len(worths), fold_count=INNER_FOLDS, seed=0)

    def reached(option: Option) -> float:
        found: Reals = np.full(len(worths), np.nan)
        for fold in range(INNER_FOLDS):
            out = inner == fold
            chosen = best_five(scores(option, ~out, out), counted[out])
            found[out] = ndcg(chosen, worths[out], counted[out])
        return float(np.nanmean(found))

    return max(options, key=reached)


def _ridge(given: Reals, target: Reals, counted: Mask, strength: float) -> tuple[Reals, Reals]:
    """Priors, and weights (features × cuisines) held back by `strength`: each cuisine from those for whom it counts."""
    held_back = strength * np.eye(given.shape[1])
    weights = np.zeros((given.shape[1], target.shape[1]))
    priors = np.zeros(target.shape[1])
    for place in range(target.shape[1]):
        people = counted[:, place]
        if not people.any():
            continue
        mean, usual = given[people].mean(axis=0), target[people, place].mean()
        varying = given[people] - mean
        weights[:, place] = np.linalg.solve(varying.T @ varying + held_back, varying.T @ target[people, place])
        priors[place] = usual - mean @ weights[:, place]
    return priors, weights


def _factors(deviations: Reals, counted: Mask, rank: int, strength: float) -> Reals:
    items: Reals = np.random.default_rng(0).normal(0, 0.1, (deviations.shape[1], rank))
    for _round in range(ROUNDS):
        people = _solve(deviations, counted, items, strength)
        items = _solve(deviations.T, counted.T, people, strength)
    return items


def _solve(deviations: Reals, counted: Mask, factors: Reals, strength: float) -> Reals:
    """Each row's factors, from the columns that count for it."""
    squares = np.einsum("rc,ci,cj->rij", counted.astype(float), factors, factors, optimize=True)
    squares += strength * np.eye(factors.shape[1]) / len(factors)
    return np.asarray(np.linalg.solve(squares, ((deviations * counted) @ factors)[..., None])[..., 0])
