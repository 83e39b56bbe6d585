"""What pages that save by themselves share: what was seen, what was refused, and where two people differ.

A page answers with `admin/autosave/_said.html` (saved, refused, conflict or gone), which autosave.js understands.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of which two people wrote different things."""

    label: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Refusal:
    field_id: str
    label: str
    message: str


def token_for(raw: object) -> str:
    """Stands for what is stored now: who saves must have seen this, or they would overwrite another's words. `raw` is
    JSON."""
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()[:24]


def is_htmx(request: HttpRequest) -> bool:
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.history_restore_request
