"""The outcomes' page: the list, the editor of the selected one, and who gets which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from preferences.translated import pick

from ...definition import MAX_STEPS
from ...models import Outcome, Quiz
from ...services.checking import report_on
from ...services.drafting import definition_of
from ..autosave import Difference, differences, refusals_of, revision_seen, who_changed
from ..changes import locked, note_change
from ..frame import framed, in_place_of_work, is_htmx
from ..limits import full_of_outcomes
from ..logic import ConditionForm, askable
from ..sentences import Voice
from . import editing as outcome_editing
from .forms import OutcomeForm, steps_for

DELETED = "builder_deleted_outcome"


@dataclass(frozen=True, slots=True)
class Line:
    pk: int
    title: str
    condition: str
    steps_count: int
    is_selected: bool
    url: str


@dataclass(frozen=True, slots=True)
class Share:
    title: str
    share: float
    is_selected: bool


@require_GET
def outcomes(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    outcome = _asked(quiz, request.GET.get("outcome")) or quiz.outcomes.first()
    return show_work(request, quiz, outcome) if is_htmx(request) else _page(request, quiz, outcome)


@require_POST
def add(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    return show_work(request, quiz, outcome_editing.add_outcome(quiz=quiz, by=_who(request)))


@require_POST
def move(request: HttpRequest, quiz: Quiz, outcome_id: int) -> HttpResponse:
    quiz = locked(quiz)
    outcome = get_object_or_404(quiz.outcomes, pk=outcome_id)
    outcome_editing.move_outcome(outcome=outcome, to=request.POST.get("to", ""), by=_who(request))
    return show_work(request, quiz, _asked(quiz, request.POST.get("selected")) or outcome)


@require_POST
def duplicate(request: HttpRequest, quiz: Quiz, outcome_id: int) -> HttpResponse:
    quiz = locked(quiz)
    outcome = get_object_or_404(quiz.outcomes, pk=outcome_id)
    return show_work(request, quiz, outcome_editing.duplicate_outcome(outcome=outcome, by=_who(request)))


@require_POST
def delete(request: HttpRequest, quiz: Quiz, outcome_id: int) -> HttpResponse:
    """No question asked, because it can be undone."""
    quiz = locked(quiz)
    outcome = get_object_or_404(quiz.outcomes, pk=outcome_id)
    title, pk = _title(outcome), outcome.pk
    _offer_undo(request, quiz, pk, title, outcome_editing.delete_outcome(outcome=outcome, by=_who(request)))
    near = quiz.outcomes.filter(position__gte=outcome.position).first() or quiz.outcomes.last()
    return show_work(request, quiz, _asked(quiz, request.POST.get("selected")) or near)


@require_POST
def undo(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    if not _can_undo(request, quiz):
        raise Http404
    was = request.session.pop(DELETED)["was"]
    outcome = outcome_editing.restore_outcome(quiz=quiz, was=was, by=_who(request))
    return show_work(request, quiz, outcome or quiz.outcomes.first())


@require_POST
def save(request: HttpRequest, quiz: Quiz, outcome_id: int) -> HttpResponse:
    """On every change by htmx, or by its button. Nobody overwrites what they have not seen."""
    quiz = locked(quiz)
    outcome = quiz.outcomes.filter(pk=outcome_id).first()
    if outcome is None:
        return _status(request, quiz, None, state="gone", status=409)
    token, key = outcome_editing.token_of(quiz, outcome), outcome.key
    was = outcome_editing.kept(quiz, outcome)
    when = _condition(quiz, outcome, request.POST if "rules" in request.POST else None)
    form, steps = OutcomeForm(request.POST, instance=outcome), steps_for(outcome, request.POST)
    is_valid = all((form.is_valid(), steps.is_valid()))
    if token not in (request.POST.get("token"), request.POST.get("anyway")):
        return _conflict(request, quiz, Outcome.objects.get(pk=outcome_id), form, steps, when, token)
    if not is_valid:
        return _refused(request, quiz, Outcome.objects.get(pk=outcome_id), form, steps, when)
    before = revision_seen(request, quiz)
    someone = who_changed(request, quiz) if before < quiz.revision else ""
    pressed = request.POST.get("do", "")
    is_rule = when.press(pressed)
    has_changed = form.has_changed() or steps.has_changed() or when.has_changed
    with transaction.atomic():
        if has_changed:
            outcome.when = when.raw
            form.save()
            steps.save()
            if outcome.key != key:
                outcome_editing.rename_points(quiz, key, outcome.key)
        redrawn = not is_rule and _also(outcome, pressed)
        if has_changed or redrawn:
            note_change(quiz, _who(request))
    if pressed.startswith("remove:") and redrawn:
        _offer_undo(request, quiz, outcome.pk, gettext("Step"), was)
    if redrawn or "anyway" in request.POST or not is_htmx(request):
        return show_work(request, quiz, outcome)
    return _status(
        request, quiz, outcome, revision=before if someone else quiz.revision, others=someone,
        is_renamed=outcome.key not in (key, form["key"].data), condition=when,
    )  # fmt: skip


@require_GET
def shares(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """Who gets which, of random walks. It can take a second or two, so the page asks for it when it is at rest."""
    report = report_on(definition_of(quiz))
    selected = request.GET.get("outcome")
    found = [
        Share(_title(each), report.shares[each.key], str(each.pk) == selected)
        for each in quiz.outcomes.all()
        if each.key in report.shares
    ]
    context = {"quiz": quiz, "shares": found, "error": report.error, "walks": report.walks}
    return render(request, "admin/quizzes/build/_outcomes_shares.html", context)


def outcomes_url(quiz: Quiz, outcome: Outcome | None = None) -> str:
    url = reverse("admin:quizzes_quiz_build_outcomes", args=[quiz.pk])
    return f"{url}?outcome={outcome.pk}" if outcome else url


def show_work(request: HttpRequest, quiz: Quiz, outcome: Outcome | None) -> HttpResponse:
    """After a change of the list: its new state for htmx, otherwise a redirect to the page."""
    if not is_htmx(request):
        return redirect(outcomes_url(quiz, outcome))
    quiz.refresh_from_db()
    response = render(request, "admin/quizzes/build/_outcomes_work.html", _work(request, quiz, outcome))
    return in_place_of_work(response, url=outcomes_url(quiz, outcome))


def _page(
    request: HttpRequest, quiz: Quiz, outcome: Outcome | None, *, status: int = 200, **more: object
) -> HttpResponse:
    context = framed(request, quiz, "build_outcomes") | _work(request, quiz, outcome, **more)
    return render(request, "admin/quizzes/build/outcomes.html", context, status=status)


def _work(request: HttpRequest, quiz: Quiz, outcome: Outcome | None, **more: Any) -> dict[str, Any]:
    rows = list(quiz.outcomes.prefetch_related("steps"))
    language = get_language() or "en"
    voice = askable(definition_of(quiz)).voice
    context: dict[str, Any] = {
        "quiz": quiz,
        "lines": [_line(quiz, each, outcome, voice) for each in rows],
        "outcome": outcome,
        "is_full": full_of_outcomes(quiz),
        "has_fallback": any(each.when is None for each in rows),
        "quotable": [(each.key, pick(each.title, language)) for each in quiz.questions.all() if each.kind != "section"],
        "revision": quiz.revision,
        "others": "",
        "here_url": outcomes_url(quiz, outcome),
        "deleted": request.session[DELETED]["words"] if _can_undo(request, quiz) else "",
        "language": language,
    }
    if outcome:
        context |= {
            "save_url": reverse("admin:quizzes_quiz_build_outcome", args=[quiz.pk, outcome.pk]),
            "token": outcome_editing.token_of(quiz, outcome),
            "form": OutcomeForm(instance=outcome),
            "steps": steps_for(outcome),
            "condition": _condition(quiz, outcome),
            "most_steps": MAX_STEPS,
        }
    return context | more


def _also(outcome: Outcome, pressed: str) -> bool:
    """The button that was pressed beside saving: add, remove or move a step."""
    verb, _colon, which = pressed.partition(":")
    if verb == "add" and outcome.steps.count() < MAX_STEPS:
        outcome_editing.add_step(outcome)
        return True
    step = outcome.steps.filter(pk=int(which)).first() if _is_id(which) else None
    if step is None:
        return False
    if verb == "remove":
        step.delete()
    elif verb in ("up", "down"):
        outcome_editing.move_step(step, verb)
    return True


def _status(
    request: HttpRequest, quiz: Quiz, outcome: Outcome | None, *, state: str = "saved", status: int = 200, **more: Any
) -> HttpResponse:
    if not is_htmx(request):
        return _page(request, quiz, outcome or quiz.outcomes.first(), status=status, state=state, **more)
    context = {**_work(request, quiz, outcome, **more), "state": state, "is_swap": True}
    return render(request, "admin/quizzes/build/_outcomes_status.html", context, status=status)


def _refused(
    request: HttpRequest, quiz: Quiz, outcome: Outcome, form: Any, steps: Any, when: ConditionForm
) -> HttpResponse:
    return _status(
        request, quiz, outcome, state="refused", status=422, refusals=refusals_of((form, *steps.forms)), form=form,
        steps=steps, condition=when, revision=revision_seen(request, quiz), token=request.POST.get("token", ""),
    )  # fmt: skip


def _conflict(
    request: HttpRequest, quiz: Quiz, stored: Outcome, form: Any, steps: Any, when: ConditionForm, token: str
) -> HttpResponse:
    """Both say what they wrote; the one who came later decides. Until then nothing is changed."""
    found = differences(form, OutcomeForm(instance=stored))
    theirs = {each.instance.pk: each for each in steps_for(stored).forms}
    for number, each in enumerate(steps.forms, start=1):
        if each.instance.pk in theirs:
            found += differences(each, theirs[each.instance.pk], gettext("Step %(number)s: ") % {"number": number})
    if len(theirs) != len(steps.forms):
        words = gettext("%(count)s of them")
        found.append(Difference(gettext("Steps"), words % {"count": len(steps.forms)}, words % {"count": len(theirs)}))
    stored_when = _condition(quiz, stored)
    if when.sentence != stored_when.sentence:
        found.append(Difference(gettext("Only if"), when.sentence or "–", stored_when.sentence or "–"))
    return _status(
        request, quiz, stored, state="conflict", status=409, form=form, steps=steps, condition=when, differences=found,
        stored_token=token, token=request.POST.get("token", ""), revision=revision_seen(request, quiz),
        changed_by=who_changed(request, quiz), theirs_url=outcomes_url(quiz, stored),
    )  # fmt: skip


def _condition(quiz: Quiz, outcome: Outcome, data: Any = None) -> ConditionForm:
    return ConditionForm("when", stored=outcome.when, operands=askable(definition_of(quiz)), data=data)


def _offer_undo(request: HttpRequest, quiz: Quiz, pk: int, title: str, was: str) -> None:
    """Of what was taken from the outcome `pk`, or the outcome itself, as long as nothing was changed there since."""
    words = gettext("“%(title)s” is deleted.") % {"title": title}
    request.session[DELETED] = {"quiz": quiz.pk, "outcome": pk, "words": words, "was": was, "after": _token(quiz, pk)}


def _can_undo(request: HttpRequest, quiz: Quiz) -> bool:
    last = request.session.get(DELETED, {})
    return last.get("quiz") == quiz.pk and last["after"] == _token(quiz, last["outcome"])


def _token(quiz: Quiz, pk: int) -> str:
    outcome = quiz.outcomes.filter(pk=pk).first()
    return outcome_editing.token_of(quiz, outcome) if outcome else ""


def _line(quiz: Quiz, outcome: Outcome, selected: Outcome | None, voice: Voice) -> Line:
    is_selected = bool(selected and selected.pk == outcome.pk)
    url = outcomes_url(quiz, outcome)
    condition = voice.condition(outcome.when) if outcome.when is not None else ""
    return Line(outcome.pk, _title(outcome), condition, len(outcome.steps.all()), is_selected, url)


def _title(outcome: Outcome) -> str:
    return pick(outcome.title, get_language() or "en") or gettext("Not written yet")


def _asked(quiz: Quiz, pk: str | None) -> Outcome | None:
    return quiz.outcomes.filter(pk=int(pk)).first() if pk and _is_id(pk) else None


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _who(request: HttpRequest) -> str:
    return request.user.get_username()
