"""Answers, progress and refusals in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import override as language_override

from preferences.translated import pick
from preferences.wording import value_in_words

from .. import answering
from ..answers import Answer
from ..parts import SCALES, Question

KINDS = {
    **dict.fromkeys(("single", "image", "swatch"), "choice"),
    **dict.fromkeys(("slider", "number"), "number"),
    **dict.fromkeys(("long_text", "email", "phone"), "text"),
    "multiple": "multi",
}
LONGEST_ORDER = 3  # things in an order that is read out whole where it is a reason


def answer_in_words(question: Question, answer: Answer, language: str) -> str:
    """What they said, as one would read it aloud."""
    if answer.state == "declined":
        return gettext("You preferred not to say")
    if answer.state == "skipped":
        return gettext("You skipped this one")
    labels = {choice.value: choice.label for choice in question.choices}
    if isinstance(answer.value, dict):
        return _placed_in_words(question, answer.value, language)
    with language_override(language):
        if question.kind in SCALES:
            return gettext("%(value)s of %(most)s") % {"value": answer.value, "most": question.max}
        if question.kind == "age_gate":
            return at_least_years(question)
    kind = KINDS.get(question.kind, question.kind)
    return value_in_words(kind, answer.value, labels=labels, unit=question.unit, language=language)


def answer_in_brief(question: Question, answer: Answer, language: str) -> str:
    """What a reason quotes of a long order: its beginning, which is what counts. "" for what is short as it is."""
    if answer.state != "given" or not isinstance(answer.value, list):
        return ""
    if question.kind != "ranking" or len(answer.value) <= LONGEST_ORDER:
        return ""
    first, second = (pick(question.choice_by_value[each].label, language) for each in answer.value[:2])
    with language_override(language):
        return gettext("%(first)s first, then %(second)s") % {"first": first, "second": second}


def at_least_years(question: Question) -> str:
    return gettext("I am %(age)s or older") % {"age": question.min}


def _placed_in_words(question: Question, placed: dict[str, str], language: str) -> str:
    """ "Dryness: often; shine: never"; a row that is no longer asked is left out."""
    return "; ".join(
        f"{pick(row.label, language)}: {pick(question.choice_by_value[placed[row.value]].label, language)}"
        for row in question.rows
        if placed.get(row.value) in question.choice_by_value
    )


def time_left(seconds: int) -> str:
    """ "about 2 minutes left"; to the minute, as nobody answers to the second."""
    if seconds <= 0:
        return gettext("all answered")
    if seconds < 45:
        return gettext("less than a minute left")
    minutes = max(1, round(seconds / 60))
    return ngettext("about %(minutes)d minute left", "about %(minutes)d minutes left", minutes) % {"minutes": minutes}


def refusal(error: answering.AnswerError) -> str:
    """Why an answer can't be taken and what would help."""
    params = {name: _shown(value) for name, value in error.params.items()}
    match error:
        case answering.MissingAnswerError():
            return gettext("Choose or write an answer, then go on.")
        case answering.UnknownChoiceError():
            return gettext("That is not one of the answers here. Choose one of these.")
        case answering.TooFewChoicesError():
            return gettext("Choose at least %(least)s.") % params
        case answering.TooManyChoicesError():
            return gettext("Choose at most %(most)s.") % params
        case answering.IncompleteRankingError():
            return gettext("Each one has a place of its own. Put them all in order once more.")
        case answering.NotANumberError():
            return gettext("Write a number, like %(example)s.") % {"example": number_format(4.5, 1)}
        case answering.OutOfRangeError() | answering.DateOutOfRangeError():
            return _range(params)
        case answering.WrongStepError():
            return gettext("Choose a value on the scale, in steps of %(step)s.") % params
        case answering.NotADateError():
            return gettext("Write a day of the calendar, like %(example)s.") % {"example": "2021-03-12"}
        case answering.TooLongError():
            return gettext("That is a little long: %(most)s characters at most. Shorten it, please.") % params
        case answering.NotAnEmailError():
            return gettext("Write an e-mail address, like %(example)s.") % {"example": "ada@example.com"}
        case answering.NotAPhoneError():
            return gettext("Write a phone number, like %(example)s.") % {"example": "+62 812 3456 7890"}
        case answering.NotAYearError():
            return gettext("Write the year you were born in with four digits, like %(example)s.") % {"example": "1985"}
        case answering.MissingRowError():
            return gettext("Choose one answer in every row, then go on.")
        case answering.ConsentNeededError():
            return gettext("Tick the box to answer this one. You can also choose not to say.")
        case answering.MayNotDeclineError():
            return gettext("This one needs an answer for your result.")
        case answering.MayNotSkipError():
            return gettext("This one can't be skipped: your result needs it.")
    return gettext("That answer can't be used. Try another.")


def _range(params: dict[str, Any]) -> str:
    if params["least"] is None:
        return gettext("That is more than we can use: %(most)s at most.") % params
    if params["most"] is None:
        return gettext("That is less than we can use: %(least)s at least.") % params
    return gettext("Choose something from %(least)s to %(most)s.") % params


def _shown(value: object) -> object:
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, float):
        return number_format(value, None if not value.is_integer() else 0)
    return value


def text_of(texts: Any, language: str) -> str:
    return pick(texts, language)
