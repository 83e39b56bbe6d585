"""What the preferences themselves hold of a customer: the first sections of their export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext

from .. import registry, selectors
from ..models import (
    Attribute,
    Customer,
    Device,
    Exclusion,
    Feature,
    Grant,
    Objection,
    Permit,
    Preference,
    Profile,
    Purpose,
    Standing,
    UseLog,
)
from ..registry import Section
from ..translated import pick
from . import asked, mail

Rows = Iterable[Mapping[str, object]]


def sections(customer_id: int, language: str) -> list[Section]:
    """Every section of the customer's export; row security shows nobody else's rows."""
    return [
        *_own(customer_id, language),
        *asked.sections(customer_id),
        *mail.sections(customer_id, language),
        *registry.export(customer_id),
    ]


def _own(customer_id: int, language: str) -> Iterable[Section]:
    yield Section(
        "you",
        gettext("You"),
        {
            "email": gettext("the address you sign in with"),
            "signed_in_first_at": gettext("when you signed in first"),
            "signed_in_last_at": gettext("when you signed in last"),
            "language": gettext("your language"),
            "time_zone": gettext("by whose clock we keep quiet at night; empty for our own"),
            "known_since": gettext("when you told us something first"),
            "devices": gettext("since when each of your browsers is known"),
        },
        lambda: _you(customer_id),
    )
    yield Section(
        "profiles",
        gettext("Whom it is about"),
        {
            "profile": gettext("its number in this file"),
            "kind": gettext("yourself, a pet or a child"),
            "name": gettext("the name you gave"),
            "since": gettext("when you told us of them"),
        },
        lambda: _profiles(customer_id),
    )
    yield Section(
        "preferences",
        gettext("What you told us"),
        {
            "profile": gettext("whom it is about, by the number under “Whom it is about”"),
            "attribute": gettext("what it is called with us"),
            "label": gettext("what it is"),
            "value": gettext("what you told us"),
            "in_words": gettext("the same in words"),
            "source": gettext("where you told us: quiz, center, order or staff"),
            "source_title": gettext("the title of the quiz"),
            "question": gettext("the question"),
            "told_at": gettext("when you told us"),
            "expires_at": gettext("until when it may be used"),
            "ended_at": gettext("when you changed or deleted it; empty for what holds now"),
            "bought_at": gettext("what came from orders: when you bought each"),
        },
        lambda: _preferences(customer_id, language),
    )
    yield Section(
        "uses_on",
        gettext("Uses you switched on"),
        {
            "use": gettext("the use"),
            "title": gettext("its title"),
            "notice": gettext("the version of the text you agreed to"),
            "language": gettext("the language you read it in"),
            "since": gettext("since when it is on"),
        },
        lambda: _uses_on(customer_id, language),
    )
    yield Section(
        "exclusions",
        gettext("What you took out of a use"),
        {
            "profile": gettext("whom it is about, by the number under “Whom it is about”"),
            "attribute": gettext("what may not be used"),
            "use": gettext("for which use"),
            "since": gettext("since when"),
        },
        lambda: _exclusions(customer_id),
    )
    yield Section(
        "objections",
        gettext("Uses you object to"),
        {"use": gettext("the use"), "since": gettext("since when")},
        lambda: _objections(customer_id),
    )
    yield Section(
        "standing",
        gettext("What holds for all uses"),
        {
            "paused_until": gettext("until when everything is paused"),
            "restricted_since": gettext("since when everything is kept and nothing used"),
            "is_too_young": gettext("whether you said that you are younger than we may ask"),
            "of_age_on": gettext("from when you no longer are, if we know"),
        },
        lambda: _standing(customer_id),
    )
    yield Section(
        "permits",
        gettext("What may be used right now"),
        {
            "profile": gettext("whom it is about, by the number under “Whom it is about”"),
            "use": gettext("for which use"),
            "answers": gettext("which of your answers"),
            "issued_at": gettext("since when"),
            "expires_at": gettext("until when, unless you change something before"),
        },
        lambda: _permits(customer_id),
    )
    yield history_section()
    yield Section(
        "use_log",
        gettext("When your answers were used"),
        {
            "day": gettext("the day"),
            "profile": gettext("whom it is about, by the number under “Whom it is about”"),
            "use": gettext("the use"),
            "attributes": gettext("what was used"),
        },
        lambda: _use_log(customer_id),
    )


def history_section() -> Section:
    """The ledger's entries of the current customer."""
    return Section(
        "consent_history",
        gettext("The history of your choices"),
        {
            "entry": gettext("the entry's number, which its receipt is found by"),
            "at": gettext("when"),
            "event": gettext("what happened"),
            "use": gettext("to which use"),
            "attribute": gettext("to what you told us"),
            "notice": gettext("the version of the text you saw"),
            "language": gettext("the language you saw it in"),
            "source": gettext("where it happened"),
            "subject": gettext("the random name you have there"),
        },
        selectors.event_rows,
    )


