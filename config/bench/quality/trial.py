"""The whole protocol: every person predicted by models that never saw them, several times over. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from config.bench.quality.answers import Answers, Mask, Reals
from config.bench.quality.learning import candidates, factorised, learn, popularity
from config.bench.quality.measuring import Difference, best_five, difference, folds, ndcg, worth
from config.bench.quality.serving import Reasons, chosen_places, priors_alone, reasons, served

FOLDS = 5
SEEDS = (1, 2, 3, 4, 5)
ADDITIVE, POPULARITY, FACTORISED, RANDOM = "additive", "popularity", "factorised", "random"
WAYS = (ADDITIVE, POPULARITY, FACTORISED, RANDOM)


@dataclass(slots=True)
class Trial:
    """`reached`: by way of choosing, the NDCG@5 of each person who could be served, over all repetitions."""

    reached: Mapping[str, Reals]
    left_out: int  # who like none of what was predicted, in some repetition
    reasons: Reasons = field(default_factory=Reasons)
    asked: Counter[str] = field(default_factory=Counter)
    strengths: Counter[float] = field(default_factory=Counter)

    def mean(self, way: str) -> float:
        return float(self.reached[way].mean())

    def over(self, way: str) -> Difference:
        """How much better the additive model is."""
        return difference(self.reached[ADDITIVE], self.reached[way])


def predicted(answers: Answers, out: Mask, *, only_tried: bool, seed: int, trial: Trial) -> dict[str, Reals]:
    """NDCG@5 of those who are out, by each way of choosing, all learnt from those who are not."""
    training, people = answers.of(~out), answers.of(out)
    learnt = learn(training, only_tried=only_tried)
    common = priors_alone(learnt, popularity(training, learnt.predicted, only_tried=only_tried))
    factors = factorised(training, learnt.asked, only_tried=only_tried)
    counted = candidates(people, learnt.predicted, only_tried=only_tried)
    worths = worth(people.ratings[:, list(learnt.predicted)])
    ours = served(learnt, people, only_tried=only_tried)
    chosen = {
        ADDITIVE: chosen_places(learnt, ours),
        POPULARITY: chosen_places(common, served(common, people, only_tried=only_tried)),
        FACTORISED: best_five(factors(people), counted),
        RANDOM: best_five(np.random.default_rng(seed).random(worths.shape), counted),
    }
    trial.reasons += reasons(learnt, people, ours)
    trial.asked.update(answers.cuisines[place] for place in learnt.asked)
    trial.strengths[learnt.strength] += 1
    return {way: ndcg(places, worths, counted) for way, places in chosen.items()}


def run(answers: Answers, *, only_tried: bool, seeds: Sequence[int] = SEEDS) -> Trial:
    """Of people who count. A person's figure is the mean of those repetitions in which they could be served."""
    trial = Trial({}, 0)
    reached = {way: np.full((len(seeds), len(answers)), np.nan) for way in WAYS}
    for number, seed in enumerate(seeds):
        fold_of = folds(len(answers), fold_count=FOLDS, seed=seed)
        for fold in range(FOLDS):
            out = fold_of == fold
            for way, found in predicted(answers, out, only_tried=only_tried, seed=seed, trial=trial).items():
                reached[way][number, out] = found
    served_once = ~np.isnan(reached[ADDITIVE]).all(axis=0)
    trial.reached = {way: np.nanmean(found[:, served_once], axis=0) for way, found in reached.items()}
    trial.left_out = int(np.isnan(reached[ADDITIVE]).any(axis=0).sum())
    return trial
