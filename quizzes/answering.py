"""Reads what a form sent as the answer to one question, or says kindly why it can't be one.

Each rule that a customer can break is a class of its own; a page turns it into words in one place (`wording.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from .answers import Answer, AnswerValue
from .parts import CHOOSING_ONE, NUMERIC, Question

Form = Mapping[str, Sequence[str]]

MAX_NUMBER_LENGTH = 30
MAX_TYPED = 20_000  # characters of one answer; more than this is not an answer but an attack or an accident
DECIMAL_COMMA = frozenset(
    {"id", "de", "fr", "es", "it", "nl", "pt", "da", "nb", "sv", "fi", "pl", "tr", "ru", "uk", "vi"}
)

# Loose on purpose: only a mail that arrives proves an address.
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\_]+\.[^\s@<>,;:\"()\[\]\\_.\d]{2,63}\Z")
_PHONE = re.compile(r"\+?[\d\s().\u2010-\u2015/-]+\Z")
OLDEST = 120
PHONE_DIGITS = (7, 15)  # E.164: country code included, at most 15

_GROUPED = {",": re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?\Z"), ".": re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?\Z")}
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4})\Z")


class AnswerError(ValueError):
    """An answer that can't be taken. `params` fill in its words."""

    def __init__(self, **params: object) -> None:
        super().__init__(type(self).__name__)
        self.params = params


class MissingAnswerError(AnswerError):
    """Nothing was answered and the question may not be skipped."""


class UnknownChoiceError(AnswerError):
    """Not one of the question's choices."""


class TooFewChoicesError(AnswerError):
    """`least` are needed."""


class TooManyChoicesError(AnswerError):
    """`most` are allowed."""


class IncompleteRankingError(AnswerError):
    """A ranking names every item exactly once."""


class NotANumberError(AnswerError):
    """Not a number as people here write one."""


class OutOfRangeError(AnswerError):
    """Below `least` or above `most` (each may be None)."""


class WrongStepError(AnswerError):
    """Between two values of the scale; `step` is their distance."""


class NotADateError(AnswerError):
    """Not a day of the calendar."""


class DateOutOfRangeError(AnswerError):
    """Before `least` or after `most` (dates, each may be None)."""


class TooLongError(AnswerError):
    """More than `most` characters."""


class NotAnEmailError(AnswerError):
    """Not written as an e-mail address is."""


class NotAPhoneError(AnswerError):
    """Not written as a phone number is."""


class MissingRowError(AnswerError):
    """A row of a matrix has no answer; `row` is its value."""


class TooYoungError(AnswerError):
    """Below the age asked for. Not a mistake to be put right: the quiz ends here."""


class NotAYearError(AnswerError):
    """Not a year that somebody alive was born in, with its four digits."""


class ConsentNeededError(AnswerError):
    """A sensitive answer without its consent ticked."""


class MayNotDeclineError(AnswerError):
    """This question has no “prefer not to say”."""


class MayNotSkipError(AnswerError):
    """This question must be answered."""


def read_answer(question: Question, form: Form, *, language: str, today: date) -> Answer:
    """The answer in `form`: fields `answer` (repeated; of a matrix `answer-<row>`), `consent`, `decline`, `skip`.

    Raises an AnswerError.
    """
    if question.kind == "section":
        return Answer("skipped")
    if _ticked(form, "decline"):
        if not question.may_decline:
            raise MayNotDeclineError
        return Answer("declined")
    if _ticked(form, "skip"):
        if question.required:
            raise MayNotSkipError
        return Answer("skipped")
    if question.kind == "matrix":
        value: AnswerValue = _placed(question, form)
    else:
        value = _value(question, [_clean(text) for text in form.get("answer", ())], language, today)
    if value is None:
        if question.required:
            raise MissingAnswerError
        return Answer("skipped")
    if question.sensitive and not _ticked(form, "consent"):
        raise ConsentNeededError
    return Answer("given", value)


