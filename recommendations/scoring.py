"""Which offers fit which profiles, and why: one engine for one profile or a million.

    score(profile, offer) = prior(offer) + sum of weight(feature, offer) over the features of the profile's permit

An offer is left out where its eligibility is not true, its veto is true, it is switched off, outside its window or out
of stock. What remains is ranked by score; equal scores go to the higher priority, then to the lower offer id. The
reasons are the arithmetic itself: of each chosen offer's contributions the largest positive ones. No positive
contribution, no reason.

Shapes: profiles × features is a sparse one-hot matrix (CSR), features × offers a dense float32 matrix. Scores are made
for `BLOCK_ROWS` profiles at a time so that they stay in the processor's cache, and the best are found by repeated
argmax: offers stand in tie-breaking order, so the first maximum is the right one.

Pure: no Django, no clock (`now` is an argument).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from preferences.conditions import Condition
from recommendations.eligibility import TRUE, AttributeColumns, Block, truth

OFFERS_PER_PROFILE = 5
REASONS_PER_OFFER = 3
BLOCK_ROWS = 256

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FeatureTerm:
    """A feature: what its number means."""

    id: int
    attribute: str
    code: str


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """Everything about an offer that decides who gets it. No eligibility: everyone; no veto: nobody is vetoed."""

    id: int
    prior: float = 0.0
    priority: int = 0
    eligibility: Condition | None = None
    veto: Condition | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    stock: int | None = None
    is_active: bool = True

    def is_open(self, now: datetime) -> bool:
        """Whether anybody at all may have the offer at this moment."""
        return (
            self.is_active
            and (self.stock is None or self.stock > 0)
            and (self.starts_at is None or self.starts_at <= now)
            and (self.ends_at is None or now < self.ends_at)
        )


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a feature speaks for an offer (or, negative, against it)."""

    offer_id: int
    feature_id: int
    weight: float


@dataclass(frozen=True, slots=True)
class Profiles:
    """Feature ids of many profiles end to end; profile i has `features[starts[i]:starts[i + 1]]`."""

    features: Ids
    starts: Ids

    def __len__(self) -> int:
        return len(self.starts) - 1

    @classmethod
    def of(cls, rows: Sequence[Iterable[int]]) -> "Profiles":
        listed = [list(row) for row in rows]
        starts = np.zeros(len(listed) + 1, dtype=np.int64)
        np.cumsum([len(row) for row in listed], out=starts[1:])
        return cls(np.array([feature for row in listed for feature in row], dtype=np.int64), starts)


@dataclass(frozen=True, slots=True)
class Fits:
    """The best offers of each profile, best first. Offer 0: no further one fitted. Feature 0: no further reason."""

    offers: Ids  # profiles × OFFERS_PER_PROFILE
    scores: Floats  # profiles × OFFERS_PER_PROFILE
    reasons: Ids  # profiles × OFFERS_PER_PROFILE × REASONS_PER_OFFER, feature ids


