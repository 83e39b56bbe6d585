"""Where two wordings of a text differ, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_PLAIN = re.compile(r"\w+")
LEAST_ALIKE = 0.5  # below it, reading old and new side by side is easier than a patchwork
KEPT, OUT, IN = "kept", "out", "in"


@dataclass(frozen=True, slots=True)
class Piece:
    kind: str
    text: str


def reworded(before: str, after: str) -> tuple[Piece, ...]:
    """`before` is what is KEPT and OUT, `after` what is KEPT and IN, in order."""
    earlier, later = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(None, earlier, later, autojunk=False)
    if not before or not after or _likeness(before, after) < LEAST_ALIKE:
        return tuple(each for each in (Piece(OUT, before), Piece(IN, after)) if each.text)
    pieces: list[Piece] = []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece(KEPT, "".join(earlier[start:end])))
            continue
        if end > start:
            pieces.append(Piece(OUT, "".join(earlier[start:end])))
        if new_end > new_start:
            pieces.append(Piece(IN, "".join(later[new_start:new_end])))
    return tuple(pieces)


def _likeness(before: str, after: str) -> float:
    """The part of the words that both have, spaces not counted."""
    return SequenceMatcher(None, _PLAIN.findall(before), _PLAIN.findall(after), autojunk=False).ratio()
