"""Fields for the ends of what may be answered: a number, or a day that may be the day on which it is answered."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

TODAY = "today"
_WHICH = (("", _("Any")), (TODAY, _("The day of the answer")), ("day", _("A certain day")))


class NumberInput(UnfoldAdminIntegerFieldWidget):
    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs={"step": "any", **attrs})


class EndField(forms.CharField):
    """A number, kept as text. One that is none is kept too: the check says so, and nothing typed is lost."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=20, widget=NumberInput(), **options)


class DayWidget(forms.MultiWidget):
    template_name = "admin/widgets/day.html"

    def __init__(self) -> None:
        which = UnfoldAdminSelectWidget(attrs={"aria-label": _("Which day")})
        which.choices = _WHICH
        day = UnfoldAdminTextInputWidget(attrs={"aria-label": _("Day")})
        day.input_type = "date"
        super().__init__((which, day))

    def decompress(self, value: str | None) -> list[str]:
        if not value or value == TODAY:
            return [value or "", ""]
        return ["day", value]


class DayField(forms.MultiValueField):
    """“”, “today” or YYYY-MM-DD. Until a day is chosen there is none."""

    def __init__(self, **options: Any) -> None:
        fields = [forms.ChoiceField(choices=_WHICH, required=False), forms.CharField(required=False, max_length=20)]
        super().__init__(fields, required=False, require_all_fields=False, widget=DayWidget(), **options)

    def compress(self, values: list[str]) -> str:
        which, day = values if values else ("", "")
        if which != "day":
            return which or ""
        try:
            return date.fromisoformat(day).isoformat() if day else ""
        except ValueError as error:
            raise forms.ValidationError(_("Write a day that there is."), code="invalid") from error
