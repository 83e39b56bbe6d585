"""The forms of a request's page. What they refuse, the database refuses too."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from ...models import Jurisdiction, PrivacyRequest
from ...selectors import PurposeView
from ...services.requests import ENTERED

OLDEST = timedelta(days=3650)


class RequestForm(forms.ModelForm):
    class Meta:
        model = PrivacyRequest
        fields = ENTERED

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["description"].widget.attrs["rows"] = 4
        if not self.instance.pk:
            self.fields["received_at"].initial = now
            self.fields["jurisdiction"].initial = Jurisdiction.objects.order_by("position", "id").first()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned.get("email") or cleaned.get("description")):
            self.add_error("email", _("Write an e-mail address, or describe who asks."))
        return cleaned

    def clean_received_at(self) -> Any:
        received_at = self.cleaned_data["received_at"]
        if received_at > now():
            raise forms.ValidationError(_("It cannot have come later than now."))
        if received_at < now() - OLDEST:
            raise forms.ValidationError(_("That is more than ten years ago."))
        return received_at


class IdentityForm(forms.Form):
    how = forms.ChoiceField(label=_("How we know them"), choices=PrivacyRequest.Identity, widget=forms.RadioSelect)


class ExtendForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it takes longer, as you told them"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Tell them first, and write here what you told them."),
    )


class CloseForm(forms.Form):
    status = forms.ChoiceField(
        label=_("How it ends"),
        choices=[each for each in PrivacyRequest.Status.choices if each[0] != "open"],
        widget=forms.RadioSelect,
    )
    outcome = forms.CharField(
        label=_("What was done, and what you answered"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class UsesForm(forms.Form):
    """Which uses they name. Whether they are on is not shown: there is no need to know."""

    uses = forms.MultipleChoiceField(label=_("Which uses"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, purposes: list[PurposeView], data: Any = None) -> None:
        super().__init__(data)
        named = [(each.slug, each.title) for each in purposes if each.basis == "consent"]
        self.fields["uses"].choices = named  # type: ignore[attr-defined]


class SureForm(forms.Form):
    sure = forms.BooleanField(label=_("I have read the request again: they ask for this."))
