"""What the customer told before, filled in where a quiz asks it again: theirs to confirm, nothing until they do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.timezone import localtime

from preferences import selectors as preferences
from preferences.selectors import Reusable

from ..answering import AnswerError, read_answer
from ..answers import Answer
from ..parts import TYPED, Question
from ..selectors import RunState
from .wording import answer_in_words

ASKED_ANEW = frozenset({"section", "matrix", "age_gate"})  # says nothing, has no attribute, has to be said each time
LONGEST = 60


@dataclass(frozen=True, slots=True)
class ToldView:
    """`value` in words, "" where it is better read in the answer itself; `month` as in "in March"."""

    answer: Answer
    value: str
    month: str
    is_ordered: bool  # it came from an order, so they never said it


def told_before(run: RunState, key: str, language: str, today: date) -> ToldView | None:
    """What to fill in for a question that this run has no answer to. Asks one query, and none without an attribute or
    where the customer has no use switched on that fills in answers.

    Only from the profile that the run is about; for a pet not known yet there is nothing to know.
    """
    question = run.definition.question(key)
    if not run.may_reuse or key in run.answers or not question.attribute:
        return None
    if question.kind in ASKED_ANEW or run.profile_id is None:
        return None
    known = preferences.answers_to_reuse(run.profile_id, [question.attribute]).get(question.attribute)
    answer = as_answer(question, known, today) if known else None
    if known is None or answer is None:
        return None
    words = answer_in_words(question, answer, language)
    is_short = question.kind not in TYPED and len(words) <= LONGEST
    at = localtime(known.told_at)
    month = date_format(at, "F" if at.year == today.year else "F Y")
    return ToldView(answer, words if is_short else "", month, known.source == "order")


def as_answer(question: Question, known: Reusable, today: date) -> Answer | None:
    """The value as this question would take it; None when it would not any more."""
    match known.value:
        case bool():
            typed = ["yes" if known.value else "no"]
        case list():
            typed = [str(each) for each in known.value]
        case _:
            typed = [str(known.value)]
    form = {"answer": typed, "consent": ["on"]}  # the consent itself is asked for as ever
    try:
        answer = read_answer(question, form, language="en", today=today)
    except AnswerError:
        return None
    return answer if answer.state == "given" else None
