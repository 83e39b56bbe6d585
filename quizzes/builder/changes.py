"""How every change to a draft begins and ends: one at a time, counted and signed."""

from __future__ import annotations

from django.db import transaction
from django.shortcuts import get_object_or_404

from ..models import Quiz


@transaction.atomic
def locked(quiz: Quiz) -> Quiz:
    """The quiz as it is now; others wait until this transaction ends. Raises Http404 when it is gone."""
    return get_object_or_404(Quiz.objects.select_for_update(), pk=quiz.pk)


def note_change(quiz: Quiz, by: str) -> None:
    """Counts a change, so that others who have the quiz open learn of it."""
    quiz.revision += 1
    quiz.changed_by = by
    quiz.save(update_fields=["revision", "changed_by", "updated_at"])
