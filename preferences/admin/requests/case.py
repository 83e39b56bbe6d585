"""One request's page: what is asked, what to do next, what was done. Everything that touches a person is a press of a
button, logged by the database before it shows or does anything; nothing of it is in an address."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timesince import timesince, timeuntil
from django.utils.timezone import localtime, now
from django.utils.translation import get_language, gettext

from ... import selectors
from ...export.file import archive_of
from ...export.own import sections
from ...forms import ValueForm
from ...models import PrivacyRequest, RequestKind, RequestStep
from ...services import InvalidValue, UnknownItem
from ...services import requests as handling
from ...services.requests import ACTS, NEED_IDENTITY
from .forms import CloseForm, ExtendForm, IdentityForm, SureForm, UsesForm

Desk = Any  # the ModelAdmin that these pages belong to
SHOWN_ROWS = 100
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00\Z")  # as the copy has them
CASE = "admin/preferences/request.html"


@dataclass(frozen=True, slots=True)
class StepView:
    at: str
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class ToldView:
    profile: int
    key: str
    label: str
    words: str
    about: str


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    has_more: bool


def address(pk: int, page: str = "case") -> str:
    return reverse(f"admin:preferences_request_{page}", args=[pk])


def moment(at: datetime) -> str:
    return date_format(localtime(at), "j F Y, H:i")


def due(each: PrivacyRequest) -> str:
    """On the clock of the law's place, where it is the end of a day."""
    zone = each.jurisdiction.time_zone
    at = date_format(localtime(each.due_at, ZoneInfo(zone)), "j F Y, H:i")
    return gettext("%(time)s (%(place)s)") % {"time": at, "place": zone}


def standing(each: PrivacyRequest) -> tuple[str, str]:
    """A code for the colour, and words."""
    if each.closed_at:
        return each.status, each.get_status_display()
    if each.due_at < now():
        return "overdue", gettext("overdue")
    return ("soon", gettext("due soon")) if each.remind_at < now() else ("open", gettext("open"))


def time_left(each: PrivacyRequest) -> str:
    if each.closed_at:
        return "–"
    if each.due_at < now():
        return gettext("%(time)s late") % {"time": timesince(each.due_at, depth=1)}
    return timeuntil(each.due_at, depth=1)


def show(desk: Desk, request: HttpRequest, pk: int) -> HttpResponse:
    desk.on_duty(request)
    return _page(desk, request, _request(pk))


def identify(desk: Desk, request: HttpRequest, pk: int) -> HttpResponse:
    def do(each: PrivacyRequest, form: Form) -> str:
        handling.note_identity(request=each, how=form.cleaned_data["how"])
        return gettext("Noted who checked it, and when.")

    return _act(desk, request, pk, "identity", IdentityForm, do)


def find(desk: Desk, request: HttpRequest, pk: int) -> HttpResponse:
    def do(each: PrivacyRequest, _form: Form) -> str:
        if handling.find_customer(request=each):
            return gettext("Their account is found.")
        return gettext("No account has confirmed this address.")

    return _act(desk, request, pk, "find", Form, do)


def extend(desk: Desk, request: HttpRequest, pk: int) -> HttpResponse:
    def do(each: PrivacyRequest, form: Form) -> str:
        handling.extend(request=each, reason=form.cleaned_data["reason"])
        return gettext("It is now due %(due)s.") % {"due": due(each)}

    return _act(desk, request, pk, "extend", ExtendForm, do)


def close(desk: Desk, request: HttpRequest, pk: int) -> HttpResponse:
    def do(each: PrivacyRequest, form: Form) -> str:
        handling.close(request=each, status=form.cleaned_data["status"], outcome=form.cleaned_data["outcome"])
        return gettext("Request %(number)s is closed.") % {"number": each.pk}

    return _act(desk, request, pk, "close", CloseForm, do)


