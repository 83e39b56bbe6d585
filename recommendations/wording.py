"""How a benefit, a price and an end read in words, in the language in force."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext

SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "IDR": "Rp "}


def money_in_words(amount: Decimal | None, currency: str) -> str:
    """ "€24", "€24.50", "Rp 145.000"; empty for no price."""
    if amount is None:
        return ""
    decimals = 0 if amount == amount.to_integral_value() else 2
    return f"{SYMBOLS.get(currency, currency + ' ')}{number_format(amount, decimals, force_grouping=True)}"


def benefit_in_words(kind: str, value: Decimal | None, currency: str) -> str:
    match kind:
        case "percentage":
            # xgettext:no-python-format
            return gettext("{percent}% off").format(percent=number_format((value or Decimal(0)).normalize()))
        case "amount":
            return gettext("{amount} off").format(amount=money_in_words(value, currency))
        case "sample":
            return gettext("Free sample")
        case "bundle":
            return gettext("Together")
        case "content":
            return gettext("Good to know")
        case "early_access":
            return gettext("Before everyone else")
    return ""


def end_in_words(ends_at: datetime | None) -> str:
    """ "Until 30 November", with the year when it is not this one; empty when there is no end."""
    if ends_at is None:
        return ""
    local = timezone.localtime(ends_at)
    same_year = local.year == timezone.localtime().year
    return gettext("Until {day}.").format(day=date_format(local, "j F" if same_year else "j F Y"))
