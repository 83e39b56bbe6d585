"""What customers get, and who should get it."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from preferences import conditions
from preferences.fields import TranslatedField
from preferences.models import Feature, Purpose
from recommendations.scoring import OfferTerms

from .catalogue import Product, in_range, weight_in_range


class OfferQuerySet(models.QuerySet["Offer"]):
    def open_at(self, now: datetime) -> Self:
        """Those that anybody at all may have now; the same rule as `OfferTerms.is_open`, for a query."""
        return self.filter(
            Q(starts_at=None) | Q(starts_at__lte=now),
            Q(ends_at=None) | Q(ends_at__gt=now),
            Q(stock=None) | Q(stock__gt=0),
            is_active=True,
        )


class Offer(models.Model):
    """Something a customer gets, and who should get it."""

    class Benefit(models.TextChoices):
        PERCENTAGE = "percentage", _("percentage off")
        AMOUNT = "amount", _("amount off")
        SAMPLE = "sample", _("free sample")
        BUNDLE = "bundle", _("bundle")
        CONTENT = "content", _("advice")
        EARLY_ACCESS = "early_access", _("early access")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    title = TranslatedField(_("title"))
    text = TranslatedField(_("text"), blank=True, long=True)
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="offers", verbose_name=_("product")
    )
    benefit_kind = models.CharField(_("kind of benefit"), max_length=12, choices=Benefit)
    benefit_value = models.DecimalField(
        _("value"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Per cent, 15 for 15 % off; for an amount off: in the product's currency."),
    )
    benefit = TranslatedField(
        _("benefit in words"), blank=True, help_text=_("What exactly, and on what terms: “15% off your first jar”.")
    )
    code = models.CharField(_("code"), max_length=40, blank=True, help_text=_("What the customer shows or types in."))
    purpose = models.ForeignKey(
        Purpose,
        on_delete=models.PROTECT,
        related_name="offers",
        limit_choices_to={"computes_offers": True},
        verbose_name=_("purpose"),
        help_text=_("The use customers switch on to be considered for it."),
    )
    prior = models.FloatField(_("prior"), default=0, help_text=_("Its score for someone of whom nothing is known."))
    priority = models.SmallIntegerField(_("priority"), default=0, help_text=_("Decides between equal scores."))
    eligibility = models.JSONField(
        _("only for"),
        null=True,
        blank=True,
        help_text=_(
            'A condition, such as {"attribute": "skin_type", "op": "is", "value": "dry"}. Empty: for everyone.'
        ),
    )
    veto = models.JSONField(
        _("never for"), null=True, blank=True, help_text=_("A condition. Whoever meets it never gets the offer.")
    )
    is_sensitive = models.BooleanField(
        _("in a sensitive category"),
        default=False,
        help_text=_("Only for those who said so themselves: needs an “only for” condition on a sensitive attribute."),
    )
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    stock = models.PositiveIntegerField(_("stock"), null=True, blank=True, help_text=_("Empty: unlimited."))
    is_active = models.BooleanField(_("active"), default=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ("slug",)
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(starts_at__lt=models.F("ends_at")),
                name="offer_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=(
                    Q(benefit_kind="percentage", benefit_value__gt=0, benefit_value__lte=100)
                    | Q(benefit_kind="amount", benefit_value__gt=0, product__isnull=False)
                    | Q(benefit_kind="bundle", benefit_value=None)
                    | Q(benefit_kind="bundle", benefit_value__gt=0, benefit_value__lte=100)
                    | Q(benefit_kind__in=["sample", "content", "early_access"], benefit_value=None)
                ),
                name="offer_benefit_fits",
            ),
            models.CheckConstraint(
                condition=Q(is_sensitive=False) | Q(eligibility__isnull=False), name="sensitive_offer_asks"
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def terms(self) -> OfferTerms:
        """What decides who gets it. Raises ConditionError when a stored condition cannot be read."""
        return OfferTerms(
            id=self.pk,
            prior=self.prior,
            priority=self.priority,
            eligibility=read_condition(self.eligibility),
            veto=read_condition(self.veto),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            stock=self.stock,
            is_active=self.is_active,
            category_id=self.product.category_id if self.product else 0,
        )

    def asked(self) -> frozenset[str]:
        """The attributes that its conditions ask for; none for a condition that cannot be read."""
        try:
            read = (read_condition(self.eligibility), read_condition(self.veto))
        except conditions.ConditionError:
            return frozenset()
        return frozenset(key for condition in read if condition for key in conditions.operands(condition))


def read_condition(raw: Any) -> conditions.Condition | None:
    return conditions.parse(raw, operand="attribute") if raw else None


class OfferWeight(models.Model):
    """How much one answer speaks for an offer, or (negative) against it."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="weights")
    feature = models.ForeignKey(Feature, on_delete=models.PROTECT, related_name="+", verbose_name=_("answer"))
    weight = models.FloatField(
        _("weight"), validators=in_range, help_text=_("From -10 (speaks strongly against) to 10 (for).")
    )

    class Meta:
        verbose_name = _("weight")
        verbose_name_plural = _("weights")
        constraints = [
            models.UniqueConstraint(fields=("offer", "feature"), name="weight_once"),
            models.CheckConstraint(condition=weight_in_range, name="weight_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id}/{self.feature_id}: {self.weight}"
