"""Keeping cells of the fit: which numbers are refused, one writer at a time, and whose change it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.utils.translation import get_language, gettext

from preferences.grid import Number, Place
from preferences.translated import pick

from .. import tasks
from ..models import Offer
from ..sensitivity import Sensitive, offers_with_traits
from .chosen import OFFERS, Chosen
from .table import Table

REVEALS = "reveals "  # a rule, with the offer that would reveal the answer

Refusal = Callable[[Place, Number], str]


def refusal_for(chosen: Chosen, table: Table) -> Refusal:
    """Names the offer that a number would make reveal a sensitive answer: one brought by it, to whoever sees it."""
    sensitive = Sensitive.now()
    risky = {answer for answer, key in table.key_of.items() if key in sensitive.attributes}
    if not risky:
        return lambda _place, _number: ""
    ids = [each.id for each in table.columns]
    concerned: Mapping[int, tuple[Offer, ...]]
    if chosen.kind == OFFERS:
        concerned = {each.pk: (each,) for each in Offer.objects.filter(pk__in=ids).select_related("product")}
    else:
        concerned = offers_with_traits(ids)
    silent = {
        column: [(each, sensitive.attributes - sensitive.may_speak(each)) for each in offers]
        for column, offers in concerned.items()
    }

    def refusal(place: Place, number: Number) -> str:
        if number <= 0 or place[0] not in risky:
            return ""
        for offer, keys in silent.get(place[1], ()):
            if table.key_of[place[0]] in keys:
                return REVEALS + (pick(offer.title, get_language() or "en") or offer.slug)
        return ""

    return refusal


def reveals_in_words(rule: str) -> str:
    """Says which offer, and what to do; "" for another rule."""
    if not rule.startswith(REVEALS):
        return ""
    words = gettext(
        "Whoever sees “%(offer)s” on somebody's screen would learn this sensitive answer. Only an offer in a sensitive "
        "category, whose “only for” asks for it, may be brought by it. A number below 0 keeps an offer away and tells "
        "nobody."
    )
    return words % {"offer": rule.removeprefix(REVEALS)}


def lock(chosen: Chosen, columns: Collection[int]) -> None:
    """Whoever writes into one of these columns waits until this transaction ends."""
    found = chosen.model._default_manager.filter(pk__in=columns).order_by("pk")
    list(found.select_for_update(no_key=True).values_list("pk"))


def store(request: HttpRequest, chosen: Chosen, table: Table, changes: Mapping[Place, Number]) -> None:
    """Writes these cells; 0 leaves one empty."""
    weights, of = chosen.weights, f"{chosen.of}_id"
    emptied: dict[int, list[int]] = defaultdict(list)
    for (answer, column), number in changes.items():
        if not number:
            emptied[column].append(answer)
    for column, answers in emptied.items():
        weights._default_manager.filter(**{of: column}, feature_id__in=answers).delete()
    weights._default_manager.bulk_create(
        (
            weights(**{of: column}, feature_id=answer, weight=number)
            for (answer, column), number in sorted(changes.items())
            if number
        ),
        update_conflicts=True,
        unique_fields=[of, "feature_id"],
        update_fields=["weight"],
    )
    _note(request, chosen, table, changes)
    tasks.sweep_due.delay_on_commit()


def who_changed(request: HttpRequest, chosen: Chosen, columns: Collection[int]) -> str:
    """Who wrote last into one of these columns."""
    entries = LogEntry.objects.filter(content_type=_content_type(chosen), object_id__in=map(str, columns))
    last = entries.order_by("-action_time").select_related("user").first()
    if last is not None and last.user_id == request.user.pk:
        return gettext("You, in another window,")
    return last.user.get_username() if last is not None else gettext("Somebody")


def _note(request: HttpRequest, chosen: Chosen, table: Table, changes: Mapping[Place, Number]) -> None:
    """In the history of each trait or offer."""
    said: dict[int, list[str]] = defaultdict(list)
    for place, number in changes.items():
        said[place[1]].append(f"{table.words(place)}: {table.numbers.get(place, 0):g} → {number:g}")
    title = {each.id: each.slug for each in table.columns}
    LogEntry.objects.bulk_create(
        LogEntry(
            user_id=request.user.pk,
            content_type=_content_type(chosen),
            object_id=str(column),
            object_repr=title[column],
            action_flag=CHANGE,
            change_message="\n".join(lines[:20]) + ("\n…" if len(lines) > 20 else ""),
        )
        for column, lines in said.items()
    )


def _content_type(chosen: Chosen) -> ContentType:
    return ContentType.objects.get_for_model(chosen.model)
