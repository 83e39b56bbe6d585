"""Every consent event of the customer, in words, and who of us looked."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from .. import presenting, selectors
from ..access import require_customer
from ..export.archive import csv_lines
from ..export.own import history_section


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Newest first, a page at a time; `use` leaves one use's entries, or those about none."""
    customer = require_customer(request)
    language = get_language() or "en"
    uses = selectors.uses_in_ledger(language)
    use = request.GET.get("use", "")
    use = use if use in {selectors.NO_USE, *(slug for slug, _title in uses)} else ""
    number = request.GET.get("page", "")
    page = selectors.events_page(language, use=use, number=int(number) if number.isdecimal() and len(number) < 9 else 1)
    context = {
        "months": presenting.months(page.events),
        "page": page,
        "newer": _link(use, page.number - 1) if page.number > 1 else "",
        "older": _link(use, page.number + 1) if page.number < page.last else "",
        "use": use,
        "uses": uses,
        "no_use": selectors.NO_USE if selectors.has_entries_about_no_use() else "",
        "looks": presenting.looks(customer.id),
    }
    return render(request, "preferences/history.html", context)


def _link(use: str, number: int) -> str:
    return "?" + urlencode({"use": use, "page": number} if use else {"page": number})


@require_safe
def history_csv(request: HttpRequest) -> HttpResponse:
    """All of it as a table. Read whole before it is sent: it is small, and the transaction ends with the view."""
    require_customer(request)
    table = "".join(csv_lines(history_section()))
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="history-{day}.csv"'
    return response
