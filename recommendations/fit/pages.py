"""The page of fit: answers down, traits or offers across, edited cell by cell, by paste or as a file.

Only cells that were changed are saved, each with what it said before (`seen`). So two people can write into one table;
where both wrote into the same cell, the later one is shown both and decides.
"""

from __future__ import annotations

from typing import Any

from django.contrib.admin.sites import site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from preferences.admin.autosave import is_htmx, token_for
from preferences.admin.grid import (
    SHOWN,
    Cells,
    cells_as_json,
    differences_of,
    file_refused,
    number_refused,
    refusals_of,
    seen_cells,
    typed_cells,
    uploaded_text,
)
from preferences.grid import MOST, Cell, Number, compare, decide, to_csv, written

from .chosen import OFFERS, TRAITS, Chosen, attributes_to_choose, purposes_to_choose
from .saving import lock, refusal_for, reveals_in_words, store, who_changed
from .table import Table, read_places, read_shown, read_whole

HEAD = ("attribute", "answer")
MAX_FILE = 1_000_000
MAX_CHANGES = 10_000  # of one file: they come back in one form


@require_GET
def fit(request: HttpRequest, kind: str = TRAITS) -> HttpResponse:
    return _page(request, Chosen.from_request(request, kind))


@require_POST
def save(request: HttpRequest, kind: str) -> HttpResponse:
    """On every change by htmx, with the cells that changed; or by an attribute's button, with all of its cells."""
    chosen = _to_change(request, kind)
    typed, seen = typed_cells(request), seen_cells(request)
    columns = {column for _answer, column in typed if 0 < column < 2**31}
    lock(chosen, columns)
    table = read_places(chosen, typed)
    if not typed.keys() <= table.places:
        return _answer(request, chosen, table, {}, state="gone", status=409)
    refusal = refusal_for(chosen, table)
    token = token_for([[*place, table.numbers.get(place, 0)] for place in sorted(typed)])
    may_overwrite = request.POST.get("anyway") == token
    decision = decide(typed, seen, table.numbers, may_overwrite=may_overwrite, refusal=refusal)
    if decision.refused:
        refusals = refusals_of(decision, table.words, lambda rule: reveals_in_words(rule) or number_refused(rule))
        return _answer(request, chosen, table, typed, state="refused", status=422, refusals=refusals)
    if decision.clashes:
        return _answer(
            request, chosen, table, typed, state="conflict", status=409,
            differences=differences_of(decision, table.words), stored_token=token,
            changed_by=who_changed(request, chosen, columns), seen=seen,
        )  # fmt: skip
    if decision.changes:
        store(request, chosen, table, decision.changes)
    if not is_htmx(request):
        return redirect(chosen.url())
    return _answer(request, chosen, read_places(chosen, typed), {}, state="saved")


@require_GET
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """All of what is chosen. With a byte order mark, without which Excel takes UTF-8 for something else."""
    text = to_csv(read_whole(Chosen.from_request(request, kind)).grid, HEAD)
    response = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="fit-{kind}.csv"'
    return response


@require_POST
def upload(request: HttpRequest, kind: str) -> HttpResponse:
    """Says what a file would change, wherever in the table. Nothing is kept before its second button."""
    chosen = _to_change(request, kind)
    try:
        text = uploaded_text(request, most=MAX_FILE)
    except ValueError as refused:
        return _page(request, chosen, status=422, file_error=str(refused))
    table = read_whole(Chosen(kind))
    refusal = refusal_for(chosen, table)

    def refused_cell(cell: Cell, number: Number) -> str:
        return refusal(table.place_of[cell], number)

    found = compare(text, table.grid, HEAD, refusal=refused_cell)
    if len(found.changes) > MAX_CHANGES:
        words = gettext("That file would change %(count)s cells at once, %(most)s at most: cut it into several.")
        said = words % {"count": len(found.changes), "most": MAX_CHANGES}
        return _page(request, chosen, status=422, file_error=said)
    changes = {table.place_of[each.cell]: each for each in found.changes}
    return render(request, "admin/recommendations/fit_upload.html", _frame(request, chosen) | {
        "save_url": chosen.url("fit_save"),
        "back_url": chosen.url(),
        "changes_count": len(changes),
        "changes": [
            (table.words(place), written(each.old) or "0", written(each.new) or "0")
            for place, each in list(changes.items())[:SHOWN]
        ],
        "left_out": [(each, _why(chosen, each.rule)) for each in found.left_out[:SHOWN]],
        "left_out_count": len(found.left_out),
        "cells": cells_as_json({place: written(each.new) for place, each in changes.items()}),
        "seen": cells_as_json({place: written(each.old) for place, each in changes.items()}),
    })  # fmt: skip


