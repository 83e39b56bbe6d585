"""What can be recommended, what customers get, and what was computed for them.

`TailoredOffers` and `Claim` are personal: row security is forced on them (migrations/sql), and only SQL functions
write them. The foreign keys that make them disappear at the right moment are made there too, because Django's own do
not cascade in the database.
"""

from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from preferences import conditions
from preferences.fields import TranslatedField
from preferences.models import Customer, Feature, Profile, Purpose
from recommendations.scoring import OfferTerms

art_path = RegexValidator(r"^art/[\w/.-]+\.(svg|png|jpg|jpeg|webp|avif)\Z", _("Choose an image under art/."))
currency_code = RegexValidator(r"^[A-Z]{3}\Z", _("Use a three-letter currency code, such as EUR or IDR."))


class Product(models.Model):
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = TranslatedField(_("name"))
    description = TranslatedField(_("description"), blank=True, long=True)
    category = models.SlugField(_("category"), max_length=50, help_text=_("A key such as cleanser or rain_jacket."))
    price_amount = models.DecimalField(_("price"), max_digits=12, decimal_places=2, null=True, blank=True)
    price_currency = models.CharField(_("currency"), max_length=3, default="EUR", validators=[currency_code])
    art = models.CharField(
        _("picture"),
        max_length=200,
        blank=True,
        validators=[art_path],
        help_text=_("Path of a static file, such as art/products/balm.svg."),
    )
    alt = TranslatedField(
        _("picture in words"), blank=True, help_text=_("What the picture shows, for people who do not see it.")
    )

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ("slug",)
        constraints = [
            models.CheckConstraint(condition=Q(price_amount=None) | Q(price_amount__gte=0), name="price_not_negative")
        ]

    def __str__(self) -> str:
        return self.slug

    def clean(self) -> None:
        if self.art and not (self.alt or {}).get("en"):
            raise ValidationError({"alt": _("Say in words what the picture shows.")})


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
    weight = models.FloatField(_("weight"), help_text=_("From -10 (speaks strongly against) to 10 (for)."))

    class Meta:
        verbose_name = _("weight")
        verbose_name_plural = _("weights")
        constraints = [
            models.UniqueConstraint(fields=("offer", "feature"), name="weight_once"),
            models.CheckConstraint(condition=Q(weight__gte=-10, weight__lte=10), name="weight_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id}/{self.feature_id}: {self.weight}"


class Catalogue(models.Model):
    """One row: the version of everything that decides who gets what. Triggers raise it; never written by hand."""

    version = models.BigIntegerField()
    openings_noted_at = models.DateTimeField()
    sold_out = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_catalogue")]

    def __str__(self) -> str:
        return f"catalogue {self.version}"


class TailoredOffers(models.Model):
    """The ranked offers computed for one profile under one permit, which takes them with it when it goes.

    `reasons` are three feature ids for each offer, 0 for none. A row without offers says: computed, nothing fits.
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

    class Meta:
        indexes = [models.Index(fields=("catalogue",), name="tailored_by_catalogue")]

    def __str__(self) -> str:
        return f"tailored offers {self.pk}"


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
