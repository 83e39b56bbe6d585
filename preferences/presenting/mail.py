"""What a customer hears from us, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from .. import selectors, time_zones
from ..letters.composing import Words, letter_words
from ..models import Channel, Frequency
from ..selectors import mail as mail_selectors
from ..selectors.mail import AddressView, LinkView, SentView, TopicView
from ..translated import pick
from ..wording import day_in_words
from .items import sentence

RENEW_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class OptionView:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class TopicCard:
    key: str
    title: str
    sentence: str
    agreement: str  # what switching it on agrees to
    version: int
    is_on: bool
    state: str
    is_snoozed: bool
    frequencies: tuple[OptionView, ...]
    channels: tuple[OptionView, ...]


@dataclass(frozen=True, slots=True)
class LetterRow:
    subject: str
    topic: str
    on: str
    url: str


@dataclass(frozen=True, slots=True)
class MailPage:
    address: AddressView
    until: str
    topics: tuple[TopicCard, ...]
    letters: tuple[LetterRow, ...]
    hears_anything: bool
    clock: str  # what we take their clock to show, in words; empty while nothing is sent anywhere


@dataclass(frozen=True, slots=True)
class MailSummary:
    """One line for the preference center, and where to change it."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class LinkPage:
    title: str
    sentence: str
    state: str
    is_on: bool
    may_snooze: bool


@dataclass(frozen=True, slots=True)
class StillRight:
    """One answer that grows old: a press says that it is still right, as if it were told today."""

    label: str
    about: str  # the pet's name; empty for oneself
    sentence: SafeString
    told_on: str
    until: str
    is_expired: bool
    confirm_url: str
    edit_url: str


def mail_page(customer_id: int | None, language: str) -> MailPage:
    """All of /preferences/mail/, for somebody we do not know too."""
    address = mail_selectors.mail_address(customer_id)
    topics = mail_selectors.topics(customer_id, language, address)
    sent = mail_selectors.letters(customer_id) if customer_id else []
    return MailPage(
        address=address,
        until=_moment(address.until_at) if address.until_at else "",
        topics=tuple(_card(each) for each in topics),
        letters=tuple(_row(each, language) for each in sent),
        hears_anything=any(each.is_on for each in topics),
        clock=_clock(customer_id) if address.address or address.waiting_for else "",
    )


def _clock(customer_id: int | None) -> str:
    own, of_brand = mail_selectors.time_zones(customer_id)
    now = timezone.now().astimezone(ZoneInfo(own or of_brand))
    at = date_format(now, "H:i")
    if own:
        return gettext("Letters wait while it is night where you are. It is {time} in {place} now.").format(
            time=at, place=time_zones.place_in(own)
        )
    return gettext(
        "Letters wait while it is night. We do not know where you are, so we go by our clock: {time}."
    ).format(time=at)


def mail_summary(customer_id: int, language: str) -> MailSummary | None:
    """What the customer hears, in one line and one query; None while there is nothing that could be heard."""
    chosen = mail_selectors.heard_of(customer_id, language)
    if chosen is None:
        return None
    heard = [title for title, is_granted in chosen if is_granted]
    if heard:
        text = gettext("You hear about: {topics}.").format(topics=", ".join(heard))
    elif chosen:
        text = gettext("Nothing yet: it begins once you have confirmed your address.")
    else:
        text = gettext("Nothing, unless you ask for it.")
    return MailSummary(text, reverse("preferences:mail"))


def still_right(customer_id: int, language: str) -> tuple[StillRight, ...]:
    """What expires within 30 days or has expired, the most urgent first; empty when all is fresh."""
    now = timezone.now()
    old = [each for each in selectors.told(customer_id, language) if each.expires_at < now + RENEW_WITHIN]
    return tuple(
        StillRight(
            label=each.attribute.label,
            about="" if each.profile.kind == "self" else each.profile.name,
            sentence=sentence(each),
            told_on=day_in_words(each.told_at),
            until=day_in_words(each.expires_at),
            is_expired=each.expires_at <= now,
            confirm_url=reverse("preferences:still_right", args=[each.profile.id, each.attribute.key]),
            edit_url=reverse("preferences:edit", args=[each.profile.id, each.attribute.key]),
        )
        for each in sorted(old, key=lambda each: each.expires_at)
    )


def link_page(link: LinkView, language: str) -> LinkPage:
    """What the page of a letter's link says: the topic, and what a press would do."""
    state = ""
    if not link.is_on:
        state = gettext("It is off. Nothing more of it comes.")
    elif link.snoozed_until and link.snoozed_until > timezone.now():
        state = gettext("Quiet until {day}.").format(day=day_in_words(link.snoozed_until))
    return LinkPage(
        title=pick(link.topic.title, language),
        sentence=pick(link.topic.sentence, language),
        state=state,
        is_on=link.is_on,
        may_snooze=link.is_on and not link.is_old,
    )


def letter_to_read(sent: SentView, language: str) -> Words:
    """A letter as it reads on the customer's own page."""
    return letter_words(sent.topic, sent.letter, language=language, answer_count=sent.answer_count, has_account=False)


def _card(topic: TopicView) -> TopicCard:
    return TopicCard(
        key=topic.key,
        title=topic.title,
        sentence=topic.sentence,
        agreement=topic.purpose.sentence,
        version=topic.purpose.notice_version,
        is_on=topic.is_on,
        state=_state(topic),
        is_snoozed=topic.snoozed_until is not None,
        frequencies=_options(Frequency, topic.frequencies, topic.frequency),
        channels=_options(Channel, Channel.values, topic.channel),
    )


def _state(topic: TopicView) -> str:
    if topic.purpose.needs_renewal:
        return gettext("Off, because what it is for has changed. Read it again, then choose.")
    if not topic.is_on:
        return ""
    if topic.waits:
        return gettext("Waits until your address is confirmed. Nothing is sent before.")
    if topic.is_quiet:
        return gettext("Quiet, because you paused or restricted everything.")
    if topic.snoozed_until:
        return gettext("Quiet until {day}.").format(day=day_in_words(topic.snoozed_until))
    return ""


def _options(labels: type[Frequency] | type[Channel], values: Iterable[str], chosen: str) -> tuple[OptionView, ...]:
    return tuple(OptionView(value, str(labels(value).label), value == chosen) for value in values)


def _row(sent: SentView, language: str) -> LetterRow:
    if sent.letter is not None:
        subject = pick(sent.letter.subject, language)
    else:
        subject = ngettext("Is this answer still right?", "Are these answers still right?", sent.answer_count)
    return LetterRow(
        subject=subject,
        topic=pick(sent.topic.title, language),
        on=day_in_words(sent.at),
        url=reverse("preferences:letter", args=[sent.id]),
    )


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "j F, H:i")
