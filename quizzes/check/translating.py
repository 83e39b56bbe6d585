"""Texts that a language still lacks: a few are named each by itself, more than that are one finding a language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..problems import Problem
from ..reading import LANGUAGE
from .faults import fault
from .findings import Finding, finding
from .places import keyed

FEW = 4
NAMED = 3
_LACKING = frozenset({"missing_text", "missing_alt", "missing_consent"})


def lacking(problem: Problem) -> tuple[str, ...]:
    """The languages that a text is not written in, of a problem that says so."""
    if problem.kind != "untranslated":
        return ()
    return tuple(problem.message.rpartition(": ")[2].split(", "))


def faults_of(raw: Mapping[str, Any], problems: Sequence[Problem]) -> Iterator[Finding]:
    """Every problem as a finding, but those of a language that much is missing in: they are one, where the first is."""
    by_language: dict[str, list[Problem]] = {}
    for problem in problems:
        for language in lacking(problem):
            by_language.setdefault(language, []).append(problem)
    together = {language: found for language, found in by_language.items() if len(found) > FEW}
    said: set[str] = set()
    for problem in problems:
        languages = lacking(problem)
        for language in languages:
            if language in together and language not in said:
                said.add(language)
                yield _incomplete(raw, language, together[language], problems)
        apart = tuple(language for language in languages if language not in together)
        if not languages:
            yield fault(raw, problem)
        elif apart:
            yield fault(raw, replace(problem, message=f"not written in: {', '.join(apart)}"))


def _incomplete(
    raw: Mapping[str, Any], language: str, untranslated: Sequence[Problem], problems: Sequence[Problem]
) -> Finding:
    unwritten = sum(problem.kind in _LACKING for problem in problems)
    total = sum(1 for _text in _texts(raw)) + unwritten
    words: dict[str, object] = {"language": language, "missing": len(untranslated) + unwritten, "total": total}
    is_begun = any(text.get(language) for text in _texts(raw))
    if is_begun:
        words["places"] = tuple(keyed(raw, problem.path) for problem in untranslated[:NAMED])
    code = "language_incomplete" if is_begun else "language_unwritten"
    return replace(finding(code, f"languages/{language}", **words), code="untranslated", is_blocking=True)


def _texts(raw: object) -> Iterator[Mapping[str, str]]:
    """What is written in any language: nothing else in a definition has only language codes for names."""
    if isinstance(raw, Mapping):
        if raw and all(LANGUAGE.match(str(name)) and isinstance(each, str) for name, each in raw.items()):
            yield raw
        for each in raw.values():
            yield from _texts(each)
    elif isinstance(raw, list | tuple):
        for each in raw:
            yield from _texts(each)
