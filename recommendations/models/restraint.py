"""When offers keep quiet: the brand's own limits, held where an offer is served or sent."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .offers import Offer


class Restraint(models.Model):
    """One row: how long a dismissed offer stays away, when nobody is written to, and who never is."""

    dismissed_days = models.PositiveSmallIntegerField(
        _("dismissed for"), default=30, help_text=_("Days that an offer stays away which somebody did not want.")
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True, help_text=_("In the customer's own time."))
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    holdout_percent = models.PositiveSmallIntegerField(
        _("held out"),
        default=0,
        validators=[MaxValueValidator(50)],
        help_text=_("Per cent of customers who are never sent an offer, to see what sending them changes."),
    )
    holdout_salt = models.BinaryField(editable=False)

    class Meta:
        verbose_name = _("restraint")
        verbose_name_plural = _("restraint")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_restraint"),
            models.CheckConstraint(condition=Q(holdout_percent__lte=50), name="holdout_is_a_part"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None) | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_begin_and_end",
            ),
        ]

    def __str__(self) -> str:
        return "restraint"


class Cap(models.Model):
    """At most so often in so many days. Without an offer it holds for each; all caps that apply must be kept."""

    class Counts(models.TextChoices):
        EACH_OFFER = "each_offer", _("the same offer to the same customer")
        CUSTOMER = "customer", _("all offers to the same customer")
        EVERYBODY = "everybody", _("the same offer to everybody together")

    class Channel(models.TextChoices):
        ANY = "any", _("anywhere")
        PAGE = "page", _("on pages")
        MAIL = "mail", _("by mail")

    counts = models.CharField(_("counts"), max_length=10, choices=Counts)
    channel = models.CharField(_("where"), max_length=4, choices=Channel, default=Channel.ANY)
    offer = models.ForeignKey(
        Offer, on_delete=models.CASCADE, null=True, blank=True, related_name="caps", verbose_name=_("offer")
    )
    most = models.PositiveIntegerField(_("at most"))
    days = models.PositiveSmallIntegerField(_("in days"), default=7)

    class Meta:
        verbose_name = _("cap")
        verbose_name_plural = _("caps")
        constraints = [
            models.CheckConstraint(condition=Q(most__gte=1, days__gte=1, days__lte=366), name="cap_counts_something")
        ]

    def __str__(self) -> str:
        return f"at most {self.most} in {self.days} days"


class OfferReach(models.Model):
    """How many contacts an offer made on a day, everybody together: kept while a cap counts them. Of no customer."""

    pk = models.CompositePrimaryKey("offer_id", "day")
    offer = models.ForeignKey(Offer, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    day = models.DateField()
    page_count = models.PositiveIntegerField(default=0)
    mail_count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"reach {self.pk}"
