"""A definition with faults is checked as if what is at fault were not there, so that one fault hides no other.

A jump that leads nowhere is left out, a question without choices gets two that nothing tells apart, a condition of an
outcome that can't be read never holds. Only the check looks at the result; nobody ever takes such a quiz.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from ..definition import compile_definition
from ..parts import END, QUOTE, Definition
from ..problems import DefinitionError, Problem
from .findings import Finding
from .mending import ellipses, filled_in
from .places import keyed, steps

Place = tuple[str | int, ...]

ROUNDS = 6
NO_RESULT = "without-a-result"  # the outcome of those whom no outcome suits
_RULES = ("jumps", "show_if", "required_if", "when", "points")
_MISPLACED = frozenset({"jump_from_group"})  # no jump may be there at all
_QUOTING = frozenset({"title", "help", "summary"})
_JUDGED = ("outcome_", "ties")


@dataclass(frozen=True, slots=True)
class Straightened:
    """What can be followed of a draft. `places` are those that were at fault."""

    definition: Definition
    raw: Mapping[str, Any]
    places: frozenset[str]

    def is_misled(self, found: Finding) -> bool:
        """Whether the finding may come from what was left out rather than from the draft."""
        if any(found.place == place or found.place.startswith(f"{place}/") for place in self.places - {"outcomes"}):
            return True
        if found.place.startswith(f"outcomes/{NO_RESULT}"):
            return True
        if found.code == "pays_for_nothing":
            return found.place.removeprefix("questions/") in set(_mentioned(self.raw))
        if found.code.startswith(_JUDGED):
            return any(re.search(r"/(when|points)\b", place) for place in self.places)
        return False


def straightened(raw: Mapping[str, Any], problems: Sequence[Problem]) -> Straightened | None:
    """None when too much is wrong to follow it."""
    copy, places = deepcopy(dict(raw)), set[str]()
    for _ in range(ROUNDS):
        places |= {keyed(copy, problem.path) for problem in problems}
        before = deepcopy(copy)
        at_fault = {_at_fault(problem): problem for problem in problems}
        try:
            places |= {keyed(copy, _path(place)) for place in at_fault if "jumps" in place}
            for place in sorted(at_fault, key=_order, reverse=True):  # so that what goes from a list moves nothing else
                _straighten(copy, place, at_fault[place])
        except (AttributeError, IndexError, KeyError, TypeError):
            return None  # a place that isn't what it should be
        if copy == before:
            return None
        try:
            return Straightened(compile_definition(copy), raw, frozenset(places))
        except DefinitionError as error:
            problems = error.problems
    return None


def _order(place: Place) -> list[tuple[int, str]]:
    return [(step, "") if isinstance(step, int) else (-1, step) for step in place]


def _at_fault(problem: Problem) -> Place:
    """Where something is put right: of a rule, the whole of it."""
    place = steps(problem.path)
    for index, step in enumerate(place):
        if step in _RULES:
            return place[: index + (2 if step in ("jumps", "points") else 1)]
    return place


def _straighten(raw: Any, place: Place, problem: Problem) -> None:
    if filled_in(raw, problem):
        return
    here: Any = raw
    for step in place[:-1]:
        here = here[step]
    last = place[-1]
    if last == "when":  # never
        first = raw["questions"][0]["key"]
        here[last] = {"all": [{"question": first, "op": "answered", "value": value} for value in (True, False)]}
        return
    if place[-2:-1] == ("jumps",) and problem.kind not in _MISPLACED and here[last] != _never(place, raw):
        here[last] = _never(place, raw)  # so that the jumps after it keep their numbers
        return
    if any(step in _RULES for step in place):
        del here[last]
        return
    match problem.kind:
        case "too_few_choices" | "no_rows":
            items = here.setdefault(last, [])
            items += [_stand_in(raw, number) for number in range(len(items), 2)]
        case "duplicate_choice" | "duplicate_row":
            here[last] = list({each["value"]: each for each in reversed(here[last])}.values())[::-1]
        case "duplicate_key" | "reserved_key" | "bad_key":
            here[last] = f"{last}-{'-'.join(str(step) for step in place if isinstance(step, int))}"
        case "no_way_out":
            here["required"] = False
        case "missing_attribute":
            here["sensitive"] = False
            here.pop("consent", None)
        case "missing_bound":
            here.update({"min": 16} if here.get("kind") == "age_gate" else {"min": 0, "max": 10})
        case "empty_range":
            for name in ("min_choices", "max_choices") if last == "max_choices" else (last,):
                here.pop(name, None)
        case "no_fallback":
            nobodys = {"key": NO_RESULT, "title": ellipses(raw), "summary": ellipses(raw)}
            raw["outcomes"] = [*(raw.get("outcomes") or []), nobodys]
        case _ if len(place) > 1 and place[-2] in _QUOTING:
            here[last] = "…"
        case _:
            del here[last]


def _never(place: Place, raw: Any) -> dict[str, Any]:
    """A jump that nobody takes."""
    key = raw["questions"][place[1]]["key"]
    return {"if": {"all": [{"question": key, "op": "answered", "value": value} for value in (True, False)]}, "to": END}


def _path(place: Place) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")


def _stand_in(raw: Any, number: int) -> dict[str, object]:
    return {"value": f"stand-in-{number}", "label": ellipses(raw)}


def _mentioned(raw: object) -> Iterator[str]:
    """The questions that any rule or text of the draft names, and those whose choices give points to anything."""
    if isinstance(raw, Mapping):
        if isinstance(operand := raw.get("question"), str):
            yield operand.partition(".")[0]
        if isinstance(key := raw.get("key"), str) and any(
            isinstance(each, Mapping) and each.get("points") for each in raw.get("choices") or ()
        ):
            yield key
        for each in raw.values():
            yield from _mentioned(each)
    elif isinstance(raw, list | tuple):
        for each in raw:
            yield from _mentioned(each)
    elif isinstance(raw, str):
        yield from (key for key, _fallback in QUOTE.findall(raw))
