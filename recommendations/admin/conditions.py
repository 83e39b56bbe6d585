"""Whom an offer is for, as sentences: a page of its own for “only for” and one for “never for”.

Buttons add and remove rows, and nothing is stored before Save. Without scripts each change is a press of a button.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.sites import site
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from preferences.conditions import ConditionError
from preferences.models import Attribute
from recommendations import condition_rows, offer_rules, tasks
from recommendations.admin import discreet
from recommendations.admin.answers import known_attributes
from recommendations.condition_rows import LEVELS, MOST_PARTS, Group, Kept, Part, Row
from recommendations.models import Offer, read_condition
from recommendations.offer_rules import KnownAttribute
from recommendations.sensitivity import Sensitive, keys_for_traits

FIELDS = ("eligibility", "veto")
SEVERAL = ("multi", "ranking")
NAME = "c"


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class RowShown:
    name: str
    of: str
    attributes: tuple[Option, ...]
    ops: tuple[Option, ...]
    values: tuple[Option, ...]
    asks_one: bool
    kind: str = "row"


@dataclass(frozen=True, slots=True)
class KeptShown:
    name: str
    json: str
    words: str
    kind: str = "kept"


@dataclass(frozen=True, slots=True)
class GroupShown:
    name: str
    joins: tuple[Option, ...]
    parts: tuple["GroupShown | RowShown | KeptShown", ...]
    is_root: bool
    can_grow: bool
    can_nest: bool
    kind: str = "group"


def edit(admin: Any, request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """The page; POST with `do` presses a button of it, `do=save` stores and goes back to the offer's form."""
    offer = Offer.objects.select_related("purpose", "product").filter(pk=pk).first()
    if offer is None or field not in FIELDS:
        raise Http404
    attributes = known_attributes(offer.purpose)
    several = frozenset(Attribute.objects.filter(kind__in=SEVERAL).values_list("key", flat=True))
    wrong: list[str] = []
    if request.method == "POST":
        root = condition_rows.sent(request.POST, request.POST.getlist, NAME)
        button = request.POST.get("do", "")
        if button == "save":
            wrong = _wrong(offer, field, root, attributes)
            if not wrong:
                return _saved(admin, request, offer, field, condition_rows.write(root))
        root = condition_rows.pressed(root, NAME, button)
    else:
        root = condition_rows.read(getattr(offer, field), several)
    raw = condition_rows.write(root)
    context = site.each_context(request) | {
        "title": gettext("Whom it is for"),
        "offer": offer,
        "field": field,
        "field_words": Offer._meta.get_field(field).verbose_name,  # type: ignore[union-attr]
        "back": f"{reverse('admin:recommendations_offer_change', args=[pk])}#id_{field}",
        "group": _group(root, NAME, attributes, several, LEVELS),
        "focus": _focus(root, request.POST.get("do", "")),
        "words": _in_words(raw, attributes),
        "wrong": wrong,
        "count_url": reverse("admin:recommendations_offer_audience", args=[pk]),
        "sent": {each: json.dumps(raw if each == field else getattr(offer, each)) for each in FIELDS},
    }
    page = "_condition.html" if request.headers.get("HX-Request") == "true" else "condition.html"
    return render(request, f"admin/recommendations/{page}", context, status=422 if wrong and page[0] != "_" else 200)


def _wrong(offer: Offer, field: str, root: Group, attributes: dict[str, KnownAttribute]) -> list[str]:
    """What keeps it from being stored: the same as in the offer's own form."""
    if not condition_rows.is_finished(root):
        return [gettext("A line is not finished: choose its answers, or remove it.")]
    raw = condition_rows.write(root)
    try:
        condition = read_condition(raw)
    except ConditionError as error:
        return [f"{error.path}: {error.message}"]
    if condition and (problems := offer_rules.problems(condition, attributes)):
        return problems
    changed = Offer(
        is_sensitive=offer.is_sensitive, product=offer.product, eligibility=offer.eligibility, veto=offer.veto
    )
    setattr(changed, field, raw)
    sensitive = Sensitive.now()
    _field, words = discreet.fault_in_words(
        changed, sensitive, [key for key, each in attributes.items() if each.is_covered]
    )
    if words:
        return [words]
    speaking = set(offer.weights.filter(weight__gt=0).values_list("feature__attribute__key", flat=True))
    if revealed := sensitive.revealed_by(changed, speaking):
        return [discreet.revealed_in_words(revealed)]
    if offer.product:
        inherited = keys_for_traits(offer.product.traits.values_list("pk", flat=True))
        if revealed := sensitive.revealed_by(changed, inherited):
            return [discreet.inherited_in_words(revealed)]
    return []


