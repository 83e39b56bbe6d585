"""A quiz's own look as a stylesheet. Its address says everything, so it asks no database and is kept for good."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe

from ..look import digest, look_named, stylesheet


def _etag(_request: HttpRequest, name: str) -> str | None:
    found = look_named(name)
    return f'"{digest(found)}"' if found else None


@require_safe
@condition(etag_func=_etag)
def look(request: HttpRequest, name: str) -> HttpResponse:
    found = look_named(name)
    if found is None:
        raise Http404
    response = HttpResponse(stylesheet(found), content_type="text/css; charset=utf-8")
    is_exact = request.META["QUERY_STRING"] == digest(found)  # as the quiz's own pages ask for it
    response["Cache-Control"] = f"public, max-age={'31536000, immutable' if is_exact else '60'}"
    return response
