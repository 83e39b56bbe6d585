"""The builder's addresses, below the quiz's own in the admin, behind the same permission as changing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path

from ..models import Quiz
from . import walking
from .beginning import importing
from .beginning import pages as beginning
from .checking import map as mapping
from .checking import pages as check_page
from .limits import FullError, refuse
from .look import pages as looking
from .outcomes import pages as outcomes
from .outcomes import preview as outcome_preview
from .pictures import uploading
from .points import pages as points
from .publishing import pages as publishing
from .publishing import versions
from .questions import pages, preview, saving
from .start import pages as starting
from .texts import file as texts_file
from .texts import pages as texts


def build_urls(admin: ModelAdmin[Quiz]) -> list[URLPattern]:
    def page(address: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
        def guarded(request: HttpRequest, quiz_id: int, **where: Any) -> HttpResponse:
            quiz = get_object_or_404(Quiz, pk=quiz_id)
            if not admin.has_change_permission(request, quiz):
                raise PermissionDenied
            try:
                return view(request, quiz, **where)
            except FullError as full:
                return refuse(request, quiz, full)

        return path(f"<int:quiz_id>/build/{address}", admin.admin_site.admin_view(guarded), name=f"quizzes_quiz_{name}")

    def beginning_page(address: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
        def guarded(request: HttpRequest, **where: Any) -> HttpResponse:
            if not admin.has_add_permission(request):
                raise PermissionDenied
            return view(request, **where)

        return path(f"add/{address}", admin.admin_site.admin_view(guarded), name=f"quizzes_quiz_{name}")

    return [
        beginning_page("", beginning.begin, "add"),
        beginning_page("blank/", beginning.begin_blank, "begin_blank"),
        beginning_page("copy/", beginning.begin_copy, "begin_copy"),
        beginning_page("file/", importing.read_file, "begin_file"),
        beginning_page("file/keep/", importing.keep_file, "begin_keep"),
        beginning_page("<slug:slug>/", beginning.begin_template, "begin_template"),
        page("", pages.build, "build"),
        page("add/", pages.add, "build_add"),
        page("undo/", pages.undo, "build_undo"),
        page("others/", pages.others, "build_others"),
        page("try/", walking.begin, "build_try"),
        page("try/<slug:place>/", walking.try_out, "build_try_place"),
        page("map/", mapping.show, "build_map"),
        page("start/", starting.start, "build_start"),
        page("start/save/", starting.save, "build_start_save"),
        page("start/measured/", starting.measured, "build_start_measured"),
        page("start/preview/", starting.preview, "build_start_preview"),
        page("look/", looking.look, "build_look"),
        page("look/save/", looking.save, "build_look_save"),
        page("pictures/", uploading.upload, "build_upload"),
        page("pictures/library/", uploading.library, "build_library"),
        page("pictures/<str:place>/", uploading.choose, "build_picture"),
        page("check/", check_page.check, "build_check"),
        page("check/findings/", check_page.findings, "build_findings"),
        page("check/fix/", check_page.fix, "build_fix"),
        page("check/undo/", check_page.undo, "build_unfix"),
        page("publish/", publishing.publish_page, "build_publish"),
        page("publish/close/", publishing.close, "build_close"),
        page("publish/reopen/", publishing.open_again, "build_reopen"),
        page("publish/opening/", publishing.set_opening, "build_opening"),
        page("publish/versions/<int:number>/", versions.version_page, "build_version"),
        page("publish/versions/<int:number>/restore/", versions.restore, "build_restore"),
        page("publish/undo/", versions.undo, "build_unreplace"),
        page("export/", versions.export, "build_export"),
        page("copy/", versions.copy, "build_copy"),
        page("<int:question_id>/", saving.save, "build_save"),
        page("<int:question_id>/move/", pages.move, "build_move"),
        page("<int:question_id>/duplicate/", pages.duplicate, "build_duplicate"),
        page("<int:question_id>/delete/", pages.delete, "build_delete"),
        page("<int:question_id>/preview/", preview.preview, "build_preview"),
        page("outcomes/", outcomes.outcomes, "build_outcomes"),
        page("outcomes/add/", outcomes.add, "build_outcome_add"),
        page("outcomes/undo/", outcomes.undo, "build_outcome_undo"),
        page("outcomes/shares/", outcomes.shares, "build_outcome_shares"),
        page("outcomes/<int:outcome_id>/", outcomes.save, "build_outcome"),
        page("outcomes/<int:outcome_id>/move/", outcomes.move, "build_outcome_move"),
        page("outcomes/<int:outcome_id>/duplicate/", outcomes.duplicate, "build_outcome_duplicate"),
        page("outcomes/<int:outcome_id>/delete/", outcomes.delete, "build_outcome_delete"),
        page("outcomes/<int:outcome_id>/preview/", outcome_preview.preview, "build_outcome_preview"),
        page("points/", points.points, "build_points"),
        page("points/save/", points.save, "build_points_save"),
        page("points/csv/", points.download, "build_points_csv"),
        page("points/upload/", points.upload, "build_points_upload"),
        page("texts/", texts.texts, "build_texts"),
        page("texts/save/", texts.save, "build_texts_save"),
        page("texts/add/", texts.add_language, "build_texts_add"),
        page("texts/csv/", texts_file.download, "build_texts_csv"),
        page("texts/upload/", texts_file.upload, "build_texts_upload"),
    ]