def _you(customer_id: int) -> Rows:
    customer = Customer.objects.select_related("user").get(pk=customer_id)
    account = customer.user
    devices = Device.objects.filter(customer_id=customer_id).order_by("created_at")
    yield {
        "email": account.email if account else "",
        "signed_in_first_at": account.date_joined.isoformat() if account else None,
        "signed_in_last_at": account.last_login.isoformat() if account and account.last_login else None,
        "language": customer.language,
        "time_zone": customer.time_zone,
        "known_since": customer.created_at.isoformat(),
        "devices": [at.isoformat() for at in devices.values_list("created_at", flat=True)],
    }


def _profiles(customer_id: int) -> Rows:
    for each in Profile.objects.filter(customer_id=customer_id).order_by("id").iterator():
        yield {"profile": each.pk, "kind": each.kind, "name": each.name, "since": each.created_at.isoformat()}


def _preferences(customer_id: int, language: str) -> Rows:
    known = {each.id: each for each in selectors.attributes(language).values()}
    for each in Preference.objects.filter(customer_id=customer_id).order_by("profile_id", "told_at", "id").iterator():
        attribute = known[each.attribute_id]
        yield {
            "profile": each.profile_id,
            "attribute": attribute.key,
            "label": attribute.label,
            "value": each.value,
            "in_words": attribute.in_words(each.value),
            "source": each.source,
            "source_title": pick(each.source_label, language),
            "question": each.question_key,
            "told_at": each.told_at.isoformat(),
            "expires_at": each.expires_at.isoformat(),
            "ended_at": each.ended_at.isoformat() if each.ended_at else None,
            "bought_at": [{"value": order["code"], "at": order["at"]} for order in each.orders],
        }


def _uses_on(customer_id: int, language: str) -> Rows:
    for each in Grant.objects.filter(customer_id=customer_id).select_related("purpose", "notice"):
        yield {
            "use": each.purpose.slug,
            "title": pick(each.notice.title, each.language or language),
            "notice": each.notice.version,
            "language": each.language,
            "since": each.granted_at.isoformat(),
        }


def _exclusions(customer_id: int) -> Rows:
    rows = Exclusion.objects.filter(customer_id=customer_id).order_by("excluded_at")
    for profile, attribute, use, at in rows.values_list(
        "profile_id", "attribute__key", "purpose__slug", "excluded_at"
    ).iterator():
        yield {"profile": profile, "attribute": attribute, "use": use, "since": at.isoformat()}


def _objections(customer_id: int) -> Rows:
    rows = Objection.objects.filter(customer_id=customer_id).order_by("objected_at")
    for use, at in rows.values_list("purpose__slug", "objected_at"):
        yield {"use": use, "since": at.isoformat()}


def _standing(customer_id: int) -> Rows:
    for each in Standing.objects.filter(customer_id=customer_id):
        yield {
            "paused_until": each.paused_until.isoformat() if each.paused_until else None,
            "restricted_since": each.restricted_at.isoformat() if each.restricted_at else None,
            "is_too_young": each.is_minor,
            "of_age_on": each.of_age_on.isoformat() if each.of_age_on else None,
        }


def _permits(customer_id: int) -> Rows:
    codes = {pk: f"{key}={code}" for pk, key, code in Feature.objects.values_list("pk", "attribute__key", "code")}
    rows = Permit.objects.filter(customer_id=customer_id).order_by("profile_id", "purpose_id")
    for profile, use, features, issued_at, expires_at in rows.values_list(
        "profile_id", "purpose__slug", "features", "issued_at", "expires_at"
    ):
        yield {
            "profile": profile,
            "use": use,
            "answers": [codes[each] for each in features if each in codes],
            "issued_at": issued_at.isoformat(),
            "expires_at": expires_at.isoformat(),
        }


def _use_log(customer_id: int) -> Rows:
    keys = dict(Attribute.objects.values_list("pk", "key"))
    uses = dict(Purpose.objects.values_list("pk", "slug"))
    for each in UseLog.objects.filter(customer_id=customer_id).order_by("day").iterator():
        yield {
            "day": each.day.isoformat(),
            "profile": each.profile_id,
            "use": uses[each.purpose_id],
            "attributes": [keys[attribute] for attribute in each.attributes if attribute in keys],
        }
