"""The preference center's page, and the switches on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from .. import presenting, selectors, services
from ..access import current_customer, objects_to_sharing, require_customer
from ..accounts import WAITING


@require_GET
def center(request: HttpRequest) -> HttpResponse:
    """What is known and used, for whoever is asking; a stranger sees that nothing is known of them."""
    customer = current_customer(request)
    if customer and customer.user_id and WAITING in request.session:
        return redirect("preferences:keep_answers")
    return _page(request)


def _page(request: HttpRequest, notice: dict[str, str] | None = None) -> HttpResponse:
    customer = current_customer(request)
    language = get_language() or "en"
    objects = objects_to_sharing(request)
    shown = presenting.center(customer.id, language, objects=objects) if customer else presenting.Center((), (), ())
    is_theirs = customer is not None and customer.user_id is not None and customer.user_id == request.user.pk
    return render(
        request,
        "preferences/center.html",
        {
            "groups": shown.groups,
            "uses": shown.uses,
            "held": shown.held,
            "is_known": customer is not None,
            "history_url": reverse("preferences:history"),
            "erase_url": reverse("preferences:erase"),
            "email": request.user.email if is_theirs else "",
            "notice": notice or _flashed(request),
        },
    )


def _flashed(request: HttpRequest) -> dict[str, str] | None:
    """The notice of the page before, with its undo, which travelled in the message's tags."""
    for message in messages.get_messages(request):
        undo_url, _space, undo_to = (message.extra_tags or "").partition(" ")
        return {"text": str(message), "undo_url": undo_url, "undo_to": undo_to}
    return None


def answer(request: HttpRequest, text: str, undo_url: str = "", undo_to: str = "") -> HttpResponse:
    """After a change: the page anew for htmx, a redirect to it otherwise."""
    if getattr(request, "htmx", False):
        return _page(request, {"text": text, "undo_url": undo_url, "undo_to": undo_to})
    messages.success(request, text, extra_tags=f"{undo_url} {undo_to}".strip())
    return redirect("preferences:center")


@require_POST
def switch_use(request: HttpRequest, slug: str) -> HttpResponse:
    """Switches a purpose on or off: what it fed is gone when the answer is sent.

    On only under the text that the page showed; and undoing brings back no more than there was.
    """
    require_customer(request)
    language = get_language() or "en"
    use = selectors.switch(slug, language)
    here = reverse("preferences:switch_use", args=[slug])
    if request.POST.get("to") == "on":
        if use.is_shared and objects_to_sharing(request):
            text = gettext("Your browser asks us not to share, so “{use}” stays off.")
            return answer(request, text.format(use=use.title))
        if request.POST.get("notice", str(use.version)) != str(use.version):
            return answer(request, gettext("These words have just changed. Please read them again, then choose."))
        services.grant(purpose_slug=slug, language=language, source="center")
        return answer(request, gettext("“{use}” is on.").format(use=use.title), here, "off")
    services.withdraw(purpose_slug=slug, source="center")
    text = gettext("“{use}” is off. What was made from it is gone.").format(use=use.title)
    return answer(request, text, *((here, "on") if use.granted_version == use.version else ()))


@require_POST
def switch_item(request: HttpRequest, profile_id: int, attribute_key: str, slug: str) -> HttpResponse:
    """Takes one item out of a purpose, or puts it back."""
    customer = require_customer(request)
    language = get_language() or "en"
    title = selectors.switch(slug, language).title
    item = selectors.told_item(customer.id, profile_id, attribute_key, language)
    here = reverse("preferences:switch_item", args=[profile_id, attribute_key, slug])
    facts = {"item": item.attribute.label, "use": title}
    change = {"profile_id": profile_id, "purpose_slug": slug, "attribute_key": attribute_key, "source": "center"}
    if request.POST.get("to") == "on":
        services.include(**change)
        return answer(request, gettext("“{item}” may be used for “{use}”.").format(**facts), here, "off")
    services.exclude(**change)
    return answer(request, gettext("“{item}” is no longer used for “{use}”.").format(**facts), here, "on")