def moved(question: Question, form: Form) -> tuple[str, ...] | None:
    """The order after a ranking's move button; None when none was pressed. Unknown and missing items put right."""
    pressed = next(iter(form.get("move", ())), "")
    direction, _colon, value = pressed.partition(":")
    if question.kind != "ranking" or not pressed:
        return None
    order = list(typed_order(question, form.get("answer", ())))
    if value in order and direction in ("up", "down"):
        index = order.index(value)
        other = index - 1 if direction == "up" else index + 1
        if 0 <= other < len(order):
            order[index], order[other] = order[other], order[index]
    return tuple(order)


def typed_order(question: Question, typed: Sequence[str]) -> tuple[str, ...]:
    """The ranking's items in the order typed, then those not named in their own order."""
    known = [value for value in dict.fromkeys(typed) if value in question.choice_by_value]
    return (*known, *(choice.value for choice in question.choices if choice.value not in known))


def _ticked(form: Form, name: str) -> bool:
    return any(form.get(name, ()))


def _clean(text: str) -> str:
    """Without control characters (PostgreSQL's JSON has no NUL) and in one Unicode form."""
    if len(text) > MAX_TYPED:
        raise TooLongError(most=MAX_TYPED, length=len(text))
    kept = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", kept).strip()


def _value(question: Question, typed: list[str], language: str, today: date) -> AnswerValue:
    filled = [text for text in typed if text]
    if question.kind == "multiple":
        return _several(question, filled)
    if question.kind == "ranking":
        return _ranking(question, filled)
    if not filled:
        return None
    if len(filled) > 1:
        raise TooManyChoicesError(most=1)
    text = filled[0]
    if question.by_year:
        return _is_old_enough(question, text, today)
    if question.kind in CHOOSING_ONE:
        return _one(question, text)
    if question.kind in NUMERIC:
        return _number(question, text, language)
    if question.kind in ("boolean", "age_gate"):
        if text not in ("yes", "no"):
            raise UnknownChoiceError
        if question.kind == "age_gate" and text == "no":
            raise TooYoungError
        return text == "yes"
    if question.kind == "date":
        return _date(question, text, today).isoformat()
    if len(text) > question.max_length:
        raise TooLongError(most=question.max_length, length=len(text))
    if question.kind == "email":
        return _email(text)
    return _phone(text) if question.kind == "phone" else text


def _is_old_enough(question: Question, text: str, today: date) -> bool:
    """True for who is old enough by the year of birth alone; the year itself goes no further.

    Whoever turns the age asked for in this very year may not have had their birthday, and counts as too young: asking
    for the day as well would be asking for more than the gate needs.
    """
    year = int(text) if len(text) == 4 and text.isdecimal() else 0  # in the digits of any script
    if not today.year - OLDEST <= year <= today.year:
        raise NotAYearError
    if today.year - year <= int(question.min or 0):
        raise TooYoungError
    return True


def age_said(question: Question, form: Form) -> dict[str, int]:
    """What somebody said at an age gate, once `read_answer` has read it: `born_in` a year, or `at_least` or `below` so
    many years old. Empty when it was not one of these."""
    text = next((each for text in form.get("answer", ()) if (each := _clean(text))), "")
    if question.kind != "age_gate" or not text:
        return {}
    if question.by_year:
        return {"born_in": int(text)}
    return {"at_least" if text == "yes" else "below": int(question.min or 0)}


def _email(text: str) -> str:
    """With its domain, which has no case, in small letters."""
    name, _at, domain = text.rpartition("@")
    if not _EMAIL.match(text) or ".." in text or domain.startswith((".", "-")):
        raise NotAnEmailError
    return f"{name}@{domain.lower()}"


def _phone(text: str) -> str:
    """Its digits alone, after a + where one was written."""
    digits = "".join(char for char in text if char in "0123456789")
    if not _PHONE.match(text) or not PHONE_DIGITS[0] <= len(digits) <= PHONE_DIGITS[1]:
        raise NotAPhoneError
    return f"+{digits}" if text.startswith("+") else digits


