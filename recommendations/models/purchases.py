"""What follows from a purchase, as marketers set it, and the suggestions they declined."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .catalogue import MOST_WEIGHT, Product

downwards = [MinValueValidator(-MOST_WEIGHT), MaxValueValidator(0)]


class AfterPurchase(models.Model):
    """One row, or none while all is as it comes: how much a purchase speaks against the thing itself and its like."""

    bought = models.FloatField(
        _("what was bought"),
        default=-MOST_WEIGHT,
        validators=downwards,
        help_text=_("How much it speaks against offering the same again, down to -10, which means never."),
    )
    substitutes = models.FloatField(
        _("what stands in for it"),
        default=-4,
        validators=downwards,
        help_text=_("How much it speaks against others of the same category, down to -10, which means never."),
    )
    distance = models.PositiveSmallIntegerField(
        _("how far it speaks"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(6)],
        help_text=_(
            "Steps in the tree of categories, up and down, from a purchase to what goes with it: 2 reaches the "
            "categories beside its own. Complements farther away count for nothing, whoever set them."
        ),
    )

    class Meta:
        verbose_name = _("after a purchase")
        verbose_name_plural = _("after a purchase")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_after_purchase"),
            models.CheckConstraint(
                condition=Q(bought__gte=-MOST_WEIGHT, bought__lte=0, substitutes__gte=-MOST_WEIGHT, substitutes__lte=0),
                name="purchases_speak_against_their_like",
            ),
            models.CheckConstraint(condition=Q(distance__gte=1, distance__lte=6), name="purchases_speak_so_far"),
        ]

    def __str__(self) -> str:
        return "after a purchase"


class DeclinedComplement(models.Model):
    """A suggestion that marketers deleted: it is not made again. Triggers write it (migrations/sql)."""

    pk = models.CompositePrimaryKey("product_id", "suggested_id")
    product = models.ForeignKey(Product, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    suggested = models.ForeignKey(Product, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)

    def __str__(self) -> str:
        return f"{self.product_id} → {self.suggested_id}"
