"""Attributes: what customers can tell, in which values, and where it is used."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from .. import catalogue, registry
from ..coding import PURCHASES, CodingError, bins_from_json
from ..models import Attribute, AttributeValue
from ..translated import pick
from .base import ProfferAdmin, ProfferTabularInline

WITH_VALUES = ("choice", "multi", "ranking")
WITH_BINS = ("number", "date")
KINDS_IN_SHORT = {
    "choice": _("one of"),
    "multi": _("any of"),
    "number": _("number"),
    "date": _("date"),
    "text": _("text"),
    "ranking": _("ranking"),
    "boolean": _("yes or no"),
}
ONLY_FOR = {"bins": WITH_BINS, "unit": ("number",), "ranking_first": ("ranking",)}


class AttributeForm(forms.ModelForm):
    def clean_bins(self) -> list[Mapping[str, Any]]:
        bins = self.cleaned_data["bins"] or []
        if not isinstance(bins, list) or not all(isinstance(each, dict) for each in bins):
            raise forms.ValidationError(
                _('Write a list of ranges in order, such as [{"code": "under_5", "below": 5}, {"code": "5_and_over"}].')
            )
        try:
            bins_from_json(bins)
        except CodingError as error:
            raise forms.ValidationError(str(error)) from error
        return bins

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = self.instance.kind if self.instance.pk else cleaned.get("kind")
        for each in cleaned.get("bins") or []:
            end = each.get("below")
            if end is not None and not _fits(kind, end):
                expected = _("a date such as 2020-12-31") if kind == "date" else _("a number")
                message, params = _("The end of “%(code)s” must be %(expected)s."), {"expected": expected}
                self.add_error("bins", forms.ValidationError(message, params=params | {"code": each["code"]}))
        return cleaned


def _fits(kind: str | None, end: object) -> bool:
    if kind != "date":
        return not isinstance(end, str)
    try:
        return isinstance(end, str) and bool(date.fromisoformat(end))
    except ValueError:
        return False


def _name(field: Any) -> str:
    """Of a field in a fieldset, which may be a function that shows one."""
    return getattr(field, "__name__", str(field))


class ValueForm(forms.ModelForm):
    class Meta:
        model = AttributeValue
        fields = ("value", "label", "position")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.fields["value"].disabled = True


class ValueFormSet(BaseInlineFormSet):
    """The values must be what the attribute's kind can have."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kind = self.instance.kind
        values = [form.cleaned_data["value"] for form in self.forms if form.cleaned_data.get("value")]
        if kind in WITH_VALUES and len(values) < 2 and self.instance.key != PURCHASES:
            raise forms.ValidationError(_("Add at least two values for customers to choose from."))
        if kind == "text" and values:
            raise forms.ValidationError(_("Free text has no values: remove them, or choose another kind."))
        possible = {"boolean": {"yes", "no"}}.get(kind)
        if kind in WITH_BINS:
            possible = {each["code"] for each in self.instance.bins if isinstance(each, dict) and "code" in each}
            if missing := sorted(possible - set(values)):
                raise forms.ValidationError(
                    _("Each bin needs words that customers can read: add a value %(codes)s with its label."),
                    params={"codes": ", ".join(f"“{code}”" for code in missing)},
                )
        if possible is not None and (strange := sorted(set(values) - possible)):
            raise forms.ValidationError(
                _("%(values)s: there is no such answer. Use only %(possible)s."),
                params={"values": ", ".join(strange), "possible": ", ".join(sorted(possible)) or gettext("no values")},
            )


class ValueInline(ProfferTabularInline):
    model = AttributeValue
    form = ValueForm
    formset = ValueFormSet
    fields = ("value", "label", "position")
    ordering_field = "position"
    hide_ordering_field = True
    hide_title = True
    template_before = "admin/preferences/values_help.html"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Attribute)
