"""Links in mail. Opening one never does anything: scanners and previews open them. A press can make it less, or confirm
the address it was sent to; seeing, granting, exporting or deleting needs signing in with a fresh code."""

import re
from collections.abc import Callable

from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from .. import services
from ..presenting.mail import link_page
from ..selectors import mail as selectors

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
LONGEST_BODY = 4096
UNREADABLE = (BadRequest, MultiPartParserError, RequestDataTooBig, TooManyFieldsSent, UnicodeError)


def _secret(view: Callable[[HttpRequest, str], HttpResponse]) -> Callable[[HttpRequest, str], HttpResponse]:
    """Not kept, not indexed, not told to where a link leads; 404 for what cannot be a token."""

    @never_cache
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        if not TOKEN.fullmatch(token):
            raise Http404
        response = view(request, token)
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer" if request.method == "POST" else "same-origin"
        return response

    return guarded


@_secret
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """From the mail that asks whether we may write there: says what a press does; the press does it."""
    state = services.confirm_address(token=token) if request.method == "POST" else selectors.confirmation_state(token)
    if state is None:
        raise Http404
    return render(request, "preferences/mail/confirm.html", {"state": state}, status=410 if state == "expired" else 200)


@csrf_exempt
@_secret
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The link in every letter. GET shows what can be done; POST is RFC 8058's one click of a mail program, which has
    neither cookies nor a page, and may come again at any time."""
    if request.method == "POST":
        return _one_click(request, token)
    return _show(request, token)


@csrf_protect
@_secret
@require_POST
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    """A press on the link's page."""
    action, days = request.POST.get("do", ""), 0
    if action in ("snooze_30", "snooze_90"):
        action, days = "snooze", int(action[-2:])
    if action not in ("stop", "stop_all", "snooze"):
        return _show(request, token)
    if selectors.link(token) is None:
        raise Http404
    if not services.use_link(token=token, action=action, days=days):
        return _show(request, token)
    said = {
        "stop": gettext("That topic is off. Nothing more of it comes."),
        "stop_all": gettext("Everything is off. You get no more letters from us."),
        "snooze": gettext("Quiet for {days} days.").format(days=days),
    }
    return _show(request, token, said[action])


def _one_click(request: HttpRequest, token: str) -> HttpResponse:
    try:
        is_asked = int(request.headers.get("Content-Length") or 0) <= LONGEST_BODY and (
            request.POST.get("List-Unsubscribe") == "One-Click"
        )
    except (ValueError, *UNREADABLE):
        is_asked = False
    if not is_asked:
        return _plain(gettext("To stop these letters, send List-Unsubscribe=One-Click, or open this address."), 400)
    if not services.use_link(token=token, action="stop"):
        return _plain(gettext("There is nothing here."), 404)
    return _plain(gettext("Stopped. Nothing more of it comes."), 200)


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8", status=status)


def _show(request: HttpRequest, token: str, said: str = "") -> HttpResponse:
    found = selectors.link(token)
    if found is None:
        raise Http404
    context = {"link": link_page(found, get_language() or "en"), "said": said, "token": token}
    return render(request, "preferences/mail/link.html", context)