def uses(desk: Desk, request: HttpRequest, pk: int) -> HttpResponse:
    def do(each: PrivacyRequest, form: Form) -> str:
        act = handling.object_for if each.kind == RequestKind.OBJECTION else handling.switch_off_for
        act(user_id=request.user.pk, request_id=each.pk, purpose_slugs=form.cleaned_data["uses"])
        return gettext("Done: these uses are off. What was made from them is gone.")

    return _act(desk, request, pk, "uses", _uses_form, do)


def restrict(desk: Desk, request: HttpRequest, pk: int) -> HttpResponse:
    def do(each: PrivacyRequest, _form: Form) -> str:
        handling.restrict_for(user_id=request.user.pk, request_id=each.pk)
        return gettext("Done: everything is kept and nothing is used until they say so.")

    return _act(desk, request, pk, "restrict", SureForm, do)


def erase(desk: Desk, request: HttpRequest, pk: int) -> HttpResponse:
    def do(each: PrivacyRequest, _form: Form) -> str:
        handling.erase_for(user_id=request.user.pk, request_id=each.pk)
        return gettext("Everything is deleted. Answer them, then close the request: it forgets who asked.")

    return _act(desk, request, pk, "erase", SureForm, do)


def held(desk: Desk, request: HttpRequest, pk: int) -> HttpResponse:
    """What we hold of the person, as their own copy says it; for a correction what they told, each with a way to it."""
    each = _pressed(desk, request, pk)
    language = get_language() or "en"
    with _looking(request, each, "view") as customer_id:
        if each.kind == RequestKind.CORRECTION:
            told = tuple(_told(item) for item in selectors.told(customer_id, language))
            return _render(desk, request, each, "admin/preferences/request_told.html", told=told)
        tables = tuple(_table(section) for section in sections(customer_id, language))
    return _render(desk, request, each, "admin/preferences/request_held.html", tables=tables, shown=SHOWN_ROWS)


def download(desk: Desk, request: HttpRequest, pk: int) -> HttpResponse:
    each = _pressed(desk, request, pk)
    with _looking(request, each, "download") as customer_id:
        file = archive_of(customer_id, get_language() or "en")
    return FileResponse(file, as_attachment=True, filename=f"request-{each.pk}.zip")


def correct(desk: Desk, request: HttpRequest, pk: int) -> HttpResponse:
    """The value in a form, then what it is from now on."""
    each = _pressed(desk, request, pk)
    language = get_language() or "en"
    key, profile = request.POST.get("attribute", ""), request.POST.get("profile", "")
    if not profile.isdecimal() or len(profile) > 18:
        raise Http404
    is_said = "said" in request.POST
    with _looking(request, each, "view") as customer_id:
        item = selectors.told_item(customer_id, int(profile), key, language)
    form = ValueForm(item.attribute, item.value, request.POST if is_said else None)
    if not is_said or not form.is_valid():
        values = {"item": item, "form": form, "profile": profile}
        status = 422 if form.errors else 200
        return _render(desk, request, each, "admin/preferences/request_correct.html", status=status, **values)
    try:
        handling.correct_for(
            user_id=request.user.pk, request_id=each.pk, profile_id=int(profile), attribute_key=key, value=form.told()
        )
    except (InvalidValue, UnknownItem):
        messages.error(request, gettext("That value cannot be kept."))
    else:
        messages.success(request, gettext("It is corrected."))
    return HttpResponseRedirect(address(pk))


def _request(pk: int) -> PrivacyRequest:
    found = PrivacyRequest.objects.select_related("jurisdiction").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _pressed(desk: Desk, request: HttpRequest, pk: int) -> PrivacyRequest:
    """The request of a page that only a button leads to."""
    desk.on_duty(request)
    if request.method != "POST":
        raise Http404
    return _request(pk)


def _looking(request: HttpRequest, each: PrivacyRequest, reason: str) -> Any:
    return handling.looking_at(user_id=request.user.pk, request_id=each.pk, reason=reason)


