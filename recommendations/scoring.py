"""Which offers fit which profiles, and why: one engine for one profile or a million.

    score(profile, offer) = prior(offer) + sum of weight(feature, offer) over the features of the profile's permit

An offer is left out where its eligibility is not true, its veto is true, it is switched off, outside its window or out
of stock, or where the profile is not to get it. What remains is ranked by score; equal scores go to the higher
priority, then to the lower offer id; of a category only the best two are taken. The reasons are the arithmetic itself:
of each chosen offer's contributions the largest positive ones. No positive contribution, no reason.

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
MOST_OF_A_CATEGORY = 2
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
    category_id: int = 0

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
class Suppressed:
    """What single profiles are not to get, side by side: the profile's place, and an offer or a category (else 0)."""

    places: Ids
    offers: Ids
    categories: Ids


NOTHING_SUPPRESSED = Suppressed(*(np.zeros(0, dtype=np.int64) for _ in range(3)))


@dataclass(frozen=True, slots=True)
class Fits:
    """The best offers of each profile, best first. Offer 0: no further one fitted. Feature 0: no further reason."""

    offers: Ids  # profiles × OFFERS_PER_PROFILE
    scores: Floats  # profiles × OFFERS_PER_PROFILE
    reasons: Ids  # profiles × OFFERS_PER_PROFILE × REASONS_PER_OFFER, feature ids

    @classmethod
    def none_for(cls, count: int) -> "Fits":
        return cls(
            offers=np.zeros((count, OFFERS_PER_PROFILE), dtype=np.int64),
            scores=np.zeros((count, OFFERS_PER_PROFILE), dtype=np.float32),
            reasons=np.zeros((count, OFFERS_PER_PROFILE, REASONS_PER_OFFER), dtype=np.int64),
        )

    def of(self, rows: slice | NDArray[np.bool_]) -> "Fits":
        return Fits(self.offers[rows], self.scores[rows], self.reasons[rows])

    def differ_from(self, others: "Fits") -> NDArray[np.bool_]:
        """Which profiles' offers are not the same in both."""
        return np.asarray(
            (self.offers != others.offers).any(axis=1)
            | (self.scores != others.scores).any(axis=1)
            | (self.reasons != others.reasons).any(axis=(1, 2)),
            dtype=np.bool_,
        )


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
    categories: NDArray[np.intp]  # of each offer, counted from 1; 0 for none
    others_only: Floats  # categories × offers: added to scores it leaves no offer of the category
    column_of: Mapping[int, tuple[int, ...]]  # by offer id
    columns_in: Mapping[int, tuple[int, ...]]  # by category id
    eligibility: Audiences
    veto: Audiences

    @classmethod
    def of(cls, features: Iterable[FeatureTerm], offers: Iterable[OfferTerms], weights: Iterable[Weight]) -> "Engine":
        """Several weights of a feature for an offer add up; those of what is not in the catalogue are ignored."""
        feature_terms = sorted(features, key=lambda feature: feature.id)
        terms = tuple(sorted(offers, key=lambda offer: (-offer.priority, offer.id)))
        row_of = {feature.id: row for row, feature in enumerate(feature_terms)}
        column_of = {offer.id: column for column, offer in enumerate(terms)}
        matrix = np.zeros((len(feature_terms), len(terms)), dtype=np.float32)
        for weight in weights:
            if weight.feature_id in row_of and weight.offer_id in column_of:
                matrix[row_of[weight.feature_id], column_of[weight.offer_id]] += weight.weight
        columns_in: dict[int, tuple[int, ...]] = {}
        for column, offer in enumerate(terms):
            if offer.category_id:
                columns_in[offer.category_id] = (*columns_in.get(offer.category_id, ()), column)
        number_of = {category_id: number for number, category_id in enumerate(columns_in, 1)}
        categories = np.array([number_of.get(offer.category_id, 0) for offer in terms], dtype=np.intp)
        others_only = np.zeros((len(columns_in) + 1, len(terms)), dtype=np.float32)
        for category_id, columns in columns_in.items():
            others_only[number_of[category_id], list(columns)] = -np.inf
        return cls(
            feature_ids=np.array([feature.id for feature in feature_terms], dtype=np.int64),
            attributes=_attribute_columns(feature_terms),
            terms=terms,
            offer_ids=np.array([offer.id for offer in terms], dtype=np.int64),
            priors=np.array([offer.prior for offer in terms], dtype=np.float32),
            weights=matrix,
            categories=categories,
            others_only=others_only,
            column_of={offer.id: (column,) for column, offer in enumerate(terms)},
            columns_in=columns_in,
            eligibility=_audiences([offer.eligibility for offer in terms]),
            veto=_audiences([offer.veto for offer in terms]),
        )

    def fit(self, profiles: Profiles, now: datetime, suppressed: Suppressed = NOTHING_SUPPRESSED) -> Fits:
        """The best offers of each profile. Feature ids that the catalogue does not know count for nothing."""
        count = len(profiles)
        fits = Fits.none_for(count)
        if not count or not self.terms:
            return fits
        matrix = self._one_hot(profiles)
        closed = self._closed(now)
        conditioned, left_out = self._left_out(Block(matrix, self.attributes))
        places, columns = self._suppressed(suppressed)
        for first in range(0, count, BLOCK_ROWS):
            rows = slice(first, min(first + BLOCK_ROWS, count))
            block = matrix[rows]
            scores: Floats = block @ self.weights
            scores += self.priors
            scores[:, closed] = -np.inf
            if len(conditioned):
                part = scores[:, conditioned]
                part[left_out[:, rows].T] = -np.inf
                scores[:, conditioned] = part
            here = slice(*np.searchsorted(places, (rows.start, rows.stop)))
            scores[places[here] - rows.start, columns[here]] = -np.inf
            self._choose(scores, _padded(block), fits, rows)
        return fits

    def may_change(
        self, profiles: Profiles, stored: Fits, offer_ids: Iterable[int], now: datetime
    ) -> NDArray[np.bool_]:
        """Whose offers can come out otherwise than stored when only these offers have changed since.

        Those who have one of them, and those for whom one now reaches the least that was stored, or who had fewer than
        five. It says so of a few too many (of whom one is suppressed, or has enough of its category), never of too few.
        """
        changed = np.array(sorted(offer_ids), dtype=np.int64)
        concerned = np.asarray(np.isin(stored.offers, changed).any(axis=1), dtype=np.bool_)
        columns = np.flatnonzero(np.isin(self.offer_ids, changed))
        columns = columns[~self._closed(now)[columns]]
        if not len(columns) or not len(profiles):
            return concerned
        matrix = self._one_hot(profiles)
        scores: Floats = matrix @ self.weights[:, columns] + self.priors[columns]
        conditioned, left_out = self._left_out(Block(matrix, self.attributes), columns)
        scores[:, np.searchsorted(columns, conditioned)] += np.where(left_out.T, np.float32(-np.inf), np.float32(0))
        least = np.where(stored.offers[:, -1] > 0, stored.scores[:, -1], -np.inf)
        return concerned | ((scores >= least[:, None]) & (scores > -np.inf)).any(axis=1)

    def scores(self, profiles: Profiles) -> Floats:
        """Every offer's score (profiles × offers, in the order of `terms`), whether the profile may have it or not."""
        scores: Floats = self._one_hot(profiles) @ self.weights
        scores += self.priors
        return scores

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

    def _closed(self, now: datetime) -> NDArray[np.bool_]:
        return np.array([not offer.is_open(now) for offer in self.terms], dtype=np.bool_)

    def _left_out(
        self, block: Block, among: NDArray[np.intp] | None = None
    ) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """The offers (columns) that carry a condition, and for each of them which profiles it leaves out.

        `among`: the columns that matter, where not all do.
        """
        carrying = [columns for _condition, columns in (*self.eligibility, *self.veto)]
        conditioned = np.unique(np.concatenate([*carrying, np.zeros(0, dtype=np.intp)]))
        if among is not None:
            conditioned = np.intersect1d(conditioned, among)
        out = np.zeros((len(conditioned), block.row_count), dtype=np.bool_)
        for audiences, is_veto in ((self.eligibility, False), (self.veto, True)):
            for condition, columns in audiences:
                if among is not None:
                    columns = np.intersect1d(columns, among)
                if len(columns):
                    out[np.searchsorted(conditioned, columns)] |= (truth(condition, block) == TRUE) == is_veto
        return conditioned, out

    def _suppressed(self, suppressed: Suppressed) -> tuple[Ids, NDArray[np.intp]]:
        """Places of profiles, ascending, and the columns of the offers that they are not to get."""
        pairs = [
            (place, column)
            for place, offer, category in zip(
                suppressed.places.tolist(), suppressed.offers.tolist(), suppressed.categories.tolist(), strict=True
            )
            for column in (self.column_of.get(offer, ()) if offer else self.columns_in.get(category, ()))
        ]
        pairs.sort()
        return np.array([place for place, _ in pairs], dtype=np.int64), np.array([c for _, c in pairs], dtype=np.intp)

    def _choose(self, scores: Floats, features: NDArray[np.intp], fits: Fits, rows: slice) -> None:
        """Writes the best of a block into `fits`; `scores` is used up."""
        row_numbers = np.arange(scores.shape[0])
        chosen = np.zeros((scores.shape[0], OFFERS_PER_PROFILE), dtype=np.intp)
        chosen_scores = np.full(chosen.shape, -np.inf, dtype=np.float32)
        categories = np.zeros(chosen.shape, dtype=np.intp)
        for place in range(min(OFFERS_PER_PROFILE, len(self.terms))):
            chosen[:, place] = best = scores.argmax(axis=1)
            chosen_scores[:, place] = scores[row_numbers, best]
            scores[row_numbers, best] = -np.inf
            categories[:, place] = category = self.categories[best]
            taken = (categories[:, : place + 1] == category[:, None]).sum(axis=1)
            full = np.flatnonzero((category > 0) & (taken >= MOST_OF_A_CATEGORY))
            if len(full):
                scores[full] += self.others_only[category[full]]
        fitted = chosen_scores > -np.inf
        fits.offers[rows] = np.where(fitted, self.offer_ids[chosen], 0)
        fits.scores[rows] = np.where(fitted, chosen_scores, 0)
        fits.reasons[rows] = np.where(fitted[:, :, None], self._reasons(features, chosen), 0)

    def _reasons(self, features: NDArray[np.intp], chosen: NDArray[np.intp]) -> Ids:
        """The largest positive contributions to each chosen offer; equal ones in the order of their feature ids."""
        reasons = np.zeros((*chosen.shape, REASONS_PER_OFFER), dtype=np.int64)
        if not features.shape[1]:
            return reasons
        parts = self.weights[features[:, None, :], chosen[:, :, None]]
        parts = np.where(features[:, None, :] >= 0, parts, 0)
        for place in range(REASONS_PER_OFFER):
            largest = parts.argmax(axis=2)[:, :, None]
            speaks = np.take_along_axis(parts, largest, axis=2)[:, :, 0] > 0
            feature = np.take_along_axis(features, largest[:, :, 0], axis=1)
            reasons[:, :, place] = np.where(speaks, self.feature_ids[feature], 0)
            np.put_along_axis(parts, largest, 0, axis=2)
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
