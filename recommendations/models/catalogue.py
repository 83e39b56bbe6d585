"""What can be recommended: products, the tree of categories they stand in, and the traits that speak for them."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from preferences.fields import TranslatedField
from preferences.models import Feature

art_path = RegexValidator(r"^art/[\w/.-]+\.(svg|png|jpg|jpeg|webp|avif)\Z", _("Choose an image under art/."))
currency_code = RegexValidator(r"^[A-Z]{3}\Z", _("Use a three-letter currency code, such as EUR or IDR."))
MOST_WEIGHT = 10
in_range = [MinValueValidator(-MOST_WEIGHT), MaxValueValidator(MOST_WEIGHT)]
weight_in_range = Q(weight__gte=-MOST_WEIGHT, weight__lte=MOST_WEIGHT)


class Category(models.Model):
    """A place in the brand's own tree of products. The nearer two products stand in it, the more alike they are."""

    slug = models.SlugField(_("slug"), max_length=50, unique=True)
    name = TranslatedField(_("name"))
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )
    is_sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        help_text=_("Its offers, and those of all categories below, only go to people who said so themselves."),
    )

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ("slug",)
        constraints = [models.CheckConstraint(condition=~Q(parent=F("id")), name="category_not_its_own_parent")]

    def __str__(self) -> str:
        return self.slug


class Trait(models.Model):
    """Something true of several products, such as fragrance-free, that some answers speak for and others against."""

    slug = models.SlugField(_("slug"), max_length=50, unique=True)
    name = TranslatedField(_("name"))

    class Meta:
        verbose_name = _("trait")
        verbose_name_plural = _("traits")
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.slug


class TraitWeight(models.Model):
    """How much one answer speaks for every product with a trait, or (negative) against it."""

    trait = models.ForeignKey(Trait, on_delete=models.CASCADE, related_name="weights")
    feature = models.ForeignKey(Feature, on_delete=models.PROTECT, related_name="+", verbose_name=_("answer"))
    weight = models.FloatField(
        _("weight"), validators=in_range, help_text=_("From -10 (speaks strongly against) to 10 (for).")
    )

    class Meta:
        verbose_name = _("weight")
        verbose_name_plural = _("weights")
        constraints = [
            models.UniqueConstraint(fields=("trait", "feature"), name="trait_weight_once"),
            models.CheckConstraint(condition=weight_in_range, name="trait_weight_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.trait_id}/{self.feature_id}: {self.weight}"


class Product(models.Model):
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = TranslatedField(_("name"))
    description = TranslatedField(_("description"), blank=True, long=True)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="products", verbose_name=_("category")
    )
    traits = models.ManyToManyField(Trait, blank=True, related_name="products", verbose_name=_("traits"))
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


class Complement(models.Model):
    """Whoever bought the one may like the other: a marketer's word, or suggested from what was bought together.

    Only an active edge counts; a suggestion waits for a marketer.
    """

    class Origin(models.TextChoices):
        MARKETER = "marketer", _("marketer")
        BOUGHT_TOGETHER = "bought_together", _("bought together")

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="complements", verbose_name=_("whoever bought")
    )
    suggested = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+", verbose_name=_("may like"))
    weight = models.FloatField(
        _("weight"),
        default=1,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_WEIGHT)],
        help_text=_("How much the purchase speaks for it, up to 10."),
    )
    origin = models.CharField(_("origin"), max_length=15, choices=Origin, default=Origin.MARKETER)
    is_active = models.BooleanField(_("counts"), default=True)

    class Meta:
        verbose_name = _("complement")
        verbose_name_plural = _("complements")
        constraints = [
            models.UniqueConstraint(fields=("product", "suggested"), name="complement_once"),
            models.CheckConstraint(condition=~Q(product=F("suggested")), name="complement_is_another"),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=MOST_WEIGHT), name="complement_weight_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} → {self.suggested_id}"
