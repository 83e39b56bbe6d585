"""E-mail addresses: how one is written down, and the key under which one is counted without being kept."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.crypto import salted_hmac

LONGEST = 254
_valid = EmailValidator()


def normalise(address: str) -> str:
    """The address as it is kept, its domain in small letters; ValidationError when it is none."""
    address = unicodedata.normalize("NFC", address.strip())
    if len(address) > LONGEST or not address.isprintable():
        raise ValidationError(_valid.message, code="invalid")
    _valid(address)
    name, _at, domain = address.rpartition("@")
    return f"{name}@{domain.lower()}"


def key_of(address: str) -> bytes:
    """The same for every way to write the address; says nothing to who does not have our secret key."""
    return salted_hmac("preferences.letters.addresses", address.casefold(), algorithm="sha256").digest()
