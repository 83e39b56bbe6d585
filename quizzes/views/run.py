"""Leads to where somebody is in a run, wherever that is by now."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from .finding import find_run, kindly, place_of


@require_safe
@kindly
def run(request: HttpRequest, slug: str, run_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(place_of(find_run(request, slug, run_id)))
