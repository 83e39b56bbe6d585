"""What was published, which never changes: the database refuses it. And how often it was taken to the end."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuizVersion(models.Model):
    """One immutable snapshot of a quiz. `definition` has passed `compile_definition`."""

    quiz = models.ForeignKey("quizzes.Quiz", on_delete=models.PROTECT, related_name="versions", verbose_name=_("quiz"))
    number = models.PositiveIntegerField(_("number"))
    definition = models.JSONField(_("definition"))
    content_hash = models.CharField(_("content hash"), max_length=64)
    published_at = models.DateTimeField(_("published"))
    published_by = models.CharField(_("published by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ("quiz", "-number")
        constraints = [models.UniqueConstraint(fields=("quiz", "number"), name="quiz_version_once")]

    def __str__(self) -> str:
        return f"{self.quiz} {self.number}"


class Tally(models.Model):
    """How many runs of a quiz came to an end, ever. A row of its own, so that finishing never waits for an editor."""

    quiz = models.OneToOneField("quizzes.Quiz", on_delete=models.CASCADE, primary_key=True, related_name="tally")
    completed_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")

    def __str__(self) -> str:
        return f"{self.quiz}: {self.completed_count}"
