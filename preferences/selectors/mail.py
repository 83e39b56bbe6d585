"""What a customer hears from us, where it goes, and what has come. Rows are the current customer's, by row security."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.http import Http404
from django.utils import timezone

from ..access import token_hash
from ..models import (
    Brand,
    Channel,
    ConsentEvent,
    Customer,
    Grant,
    Letter,
    MailAddress,
    MailConfirmation,
    Sending,
    Topic,
    TopicChoice,
)
from ..translated import pick
from .uses import PurposeView, purposes

SHOWN_LETTERS = 50


@dataclass(frozen=True, slots=True)
class AddressView:
    """`address` gets letters unless `is_bounced`; `waiting_for` is one whose link may be pressed until `until_at`."""

    address: str
    is_bounced: bool
    waiting_for: str
    until_at: datetime | None

    @property
    def takes_mail(self) -> bool:
        return bool(self.address) and not self.is_bounced


@dataclass(frozen=True, slots=True)
class TopicView:
    """`is_on` is the customer's choice; it `waits` while there is no way to send it; `is_quiet`: all uses are."""

    id: int
    key: str
    kind: str
    title: str
    sentence: str
    purpose: PurposeView
    is_on: bool
    waits: bool
    is_quiet: bool
    frequency: str
    frequencies: tuple[str, ...]
    channel: str
    snoozed_until: datetime | None


@dataclass(frozen=True, slots=True)
class SentView:
    """`letter` is what marketers wrote; without one it asked whether `answer_count` answers are still right."""

    id: int
    topic: Topic
    letter: Letter | None
    answer_count: int
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LinkView:
    """What a link in a letter is about. `is_old`: it may only stop any more."""

    topic: Topic
    is_old: bool
    is_on: bool
    snoozed_until: datetime | None


def mail_address(customer_id: int | None) -> AddressView:
    """Where letters go, and what waits to be confirmed."""
    if customer_id is None:
        return AddressView("", is_bounced=False, waiting_for="", until_at=None)
    kept = MailAddress.objects.filter(customer_id=customer_id).first()
    waiting = (
        MailConfirmation.objects.filter(customer_id=customer_id, used_at=None, ended_at=None)
        .filter(expires_at__gt=timezone.now())
        .order_by("-id")
        .values_list("address", "expires_at")
        .first()
    )
    return AddressView(
        address=kept.address if kept else "",
        is_bounced=bool(kept and kept.bounced_at),
        waiting_for=waiting[0] if waiting else "",
        until_at=waiting[1] if waiting else None,
    )


def time_zones(customer_id: int | None) -> tuple[str, str]:
    """The customer's own, empty where nobody said, and the brand's."""
    of_brand = Brand.objects.filter(pk=1).values_list("time_zone", flat=True).first() or "UTC"
    own = Customer.objects.filter(pk=customer_id).values_list("time_zone", flat=True).first() if customer_id else ""
    return own or "", of_brand


def topics(customer_id: int | None, language: str, address: AddressView) -> list[TopicView]:
    """The topics there are, each with the customer's choice."""
    found = list(_topics())
    if not found:
        return []
    uses = {each.id: each for each in purposes(customer_id, language)}
    choices = (
        {each.topic_id: each for each in TopicChoice.objects.filter(customer_id=customer_id)} if customer_id else {}
    )
    counting = _counting(customer_id) if customer_id else set()
    withdrawn = _withdrawn_at() if choices else {}
    now = timezone.now()
    views = []
    for topic in found:
        use, choice = uses.get(topic.purpose_id), choices.get(topic.pk)
        if use is None:  # nobody has said yet what it is for
            continue
        channel = choice.channel if choice else Channel.MAIL
        has_way = channel == Channel.PAGE or address.takes_mail
        is_wanted = choice is not None and choice.is_on
        if choice is not None and is_wanted and not use.is_granted:
            taken_back_at = withdrawn.get(use.id)
            is_wanted = not has_way and (taken_back_at is None or taken_back_at < choice.switched_at)
        is_wanted = is_wanted and not use.needs_renewal
        is_snoozed = choice is not None and choice.snoozed_until is not None and choice.snoozed_until > now
        views.append(
            TopicView(
                id=topic.pk,
                key=topic.key,
                kind=topic.kind,
                title=pick(topic.title, language),
                sentence=pick(topic.sentence, language),
                purpose=use,
                is_on=is_wanted,
                waits=is_wanted and not has_way,
                is_quiet=is_wanted and use.is_granted and use.id not in counting,
                frequency=choice.frequency if choice else topic.frequencies[0],
                frequencies=tuple(topic.frequencies),
                channel=channel,
                snoozed_until=choice.snoozed_until if choice and is_wanted and is_snoozed else None,
            )
        )
    return views


def heard_of(customer_id: int, language: str) -> list[tuple[str, bool]] | None:
    """The titles of the topics that are on, each with whether its mail is agreed to; None when there are no topics."""
    chosen = TopicChoice.objects.filter(customer_id=customer_id, topic_id=OuterRef("pk"), is_on=True)
    granted = Grant.objects.filter(customer_id=customer_id, purpose_id=OuterRef("purpose_id"))
    found = list(_topics().annotate(is_chosen=Exists(chosen), is_granted=Exists(granted)))
    return [(pick(each.title, language), each.is_granted) for each in found if each.is_chosen] if found else None


def confirmation_state(token: str) -> str | None:
    """What a link to confirm an address would do: open, used or expired; None for what is no link of ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT confirmation_state(%s)", [token_hash(token)])
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


def link(token: str) -> LinkView | None:
    """What a link in a letter is about, and nothing of whom it was sent to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT topic, is_old, is_on, snoozed_until FROM mail_link(%s)", [token_hash(token)])
        row = cursor.fetchone()
    return LinkView(Topic.objects.get(pk=row[0]), *row[1:]) if row else None


def letters(customer_id: int) -> list[SentView]:
    """The letters that went out or were laid out here, newest first."""
    rows = Sending.objects.filter(customer_id=customer_id, sent_at__isnull=False).select_related("topic", "letter")
    return [_sent(each) for each in rows.order_by("-sent_at", "-id")[:SHOWN_LETTERS]]


def letter(customer_id: int, sending_id: int) -> SentView:
    found = Sending.objects.filter(customer_id=customer_id, sent_at__isnull=False, pk=sending_id)
    row = found.select_related("topic", "letter").first()
    if row is None:
        raise Http404
    return _sent(row)


def _topics() -> QuerySet[Topic]:
    return Topic.objects.filter(is_active=True, purpose__is_active=True, purpose__sends_mail=True)


def _counting(customer_id: int) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT purpose_id FROM grants_in_force WHERE customer_id = %s", [customer_id])
        return {row[0] for row in cursor.fetchall()}


def _withdrawn_at() -> dict[int, datetime]:
    events = ConsentEvent.objects.filter(kind=ConsentEvent.Kind.WITHDRAWN, purpose__sends_mail=True)
    return dict(events.values_list("purpose_id").annotate(at=Max("at")))


def _sent(row: Sending) -> SentView:
    return SentView(row.pk, row.topic, row.letter, row.answer_count, row.channel, row.sent_at or row.claimed_at)
