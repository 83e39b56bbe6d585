"""What was computed, from which state of the catalogue, and how far along a pass over everybody is.

`TailoredOffers` is personal: row security is forced on it (migrations/sql), and only SQL functions write it.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from preferences.models import Customer, Profile, Purpose


class Catalogue(models.Model):
    """One row: the version of everything that decides who gets what. Triggers raise it; never written by hand."""

    version = models.BigIntegerField()
    openings_noted_at = models.DateTimeField()
    sold_out = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_catalogue")]

    def __str__(self) -> str:
        return f"catalogue {self.version}"


class CatalogueChange(models.Model):
    """What raised the catalogue to a version: one offer, or (without one) anything. Triggers write it."""

    version = models.BigIntegerField()
    offer_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=("version",), name="change_by_version")]

    def __str__(self) -> str:
        return f"catalogue {self.version}"


class ComputedRange(models.Model):
    """A range of profiles and the catalogue's version that all of them were last computed from, for one purpose.

    It is due while that is not the newest. `taken_until`: a worker is at it; after that time another may be.
    """

    WIDTH = 10_000  # profile ids

    purpose = models.ForeignKey(Purpose, on_delete=models.CASCADE, related_name="+")
    first_id = models.BigIntegerField()
    catalogue = models.BigIntegerField(default=0)
    taken_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("purpose", "first_id"), name="range_once")]

    def __str__(self) -> str:
        return f"range {self.purpose_id}/{self.first_id}"


class TailoredOffers(models.Model):
    """The ranked offers computed for one profile under one permit, which takes them with it when it goes.

    `catalogue` is the version from which they last came out otherwise than before. `reasons` are three feature ids for
    each offer, 0 for none. A row without offers says: computed, nothing fits.
    """

    pk = models.CompositePrimaryKey("profile_id", "purpose_id")
    profile = models.ForeignKey(
        Profile, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    purpose = models.ForeignKey(
        Purpose, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    permit_serial = models.BigIntegerField()
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    offers = ArrayField(models.IntegerField())
    scores = ArrayField(models.FloatField())
    reasons = ArrayField(models.IntegerField())
    catalogue = models.BigIntegerField()
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"tailored offers {self.pk}"
