"""The rows of a matrix as a small list of forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from preferences.fields import TranslatedFormField, with_unseen

from ...definition import MAX_ROWS
from ...models import Question
from ...models.drafts import key_format
from .naming import free, numbered


class RowForm(forms.Form):
    label = TranslatedFormField(long=False, required=False, label=_("Row"), initial=dict)
    value = forms.CharField(
        label=_("Value"), max_length=50, validators=[key_format], widget=UnfoldAdminTextInputWidget(), required=False
    )


_RowFormSet: Any = forms.formset_factory(RowForm, extra=0, max_num=MAX_ROWS, absolute_max=MAX_ROWS)


def rows_for(question: Question, data: Mapping[str, Any] | None = None) -> Any:
    """The formset of a matrix's rows; None for other kinds, and where the form that was sent has none."""
    if question.kind != "matrix" or (data is not None and "rows-TOTAL_FORMS" not in data):
        return None
    return _RowFormSet(data, prefix="rows", initial=[_plain(each) for each in question.rows])


def rows_in(formset: Any) -> list[dict[str, Any]]:
    """What was sent, each row with a value of its own."""
    rows: list[dict[str, Any]] = []
    for each in formset.forms:
        sent, taken = each.cleaned_data, {row["value"] for row in rows}
        value = sent.get("value") or each.initial.get("value") or "row_1"
        label = with_unseen(sent.get("label") or {}, each.initial.get("label"))
        rows.append({"value": free(value, taken), "label": label})
    return rows


def chosen_rows(rows: list[dict[str, Any]], before: list[dict[str, Any]]) -> dict[str, str]:
    """Old value → new value, of rows that somebody named: a form sends them in the order they were drawn in."""
    pairs = zip((each["value"] for each in before), (each["value"] for each in rows), strict=False)
    return {old: new for old, new in pairs if old != new}


def changed(rows: list[dict[str, Any]], pressed: str) -> list[dict[str, Any]] | None:
    """After a button: `row-add`, `row-remove:<index>`, `row-up:<index>`, `row-down:<index>`. None for another's."""
    verb, _colon, which = pressed.partition(":")
    rest = list(rows)
    if verb == "row-add":
        if len(rest) < MAX_ROWS:
            rest.append({"value": numbered("row", (each["value"] for each in rest)), "label": {}})
        return rest
    if verb not in ("row-remove", "row-up", "row-down") or not which.isdecimal() or len(which) > 3:
        return None
    place = int(which)
    if place >= len(rest):
        return rest
    row = rest.pop(place)
    if verb != "row-remove":
        rest.insert(max(0, place + (1 if verb == "row-down" else -1)), row)
    return rest


def _plain(row: Any) -> dict[str, Any]:
    raw = row if isinstance(row, dict) else {}
    return {"value": raw.get("value", ""), "label": raw.get("label") or {}}
