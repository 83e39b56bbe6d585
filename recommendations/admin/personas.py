"""A made-up person: pick answers and see at once which five offers such a customer would get, and why not the others.

Everything is in the address, so that a persona can be shared; it is no person. Nothing but the catalogue is read: no
permit, no customer, no value that anybody gave.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.contrib.admin.sites import site
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext

from preferences.models import Attribute, Feature, Purpose
from preferences.translated import pick
from recommendations import catalogue
from recommendations.admin.answers import known_attributes
from recommendations.admin.verdicts import Explained, Teller
from recommendations.explaining import Chosen, explain
from recommendations.models import Offer
from recommendations.offer_rules import KnownAttribute
from recommendations.scoring import Engine

SEVERAL = ("multi", "ranking")  # of which somebody can give more than one answer
FIRST_OTHERS = 40
MOST_SAID = 10


@dataclass(frozen=True, slots=True)
class Chip:
    code: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """An attribute to pick answers of. `is_single`: at most one."""

    key: str
    label: str
    is_single: bool
    is_said: bool
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    title: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Persona:
    """What an address says of somebody: for each attribute the codes. `unheard`: what does not exist, or not here."""

    said: Mapping[str, tuple[str, ...]]
    unheard: tuple[str, ...]

    @classmethod
    def read(
        cls, sent: Mapping[str, Sequence[str]], singles: Mapping[str, bool], codes: Mapping[str, Collection[str]]
    ) -> "Persona":
        said, unheard = {}, []
        for key, values in sent.items():
            if key.startswith("_"):
                continue
            if key not in codes:
                unheard.append(key)
                continue
            known = list(dict.fromkeys(value for value in values if value in codes[key]))
            unheard += [f"{key}={value}" for value in values if value and value not in codes[key]]
            if known:
                said[key] = tuple(known[-1:] if singles[key] else known)
        return cls(said, tuple(unheard))


def simulate(request: HttpRequest) -> HttpResponse:
    """The page, and for htmx what is beside the answers."""
    purposes = list(Purpose.objects.filter(computes_offers=True).order_by("position", "id"))
    asked_for = request.GET.get("_purpose", "")
    purpose = next((each for each in purposes if each.slug == asked_for), purposes[0] if purposes else None)
    context = site.each_context(request) | {"title": gettext("Personas"), "purposes": purposes, "purpose": purpose}
    if purpose is None:
        return render(request, "admin/recommendations/personas.html", context)
    known = {key: each for key, each in known_attributes(purpose).items() if each.is_covered and each.codes}
    attributes = list(Attribute.objects.filter(key__in=known).order_by("key"))
    singles = {each.key: each.kind not in SEVERAL for each in attributes}
    persona = Persona.read(dict(request.GET.lists()), singles, {key: each.codes for key, each in known.items()})
    address = f"{request.path}?{_query(request, purpose, persona)}"
    is_fragment = request.headers.get("HX-Request") == "true" and not request.headers.get("HX-History-Restore-Request")
    if not is_fragment and any(not value for _key, values in request.GET.lists() for value in values):
        return HttpResponseRedirect(address)  # answers not given need not be in the address
    context |= {
        "headings": _headings(attributes, known, persona),
        "unheard": persona.unheard[:MOST_SAID],
        "said": [f"{known[key].label}: {known[key].codes[code]}" for key in persona.said for code in persona.said[key]],
        "find": request.GET.get("_find", ""),
        "all_url": f"{address}&_all=1",
        "address": address,
        **_verdicts(request, purpose, persona, known),
    }
    if not is_fragment:
        return render(request, "admin/recommendations/personas.html", context)
    response = render(request, "admin/recommendations/_persona_offers.html", context)
    response["HX-Replace-Url"] = address
    return response


def _query(request: HttpRequest, purpose: Purpose, persona: Persona) -> str:
    pairs = [("_purpose", purpose.slug), *((key, code) for key, codes in persona.said.items() for code in codes)]
    find = request.GET.get("_find", "")
    return urlencode([*pairs, ("_find", find)] if find else pairs)


def _headings(attributes: Sequence[Attribute], known: Mapping[str, KnownAttribute], persona: Persona) -> list[Heading]:
    """Under the headings that customers see them under."""
    found: dict[str, list[Asked]] = {}
    for each in attributes:
        said = persona.said.get(each.key, ())
        chips = tuple(Chip(code, words, code in said) for code, words in known[each.key].codes.items())
        asked = Asked(each.key, known[each.key].label, each.kind not in SEVERAL, bool(said), chips)
        found.setdefault(pick(each.group, get_language() or "en"), []).append(asked)
    return [Heading(title, tuple(asked)) for title, asked in sorted(found.items())]


def _verdicts(
    request: HttpRequest, purpose: Purpose, persona: Persona, known: Mapping[str, KnownAttribute]
) -> dict[str, object]:
    offers = list(Offer.objects.filter(purpose=purpose).select_related("product"))
    said = {(key, code) for key, codes in persona.said.items() for code in codes}
    features = [
        pk
        for pk, key, code in Feature.objects.filter(attribute__key__in=persona.said).values_list(
            "id", "attribute__key", "code"
        )
        if (key, code) in said
    ]
    engine = _engine(purpose, offers)
    verdicts = explain(engine, features, timezone.now())
    teller = Teller.of(offers, known)
    mentioned = {terms.id for terms in engine.terms}
    chosen = [teller.tell(each) for each in verdicts if isinstance(each, Chosen)]
    others = [teller.tell(each) for each in verdicts if not isinstance(each, Chosen)]
    others += [teller.tell_left_out(offer) for offer in offers if offer.pk not in mentioned]
    found = _found(others, request.GET.get("_find", ""))
    shown = found if "_all" in request.GET else found[:FIRST_OTHERS]
    return {"chosen": chosen, "others": shown, "others_count": len(others), "hidden_count": len(found) - len(shown)}


def _engine(purpose: Purpose, offers: Sequence[Offer]) -> Engine:
    """As the catalogue has it, with the offers there are now and what is left of them now: claims raise no version."""
    engine = catalogue.current().engines.get(purpose.pk, catalogue.NO_OFFERS)
    stock = {offer.pk: offer.stock for offer in offers}
    return replace(engine, terms=tuple(replace(each, stock=stock.get(each.id, 0)) for each in engine.terms))


def _found(others: list[Explained], find: str) -> list[Explained]:
    wanted = find.strip().casefold()
    return [each for each in others if wanted in each.title.casefold() or wanted in each.slug] if wanted else others
