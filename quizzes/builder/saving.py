"""Saving one question: on every change by htmx, or by its button. Nobody overwrites what they have not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from ..models import Question, Quiz
from . import editing
from .forms import QuestionForm
from .pages import page, who_changed
from .showing import build_url, formset_for, is_htmx, show_work, work


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of which two people wrote different things."""

    label: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Refusal:
    field_id: str
    label: str
    message: str


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
    before = _revision(request, quiz)
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


def _revision(request: HttpRequest, quiz: Quiz) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else quiz.revision


def _status(
    request: HttpRequest, quiz: Quiz, question: Question | None, *, state: str = "saved", status: int = 200, **more: Any
) -> HttpResponse:
    """What became of saving, and whatever changes on the page with it."""
    if not is_htmx(request):
        return page(request, quiz, question or quiz.questions.first(), status=status, state=state, **more)
    context = {**work(request, quiz, question, **more), "state": state, "is_swap": True}
    return render(request, "admin/quizzes/build/_status.html", context, status=status)


def _refused(request: HttpRequest, quiz: Quiz, question: Question, form: Any, formset: Any) -> HttpResponse:
    found = []
    for each in (form, *(formset.forms if formset is not None else ())):
        for name, errors in each.errors.items():
            bound = each[name] if name in each.fields else None
            label = str(bound.label) if bound else ""
            found.append(Refusal(bound.id_for_label if bound else "", label, " ".join(map(str, errors))))
    return _status(
        request, quiz, question, state="refused", status=422, refusals=found, form=form, formset=formset,
        revision=_revision(request, quiz), token=request.POST.get("token", ""),
    )  # fmt: skip


def _conflict(request: HttpRequest, quiz: Quiz, stored: Question, form: Any, formset: Any, token: str) -> HttpResponse:
    """Both say what they wrote; the one who came later decides. Until then nothing is changed."""
    found = _differences(form, QuestionForm(instance=stored), "")
    theirs = formset_for(stored)
    if formset is not None and theirs is not None:
        by_pk = {each.instance.pk: each for each in theirs.forms}
        for each in formset.forms:
            other = by_pk.get(each.instance.pk)
            if other is not None:
                found += _differences(each, other, f"{each.instance.value}: ")
        if len(by_pk) != len(formset.forms):
            words = gettext("%(count)s choices")
            mine, other_count = len(formset.forms), len(by_pk)
            found.append(Difference(gettext("Choices"), words % {"count": mine}, words % {"count": other_count}))
    return _status(
        request, quiz, stored, state="conflict", status=409, form=form, formset=formset, differences=found,
        stored_token=token, token=request.POST.get("token", ""), revision=_revision(request, quiz),
        changed_by=who_changed(request, quiz), theirs_url=build_url(quiz, stored),
    )  # fmt: skip


def _differences(mine: Any, theirs: Any, prefix: str) -> list[Difference]:
    found = []
    for name, field in mine.fields.items():
        if name not in theirs.fields or field.widget.is_hidden:
            continue
        initial = theirs.get_initial_for_field(theirs.fields[name], name)
        posted = field.widget.value_from_datadict(mine.data, mine.files, mine.add_prefix(name))
        if field.has_changed(initial, posted):
            found.append(Difference(f"{prefix}{field.label}", _shown(posted), _shown(initial)))
    return found


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return " · ".join(str(each) for each in value if each)
    return "–" if value in (None, "") else str(value)