class AttributeAdmin(ProfferAdmin):
    form = AttributeForm
    inlines = (ValueInline,)
    list_display = (
        "shown_label",
        "key",
        "shown_group",
        "shown_kind",
        "sensitive",
        "for_values",
        "for_purposes",
    )
    list_filter = ("is_sensitive", "profile_kind", "kind", "purposes")
    search_fields = ("key", "label", "group")
    list_per_page = 50
    in_use_message = _(
        "It cannot be deleted: what customers told, quizzes and offers may refer to it. To stop using it, take it out "
        "of its purposes and out of the quizzes that ask it."
    )
    fieldsets = (
        (None, {"fields": (("key", "kind"), "profile_kind", "used_by")}),
        (_("How it reads"), {"fields": ("label", "sentence", "group", "unit")}),
        (_("How long and how carefully"), {"fields": ("is_sensitive", "shelf_life_days", "keeps_history")}),
        (_("How it counts for offers"), {"fields": ("bins", "ranking_first"), "description": _(
            "Numbers and dates count as ranges (bins), rankings by their first places. Choices count as they are."
        )}),
    )  # fmt: skip

    class Media:
        js = ("admin-proffer/attribute.js",)  # while adding, hides what the chosen kind has no use for

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(
            count_of_values=Count("values", distinct=True), count_of_purposes=Count("purposes", distinct=True)
        )  # fmt: skip

    def get_fieldsets(self, request: HttpRequest, obj: Attribute | None = None) -> Any:
        """Without what its kind has no use for, once the kind is settled."""
        unfit = {field for field, kinds in ONLY_FOR.items() if obj and obj.kind not in kinds}
        shown = [
            (title, options | {"fields": [each for each in options["fields"] if _name(each) not in unfit]})
            for title, options in super().get_fieldsets(request, obj)
        ]
        return [(title, options) for title, options in shown if options["fields"]]

    def get_inlines(self, request: HttpRequest, obj: Attribute | None = None) -> Any:
        """What can have been bought are the products, which the database keeps."""
        return () if obj is not None and obj.key == PURCHASES else super().get_inlines(request, obj)

    def only_shown(self, request: HttpRequest, obj: Attribute | None = None) -> tuple[str, ...]:
        """Key and kind for good: answers and quizzes know them. Privacy staff settle how carefully, not the wording."""
        if obj is None:
            return ("used_by",)
        if self.has_add_permission(request):
            return ("key", "kind", "used_by")
        may_settle = ("is_sensitive", "shelf_life_days", "keeps_history")
        return ("used_by", *(each.name for each in Attribute._meta.fields if each.name not in may_settle))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        attribute = form.instance
        catalogue.sync_features(attribute)
        if change and "bins" in form.changed_data:
            messages.warning(
                request, _("The bins count from now on. What customers told before keeps the bin it was put into.")
            )
        for warning in sensitivity_warnings(attribute):
            messages.warning(request, warning)

    @display(description=_("attribute"), ordering="key")
    def shown_label(self, attribute: Attribute) -> str:
        return pick(attribute.label, get_language() or "en") or attribute.key

    @display(description=_("group"))
    def shown_group(self, attribute: Attribute) -> str:
        return pick(attribute.group, get_language() or "en")

    @display(description=_("kind"), ordering="kind")
    def shown_kind(self, attribute: Attribute) -> str:
        return KINDS_IN_SHORT[attribute.kind]

    @display(description=_("sensitive"), label={True: "warning"}, ordering="is_sensitive")
    def sensitive(self, attribute: Attribute) -> tuple[bool, str] | str:
        return (True, gettext("sensitive")) if attribute.is_sensitive else ""

    @display(description=_("values"))
    def for_values(self, attribute: Attribute) -> int | str:
        return attribute.count_of_values or "–"  # type: ignore[attr-defined]

    @display(description=_("purposes"))
    def for_purposes(self, attribute: Attribute) -> int | str:
        return attribute.count_of_purposes or "–"  # type: ignore[attr-defined]

    @display(description=_("used by"))
    def used_by(self, attribute: Attribute) -> str:
        if not attribute.pk:
            return gettext("Nothing yet.")
        purposes = ", ".join(attribute.purposes.values_list("slug", flat=True))
        lines = [gettext("Purposes: %(purposes)s") % {"purposes": purposes}] if purposes else []
        lines += registry.uses().get(attribute.key, [])
        warned = ((each,) for each in sensitivity_warnings(attribute))
        warnings = format_html_join("", '<p class="proffer-warning">{}</p>', warned)
        shown = format_html_join("", "<p>{}</p>", ((each,) for each in lines)) or gettext("Nothing yet.")
        return format_html("{}{}", shown, warnings)


def sensitivity_warnings(attribute: Attribute) -> list[str]:
    """What to think about when something sensitive has no use of its own."""
    if not attribute.is_sensitive:
        return []
    purposes = list(attribute.purposes.prefetch_related("attributes"))
    if not purposes:
        return [
            gettext("It is sensitive, and no purpose lists it: nothing may use it. Add it to a purpose that needs it.")
        ]
    shared = [(each, sum(not other.is_sensitive for other in each.attributes.all())) for each in purposes]
    return [
        ngettext(
            "“%(purpose)s” also covers %(count)s ordinary attribute, and customers switch both on together. Consider a "
            "purpose of its own for what is sensitive.",
            "“%(purpose)s” also covers %(count)s ordinary attributes, and customers switch all on together. Consider a "
            "purpose of its own for what is sensitive.",
            count,
        )
        % {"purpose": purpose.slug, "count": count}
        for purpose, count in shared
        if count and purpose.basis == "consent"
    ]
