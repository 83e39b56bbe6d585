"""What marketers edit. None of it is shown to customers before it is published as a version."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from preferences.conditions import ConditionError, parse
from preferences.fields import TranslatedField
from preferences.models import Attribute, Purpose

from ..opening import Opening
from ..parts import KINDS
from .versions import QuizVersion

key_format = RegexValidator(
    r"^[a-z0-9][a-z0-9_-]{0,49}\Z", _("Use small letters, digits, underscores and hyphens, from a letter or digit on.")
)
color_format = RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Write a colour as #rrggbb."))
CONDITION_HELP = _('For example {"all": [{"question": "skin_type", "op": "is", "value": "dry"}]}.')


def validate_condition(raw: object) -> None:
    """A condition over questions; whether the questions exist is checked when the quiz is."""
    try:
        parse(raw, operand="question")
    except ConditionError as error:
        raise ValidationError(str(error), code=error.kind) from error


def validate_points(raw: object) -> None:
    if not isinstance(raw, dict) or not all(
        isinstance(number, int | float) and not isinstance(number, bool) for number in raw.values()
    ):
        raise ValidationError(_('Write points as {"outcome": 2}.'), code="points")


def validate_rows(raw: object) -> None:
    if not isinstance(raw, list) or not all(
        isinstance(row, dict) and isinstance(row.get("value"), str) and isinstance(row.get("label"), dict)
        for row in raw
    ):
        raise ValidationError(_('Write rows as [{"value": "dry", "label": {"en": "Dryness"}}].'), code="rows")


class QuizQuerySet(models.QuerySet["Quiz"]):
    def open(self) -> "QuizQuerySet":
        """Those that customers can start now; the same as `opening.Opening.stage`, which a test holds it to."""
        now = Now()
        return self.filter(
            models.Q(opens_at=None) | models.Q(opens_at__lte=now),
            models.Q(closes_at=None) | models.Q(closes_at__gt=now),
            models.Q(completion_limit=None)
            | models.Q(tally=None)
            | models.Q(tally__completed_count__lt=models.F("completion_limit")),
            live_version__isnull=False,
        ).order_by("position", "id")


class Quiz(models.Model):
    class ProfileKind(models.TextChoices):
        SELF = "self", _("the customer")
        PET = "pet", _("a pet")
        CHILD = "child", _("an own child")

    slug = models.SlugField(
        _("slug"), max_length=50, unique=True, help_text=_("Its address. Fixed once it is published.")
    )
    title = TranslatedField(_("title"))
    tagline = TranslatedField(_("tagline"), blank=True)
    profile_kind = models.CharField(_("about"), max_length=10, choices=ProfileKind, default=ProfileKind.SELF)
    exchange_get = TranslatedField(_("what they get"))
    exchange_ask = TranslatedField(_("what we ask"))
    exchange_use = TranslatedField(_("what we use it for"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=2)
    cover = models.CharField(_("cover"), max_length=200, blank=True, help_text=_("A path under static."))
    cover_alt = TranslatedField(_("cover in words"), blank=True)
    languages = models.JSONField(
        _("languages"), default=list, blank=True, help_text=_('Every text must be complete in these: ["en", "id"].')
    )
    hidden = models.JSONField(
        _("hidden fields"),
        default=list,
        blank=True,
        help_text=_('What a link may bring along for conditions, never anything personal: ["utm_source"].'),
    )
    purposes = models.ManyToManyField(Purpose, through="QuizPurpose", related_name="+", verbose_name=_("uses"))
    look = models.JSONField(_("look"), default=dict, blank=True)
    start_label = TranslatedField(_("words of the start button"), blank=True)
    start_note = TranslatedField(_("note beside the start button"), blank=True)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    completion_limit = models.PositiveIntegerField(
        _("most completions"), null=True, blank=True, help_text=_("Then it closes. Whoever is taking it can finish.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    live_version = models.ForeignKey(
        QuizVersion, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)
    changed_by = models.CharField(_("changed by"), max_length=150, blank=True, editable=False)

    objects = QuizQuerySet.as_manager()

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        ordering = ("position", "id")
        permissions = [("publish_quiz", _("Can publish and close quizzes"))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="quiz_closes_after_it_opens",
                violation_error_message=_("It must close after it opens."),
            ),
            models.CheckConstraint(condition=models.Q(completion_limit__gte=1), name="quiz_limit_leaves_room"),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def opening(self) -> Opening:
        """Whether customers can start it. Reads the tally: select_related("tally") for many."""
        tally = getattr(self, "tally", None)
        return Opening(
            is_published=self.live_version_id is not None,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            completion_limit=self.completion_limit,
            completed_count=tally.completed_count if tally else 0,
        )

    def clean(self) -> None:
        self.languages = self.languages or []  # an emptied form field comes as None
        self.hidden = self.hidden or []
        known = dict(settings.LANGUAGES)
        if not isinstance(self.languages, list) or any(code not in known for code in self.languages):
            words = {"known": ", ".join(known)}
            raise ValidationError({"languages": _("A list of languages of this site: %(known)s.") % words})


class QuizPurpose(models.Model):
    """A use that the quiz asks about at its end, in this order."""

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="asked_purposes")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+", verbose_name=_("use"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("use asked about")
        verbose_name_plural = _("uses asked about")
        ordering = ("position", "id")
        constraints = [models.UniqueConstraint(fields=("quiz", "purpose"), name="quiz_asks_purpose_once")]

    def __str__(self) -> str:
        return self.purpose.slug


class Question(models.Model):
    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="questions", verbose_name=_("quiz"))
    key = models.CharField(
        _("key"),
        max_length=50,
        validators=[key_format],
        help_text=_("Reports join versions by it: keep it once published."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=[(kind, kind) for kind in KINDS], default="single")
    attribute = models.ForeignKey(
        Attribute,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("attribute"),
        help_text=_("What the answer tells us beyond this quiz. Empty: it only serves the result."),
    )
    title = TranslatedField(_("question"))
    help = TranslatedField(_("help"), blank=True)
    why = TranslatedField(_("why we ask"), blank=True, long=True)
    required = models.BooleanField(_("must be answered"), default=True)
    may_decline = models.BooleanField(_("offers “prefer not to say”"), default=False)
    seconds = models.PositiveSmallIntegerField(_("seconds"), null=True, blank=True, help_text=_("How long it takes."))
    sensitive = models.BooleanField(_("sensitive"), default=False)
    consent = TranslatedField(
        _("consent"),
        blank=True,
        long=True,
        help_text=_("The sentence beside the unticked box of a sensitive question."),
    )
    names_profile = models.BooleanField(_("names the pet or child"), default=False)
    show_if = models.JSONField(
        _("shown if"), null=True, blank=True, validators=[validate_condition], help_text=CONDITION_HELP
    )
    required_if = models.JSONField(
        _("must be answered if"), null=True, blank=True, validators=[validate_condition], help_text=CONDITION_HELP
    )
    shuffle = models.BooleanField(_("choices in random order"), default=False)
    shuffle_group = models.CharField(
        _("random order with"),
        max_length=50,
        blank=True,
        validators=[key_format],
        help_text=_("Neighbours with the same word here are asked in a random order."),
    )
    by_year = models.BooleanField(
        _("asks for the year of birth"), default=False, help_text=_("Of an age gate. The year is not stored.")
    )
    minimum = models.CharField(
        _("least"), max_length=20, blank=True, help_text=_("A number, or for dates YYYY-MM-DD or “today”.")
    )
    maximum = models.CharField(
        _("greatest"), max_length=20, blank=True, help_text=_("As above; of a text, its greatest length.")
    )
    step = models.FloatField(_("step"), null=True, blank=True)
    unit = TranslatedField(_("unit"), blank=True)
    low = TranslatedField(_("words at the low end"), blank=True)
    high = TranslatedField(_("words at the high end"), blank=True)
    min_choices = models.PositiveSmallIntegerField(_("fewest choices"), null=True, blank=True)
    max_choices = models.PositiveSmallIntegerField(_("most choices"), null=True, blank=True)
    rows = models.JSONField(
        _("rows"),
        default=list,
        blank=True,
        validators=[validate_rows],
        help_text=_('Of a matrix; its choices are the scale. [{"value": "dry", "label": {"en": "Dryness"}}]'),
    )

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("position", "id")
        constraints = [models.UniqueConstraint(fields=("quiz", "key"), name="question_key_once")]

    def __str__(self) -> str:
        return self.key

    def clean(self) -> None:
        self.rows = self.rows or []


class Choice(models.Model):
    """The value never changes its meaning; the label may be reworded and translated."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices")
    value = models.CharField(_("value"), max_length=50, validators=[key_format])
    label = TranslatedField(_("label"))
    help = TranslatedField(_("help"), blank=True)
    image = models.CharField(_("picture"), max_length=200, blank=True, help_text=_("A path under static."))
    alt = TranslatedField(_("picture in words"), blank=True)
    color = models.CharField(_("colour"), max_length=7, blank=True, validators=[color_format])
    feedback = TranslatedField(
        _("feedback"), blank=True, help_text=_("Said quietly at the top of the next page to whoever chose this.")
    )
    is_last = models.BooleanField(_("stays last"), default=False, help_text=_("When the choices are shuffled."))
    points = models.JSONField(
        _("points"), default=dict, blank=True, validators=[validate_points], help_text=_('{"outcome": 2}')
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ("position", "id")
        constraints = [models.UniqueConstraint(fields=("question", "value"), name="choice_value_once")]

    def __str__(self) -> str:
        return self.value

    def clean(self) -> None:
        self.points = self.points or {}


class Rule(models.Model):
    """From this question, when the condition holds, the quiz goes on at a later one or ends."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="rules")
    condition = models.JSONField(_("if"), validators=[validate_condition], help_text=CONDITION_HELP)
    to = models.CharField(_("goes on at"), max_length=50, help_text=_("The key of a later question, or “end”."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("jump")
        verbose_name_plural = _("jumps")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"→ {self.to}"


class Outcome(models.Model):
    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="outcomes", verbose_name=_("quiz"))
    key = models.CharField(_("key"), max_length=50, validators=[key_format])
    title = TranslatedField(_("title"))
    summary = TranslatedField(_("summary"), long=True, help_text=_("{skin_type} quotes the answer to that question."))
    when = models.JSONField(
        _("only if"), null=True, blank=True, validators=[validate_condition], help_text=CONDITION_HELP
    )
    art = models.CharField(_("art"), max_length=200, blank=True, help_text=_("A path under static."))
    art_alt = TranslatedField(_("art in words"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ("position", "id")
        constraints = [models.UniqueConstraint(fields=("quiz", "key"), name="outcome_key_once")]

    def __str__(self) -> str:
        return self.key


class OutcomeStep(models.Model):
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="steps")
    title = TranslatedField(_("title"))
    text = TranslatedField(_("text"), long=True)
    when_to_use = TranslatedField(_("when"), blank=True)
    product = models.CharField(_("product"), max_length=100, blank=True, help_text=_("The slug of a product to show."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"{self.outcome} {self.position}"
