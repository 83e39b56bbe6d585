"""The protocol that compares fitted offers with popular ones: it finds what is there, nothing else, and never peeks."""

from collections.abc import Sequence
from functools import partial
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from config.bench.quality import report, trial
from config.bench.quality.answers import CODES, Answers, one_hot, who_count
from config.bench.quality.learning import ASKED, Learnt, learn, most_telling
from config.bench.quality.measuring import Difference, best_five, difference, folds, ideal, ndcg, worth
from config.bench.quality.serving import chosen_places, engine, priors_alone, profiles, reasons, served
from recommendations.scoring import Fits

CUISINES = 18
COUNTRIES = ["Peru", "Mali", "Iran", "Cuba", "Oman", "Fiji", "Chad", "Togo", "Laos"]


def told(ratings: np.ndarray, about: np.ndarray | None = None) -> Answers:
    return Answers(
        cuisines=tuple(f"likes_{number}" for number in range(ratings.shape[1])),
        ratings=ratings,
        about_codes=(("cuisine_interest", ("none", "much")),),
        about=np.zeros((len(ratings), 1), dtype=np.int64) if about is None else about,
    )


def two_palates(count: int = 120, seed: int = 5) -> Answers:
    """Half of the people love what is even and not what is odd, the others the reverse; a fifth was never tried."""
    generator = np.random.default_rng(seed)
    likes_even = generator.random((count, 1)) < 0.5
    loved = (np.arange(CUISINES) % 2 == 0) == likes_even
    ratings = np.where(loved, generator.integers(3, 6, loved.shape), generator.integers(1, 5, loved.shape))
    return told(np.where(generator.random(loved.shape) < 0.2, 0, ratings))


def no_palates(count: int = 120) -> Answers:
    """Some cuisines are liked by more people than others, and nobody's answers say anything about their others."""
    generator = np.random.default_rng(6)
    levels = generator.random(CUISINES) * 2 + 2
    ratings = np.clip(np.round(levels + generator.normal(0, 1, (count, CUISINES))), 1, 5).astype(np.int64)
    return told(np.where(generator.random(ratings.shape) < 0.2, 0, ratings))


@pytest.mark.parametrize("only_tried", [False, True])
def test_what_answers_tell_about_others_is_found(only_tried: bool):
    found = trial.run(two_palates(), only_tried=only_tried, seeds=[1])
    assert report.is_met(found.over(trial.POPULARITY))
    assert found.mean(trial.RANDOM) < found.mean(trial.ADDITIVE)
    assert found.mean(trial.FACTORISED) > found.mean(trial.POPULARITY), "the other model is no straw man"


def test_where_answers_tell_nothing_popularity_is_not_beaten():
    found = trial.run(no_palates(), only_tried=False, seeds=[1])
    assert found.over(trial.POPULARITY).low < 0
    assert not report.is_met(found.over(trial.POPULARITY))
    assert found.mean(trial.POPULARITY) > found.mean(trial.RANDOM) + 0.1, "and popularity is worth something"


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (Difference(0.02, 0.001, 0.04), True),
        (Difference(0.019, 0.01, 0.03), False),
        (Difference(0.03, -0.001, 0.06), False),
    ],
)
def test_the_goal_is_met_by_enough_and_for_certain(found: Difference, verdict: bool):
    assert report.is_met(found) is verdict


