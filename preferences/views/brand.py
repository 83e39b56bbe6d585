"""The brand's looks as a stylesheet: a few custom properties from which everything else is derived."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe

from ..models import Brand


def _changed_at(_request: HttpRequest) -> object:
    return Brand.objects.filter(pk=1).values_list("changed_at", flat=True).first()


@require_safe
@condition(last_modified_func=_changed_at)
def brand_css(_request: HttpRequest) -> HttpResponse:
    brand = Brand.objects.filter(pk=1).first() or Brand()
    properties = {
        "--brand-hue": f"{brand.hue:g}",
        "--brand-chroma": f"{brand.chroma:g}",
        "--brand-radius": f"{brand.radius_px}px",
        "--brand-font-display": brand.font_display,
        "--brand-font-text": brand.font_text,
    }
    declarations = "".join(f"{name}:{value};" for name, value in properties.items())
    response = HttpResponse(f":root{{{declarations}}}\n", content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=60"
    return response
