"""The fit's addresses in the admin. Who may look at traits may look; to write needs the right to change weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from ..models import Trait
from . import pages


def fit_urls(admin: ModelAdmin[Trait]) -> list[URLPattern]:
    def page(address: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
        def guarded(request: HttpRequest, **where: Any) -> HttpResponse:
            if not admin.has_view_permission(request):
                raise PermissionDenied
            return view(request, **where)

        return path(f"fit/{address}", admin.admin_site.admin_view(guarded), name=f"recommendations_trait_{name}")

    return [
        page("", pages.fit, "fit"),
        page("<slug:kind>/", pages.fit, "fit_kind"),
        page("<slug:kind>/save/", pages.save, "fit_save"),
        page("<slug:kind>/csv/", pages.download, "fit_csv"),
        page("<slug:kind>/upload/", pages.upload, "fit_upload"),
    ]
