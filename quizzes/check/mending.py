"""An unfinished draft is shown and checked as if its missing texts were there, while it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from ..definition import compile_definition
from ..parts import Definition
from ..problems import DefinitionError, Problem
from .places import steps

_TEXT = frozenset({"untranslated", "missing_text", "missing_alt", "missing_consent"})
_STAND_INS = {"missing_image": "art/missing.svg", "missing_color": "#000000"}


def mended(raw: Mapping[str, Any], problems: Sequence[Problem]) -> Definition | None:
    """The definition with what is missing filled in; None when more is wrong than that."""
    copy = deepcopy(dict(raw))
    if not all(filled_in(copy, problem) for problem in problems):
        return None
    try:
        return compile_definition(copy)
    except DefinitionError:
        return None


def filled_in(raw: dict[str, Any], problem: Problem) -> bool:
    """Fills in the text or the picture that is missing; False when the problem is another."""
    if problem.kind not in _TEXT and problem.kind not in _STAND_INS:
        return False
    *parents, last = steps(problem.path)
    here: Any = raw
    for step in parents:
        here = here[step] if isinstance(step, int) else here.setdefault(step, {})
    here[last] = ellipses(raw) | (here.get(last) or {}) if problem.kind in _TEXT else _STAND_INS[problem.kind]
    return True


def ellipses(raw: Mapping[str, Any]) -> dict[str, str]:
    """A text that stands for one not written yet, in every language of the quiz."""
    return dict.fromkeys(raw.get("languages") or list(raw.get("title") or ["en"]), "…")
