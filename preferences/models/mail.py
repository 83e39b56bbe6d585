"""What a customer hears from us, where, and how often. Rows of one customer are written by SQL functions only."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..fields import TranslatedField
from .attributes import key_format
from .consent import CoreRow
from .people import Customer
from .purposes import Purpose, PurposeNotice


class Frequency(models.TextChoices):
    ALWAYS = "always", _("As it comes")
    WEEKLY = "weekly", _("At most once a week")
    MONTHLY = "monthly", _("At most once a month")
    YEARLY = "yearly", _("At most once a year")


class Channel(models.TextChoices):
    MAIL = "mail", _("By e-mail")
    PAGE = "page", _("Only here, on this page")


def every_frequency() -> list[str]:
    return list(Frequency.values)


class Topic(models.Model):
    """Something customers can choose to hear about. Its mail rests on a purpose that sends mail."""

    class Kind(models.TextChoices):
        LETTER = "letter", _("letters that you write")
        REASK = "reask", _("asking whether answers are still right, at most once a season")

    key = models.CharField(_("key"), max_length=50, unique=True, validators=[key_format])
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.LETTER)
    purpose = models.ForeignKey(
        Purpose,
        on_delete=models.PROTECT,
        related_name="topics",
        verbose_name=_("purpose"),
        limit_choices_to={"sends_mail": True},
        help_text=_("What customers agree to when they switch it on."),
    )
    title = TranslatedField(_("title"))
    sentence = TranslatedField(_("sentence"), long=True, help_text=_("What it is, and how often it comes."))
    frequencies = ArrayField(
        models.CharField(max_length=10, choices=Frequency),
        verbose_name=_("how often"),
        default=every_frequency,
        help_text=_("What customers can choose from; the first is what they get unless they choose."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(condition=models.Q(frequencies__len__gte=1), name="topic_has_a_frequency"),
        ]

    def __str__(self) -> str:
        return self.key

    def clean(self) -> None:
        if self.purpose_id and not self.purpose.sends_mail:
            raise ValidationError({"purpose": _("Choose a purpose that sends mail.")})


class Letter(models.Model):
    """One issue of a topic, the same for everyone: letters never carry what customers told."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="letters", verbose_name=_("topic"))
    subject = TranslatedField(_("subject"))
    body = TranslatedField(
        _("letter"), long=True, help_text=_("Plain text; an empty line begins a new paragraph. The same for everyone.")
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.topic.key} {self.pk}"


class MailAddress(CoreRow):
    """Where letters go, once confirmed by a link sent there."""

    customer = models.OneToOneField(Customer, on_delete=models.DO_NOTHING, primary_key=True, db_constraint=False)
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=10)
    confirmed_at = models.DateTimeField()
    bounced_at = models.DateTimeField(null=True)


class MailConfirmation(CoreRow):
    """An address that waits for its link to be pressed. The token is made when the mail is; only its hash is here."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    address = models.CharField(max_length=254)
    address_key = models.BinaryField()
    language = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True)
    attempt_count = models.PositiveSmallIntegerField(default=0)
    token_hash = models.BinaryField(null=True, unique=True)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=("customer",), name="mail_confirmation_customer")]


class AddressAsked(models.Model):
    """That an address was asked today, by whomever: a keyed hash, deleted after a day."""

    address_key = models.BinaryField(primary_key=True)
    asked_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return "an address"


class TopicChoice(CoreRow):
    """What a customer wants of a topic. What is wanted is sent only while its purpose is granted too."""

    pk = models.CompositePrimaryKey("customer_id", "topic_id")
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    topic = models.ForeignKey(Topic, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    is_on = models.BooleanField(default=False)
    frequency = models.CharField(max_length=10, choices=Frequency)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.MAIL)
    notice = models.ForeignKey(PurposeNotice, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    language = models.CharField(max_length=10)
    switched_at = models.DateTimeField()
    snoozed_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=("topic", "customer"), condition=models.Q(is_on=True), name="topic_wanted")]


class Sending(CoreRow):
    """A letter for one customer. The row is the claim to send it: there is one an occasion, so it goes out once."""

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    topic = models.ForeignKey(Topic, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    letter = models.ForeignKey(Letter, on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    occasion = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel)
    answer_count = models.PositiveIntegerField(default=0)
    claimed_at = models.DateTimeField(db_index=True)
    attempt_count = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("customer", "topic", "occasion"), name="one_sending_an_occasion")
        ]


class MailLink(CoreRow):
    """The link in one letter: it may snooze or stop its topic, or all mail. Only the hash of its token is kept."""

    token_hash = models.BinaryField(primary_key=True)
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    topic = models.ForeignKey(Topic, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("customer",), name="mail_link_customer")]
