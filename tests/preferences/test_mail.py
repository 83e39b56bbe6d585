"""Nobody hears anything from us who did not choose it and confirm where; and it ends when they say so."""

from datetime import timedelta

import psycopg
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from preferences import selectors, services
from preferences.models import Topic
from tests.support.letters import (
    PAGE,
    AsRole,
    Worker,
    browser_of,
    confirm,
    give_address,
    make_topics,
    path_in,
    release,
    subscribed,
    switch,
)  # fmt: skip
from tests.support.people import Person, acting, someone

pytestmark = pytest.mark.django_db
ADDRESS = "ada@example.org"
Owner = psycopg.Connection
Ledger = list[tuple[str, str | None, str]]


@pytest.fixture
def topics(db: None) -> dict[str, Topic]:
    return make_topics()


@pytest.fixture
def worker(as_role: AsRole) -> Worker:
    return Worker(as_role)


@pytest.fixture
def ada(topics: dict[str, Topic]) -> Person:
    return someone({"skin": "dry", "note": "my secret"})


def ledger(owner: Owner) -> Ledger:
    rows = owner.execute(
        "SELECT kind, slug, source FROM preferences_consentevent e "
        "LEFT JOIN preferences_purpose p ON p.id = e.purpose_id ORDER BY e.id"
    )
    return [(kind, slug, source) for kind, slug, source in rows.fetchall()]


def granted(person: Person) -> set[str]:
    with acting(person):
        return {each.slug for each in selectors.purposes(person.id, "en") if each.is_granted}


# ── Confirming ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_agreed_to_until_the_address_is_confirmed(
    ada: Person, worker: Worker, topics: dict[str, Topic], owner_connection: Owner
) -> None:
    client = browser_of(ada)
    switch(client, "season")
    give_address(client, ADDRESS)
    release(topics["season"])
    [asked] = worker.sends()
    assert (asked.to, granted(ada), ledger(owner_connection)) == ([ADDRESS], set(), [])

    confirm(asked)
    assert granted(ada) == {"letters"}
    assert ledger(owner_connection) == [("granted", "letters", "mail")]
    proof = owner_connection.execute(
        "SELECT n.version, e.language FROM preferences_consentevent e "
        "JOIN preferences_purposenotice n ON n.id = notice_id"
    ).fetchone()
    assert proof == (1, "en")
    [letter] = worker.sends()
    assert (letter.to, letter.subject) == ([ADDRESS], "Autumn is here")


def test_opening_the_link_confirms_nothing(ada: Person, worker: Worker) -> None:
    client = browser_of(ada)
    switch(client, "season")
    give_address(client, ADDRESS)
    path = path_in(worker.sends()[0])
    for _again in range(3):
        assert Client().get(path).status_code == 200
        assert Client().head(path).status_code == 200
    assert granted(ada) == set()
    assert "waits to be confirmed" in client.get(PAGE).content.decode()


def test_a_link_confirms_once(ada: Person, worker: Worker, owner_connection: Owner) -> None:
    subscribed(worker, ada, ADDRESS, "season")
    path = path_in(mail.outbox[0])
    assert "is confirmed" in Client().post(path).content.decode()
    assert [kind for kind, *_rest in ledger(owner_connection)] == ["granted"]
    services_of_ada = browser_of(ada)
    services_of_ada.post(f"{PAGE}address/delete/")
    Client().post(path)
    assert "We have no address of yours" in services_of_ada.get(PAGE).content.decode()


def test_a_link_is_void_after_two_days(ada: Person, worker: Worker, owner_connection: Owner) -> None:
    give_address(browser_of(ada), ADDRESS)
    path = path_in(worker.sends()[0])
    owner_connection.execute("UPDATE preferences_mailconfirmation SET expires_at = now() - interval '1 second'")
    assert Client().get(path).status_code == 410
    assert Client().post(path).status_code == 410
    assert owner_connection.execute("SELECT count(*) FROM preferences_mailaddress").fetchone() == (0,)


def test_another_address_makes_the_earlier_link_void(ada: Person, worker: Worker) -> None:
    client = browser_of(ada)
    give_address(client, "wrong@example.org")
    give_address(client, "right@example.org")
    [asked] = worker.sends()
    assert asked.to == ["right@example.org"]
    give_address(client, "third@example.org")
    assert Client().post(path_in(asked)).status_code == 410


