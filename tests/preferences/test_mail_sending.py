"""Every letter goes through one door: once, to who still wants it, and never silently lost when a server is down."""

import threading
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import psycopg
import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone
from psycopg import errors

from preferences import services
from preferences.letters import composing, sending
from preferences.models import Letter, Topic
from tests.preferences.test_isolation import Connect
from tests.support.letters import (
    PAGE,
    AsRole,
    Worker,
    browser_of,
    confirm,
    give_address,
    make_topics,
    release,
    subscribed,
    switch,
)
from tests.support.people import Person, acting, someone

pytestmark = pytest.mark.django_db
ADDRESS = "ada@example.org"


@pytest.fixture
def topics(db: None) -> dict[str, Topic]:
    return make_topics()


@pytest.fixture
def worker(as_role: AsRole) -> Worker:
    return Worker(as_role)


@pytest.fixture
def ada(topics: dict[str, Topic]) -> Person:
    return someone({"skin": "dry"})


def test_two_workers_at_once_send_once(ada: Person, worker: Worker, topics: dict[str, Topic], as_role: AsRole) -> None:
    everyone = [ada, *(someone() for _ in range(4))]
    for number, person in enumerate(everyone):
        subscribed(worker, person, f"a{number}@example.org", "season")
    release(topics["season"])
    mail.outbox.clear()
    now, ready = timezone.now(), threading.Barrier(4)

    def work() -> None:
        ready.wait()
        try:
            sending.send_due(now)
        finally:
            connection.close()

    with as_role("worker"):
        workers = [threading.Thread(target=work) for _ in range(4)]
        for each in workers:
            each.start()
        for each in workers:
            each.join()
    assert sorted(each.to[0] for each in mail.outbox) == [f"a{number}@example.org" for number in range(5)]


def test_two_workers_at_once_ask_an_address_once(ada: Person, as_role: AsRole) -> None:
    give_address(browser_of(ada), ADDRESS)
    now, ready = timezone.now(), threading.Barrier(3)

    def work() -> None:
        ready.wait()
        try:
            sending.send_confirmations(now)
        finally:
            connection.close()

    with as_role("worker"):
        workers = [threading.Thread(target=work) for _ in range(3)]
        for each in workers:
            each.start()
        for each in workers:
            each.join()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("how", ["withdrawn", "snoozed", "address deleted", "erased"])
def test_a_no_between_claim_and_sending_still_counts(
    how: str, ada: Person, worker: Worker, topics: dict[str, Topic], monkeypatch: pytest.MonkeyPatch, database: Any
) -> None:
    client = subscribed(worker, ada, ADDRESS, "season")
    release(topics["season"])
    compose = composing.letter_message

    def compose_meanwhile(*args: Any, **options: Any) -> Any:
        with database.as_role("web"):
            match how:
                case "withdrawn":
                    with acting(ada):
                        services.withdraw(purpose_slug="letters", source="center")
                case "snoozed":
                    client.post(f"{PAGE}topics/season/quiet/", {"days": "30"})
                case "address deleted":
                    client.post(f"{PAGE}address/delete/")
                case "erased":
                    client.post("/preferences/delete-everything/")
        return compose(*args, **options)

    monkeypatch.setattr(sending, "letter_message", compose_meanwhile)
    assert worker.sends() == []
    assert "Autumn is here" not in client.get(PAGE).content.decode()


class Failing(EmailBackend):
    """A server that refuses, until `error` is None."""

    error: Exception | None = None

    def send_messages(self, messages: Any) -> int:
        if Failing.error:
            raise Failing.error
        return super().send_messages(messages)  # type: ignore[no-any-return]


@pytest.fixture
def failing(settings: Any) -> Any:
    settings.EMAIL_BACKEND = f"{__name__}.Failing"
    Failing.error = None
    yield Failing
    Failing.error = None


def test_what_did_not_go_out_is_tried_again_and_comes_once(
    ada: Person, worker: Worker, topics: dict[str, Topic], failing: Any
) -> None:
    subscribed(worker, ada, ADDRESS, "season")
    release(topics["season"])
    failing.error = SMTPServerDisconnected("no")
    assert worker.sends() == []
    failing.error = None
    assert worker.sends() == []  # not at once
    assert len(worker.sends(days=0.01)) == 1
    assert worker.sends(days=0.02) == []


def test_a_link_that_did_not_go_out_is_tried_again(ada: Person, worker: Worker, failing: Any) -> None:
    failing.error = OSError("no")
    give_address(browser_of(ada), ADDRESS)
    assert worker.sends() == []
    failing.error = None
    assert len(worker.sends()) == 1