def _placed(question: Question, form: Form) -> dict[str, str] | None:
    """Row → step of the scale; every row when the question must be answered, else those that were."""
    placed: dict[str, str] = {}
    for row in question.rows:
        typed = [text for each in form.get(f"answer-{row.value}", ()) if (text := _clean(each))]
        if len(typed) > 1:
            raise TooManyChoicesError(most=1)
        if typed:
            placed[row.value] = _one(question, typed[0])
        elif question.required:
            raise MissingRowError(row=row.value)
    return placed or None


def _one(question: Question, value: str) -> str:
    if value not in question.choice_by_value:
        raise UnknownChoiceError
    return value


def _several(question: Question, values: list[str]) -> list[str] | None:
    chosen = {_one(question, value) for value in values}
    if not chosen and (question.min_choices > 0 or not question.required):
        return None
    if len(chosen) < question.min_choices:
        raise TooFewChoicesError(least=question.min_choices)
    if len(chosen) > question.max_choices:
        raise TooManyChoicesError(most=question.max_choices)
    return [choice.value for choice in question.choices if choice.value in chosen]


def _ranking(question: Question, values: list[str]) -> list[str] | None:
    if not values:
        return None
    for value in values:
        _one(question, value)
    if len(values) != len(question.choices) or len(set(values)) != len(values):
        raise IncompleteRankingError
    return values


def _number(question: Question, text: str, language: str) -> int | float:
    readings = numbers_meant(text, language)
    if not readings:
        raise NotANumberError
    least = question.min if isinstance(question.min, int | float) else None
    most = question.max if isinstance(question.max, int | float) else None
    fitting = [
        number
        for number in readings
        if (least is None or number >= Decimal(str(least))) and (most is None or number <= Decimal(str(most)))
    ]
    if not fitting:
        raise OutOfRangeError(least=least, most=most)
    number = fitting[0]
    if question.step is not None:
        number = _on_scale(number, Decimal(str(least or 0)), Decimal(str(question.step)))
    return int(number) if number == number.to_integral_value() else float(number)


def _on_scale(number: Decimal, least: Decimal, step: Decimal) -> Decimal:
    """The value of the scale that is meant; 0.30000000000000004 is a browser's 0.3."""
    steps = (number - least) / step
    if abs(steps - round(steps)) > Decimal("1e-6"):
        raise WrongStepError(step=float(step), least=float(least))
    return least + round(steps) * step


def numbers_meant(text: str, language: str) -> list[Decimal]:
    """What a typed number can mean, the likelier first; none when it isn't one.

    “1.250” is a thousand and more to an Indonesian, but a browser's number field sends a decimal point whatever the
    language. So there may be two readings, and the question's range chooses.
    """
    text = text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace("\u2212", "-")
    if not text or len(text) > MAX_NUMBER_LENGTH:
        return []
    comma = language.partition("-")[0] in DECIMAL_COMMA
    group, point = (".", ",") if comma else (",", ".")
    candidates = []
    if _GROUPED[group].match(text):
        candidates.append(text.replace(group, "").replace(point, "."))
    if text.count(".") + text.count(",") <= 1:
        candidates.append(text.replace(",", "."))
    elif _GROUPED[point].match(text):  # written the other way round
        candidates.append(text.replace(point, "").replace(group, "."))
    numbers = []
    for candidate in candidates:
        try:
            number = Decimal(candidate)
        except InvalidOperation:
            continue
        if number.is_finite() and abs(number) < Decimal("1e15") and number not in numbers:
            numbers.append(number)
    return numbers


def _date(question: Question, text: str, today: date) -> date:
    told = _date_meant(text)
    if told is None:
        raise NotADateError
    least, most = _limit(question.min, today), _limit(question.max, today)
    if (least and told < least) or (most and told > most):
        raise DateOutOfRangeError(least=least, most=most)
    return told


def _date_meant(text: str) -> date | None:
    """YYYY-MM-DD, or day, month, year; month first only where it can't be a day."""
    try:
        if match := _DAY_FIRST.match(text):
            first, second, year = (int(part) for part in match.groups())
            day, month = (second, first) if second > 12 >= first else (first, second)
            return date(year, month, day)
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _limit(bound: object, today: date) -> date | None:
    if bound == "today":
        return today
    return date.fromisoformat(bound) if isinstance(bound, str) else None
