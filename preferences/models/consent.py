"""The consent core's tables. Only SQL functions write them; see migrations/sql.

`db_index=False`: the primary key begins with that column, or nobody looks by it.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .attributes import Attribute
from .people import Customer, Profile
from .purposes import Purpose, PurposeNotice


class CoreRow(models.Model):
    """Told apart by its key alone: what it holds is personal."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.pk}"


class Grant(CoreRow):
    """Exists exactly while a customer's purpose is switched on."""

    pk = models.CompositePrimaryKey("customer_id", "purpose_id")
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, related_name="grants", db_constraint=False, db_index=False
    )
    purpose = models.ForeignKey(Purpose, on_delete=models.DO_NOTHING, related_name="grants", db_constraint=False)
    notice = models.ForeignKey(PurposeNotice, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    language = models.CharField(max_length=10)
    granted_at = models.DateTimeField()


class Exclusion(CoreRow):
    """Takes one item of a profile out of a purpose."""

    pk = models.CompositePrimaryKey("profile_id", "purpose_id", "attribute_id")
    profile = models.ForeignKey(
        Profile, on_delete=models.DO_NOTHING, related_name="exclusions", db_constraint=False, db_index=False
    )
    purpose = models.ForeignKey(Purpose, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    attribute = models.ForeignKey(Attribute, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    excluded_at = models.DateTimeField()


class StandingQuerySet(models.QuerySet["Standing"]):
    def minors(self) -> "StandingQuerySet":
        """Below the age of consent today, as the database reads its clock."""
        today = models.Func(function="utc_today", output_field=models.DateField())
        return self.filter(models.Q(of_age_on=None) | models.Q(of_age_on__gt=today), is_minor=True)


class Standing(CoreRow):
    """What holds for every use of a customer at once; there is no row while nothing does.

    `of_age_on` is kept instead of a year of birth, and only while it lies ahead; without it nobody knows the day.
    """

    customer = models.OneToOneField(Customer, on_delete=models.DO_NOTHING, primary_key=True, db_constraint=False)
    paused_until = models.DateTimeField(null=True)
    restricted_at = models.DateTimeField(null=True)
    is_minor = models.BooleanField(default=False)
    of_age_on = models.DateField(null=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(of_age_on=None) | models.Q(is_minor=True), name="only_minors_come_of_age"
            )
        ]
        indexes = [
            models.Index(fields=("paused_until",), condition=models.Q(paused_until__isnull=False), name="pauses_end"),
            models.Index(fields=("of_age_on",), condition=models.Q(of_age_on__isnull=False), name="minors_come_of_age"),
        ]


class Objection(CoreRow):
    """A use that a customer objects to: it is off, and no quiz asks for it again."""

    pk = models.CompositePrimaryKey("customer_id", "purpose_id")
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    purpose = models.ForeignKey(Purpose, on_delete=models.DO_NOTHING, related_name="objections", db_constraint=False)
    objected_at = models.DateTimeField()


class LedgerSubject(CoreRow):
    """Ties a customer to the random subject of their ledger entries; erasure deletes the tie."""

    customer = models.OneToOneField(Customer, on_delete=models.DO_NOTHING, primary_key=True, db_constraint=False)
    subject = models.UUIDField(unique=True)
    salt = models.BinaryField()


class ConsentEvent(models.Model):
    """An entry in the append-only ledger. Never holds a value."""

    class Kind(models.TextChoices):
        GRANTED = "granted", _("granted")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXCLUDED = "excluded", _("excluded")
        INCLUDED = "included", _("included")
        CORRECTED = "corrected", _("corrected")
        MERGED = "merged", _("merged")
        EXPIRED = "expired", _("expired")
        PAUSED = "paused", _("paused")
        RESUMED = "resumed", _("resumed")
        OBJECTED = "objected", _("objected")
        SUPERSEDED = "superseded", _("superseded")
        ERASED = "erased", _("erased")
        RESTRICTED = "restricted", _("restricted")
        UNRESTRICTED = "unrestricted", _("restriction lifted")

    subject = models.UUIDField()
    kind = models.CharField(max_length=20, choices=Kind)
    purpose = models.ForeignKey(
        Purpose, on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    attribute = models.ForeignKey(
        Attribute, on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    notice = models.ForeignKey(
        PurposeNotice, on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    language = models.CharField(max_length=10, blank=True)
    source = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("consent event")
        verbose_name_plural = _("consent events")
        indexes = [models.Index(fields=("subject", "id"), name="consent_event_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Permit(CoreRow):
    """For one profile and one purpose: exactly the features that may be used right now, and the attributes they are of.
    Any change replaces it."""

    pk = models.CompositePrimaryKey("profile_id", "purpose_id")
    profile = models.ForeignKey(
        Profile, on_delete=models.DO_NOTHING, related_name="permits", db_constraint=False, db_index=False
    )
    purpose = models.ForeignKey(Purpose, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    serial = models.BigIntegerField(unique=True)
    features = ArrayField(models.IntegerField())
    attributes = ArrayField(models.IntegerField())
    expires_at = models.DateTimeField(db_index=True)
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("profile", "purpose", "serial"), name="permit_serial")]


class ComputationDue(CoreRow):
    """What is due is a fact of the database; the queue is only a wake-up. Dies with its permit."""

    pk = models.CompositePrimaryKey("profile_id", "purpose_id")
    profile = models.ForeignKey(
        Profile, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    purpose = models.ForeignKey(Purpose, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    serial = models.BigIntegerField()
    catalogue = models.BigIntegerField(default=0)
    due_at = models.DateTimeField(db_index=True)


class ReissueDue(CoreRow):
    """A customer whose permits await being issued anew, because marketers changed what a purpose may use."""

    customer = models.OneToOneField(Customer, on_delete=models.DO_NOTHING, primary_key=True, db_constraint=False)


class UseLog(CoreRow):
    """Which attributes of a profile a purpose used on a day, written by the use itself."""

    pk = models.CompositePrimaryKey("profile_id", "purpose_id", "day")
    profile = models.ForeignKey(
        Profile, on_delete=models.DO_NOTHING, related_name="uses", db_constraint=False, db_index=False
    )
    purpose = models.ForeignKey(
        Purpose, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    day = models.DateField()
    attributes = ArrayField(models.IntegerField())
