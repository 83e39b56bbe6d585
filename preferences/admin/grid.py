"""What pages with a table of numbers share: the cells a request sends, an uploaded file, and refusals in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.translation import gettext

from ..grid import MOST, Decision, Place, written
from .autosave import Difference, Refusal

SHOWN = 200  # lines of a file's report

Cells = Mapping[Place, str]


def field_id(place: Place) -> str:
    return f"p-{place[0]}-{place[1]}"


def typed_cells(request: HttpRequest) -> dict[Place, str]:
    """The cells that were sent: in one field by the script and by the file's report, one by one by a plain form."""
    if "cells" in request.POST:
        return cells_from_json(request.POST["cells"])
    plain = {name.removeprefix("p-"): text for name, text in request.POST.items() if name.startswith("p-")}
    return cells_from_json(json.dumps(plain))


def seen_cells(request: HttpRequest) -> dict[Place, str]:
    return cells_from_json(request.POST.get("seen") or "{}")


def cells_from_json(raw: str) -> dict[Place, str]:
    """From {"12-3": "4"}: what stands in row 12 and column 3. Raises BadRequest."""
    try:
        return {
            (int(row), int(column)): str(text).encode().decode()  # half a character fits on no page
            for row, column, text in ((*name.split("-"), text) for name, text in json.loads(raw).items())
        }
    except (ValueError, AttributeError, RecursionError) as error:
        raise BadRequest("cells") from error


def cells_as_json(cells: Cells) -> str:
    return json.dumps({f"{row}-{column}": text for (row, column), text in cells.items()})


def refusals_of(decision: Decision, words: Callable[[Place], str], why: Callable[[str], str]) -> list[Refusal]:
    return [Refusal(field_id(place), words(place), why(rule)) for place, rule in decision.refused.items()]


def differences_of(decision: Decision, words: Callable[[Place], str]) -> list[Difference]:
    return [
        Difference(words(place), written(each.mine) or "0", written(each.theirs) or "0")
        for place, each in decision.clashes.items()
    ]


def number_refused(rule: str) -> str:
    """Why what was typed into a cell is not kept."""
    if rule == "not_a_number":
        return gettext("Write a number, or nothing.")
    return gettext("Write a number from −%(most)s to %(most)s.") % {"most": MOST}


def file_refused(rule: str) -> str:
    """Why something in a file is left out; "" for what only the table's own page can say."""
    return {
        "broken": gettext("This is not a CSV file: a quotation mark is not closed, or it is none at all."),
        "not_a_number": gettext("This is no number."),
        "out_of_range": number_refused("out_of_range"),
    }.get(rule, "")


def uploaded_text(request: HttpRequest, *, most: int) -> str:
    """The uploaded file, of at most so many bytes. Raises ValueError with what is to be done."""
    file = request.FILES.get("file")
    if file is None:
        raise ValueError(gettext("Choose a file first."))
    if file.size is None or file.size > most:
        raise ValueError(gettext("That file is too large: %(most)s KB at most.") % {"most": most // 1000})
    try:
        return str(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError(gettext("That file is not UTF-8 text. Save it as “CSV UTF-8”.")) from error
