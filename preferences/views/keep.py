"""After signing in: keep the answers from this device?"""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from .. import services
from ..access import require_customer
from ..accounts import WAITING
from .pages import answer


@require_http_methods(["GET", "HEAD", "POST"])
def keep_answers(request: HttpRequest) -> HttpResponse:
    """Asks once; keeping never switches a use on, not keeping deletes what this device told."""
    require_customer(request)
    waiting = request.session.get(WAITING)
    if not waiting:
        return redirect("preferences:center")
    if request.method != "POST":
        return render(request, "preferences/keep_answers.html", {"action": request.path})
    if request.POST.get("keep") == "yes":
        kept = services.merge_device(token_hash=bytes.fromhex(waiting))
        text = gettext("The answers from this device are yours now.") if kept else gettext("There was nothing to keep.")
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT discard_device(%s)", [bytes.fromhex(waiting)])
        text = gettext("The answers from this device are deleted.")
    del request.session[WAITING]
    return answer(request, text)
