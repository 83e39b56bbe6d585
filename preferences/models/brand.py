"""The brand that this installation serves: its name and looks."""

import posixpath
import re

from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..fields import TranslatedField
from .requests import known_time_zone

font_stack = RegexValidator(
    r"""^[\w\s"',\-]+\Z""", _("Use font names separated by commas, with quotes around names that have spaces.")
)
QUOTED = re.compile(r""""[^"\n]*"|'[^'\n]*'""")


class Brand(models.Model):
    """There is one row. Colours are derived from the hue and chroma, so contrast holds whatever the brand."""

    name = models.CharField(_("name"), max_length=80)
    tagline = TranslatedField(_("tagline"), blank=True)
    about = TranslatedField(_("about"), blank=True, long=True)
    hue = models.FloatField(
        _("hue"),
        default=35,
        validators=[MinValueValidator(0), MaxValueValidator(360)],
        help_text=_("Angle on the colour circle: 25 is red, 90 yellow, 145 green, 250 blue, 330 pink."),
    )
    chroma = models.FloatField(
        _("colourfulness"),
        default=0.09,
        validators=[MinValueValidator(0), MaxValueValidator(0.2)],
        help_text=_("From 0 (grey) to 0.2 (vivid)."),
    )
    radius_px = models.PositiveSmallIntegerField(
        _("corner radius"), default=14, validators=[MaxValueValidator(40)], help_text=_("In pixels.")
    )
    font_display = models.CharField(
        _("font for headings"),
        max_length=200,
        default='ui-serif, "Iowan Old Style", Palatino, Georgia, serif',
        validators=[font_stack],
    )
    font_text = models.CharField(
        _("font for text"), max_length=200, default="system-ui, sans-serif", validators=[font_stack]
    )
    logo = models.CharField(
        _("logo"), max_length=200, blank=True, help_text=_("Path of a static file, such as art/brand/logo.svg.")
    )
    hero = models.CharField(
        _("picture on the first page"), max_length=200, blank=True, help_text=_("Path of a static file under art/.")
    )
    hero_alt = TranslatedField(_("picture in words"), blank=True)
    age_of_consent = models.PositiveSmallIntegerField(
        _("age of consent"),
        default=16,
        validators=[MinValueValidator(13), MaxValueValidator(21)],
        help_text=_(
            "Below this age, in years, nothing that needs consent is asked for or switched on. Counts for what people "
            "say of their age from now on."
        ),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        default="UTC",
        validators=[known_time_zone],
        help_text=_("For customers of whom we do not know where they are, such as Europe/Berlin."),
    )
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brand")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_brand")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        for field in ("font_display", "font_text"):
            if set("\"'\n\r\f") & set(QUOTED.sub("", getattr(self, field))):  # it would end the stylesheet there
                raise ValidationError({field: font_stack.message})
        for field in ("logo", "hero"):
            path = getattr(self, field)
            if path and (not path.startswith("art/") or posixpath.normpath(path) != path or finders.find(path) is None):
                raise ValidationError({field: _("There is no such file under static/art/.")})
