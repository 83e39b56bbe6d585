"""The preference center's pages, and how each is shown again after a change."""

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from .. import presenting, services
from ..access import current_customer, objects_to_sharing, require_customer
from ..forms import ValueForm
from ..presenting.finding import Wanted, wanted

Notice = dict[str, object]
Thing = tuple[int, str]
THING = re.compile(r"([0-9]{1,18}):([-a-zA-Z0-9_]+)")


def sent_thing(text: str) -> Thing | None:
    """What a form names as "profile:key", of anything in the form that an address can have."""
    found = THING.fullmatch(text)
    return (int(found[1]), found[2]) if found else None


def center_page(request: HttpRequest, *, notice: Notice | None = None, look: Wanted | None = None) -> HttpResponse:
    """Everything, or what is looked for among it."""
    customer = current_customer(request)
    language, objects = get_language() or "en", objects_to_sharing(request)
    shown = presenting.center(customer.id, language, objects=objects, look=look) if customer else presenting.Center()
    is_theirs = customer is not None and customer.user_id is not None and customer.user_id == request.user.pk
    context = {
        "center": shown,
        "is_known": customer is not None,
        "email": request.user.email if is_theirs else "",
        "notice": notice or _flashed(request),
    }
    return render(request, "preferences/center.html", context)


def thing_page(
    request: HttpRequest, thing: Thing, *, form: ValueForm | None = None, notice: Notice | None = None
) -> HttpResponse:
    """All about one thing."""
    customer = require_customer(request)
    language, objects = get_language() or "en", objects_to_sharing(request)
    shown = presenting.thing(customer.id, *thing, language, objects=objects)
    form = form or ValueForm(shown.attribute, shown.value)
    context = {"thing": shown, "form": form, "notice": notice or _flashed(request)}
    return render(request, "preferences/thing.html", context, status=422 if form.errors else 200)


def why_page(
    request: HttpRequest,
    profile_id: int,
    slug: str,
    *,
    notice: Notice | None = None,
    only: frozenset[str] = frozenset(),
) -> HttpResponse:
    """What something was made from. `only`: what it had been made from, where it is gone by now."""
    customer = require_customer(request)
    language, objects = get_language() or "en", objects_to_sharing(request)
    shown = presenting.why(customer.id, profile_id, slug, language, objects=objects, only=only)
    if shown is None:
        raise Http404
    return render(request, "preferences/why.html", {"why": shown, "notice": notice or _flashed(request)})


def answer(
    request: HttpRequest,
    text: str,
    *,
    undo: str = "",
    control: str = "",
    thing: Thing | None = None,
) -> HttpResponse:
    """After a change: the same page anew for htmx, a redirect to it otherwise, with a word on what was done.

    `undo`: the token that takes it back; `control`: the id of what was pressed, which keeps the focus.
    """
    is_at_thing = thing is not None and request.POST.get("at") == "thing"
    if not getattr(request, "htmx", False):
        messages.success(request, text, extra_tags=f"{control or '-'} {undo}".strip())
        return redirect("preferences:edit", *thing) if is_at_thing and thing else redirect("preferences:center")
    notice = _notice(text, undo, control)
    if is_at_thing and thing:
        return thing_page(request, thing, notice=notice)
    made = sent_thing(request.POST.get("why", ""))
    if made:
        only = frozenset(request.POST.get("only", "").split())
        return why_page(request, *made, notice=notice, only=only)
    response = center_page(request, notice=notice, look=wanted(request.POST))
    response["HX-Push-Url"] = reverse("preferences:center")
    return response


def _notice(text: str, undo: str, control: str) -> Notice:
    return {"text": text, "undo": undo, "control": control, "seconds": services.UNDO_SECONDS if undo else 0}


def _flashed(request: HttpRequest) -> Notice | None:
    """The notice of the page before, with its undo, which travelled in the message's tags.

    Of several that nobody has seen yet all is said, and the last can be taken back.
    """
    unseen = list(messages.get_messages(request))
    if not unseen:
        return None
    control, _space, undo = (unseen[-1].extra_tags or "").partition(" ")
    return _notice(" ".join(dict.fromkeys(map(str, unseen))), undo, control)