@pytest.mark.parametrize("token", ["x" * 43, "x", "é" * 43, "x" * 5000, "%00" + "x" * 42, "../" * 14 + "x"])
def test_forged_tokens_are_not_found(token: str, topics: dict[str, Topic]) -> None:
    for path in (f"/mail/address/{token}/", f"/mail/{token}/"):
        assert Client().get(path).status_code == 404
        assert Client().post(path, {"List-Unsubscribe": "One-Click"}).status_code == 404
    assert Client().post(f"/mail/{token}/choose/", {"do": "stop"}).status_code == 404


def test_only_hashes_of_tokens_are_kept(
    ada: Person, worker: Worker, topics: dict[str, Topic], owner_connection: Owner
) -> None:
    subscribed(worker, ada, ADDRESS, "season")
    release(topics["season"])
    worker.sends()
    tokens = [path_in(each).strip("/").split("/")[-1] for each in mail.outbox]
    for table in ("mailconfirmation", "maillink", "sending", "mailaddress"):
        stored = str(owner_connection.execute(f"SELECT * FROM preferences_{table}").fetchall())
        assert not any(token in stored for token in tokens)


# ── Limits ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_address_gets_one_such_mail_a_day_whoever_asks(ada: Person, worker: Worker, owner_connection: Owner) -> None:
    for spelling in ("victim@example.org", "Victim@Example.org", " victim@EXAMPLE.org "):
        give_address(browser_of(someone()), spelling)
    assert len(worker.sends()) == 1
    assert len(worker.sends()) == 0
    assert len(worker.sends(days=1.01)) == 1  # another asked too; still one a day
    assert len(worker.sends(days=1.5)) == 0


def test_the_answer_is_the_same_whoever_has_the_address(ada: Person, worker: Worker) -> None:
    subscribed(worker, ada, ADDRESS, "season")
    pages = []
    for address in (ADDRESS, "nobody@example.org"):
        bo = browser_of(someone())
        give_address(bo, address)
        pages.append(bo.get(PAGE).content.decode().replace(address, "…"))
    without_masks = [page.split("waits to be confirmed")[0].rsplit("<b>", 1)[1] for page in pages]
    assert without_masks[0] == without_masks[1]


def test_three_addresses_a_day_are_enough_for_anybody(ada: Person, worker: Worker) -> None:
    client = browser_of(ada)
    for number in range(3):
        give_address(client, f"a{number}@example.org")
    response = client.post(f"{PAGE}address/", {"address": "a3@example.org"})
    assert response.status_code == 422
    assert "enough for today" in response.content.decode()
    give_address(client, "a0@example.org")  # one of them is fine
    assert [each.to for each in worker.sends()] == [["a0@example.org"]]


def test_one_place_cannot_have_mail_sent_to_a_crowd(topics: dict[str, Topic]) -> None:
    answers = [Client().post(f"{PAGE}address/", {"address": f"a{n}@example.org"}).status_code for n in range(22)]
    assert answers == [302] * 20 + [422] * 2


@pytest.mark.parametrize(
    "address",
    ["", "ada", "ada@", "@example.org", "a@b", "a b@example.org", "a@example.org\nBcc: b@example.org",
     "ada@example.org, bo@example.org", "x" * 250 + "@example.org", "a" * 100_000,
     "ada@\x00example.org", "ada@exa mple.org"],
)  # fmt: skip
def test_what_is_no_address_is_said_kindly(address: str, ada: Person, worker: Worker) -> None:
    response = browser_of(ada).post(f"{PAGE}address/", {"address": address})
    assert response.status_code == 422
    assert worker.sends() == []


def test_addresses_of_every_script_are_written_to(ada: Person, worker: Worker) -> None:
    give_address(browser_of(ada), "budi@bücher.example")
    [asked] = worker.sends()
    assert "xn--bcher-kva" in asked.message()["To"]
    confirm(asked)
    assert "budi@bücher.example" in browser_of(ada).get(PAGE).content.decode()


