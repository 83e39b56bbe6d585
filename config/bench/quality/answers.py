"""The survey as numbers: who counts, what each told, and the features that answers become. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from config.replay.people import RATINGS, Survey
from recommendations.scoring import FeatureTerm

ABOUT = ("cuisine_knowledge", "cuisine_interest")  # of what people told about themselves, what offers may be made from
UNTRIED = "untried"
CODES = (UNTRIED, *RATINGS)  # in the order of the numbers that ratings are kept as

Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Answers:
    """What people told, a row a person. `ratings`: 1 to 5, 0 for a cuisine never tried. `about`: which code, or -1."""

    cuisines: tuple[str, ...]
    ratings: Numbers  # people × cuisines
    about_codes: tuple[tuple[str, tuple[str, ...]], ...]
    about: Numbers  # people × questions about the person

    def __len__(self) -> int:
        return len(self.ratings)

    @property
    def tried(self) -> Mask:
        return self.ratings > 0

    def of(self, people: Mask | Numbers) -> "Answers":
        return replace(self, ratings=self.ratings[people], about=self.about[people])


def read(survey: Survey) -> Answers:
    """Of everybody in the survey."""
    cuisines = [column.key for column in survey.columns if column.is_cuisine]
    about = [(column.key, tuple(column.codes.values())) for column in survey.columns if column.key in ABOUT]
    told = [person.told for person in survey.people]
    return Answers(
        cuisines=tuple(cuisines),
        ratings=np.array([[int(each.get(key, 0)) for key in cuisines] for each in told], dtype=np.int64),
        about_codes=tuple(about),
        about=np.array(
            [[codes.index(each[key]) if key in each else -1 for key, codes in about] for each in told], dtype=np.int64
        ).reshape(len(told), len(about)),
    )


def who_count(answers: Answers) -> Answers:
    """Those who have tried at least half of the cuisines."""
    return answers.of(2 * answers.tried.sum(axis=1) >= len(answers.cuisines))


def one_hot(answers: Answers, asked: Sequence[int]) -> tuple[list[FeatureTerm], Reals]:
    """The features that these questions' answers become, numbered from 1, and who has which."""
    terms: list[FeatureTerm] = []
    columns: list[Mask] = []
    questions: list[tuple[str, tuple[str, ...], Numbers]]
    questions = [(answers.cuisines[place], CODES, answers.ratings[:, place]) for place in asked]
    questions += [(key, codes, answers.about[:, place]) for place, (key, codes) in enumerate(answers.about_codes)]
    for key, codes, given in questions:
        for number, code in enumerate(codes):
            terms.append(FeatureTerm(len(terms) + 1, key, code))
            columns.append(given == number)
    return terms, np.array(columns, dtype=np.float64).reshape(len(terms), len(answers)).T
