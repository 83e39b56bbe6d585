"""What every autosaved form of the builder shares: what was seen, what was refused, and who wrote what.

A form is sent whole on every change, with the token of what it showed when it was opened. A page's own view saves it
and answers with `admin/quizzes/build/_saved.html` (saved, refused, conflict or gone), which builder.js understands.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from preferences.admin.autosave import Difference, Refusal, token_for

from ..models import Quiz

__all__ = [
    "Difference",
    "Refusal",
    "differences",
    "refusals_of",
    "revision_seen",
    "show_saved",
    "token_for",
    "who_changed",
]


def revision_seen(request: HttpRequest, quiz: Quiz) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else quiz.revision


def who_changed(request: HttpRequest, quiz: Quiz) -> str:
    if quiz.changed_by == request.user.get_username():
        return gettext("You, in another window,")
    return quiz.changed_by or gettext("Somebody")


def show_saved(
    request: HttpRequest, quiz: Quiz, *, state: str = "saved", status: int = 200, **more: Any
) -> HttpResponse:
    """What became of saving, for htmx. `more` holds `token` and `save_url`; for a refusal `refusals`; for a conflict
    `differences`, `stored_token`, `theirs_url`."""
    context = {"quiz": quiz, "revision": quiz.revision, "others": "", "state": state, "is_swap": True, **more}
    return render(request, "admin/quizzes/build/_saved.html", context, status=status)


def refusals_of(forms: Iterable[Any]) -> list[Refusal]:
    found = []
    for each in forms:
        for name, errors in each.errors.items():
            bound = each[name] if name in each.fields else None
            label = str(bound.label) if bound else ""
            found.append(Refusal(bound.id_for_label if bound else "", label, " ".join(map(str, errors))))
    return found


def differences(mine: Any, theirs: Any, prefix: str = "") -> list[Difference]:
    """The fields of a bound form that say something else than those of the form of what is stored."""
    found = []
    for name, field in mine.fields.items():
        if name not in theirs.fields or field.widget.is_hidden:
            continue
        initial = theirs.get_initial_for_field(theirs.fields[name], name)
        posted = field.widget.value_from_datadict(mine.data, mine.files, mine.add_prefix(name))
        if field.has_changed(initial, posted):
            found.append(Difference(f"{prefix}{field.label}", _shown(posted), _shown(initial)))
    return found


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return " · ".join(str(each) for each in value if each)
    return "–" if value in (None, "") else str(value)
