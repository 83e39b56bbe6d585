"""An unfinished draft is checked as if its missing texts were there, so that its shares show while it is written."""

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
    if any(problem.kind not in _TEXT and problem.kind not in _STAND_INS for problem in problems):
        return None
    copy = deepcopy(dict(raw))
    languages = copy.get("languages") or list(copy.get("title") or ["en"])
    for problem in problems:
        *parents, last = steps(problem.path)
        here: Any = copy
        for step in parents:
            here = here[step] if isinstance(step, int) else here.setdefault(step, {})
        if problem.kind in _TEXT:
            here[last] = dict.fromkeys(languages, "…") | (here.get(last) or {})
        else:
            here[last] = _STAND_INS[problem.kind]
    try:
        return compile_definition(copy)
    except DefinitionError:
        return None
