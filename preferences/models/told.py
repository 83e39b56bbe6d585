"""What customers told us. Written only by the SQL functions of the consent core."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .attributes import Attribute
from .people import Customer, Profile


class Preference(models.Model):
    """A profile's value for one attribute; the current one has no `ended_at`, earlier ones are history."""

    class Source(models.TextChoices):
        QUIZ = "quiz", _("quiz")
        CENTER = "center", _("preference center")
        ORDER = "order", _("order")
        STAFF = "staff", _("staff")

    profile = models.ForeignKey(Profile, on_delete=models.DO_NOTHING, related_name="preferences", db_constraint=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    attribute = models.ForeignKey(
        Attribute, on_delete=models.DO_NOTHING, related_name="preferences", db_constraint=False
    )
    value = models.JSONField()
    features = ArrayField(models.IntegerField())
    source = models.CharField(max_length=10, choices=Source)
    source_label = models.JSONField(default=dict)
    question_key = models.CharField(max_length=50, blank=True)
    told_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    orders = models.JSONField(default=list, editable=False)  # of what was bought: when, and by which order (a hash)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [
            models.UniqueConstraint(
                fields=("profile", "attribute"), condition=models.Q(ended_at=None), name="one_current_value"
            )
        ]
        indexes = [models.Index(fields=("customer",), name="preference_customer")]

    def __str__(self) -> str:
        return f"preference {self.pk}"
