"""The check before publishing, with what the brand's catalogue and the other apps know."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.utils import timezone

from preferences import registry
from preferences.models import Attribute, Purpose, PurposeNotice

from ..check import Context, PurposeSeen, Report, analyse
from .publishing import problems_of

MOST_KEPT = 100
_NOTICE = ("title", "sentence", "benefit", "details")
_kept: OrderedDict[str, Report] = OrderedDict()  # of this process; the newest last


def report_on(raw: dict[str, Any]) -> Report:
    """Findings and figures for a definition, such as `definition_of(quiz)` gives.

    Worked out once in each process for the same definition in the same surroundings, whichever page asks. Two threads
    that ask at the same moment both work it out, which costs a second or two and nothing else.
    """
    context = context_for(raw)
    key = _digest(raw, context)
    report = _kept.get(key)
    if report is None:
        report = _kept[key] = analyse(raw, context)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return report


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


def _digest(raw: dict[str, Any], context: Context) -> str:
    """Of all that the report depends on. Sets are sorted, so that every process comes to the same."""

    def plain(value: object) -> object:
        return sorted(value) if isinstance(value, frozenset) else str(value)

    text = json.dumps([raw, asdict(context)], sort_keys=True, default=plain)
    return hashlib.sha256(text.encode()).hexdigest()
