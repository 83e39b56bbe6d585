"""Saving one question: on every change by htmx, or by its button. Nobody overwrites what they have not seen."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from ..models import Question, Quiz
from . import editing
from .autosave import Difference, differences, refusals_of, revision_seen, who_changed
from .forms import QuestionForm
from .pages import page
from .showing import build_url, formset_for, is_htmx, show_work, work


@require_POST
def save(request: HttpRequest, quiz: Quiz, question_id: int) -> HttpResponse:
    quiz = editing.locked(quiz)
    question = quiz.questions.filter(pk=question_id).first()
    if question is None:
        return _status(request, quiz, None, state="gone", status=409)
    token = editing.token_of(quiz, question)
    kind = question.kind
    form = QuestionForm(request.POST, instance=question)
    formset = formset_for(question, request.POST)
    is_valid = form.is_valid() and (formset is None or formset.is_valid())
    if not (request.POST.get("token") == token or request.POST.get("anyway") == token):
        mine = Question.objects.get(pk=question_id)
        return _conflict(request, quiz, mine, form, formset, token)
    if not is_valid:
        return _refused(request, quiz, Question.objects.get(pk=question_id), form, formset)
    before = revision_seen(request, quiz)
    someone = who_changed(request, quiz) if before < quiz.revision else ""
    has_changed = form.has_changed() or (formset is not None and formset.has_changed())
    with transaction.atomic():
        if has_changed:
            form.save()
            if formset is not None:
                formset.save()
        redrawn = _also(request, question) or question.kind != kind
        if has_changed or redrawn:
            editing.note_change(quiz, request.user.get_username())
    if redrawn or "anyway" in request.POST or not is_htmx(request):
        return show_work(request, quiz, question)
    return _status(request, quiz, question, revision=before if someone else quiz.revision, others=someone)


def _also(request: HttpRequest, question: Question) -> bool:
    """The button that was pressed beside saving: add, remove or move a choice."""
    verb, _sep, which = request.POST.get("do", "").partition(":")
    if verb == "add":
        editing.add_choice(question=question)
        return True
    choice = question.choices.filter(pk=int(which)).first() if which.isdecimal() and len(which) < 19 else None
    if choice is None:
        return False
    if verb == "remove":
        choice.delete()
    elif verb in ("up", "down"):
        editing.move_choice(choice=choice, to=verb)
    return True


def _status(
    request: HttpRequest, quiz: Quiz, question: Question | None, *, state: str = "saved", status: int = 200, **more: Any
) -> HttpResponse:
    """What became of saving, and whatever changes on the page with it."""
    if not is_htmx(request):
        return page(request, quiz, question or quiz.questions.first(), status=status, state=state, **more)
    context = {**work(request, quiz, question, **more), "state": state, "is_swap": True}
    return render(request, "admin/quizzes/build/_status.html", context, status=status)


def _refused(request: HttpRequest, quiz: Quiz, question: Question, form: Any, formset: Any) -> HttpResponse:
    forms = (form, *(formset.forms if formset is not None else ()))
    return _status(
        request, quiz, question, state="refused", status=422, refusals=refusals_of(forms), form=form, formset=formset,
        revision=revision_seen(request, quiz), token=request.POST.get("token", ""),
    )  # fmt: skip


def _conflict(request: HttpRequest, quiz: Quiz, stored: Question, form: Any, formset: Any, token: str) -> HttpResponse:
    """Both say what they wrote; the one who came later decides. Until then nothing is changed."""
    found = differences(form, QuestionForm(instance=stored))
    theirs = formset_for(stored)
    if formset is not None and theirs is not None:
        by_pk = {each.instance.pk: each for each in theirs.forms}
        for each in formset.forms:
            other = by_pk.get(each.instance.pk)
            if other is not None:
                found += differences(each, other, f"{each.instance.value}: ")
        if len(by_pk) != len(formset.forms):
            words = gettext("%(count)s choices")
            mine, other_count = len(formset.forms), len(by_pk)
            found.append(Difference(gettext("Choices"), words % {"count": mine}, words % {"count": other_count}))
    return _status(
        request, quiz, stored, state="conflict", status=409, form=form, formset=formset, differences=found,
        stored_token=token, token=request.POST.get("token", ""), revision=revision_seen(request, quiz),
        changed_by=who_changed(request, quiz), theirs_url=build_url(quiz, stored),
    )  # fmt: skip
