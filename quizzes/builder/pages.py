"""The builder's page and its list of questions: add, move, duplicate, delete and undo."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from preferences.translated import pick

from ..models import Question, Quiz
from . import editing
from .autosave import who_changed
from .frame import framed
from .kinds import kind_choices
from .showing import build_url, is_htmx, show_work, work


@require_GET
def build(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    wanted = request.GET.get("question", "")
    question = quiz.questions.filter(pk=int(wanted)).first() if wanted.isdecimal() and len(wanted) < 19 else None
    question = question or quiz.questions.first()
    if is_htmx(request):
        return show_work(request, quiz, question)
    return page(request, quiz, question)


def page(
    request: HttpRequest, quiz: Quiz, question: Question | None, *, status: int = 200, **more: object
) -> HttpResponse:
    context = framed(request, quiz, "build") | work(request, quiz, question, **more)
    return render(request, "admin/quizzes/build/page.html", context, status=status)


@require_POST
def add(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    kind = request.POST.get("kind", "")
    if kind not in dict(kind_choices()):
        raise Http404
    return show_work(request, quiz, editing.add_question(quiz=quiz, kind=kind, by=_who(request)))


@require_POST
def move(request: HttpRequest, quiz: Quiz, question_id: int) -> HttpResponse:
    question = get_object_or_404(quiz.questions, pk=question_id)
    editing.move_question(question=question, to=request.POST.get("to", ""), by=_who(request))
    return show_work(request, quiz, _selected(request, quiz) or question)


@require_POST
def duplicate(request: HttpRequest, quiz: Quiz, question_id: int) -> HttpResponse:
    question = get_object_or_404(quiz.questions, pk=question_id)
    return show_work(request, quiz, editing.duplicate_question(question=question, by=_who(request)))


@require_POST
def delete(request: HttpRequest, quiz: Quiz, question_id: int) -> HttpResponse:
    """No question asked, because it can be undone."""
    question = get_object_or_404(quiz.questions, pk=question_id)
    title = pick(question.title, get_language() or "en") or question.key
    kept = editing.delete_question(question=question, by=_who(request))
    request.session["builder_deleted"] = {"quiz": quiz.pk, "title": title, "kept": kept}
    near = _selected(request, quiz) or quiz.questions.filter(position__gte=question.position).first()
    return show_work(request, quiz, near or quiz.questions.last())


@require_POST
def undo(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    kept = request.session.get("builder_deleted", {})
    if kept.get("quiz") != quiz.pk:
        raise Http404
    del request.session["builder_deleted"]
    question = editing.restore_question(quiz=quiz, kept=kept["kept"], by=_who(request))
    return show_work(request, quiz, question or quiz.questions.first())


@require_GET
def others(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """Asked every few seconds: has somebody else changed this quiz since?"""
    since, here = request.GET.get("since", ""), request.GET.get("here", "")
    home = build_url(quiz)
    context = {
        "quiz": quiz,
        "revision": since if since.isdecimal() else quiz.revision,
        "others": who_changed(request, quiz) if since.isdecimal() and int(since) < quiz.revision else "",
        "here_url": here if here.startswith(home) else home,
    }
    return render(request, "admin/quizzes/build/_others.html", context)


def _selected(request: HttpRequest, quiz: Quiz) -> Question | None:
    """The question they were editing, which a change of another leaves open."""
    asked = request.POST.get("selected") or request.GET.get("selected") or ""
    return quiz.questions.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None


def _who(request: HttpRequest) -> str:
    return request.user.get_username()
