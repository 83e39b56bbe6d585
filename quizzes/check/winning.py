"""Findings on outcomes: who gets which, and how ties break."""

from __future__ import annotations

from collections.abc import Iterator

from ..parts import Definition
from .findings import Finding, Phrase, Share, _, finding
from .walks import Explored

RARE = 0.02
DOMINANT = 0.6
MANY_TIES = 0.25


def findings_on_outcomes(definition: Definition, paths: Explored, won: Explored) -> Iterator[Finding]:
    """`paths` says which conditions ever hold, `won` who wins."""
    words = {"error": Share(won.error), "walks": won.walks}
    error = "" if won.is_exact else Phrase(_(" (± {error}, from {walks} tries)"), words)
    for outcome in definition.outcomes:
        place, share = f"outcomes/{outcome.key}", won.shares[outcome.key]
        never_holds = outcome.when is not None and paths.is_exact and not paths.held["when", outcome.key, 0]
        if never_holds:
            yield finding("outcome_never", place, why=Phrase(_("its condition never holds")))
        elif not share and won.is_exact:
            why = Phrase(_("another always has more points, or as many and comes earlier"))
            yield finding("outcome_never", place, why=why)
        elif share < RARE:
            yield finding("outcome_rare", place, share=Share(share), error=error)
        elif share > DOMINANT and len(definition.outcomes) > 1:
            yield finding("outcome_dominant", place, share=Share(share), error=error)
    if won.ties > MANY_TIES:
        often = max(won.tied, key=lambda keys: won.tied[keys])
        yield finding("ties", "outcomes", share=Share(won.ties), error=error, outcomes=often)