def test_an_address_that_refuses_is_not_written_to_again(
    ada: Person, worker: Worker, topics: dict[str, Topic], failing: Any
) -> None:
    client = subscribed(worker, ada, ADDRESS, "season")
    release(topics["season"])
    failing.error = SMTPRecipientsRefused({ADDRESS: (550, b"no such user")})
    worker.sends()
    failing.error = None
    release(topics["season"])
    assert worker.sends(days=1) == []
    assert "came back" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}address/", {"address": ADDRESS})
    assert len(worker.sends(days=1.1)) == 1  # the link to confirm it anew


def test_an_error_names_no_address_in_the_log(
    ada: Person, worker: Worker, topics: dict[str, Topic], failing: Any, caplog: pytest.LogCaptureFixture
) -> None:
    subscribed(worker, ada, ADDRESS, "season")
    release(topics["season"])
    failing.error = SMTPServerDisconnected(f"talking of {ADDRESS}")
    worker.sends()
    assert "SMTPServerDisconnected" in caplog.text
    assert ADDRESS not in caplog.text


def test_a_letter_is_in_the_language_it_was_asked_for_in(ada: Person, worker: Worker, topics: dict[str, Topic]) -> None:
    client = browser_of(ada)
    client.cookies["django_language"] = "id"
    switch(client, "season")
    give_address(client, ADDRESS)
    [asked] = worker.sends()
    confirm(asked)
    release(topics["season"])
    [letter] = worker.sends()
    assert letter.subject == "Autumn is here (id)"
    assert 'lang="id"' in letter.alternatives[0][0]


def test_a_released_letter_keeps_its_words(topics: dict[str, Topic], owner_connection: psycopg.Connection) -> None:
    letter = release(topics["season"])
    with pytest.raises(errors.RestrictViolation):
        owner_connection.execute("UPDATE preferences_letter SET subject = '{}' WHERE id = %s", [letter.pk])
    with pytest.raises(errors.RestrictViolation):
        owner_connection.execute("DELETE FROM preferences_letter")
    assert Letter.objects.get().subject["en"] == "Autumn is here"


@pytest.mark.parametrize(
    "table", ["mailaddress", "mailconfirmation", "topicchoice", "sending", "maillink", "addressasked"]
)
@pytest.mark.parametrize("role", ["worker", "offers"])
def test_the_processes_see_no_address(role: str, table: str, ada: Person, role_connection: Connect) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        role_connection(role).execute(f"SELECT 1 FROM preferences_{table}")


@pytest.mark.parametrize("table", ["mailaddress", "topicchoice", "sending"])
def test_the_site_sees_and_writes_nobody_elses(
    table: str, ada: Person, worker: Worker, topics: dict[str, Topic], role_connection: Connect
) -> None:
    subscribed(worker, ada, ADDRESS, "season")
    release(topics["season"])
    worker.sends()
    web = role_connection("web")
    assert web.execute(f"SELECT count(*) FROM preferences_{table}").fetchone() == (0,)
    web.execute("SELECT set_config('proffer.customer', %s, false)", [str(someone().id)])
    assert web.execute(f"SELECT count(*) FROM preferences_{table}").fetchone() == (0,)
    web.execute("SELECT set_config('proffer.customer', %s, false)", [str(ada.id)])
    assert web.execute(f"SELECT count(*) FROM preferences_{table}").fetchone() == (1,)
    for statement in ("UPDATE preferences_{} SET customer_id = 1", "DELETE FROM preferences_{}"):
        with pytest.raises(errors.InsufficientPrivilege):
            web.execute(statement.format(table))


@pytest.mark.parametrize(
    "call",
    ["claim_letter(1, 1, 1, 'x', now())", "address_for(1, now())", "finish_letter(1, 'sent', now())",
     "claim_confirmation(1, 'x', now())", "letters_due(now(), 0, 9)", "tidy_mail(now())", "may_send(1, 1, now())"],
)  # fmt: skip
def test_the_site_itself_can_send_nothing(call: str, topics: dict[str, Topic], role_connection: Connect) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        role_connection("web").execute(f"SELECT {call}")


@pytest.mark.parametrize(
    "call", ["confirm_address('x', 'x')", "use_mail_link('x', 'stop', 0, 'x')", "choose_topic('season', 1, 'en', 'x')"]
)
def test_the_worker_chooses_nothing(call: str, topics: dict[str, Topic], role_connection: Connect) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        role_connection("worker").execute(f"SELECT {call}")
