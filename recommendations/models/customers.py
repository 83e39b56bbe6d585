"""What customers did with offers. Personal: row security is forced, and only SQL functions write."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from preferences.models import Customer, Profile

from .catalogue import Category
from .offers import Offer


class Claim(models.Model):
    """A customer took an offer. The code stays theirs, whatever they withdraw later."""

    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    claimed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [models.UniqueConstraint(fields=("customer", "offer"), name="claim_once")]

    def __str__(self) -> str:
        return f"claim {self.pk}"


class Suppression(models.Model):
    """What a profile is not to be offered: an offer, or (“less like this”) a whole category. No end: for good."""

    class Reason(models.TextChoices):
        NOT_FOR_ME = "not_for_me", _("not for me")
        HAVE_IT = "have_it", _("I have it already")
        TOO_EXPENSIVE = "too_expensive", _("too expensive")
        SEEN_TOO_OFTEN = "seen_too_often", _("seen too often")

    profile = models.ForeignKey(
        Profile, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    offer = models.ForeignKey(Offer, on_delete=models.DO_NOTHING, null=True, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.DO_NOTHING, null=True, related_name="+")
    reason = models.CharField(max_length=15, choices=Reason)
    times = models.PositiveSmallIntegerField(default=1)
    noted_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    is_over = models.BooleanField(default=False)  # its time has passed, and the profile was made due since

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        constraints = [
            models.CheckConstraint(
                condition=Q(offer=None, category__isnull=False) | Q(offer__isnull=False, category=None),
                name="suppresses_one_thing",
            ),
            models.UniqueConstraint(fields=("profile", "offer"), name="suppresses_offer_once"),
            models.UniqueConstraint(fields=("profile", "category"), name="suppresses_category_once"),
        ]
        indexes = [
            models.Index(
                fields=("until_at",), condition=Q(until_at__isnull=False, is_over=False), name="suppression_to_end"
            )
        ]

    def __str__(self) -> str:
        return f"suppression {self.pk}"


class Exposure(models.Model):
    """How often a customer was sent an offer on a day, and whether they saw it on a page: what caps count. On a page it
    is once a day, however often the page is loaded. Goes when no cap looks back so far."""

    class Channel(models.TextChoices):
        PAGE = "page", _("pages")
        MAIL = "mail", _("mail")

    pk = models.CompositePrimaryKey("customer_id", "offer_id", "channel", "day")
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    offer = models.ForeignKey(Offer, on_delete=models.DO_NOTHING, related_name="+")
    channel = models.CharField(max_length=4, choices=Channel)
    day = models.DateField()
    times = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("exposure")
        verbose_name_plural = _("exposures")

    def __str__(self) -> str:
        return f"exposure {self.pk}"
