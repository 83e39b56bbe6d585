"""The points' page: a table of choices and outcomes, edited cell by cell.

Only cells that were changed are saved, each with what it said before (`seen`). So two people can write into one table;
where both wrote into the same cell, the later one is shown both and decides.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

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
from preferences.grid import decide

from ...models import Quiz
from ...points_grid import MOST, compare, to_csv, written
from ..autosave import revision_seen, token_for, who_changed
from ..changes import locked, note_change
from ..frame import framed, is_htmx
from .table import Table, read_table, store

MAX_FILE = 500_000


@require_GET
def points(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    return _page(request, quiz, read_table(quiz).at(_part(request.GET)))


@require_POST
def save(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """On every change by htmx, with the cells that changed; or by a question's button, with all of its cells."""
    typed, seen = typed_cells(request), seen_cells(request)
    quiz = locked(quiz)
    table = read_table(quiz).at(_part(request.POST))
    if not typed.keys() <= table.places:
        return _answer(request, quiz, table, {}, state="gone", status=409)
    token = token_for([[*place, number] for place, number in sorted(table.numbers.items())])
    decision = decide(typed, seen, table.numbers, may_overwrite=request.POST.get("anyway") == token)
    if decision.refused:
        refusals = refusals_of(decision, table.words, number_refused)
        return _answer(request, quiz, table, typed, state="refused", status=422, refusals=refusals)
    if decision.clashes:
        return _answer(
            request, quiz, table, typed, state="conflict", status=409,
            differences=differences_of(decision, table.words), stored_token=token,
            changed_by=who_changed(request, quiz), theirs_url=points_url(quiz, table.part), seen=seen,
        )  # fmt: skip
    before_all = revision_seen(request, quiz)
    someone = who_changed(request, quiz) if before_all < quiz.revision else ""
    if decision.changes:
        store(quiz, decision.changes)
        note_change(quiz, request.user.get_username())
    if not is_htmx(request):
        return redirect(points_url(quiz, table.part))
    revision = before_all if someone else quiz.revision
    return _answer(request, quiz, read_table(quiz).at(table.part), {}, state="saved", revision=revision, others=someone)


@require_GET
def download(_request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """With a byte order mark, without which Excel takes UTF-8 for something else."""
    response = HttpResponse(to_csv(read_table(quiz).grid).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{quiz.slug}-points.csv"'
    return response


@require_POST
def upload(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """Says what a file would change. Nothing is kept before its second button."""
    table = read_table(quiz)
    try:
        text = uploaded_text(request, most=MAX_FILE)
    except ValueError as refused:
        return _page(request, quiz, table, status=422, file_error=str(refused))
    found = compare(text, table.grid)
    changes = {table.place_of(each.cell): each for each in found.changes}
    context = framed(request, quiz, "build_points") | {
        "save_url": _save_url(quiz),
        "back_url": points_url(quiz),
        "changes_count": len(changes),
        "changes": [
            (table.words(place), written(each.old) or "0", written(each.new) or "0") for place, each in changes.items()
        ],
        "left_out": [(each, _why(each.rule)) for each in found.left_out[:SHOWN]],
        "left_out_count": len(found.left_out),
        "cells": cells_as_json({place: written(each.new) for place, each in changes.items()}),
        "seen": cells_as_json({place: written(each.old) for place, each in changes.items()}),
    }
    return render(request, "admin/quizzes/build/points_upload.html", context)


def points_url(quiz: Quiz, part: int = 1) -> str:
    url = reverse("admin:quizzes_quiz_build_points", args=[quiz.pk])
    return f"{url}?part={part}" if part > 1 else url


def _part(sent: QueryDict) -> int:
    """Which part of the table somebody looks at, of whatever was sent."""
    number = sent.get("part", "")
    return int(number) if number.isdecimal() and len(number) < 4 else 1


def _save_url(quiz: Quiz) -> str:
    return reverse("admin:quizzes_quiz_build_points_save", args=[quiz.pk])


def _page(request: HttpRequest, quiz: Quiz, table: Table, *, status: int = 200, **more: Any) -> HttpResponse:
    context = framed(request, quiz, "build_points") | _context(quiz, table) | more
    return render(request, "admin/quizzes/build/points.html", context, status=status)


def _context(quiz: Quiz, table: Table) -> dict[str, Any]:
    return {
        "table": table,
        "save_url": _save_url(quiz),
        "token": "",
        "revision": quiz.revision,
        "others": "",
        "here_url": points_url(quiz, table.part),
        "download_url": reverse("admin:quizzes_quiz_build_points_csv", args=[quiz.pk]),
        "upload_url": reverse("admin:quizzes_quiz_build_points_upload", args=[quiz.pk]),
        "most": MOST,
    }


def _answer(
    request: HttpRequest, quiz: Quiz, table: Table, typed: Cells, *, state: str, status: int = 200,
    seen: Cells | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    """What became of saving. Without JavaScript the page comes back with what was typed, and keeps it for a choice."""
    more = {"revision": revision_seen(request, quiz), "state": state, **more}
    if not is_htmx(request):
        held = (
            {"held_cells": cells_as_json(typed), "held_seen": cells_as_json(seen or {})} if state == "conflict" else {}
        )
        return _page(request, quiz, table.with_typed(typed), status=status, **more, **held)
    context = {"quiz": quiz, **_context(quiz, table), **more, "is_swap": True}
    return render(request, "admin/quizzes/build/_points_status.html", context, status=status)


def _why(rule: str) -> str:
    return {
        "no_head": gettext("The first line has to begin with “question” and “choice”, then the outcomes’ keys."),
        "unknown_column": gettext("There is no outcome with this key."),
        "column_twice": gettext("This outcome has a column already."),
        "unknown_row": gettext("There is no such choice."),
        "row_twice": gettext("This choice has a line already."),
    }.get(rule) or file_refused(rule)