def _act(
    desk: Desk,
    request: HttpRequest,
    pk: int,
    name: str,
    make: Callable[..., Form],
    do: Callable[[PrivacyRequest, Any], str],
) -> HttpResponse:
    """Does one thing and says so on the request's page; what is wrong is said beside its form."""
    desk.on_duty(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    each, form = _request(pk), make(data=request.POST)
    if not form.is_valid():
        return _page(desk, request, each, name, form)
    messages.success(request, do(each, form))
    return HttpResponseRedirect(address(pk))


def _uses_form(data: Any = None) -> UsesForm:
    return UsesForm(selectors.purposes(None, get_language() or "en"), data)


def _page(
    desk: Desk, request: HttpRequest, each: PrivacyRequest, name: str = "", form: Form | None = None
) -> HttpResponse:
    """`form` is the one that `name` says, with what is wrong with it."""
    acts = ACTS[each.kind]
    rule = selectors.clock(each.jurisdiction_id, each.kind)
    forms = {
        "identity": IdentityForm(),
        "extend": ExtendForm(),
        "close": CloseForm(),
        "uses": _uses_form(),
        "restrict": SureForm(auto_id="restrict_%s"),
        "erase": SureForm(auto_id="erase_%s"),
    }
    if form is not None:
        forms[name] = form
    needs_identity = bool(NEED_IDENTITY.intersection(acts))
    steps = selectors.trail(each.pk)
    done = {step.kind for step in steps}
    return _render(
        desk,
        request,
        each,
        CASE,
        status=422 if form is not None else 200,
        forms=forms,
        acts=acts,
        needs_identity=needs_identity,
        may_act=each.customer_id is not None and not (needs_identity and each.identified_at is None),
        is_done=bool(done.intersection(acts)),
        was_sought="not_found" in done,
        may_extend=bool(rule and rule.extension) and not each.extended_at and each.first_due_at > now(),
        identified_by=_name(each.identified_by_id),
        steps=[_step(step) for step in reversed(steps)],
    )


def _name(user_id: int | None) -> str:
    return get_user_model().objects.filter(pk=user_id).values_list("username", flat=True).first() or ""


def _step(step: selectors.Step) -> StepView:
    text = RequestStep.Kind(step.kind).label
    details = {
        "entered": lambda: RequestKind(step.detail).label,
        "identified": lambda: PrivacyRequest.Identity(step.detail).label,
        "closed": lambda: PrivacyRequest.Status(step.detail).label,
        "changed": lambda: ", ".join(
            str(PrivacyRequest._meta.get_field(name).verbose_name) for name in step.detail.split()
        ),
    }
    more = details[step.kind]() if step.kind in details else ""
    return StepView(moment(step.at), step.by, f"{text}: {more}" if more else str(text))


def _told(item: selectors.ToldItem) -> ToldView:
    attribute, profile = item.attribute, item.profile
    return ToldView(profile.id, attribute.key, attribute.label, attribute.in_words(item.value), profile.name)


def _table(section: Any) -> Table:
    """The first rows: whoever wants all of them makes the copy."""
    rows = tuple(islice(section.rows(), SHOWN_ROWS + 1))
    return Table(
        title=section.title,
        columns=tuple(section.columns.values()),
        rows=tuple(tuple(_cell(row.get(name)) for name in section.columns) for row in rows[:SHOWN_ROWS]),
        has_more=len(rows) > SHOWN_ROWS,
    )


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case list():
            return ", ".join(map(_cell, value))
        case dict():
            return ", ".join(f"{name}: {_cell(each)}" for name, each in value.items())
        case str() if MOMENT.match(value):
            return moment(datetime.fromisoformat(value))
    return str(value)


def _render(
    desk: Desk, request: HttpRequest, each: PrivacyRequest, template: str, *, status: int = 200, **shown: Any
) -> HttpResponse:
    code, words = standing(each)
    context = {
        **desk.admin_site.each_context(request),
        "title": gettext("Request %(number)s") % {"number": each.pk},
        "opts": PrivacyRequest._meta,
        "case": each,
        "case_url": address(each.pk),
        "standing": {"code": code, "words": words, "time": time_left(each), "due": due(each)},
        **shown,
    }
    response = render(request, template, context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
