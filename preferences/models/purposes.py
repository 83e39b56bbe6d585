"""The uses a brand wants to make of preferences, and the words it explains them with."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..fields import TranslatedField
from .attributes import Attribute


class Purpose(models.Model):
    class Basis(models.TextChoices):
        CONSENT = "consent", _("consent: off until the customer switches it on")
        NECESSITY = "necessity", _("necessity: what the customer came for, shown without a switch")

    slug = models.SlugField(_("slug"), max_length=50, unique=True)
    basis = models.CharField(_("basis"), max_length=10, choices=Basis, default=Basis.CONSENT)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)
    computes_offers = models.BooleanField(
        _("computes offers"), default=False, help_text=_("Tailored offers are computed from what this purpose allows.")
    )
    answers_once = models.BooleanField(
        _("fills in answers"),
        default=False,
        help_text=_("When a quiz asks what the customer told before, their answer is filled in for them to confirm."),
    )
    is_shared = models.BooleanField(
        _("shares with others"),
        default=False,
        help_text=_(
            "What it covers leaves us, or serves advertising elsewhere. It stays off for whoever's browser sends the "
            "Global Privacy Control signal."
        ),
    )
    sends_mail = models.BooleanField(
        _("sends mail"),
        default=False,
        help_text=_(
            "Topics of mail may rest on it: customers choose them one by one, and confirm their address first."
        ),
    )
    attributes = models.ManyToManyField(
        Attribute,
        verbose_name=_("attributes"),
        related_name="purposes",
        blank=True,
        help_text=_(
            "Exactly what it may use. Taking one out stops its use at once. One added is used only for customers who "
            "agree to a notice published afterwards. A sensitive attribute counts only when it is listed here."
        ),
    )

    class Meta:
        verbose_name = _("purpose")
        verbose_name_plural = _("purposes")
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(basis="consent") | models.Q(computes_offers=False), name="offers_need_consent"
            ),
            models.CheckConstraint(
                condition=models.Q(basis="consent") | models.Q(answers_once=False), name="filling_in_needs_consent"
            ),
            models.CheckConstraint(
                condition=models.Q(basis="consent") | models.Q(is_shared=False), name="sharing_needs_consent"
            ),
            models.CheckConstraint(
                condition=models.Q(basis="consent") | models.Q(sends_mail=False), name="mail_needs_consent"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class PurposeNotice(models.Model):
    """What customers read before they switch a purpose on. Never changed: a new wording is a new version.

    It holds what the purpose covered when it was published. A grant reaches as far as the notice it was given under: a
    purpose that covers more later needs a new notice, and each customer's word.
    """

    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="notices")
    version = models.PositiveIntegerField(_("version"))
    title = TranslatedField(_("title"))
    sentence = TranslatedField(_("sentence"), long=True, help_text=_("One plain sentence: what is done with what."))
    benefit = TranslatedField(_("what the customer gets"), long=True)
    details = TranslatedField(_("details"), blank=True, long=True)
    is_material = models.BooleanField(
        _("material change"), default=False, help_text=_("The use itself changed, not only its wording.")
    )
    covers = ArrayField(
        models.BigIntegerField(), editable=False, help_text=_("Ids of attributes, set by the database.")
    )
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("purpose", "-version")
        constraints = [models.UniqueConstraint(fields=("purpose", "version"), name="notice_version_once")]

    def __str__(self) -> str:
        return f"{self.purpose.slug} {self.version}"
