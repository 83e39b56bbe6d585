"""The check before publishing, with what the brand's catalogue and the other apps know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from preferences import registry
from preferences.models import Attribute, Purpose, PurposeNotice

from ..check import Context, PurposeSeen, Report, analyse
from .publishing import problems_of

_NOTICE = ("title", "sentence", "benefit", "details")


def report_on(raw: dict[str, Any]) -> Report:
    """Findings and figures for a definition, such as `definition_of(quiz)` gives."""
    return analyse(raw, context_for(raw))


def context_for(raw: dict[str, Any]) -> Context:
    notices = {each.purpose_id: each for each in PurposeNotice.objects.order_by("version")}  # the last one counts
    purposes = {
        purpose.slug: PurposeSeen(
            frozenset(each.key for each in purpose.attributes.all()),
            {name: getattr(notices[purpose.pk], name) for name in _NOTICE} if purpose.pk in notices else {},
        )
        for purpose in Purpose.objects.prefetch_related("attributes")
    }
    return Context(
        uses=registry.uses(),
        sensitive=frozenset(Attribute.objects.filter(is_sensitive=True).values_list("key", flat=True)),
        purposes=purposes,
        languages=tuple(code for code, _name in settings.LANGUAGES),
        today=timezone.now().date(),
        problems=problems_of(raw),
    )
