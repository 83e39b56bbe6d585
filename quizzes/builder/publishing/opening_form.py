"""From when, until when, and for how many a quiz is open: live settings, not part of any version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES, UnfoldAdminIntegerFieldWidget

from ...models import Quiz
from ..autosave import token_for

FORMAT = "%Y-%m-%dT%H:%M"  # what browsers send and expect
LAST_YEAR = 2100


class _MomentField(forms.DateTimeField):
    def __init__(self, **options: Any) -> None:
        attrs = {"type": "datetime-local", "class": " ".join(INPUT_CLASSES)}
        super().__init__(
            required=False,
            input_formats=[FORMAT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            widget=forms.DateTimeInput(format=FORMAT, attrs=attrs),
            error_messages={"invalid": _("Write a date and a time.")},
            **options,
        )

    def to_python(self, value: Any) -> datetime | None:
        try:
            moment = super().to_python(value)
        except OverflowError:
            moment = None
            value = "out of every calendar"
        if (moment is None and value) or (
            moment is not None and not timezone.now().year - 50 < moment.year <= LAST_YEAR
        ):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class OpeningForm(forms.ModelForm):  # type: ignore[type-arg]
    opens_at = _MomentField(label=_("Opens"), help_text=_("Empty: as soon as it is published."))
    closes_at = _MomentField(
        label=_("Closes"), help_text=_("Empty: when you close it. Whoever has started by then can finish.")
    )

    class Meta:
        model = Quiz
        fields = ("opens_at", "closes_at", "completion_limit")
        labels = {"completion_limit": _("Closes after so many have finished it")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["completion_limit"].widget = UnfoldAdminIntegerFieldWidget(attrs={"min": 1})
        count = self.instance.opening.completed_count
        self.fields["completion_limit"].help_text = (
            gettext("Counted from its first day on, over all versions: %(count)s so far. Empty: no limit.")
            % {"count": count}
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens_at, closes_at = cleaned.get("opens_at"), cleaned.get("closes_at")
        if closes_at and opens_at and closes_at <= opens_at:
            self.add_error("closes_at", _("It must close after it opens."))
        elif closes_at and "closes_at" in self.changed_data and closes_at <= timezone.now():
            self.add_error("closes_at", _("That is in the past. To close it now, press Close above."))
        if cleaned.get("completion_limit") == 0:
            self.add_error("completion_limit", _("At least one. To close it now, press Close above."))
        return cleaned


def opening_token(quiz: Quiz) -> str:
    """Of what the form shows: whoever saves must have seen it."""
    return token_for([str(quiz.opens_at), str(quiz.closes_at), quiz.completion_limit])
