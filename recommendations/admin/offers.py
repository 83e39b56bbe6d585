"""Offers for marketers. What was computed for customers, and what they took, is not here."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget

from preferences.admin.base import ProfferAdmin, ProfferTabularInline
from preferences.conditions import ConditionError
from preferences.models import Feature
from preferences.translated import pick
from recommendations import offer_rules, stock, tasks
from recommendations.admin import audience, conditions, discreet, personas
from recommendations.admin.answers import feature_choices, known_attributes
from recommendations.admin.restraint import CapInline
from recommendations.audience import Question
from recommendations.models import Offer, OfferWeight, read_condition
from recommendations.offer_rules import KnownAttribute
from recommendations.sensitivity import Sensitive, keys_for_traits
from recommendations.wording import benefit_in_words


class OfferForm(forms.ModelForm):
    """Checks what a condition says, not only how it is written: a test nobody can meet is a mistake."""

    class Meta:
        model = Offer
        fields = "__all__"  # noqa: DJ007 (the admin names them in its fieldsets)

    def clean_eligibility(self) -> Any:
        return self._checked("eligibility")

    def clean_veto(self) -> Any:
        return self._checked("veto")

    def _checked(self, field: str) -> Any:
        raw = self.cleaned_data[field]
        try:
            read_condition(raw)
        except ConditionError as error:
            place = gettext("At %(path)s: %(message)s") if error.path else "%(message)s"
            raise forms.ValidationError(place % {"path": error.path, "message": error.message}) from error
        return raw or None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._check_benefit(cleaned)
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and ends_at and starts_at >= ends_at:
            self.add_error("ends_at", _("It must end after it starts."))
        purpose = cleaned.get("purpose")
        if purpose:
            attributes = known_attributes(purpose)
            conditions = {name: read_condition(cleaned.get(name)) for name in ("eligibility", "veto")}
            for name, condition in conditions.items():
                for problem in offer_rules.problems(condition, attributes) if condition else ():
                    self.add_error(name, problem)
            self._check_sensitivity(cleaned, attributes)
        return cleaned

    def _check_benefit(self, cleaned: Mapping[str, Any]) -> None:
        kind, value = cleaned.get("benefit_kind"), cleaned.get("benefit_value")
        if kind in ("percentage", "bundle") and value is not None and not 0 < value <= 100:
            self.add_error("benefit_value", _("Per cent off: more than 0, at most 100."))
        elif kind in ("percentage", "amount") and value is None:
            self.add_error("benefit_value", _("Say how much it takes off."))
        elif kind == "amount" and value is not None and value <= 0:
            self.add_error("benefit_value", _("An amount off is more than 0."))
        elif kind not in ("percentage", "amount", "bundle") and value is not None:
            self.add_error("benefit_value", _("This kind of benefit has no value: leave it empty."))
        if kind == "amount" and not cleaned.get("product"):
            self.add_error("product", _("An amount off needs a product: it is in the product's currency."))

    def _check_sensitivity(self, cleaned: Mapping[str, Any], attributes: Mapping[str, KnownAttribute]) -> None:
        """An offer reveals nothing to whoever sees it: see discretion.py."""
        if {"eligibility", "veto"} & set(self.errors):
            return
        names = ("is_sensitive", "product", "eligibility", "veto")
        offer = Offer(**{name: cleaned.get(name) for name in names})
        sensitive = Sensitive.now()
        covered = [key for key, each in attributes.items() if each.is_covered]
        field, words = discreet.fault_in_words(offer, sensitive, covered)
        if words:
            self.add_error(field, words)
        elif offer.product:
            spoken = keys_for_traits(offer.product.traits.values_list("pk", flat=True))
            if revealed := sensitive.revealed_by(offer, spoken):
                self.add_error("product", discreet.inherited_in_words(revealed))


class WeightForm(forms.ModelForm):
    """The choices are made once for all rows of the form."""

    shared_choices: list[tuple[str, Any]] = []

    feature = forms.TypedChoiceField(label=_("answer"), coerce=int, widget=UnfoldAdminSelectWidget)

    class Meta:
        model = OfferWeight
        fields = ("feature", "weight")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["feature"].choices = self.shared_choices
        self.fields["feature"].widget.attrs["aria-label"] = capfirst(self.fields["feature"].label)

    def clean_feature(self) -> Feature:
        return Feature(pk=self.cleaned_data["feature"])  # it is one of the choices, so it exists


class WeightFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        chosen = [
            form.cleaned_data["feature"].pk
            for form in self.forms
            if form.cleaned_data.get("feature") and not form.cleaned_data.get("DELETE")
        ]
        if len(chosen) != len(set(chosen)):
            raise forms.ValidationError(_("An answer has two weights: keep one of them."))
        self._check_discretion([
            form.cleaned_data["feature"].pk
            for form in self.forms
            if form.cleaned_data.get("feature") and not form.cleaned_data.get("DELETE")
            if (form.cleaned_data.get("weight") or 0) > 0
        ])  # fmt: skip

    def _check_discretion(self, features: list[int]) -> None:
        """Which answers may speak for the offer depends on what its form says, once that is right."""
        keys = Feature.objects.filter(pk__in=features).values_list("attribute__key", flat=True)
        sensitive = Sensitive.now()
        if not sensitive.fault(self.instance) and (revealed := sensitive.revealed_by(self.instance, set(keys))):
            raise forms.ValidationError(discreet.revealed_in_words(revealed))


class WeightInline(ProfferTabularInline):
    model = OfferWeight
    form = WeightForm
    formset = WeightFormSet
    fields = ("feature", "weight")
    hide_title = True
    verbose_name_plural = _("Weights: how much each answer speaks for the offer, or (negative) against it")

    def get_formset(self, request: HttpRequest, obj: Offer | None = None, **options: Any) -> Any:
        form = type("WeightForm", (WeightForm,), {"shared_choices": feature_choices()})
        return super().get_formset(request, obj, **(options | {"form": form}))

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("feature__attribute").order_by("feature_id")


@admin.register(Offer)
class OfferAdmin(ProfferAdmin):
    form = OfferForm
    inlines = (WeightInline, CapInline)
    list_display = (
        "shown_title",
        "shown_benefit",
        "status",
        "shown_audience",
        "window",
        "shown_stock",
        "prior",
        "priority",
    )
    list_filter = ("is_active", "purpose", "benefit_kind", "is_sensitive", "product__category")
    search_fields = ("slug", "title", "code")
    list_select_related = ("product",)
    in_use_message = _("It cannot be deleted: customers have taken it. Switch it off instead.")
    readonly_fields = ("summary", "counted")
    fieldsets = (
        (None, {"fields": ("slug", "title", "text", "product")}),
        (_("What the customer gets"), {"fields": (("benefit_kind", "benefit_value"), "benefit", "code")}),
        (
            _("Who gets it"),
            {"fields": ("summary", "counted", "purpose", "eligibility", "veto", "is_sensitive", ("prior", "priority"))},
        ),
        (_("When, and how many"), {"fields": ("is_active", ("starts_at", "ends_at"), "stock")}),
    )

    actions_list = ("personas",)

    class Media:
        css = {"all": ("admin-proffer/offers.css",)}

    def get_urls(self) -> list[URLPattern]:
        def count(request: HttpRequest, pk: int | None = None) -> HttpResponse:
            if not self.has_change_permission(request):
                raise PermissionDenied
            return audience.count(request, pk)

        def condition(request: HttpRequest, pk: int, field: str) -> HttpResponse:
            if not self.has_change_permission(request):
                raise PermissionDenied
            return conditions.edit(self, request, pk, field)

        return [
            path(
                "<int:pk>/whom/<slug:field>/",
                self.admin_site.admin_view(condition),
                name="recommendations_offer_condition",
            ),
            path("audience/", self.admin_site.admin_view(count), name="recommendations_offer_audience_new"),
            path("<int:pk>/audience/", self.admin_site.admin_view(count), name="recommendations_offer_audience"),
            *super().get_urls(),
        ]

    def get_fieldsets(self, request: HttpRequest, obj: Offer | None = None) -> Any:
        """Whoever may not change offers does not count people."""
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return fieldsets
        return [
            (title, options | {"fields": [each for each in options["fields"] if each != "counted"]})
            for title, options in fieldsets
        ]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Each offer of the page brings how many people it reaches."""
        changes = super().get_changelist_instance(request)
        offers = list(changes.result_list)
        may_count = self.has_change_permission(request)
        reaches = audience.reaches(request.user.pk, offers) if may_count and offers else {}
        for offer in offers:
            offer.reach = reaches.get(offer.pk)
        changes.result_list = offers
        return changes

    @action(description=_("Try a persona"), url_path="personas", icon="person_search", permissions=["view"])
    def personas(self, request: HttpRequest) -> HttpResponse:
        return personas.simulate(request)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        offer = form.instance
        attributes = known_attributes(offer.purpose)
        keys = offer.weights.values_list("feature__attribute__key", flat=True).distinct()
        unheard = sorted(key for key in keys if not attributes[key].is_covered)
        if unheard:
            messages.warning(
                request,
                gettext("These weights never count, because the purpose does not cover their attributes: %(keys)s.")
                % {"keys": ", ".join(unheard)},
            )
        tasks.sweep_due.delay_on_commit()  # sooner than the next sweep would

    @display(description=_("offer"), ordering="slug")
    def shown_title(self, offer: Offer) -> str:
        return pick(offer.title, get_language() or "en") or offer.slug

    @display(description=_("benefit"))
    def shown_benefit(self, offer: Offer) -> str:
        currency = offer.product.price_currency if offer.product else ""
        return benefit_in_words(offer.benefit_kind, offer.benefit_value, currency)

    @display(
        description=_("status"),
        label={"open": "success", "waits": "info", "over": "danger", "sold_out": "warning", "off": "default"},
    )
    def status(self, offer: Offer) -> tuple[str, str]:
        now = timezone.now()
        if not offer.is_active:
            return "off", gettext("off")
        if offer.ends_at and offer.ends_at <= now:
            return "over", gettext("over")
        if offer.stock == 0:
            return "sold_out", gettext("sold out")
        if offer.starts_at and offer.starts_at > now:
            return "waits", gettext("not yet")
        return "open", gettext("open")

    @display(description=_("window"), ordering="ends_at")
    def window(self, offer: Offer) -> str:
        if not (offer.starts_at or offer.ends_at):
            return gettext("always")
        days = (
            date_format(timezone.localtime(each), "j M Y") if each else "…" for each in (offer.starts_at, offer.ends_at)
        )
        soon = stock.ends_soon(offer, timezone.now())
        low = format_html('<span class="offer-low">{}</span>', soon) if soon else ""
        return format_html('<span class="offer-cell">{}{}</span>', " – ".join(days), low)

    @display(description=_("stock"), ordering="stock")
    def shown_stock(self, offer: Offer) -> str:
        reach = getattr(offer, "reach", None)
        return render_to_string(
            "admin/recommendations/_offer_stock.html",
            {"stock": stock.stock_of(offer, reach.took if reach else None), "reach": reach, "about": _took(reach)},
        )

    @display(description=_("customers"))
    def shown_audience(self, offer: Offer) -> str:
        reach = getattr(offer, "reach", None)
        if reach is None:
            return "–"
        if not reach.is_readable:
            return gettext("its condition cannot be read")
        may, has = audience.about(reach.may), audience.about(reach.has)
        lines = (
            gettext("%(number)s may have it") % {"number": may},
            gettext("%(number)s have it now") % {"number": has},
        )
        return format_html('<span class="offer-cell"><span>{}</span><small>{}</small></span>', *lines)

    @display(description=_("how many"))
    def counted(self, offer: Offer) -> str:
        """The count itself comes after the page: it may take a second."""
        name = "admin:recommendations_offer_audience" if offer.pk else "admin:recommendations_offer_audience_new"
        url = reverse(name, args=[offer.pk] if offer.pk else [])
        sentences = [
            (
                Offer._meta.get_field(field).verbose_name,
                reverse("admin:recommendations_offer_condition", args=[offer.pk, field]),
            )
            for field in conditions.FIELDS
            if offer.pk
        ]
        return render_to_string("admin/recommendations/offer_audience.html", {"url": url, "sentences": sentences})

    @display(description=_("in plain words"))
    def summary(self, offer: Offer) -> str:
        """Whom the saved conditions let in."""
        if not offer.pk:
            return gettext("Save it to read here who gets it.")
        attributes = known_attributes(offer.purpose)
        try:
            eligibility, veto = read_condition(offer.eligibility), read_condition(offer.veto)
        except ConditionError as error:
            return str(error)
        return audience.whom_in_words(Question(eligibility, veto), attributes)


def _took(reach: audience.Reach | None) -> str:
    """ "about 50 took it in 7 days"; nothing where few did."""
    if reach is None or reach.took is None:
        return ""
    return gettext("%(number)s took it in 7 days") % {"number": audience.about(reach.took)}
