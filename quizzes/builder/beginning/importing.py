"""A quiz from a definition file: read, shown for what it would do, and only then kept."""

from __future__ import annotations

from dataclasses import replace as replaced
from typing import Any

from django.contrib.admin.sites import site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from ...check.faults import MESSAGE
from ...check.files import MAX_FILE_BYTES, Document, FileError, read_document
from ...check.findings import Phrase
from ...check.places import keyed
from ...check.refusals import refusal
from ...models import Quiz
from ...services.copying import free_slug, placed_last
from ...services.drafting import definition_of
from ...services.files import NotImportableError, import_document
from ..autosave import token_for
from ..changes import locked, note_change
from ..publishing.comparing import compared
from ..publishing.pages import REPLACED, here
from .pages import led_in, show

KEPT = "builder_file"
SHOWN_FAULTS = 50


@require_POST
def read_file(request: HttpRequest) -> HttpResponse:
    """Keeps the file in the session until it is decided on; nothing is written."""
    upload = request.FILES.get("file")
    if upload is None:
        return show(request, status=422, file_error=gettext("Choose a file first."))
    content = upload.read(MAX_FILE_BYTES + 1)
    try:
        document = read_document(content)
        import_document(document, is_kept=False)
    except (FileError, NotImportableError) as error:
        return _refused(request, str(upload.name)[:100], error)
    request.session[KEPT] = {"name": str(upload.name)[:100], "text": content.decode()}
    return _report(request, document)


@require_POST
def keep_file(request: HttpRequest) -> HttpResponse:
    """As a quiz of its own, or over the draft of the one whose address the file names."""
    kept = request.session.get(KEPT)
    if kept is None:
        return show(request, status=409, file_error=gettext("The file is gone from here. Choose it again."))
    try:
        document = read_document(kept["text"].encode())
        as_new = request.POST.get("as") != "draft"
        response = _as_new(request, document) if as_new else _over(request, document)
    except (FileError, NotImportableError) as error:
        return _refused(request, kept["name"], error)
    if response.status_code == 302:
        del request.session[KEPT]
    return response


def _as_new(request: HttpRequest, document: Document) -> HttpResponse:
    done = import_document(
        replaced(document, raw=document.raw | {"slug": free_slug(document.raw["slug"])}), by=_who(request)
    )
    return led_in(request, placed_last(Quiz.objects.get(slug=done.slug)))


def _over(request: HttpRequest, document: Document) -> HttpResponse:
    quiz = locked(get_object_or_404(Quiz, slug=document.raw["slug"]))
    if not site.get_model_admin(Quiz).has_change_permission(request, quiz):
        raise PermissionDenied
    if request.POST.get("token") != token_for(definition_of(quiz)):
        return _report(request, document, status=409)
    done = import_document(document, by=_who(request))
    if done.differences:
        note_change(quiz, request.user.get_username())
        what = gettext("what the file says")
        request.session[REPLACED] = {"quiz": quiz.pk, "raw": done.before, "what": what, "is_undone": False}
    return here(quiz)


def _report(request: HttpRequest, document: Document, *, status: int = 200) -> HttpResponse:
    done = import_document(document, is_kept=False)
    existing = Quiz.objects.filter(slug=done.slug).first()
    context = {
        **site.each_context(request),
        "title": gettext("What the file would do"),
        "name": request.session[KEPT]["name"],
        "done": done,
        "existing": existing,
        "free_slug": free_slug(done.slug),
        "groups": [] if done.is_new else compared(done.before, done.after),
        "unfinished": [
            (document.line_of(each.path), keyed(document.raw, each.path), *_said(refusal(document.raw, each)))
            for each in done.unfinished[:SHOWN_FAULTS]
        ],
        "token": token_for(definition_of(existing)) if existing else "",
        "has_changed": status == 409,
    }
    return render(request, "admin/quizzes/build/begin_file.html", context, status=status)


def _said(phrase: Phrase) -> tuple[str, str]:
    """In the marketer's language, and which language it is in after all: "" for the page's own."""
    is_english = phrase.text == MESSAGE and (get_language() or "en") != "en"
    words = phrase.said(gettext)
    return words[:1].upper() + words[1:], "en" if is_english else ""


def _who(request: HttpRequest) -> str:
    return request.user.get_username()


def _refused(request: HttpRequest, name: str, error: FileError | NotImportableError) -> HttpResponse:
    request.session.pop(KEPT, None)
    faults = error.faults if isinstance(error, NotImportableError) else (error,)
    shown = [(each.line, each.key, *_said(each.phrase)) for each in faults[:SHOWN_FAULTS]]
    more: dict[str, Any] = {"faults": shown, "faults_more": max(0, len(faults) - SHOWN_FAULTS)}
    return show(request, status=422, file_name=name, **more)
