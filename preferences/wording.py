"""How a value reads in words: "dry", "4.2 kg", "12 March 2021"."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import get_language_bidi, get_language_info, gettext
from django.utils.translation import override as language_override

from .translated import pick

Labels = Mapping[str, Mapping[str, str]]


def value_in_words(kind: str, value: object, *, labels: Labels, unit: Mapping[str, str], language: str) -> str:
    """`labels` maps each allowed value to its translated label. A value that no longer has one reads as itself."""
    with language_override(language):
        match kind, value:
            case "boolean", bool():
                return code_in_words(kind, "yes" if value else "no", labels=labels, language=language)
            case "multi", list() if not value:
                return gettext("none of them")
            case (("multi" | "ranking"), list()):
                named = [_label(each, labels, language) for each in value]
                return gettext(", then ").join(named) if kind == "ranking" else _listed(named)
            case "number", int() | float():
                return f"{number_in_words(value)} {pick(unit, language)}".strip()
            case "date", str():
                return date_format(date.fromisoformat(value), "j F Y")
            case "choice", str():
                return _label(value, labels, language)
    return str(value)


def code_in_words(kind: str, code: str, *, labels: Labels, language: str) -> str:
    """A feature's code: a value, or for numbers and dates a bin, with a label of its own. Yes and no can do without."""
    if kind == "boolean" and code not in labels:
        with language_override(language):
            return gettext("yes") if code == "yes" else gettext("no")
    return _label(code, labels, language)


def number_in_words(value: float) -> str:
    """With two decimals at most, and none that say nothing."""
    rounded = round(float(value), 2)
    return number_format(rounded, 0 if rounded.is_integer() else None)


def leading(words: str) -> str:
    """A label or a question as it stands before its value: with a colon, unless it ends in a sign of its own."""
    return f"{words}:" if words[-1:].isalnum() else words


def language_in_words(code: str) -> str:
    """The language's name, in a frame of its own where it runs the other way than the sentence it stands in."""
    try:
        name = str(get_language_info(code)["name_translated"])
    except KeyError:
        name = code
    runs_left = any(unicodedata.bidirectional(each) in ("R", "AL") for each in name)
    return f"\u2068{name}\u2069" if runs_left or get_language_bidi() else name


def day_in_words(at: date) -> str:
    """ "21 November", with the year when it is not this one."""
    if isinstance(at, datetime):
        at = localtime(at)
    same_year = at.year == localtime().year
    return date_format(at, "j F" if same_year else "j F Y")


def _label(value: object, labels: Labels, language: str) -> str:
    return pick(labels.get(str(value), {}), language) or str(value)


def _listed(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return gettext("{first} and {last}").format(first=", ".join(words[:-1]), last=words[-1])
