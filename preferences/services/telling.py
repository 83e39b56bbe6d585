"""What customers tell, correct and take back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .. import signals
from ..coding import CodingError, codes_of
from ..models import Attribute
from .acting import InvalidValue, UnknownItem, announce, call, current


@dataclass(frozen=True, slots=True)
class Told:
    """A value as a customer told it, with the question it answered."""

    attribute_key: str
    value: object
    question_key: str = ""


def remember(
    *, profile_id: int, items: Sequence[Told], source: str = "quiz", source_label: Mapping[str, str] | None = None
) -> None:
    """Keeps these values of a profile, each instead of an earlier one, and lets them be used as far as is granted.

    `source_label` is what the customer knows the source by, as a translated text.
    """
    if not items:
        return
    attributes = {
        each.key: each
        for each in Attribute.objects.filter(key__in=[item.attribute_key for item in items]).prefetch_related("values")
    }
    told = []
    for item in items:
        attribute = attributes.get(item.attribute_key)
        if attribute is None:
            raise UnknownItem(item.attribute_key)
        try:
            codes = codes_of(attribute.coding, item.value)
        except CodingError as error:
            raise InvalidValue(str(error)) from error
        told.append(
            {"attribute": item.attribute_key, "value": item.value, "codes": codes, "question": item.question_key}
        )
    label = json.dumps(dict(source_label or {}))
    call("remember", profile_id, json.dumps(told), source.partition(":")[0], label, source)
    announce((profile_id,))


def correct(*, profile_id: int, attribute_key: str, value: object, source: str = "center") -> None:
    """Replaces one value by what the customer says now."""
    remember(profile_id=profile_id, items=[Told(attribute_key, value)], source=source)


def forget(*, profile_id: int, attribute_key: str, source: str = "center") -> None:
    """Deletes a value and its history; the ledger keeps that something was erased, not what."""
    call("forget", profile_id, attribute_key, source)
    signals.forgotten.send(sender=None, customer_id=current(), profile_id=profile_id)
    announce((profile_id,))
