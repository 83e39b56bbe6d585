"""The list of requests, what is due first at the top, and the form to enter one.

Not Django's permissions decide but membership of the privacy group, as the database sees it; whoever else asks is told
that there is nothing. Neither the list nor an address says who asked.
"""

from typing import Any

from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.timezone import now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from ... import selectors
from ...models import PrivacyRequest
from ...services import requests as handling
from ...services.requests import ENTERED, RequestError
from ..base import ProfferAdmin
from . import case
from .forms import RequestForm


class StandingFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "is"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("open")), ("overdue", _("overdue")), ("closed", _("closed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[PrivacyRequest]) -> QuerySet[PrivacyRequest]:
        match self.value():
            case "open":
                return queryset.filter(closed_at=None)
            case "overdue":
                return queryset.filter(closed_at=None, due_at__lt=now())
            case "closed":
                return queryset.exclude(closed_at=None)
        return queryset


@admin.register(PrivacyRequest)
class PrivacyRequestAdmin(ProfferAdmin):
    form = RequestForm
    list_display = ("shown_number", "kind", "shown_standing", "shown_time", "shown_due", "jurisdiction")
    list_filter = (StandingFilter, "kind", "jurisdiction")
    list_select_related = ("jurisdiction",)
    ordering = (F("closed_at").desc(nulls_first=True), "due_at", "id")
    sortable_by = ()  # what is due first is at the top, always
    actions = None
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": (("kind", "channel"), ("received_at", "jurisdiction"))}),
        (_("Who asks"), {
            "fields": ("email", "description"),
            "description": _(
                "Only what you need to answer them. It is seen by the privacy group alone, and forgotten some time "
                "after the request is closed."
            ),
        }),
    )  # fmt: skip

    # Who may
    def _may(self, request: HttpRequest) -> bool:
        if not hasattr(request, "is_privacy_staff"):
            request.is_privacy_staff = selectors.is_privacy_staff(request.user.pk)  # type: ignore[attr-defined]
        return bool(request.is_privacy_staff)  # type: ignore[attr-defined]

    def on_duty(self, request: HttpRequest) -> int:
        """The id of the member of staff, whom the database knows from here on. For everybody else there is nothing."""
        user_id = request.user.pk
        if not self._may(request) or not handling.go_on_duty(user_id=user_id):
            raise Http404
        return int(user_id)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: PrivacyRequest | None = None) -> bool:
        return self._may(request) and (obj is None or obj.closed_at is None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # Pages
    def get_urls(self) -> list[URLPattern]:
        def page(view: Any, ending: str, name: str) -> URLPattern:
            def handle(request: HttpRequest, pk: int) -> HttpResponse:
                try:
                    return view(self, request, pk)  # type: ignore[no-any-return]
                except RequestError as error:
                    messages.error(request, str(error))
                    return HttpResponseRedirect(case.address(pk))

            return path(f"<int:pk>/{ending}", self.admin_site.admin_view(handle), name=f"preferences_request_{name}")

        return [
            page(case.show, "change/", "case"),
            page(PrivacyRequestAdmin.edit, "edit/", "edit"),
            page(case.identify, "identity/", "identity"),
            page(case.find, "find/", "find"),
            page(case.extend, "extend/", "extend"),
            page(case.close, "close/", "close"),
            page(case.held, "held/", "held"),
            page(case.download, "download/", "download"),
            page(case.correct, "correct/", "correct"),
            page(case.uses, "uses/", "uses"),
            page(case.restrict, "restrict/", "restrict"),
            page(case.erase, "erase/", "erase"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        self.on_duty(request)
        return super().changelist_view(request, extra_context)

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        self.on_duty(request)
        return super().changeform_view(request, *args, **options)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """All that was done is on the request's own page."""
        self.on_duty(request)
        return HttpResponseRedirect(
            case.address(int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0)
        )

    def edit(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was entered, to mend; not any more once the account was found."""
        self.on_duty(request)
        found = PrivacyRequest.objects.filter(pk=pk, closed_at=None, customer=None)
        if not found.exists():
            raise Http404
        return self.change_view(request, str(pk))

    def save_model(self, request: HttpRequest, obj: PrivacyRequest, form: Any, change: bool) -> None:
        if change:
            handling.change_request(request=obj)
        else:
            handling.enter_request(request=obj)

    def _kindly(self, request: HttpRequest, view: Any, obj: Any = None) -> Any:
        try:
            return super()._kindly(request, view, obj)
        except RequestError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.get_full_path())

    def response_add(self, request: HttpRequest, obj: PrivacyRequest, post_url_continue: str | None = None) -> Any:
        messages.success(request, gettext("Request %(number)s is kept. It is due %(due)s.") % _due(obj))
        return HttpResponseRedirect(case.address(obj.pk))

    def response_change(self, request: HttpRequest, obj: PrivacyRequest) -> Any:
        messages.success(request, gettext("Request %(number)s is kept. It is due %(due)s.") % _due(obj))
        return HttpResponseRedirect(case.address(obj.pk))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        return super().get_form(request, obj, change, **options | {"fields": ENTERED})

    # Columns
    @display(description=_("number"))
    def shown_number(self, each: PrivacyRequest) -> str:
        return gettext("Request %(number)s") % {"number": each.pk}

    @display(
        description=_("state"),
        label={"overdue": "danger", "soon": "warning", "open": "info", "done": "success"},
    )
    def shown_standing(self, each: PrivacyRequest) -> tuple[str, str]:
        return case.standing(each)

    @display(description=_("time left"))
    def shown_time(self, each: PrivacyRequest) -> str:
        return case.time_left(each)

    @display(description=_("due"))
    def shown_due(self, each: PrivacyRequest) -> str:
        return case.due(each)


def _due(each: PrivacyRequest) -> dict[str, object]:
    return {"number": each.pk, "due": case.due(each)}
