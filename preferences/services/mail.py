"""What customers choose to hear from us, and where. On their own page they act; a link in mail acts only to make it
less, or to confirm the address it was sent to."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from .. import time_zones
from ..access import token_hash
from ..letters.addresses import key_of
from ..models import Customer, PurposeNotice, Topic
from .acting import PreferencesError, UnknownItem, announce, call, current


class NoticeChanged(PreferencesError):
    """The words that were agreed to are not the present ones."""


class TooManyAddresses(PreferencesError):
    """Three addresses a day are enough."""


def choose_topic(*, topic_key: str, notice_version: int, language: str, source: str) -> None:
    """Switches a topic on, under the notice that was read. What its mail rests on is granted when there is a way to
    send it: at once with a confirmed address, otherwise when that is confirmed. Raises BelowAge and NoticeChanged."""
    topic = Topic.objects.filter(key=topic_key, is_active=True).first()
    notice = PurposeNotice.objects.filter(purpose=topic.purpose_id).order_by("-version").first() if topic else None
    if notice is None:
        raise UnknownItem(topic_key)
    if notice.version != notice_version:
        raise NoticeChanged(topic_key)
    call("choose_topic", topic_key, notice.pk, language, source)
    announce()


def leave_topic(*, topic_key: str, source: str) -> None:
    """Switches a topic off; with the last one of a purpose, that is withdrawn."""
    call("leave_topic", topic_key, source)
    announce()


def set_topic(*, topic_key: str, frequency: str, channel: str, source: str) -> None:
    call("set_topic", topic_key, frequency, channel, source)
    announce()


def snooze_topic(*, topic_key: str, days: int) -> None:
    """Quiet for 30 or 90 days; 0 ends it."""
    call("snooze_topic", topic_key, days)


def stop_all_mail(*, source: str) -> None:
    call("stop_all_mail", source)
    announce()


def ask_address(*, address: str, language: str) -> None:
    """Has a link sent to a normalised address; it gets letters once that is pressed. Says nothing about the address."""
    if not call("ask_address", address, key_of(address), language):
        raise TooManyAddresses


def set_time_zone(*, customer_id: int, name: str) -> bool:
    """By whose clock letters keep quiet at night; False for what is no time zone. Empty: the brand's."""
    if name and name not in time_zones.known():
        return False
    Customer.objects.filter(pk=customer_id).update(time_zone=name)
    return True


def guess_time_zone(*, customer_id: int, name: str) -> None:
    """What the browser says, unless they said so themselves before."""
    if name in time_zones.known():
        Customer.objects.filter(pk=customer_id, time_zone="").update(time_zone=name)


def forget_address() -> None:
    call("forget_address")


def confirm_address(*, token: str) -> str | None:
    """By the link in a mail: confirmed, used, expired, or None for what is no link of ours."""
    with _as_whoever_a_link_is_of():
        outcome = call("confirm_address", token_hash(token), "mail")
        if outcome == "confirmed":
            announce()
    return outcome  # type: ignore[return-value]


def use_link(*, token: str, action: str, days: int = 0) -> bool:
    """By the link in a letter: stop, stop_all or snooze. False: there is no such link, or it is too old for it."""
    with _as_whoever_a_link_is_of():
        is_done = bool(call("use_mail_link", token_hash(token), action, days, "mail"))
        if is_done:
            announce()
    return is_done


def note_bounce(*, address: str, is_complaint: bool) -> None:
    """An address took none of our mail, or its owner complained: nothing goes there any more."""
    call("note_bounce", address, is_complaint)


@contextmanager
def _as_whoever_a_link_is_of() -> Iterator[None]:
    """Afterwards the transaction acts for whom it did before: a link never makes a browser somebody else's."""
    before = current()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('proffer.customer', %s, true)", [str(before or "")])
