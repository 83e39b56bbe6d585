"""What a value is worth to the offer engine: the codes of an attribute's features.

A feature stands for one coded value of one attribute. Numbers and dates enter as the attribute's published bins,
rankings as their first n, free text never.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

PURCHASES = "purchases"  # the attribute whose values are products: what was bought, as orders say
KINDS = ("choice", "multi", "number", "date", "text", "ranking", "boolean")


class CodingError(ValueError):
    """The value is not one this attribute can have."""


@dataclass(frozen=True, slots=True)
class Bin:
    """A range of numbers or dates, up to but not including `below`; the last one has no upper end."""

    code: str
    below: float | str | None = None


@dataclass(frozen=True, slots=True)
class AttributeCoding:
    key: str
    kind: str
    values: tuple[str, ...] = ()
    bins: tuple[Bin, ...] = ()
    ranking_first: int = 3


def bins_from_json(raw: Sequence[Mapping[str, object]]) -> tuple[Bin, ...]:
    """Reads `[{"code": "under_5", "below": 5}, …, {"code": "over_10"}]`; ends must rise and only the last be open."""
    bins = []
    for position, item in enumerate(raw):
        code, below = item.get("code"), item.get("below")
        if not isinstance(code, str) or not code:
            raise CodingError(f"Bin {position + 1} has no code.")
        if below is None and position != len(raw) - 1:
            raise CodingError(f"Only the last bin may be open-ended; “{code}” is not the last.")
        if below is not None and (isinstance(below, bool) or not isinstance(below, int | float | str)):
            raise CodingError(f"The end of bin “{code}” must be a number or a date.")
        bins.append(Bin(code, below))
    ends = [each.below for each in bins if each.below is not None]
    if len({type(end) is str for end in ends}) > 1 or any(a >= b for a, b in pairwise(ends)):  # type: ignore[operator]
        raise CodingError("The ends of the bins must rise from one to the next.")
    if len({each.code for each in bins}) != len(bins):
        raise CodingError("Two bins have the same code.")
    return tuple(bins)


def codes_possible(attribute: AttributeCoding) -> tuple[str, ...]:
    """Every code the attribute can take, in its published order."""
    if attribute.kind in ("choice", "multi", "ranking"):
        return attribute.values
    if attribute.kind in ("number", "date"):
        return tuple(each.code for each in attribute.bins)
    return ("yes", "no") if attribute.kind == "boolean" else ()


def codes_of(attribute: AttributeCoding, value: object) -> tuple[str, ...]:
    """The codes of `value`, in the value's own order; none for free text.

    Raises CodingError when the value is not one the attribute can have.
    """
    match attribute.kind:
        case "text":
            if not isinstance(value, str):
                raise CodingError(f"“{attribute.key}” takes text.")
            return ()
        case "boolean":
            if not isinstance(value, bool):
                raise CodingError(f"“{attribute.key}” takes yes or no.")
            return ("yes",) if value else ("no",)
        case "choice":
            return (_known(attribute, value),)
        case "multi" | "ranking":
            if not isinstance(value, list | tuple):
                raise CodingError(f"“{attribute.key}” takes a list of values.")
            codes = tuple(_known(attribute, each) for each in value)
            if len(set(codes)) != len(codes):
                raise CodingError(f"“{attribute.key}” has a value twice.")
            return codes[: attribute.ranking_first] if attribute.kind == "ranking" else codes
        case "number":
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise CodingError(f"“{attribute.key}” takes a number.")
            return _binned(attribute, value)
        case "date":
            try:
                told = date.fromisoformat(value) if isinstance(value, str) else None
            except ValueError:
                told = None
            if told is None:
                raise CodingError(f"“{attribute.key}” takes a date.")
            return _binned(attribute, told.isoformat())
    raise CodingError(f"“{attribute.kind}” is not a kind of attribute.")


def _known(attribute: AttributeCoding, value: object) -> str:
    if not isinstance(value, str) or value not in attribute.values:
        raise CodingError(f"“{attribute.key}” has no such value.")
    return value


def _binned(attribute: AttributeCoding, value: float | str) -> tuple[str, ...]:
    for each in attribute.bins:
        if each.below is None or value < each.below:  # type: ignore[operator]
            return (each.code,)
    return ()
