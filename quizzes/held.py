"""What quizzes say to the preference center: who asks for an attribute, what is held beside the preferences, what goes.

Erasing needs nothing from here: runs and answers go with their customer, by the database's own keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext, ngettext
from django.utils.translation import override as language_override

from preferences import registry
from preferences.registry import About, Change, Held, Loss, Section
from preferences.translated import pick

from .answers import Answer as Answered
from .models import Answer, QuizVersion, Run
from .presenting.piping import title_in_words
from .presenting.wording import answer_in_words
from .selectors import compiled, open_quizzes

DAYS = 30


def register() -> None:
    registry.register(
        registry.Provider(name="quizzes", losses=losses, held=held, about=about, uses=uses, export=export, asked=asked)
    )


def losses(changes: Sequence[Change]) -> list[list[Loss]]:
    """Erasing takes results along; forgetting a value takes the answers that told it; switching off takes neither."""
    if not changes:
        return []
    completed = Run.objects.filter(customer_id=changes[0].customer_id, status=Run.Status.COMPLETED).count()
    return [list(_losses(change, completed)) for change in changes]


def _losses(change: Change, completed: int) -> Iterable[Loss]:
    if change.kind == "erase" and completed:
        yield Loss(ngettext("%(count)d quiz result", "%(count)d quiz results", completed) % {"count": completed})
    elif change.kind == "forget" and change.attribute:
        answers = Answer.objects.filter(
            customer_id=change.customer_id,
            attribute=change.attribute,
            is_remembered=True,
            run__profile=change.profile_id,
        )
        count = answers.count()
        if count:
            yield Loss(ngettext("%(count)d answer in a quiz", "%(count)d answers in quizzes", count) % {"count": count})
    elif change.kind in ("withdraw", "exclude") and completed:
        yield Loss(gettext("Your quiz results stay."), is_kept=True)


def held(customer_id: int, language: str) -> Iterable[Held]:
    """Answers that only serve a result, until they go by themselves."""
    rows = (
        Answer.objects.filter(customer_id=customer_id, is_remembered=False, state=Answer.State.GIVEN)
        .order_by("-answered_at")
        .values_list("run__version_id", "question_key", "value", "answered_at")
    )
    return _held(rows, language)


def _held(rows: Iterable[tuple[int, str, object, datetime]], language: str) -> list[Held]:
    found = []
    with language_override(language):
        for version_id, key, value, answered_at in rows:
            definition = compiled(version_id)
            question = definition.question(key)
            found.append(
                Held(
                    label=title_in_words(definition, question, {}, language),
                    value=answer_in_words(question, Answered("given", value), language),
                    why=gettext("Only for your result in “%(quiz)s”.") % {"quiz": pick(definition.title, language)},
                    until_at=answered_at + timedelta(days=DAYS),
                )
            )
    return found


def asked(customer_id: int, profile_id: int, question_key: str, language: str) -> str:
    """The question as the customer met it when they last answered it for this profile."""
    answers = Answer.objects.filter(customer_id=customer_id, run__profile=profile_id, question_key=question_key)
    version_id = answers.order_by("-answered_at").values_list("run__version_id", flat=True).first()
    if version_id is None:
        return ""
    definition = compiled(version_id)
    return title_in_words(definition, definition.question(question_key), {}, language)


def about(customer_id: int, language: str, changes: Sequence[Change]) -> About:
    """For the preference center: runs and the answers kept beside the preferences, in one query."""
    kept = Answer.objects.filter(run=OuterRef("pk"), is_remembered=False, state=Answer.State.GIVEN)
    answers = ArraySubquery(kept.values(each=JSONObject(key="question_key", value="value", at="answered_at")))
    runs = list(
        Run.objects.filter(customer_id=customer_id).annotate(kept=answers).values_list("version_id", "status", "kept")
    )
    completed = sum(status == Run.Status.COMPLETED for _version_id, status, _kept in runs)
    rows = [
        (version_id, each["key"], each["value"], datetime.fromisoformat(each["at"]))
        for version_id, _status, kept_answers in runs
        for each in kept_answers
    ]
    rows.sort(key=lambda row: row[3], reverse=True)
    return About(
        losses=[list(_losses(change, completed)) for change in changes],
        held=_held(rows, language),
    )


def uses() -> Mapping[str, Iterable[str]]:
    """Attribute → the open quizzes that ask for it."""
    found: dict[str, list[str]] = {}
    for quiz in open_quizzes():
        for question in quiz.definition.questions:
            if question.attribute:
                found.setdefault(question.attribute, []).append(gettext("quiz “%(quiz)s”") % {"quiz": quiz.slug})
    return found


def export(customer_id: int) -> Iterable[Section]:
    """Every run and every answer, as stored."""
    yield Section(
        "quiz_runs",
        gettext("Quizzes you took"),
        {
            "run": gettext("an identifier of this time you took the quiz"),
            "quiz": gettext("which quiz"),
            "version": gettext("the version of the quiz"),
            "profile": gettext("whom it is about, by the number under “Whom it is about”"),
            "language": gettext("the language you took it in"),
            "status": gettext("running or completed"),
            "outcome": gettext("the result you got"),
            "brought_along": gettext("what the link you followed brought along"),
            "started_at": gettext("when you started"),
            "completed_at": gettext("when you came to the end"),
        },
        lambda: _runs(customer_id),
    )
    yield Section(
        "quiz_answers",
        gettext("Your answers in quizzes"),
        {
            "run": gettext("the time you took the quiz, as above"),
            "question": gettext("the question"),
            "attribute": gettext("what it is called with us"),
            "state": gettext("given, declined or skipped"),
            "value": gettext("your answer"),
            "is_abandoned": gettext("whether a later answer led away from it, so that it decides nothing"),
            "is_remembered": gettext("whether it is among your preferences"),
            "answered_at": gettext("when you answered"),
        },
        lambda: _answers(customer_id),
    )


def _runs(customer_id: int) -> Iterable[Mapping[str, object]]:
    numbers = dict(QuizVersion.objects.values_list("pk", "number"))
    for run in Run.objects.filter(customer_id=customer_id).order_by("started_at").iterator():
        yield {
            "run": str(run.id),
            "quiz": compiled(run.version_id).slug,
            "version": numbers[run.version_id],
            "profile": run.profile_id,
            "language": run.language,
            "status": run.status,
            "outcome": run.outcome_key,
            "brought_along": run.hidden,
            "started_at": run.started_at.isoformat(),
            "completed_at": run.completed_at.isoformat() if run.completed_at else None,
        }


def _answers(customer_id: int) -> Iterable[Mapping[str, object]]:
    for answer in Answer.objects.filter(customer_id=customer_id).order_by("answered_at").iterator():
        yield {
            "run": str(answer.run_id),
            "question": answer.question_key,
            "attribute": answer.attribute,
            "state": answer.state,
            "value": answer.value,
            "is_abandoned": answer.is_abandoned,
            "is_remembered": answer.is_remembered,
            "answered_at": answer.answered_at.isoformat(),
        }