def _to_change(request: HttpRequest, kind: str) -> Chosen:
    chosen = Chosen.from_request(request, kind)
    if not _may_change(request, chosen):
        raise PermissionDenied
    return chosen


def _may_change(request: HttpRequest, chosen: Chosen) -> bool:
    name = chosen.weights._meta.model_name
    return all(request.user.has_perm(f"recommendations.{action}_{name}") for action in ("add", "change", "delete"))


def _frame(request: HttpRequest, chosen: Chosen) -> dict[str, Any]:
    """What every page of the fit shows around its work."""
    tabs = [(gettext("Traits"), TRAITS), (gettext("Offers"), OFFERS)]
    return {
        **site.each_context(request),
        "title": gettext("Fit"),
        "chosen": chosen,
        "tabs": [
            (words, Chosen(kind, chosen.purpose, chosen.attribute).url(), kind == chosen.kind) for words, kind in tabs
        ],
    }


def _page(
    request: HttpRequest, chosen: Chosen, *, typed: Cells | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    shown = read_shown(chosen)
    context = {
        **_frame(request, chosen),
        "shown": shown,
        "table": shown.table.with_typed(typed or {}),
        "may_change": _may_change(request, chosen),
        "purposes": purposes_to_choose(),
        "attributes": attributes_to_choose(),
        "before_rows": chosen.url(rows=shown.rows.before),
        "after_rows": chosen.url(rows=shown.rows.after),
        "before_columns": chosen.url(columns=shown.columns.before),
        "after_columns": chosen.url(columns=shown.columns.after),
        "save_url": chosen.url("fit_save"),
        "download_url": chosen.url("fit_csv", rows=1, columns=1),
        "upload_url": chosen.url("fit_upload"),
        "theirs_url": chosen.url(),
        "token": "",
        "revision": "",
        "most": MOST,
        **more,
    }
    return render(request, "admin/recommendations/fit.html", context, status=status)


def _answer(
    request: HttpRequest, chosen: Chosen, table: Table, typed: Cells, *, state: str, status: int = 200,
    seen: Cells | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    """What became of saving. Without JavaScript the page comes back with what was typed, and keeps it for a choice."""
    more = {"state": state, "saved_at": timezone.localtime(), **more}
    if not is_htmx(request):
        if state == "conflict":
            more |= {"held_cells": cells_as_json(typed), "held_seen": cells_as_json(seen or {})}
        return _page(request, chosen, typed=typed, status=status, **more)
    context = {"table": table, "save_url": chosen.url("fit_save"), "theirs_url": chosen.url(), "is_swap": True, **more}
    return render(request, "admin/recommendations/_fit_status.html", context, status=status)


def _why(chosen: Chosen, rule: str) -> str:
    is_traits = chosen.kind == TRAITS
    return (
        reveals_in_words(rule)
        or file_refused(rule)
        or {
            "no_head": gettext("The first line has to begin with “attribute” and “answer”, then the columns’ slugs."),
            "unknown_column": gettext("There is no trait with this slug.")
            if is_traits
            else gettext("There is no offer with this slug."),
            "column_twice": gettext("It has a column already."),
            "unknown_row": gettext("There is no such answer."),
            "row_twice": gettext("This answer has a line already."),
        }[rule]
    )
