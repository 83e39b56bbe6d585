"""What a customer hears from us, as far as we hold it: where, what about, and what went out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext

from ..models import MailAddress, MailConfirmation, Sending, TopicChoice
from ..registry import Section
from ..translated import pick

Rows = Iterable[Mapping[str, object]]


def sections(customer_id: int, language: str) -> Iterable[Section]:
    yield Section(
        "mail_addresses",
        gettext("Where we may write to you"),
        {
            "address": gettext("the address"),
            "confirmed_at": gettext("when you confirmed it; empty while it waits"),
            "bounced_at": gettext("since when our mail comes back from there"),
            "until": gettext("until when its link may be pressed, while it waits"),
        },
        lambda: _addresses(customer_id),
    )
    yield Section(
        "mail_topics",
        gettext("What you hear from us"),
        {
            "topic": gettext("the topic"),
            "title": gettext("its title"),
            "is_on": gettext("whether it is on"),
            "frequency": gettext("how often it may come"),
            "channel": gettext("by e-mail, or only on the page"),
            "quiet_until": gettext("until when it is quiet"),
            "notice": gettext("the version of the text you agreed to"),
            "language": gettext("the language you read it in"),
            "since": gettext("when you switched it on"),
        },
        lambda: _topics(customer_id, language),
    )
    yield Section(
        "letters",
        gettext("Letters to you"),
        {
            "at": gettext("when it went out; empty while it waits"),
            "failed_at": gettext("when it could not be delivered"),
            "topic": gettext("the topic"),
            "subject": gettext("its subject"),
            "channel": gettext("by e-mail, or only on the page"),
            "answers": gettext("how many of your answers it was about"),
        },
        lambda: _letters(customer_id, language),
    )


def _addresses(customer_id: int) -> Rows:
    for kept in MailAddress.objects.filter(customer_id=customer_id):
        yield {
            "address": kept.address,
            "confirmed_at": kept.confirmed_at.isoformat(),
            "bounced_at": kept.bounced_at.isoformat() if kept.bounced_at else None,
            "until": None,
        }
    asked = MailConfirmation.objects.filter(customer_id=customer_id, used_at=None).exclude(address="").order_by("id")
    for address, expires_at in asked.values_list("address", "expires_at"):
        yield {"address": address, "confirmed_at": None, "bounced_at": None, "until": expires_at.isoformat()}


def _topics(customer_id: int, language: str) -> Rows:
    for each in (
        TopicChoice.objects.filter(customer_id=customer_id).select_related("topic", "notice").order_by("topic_id")
    ):
        yield {
            "topic": each.topic.key,
            "title": pick(each.topic.title, language),
            "is_on": each.is_on,
            "frequency": each.frequency,
            "channel": each.channel,
            "quiet_until": each.snoozed_until.isoformat() if each.snoozed_until else None,
            "notice": each.notice.version,
            "language": each.language,
            "since": each.switched_at.isoformat(),
        }


def _letters(customer_id: int, language: str) -> Rows:
    rows = Sending.objects.filter(customer_id=customer_id).select_related("topic", "letter")
    for each in rows.order_by("id").iterator():
        yield {
            "at": each.sent_at.isoformat() if each.sent_at else None,
            "failed_at": each.failed_at.isoformat() if each.failed_at else None,
            "topic": each.topic.key,
            "subject": pick(each.letter.subject, language) if each.letter else pick(each.topic.title, language),
            "channel": each.channel,
            "answers": each.answer_count,
        }
