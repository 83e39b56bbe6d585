"""Texts of Django's and allauth's that customers read, listed so that our catalogue words them: it wins over theirs."""

from django.utils.translation import gettext_noop as _

TEXTS = (
    _("This field is required."),
    _("Enter a number."),
    _("Enter a valid date."),
    _("Enter a valid email address."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
    _("Ensure this value is less than or equal to %(limit_value)s."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("Email"),
    _("Email address"),
    _("Code"),
    _("Incorrect code."),
    _("Be patient, you are sending too many requests."),
)
