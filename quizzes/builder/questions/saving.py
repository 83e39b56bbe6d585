"""Saving one question: on every change by htmx, or by its button. Nobody overwrites what they have not seen."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from ...models import Question, Quiz
from ..autosave import Difference, differences, refusals_of, revision_seen, who_changed
from ..changes import locked, note_change
from ..frame import is_htmx
from . import editing
from .editor import Editor
from .pages import page
from .pressing import press
from .showing import build_url, show_work, work
from .undoing import offer


@require_POST
def save(request: HttpRequest, quiz: Quiz, question_id: int) -> HttpResponse:
    quiz = locked(quiz)
    question = quiz.questions.filter(pk=question_id).first()
    if question is None:
        return _status(request, quiz, None, state="gone", status=409)
    token, was = editing.token_of(quiz, question), editing.kept(question)
    editor = Editor(quiz, question, request.POST)
    is_valid = editor.is_valid()
    if not (request.POST.get("token") == token or request.POST.get("anyway") == token):
        return _conflict(request, quiz, Question.objects.get(pk=question_id), editor, token)
    if not is_valid:
        return _refused(request, quiz, Question.objects.get(pk=question_id), editor)
    before = revision_seen(request, quiz)
    someone = who_changed(request, quiz) if before < quiz.revision else ""
    pressed = request.POST.get("do", "")
    with transaction.atomic():
        is_rule = editor.rules.press(pressed)
        renamed = editor.save() if editor.has_changed else set()
        effect = press(quiz, question, editor.before, "" if is_rule else pressed)
        is_changed = bool(editor.has_changed or effect.is_redrawn)
        if is_changed:
            note_change(quiz, request.user.get_username())
    if effect.words:
        offer(request, quiz, pk=question.pk, was=was, words=effect.words)
    if effect.is_redrawn or "anyway" in request.POST or not is_htmx(request):
        return show_work(request, quiz, question)
    rules = editor.rules if is_rule else None
    seen = {"revision": before if someone else quiz.revision, "others": someone}
    return _status(request, quiz, question, **seen, renamed=renamed, redrawn=editor.rules.redrawn, pressed_rules=rules)


def _status(
    request: HttpRequest, quiz: Quiz, question: Question | None, *, state: str = "saved", status: int = 200, **more: Any
) -> HttpResponse:
    """What became of saving, and whatever changes on the page with it."""
    if not is_htmx(request):
        return page(request, quiz, question or quiz.questions.first(), status=status, state=state, **more)
    context = {**work(request, quiz, question, **more), "state": state, "is_swap": True}
    if rules := more.get("pressed_rules"):
        context["rules"] = rules  # it knows where the keyboard goes on
    return render(request, "admin/quizzes/build/_status.html", context, status=status)


def _refused(request: HttpRequest, quiz: Quiz, question: Question, editor: Editor) -> HttpResponse:
    return _status(
        request, quiz, question, state="refused", status=422, refusals=refusals_of(editor.forms), **editor.shown,
        revision=revision_seen(request, quiz), token=request.POST.get("token", ""),
    )  # fmt: skip


def _conflict(request: HttpRequest, quiz: Quiz, stored: Question, editor: Editor, token: str) -> HttpResponse:
    """Both say what they wrote; the one who came later decides. Until then nothing is changed."""
    theirs = Editor(quiz, stored)
    found = differences(editor.form, theirs.form)
    for name, mine, other in editor.paired(theirs):
        found += differences(mine, other, f"{name}: ")
    for words, mine_count, their_count in editor.counted(theirs):
        said = gettext("%(count)s of them")
        found.append(Difference(words, said % {"count": mine_count}, said % {"count": their_count}))
    found += [Difference(*each) for each in editor.rules_beside(theirs)]
    return _status(
        request, quiz, stored, state="conflict", status=409, **editor.shown, differences=found,
        stored_token=token, token=request.POST.get("token", ""), revision=revision_seen(request, quiz),
        changed_by=who_changed(request, quiz), theirs_url=build_url(quiz, stored),
    )  # fmt: skip
