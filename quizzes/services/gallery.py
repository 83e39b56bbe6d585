"""Ready-made quizzes to begin from: `quizzes/gallery/*.json`, each with the attributes that its answers tell.

    {"template": {"name": {…}, "description": {…}, "cover": "art/…"}, "attributes": […], "definition": {…}}

Attributes are written as in config/demo/attributes.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from preferences.catalogue import add_attribute
from preferences.models import Attribute, Purpose

from ..models import Quiz
from ..parts import Texts
from .copying import free_slug, placed_last
from .drafting import import_definition

FOLDER = Path(__file__).parent.parent / "gallery"


@dataclass(frozen=True, slots=True)
class Template:
    """`slug` is the name of its file."""

    slug: str
    name: Texts
    description: Texts
    cover: str
    attributes: tuple[Mapping[str, Any], ...]
    definition: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What using a template does to the catalogue.

    `missing` are attributes it adds and `lacking` values that existing ones get, by attribute. `clashes` are attributes
    of the same key that mean something else: their questions then only serve the result. `uses` are what it asks about,
    `lost_uses` those that don't exist here or are not active.
    """

    missing: tuple[Mapping[str, Any], ...]
    lacking: Mapping[str, tuple[str, ...]]
    clashes: tuple[Attribute, ...]
    uses: tuple[str, ...]
    lost_uses: tuple[str, ...]

    @property
    def adds_attributes(self) -> bool:
        return bool(self.missing or self.lacking)


@cache
def templates() -> Mapping[str, Template]:
    """All of them by slug; read once a process."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.json"))}


def plan_for(template: Template) -> Plan:
    keys = [each["key"] for each in template.attributes]
    known = {each.key: each for each in Attribute.objects.filter(key__in=keys).prefetch_related("values")}
    clashes = tuple(known[each["key"]] for each in template.attributes if _clash(each, known.get(each["key"])))
    clashing = {each.key for each in clashes}
    lacking = {}
    for each in template.attributes:
        if (attribute := known.get(each["key"])) and attribute.key not in clashing:
            values = {value.value for value in attribute.values.all()}
            if lack := tuple(value["value"] for value in each["values"] if value["value"] not in values):
                lacking[attribute.key] = lack
    wanted = tuple(template.definition.get("purposes", ()))
    there = set(Purpose.objects.filter(slug__in=wanted, is_active=True).values_list("slug", flat=True))
    return Plan(
        missing=tuple(each for each in template.attributes if each["key"] not in known),
        lacking=lacking,
        clashes=clashes,
        uses=tuple(slug for slug in wanted if slug in there),
        lost_uses=tuple(slug for slug in wanted if slug not in there),
    )


@transaction.atomic
def use_template(template: Template) -> Quiz:
    """A new draft from the template, after the attributes it lacks; both exactly as `plan_for` says."""
    plan = plan_for(template)
    clashing = {each.key for each in plan.clashes}
    for each in template.attributes:
        if each["key"] not in clashing:
            add_attribute(each)
    raw = deepcopy(dict(template.definition))
    raw |= {"slug": free_slug(raw["slug"]), "purposes": list(plan.uses)}
    for question in raw["questions"]:
        if question.get("attribute") in clashing:
            del question["attribute"]
    return placed_last(import_definition(raw))


def _clash(raw: Mapping[str, Any], attribute: Attribute | None) -> bool:
    return attribute is not None and any(
        getattr(attribute, name) != raw[name] for name in ("kind", "profile_kind", "is_sensitive")
    )


def _read(path: Path) -> Template:
    raw = json.loads(path.read_text(encoding="utf-8"))
    about = raw["template"]
    return Template(
        slug=path.stem,
        name=about["name"],
        description=about["description"],
        cover=about["cover"],
        attributes=tuple(raw["attributes"]),
        definition=raw["definition"],
    )
