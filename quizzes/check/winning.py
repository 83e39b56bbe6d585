"""Findings on outcomes: who gets which, and how ties break."""

from __future__ import annotations

from collections.abc import Iterator

from ..parts import Definition
from .findings import Finding, finding, percent
from .walks import Explored

RARE = 0.02
DOMINANT = 0.6
MANY_TIES = 0.25


def findings_on_outcomes(definition: Definition, paths: Explored, won: Explored) -> Iterator[Finding]:
    """`paths` says which conditions ever hold, `won` who wins."""
    error = "" if won.is_exact else f" (± {won.error:.1%}, from {won.walks:,} of them)"
    for outcome in definition.outcomes:
        place, share = f"outcomes/{outcome.key}", won.shares[outcome.key]
        never_holds = outcome.when is not None and paths.is_exact and not paths.held["when", outcome.key, 0]
        if never_holds:
            yield finding("outcome_never", place, why="its condition never holds")
        elif not share and won.is_exact:
            why = "another always has more points, or as many and comes earlier"
            yield finding("outcome_never", place, why=why)
        elif share < RARE:
            yield finding("outcome_rare", place, share=percent(share), error=error)
        elif share > DOMINANT and len(definition.outcomes) > 1:
            yield finding("outcome_dominant", place, share=percent(share), error=error)
    if won.ties > MANY_TIES:
        often = max(won.tied, key=lambda keys: won.tied[keys])
        example = " with ".join(f"“{key}”" for key in often)
        yield finding("ties", "outcomes", share=percent(won.ties), error=error, example=example)
