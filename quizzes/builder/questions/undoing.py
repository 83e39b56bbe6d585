"""One step back: a question as it was before something was taken from it, as long as nothing was changed since."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext, ngettext

from ...models import Question, Quiz
from . import editing

_KEY = "builder_deleted"


def offer(request: HttpRequest, quiz: Quiz, *, pk: int, was: str, words: str) -> None:
    """After a change that took something from the question `pk`, or the question itself. `was` as of `editing.kept`."""
    after = _token(quiz, pk)
    request.session[_KEY] = {"quiz": quiz.pk, "question": pk, "was": was, "words": words, "after": after}


def offered(request: HttpRequest, quiz: Quiz) -> str:
    """What was taken, in words; "" when it can't be brought back any more."""
    last = request.session.get(_KEY, {})
    is_ours = last.get("quiz") == quiz.pk and "was" in last
    return last["words"] if is_ours and last["after"] == _token(quiz, last["question"]) else ""


def take_back(request: HttpRequest, quiz: Quiz) -> Question | None:
    """Brings it back. None when there is nothing to bring back, or it can't be."""
    if not offered(request, quiz):
        return None
    last = request.session.pop(_KEY)
    return editing.restore_question(quiz=quiz, was=last["was"], by=request.user.get_username())


def taken(title: str, rules: int) -> str:
    """Says what was taken, and that rules still ask about it."""
    words = gettext("“%(title)s” is deleted.") % {"title": title}
    if not rules:
        return words
    asked = ngettext("%(count)s rule asks about it.", "%(count)s rules ask about it.", rules) % {"count": rules}
    return f"{words} {asked}"


def _token(quiz: Quiz, pk: int) -> str:
    question = quiz.questions.filter(pk=pk).first()
    return editing.token_of(quiz, question) if question else ""
