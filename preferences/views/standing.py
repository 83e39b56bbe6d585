"""All uses at once: pausing them, or letting us only keep what was told."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from .. import selectors, services
from ..access import require_customer
from ..services import undo_token
from .pages import answer


@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """Nothing is used for some days; then all is as it was, by itself."""
    customer = require_customer(request)
    was_paused = selectors.standing(customer.id).paused_until is not None
    shortest = services.PAUSE_DAYS[0]
    days = {str(each): each for each in services.PAUSE_DAYS}.get(request.POST.get("days", ""), shortest)
    services.pause(days=days, source="center")
    text = ngettext("Everything is paused for {count} day.", "Everything is paused for {count} days.", days)
    return answer(request, text.format(count=days), undo="" if was_paused else undo_token(), control="resume")


@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    require_customer(request)
    services.resume(source="center")
    return answer(request, gettext("The pause is over: everything is as it was before."), control="pause-7")


@require_POST
def restrict(request: HttpRequest) -> HttpResponse:
    """Everything is kept and nothing used, until it is lifted here."""
    require_customer(request)
    services.restrict(source="center")
    text = gettext("From now on we only keep what you told us. Nothing of it is used.")
    return answer(request, text, undo=undo_token(), control="lift")


@require_POST
def lift_restriction(request: HttpRequest) -> HttpResponse:
    require_customer(request)
    services.lift_restriction(source="center")
    return answer(request, gettext("Your switches count again."), control="restrict")
