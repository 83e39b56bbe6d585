"""Putting another definition in the place of a draft: a version restored, a file read over it, and either undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from ..models import Quiz
from .drafting import definition_of, import_definition
from .publishing import content_hash


@transaction.atomic
def replace_draft(*, quiz: Quiz, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Writes `raw` as the quiz's draft and returns the draft there was, which `replace_draft` brings back.

    The quiz keeps its address, its opening, and what customers see. Raises NotPublishableError when the definition
    names an attribute or a use that is gone by now; then nothing is changed.
    """
    before = definition_of(quiz)
    import_definition({**raw, "slug": quiz.slug})
    return before


def is_in_a_version(quiz: Quiz, raw: dict[str, Any]) -> bool:
    """Whether some version says exactly this, so that replacing it loses nothing."""
    return quiz.versions.filter(content_hash=content_hash(raw)).exists()