Audiences = tuple[tuple[Condition, NDArray[np.intp]], ...]
"""For each different condition: the offers (columns) that carry it."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A catalogue made ready for scoring. Immutable; share it between threads."""

    feature_ids: Ids  # ascending
    attributes: Mapping[str, AttributeColumns]
    terms: tuple[OfferTerms, ...]  # in tie-breaking order
    offer_ids: Ids
    priors: Floats
    weights: Floats  # features × offers
    eligibility: Audiences
    veto: Audiences

    @classmethod
    def of(cls, features: Iterable[FeatureTerm], offers: Iterable[OfferTerms], weights: Iterable[Weight]) -> "Engine":
        """Weights of features or offers that are not in the catalogue are ignored."""
        feature_terms = sorted(features, key=lambda feature: feature.id)
        terms = tuple(sorted(offers, key=lambda offer: (-offer.priority, offer.id)))
        row_of = {feature.id: row for row, feature in enumerate(feature_terms)}
        column_of = {offer.id: column for column, offer in enumerate(terms)}
        matrix = np.zeros((len(feature_terms), len(terms)), dtype=np.float32)
        for weight in weights:
            if weight.feature_id in row_of and weight.offer_id in column_of:
                matrix[row_of[weight.feature_id], column_of[weight.offer_id]] = weight.weight
        return cls(
            feature_ids=np.array([feature.id for feature in feature_terms], dtype=np.int64),
            attributes=_attribute_columns(feature_terms),
            terms=terms,
            offer_ids=np.array([offer.id for offer in terms], dtype=np.int64),
            priors=np.array([offer.prior for offer in terms], dtype=np.float32),
            weights=matrix,
            eligibility=_audiences([offer.eligibility for offer in terms]),
            veto=_audiences([offer.veto for offer in terms]),
        )

    def fit(self, profiles: Profiles, now: datetime) -> Fits:
        """The best offers of each profile. Feature ids that the catalogue does not know count for nothing."""
        count = len(profiles)
        fits = Fits(
            offers=np.zeros((count, OFFERS_PER_PROFILE), dtype=np.int64),
            scores=np.zeros((count, OFFERS_PER_PROFILE), dtype=np.float32),
            reasons=np.zeros((count, OFFERS_PER_PROFILE, REASONS_PER_OFFER), dtype=np.int64),
        )
        if not count or not self.terms:
            return fits
        matrix = self._one_hot(profiles)
        closed = np.array([not offer.is_open(now) for offer in self.terms])
        excluded = self._excluded(Block(matrix, self.attributes))
        for first in range(0, count, BLOCK_ROWS):
            rows = slice(first, min(first + BLOCK_ROWS, count))
            self._fit_block(matrix[rows], closed, [(out[rows], columns) for out, columns in excluded], fits, rows)
        return fits

    def contributions(self, features: Iterable[int], offer_id: int) -> dict[int, float]:
        """What each of these features adds to the offer's score. With the prior they sum to the score."""
        column = int(np.flatnonzero(self.offer_ids == offer_id)[0])
        known = np.intersect1d(np.array(sorted(set(features)), dtype=np.int64), self.feature_ids)
        rows = np.searchsorted(self.feature_ids, known)
        return dict(zip(known.tolist(), self.weights[rows, column].tolist(), strict=True))

    def _one_hot(self, profiles: Profiles) -> sparse.csr_array:
        places = np.searchsorted(self.feature_ids, profiles.features)
        places[places == len(self.feature_ids)] = 0
        known = (
            self.feature_ids[places] == profiles.features
            if len(self.feature_ids)
            else np.zeros(len(places), dtype=bool)
        )
        starts = np.concatenate(([0], np.cumsum(known)))[profiles.starts]
        matrix = sparse.csr_array(
            (np.ones(int(known.sum()), dtype=np.float32), places[known].astype(np.int32), starts.astype(np.int32)),
            shape=(len(profiles), len(self.feature_ids)),
        )
        matrix.sum_duplicates()  # also sorts, so the order of a permit's features never matters
        matrix.data[:] = 1
        return matrix

    def _excluded(self, block: Block) -> list[tuple[NDArray[np.bool_], NDArray[np.intp]]]:
        """Pairs (rows left out, of these offers)."""
        not_eligible = [(truth(condition, block) != TRUE, columns) for condition, columns in self.eligibility]
        vetoed = [(truth(condition, block) == TRUE, columns) for condition, columns in self.veto]
        return [(out, columns) for out, columns in not_eligible + vetoed if out.any()]

    def _fit_block(
        self,
        matrix: sparse.csr_array,
        closed: NDArray[np.bool_],
        excluded: Sequence[tuple[NDArray[np.bool_], NDArray[np.intp]]],
        fits: Fits,
        rows: slice,
    ) -> None:
        scores: Floats = matrix @ self.weights
        scores += self.priors
        scores[:, closed] = -np.inf
        for out, columns in excluded:
            scores[np.ix_(out, columns)] = -np.inf
        row_numbers = np.arange(scores.shape[0])
        features = _padded(matrix)
        for place in range(min(OFFERS_PER_PROFILE, len(self.terms))):
            best = scores.argmax(axis=1)
            best_scores = scores[row_numbers, best]
            fitted = best_scores > -np.inf
            fits.offers[rows, place] = np.where(fitted, self.offer_ids[best], 0)
            fits.scores[rows, place] = np.where(fitted, best_scores, 0)
            fits.reasons[rows, place] = self._reasons(features, best, fitted)
            scores[row_numbers, best] = -np.inf

    def _reasons(self, features: NDArray[np.intp], best: NDArray[np.intp], fitted: NDArray[np.bool_]) -> Ids:
        """The largest positive contributions to each row's offer; equal ones in the order of their feature ids."""
        reasons = np.zeros((len(best), REASONS_PER_OFFER), dtype=np.int64)
        if not features.shape[1]:
            return reasons
        contributions = np.where(features >= 0, self.weights[features, best[:, None]], 0)
        row_numbers = np.arange(len(best))
        for place in range(REASONS_PER_OFFER):
            largest = contributions.argmax(axis=1)
            speaks = fitted & (contributions[row_numbers, largest] > 0)
            reasons[:, place] = np.where(speaks, self.feature_ids[features[row_numbers, largest]], 0)
            contributions[row_numbers, largest] = 0
        return reasons


def _padded(matrix: sparse.csr_array) -> NDArray[np.intp]:
    """Each row's feature columns side by side, -1 where a row has fewer than the longest."""
    lengths = np.diff(matrix.indptr)
    width = int(lengths.max()) if len(lengths) else 0
    padded = np.full((len(lengths), width), -1, dtype=np.intp)
    padded[np.arange(width) < lengths[:, None]] = matrix.indices
    return padded


def _attribute_columns(features: Sequence[FeatureTerm]) -> dict[str, AttributeColumns]:
    by_attribute: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for column, feature in enumerate(features):
        by_attribute[feature.attribute].append((column, feature.code))
    return {
        attribute: AttributeColumns(
            np.array([column for column, _ in places], dtype=np.intp), tuple(code for _, code in places)
        )
        for attribute, places in by_attribute.items()
    }


def _audiences(conditions: Sequence[Condition | None]) -> Audiences:
    columns_of: dict[Condition, list[int]] = defaultdict(list)
    for column, condition in enumerate(conditions):
        if condition is not None:
            columns_of[condition].append(column)
    return tuple((condition, np.array(columns, dtype=np.intp)) for condition, columns in columns_of.items())
