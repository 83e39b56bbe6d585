"""How many customers an offer is for, while it is written and in the list. Who may not change offers sees none."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.admin.sites import site
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext

from preferences.admin.base import PlainJSONField
from preferences.conditions import ConditionError
from preferences.models import Purpose
from recommendations import audience, offer_rules
from recommendations.admin.answers import known_attributes
from recommendations.audience import Audience, Question
from recommendations.models import Offer, read_condition

KEPT_SECONDS = 300  # the list is not counted anew each time it is looked at


@dataclass(frozen=True, slots=True)
class AudienceShown:
    """A count in words; `wrong` says instead why there is none. `width`: per cent of everybody, for the bar."""

    words: str = ""
    of_words: str = ""
    margin: str = ""
    width: int | None = None
    holders: str = ""
    whom: str = ""
    wrong: str = ""


def count(request: HttpRequest, offer_id: int | None = None) -> HttpResponse:
    """Whom the conditions that were sent let in, saved or not."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    shown = _counted(request.user.pk, request.POST, offer_id)
    status = 422 if shown.wrong else 200
    context = {"audience": shown}
    if request.headers.get("HX-Request") == "true":
        return render(request, "admin/recommendations/_audience.html", context, status=200)
    context |= site.each_context(request) | {"title": gettext("Audience")}
    return render(request, "admin/recommendations/audience.html", context, status=status)


def _counted(user_id: int, sent: Mapping[str, str], offer_id: int | None) -> AudienceShown:
    purpose = _purpose(sent.get("purpose", ""))
    if purpose is None:
        return AudienceShown(wrong=gettext("Choose the purpose first."))
    field = PlainJSONField(required=False)
    try:
        read = {name: read_condition(field.to_python(sent.get(name, ""))) for name in ("eligibility", "veto")}
    except (ConditionError, ValidationError):
        return AudienceShown(wrong=gettext("A condition cannot be read as it stands, so nobody is counted."))
    attributes = known_attributes(purpose)
    for condition in read.values():
        for problem in offer_rules.problems(condition, attributes) if condition else ():
            return AudienceShown(wrong=problem)
    question = Question(read["eligibility"], read["veto"])
    (found,) = audience.audiences(user_id=user_id, purpose_id=purpose.pk, questions=[question])
    has_it = audience.holders(user_id=user_id, offer_ids=[offer_id])[offer_id] if offer_id else None
    return _shown(found, has_it=has_it, is_new=not offer_id, whom=whom_in_words(question, attributes))


def whom_in_words(question: Question, attributes: Mapping[str, offer_rules.KnownAttribute]) -> str:
    """One or two sentences."""
    only = (
        gettext("Only for people of whom {condition}.").format(
            condition=offer_rules.in_words(question.only, attributes)
        )
        if question.only
        else gettext("For everyone who switched its purpose on.")
    )
    if not question.never:
        return only
    never = gettext("Never for people of whom {condition}.")
    return f"{only} {never.format(condition=offer_rules.in_words(question.never, attributes))}"


def _shown(found: Audience, *, has_it: int | None, is_new: bool, whom: str) -> AudienceShown:
    is_known = found.customers is not None and found.of_customers
    return AudienceShown(
        words=about(found.customers),
        of_words=about(found.of_customers),
        margin=number_format(found.margin, force_grouping=True) if found.margin and is_known else "",
        width=min(100, round(100 * found.customers / found.of_customers)) if is_known else None,  # type: ignore[operator]
        holders="" if is_new else about(has_it),
        whom=whom,
    )


def about(number: int | None) -> str:
    """ "about 1,200"; few are not told."""
    if number is None:
        return gettext("fewer than ~%(number)s") % {"number": audience.FEWEST}
    return gettext("about %(number)s") % {"number": number_format(number, force_grouping=True)}


def _purpose(sent: str) -> Purpose | None:
    if not (sent.isascii() and sent.isdecimal() and len(sent) < 10):
        return None
    return Purpose.objects.filter(pk=sent, computes_offers=True).first()


@dataclass(frozen=True, slots=True)
class Reach:
    """Of an offer in the list: how many may have it, how many have it now, how many took it in a week. None: few."""

    may: int | None = None
    has: int | None = None
    took: int | None = None
    is_readable: bool = True


def reaches(user_id: int, offers: Sequence[Offer]) -> Mapping[int, Reach]:
    """For each offer of a page of the list, by id; counted at most every five minutes."""
    said = [[offer.pk, offer.purpose_id, offer.eligibility, offer.veto] for offer in offers]
    key = f"reaches:{hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()}"
    kept = cache.get(key)
    if kept is None:
        kept = _reaches(user_id, offers)
        cache.set(key, kept, KEPT_SECONDS)
    return kept  # type: ignore[no-any-return]


def _reaches(user_id: int, offers: Sequence[Offer]) -> dict[int, Reach]:
    asked: dict[int, dict[int, Question]] = {}
    for offer in offers:
        try:
            question = Question(read_condition(offer.eligibility), read_condition(offer.veto))
        except ConditionError:
            continue
        asked.setdefault(offer.purpose_id, {})[offer.pk] = question
    may: dict[int, Audience] = {}
    for purpose_id, questions in asked.items():
        found = audience.audiences(user_id=user_id, purpose_id=purpose_id, questions=list(questions.values()))
        may |= dict(zip(questions, found, strict=True))
    ids = [offer.pk for offer in offers]
    has, took = audience.holders(user_id=user_id, offer_ids=ids), audience.claims(user_id=user_id, offer_ids=ids)
    return {
        pk: Reach(may[pk].customers if pk in may else None, has.get(pk), took.get(pk), is_readable=pk in may)
        for pk in ids
    }
