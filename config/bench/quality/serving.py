"""The five offers of people nothing was learnt from, by the engine itself, and whether its reasons are any. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from config.bench.quality.answers import UNTRIED, Answers, Mask, Numbers, Reals, one_hot
from config.bench.quality.learning import Learnt, candidates
from recommendations.scoring import Engine, Fits, OfferTerms, Profiles, Suppressed, Weight

NOW = datetime(2026, 1, 1, tzinfo=UTC)  # no offer here has a window


@dataclass(frozen=True, slots=True)
class Reasons:
    """Counts: offers given, those with a reason, reasons, those that say “never tried it”, those without which the
    offer's score is lower."""

    offers: int = 0
    explained: int = 0
    reasons: int = 0
    untried: int = 0
    lowering: int = 0

    def __add__(self, other: "Reasons") -> "Reasons":
        return Reasons(
            self.offers + other.offers,
            self.explained + other.explained,
            self.reasons + other.reasons,
            self.untried + other.untried,
            self.lowering + other.lowering,
        )


def engine(learnt: Learnt, offers: Iterable[int] | None = None) -> Engine:
    """With an offer for each predicted cuisine (or for some of them, by place), each in a category of its own.

    Offer ids are one more than the places of cuisines, since 0 stands for no offer.
    """
    chosen = learnt.predicted if offers is None else offers
    terms = [
        OfferTerms(id=place + 1, prior=float(learnt.priors[learnt.predicted.index(place)]), category_id=place + 1)
        for place in chosen
    ]
    weights = [
        Weight(place + 1, term.id, float(weight))
        for place in chosen
        for term, weight in zip(learnt.terms, learnt.weights[:, learnt.predicted.index(place)], strict=True)
    ]
    return Engine.of(learnt.terms, terms, weights)


def served(learnt: Learnt, people: Answers, *, only_tried: bool) -> Fits:
    """What the engine gives these people. `only_tried`: nobody gets a cuisine that they never tried."""
    counted = candidates(people, learnt.predicted, only_tried=only_tried)
    rows, places = np.nonzero(~counted)
    offers = np.array(learnt.predicted, dtype=np.int64)[places] + 1
    return engine(learnt).fit(profiles(learnt, people), NOW, Suppressed(rows, offers, np.zeros_like(offers)))


def profiles(learnt: Learnt, people: Answers) -> Profiles:
    """What a permit would hold: the features of what each person was asked."""
    _terms, given = one_hot(people, learnt.asked)
    return Profiles.of([(np.flatnonzero(row) + 1).tolist() for row in given])


def chosen_places(learnt: Learnt, fits: Fits) -> Numbers:
    """Which of the predicted cuisines each person was given, best first; -1 for none."""
    position = np.full(max(learnt.predicted) + 2, -1, dtype=np.int64)
    position[np.array(learnt.predicted) + 1] = np.arange(len(learnt.predicted))
    return np.asarray(position[fits.offers])


def reasons(learnt: Learnt, people: Answers, fits: Fits) -> Reasons:
    """Asks the engine once more for each cited answer: what is the offer's score without it?"""
    told = profiles(learnt, people)
    held = [told.features[first:end] for first, end in zip(told.starts, told.starts[1:], strict=False)]
    is_untried = {term.id for term in learnt.terms if term.code == UNTRIED}
    given: Mask = fits.offers > 0
    cited = fits.reasons > 0
    lowering = 0
    for offer in np.unique(fits.offers[given]).tolist():
        people_, ranks, reasons_ = np.nonzero(cited & (fits.offers == offer)[:, :, None])
        without = [
            held[person][held[person] != feature]
            for person, feature in zip(people_, fits.reasons[people_, ranks, reasons_], strict=True)
        ]
        alone = engine(learnt, [offer - 1]).fit(Profiles.of(without), NOW)
        lowering += int((alone.scores[:, 0] < fits.scores[people_, ranks]).sum())
    return Reasons(
        offers=int(given.sum()),
        explained=int(cited.any(axis=2).sum()),
        reasons=int(cited.sum()),
        untried=int(np.isin(fits.reasons[cited], sorted(is_untried)).sum()),
        lowering=lowering,
    )


def priors_alone(learnt: Learnt, priors: Reals) -> Learnt:
    """The same offers for everybody: what popularity is, as a model of its own."""
    return Learnt(learnt.asked, learnt.predicted, learnt.terms, priors, np.zeros_like(learnt.weights), 0.0)
