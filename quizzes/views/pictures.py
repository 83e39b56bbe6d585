"""Pictures that marketers uploaded. Named by their content, so a browser asks once and never again."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe

from ..services.picturing import picture_data

FOREVER = "public, max-age=31536000, immutable"


@require_safe
@condition(etag_func=lambda _request, name: f'"{name[:16]}"')
def picture(_request: HttpRequest, name: str) -> HttpResponse:
    data = picture_data(name)
    if data is None:
        raise Http404
    response = HttpResponse(data, content_type="image/webp")
    response["Cache-Control"] = FOREVER
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
