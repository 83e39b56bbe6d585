"""What a customer can tell us."""

from functools import cached_property

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..coding import AttributeCoding, CodingError, bins_from_json
from ..fields import TranslatedField

key_format = RegexValidator(
    r"^[a-z][a-z0-9_]{0,49}\Z", _("Use small letters, digits and underscores, from a letter on.")
)
code_format = RegexValidator(r"^[a-z0-9][a-z0-9_]{0,49}\Z", _("Use small letters, digits and underscores."))


class Attribute(models.Model):
    class Kind(models.TextChoices):
        CHOICE = "choice", _("one of several values")
        MULTI = "multi", _("any of several values")
        NUMBER = "number", _("number")
        DATE = "date", _("date")
        TEXT = "text", _("free text")
        RANKING = "ranking", _("ranking of values")
        BOOLEAN = "boolean", _("yes or no")

    class ProfileKind(models.TextChoices):
        SELF = "self", _("the customer")
        PET = "pet", _("a pet")
        CHILD = "child", _("an own child")

    key = models.CharField(_("key"), max_length=50, unique=True, validators=[key_format])
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    profile_kind = models.CharField(_("about"), max_length=10, choices=ProfileKind, default=ProfileKind.SELF)
    label = TranslatedField(_("label"))
    sentence = TranslatedField(
        _("sentence"),
        help_text=_("Completes “You told us …”: “your skin is {value}”. Keep {value} where the value goes."),
    )
    group = TranslatedField(_("group"), help_text=_("The heading it stands under in the preference center: “My skin”."))
    unit = TranslatedField(_("unit"), blank=True)
    is_sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        help_text=_(
            "Health, beliefs, orientation and the like. Asked with a consent of its own, never quoted on offers."
        ),
    )
    shelf_life_days = models.PositiveIntegerField(
        _("shelf life"), default=730, help_text=_("After this many days the value is no longer used.")
    )
    keeps_history = models.BooleanField(
        _("keeps history"), default=False, help_text=_("Earlier values are kept, to show change over time.")
    )
    bins = models.JSONField(
        _("bins"),
        default=list,
        blank=True,
        help_text=_('For numbers and dates: [{"code": "under_5", "below": 5}, {"code": "5_and_over"}].'),
    )
    ranking_first = models.PositiveSmallIntegerField(
        _("places that count"), default=3, help_text=_("How many places of a ranking are used.")
    )

    class Meta:
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes")
        ordering = ("key",)
        constraints = [
            models.CheckConstraint(condition=models.Q(shelf_life_days__gte=1), name="attribute_has_shelf_life"),
            models.CheckConstraint(condition=models.Q(ranking_first__gte=1), name="attribute_ranks_something"),
        ]

    def __str__(self) -> str:
        return self.key

    def clean(self) -> None:
        try:
            bins_from_json(self.bins)
        except (CodingError, AttributeError, TypeError) as error:
            raise ValidationError({"bins": str(error)}) from error
        if self.bins and self.kind not in (self.Kind.NUMBER, self.Kind.DATE):
            raise ValidationError({"bins": _("Only numbers and dates have bins.")})
        if any("{value}" not in text for text in self.sentence.values()):
            raise ValidationError({"sentence": _("Put {value} where the value goes.")})

    @cached_property
    def coding(self) -> AttributeCoding:
        """How its values become features. Reads `values`; prefetch them for many attributes."""
        return AttributeCoding(
            key=self.key,
            kind=self.kind,
            values=tuple(each.value for each in self.values.all()),
            bins=bins_from_json(self.bins),
            ranking_first=self.ranking_first,
        )


class AttributeValue(models.Model):
    """One allowed value, or the wording of one bin. The value never changes; its label may.

    A value of `purchases` is a product's slug as it stands, put there by the database; marketers' own are shorter.
    """

    attribute = models.ForeignKey(Attribute, on_delete=models.CASCADE, related_name="values")
    value = models.CharField(_("value"), max_length=80, validators=[code_format])
    label = TranslatedField(_("label"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("value")
        verbose_name_plural = _("values")
        ordering = ("position", "id")
        constraints = [models.UniqueConstraint(fields=("attribute", "value"), name="attribute_value_once")]

    def __str__(self) -> str:
        return self.value


class Feature(models.Model):
    """The small integer that stands for one coded value. Never deleted, so an id never gets another meaning."""

    id = models.AutoField(primary_key=True)
    attribute = models.ForeignKey(Attribute, on_delete=models.PROTECT, related_name="features")
    code = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("feature")
        verbose_name_plural = _("features")
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=("attribute", "code"), name="feature_once")]

    def __str__(self) -> str:
        return f"{self.attribute.key}={self.code}"
