"""Why a definition file is not taken, in words that can be said in the marketer's language."""

from __future__ import annotations

import re

from ..problems import Problem
from .faults import MESSAGE, fault
from .findings import Phrase, _

# What only files get wrong: the builder has no field to write it in. Numbers and names are those of its message.
_TEXTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "bad_key": (_("A key is written in small letters, digits, _ and -, and has 50 of them at most."), ()),
    "bad_language": (_("“{named}” is not a language code."), ("named",)),
    "not_a_flag": (_("Only true or false can stand here."), ()),
    "not_a_list": (_("A list is expected here."), ()),
    "not_an_object": (_("An object is expected here."), ()),
    "not_texts": (_("Texts stand here by language, each under its code."), ()),
    "not_a_text": (_("Only a text of at most {most} characters can stand here."), ("most",)),
    "not_allowed": (_("Only one of these can stand here: {allowed}."), ("allowed",)),
    "out_of_range": (_("Only a number from {least} to {most} can stand here."), ("least", "most")),
    "too_many": (_("Here are too many: {most} at most."), ("most",)),
    "unknown_field": (_("There is no such field."), ()),
}
_RANGE = re.compile(r"\bfrom (-?\d+) to (-?\d+)$")
_MOST = re.compile(r"\bat most (\d+)\b")
_NAMED = re.compile(r"“([^”]*)”")


def refusal(raw: object, problem: Problem) -> Phrase:
    """What is wrong, as the check says it. What has no words yet is said as the compiler says it, in English."""
    text, needed = _TEXTS.get(problem.kind, ("", ()))
    words = _words(problem.message)
    if text and all(name in words for name in needed):
        return Phrase(text, {name: words[name] for name in needed})
    found = fault(raw, problem).why
    return as_it_is(problem.message) if MESSAGE in found.text else found


def as_it_is(message: str) -> Phrase:
    return Phrase(MESSAGE, {"message": message})


def _words(message: str) -> dict[str, object]:
    found: dict[str, object] = {}
    if limits := _RANGE.search(message):
        found |= {"least": int(limits[1]), "most": int(limits[2])}
    elif limit := _MOST.search(message):
        found["most"] = int(limit[1])
    if named := _NAMED.search(message):
        found["named"] = named[1]
    if message.startswith("one of "):
        found["allowed"] = message.removeprefix("one of ")
    return found
