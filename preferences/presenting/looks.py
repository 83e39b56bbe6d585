"""Who of us looked at a customer, in words."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime

from .. import selectors


@dataclass(frozen=True, slots=True)
class LookView:
    at_text: str
    role: str
    reason: str


def looks(customer_id: int) -> list[LookView]:
    """Each look, newest first."""
    return [
        LookView(date_format(localtime(each.at), "j F Y, H:i"), each.role, each.reason)
        for each in selectors.looks(customer_id)
    ]
