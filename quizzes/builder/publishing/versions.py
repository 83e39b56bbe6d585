"""One published version to read and to restore; what was replaced can be brought back. And the draft as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from ...errors import NotPublishableError
from ...models import Quiz, QuizVersion
from ...services.copying import copy_quiz
from ...services.drafting import definition_of
from ...services.files import written
from ...services.restoring import is_in_a_version, replace_draft
from ..autosave import token_for, who_changed
from ..changes import locked, note_change
from ..frame import framed
from ..phone import asked_language
from .comparing import compared
from .outline import outline
from .pages import REPLACED, here, show


@require_GET
def version_page(request: HttpRequest, quiz: Quiz, number: int) -> HttpResponse:
    return _show(request, quiz, get_object_or_404(quiz.versions, number=number))


@require_POST
def restore(request: HttpRequest, quiz: Quiz, number: int) -> HttpResponse:
    quiz = locked(quiz)
    version = get_object_or_404(quiz.versions, number=number)
    if request.POST.get("token") != token_for(definition_of(quiz)):
        return _show(request, quiz, version, status=409, changed_by=who_changed(request, quiz))
    return replace(request, quiz, version.definition, gettext("version %(number)s") % {"number": number})


@require_POST
def undo(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """Puts back what was replaced, and keeps what it replaces: pressed twice, nothing has changed. What somebody else
    wrote meanwhile is not replaced unseen."""
    kept = request.session.get(REPLACED, {})
    if kept.get("quiz") != quiz.pk:
        raise Http404
    quiz = locked(quiz)
    if request.POST.get("token") != token_for(definition_of(quiz)):
        return show(request, quiz, status=409, not_undone_for=who_changed(request, quiz))
    return replace(request, quiz, kept["raw"], kept["what"], is_undone=not kept["is_undone"])


@require_GET
def export(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """The draft as a definition file, or a version."""
    wanted = request.GET.get("version", "")
    name, raw = quiz.slug, definition_of(quiz)
    if wanted:
        number = int(wanted) if wanted.isdecimal() and len(wanted) < 10 else 0
        raw = get_object_or_404(quiz.versions, number=number).definition
        name = f"{quiz.slug}-{number}"
    response = HttpResponse(written(raw), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


@require_POST
def copy(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    if not request.user.has_perm("quizzes.add_quiz"):
        raise PermissionDenied
    copied = copy_quiz(quiz=quiz)
    note_change(copied, request.user.get_username())
    messages.success(request, gettext("This is the copy. Its address is %(slug)s.") % {"slug": copied.slug})
    return redirect("admin:quizzes_quiz_build", copied.pk)


def replace(
    request: HttpRequest, quiz: Quiz, raw: dict[str, Any], what: str, *, is_undone: bool = False
) -> HttpResponse:
    """Writes `raw`, called `what`, over the draft, which is kept in the session until the next one is."""
    try:
        before = replace_draft(quiz=quiz, raw=raw)
    except NotPublishableError as error:
        words = {"what": "; ".join(each.message for each in error.problems)}
        messages.error(request, gettext("This can't be the draft, for something it needs is gone: %(what)s.") % words)
        return here(quiz)
    note_change(quiz, request.user.get_username())
    request.session[REPLACED] = {"quiz": quiz.pk, "raw": before, "what": what, "is_undone": is_undone}
    return here(quiz)


def _show(request: HttpRequest, quiz: Quiz, version: QuizVersion, *, status: int = 200, **more: object) -> HttpResponse:
    raw = definition_of(quiz)
    language = asked_language(request)
    before = quiz.versions.filter(number__lt=version.number).first()
    is_draft = raw == version.definition
    context = {
        **framed(request, quiz, "build_publish"),
        "version": version,
        "outline": outline(version.definition, language),
        "language": language,
        "before": before,
        "groups": compared(before.definition, version.definition) if before else [],
        "stage": quiz.opening.stage(timezone.now()),
        "is_live": version.pk == quiz.live_version_id,
        "is_draft": is_draft,
        "is_draft_lost": not is_draft and not is_in_a_version(quiz, raw),
        "token": token_for(raw),
        **more,
    }
    return render(request, "admin/quizzes/build/version.html", context, status=status)