# ── The choke point ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_letter_comes_once(ada: Person, worker: Worker, topics: dict[str, Topic]) -> None:
    subscribed(worker, ada, ADDRESS, "season")
    release(topics["season"])
    assert len(worker.sends()) == 1
    assert worker.sends() + worker.sends(days=3) == []


def test_letters_from_before_are_not_sent_later(ada: Person, worker: Worker, topics: dict[str, Topic]) -> None:
    release(topics["season"])
    subscribed(worker, ada, ADDRESS, "season")
    assert worker.sends() == []


def test_what_comes_as_it_comes_comes_each_time(ada: Person, worker: Worker, topics: dict[str, Topic]) -> None:
    subscribed(worker, ada, ADDRESS, "season")
    for subject in ("first", "second"):
        release(topics["season"], subject)
        assert [each.subject for each in worker.sends()] == [subject]


@pytest.mark.parametrize(
    ("frequency", "interval"), [("weekly", "7 days"), ("monthly", "1 month"), ("yearly", "1 year")]
)
def test_it_comes_no_more_often_than_wished(
    frequency: str, interval: str, ada: Person, worker: Worker, topics: dict[str, Topic], owner_connection: Owner
) -> None:
    client = subscribed(worker, ada, ADDRESS, "season")
    client.post(f"{PAGE}topics/season/how/", {"frequency": frequency, "channel": "mail"})
    release(topics["season"], "first")
    assert [each.subject for each in worker.sends()] == ["first"]
    at = "UPDATE preferences_sending SET claimed_at = now() - %s::interval + %s::interval"
    owner_connection.execute(at, [interval, "1 minute"])
    release(topics["season"], "second")
    release(topics["season"], "third")
    assert worker.sends() == []
    owner_connection.execute(at, [interval, "-1 minute"])
    assert [each.subject for each in worker.sends()] == ["third"]  # the newest, not all of them


def test_what_is_snoozed_rests_and_comes_again(ada: Person, worker: Worker, topics: dict[str, Topic]) -> None:
    client = subscribed(worker, ada, ADDRESS, "season", "news")
    client.post(f"{PAGE}topics/season/quiet/", {"days": "30"})
    assert "Quiet until" in client.get(PAGE).content.decode()
    release(topics["season"], "season")
    release(topics["news"], "news")
    assert [each.subject for each in worker.sends()] == ["news"]
    assert [each.subject for each in worker.sends(days=31)] == ["season"]


def test_only_to_be_read_here_needs_no_address_and_sends_no_mail(
    ada: Person, worker: Worker, topics: dict[str, Topic]
) -> None:
    client = browser_of(ada)
    switch(client, "season")
    client.post(f"{PAGE}topics/season/how/", {"frequency": "always", "channel": "page"})
    assert granted(ada) == {"letters"}
    release(topics["season"])
    assert worker.sends() == []
    page = client.get(PAGE).content.decode()
    assert "Autumn is here" in page
    path = page.split('href="/preferences/mail/letters/')[1].split('"')[0]
    assert "Wear a hat." in client.get(f"/preferences/mail/letters/{path}").content.decode()
    assert browser_of(someone()).get(f"/preferences/mail/letters/{path}").status_code == 404


@pytest.mark.parametrize(
    "how", ["withdraw", "pause", "restrict", "object", "minor", "off", "stop", "forget", "inactive"]
)
def test_nothing_goes_out_after_a_no(
    how: str, ada: Person, worker: Worker, topics: dict[str, Topic], owner_connection: Owner
) -> None:
    client = subscribed(worker, ada, ADDRESS, "season")
    release(topics["season"])
    with acting(ada):
        match how:
            case "withdraw":
                services.withdraw(purpose_slug="letters", source="center")
            case "pause":
                services.pause(days=7, source="center")
            case "restrict":
                services.restrict(source="center")
            case "object":
                services.object_to(purpose_slug="letters", source="center")
            case "minor":
                services.note_minor(is_minor=True, source="center")
    match how:
        case "off":
            switch(client, "season", "off")
        case "stop":
            client.post(f"{PAGE}stop/")
        case "forget":
            client.post(f"{PAGE}address/delete/")
        case "inactive":
            Topic.objects.update(is_active=False)
    assert worker.sends() == []
    assert client.get(PAGE).status_code == 200