class Seen:
    """Everything learnt and served while a fold is predicted."""

    def __init__(self, answers: Answers, out: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
        self.learnt: list[Learnt] = []
        self.served: list[Fits] = []
        with monkeypatch.context() as patch:
            patch.setattr(trial, "learn", partial(self._note, self.learnt, learn))
            patch.setattr(trial, "served", partial(self._note, self.served, served))
            self.reached = trial.predicted(answers, out, only_tried=False, seed=1, trial=trial.Trial({}, 0))

    def _note(self, into: list, work: object, *given: object, **options: object) -> object:
        into.append(work(*given, **options))  # type: ignore[operator]
        return into[-1]

    def numbers(self) -> Sequence[object]:
        (model,) = self.learnt
        return (model.asked, model.strength, model.priors.tolist(), model.weights.tolist())

    def offers(self) -> list[object]:
        return [fits.offers.tolist() for fits in self.served]


def test_what_unseen_people_think_of_the_others_changes_nothing_but_the_verdict(monkeypatch: pytest.MonkeyPatch):
    answers = two_palates()
    out = folds(len(answers), fold_count=5, seed=1) == 0
    before = Seen(answers, out, monkeypatch)
    shuffled = answers.ratings.copy()
    predicted = list(before.learnt[0].predicted)
    shuffled[np.ix_(out, predicted)] = np.random.default_rng(2).permutation(shuffled[np.ix_(out, predicted)], axis=0)
    after = Seen(told(shuffled), out, monkeypatch)
    assert before.numbers() == after.numbers()
    assert before.offers() == after.offers()
    assert not np.array_equal(before.reached[trial.ADDITIVE], after.reached[trial.ADDITIVE], equal_nan=True)


def test_what_people_think_who_were_trained_on_does_change_what_is_learnt(monkeypatch: pytest.MonkeyPatch):
    answers = two_palates()
    out = folds(len(answers), fold_count=5, seed=1) == 0
    other = answers.ratings.copy()
    other[~out] = np.random.default_rng(2).permutation(other[~out], axis=1)
    assert Seen(answers, out, monkeypatch).numbers() != Seen(told(other), out, monkeypatch).numbers()


def test_an_asked_cuisine_is_never_offered_and_all_the_others_can_be():
    answers = two_palates()
    learnt = learn(answers, only_tried=False)
    assert len(learnt.asked) == ASKED
    assert set(learnt.asked) | set(learnt.predicted) == set(range(CUISINES))
    assert not set(learnt.asked) & set(learnt.predicted)
    offered = set(served(learnt, answers, only_tried=False).offers.ravel().tolist()) - {0}
    assert offered <= {place + 1 for place in learnt.predicted}
    assert {term.attribute for term in learnt.terms} == {
        *(answers.cuisines[place] for place in learnt.asked),
        "cuisine_interest",
    }


def test_the_cuisines_that_tell_most_are_asked_for():
    generator = np.random.default_rng(4)
    ratings = generator.integers(1, 6, (200, 12))
    ratings[:, 1:6] = ratings[:, [0]]  # one answer tells five others
    assert most_telling(told(ratings), 1)[0] in range(6)


def test_among_what_was_tried_nobody_gets_anything_else():
    answers = two_palates()
    learnt = learn(answers, only_tried=True)
    fits = served(learnt, answers, only_tried=True)
    for person, offers in enumerate(fits.offers.tolist()):
        assert all(answers.ratings[person, offer - 1] > 0 for offer in offers if offer)
    assert not all(
        answers.ratings[person, offer - 1] > 0
        for person, offers in enumerate(served(learnt, answers, only_tried=False).offers.tolist())
        for offer in offers
    )


def test_the_engine_ranks_by_prior_and_weights_and_nothing_else():
    answers = two_palates()
    learnt = learn(answers, only_tried=False)
    assert np.abs(learnt.weights).max() <= 10
    _terms, given = one_hot(answers, learnt.asked)
    scores = learnt.priors + given @ learnt.weights
    chosen = chosen_places(learnt, served(learnt, answers, only_tried=False))
    best = best_five(scores, np.ones_like(scores, dtype=bool))
    assert np.take_along_axis(scores, chosen, axis=1) == pytest.approx(np.take_along_axis(scores, best, axis=1))


def test_every_reason_is_an_answer_given_without_which_the_score_is_lower():
    answers = two_palates()
    learnt = learn(answers, only_tried=False)
    fits = served(learnt, answers, only_tried=False)
    counted = reasons(learnt, answers, fits)
    assert 0 < counted.reasons == counted.lowering
    assert counted.offers == 5 * len(answers) >= counted.explained > 0
    told_by = profiles(learnt, answers)
    for person, cited in enumerate(fits.reasons):
        held = set(told_by.features[told_by.starts[person] : told_by.starts[person + 1]].tolist())
        assert set(cited.ravel().tolist()) - {0} <= held
    contributions = engine(learnt).contributions(learnt_features := range(1, 7), int(fits.offers[0, 0]))
    assert len(contributions) == len(learnt_features)


def test_popularity_gives_everybody_the_same_and_no_reason():
    answers = two_palates()
    learnt = learn(answers, only_tried=False)
    common = priors_alone(learnt, np.arange(len(learnt.predicted), dtype=float))
    fits = served(common, answers, only_tried=False)
    assert fits.offers.tolist() == [[place + 1 for place in learnt.predicted[:-6:-1]]] * len(answers)
    assert reasons(common, answers, fits).reasons == 0


def test_ndcg_by_hand():
    ratings = np.array([[5, 4, 3, 1, 0, 4], [3, 2, 1, 0, 0, 0], [0, 5, 0, 0, 0, 0]])
    everything = np.ones(ratings.shape, dtype=bool)
    best = 3 + 1 / np.log2(3) + 1 / np.log2(4)
    assert ideal(worth(ratings), everything).tolist() == pytest.approx([best, 0, 3])
    chosen = np.array([[2, 0, 1, 5, 3], [0, 1, 2, 3, 4], [1, -1, -1, -1, -1]])
    reached = ndcg(chosen, worth(ratings), everything)
    assert reached[0] == pytest.approx((3 / np.log2(3) + 1 / np.log2(4) + 1 / np.log2(5)) / best)
    assert np.isnan(reached[1]), "who likes nothing cannot be served well or badly"
    assert reached[2] == 1
    only_some = np.array([[True, False, True, True, True, True]] * 3)
    assert ideal(worth(ratings), only_some).tolist() == pytest.approx([3 + 1 / np.log2(3), 0, 0])


def test_differences_are_paired():
    theirs = np.random.default_rng(1).random(200)
    found = difference(theirs + 0.1, theirs)
    assert (found.mean, found.low, found.high) == pytest.approx((0.1, 0.1, 0.1))
    assert difference(theirs, theirs) == Difference(0, 0, 0)
    noisy = difference(theirs, theirs[::-1])
    assert noisy.low < 0 < noisy.high
    assert difference(theirs, theirs[::-1]) == noisy, "the seed is stated"


def test_everybody_is_predicted_once_in_folds_of_one_size():
    of = folds(103, fold_count=5, seed=3)
    assert sorted(np.bincount(of).tolist()) == [20, 20, 21, 21, 21]
    assert not np.array_equal(of, folds(103, fold_count=5, seed=4))


def test_only_who_tried_half_counts_and_never_having_tried_is_an_answer():
    answers = who_count(told(np.array([[5, 0, 3, 0], [5, 0, 0, 0]]), np.array([[1], [-1]])))
    assert answers.ratings.tolist() == [[5, 0, 3, 0]]
    terms, given = one_hot(answers, [1, 0])
    held = [(term.attribute, term.code) for term, has in zip(terms, given[0], strict=True) if has]
    assert held == [("likes_1", CODES[0]), ("likes_0", "5"), ("cuisine_interest", "much")]


def survey(count: int) -> str:
    """A file as replay_people reads it, of people with one of two palates."""
    answers = two_palates(count)
    countries = [f"{country}{add}" for add in ("", " North") for country in COUNTRIES]
    lines = [
        "RespondentID," + ",".join(f"Please rate how much you like the traditional cuisine of {c}." for c in countries)
    ]
    for number, row in enumerate(answers.ratings.tolist()):
        lines.append(",".join([str(number), *(str(rating or "N/A") for rating in row)]))
    return "\n".join(lines) + "\n"


def test_the_command_prints_both_verdicts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(report, "run", partial(trial.run, seeds=[1]))
    file, said = tmp_path / "survey.csv", StringIO()
    file.write_text(survey(80))
    call_command("bench_quality", file, stdout=said)
    lines = [line for line in said.getvalue().splitlines() if "better than popularity" in line]
    assert len(lines) == 2
    assert all(line.endswith("met") for line in lines)


def test_without_its_data_the_command_says_what_to_do(tmp_path: Path):
    with pytest.raises(CommandError, match="make bench-quality SURVEY="):
        call_command("bench_quality")
    with pytest.raises(CommandError, match=r"There is no file .*none\.csv"):
        call_command("bench_quality", tmp_path / "none.csv")
    file = tmp_path / "survey.csv"
    file.write_text(survey(20))
    with pytest.raises(CommandError, match="for a verdict it takes 50 people"):
        call_command("bench_quality", file, stdout=StringIO())
