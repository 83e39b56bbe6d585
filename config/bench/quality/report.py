"""What the trial found, each figure beside popularity in the same run, and whether the goals are met."""

from collections.abc import Callable, Iterator

from config.bench.figures import Figure
from config.bench.quality import answers as reading
from config.bench.quality.answers import Answers
from config.bench.quality.learning import ASKED
from config.bench.quality.measuring import Difference
from config.bench.quality.trial import ADDITIVE, FACTORISED, POPULARITY, RANDOM, Trial, run
from config.replay.people import Survey, SurveyError

GOAL = 0.02
FEWEST_PEOPLE = 50


def quality(survey: Survey, *, say: Callable[[str], None]) -> Iterator[Figure]:
    """Raises SurveyError when there are too few answers to say anything."""
    answers = reading.who_count(reading.read(survey))
    if len(answers) < FEWEST_PEOPLE or len(answers.cuisines) < 2 * ASKED:
        raise SurveyError(
            f"{len(answers)} people have tried at least half of {len(answers.cuisines)} cuisines; "
            f"for a verdict it takes {FEWEST_PEOPLE} people and {2 * ASKED} cuisines."
        )
    say(f"{len(answers):,} of {len(survey.people):,} people have tried at least half of the cuisines.")
    predicted = len(answers.cuisines) - ASKED
    for among, only_tried in ((f"all {predicted}", False), (f"those of the {predicted} they have tried", True)):
        yield from _figures(among, _trial(answers, among, only_tried=only_tried, say=say))


def _trial(answers: Answers, among: str, *, only_tried: bool, say: Callable[[str], None]) -> Trial:
    say(f"Predicting the others, among {among} …")
    trial = run(answers, only_tried=only_tried)
    say(
        f"  {len(trial.reached[ADDITIVE]):,} people count; {trial.left_out} like none of them in some repetition. "
        f"Asked for most often: {_most(trial.asked)}. Weights held back by: {_most(trial.strengths)}."
    )
    return trial


def _most(counted: dict[str, int] | dict[float, int]) -> str:
    ranked = sorted(counted.items(), key=lambda each: -each[1])[:ASKED]
    return ", ".join(f"{str(name).removeprefix('likes_')} ({count})" for name, count in ranked)


def _figures(among: str, trial: Trial) -> Iterator[Figure]:
    over, factors, why = trial.over(POPULARITY), trial.over(FACTORISED), trial.reasons
    yield Figure(f"NDCG@5 among {among}", f"{trial.mean(ADDITIVE):.3f}", f"{trial.mean(POPULARITY):.3f}: popularity")
    yield Figure(
        "  better than popularity by (95 % interval)",
        told(over),
        goal=f"≥ {GOAL}, all of the interval above 0",
        is_met=is_met(over),
    )
    yield Figure(
        "  better than matrix factorisation by", told(factors), f"{trial.mean(FACTORISED):.3f}: it, without reasons"
    )
    yield Figure("  offers chosen blindly", f"{trial.mean(RANDOM):.3f}")
    yield Figure("  offers with a reason", f"{why.explained / why.offers:.2%} of {why.offers:,}", "0 %: popularity")
    yield Figure(
        "  reasons without which the score is lower",
        f"{why.lowering:,} of {why.reasons:,}",
        goal="all",
        is_met=why.lowering == why.reasons,
    )
    yield Figure("  reasons that say “never tried it”", f"{why.untried / max(why.reasons, 1):.0%}")


def told(difference: Difference) -> str:
    return f"{difference.mean:+.4f} ({difference.low:+.4f} … {difference.high:+.4f})"


def is_met(difference: Difference) -> bool:
    return difference.mean >= GOAL and difference.low > 0
