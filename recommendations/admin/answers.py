"""Attributes and their answers as marketers read them: in conditions, weights and personas."""

from typing import Any

from django.utils.translation import get_language

from preferences.models import Attribute, Feature, Purpose
from preferences.translated import pick
from recommendations.offer_rules import KnownAttribute


def known_attributes(purpose: Purpose | None) -> dict[str, KnownAttribute]:
    """Every attribute as a condition sees it; without a purpose all count as covered."""
    language = get_language() or "en"
    covered = set(purpose.attributes.values_list("pk", flat=True)) if purpose else None
    codes: dict[int, dict[str, str]] = {}
    for attribute_id, code in Feature.objects.values_list("attribute_id", "code"):
        codes.setdefault(attribute_id, {})[code] = code
    attributes = {}
    for each in Attribute.objects.prefetch_related("values"):
        labels = {value.value: pick(value.label, language) for value in each.values.all()}
        attributes[each.key] = KnownAttribute(
            label=pick(each.label, language) or each.key,
            codes={code: labels.get(code) or code for code in codes.get(each.pk, {})},
            is_sensitive=each.is_sensitive,
            is_covered=covered is None or each.pk in covered,
        )
    return attributes


def feature_choices() -> list[tuple[str, Any]]:
    """Every answer that can count, under its attribute."""
    language = get_language() or "en"
    labels = {
        (attribute, value): pick(label, language)
        for attribute, value, label in Attribute.objects.values_list("pk", "values__value", "values__label")
    }
    groups: dict[str, list[tuple[int, str]]] = {}
    for feature in Feature.objects.select_related("attribute").order_by("attribute__key", "id"):
        label = pick(feature.attribute.label, language) or feature.attribute.key
        said = labels.get((feature.attribute_id, feature.code)) or feature.code
        groups.setdefault(label, []).append((feature.pk, f"{label}: {said}"))
    return [("", "–"), *groups.items()]
