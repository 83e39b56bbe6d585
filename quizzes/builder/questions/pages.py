"""The builder's page and its list of questions: add, move, duplicate, delete and undo."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from preferences.translated import pick

from ...models import Question, Quiz
from ..autosave import who_changed
from ..changes import locked
from ..frame import framed, is_htmx
from . import editing
from .kinds import is_kind
from .references import rules_about
from .showing import build_url, show_work, work
from .undoing import offer, take_back, taken


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
    if not is_kind(kind):
        raise Http404
    return show_work(request, quiz, editing.add_question(quiz=quiz, kind=kind, by=_who(request)))


@require_POST
def move(request: HttpRequest, quiz: Quiz, question_id: int) -> HttpResponse:
    quiz = locked(quiz)
    question = get_object_or_404(quiz.questions, pk=question_id)
    editing.move_question(question=question, to=request.POST.get("to", ""), by=_who(request))
    return show_work(request, quiz, _selected(request, quiz) or question)


@require_POST
def duplicate(request: HttpRequest, quiz: Quiz, question_id: int) -> HttpResponse:
    quiz = locked(quiz)
    question = get_object_or_404(quiz.questions, pk=question_id)
    return show_work(request, quiz, editing.duplicate_question(question=question, by=_who(request)))


@require_POST
def delete(request: HttpRequest, quiz: Quiz, question_id: int) -> HttpResponse:
    """No question asked, because it can be undone."""
    quiz = locked(quiz)
    question = get_object_or_404(quiz.questions, pk=question_id)
    pk, title = question.pk, pick(question.title, get_language() or "en") or question.key
    words = taken(title, rules_about(quiz, question.key))
    was = editing.delete_question(question=question, by=_who(request))
    offer(request, quiz, pk=pk, was=was, words=words)
    near = _selected(request, quiz) or quiz.questions.filter(position__gte=question.position).first()
    return show_work(request, quiz, near or quiz.questions.last())


@require_POST
def undo(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    question = take_back(request, quiz)
    return show_work(request, quiz, question or _selected(request, quiz) or quiz.questions.first())


@require_GET
def others(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """Asked every few seconds: has somebody else changed this quiz since?"""
    since, here = request.GET.get("since", ""), request.GET.get("here", "")
    home = build_url(quiz)
    is_known = since.isdecimal() and len(since) < 10
    context = {
        "quiz": quiz,
        "revision": since if is_known else quiz.revision,
        "others": who_changed(request, quiz) if is_known and int(since) < quiz.revision else "",
        "here_url": here if here.startswith(home) else home,
    }
    return render(request, "admin/quizzes/build/_others.html", context)


def _selected(request: HttpRequest, quiz: Quiz) -> Question | None:
    """The question they were editing, which a change of another leaves open."""
    asked = request.POST.get("selected") or request.GET.get("selected") or ""
    return quiz.questions.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None


def _who(request: HttpRequest) -> str:
    return request.user.get_username()
