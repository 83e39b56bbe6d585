"""What the check needs to know beyond the definition; the caller asks the database and the other apps for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..parts import Texts
from ..problems import Problem


@dataclass(frozen=True, slots=True)
class PurposeSeen:
    """A use: the attributes it covers, and the texts of its present notice by name."""

    attributes: frozenset[str] = frozenset()
    notice: Mapping[str, Texts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """`uses` maps an attribute to what uses it, as `preferences.registry.uses()`; `problems` are faults found against
    the brand's catalogue; without `today`, a date question up to today is taken to have no end."""

    uses: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sensitive: frozenset[str] = frozenset()
    purposes: Mapping[str, PurposeSeen] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    today: date | None = None
    problems: tuple[Problem, ...] = ()
