"""What was published. A row is never changed: the database refuses it, and the site has no privilege to try."""

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
