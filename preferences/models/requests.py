"""What people ask of us by letter, phone or in person, by when it is due, and each look of staff at a person.

Row-secured: only members of the privacy group on duty see requests. Who did what is written by the database itself; see
migrations/sql. No permission of Django's gives any of it to anybody.
"""

from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..clocks import Clock
from .people import Customer


def known_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("Write a time zone such as Europe/Brussels."))


class RequestKind(models.TextChoices):
    """Completes "They ask …"."""

    ACCESS = "access", _("to see what we hold")
    CORRECTION = "correction", _("to correct something")
    DELETION = "deletion", _("to delete everything")
    STOP = "stop", _("to stop a use")
    RESTRICTION = "restriction", _("to only keep, and not use")
    OBJECTION = "objection", _("to object to a use")
    PORTABILITY = "portability", _("to take a copy along")
    COMPLAINT = "complaint", _("a complaint")


class Jurisdiction(models.Model):
    """A law and its clocks. Data, not code: the owner keeps it."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    time_zone = models.CharField(
        _("time zone"),
        max_length=50,
        validators=[known_time_zone],
        help_text=_("Where its days end: Europe/Brussels, Asia/Jakarta."),
    )
    keep_days = models.PositiveIntegerField(
        _("days kept"),
        default=365,
        validators=[MaxValueValidator(3650)],
        help_text=_("So many days after a request is closed we forget who made it. A deletion is forgotten at once."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("jurisdiction")
        verbose_name_plural = _("jurisdictions")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name


class RequestClock(models.Model):
    """How long a kind of request may take; the one without a kind is for all that have none of their own."""

    class Unit(models.TextChoices):
        HOURS = "hours", _("hours")
        DAYS = "days", _("days")
        WORKING_DAYS = "working_days", _("working days")
        MONTHS = "months", _("months")

    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.CASCADE, related_name="clocks")
    kind = models.CharField(
        _("asks"), max_length=12, choices=[("", _("anything else")), *RequestKind.choices], blank=True
    )
    amount = models.PositiveSmallIntegerField(
        _("to answer within"), validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    unit = models.CharField(_("unit"), max_length=12, choices=Unit)
    extension = models.PositiveSmallIntegerField(
        _("may be extended by"), default=0, validators=[MaxValueValidator(1000)], help_text=_("0: not at all.")
    )
    remind_hours = models.PositiveSmallIntegerField(
        _("hours of warning"), default=168, validators=[MaxValueValidator(1000)]
    )

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        ordering = ("jurisdiction", "kind")
        constraints = [
            models.UniqueConstraint(fields=("jurisdiction", "kind"), name="one_clock_a_kind"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="clock_runs"),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction.code} {self.kind}".strip()

    @property
    def rule(self) -> Clock:
        return Clock(self.amount, self.unit, self.jurisdiction.time_zone, self.extension, self.remind_hours)


class PrivacyRequest(models.Model):
    """Told apart by its number alone: who asks is personal, and goes some time after it is closed."""

    class Channel(models.TextChoices):
        LETTER = "letter", _("by letter")
        EMAIL = "email", _("by e-mail")
        PHONE = "phone", _("by phone")
        PERSON = "person", _("in person")

    class Identity(models.TextChoices):
        ADDRESS = "address", _("they answered from the account's address")
        CODE = "code", _("they read a code back that we sent to the account's address")
        DOCUMENT = "document", _("we saw a document, and kept no copy")
        KNOWN = "known", _("they stood before somebody who knows them")

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        NOTHING = "nothing", _("nothing found")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn by the person")

    kind = models.CharField(_("asks"), max_length=12, choices=RequestKind)
    channel = models.CharField(_("came"), max_length=10, choices=Channel)
    received_at = models.DateTimeField(_("received"))
    jurisdiction = models.ForeignKey(
        Jurisdiction, verbose_name=_("law"), on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    email = models.EmailField(_("their e-mail address"), blank=True)
    description = models.TextField(_("who they are, and what they ask"), max_length=2000, blank=True)
    entered_at = models.DateTimeField(editable=False, null=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    first_due_at = models.DateTimeField()
    due_at = models.DateTimeField(_("due"))
    remind_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    overdue_noted_at = models.DateTimeField(null=True)
    extended_at = models.DateTimeField(null=True)
    extension_reason = models.TextField(_("why it takes longer"), max_length=500, blank=True)
    identity = models.CharField(_("how we know them"), max_length=10, choices=Identity, blank=True)
    identified_at = models.DateTimeField(null=True)
    identified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.OPEN)
    outcome = models.TextField(_("what was done"), max_length=2000, blank=True)
    closed_at = models.DateTimeField(null=True)
    anonymised_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests of people")
        default_permissions = ()
        ordering = ("due_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=RequestKind.values, status__in=("open", "done", "nothing", "declined", "withdrawn")
                ),
                name="request_is_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(status="open", closed_at=None) | (~Q(status="open") & Q(closed_at__isnull=False)),
                name="request_closes_once",
            ),
            models.CheckConstraint(
                condition=Q(identity="", identified_at=None, identified_by=None)
                | (~Q(identity="") & Q(identified_at__isnull=False, identified_by__isnull=False)),
                name="identity_says_how_who_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="done", kind__in=("access", "correction", "deletion", "portability"))
                | Q(identified_at__isnull=False),
                name="identity_before_it_is_done",
            ),
            models.CheckConstraint(
                condition=Q(extended_at=None, extension_reason="", due_at=F("first_due_at"))
                | Q(extended_at__isnull=False, extended_at__lte=F("first_due_at"), due_at__gt=F("first_due_at")),
                name="extension_told_in_time",
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at=None) & (~Q(email="") | ~Q(description=""))
                | Q(email="", description="", outcome="", extension_reason="", customer=None)
                & Q(anonymised_at__isnull=False, closed_at__isnull=False),
                name="request_is_somebodys_or_nobodys",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(anonymised_at__isnull=False) | ~Q(outcome=""),
                name="closing_says_what_was_done",
            ),
            models.CheckConstraint(
                condition=Q(
                    first_due_at__gt=F("received_at"), entered_at__isnull=False, entered_at__gte=F("received_at")
                ),
                name="request_has_come",
            ),
        ]
        indexes = [models.Index(fields=("due_at",), condition=Q(closed_at=None), name="request_due")]

    def __str__(self) -> str:
        return f"{self.pk}"


class RequestStep(models.Model):
    """What was done about a request, by whom, when. Written by the database; nobody changes or deletes it."""

    class Kind(models.TextChoices):
        ENTERED = "entered", _("entered")
        CHANGED = "changed", _("changed what was entered")
        IDENTIFIED = "identified", _("checked who they are")
        FOUND = "found", _("found their account")
        NOT_FOUND = "not_found", _("looked for their account, and there was none")
        EXTENDED = "extended", _("told them that it takes longer")
        VIEW = "view", _("looked at what we hold")
        DOWNLOAD = "download", _("made a copy for them")
        CORRECT = "correct", _("corrected something")
        SWITCH_OFF = "switch_off", _("switched a use off")
        RESTRICT = "restrict", _("put everything on hold")
        OBJECT = "object", _("noted an objection")
        ERASE = "erase", _("deleted everything")
        CLOSED = "closed", _("closed it")
        REMINDED = "reminded", _("reminded the privacy staff")
        OVERDUE = "overdue", _("told the privacy staff that it is overdue")
        FORGOTTEN = "forgotten", _("forgot who asked")

    request = models.ForeignKey(PrivacyRequest, on_delete=models.DO_NOTHING, related_name="steps", db_constraint=False)
    kind = models.CharField(max_length=12, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    detail = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        default_permissions = ()
        ordering = ("id",)
        indexes = [models.Index(fields=("request", "id"), name="step_of_request")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Look(models.Model):
    """A member of staff looked at, or acted for, a person: written before anything could be seen.

    The person sees when, in which role and why, not who it was. Erasing takes the ties and leaves that somebody looked.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    request = models.ForeignKey(
        PrivacyRequest, on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    role = models.CharField(max_length=20)
    reason = models.CharField(max_length=12)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("look")
        verbose_name_plural = _("looks")
        default_permissions = ()
        indexes = [models.Index(fields=("customer", "id"), name="look_at_customer")]

    def __str__(self) -> str:
        return f"look {self.pk}"
