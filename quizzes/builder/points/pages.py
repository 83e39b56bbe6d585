"""The points' page: a table of choices and outcomes, edited cell by cell.

Only cells that were changed are saved, each with what it said before (`seen`). So two people can write into one table;
where both wrote into the same cell, the later one is shown both and decides.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from ...models import Quiz
from ...points_grid import MOST, NotANumberError, Number, compare, number_of, to_csv, written
from ..autosave import Difference, Refusal, revision_seen, token_for, who_changed
from ..changes import locked, note_change
from ..frame import framed, is_htmx
from .table import Place, Table, read_table, store

MAX_FILE = 500_000
SHOWN = 200

Typed = Mapping[Place, str]


@require_GET
def points(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    return _page(request, quiz, read_table(quiz))


@require_POST
def save(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """On every change by htmx, with the cells that changed; or by a question's button, with all of its cells."""
    typed, seen = _typed(request), _places(request.POST.get("seen") or "{}")
    quiz = locked(quiz)
    table = read_table(quiz)
    if not typed.keys() <= table.places:
        return _answer(request, quiz, table, {}, state="gone", status=409)
    token = token_for([[*place, number] for place, number in sorted(table.numbers.items())])
    may_overwrite = request.POST.get("anyway") == token
    refusals: list[Refusal] = []
    differences: list[Difference] = []
    changes: dict[Place, Number] = {}
    for place, text in typed.items():
        stored, before = table.numbers.get(place, 0), _number(seen.get(place, ""))
        number = _number(text)
        if number is None or (abs(number) > MOST and number not in (stored, before)):
            refusals.append(Refusal(table.field_id(place), table.words(place), _refusal(number)))
        elif number in (before, stored):
            continue
        elif stored != before and not may_overwrite:
            differences.append(Difference(table.words(place), written(number) or "0", written(stored) or "0"))
        else:
            changes[place] = number
    if refusals:
        return _answer(request, quiz, table, typed, state="refused", status=422, refusals=refusals)
    if differences:
        return _answer(
            request, quiz, table, typed, state="conflict", status=409, differences=differences, stored_token=token,
            changed_by=who_changed(request, quiz), theirs_url=points_url(quiz), seen=seen,
        )  # fmt: skip
    before_all = revision_seen(request, quiz)
    someone = who_changed(request, quiz) if before_all < quiz.revision else ""
    if changes:
        store(quiz, changes)
        note_change(quiz, request.user.get_username())
    if not is_htmx(request):
        return redirect(points_url(quiz))
    revision = before_all if someone else quiz.revision
    return _answer(request, quiz, read_table(quiz), {}, state="saved", revision=revision, others=someone)


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
        text = _text_of(request)
    except ValueError as refused:
        return _page(request, quiz, table, status=422, file_error=str(refused))
    found = compare(text, table.grid)
    changes = {table.place_of(each.cell): each for each in found.changes}
    context = framed(request, quiz, "build_points") | {
        "save_url": _save_url(quiz),
        "back_url": points_url(quiz),
        "changes": [
            (table.words(place), written(each.old) or "0", written(each.new) or "0") for place, each in changes.items()
        ],
        "left_out": [(each, _why(each.rule)) for each in found.left_out[:SHOWN]],
        "left_out_count": len(found.left_out),
        "cells": _json({place: written(each.new) for place, each in changes.items()}),
        "seen": _json({place: written(each.old) for place, each in changes.items()}),
    }
    return render(request, "admin/quizzes/build/points_upload.html", context)


def points_url(quiz: Quiz) -> str:
    return reverse("admin:quizzes_quiz_build_points", args=[quiz.pk])


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
        "here_url": points_url(quiz),
        "most": MOST,
    }


def _answer(
    request: HttpRequest, quiz: Quiz, table: Table, typed: Typed, *, state: str, status: int = 200,
    seen: Typed | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    """What became of saving. Without JavaScript the page comes back with what was typed, and keeps it for a choice."""
    more = {"revision": revision_seen(request, quiz), "state": state, **more}
    if not is_htmx(request):
        held = {"held_cells": _json(typed), "held_seen": _json(seen or {})} if state == "conflict" else {}
        return _page(request, quiz, table.with_typed(typed), status=status, **more, **held)
    context = {"quiz": quiz, **_context(quiz, table), **more, "is_swap": True}
    return render(request, "admin/quizzes/build/_points_status.html", context, status=status)


def _typed(request: HttpRequest) -> dict[Place, str]:
    """The cells that were sent: in one field by the script and by the file's report, one by one by a plain form."""
    if "cells" in request.POST:
        return _places(request.POST["cells"])
    plain = {name.removeprefix("p-"): text for name, text in request.POST.items() if name.startswith("p-")}
    return _places(json.dumps(plain))


def _places(raw: str) -> dict[Place, str]:
    """From {"12-3": "4"}: the points that choice 12 gives to outcome 3."""
    try:
        found = {
            (int(choice), int(outcome)): str(text).encode().decode()  # half a character fits on no page
            for choice, outcome, text in ((*name.split("-"), text) for name, text in json.loads(raw).items())
        }
    except (ValueError, AttributeError, RecursionError) as error:
        raise BadRequest("cells") from error
    return found


def _json(cells: Typed) -> str:
    return json.dumps({f"{choice}-{outcome}": text for (choice, outcome), text in cells.items()})


def _number(text: str) -> Number | None:
    try:
        return number_of(text)
    except NotANumberError:
        return None


def _refusal(number: Number | None) -> str:
    if number is None:
        return gettext("Write a number, or nothing.")
    return gettext("Write a number from −%(most)s to %(most)s.") % {"most": MOST}


def _text_of(request: HttpRequest) -> str:
    """The uploaded file. Raises ValueError with what is to be done."""
    file = request.FILES.get("file")
    if file is None:
        raise ValueError(gettext("Choose a file first."))
    if file.size is None or file.size > MAX_FILE:
        raise ValueError(gettext("That file is too large: %(most)s KB at most.") % {"most": MAX_FILE // 1000})
    try:
        return str(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError(gettext("That file is not UTF-8 text. Save it as “CSV UTF-8”.")) from error


def _why(rule: str) -> str:
    return {
        "broken": gettext("This is not a CSV file: a quotation mark is not closed, or it is none at all."),
        "no_head": gettext("The first line has to begin with “question” and “choice”, then the outcomes’ keys."),
        "unknown_column": gettext("There is no outcome with this key."),
        "column_twice": gettext("This outcome has a column already."),
        "unknown_row": gettext("There is no such choice."),
        "row_twice": gettext("This choice has a line already."),
        "not_a_number": gettext("This is no number."),
        "out_of_range": _refusal(MOST),
    }[rule]
