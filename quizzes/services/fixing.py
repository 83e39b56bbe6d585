"""What the check can mend by itself: only where there is one right way to do it, and only what can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import ceil
from typing import Any

from django.apps import apps
from django.db import models, transaction

from ..check import Finding, Report
from ..check.findings import Phrase, _
from ..models import Quiz

MOST_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Before:
    """A row as it was. Plain enough for a session."""

    model: str
    pk: int
    values: dict[str, Any]
    was_removed: bool


@dataclass(frozen=True, slots=True)
class Remedy:
    """`label` says what `apply` does."""

    label: Phrase
    apply: Callable[[Quiz], Before]


def remedy_for(found: Finding, report: Report) -> Remedy | None:
    """The mechanical fix of a finding, None where its author has to decide.

    A rule that always holds is no such case where it jumps: without it, the walk would go another way.
    """
    match (found.code, found.place.split("/")):
        case ("longer_than_stated" | "shorter_than_stated", _where):
            minutes = min(MOST_MINUTES, max(1, ceil(report.mean_seconds / 60)))
            label = Phrase(_("Say {minutes} min"), {"minutes": minutes})
            return Remedy(label, lambda quiz: _changed(quiz, minutes=minutes))
        case ("always_true", ["questions", key, "show_if"]):
            return Remedy(Phrase(_("Ask everybody")), lambda quiz: _changed(quiz.questions.get(key=key), show_if=None))
        case ("always_true", ["outcomes", key, "when"]):
            label = Phrase(_("Take the condition off"))
            return Remedy(label, lambda quiz: _changed(quiz.outcomes.get(key=key), when=None))
        case ("never_true", ["questions", key, "jumps", number, "if"]) if not _has_faulty_jumps(report, key):
            label = Phrase(_("Delete the rule"))
            return Remedy(label, lambda quiz: _removed(quiz.questions.get(key=key).rules.all()[int(number)]))
        case ("sensitive_without_consent", ["questions", key, "attribute"]):
            label = Phrase(_("Mark it as sensitive"))
            return Remedy(label, lambda quiz: _changed(quiz.questions.get(key=key), sensitive=True, may_decline=True))
        case ("forced_consent", ["questions", key, "may_decline"]):
            label = Phrase(_("Offer “prefer not to say”"))
            return Remedy(label, lambda quiz: _changed(quiz.questions.get(key=key), may_decline=True))
        case ("unused_purpose", ["purposes", slug]):
            label = Phrase(_("Take the use out"))
            return Remedy(label, lambda quiz: _removed(quiz.asked_purposes.get(purpose__slug=slug)))
    return None


def _has_faulty_jumps(report: Report, key: str) -> bool:
    """Then the check left some out, and counted the others without them: their numbers are not those of the draft."""
    return any(each.is_blocking and each.place.startswith(f"questions/{key}/jumps/") for each in report.findings)


@transaction.atomic
def apply_remedy(*, quiz: Quiz, remedy: Remedy) -> dict[str, Any]:
    """Returns what `take_back` needs."""
    return asdict(remedy.apply(quiz))


@transaction.atomic
def take_back(*, quiz: Quiz, before: dict[str, Any]) -> bool:
    """Puts the row back as it was. False when what it belongs to is gone, or it is there again."""
    model, pk, values = apps.get_model("quizzes", before["model"]), before["pk"], before["values"]
    if not before["was_removed"]:
        return bool(model._default_manager.filter(pk=pk).update(**values))
    if "question_id" in values:
        fits = quiz.questions.filter(pk=values["question_id"]).exists()
    else:
        fits = not quiz.asked_purposes.filter(purpose_id=values["purpose_id"]).exists()
    if fits:
        model._default_manager.create(pk=pk, **values)
    return fits


def _changed(row: models.Model, **values: object) -> Before:
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    return Before(str(row._meta.model_name), row.pk, before, was_removed=False)


def _removed(row: models.Model) -> Before:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    pk = values.pop("id")
    row.delete()
    return Before(str(row._meta.model_name), pk, values, was_removed=True)
