"""Purposes, with the notice that customers read. Changing its words publishes the next version; earlier ones stay."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, Prefetch
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override as language_override
from unfold.decorators import display
from unfold.widgets import UnfoldBooleanSwitchWidget

from .. import catalogue
from ..fields import TranslatedFormField
from ..models import Attribute, Purpose, PurposeNotice
from ..selectors.uses import agreed_count
from ..translated import pick
from ..wording import day_in_words
from .base import ProfferAdmin, in_words

NOTICE = ("title", "sentence", "benefit", "details")


class AttributeBoxes(forms.CheckboxSelectMultiple):
    template_name = "admin/widgets/attributes.html"


def _by_heading(attributes: Iterable[Attribute]) -> list[tuple[str, list[tuple[int, str]]]]:
    """The attributes as choices, under the headings that customers see them under."""
    language = get_language() or "en"
    found: dict[str, list[tuple[int, str]]] = {}
    for each in attributes:
        label = pick(each.label, language) or each.key
        if each.is_sensitive:
            label = gettext("%(label)s (sensitive)") % {"label": label}
        found.setdefault(pick(each.group, language), []).append((each.pk, label))
    return sorted(found.items())


class PurposeForm(forms.ModelForm):
    """The purpose, and the words of its current notice to change."""

    attributes = forms.ModelMultipleChoiceField(
        Attribute.objects.none(),
        required=False,
        widget=AttributeBoxes,
        label=_("Attributes"),
        help_text=_(
            "Taking one out stops its use at once. One added waits for each customer's word on the new notice."
        ),
    )
    notice_title = TranslatedFormField(
        long=False, label=_("Title"), help_text=_("Two or three words: “Tailored offers”.")
    )
    notice_sentence = TranslatedFormField(
        long=True, label=_("Sentence"), help_text=_("One plain sentence beside the switch: what is done with what.")
    )
    notice_benefit = TranslatedFormField(long=True, label=_("What the customer gets"))
    notice_details = TranslatedFormField(
        long=True, required=False, label=_("Details"), help_text=_("For those who want to know more; folded away.")
    )
    notice_is_material = forms.BooleanField(
        required=False,
        label=_("The use itself changed"),
        widget=UnfoldBooleanSwitchWidget,
        help_text=_(
            "Not only its wording. The earlier yes then no longer counts: the use is off until each customer agrees "
            "again."
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.current = self.instance.notices.first() if self.instance.pk else None
        for name in NOTICE:
            self.fields[f"notice_{name}"].initial = getattr(self.current, name, {})
        field = self.fields["attributes"]
        field.queryset = Attribute.objects.order_by("key")
        field.choices = _by_heading(field.queryset)
        if self.instance.pk:
            field.initial = list(self.instance.attributes.values_list("pk", flat=True))
            if agreed := agreed_count(self.instance.pk):
                switch = self.fields["notice_is_material"]
                switch.help_text = f"{switch.help_text} {_off_for(agreed)}"

    @property
    def says_something_new(self) -> bool:
        return self.current is None or any(
            self.cleaned_data.get(f"notice_{name}", {}) != getattr(self.current, name) for name in NOTICE
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("computes_offers") and cleaned.get("basis") == Purpose.Basis.NECESSITY:
            self.add_error("computes_offers", _("Offers need consent: choose that basis, or switch this off."))
        if cleaned.get("answers_once") and cleaned.get("basis") == Purpose.Basis.NECESSITY:
            self.add_error(
                "answers_once", _("Filling in answers needs consent: choose that basis, or switch this off.")
            )
        if cleaned.get("is_shared") and cleaned.get("basis") == Purpose.Basis.NECESSITY:
            self.add_error("is_shared", _("Sharing needs consent: choose that basis, or switch this off."))
        if cleaned.get("sends_mail") and cleaned.get("basis") == Purpose.Basis.NECESSITY:
            self.add_error("sends_mail", _("Mail needs consent: choose that basis, or switch this off."))
        if not self.errors and self.current and not self.says_something_new:
            if cleaned.get("notice_is_material"):
                self.add_error("notice_is_material", _("Say in the words above what changed."))
            self._check_widening(cleaned)
        return cleaned

    def _check_widening(self, cleaned: dict[str, Any]) -> None:
        """Customers agreed to the items listed then. More is used only of those who agree to words that say so."""
        added = set(cleaned.get("attributes") or ()) - set(self.instance.attributes.all())
        if added and self.instance.basis == Purpose.Basis.CONSENT:
            names = ", ".join(sorted(pick(each.label, get_language() or "en") for each in added))
            message = _(
                "Customers agreed to the items listed until now. To add %(names)s, say so in the notice below. Those "
                "who agreed before stay with what they agreed to."
            )
            self.add_error("attributes", forms.ValidationError(message, params={"names": names}))


@admin.register(Purpose)
class PurposeAdmin(ProfferAdmin):
    form = PurposeForm
    list_display = ("shown_title", "slug", "shown_basis", "is_active", "computes_offers", "attributes_count", "version")
    list_filter = ("basis", "is_active", "computes_offers", "answers_once", "is_shared", "sends_mail")
    search_fields = ("slug",)
    fieldsets = (
        (None, {"fields": ("slug", "basis", "is_active", "computes_offers", "answers_once", "is_shared", "sends_mail",
                            "position")}),
        (_("What it may use"), {"fields": ("attributes",)}),
        (_("What customers read"), {
            "fields": (*(f"notice_{name}" for name in NOTICE), "notice_is_material", "preview"),
            "description": _(
                "Changed words are published as a new version when you save. Earlier ones stay for those who agreed."
            ),
        }),
        (_("Versions"), {"fields": ("versions",)}),
    )  # fmt: skip

    class Media:
        js = ("admin-proffer/notice.js",)

    def get_queryset(self, request: HttpRequest) -> Any:
        notices = Prefetch("notices", PurposeNotice.objects.order_by("-version"))
        return super().get_queryset(request).prefetch_related(notices).annotate(count_of_attributes=Count("attributes"))

    def get_fieldsets(self, request: HttpRequest, obj: Purpose | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets[:-1]
        if not self.has_change_permission(request, obj):  # the notice's words are of the form, which they do not have
            listed = (_("What it may use"), {"fields": ("listed",)})
            return [fieldsets[0], listed, (_("What customers read"), {"fields": ("preview",)}), fieldsets[-1]]
        return fieldsets

    def only_shown(self, request: HttpRequest, obj: Purpose | None = None) -> tuple[str, ...]:
        """What customers agreed to and quizzes ask by name does not turn into something else."""
        if obj is None:
            return ("preview",)
        return ("slug", "basis", "computes_offers", "answers_once", "is_shared", "preview", "versions", "listed")

    def has_delete_permission(self, request: HttpRequest, obj: Purpose | None = None) -> bool:
        """Its notices are proof of what customers agreed to; a purpose is switched off instead."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not form.says_something_new:
            return
        cleaned = form.cleaned_data
        agreed = agreed_count(form.instance.pk) if cleaned["notice_is_material"] else 0
        notice = catalogue.publish_notice(
            purpose=form.instance,
            title=cleaned["notice_title"],
            sentence=cleaned["notice_sentence"],
            benefit=cleaned["notice_benefit"],
            details=cleaned["notice_details"],
            is_material=cleaned["notice_is_material"],
        )
        messages.info(request, gettext("Customers now read version %(version)s.") % {"version": notice.version})
        if notice.is_material and agreed:
            messages.warning(request, ngettext(
                "It is off for %(number)s customer until they agree again.",
                "It is off for %(number)s customers until they agree again.",
                agreed,
            ) % {"number": intcomma(agreed)})  # fmt: skip

    @display(description=_("purpose"))
    def shown_title(self, purpose: Purpose) -> str:
        notice = next(iter(purpose.notices.all()), None)
        return pick(notice.title, get_language() or "en") if notice else purpose.slug

    @display(description=_("basis"), label={"consent": "success", "necessity": "info"}, ordering="basis")
    def shown_basis(self, purpose: Purpose) -> tuple[str, str]:
        return purpose.basis, gettext("consent") if purpose.basis == Purpose.Basis.CONSENT else gettext("necessity")

    @display(description=_("attributes"))
    def attributes_count(self, purpose: Purpose) -> int:
        return purpose.count_of_attributes  # type: ignore[attr-defined,no-any-return]

    @display(description=_("version"))
    def version(self, purpose: Purpose) -> int | str:
        return next((each.version for each in purpose.notices.all()), "–")

    @display(description=_("attributes"))
    def listed(self, purpose: Purpose) -> str:
        headings = _by_heading(purpose.attributes.order_by("key"))
        lines = ((heading, ", ".join(label for _pk, label in choices)) for heading, choices in headings)
        return format_html_join("", "<p>{}: {}</p>", lines) or gettext("Nothing yet.")

    @display(description=_("how it reads"))
    def preview(self, purpose: Purpose) -> str:
        """As in the preference center, in its own stylesheets; notice.js keeps it up with what is written above."""
        notice = purpose.notices.first() if purpose.pk else None
        frames = []
        for code, name in settings.LANGUAGES:
            words = {each: pick(getattr(notice, each, {}), code) for each in NOTICE}
            words |= {"title_text": words["title"], "title": name, "has_drawer": True}
            words["has_switch"] = purpose.basis == Purpose.Basis.CONSENT
            with language_override(code):
                words["more"] = gettext("In more detail")
                html = render_to_string("admin/preferences/notice_frame.html", words)
            frames.append({"code": code, "name": name, "html": html})
        return render_to_string("admin/preferences/notice_preview.html", {"frames": frames})

    @display(description=_("versions"))
    def versions(self, purpose: Purpose) -> str:
        return format_html_join("", '<details class="proffer-version"><summary>{}</summary>{}</details>', (
            (_version_line(notice), format_html_join("", "{}", ((in_words(getattr(notice, name)),) for name in NOTICE)))
            for notice in purpose.notices.all()
        )) or "–"  # fmt: skip


def _off_for(customers: int) -> str:
    """What ticking “the use itself changed” would do, before it is done."""
    text = ngettext(
        "Switches this off for %(number)s customer until they agree again.",
        "Switches this off for %(number)s customers until they agree again.",
        customers,
    )
    return text % {"number": intcomma(customers)}


def _version_line(notice: PurposeNotice) -> str:
    line = gettext("Version %(version)s, from %(day)s") % {
        "version": notice.version,
        "day": day_in_words(localtime(notice.published_at)),
    }
    return format_html("{} <em>{}</em>", line, gettext("the use itself changed")) if notice.is_material else line
