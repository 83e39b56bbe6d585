"""One customer taking one version, and what they answered. Personal: row security is forced (migrations/sql).

Keys between these rows and to the customer and profile are made there too, where they cascade.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from preferences.models import Customer, Profile

from .versions import QuizVersion


class Run(models.Model):
    """`profile` is whom it is about; empty until the consent step for a pet or child that isn't known yet."""

    class Status(models.TextChoices):
        RUNNING = "running", _("running")
        COMPLETED = "completed", _("completed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    profile = models.ForeignKey(Profile, on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    version = models.ForeignKey(QuizVersion, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    language = models.CharField(max_length=10)
    outcome_key = models.CharField(max_length=50, blank=True)
    hidden = models.JSONField(default=dict)  # what the link brought along; personal values are refused
    started_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        constraints = [models.UniqueConstraint(fields=("id", "customer"), name="run_of_customer")]
        indexes = [models.Index(fields=("customer", "started_at"), name="run_customer")]

    def __str__(self) -> str:
        return f"run {self.pk}"


class Answer(models.Model):
    """What was answered last to one question of a run. Off the current path it is kept, marked, and decides nothing.

    `attribute` is the key of what it tells beyond the quiz; `is_remembered` says that it became a preference.
    """

    class State(models.TextChoices):
        GIVEN = "given", _("given")
        DECLINED = "declined", _("declined")
        SKIPPED = "skipped", _("skipped")

    pk = models.CompositePrimaryKey("run_id", "question_key")
    run = models.ForeignKey(
        Run, on_delete=models.DO_NOTHING, related_name="answers", db_constraint=False, db_index=False
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    question_key = models.CharField(max_length=50)
    attribute = models.CharField(max_length=50, blank=True)
    value = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=State)
    is_abandoned = models.BooleanField(default=False)
    is_remembered = models.BooleanField(default=False)
    answered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        indexes = [
            models.Index(
                fields=("answered_at",), condition=models.Q(is_remembered=False), name="answer_only_for_result"
            )
        ]

    def __str__(self) -> str:
        return f"answer {self.run_id} {self.question_key}"


class Handoff(models.Model):
    """Lets a second device continue a run, once, within ten minutes. Only the SHA-256 of its token is stored."""

    token_hash = models.BinaryField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("handoff")
        verbose_name_plural = _("handoffs")

    def __str__(self) -> str:
        return f"handoff of {self.run_id}"