def test_after_a_pause_it_comes_again(ada: Person, worker: Worker, topics: dict[str, Topic]) -> None:
    client = subscribed(worker, ada, ADDRESS, "season")
    with acting(ada):
        services.pause(days=7, source="center")
    assert "Quiet, because you paused" in client.get(PAGE).content.decode()
    release(topics["season"])
    assert worker.sends() == []
    with acting(ada):
        services.resume(source="center")
    assert len(worker.sends()) == 1


def test_what_was_withdrawn_elsewhere_is_not_begun_again_by_confirming(ada: Person, worker: Worker) -> None:
    client = browser_of(ada)
    switch(client, "season")
    give_address(client, ADDRESS)
    [asked] = worker.sends()
    with acting(ada):
        services.grant(purpose_slug="letters", language="en", source="center")
        services.withdraw(purpose_slug="letters", source="center")
    confirm(asked)
    assert granted(ada) == set()
    assert 'aria-checked="true"' not in client.get(PAGE).content.decode()


def test_changed_words_are_read_before_they_are_agreed_to(ada: Person) -> None:
    client = browser_of(ada)
    for version in ("2", "", "x", "9" * 400, "-1"):
        client.post(f"{PAGE}topics/season/", {"to": "on", "notice": version})
    assert 'aria-checked="true"' not in client.get(PAGE).content.decode()


def test_the_last_topic_takes_its_purpose_along(ada: Person, worker: Worker) -> None:
    client = subscribed(worker, ada, ADDRESS, "season", "news")
    switch(client, "season", "off")
    assert granted(ada) == {"letters"}
    switch(client, "news", "off")
    assert granted(ada) == set()


def test_a_young_person_grants_nothing_by_confirming(ada: Person, worker: Worker) -> None:
    client = browser_of(ada)
    switch(client, "season")
    give_address(client, ADDRESS)
    with acting(ada):
        services.note_minor(is_minor=True, source="quiz")
    confirm(worker.sends()[0])
    assert granted(ada) == set()
    response = client.post(f"{PAGE}topics/news/", {"to": "on", "notice": "1"}, follow=True)
    assert "too young" in response.content.decode()


def test_a_stranger_can_begin_with_letters(topics: dict[str, Topic], worker: Worker) -> None:
    client = Client()
    assert client.get(PAGE).status_code == 200
    assert "proffer" not in client.cookies
    switch(client, "news")
    assert "Waits until your address is confirmed" in client.get(PAGE).content.decode()


def test_nothing_of_anybody_elses_is_touched(ada: Person, worker: Worker) -> None:
    subscribed(worker, ada, ADDRESS, "season")
    for path in ("topics/season/how/", "topics/season/quiet/", "topics/none/", "stop/", "address/delete/"):
        assert Client().post(f"{PAGE}{path}", {"days": "30"}).status_code == 404
    bo = browser_of(someone())
    bo.post(f"{PAGE}stop/")
    bo.post(f"{PAGE}address/delete/")
    assert bo.post(f"{PAGE}topics/season/how/", {"frequency": "always", "channel": "page"}).status_code == 404
    assert granted(ada) == {"letters"}
    assert ADDRESS not in bo.get(PAGE).content.decode()


def test_asking_again_comes_once_a_season_and_names_no_answer(
    ada: Person, worker: Worker, owner_connection: Owner
) -> None:
    subscribed(worker, ada, ADDRESS, "fresh")
    assert worker.sends() == []
    autumn = timezone.now().replace(month=10, day=5)
    owner_connection.execute("UPDATE preferences_preference SET expires_at = %s + interval '20 days'", [autumn])
    owner_connection.execute("UPDATE preferences_topicchoice SET switched_at = %s", [autumn - timedelta(days=1)])
    [asked] = worker.sends(now=autumn)
    everything = asked.body + str(asked.alternatives)
    assert "2 of yours" in asked.body
    assert not any(word in everything for word in ("dry", "skin", "secret", "note"))
    assert worker.sends(now=autumn, days=30) == []
    owner_connection.execute("UPDATE preferences_preference SET expires_at = %s + interval '100 days'", [autumn])
    assert len(worker.sends(now=autumn, days=90)) == 1
