"""The page of a question not answered yet, as htmx gets it: the same for everybody but for six words.

Rendering it is the larger part of a step's work, and it says nothing about the customer. So it is rendered once for
each version, language and brand name, by the very same template, with marks where those six words go. Without the
request, so that nothing of whoever came first, nor what their headers asked for, is kept for those who come after.
(What has been answered, refused or reordered, and every whole page, is rendered as always.)
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import escape

from preferences import selectors as preferences

from ..presenting.questions import ProgressView, feedback_after, progress_view, question_view, quiz_ref
from ..selectors import RunState
from .finding import base_url, question_url

TEMPLATE = "quizzes/question.html"
# Letters and digits only, so that nothing on the way escapes them.
TOKEN, PERCENT, PHRASE, BACK = "xTokenGoesHerex", "xPercentGoesHerex", "xPhraseGoesHerex", "xBackGoesHerex"
RUN = UUID("00000000-0000-4000-8000-0123456789ab")


def fresh_question(request: HttpRequest, run: RunState, key: str, *, language: str, today: str) -> HttpResponse:
    """The fragment for a question that the run has no answer to and that is the same for all."""
    definition = run.definition
    previous = run.path.before(key)
    brand = preferences.brand(language)
    feedback = feedback_after(definition, previous, run.answers.get(previous or ""), language)
    kept_as = ("fragment", key, language, brand.name, previous is None, feedback, today)
    html = definition.scratch.get(kept_as)
    if html is None:
        address = base_url(definition.slug, RUN)
        context = {
            "layout": "layout/fragment.html",
            "brand": brand,
            "quiz": quiz_ref(definition, language),
            "question": question_view(definition, key, None, language, today),
            "feedback": feedback,  # an author's words; whoever gets the same ones gets the same page
            "progress": ProgressView(PERCENT, PHRASE),  # type: ignore[arg-type]
            "action": f"{address}{key}/",
            "back_url": BACK if previous else None,
            "handoff_url": f"{address}continue-elsewhere/",
            "error": "",
            "csrf_token": TOKEN,
        }
        html = render_to_string(TEMPLATE, context)
        for old in [each for each in list(definition.scratch) if each[:3] == kept_as[:3] and each[-1] != today]:
            definition.scratch.pop(old, None)  # yesterday's
        definition.scratch[kept_as] = html
    now = progress_view(definition, run.path)
    html = (
        html.replace(TOKEN, get_token(request))
        .replace(str(RUN), str(run.id))
        .replace(PERCENT, str(now.percent))
        .replace(PHRASE, escape(now.phrase))
    )
    return HttpResponse(html.replace(BACK, question_url(run, previous)) if previous else html)
