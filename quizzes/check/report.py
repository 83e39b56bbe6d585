"""The whole check of one definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..definition import compile_definition
from ..parts import Definition
from ..problems import DefinitionError, Problem
from ..remaining import longest_seconds
from .answer_space import TooManyWaysError
from .chance import simulate
from .context import Context
from .findings import Finding, Seconds, finding
from .paying import findings_on_uses
from .straightening import NO_RESULT, Straightened, straightened
from .tone import findings_on_tone
from .translating import faults_of
from .walks import MOST_EFFORT, Explored, TooManyWalksError, explore
from .ways import findings_on_ways
from .winning import findings_on_outcomes

LONGER = 1.25
SHORTER = 0.5
_ORDER = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Report:
    """`shares` by outcome and `asked` by question are of all walks; empty while the definition can't be followed.

    `error` is the standard error of a share, 0 when the shares are exact; then `walks` is 0 too.
    """

    findings: tuple[Finding, ...]
    shares: Mapping[str, float] = field(default_factory=dict)
    asked: Mapping[str, float] = field(default_factory=dict)
    ties: float = 0.0
    tied: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    error: float = 0.0
    walks: int = 0
    mean_seconds: float = 0.0
    longest_seconds: int = 0

    @property
    def has_errors(self) -> bool:
        return any(each.severity == "error" for each in self.findings)


def check(definition: Definition | Mapping[str, Any], context: Context | None = None) -> tuple[Finding, ...]:
    """Everything worth an author's attention, errors first."""
    return analyse(definition, context).findings


def analyse(definition: Definition | Mapping[str, Any], context: Context | None = None) -> Report:
    """The findings and the figures. A definition that doesn't compile has its faults as findings, and what else can be
    said of it is said of what can be followed."""
    context = context or Context()
    raw: Mapping[str, Any] = {} if isinstance(definition, Definition) else definition
    problems: tuple[Problem, ...] = ()
    straight: Straightened | None = None
    compiled: Definition | None
    if isinstance(definition, Definition):
        compiled = definition
    else:
        try:
            compiled = compile_definition(definition)
        except DefinitionError as error:
            problems = error.problems
            straight = straightened(definition, problems)
            compiled = straight.definition if straight else None
    seen = {(each.path, each.kind) for each in problems}
    problems += tuple(each for each in context.problems if (each.path, each.kind) not in seen)
    findings = list(faults_of(raw, problems))
    if compiled is None or not compiled.questions or not compiled.outcomes:
        return Report(tuple(findings))
    paths, won = _explored(compiled, context.today)
    report = _figures(compiled, paths, won)
    said = {(each.code, each.place) for each in findings}
    for each in (
        *findings_on_ways(compiled, paths, context.today),
        *findings_on_outcomes(compiled, paths, won),
        *findings_on_uses(compiled, context),
        *findings_on_tone(compiled, context),
        *_languages(compiled, context),
        *_time(compiled, report),
    ):
        if (each.code, each.place) not in said and not (straight and straight.is_misled(each)):
            said.add((each.code, each.place))
            findings.append(each)
    findings.sort(key=lambda each: _ORDER[each.severity])
    return Report(tuple(findings), *report)


def _explored(definition: Definition, today: date | None) -> tuple[Explored, Explored]:
    """The paths and rules, and the outcomes; each exactly where that can be counted out."""
    guessed: Explored | None = None
    try:
        paths = explore(definition, with_points=False, today=today)
    except (TooManyWalksError, TooManyWaysError):
        paths = guessed = simulate(definition, today=today)
    if any(paths.stuck.values()):
        return paths, paths  # nobody's share means anything before everybody can go on
    if guessed is None:
        try:
            return paths, explore(definition, with_points=True, today=today, budget=MOST_EFFORT - paths.effort)
        except (TooManyWalksError, TooManyWaysError):
            guessed = simulate(definition, today=today)
    return paths, guessed


_Figures = tuple[
    Mapping[str, float], Mapping[str, float], float, Mapping[tuple[str, ...], float], float, int, float, int
]


def _figures(definition: Definition, paths: Explored, won: Explored) -> _Figures:
    return (
        {outcome.key: won.shares[outcome.key] for outcome in definition.outcomes if outcome.key != NO_RESULT},
        {question.key: min(1.0, paths.asked[question.key]) for question in definition.questions},
        won.ties,
        dict(won.tied),
        won.error,
        won.walks,
        sum(paths.asked[question.key] * question.seconds for question in definition.questions),
        longest_seconds(definition, 0, {}),
    )


def _languages(definition: Definition, context: Context) -> Iterator[Finding]:
    for language in context.languages:
        if language not in definition.languages:
            yield finding("missing_language", "languages", language=language)


def _time(definition: Definition, figures: _Figures) -> Iterator[Finding]:
    *_others, mean, longest = figures
    stated = definition.minutes * 60
    words = {"minutes": definition.minutes, "mean": Seconds(mean), "longest": Seconds(longest)}
    if mean > stated * LONGER:
        yield finding("longer_than_stated", "minutes", **words)
    elif mean < stated * SHORTER and definition.minutes > 1:
        yield finding("shorter_than_stated", "minutes", **words)
