"""Offers in letters: few, never at night, never telling, and to nobody who is held out."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected
from threading import Barrier

import psycopg
import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone

from preferences.letters import sending
from preferences.models import Attribute, Brand, Letter, Purpose, PurposeNotice, Topic
from recommendations.models import Category, Exposure, Offer, Restraint
from tests.recommendations.restraint import AsRole, cap, dismiss, seen
from tests.recommendations.shop import Person, Shop, T, somebody
from tests.recommendations.test_pages import browser
from tests.support.letters import PAGE, Worker, subscribed

ADDRESS = "ada@example.org"
Computes = Callable[..., int]


@pytest.fixture
def post(as_role: AsRole) -> Worker:
    return Worker(as_role)


@pytest.fixture
def news(shop: Shop) -> Topic:
    letters = Purpose.objects.create(slug="letters", position=5, sends_mail=True)
    PurposeNotice.objects.create(
        purpose=letters, version=1, title=T("Letters"), sentence=T("We write."), benefit=T("News."),
        published_at=timezone.now(),
    )  # fmt: skip
    return Topic.objects.create(key="news", purpose=letters, title=T("News"), sentence=T("Now and then."))


@pytest.fixture
def reader(ada: Person, worker: Computes, post: Worker, news: Topic) -> Person:
    """Ada, who hears the news and has offers."""
    subscribed(post, ada, ADDRESS, "news")
    worker("compute_due")
    mail.outbox.clear()
    return ada


def release(topic: Topic, body: str = "Dear you.\n\n{offers}\n\nYours.", *, at: datetime | None = None) -> Letter:
    return Letter.objects.create(topic=topic, subject=T("Autumn"), body=T(body), released_at=at or timezone.now())


def titles(message: object) -> set[str]:
    return {title for title in ("Cream", "Gel", "Card", "Nut-free") if f"* {title}\n" in str(message.body)}


def test_a_letter_carries_the_offers_of_its_reader_and_none_of_their_answers(reader: Person, post: Worker, news: Topic):
    Offer.objects.filter(slug="cream").update(ends_at=datetime(2031, 5, 3, tzinfo=UTC))
    release(news)
    [sent] = post.sends()
    assert titles(sent) == {"Cream", "Gel", "Card"}
    assert sent.body.index("Dear you.") < sent.body.index("* Cream") < sent.body.index("Yours.")
    assert "20% off" in sent.body
    assert "Until 3 May 2031." in sent.body
    assert "{offers}" not in sent.body
    html = sent.alternatives[0][0]
    assert "<b>Cream</b>" in html
    assert "{offers}" not in html
    for told in ("dry", "calm", "skin"):
        assert told not in sent.body + html
    exposed = reader.does(
        lambda: {(each.offer.slug, each.channel) for each in Exposure.objects.select_related("offer")}
    )
    assert exposed == {("cream", "mail"), ("gel", "mail"), ("card", "mail")}


def test_on_the_page_a_letter_leads_to_the_offers_of_today(reader: Person, post: Worker, news: Topic):
    release(news)
    post.sends()
    client = browser(reader)
    page = client.get(PAGE).content.decode()
    letter = client.get(page[page.index("/preferences/mail/letters/") :].partition('"')[0]).content.decode()
    assert "{offers}" not in letter
    assert 'href="/offers/"' in letter
    assert "Yours." in letter


def test_what_was_dismissed_or_had_enough_is_not_sent(reader: Person, post: Worker, news: Topic):
    dismiss(reader, "cream")
    cap("each_offer", 1, offer="gel", channel="mail")
    release(news)
    assert titles(post.sends()[0]) == {"Gel", "Card"}
    release(news)
    assert titles(post.sends(days=1)[0]) == {"Card"}


def test_a_cap_anywhere_counts_pages_and_mail_together(reader: Person, post: Worker, news: Topic):
    cap("each_offer", 1, offer="cream")
    assert "cream" in seen(reader)
    release(news)
    assert titles(post.sends()[0]) == {"Gel", "Card"}


def test_where_nothing_may_be_sent_the_words_go_alone_and_a_letter_without_any_stays(
    reader: Person, post: Worker, news: Topic
):
    Offer.objects.update(is_active=False)
    release(news)
    [sent] = post.sends()
    assert "Dear you." in sent.body
    assert titles(sent) == set()
    release(news, "{offers}")
    for day in range(3):
        assert post.sends(days=day) == []
    release(news, "Something else.")
    assert len(post.sends(days=3)) == 1, "the next one is not held up"


def test_nothing_sensitive_stands_in_mail(reader: Person, post: Worker, news: Topic, worker: Computes):
    reader.tells(allergy="nuts")
    above = Category.objects.create(slug="health", name=T("Health"))
    Category.objects.filter(slug="creams").update(parent=above)
    worker("compute_due")
    assert seen(reader) == ["nut-free", "cream", "card"], "it is shown to them"
    release(news)
    assert titles(post.sends()[0]) == {"Cream", "Card"}
    Category.objects.filter(slug="health").update(is_sensitive=True)
    release(news)
    assert titles(post.sends(days=1)[0]) == {"Card"}
    Category.objects.filter(slug="health").update(is_sensitive=False)
    Attribute.objects.filter(key="skin").update(is_sensitive=True)
    release(news)
    assert titles(post.sends(days=2)[0]) == {"Card"}, "its reason is sensitive now"


def test_who_an_offer_is_only_for_is_not_told_by_mail(reader: Person, post: Worker, news: Topic):
    asks = {"any": [{"attribute": "allergy", "op": "is", "value": "none"}, {"attribute": "skin", "op": "answered"}]}
    Offer.objects.filter(slug="card").update(eligibility=asks)
    assert {"gel", "card"} <= set(seen(reader)), "as it was computed before"
    release(news)
    assert titles(post.sends()[0]) == {"Cream", "Gel"}, "whom gel is never for tells nothing"


def test_what_is_for_a_pet_is_not_sent(reader: Person, post: Worker, news: Topic, worker: Computes):
    from preferences import services
    from preferences.services import Told

    pet = reader.does(lambda: services.add_profile(kind="pet", name="Bella"))
    reader.does(lambda: services.remember(profile_id=pet, items=[Told("skin", "oily")]))
    Offer.objects.filter(slug="gel").update(eligibility={"attribute": "skin", "op": "is", "value": "oily"}, veto=None)
    worker("compute_due")
    release(news)
    assert titles(post.sends()[0]) == {"Cream", "Card"}


def test_a_letter_that_does_not_go_counts_for_nothing(
    reader: Person, post: Worker, news: Topic, monkeypatch: pytest.MonkeyPatch
):
    cap("each_offer", 1, channel="mail")
    cap("everybody", 1, offer="gel")
    release(news)
    with monkeypatch.context() as broken:

        def fail(*_arguments: object) -> int:
            raise SMTPServerDisconnected("gone")

        broken.setattr(EmailBackend, "send_messages", fail)
        assert post.sends() == []
    assert reader.does(Exposure.objects.count) == 0
    [sent] = post.sends(days=0.01)
    assert titles(sent) == {"Cream", "Gel", "Card"}


def test_two_letters_at_once_keep_the_cap(reader: Person, post: Worker, news: Topic, as_role: AsRole, worker: Computes):
    other = Topic.objects.create(key="more", purpose=news.purpose, title=T("More"), sentence=T("More."))
    browser(reader).post(f"{PAGE}topics/more/", {"to": "on", "notice": "1"})
    worker("compute_due")
    cap("customer", 2, channel="mail")
    letters = [release(news), release(other)]
    now, together = timezone.now(), Barrier(2)

    def send(letter: Letter) -> bool:
        try:
            together.wait(60)
            return sending.send_letter(sending.Due(reader.id, letter.topic_id, letter.pk), now)
        finally:
            connection.close()

    with as_role("worker"), ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, letters)) == [True, True]
    assert sum(len(titles(each)) for each in mail.outbox) == 2


# ── Held out ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_is_held_out_is_sent_no_offer_and_still_sees_them(
    reader: Person, post: Worker, news: Topic, as_role: AsRole
):
    Restraint.objects.update(holdout_percent=50)
    with as_role("owner"):
        salt = next(
            salt
            for salt in (bytes([number]) * 8 for number in range(256))
            if int.from_bytes(hashlib.sha256(salt + str(reader.id).encode()).digest()[:4], "big") % 10000 < 5000
        )
        with connection.cursor() as cursor:
            cursor.execute("UPDATE recommendations_restraint SET holdout_salt = %s", [salt])
    release(news)
    [sent] = post.sends()
    assert titles(sent) == set()
    assert reader.does(Exposure.objects.count) == 0
    assert seen(reader) == ["cream", "gel", "card"]


def test_the_held_out_are_as_many_as_asked_for_and_stay_the_same(owner_connection: psycopg.Connection, shop: Shop):
    def held_out(percent: int) -> set[int]:
        owner_connection.execute("UPDATE recommendations_restraint SET holdout_percent = %s", [percent])
        found = owner_connection.execute("SELECT n FROM generate_series(1, 20000) n WHERE is_held_out(n)").fetchall()
        return {number for (number,) in found}

    ten, again, twenty, none = held_out(10), held_out(10), held_out(20), held_out(0)
    assert abs(len(ten) - 2000) < 200
    assert ten == again
    assert ten < twenty
    assert none == set()
    owner_connection.execute("UPDATE recommendations_restraint SET holdout_salt = 'other'")
    assert 100 < len(held_out(10) & ten) < 350, "another salt draws others"


def test_nobody_reads_the_salt(role_connection: Callable[[str], psycopg.Connection], shop: Shop):
    for role in ("web", "worker", "offers"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            role_connection(role).execute("SELECT holdout_salt FROM recommendations_restraint")


def test_the_worker_asks_for_claimed_letters_only(
    reader: Person, post: Worker, news: Topic, role_connection: Callable[[str], psycopg.Connection]
):
    release(news)
    post.sends()
    worker = role_connection("worker")
    for sending_id in range(-1, 50):
        assert worker.execute("SELECT offers_to_send(%s, 5)", [sending_id]).fetchone() == ([],)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        worker.execute("SELECT offers_that_hold(%s)", [reader.id])


# ── Quiet hours ─────────────────────────────────────────────────────────────────────────────────────────────────────

NIGHT = ("21:00", "08:00")


@pytest.mark.parametrize(
    ("zone", "quiet", "now", "is_sent"),
    [
        ("Europe/Berlin", NIGHT, "2027-01-10 19:59", True),
        ("Europe/Berlin", NIGHT, "2027-01-10 20:00", False),
        ("Europe/Berlin", NIGHT, "2027-01-10 23:30", False),
        ("Europe/Berlin", NIGHT, "2027-01-11 06:59", False),
        ("Europe/Berlin", NIGHT, "2027-01-11 07:00", True),
        ("Europe/Berlin", NIGHT, "2027-03-27 06:30", False),
        ("Europe/Berlin", NIGHT, "2027-03-28 06:30", True),  # summer time since that night
        ("Europe/Berlin", NIGHT, "2027-10-30 06:30", True),
        ("Europe/Berlin", NIGHT, "2027-10-31 06:30", False),  # and back
        ("Asia/Jakarta", NIGHT, "2027-01-10 00:59", False),
        ("Asia/Jakarta", NIGHT, "2027-01-10 01:00", True),
        ("America/New_York", NIGHT, "2027-01-10 12:59", False),
        ("America/New_York", NIGHT, "2027-01-10 13:00", True),
        ("", NIGHT, "2027-01-10 14:00", False),  # the brand's: 23:00 in Tokyo
        ("", NIGHT, "2027-01-10 00:00", True),
        ("Europe/Berlin", ("12:00", "14:00"), "2027-01-10 12:30", False),
        ("Europe/Berlin", ("12:00", "14:00"), "2027-01-10 13:00", True),
        ("Europe/Berlin", (None, None), "2027-01-10 02:00", True),
    ],
)
def test_letters_wait_for_the_readers_day(
    zone: str, quiet: tuple[str | None, str | None], now: str, is_sent: bool, reader: Person, post: Worker, news: Topic
):
    Brand.objects.create(pk=1, name="Brand", time_zone="Asia/Tokyo")
    Restraint.objects.update(quiet_from=quiet[0], quiet_until=quiet[1])
    assert browser(reader).post(f"{PAGE}clock/", {"time_zone": zone}).status_code == 302
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    release(news, "Good day.", at=moment - timedelta(minutes=1))
    assert len(post.sends(now=moment)) == is_sent


def test_a_letter_that_waits_for_the_morning_comes_once(reader: Person, post: Worker, news: Topic):
    Restraint.objects.update(quiet_from="21:00", quiet_until="08:00")
    night = datetime(2027, 1, 10, 23, tzinfo=UTC)
    release(news, at=night)
    for hour in range(9):
        assert post.sends(now=night + timedelta(hours=hour)) == []
    assert titles(post.sends(now=night + timedelta(hours=9))[0]) == {"Cream", "Gel", "Card"}
    assert post.sends(now=night + timedelta(hours=10)) == []


def test_what_is_laid_out_on_the_page_disturbs_nobody(reader: Person, post: Worker, news: Topic):
    Restraint.objects.update(quiet_from="21:00", quiet_until="08:00")
    browser(reader).post(f"{PAGE}topics/news/how/", {"frequency": "always", "channel": "page"})
    night = datetime(2027, 1, 10, 23, tzinfo=UTC)
    release(news, at=night)
    assert post.sends(now=night + timedelta(hours=1)) == []
    assert "Autumn" in browser(reader).get(PAGE).content.decode()


def test_the_clock_is_guessed_once_and_changed_on_its_page(shop: Shop, news: Topic):
    client = browser(somebody())
    client.post(f"{PAGE}topics/news/", {"to": "on", "notice": "1", "time_zone": "Nowhere/Land"})
    client.post(f"{PAGE}topics/news/", {"to": "on", "notice": "1", "time_zone": "Asia/Jakarta"})
    client.post(f"{PAGE}address/", {"address": ADDRESS, "time_zone": "Europe/Berlin"})
    assert "in Jakarta now" in client.get(PAGE).content.decode()
    assert '<option value="Asia/Jakarta" selected>' in client.get(f"{PAGE}clock/").content.decode()
    assert client.post(f"{PAGE}clock/", {"time_zone": "Europe/Paris"}).status_code == 302
    assert "in Paris now" in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}clock/", {"time_zone": "Nowhere/Land"}).status_code == 404
    client.post(f"{PAGE}clock/", {"time_zone": ""})
    assert "We do not know where you are" in client.get(PAGE).content.decode()


def test_every_time_zone_on_offer_is_known_to_the_server(owner_connection: psycopg.Connection, shop: Shop):
    from preferences import time_zones

    for name in sorted(time_zones.known()):
        owner_connection.execute("SELECT timezone(%s, now())", [name])