def _saved(admin: Any, request: HttpRequest, offer: Offer, field: str, raw: Any) -> HttpResponse:
    setattr(offer, field, raw)
    offer.save(update_fields=[field])
    admin.log_change(request, offer, [{"changed": {"fields": [field]}}])
    tasks.sweep_due.delay_on_commit()
    messages.success(request, gettext("It is saved whom the offer is for."))
    url = reverse("admin:recommendations_offer_change", args=[offer.pk])
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response


def _focus(root: Group, button: str) -> str:
    """The row that was just added, where the keyboard goes on."""
    verb, _colon, name = button.partition(":")
    group: Part = root
    for step in name.split("-")[1:]:
        if not isinstance(group, Group) or not step.isdecimal() or int(step) >= len(group.parts):
            return ""
        group = group.parts[int(step)]
    if verb not in ("add", "group") or not isinstance(group, Group) or not group.parts:
        return ""
    return f"{name}-{len(group.parts) - 1}" + ("-0" if verb == "group" else "")


def _in_words(raw: Any, attributes: dict[str, KnownAttribute]) -> str:
    try:
        condition = read_condition(raw)
    except ConditionError:
        return ""
    return offer_rules.in_words(condition, attributes) if condition else ""


def _group(
    group: Group, name: str, attributes: dict[str, KnownAttribute], several: frozenset[str], levels: int
) -> GroupShown:
    words = {
        "all": gettext("all of these hold"),
        "any": gettext("any of these holds"),
        "none": gettext("none of these holds"),
    }
    can_grow = len(group.parts) < MOST_PARTS
    return GroupShown(
        name=name,
        joins=tuple(Option(value, said, value == group.join) for value, said in words.items()),
        parts=tuple(
            _part(part, f"{name}-{index}", attributes, several, levels - 1) for index, part in enumerate(group.parts)
        ),
        is_root=levels == LEVELS,
        can_grow=can_grow,
        can_nest=can_grow and levels > 1,
    )


def _part(
    part: Part, name: str, attributes: dict[str, KnownAttribute], several: frozenset[str], levels: int
) -> GroupShown | RowShown | KeptShown:
    match part:
        case Group():
            return _group(part, name, attributes, several, levels)
        case Kept(raw):
            return KeptShown(name, json.dumps(raw), _in_words(raw, attributes) or gettext("something written by hand"))
    return _row(part, name, attributes, several)


def _row(row: Row, name: str, attributes: dict[str, KnownAttribute], several: frozenset[str]) -> RowShown:
    offered = [
        (key, each.label) for key, each in attributes.items() if key == row.of or (each.is_covered and each.codes)
    ]
    if row.of and row.of not in attributes:
        offered.append((row.of, row.of))
    ops = {
        "in": gettext("is one of"),
        "not_in": gettext("is known and none of"),
        "is": gettext("is only"),
        "answered": gettext("is known"),
        "unanswered": gettext("is not known"),
    }
    if row.of not in several and row.op != "is":
        del ops["is"]
    codes = dict(attributes[row.of].codes) if row.of in attributes else {}
    codes |= {value: value for value in row.values if value not in codes}
    has_values = row.of and row.op not in ("answered", "unanswered")
    return RowShown(
        name=name,
        of=row.of,
        attributes=tuple(
            Option(key, label, key == row.of) for key, label in sorted(offered, key=lambda each: each[1].casefold())
        ),
        ops=tuple(Option(op, words, op == row.op) for op, words in ops.items()) if row.of else (),
        values=tuple(Option(code, words, code in row.values) for code, words in codes.items()) if has_values else (),
        asks_one=row.op == "is",
    )
