"""What customers take along is all there is: each table about people is in the file, or here is why not."""

import psycopg
import pytest
from django.contrib.auth import get_user_model

from preferences import services
from preferences.export.own import sections
from preferences.models import Topic
from tests.preferences.test_download import data
from tests.support.letters import make_topics
from tests.support.people import Person, acting, someone

pytestmark = pytest.mark.django_db

# Each table about people: the sections that hold it.
TAKEN_ALONG = {
    "preferences_customer": {"you"},
    "preferences_device": {"you"},
    "preferences_profile": {"profiles"},
    "preferences_preference": {"preferences"},
    "preferences_grant": {"uses_on"},
    "preferences_exclusion": {"exclusions"},
    "preferences_objection": {"objections"},
    "preferences_standing": {"standing"},
    "preferences_permit": {"permits"},
    "preferences_uselog": {"use_log"},
    "preferences_ledgersubject": {"consent_history"},
    "preferences_consentevent": {"consent_history"},
    "preferences_mailaddress": {"mail_addresses"},
    "preferences_mailconfirmation": {"mail_addresses"},
    "preferences_topicchoice": {"mail_topics"},
    "preferences_sending": {"letters"},
    "preferences_privacyrequest": {"requests"},
    "preferences_look": {"looks"},
    "quizzes_run": {"quiz_runs"},
    "quizzes_answer": {"quiz_answers"},
    "recommendations_tailoredoffers": {"tailored_offers"},
    "recommendations_claim": {"codes"},
    "recommendations_suppression": {"not_wanted"},
    "recommendations_exposure": {"offers_seen"},
}
# Those that are not in the file, and why.
LEFT_OUT = {
    "preferences_accountsession": "which browsers are signed in, by what lets one in: not for a file",
    "preferences_maillink": "hashes of the links in letters; the letters are in the file",
    "quizzes_handoff": "a hash of a link to another device, for minutes; the run is in the file",
    "preferences_computationdue": "that offers are about to be computed anew: gone once they are in the file",
    "preferences_reissuedue": "that permits are about to be issued anew: gone once they are in the file",
    "preferences_requeststep": "what staff did for a request, by number of staff; what came of it is in the file",
    "preferences_addressasked": "a keyed hash of an address and a time, tied to no customer, for a day",
    "preferences_erasure": "of those who are gone: a hash and a random name, tied to nobody",
}


@pytest.fixture
def ada(db: None) -> Person:
    make_topics()
    return someone({"skin": "dry", "weight": 4.2, "note": "hm"}, ("offers", "letters"))


def tables_about_people(owner: psycopg.Connection) -> set[str]:
    """Those whose rows are secured, and all that hang on a customer, however far."""
    found = owner.execute(
        """
        WITH RECURSIVE hangs (id) AS (
            SELECT 'preferences_customer'::regclass::oid
            UNION
            SELECT conrelid FROM pg_constraint JOIN hangs ON confrelid = hangs.id WHERE contype = 'f'
        )
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
          AND (relforcerowsecurity OR oid IN (SELECT id FROM hangs))
        """
    ).fetchall()
    return {name for (name,) in found}


def test_every_table_about_people_is_taken_along_or_it_is_said_why_not(
    ada: Person, owner_connection: psycopg.Connection
) -> None:
    """Whoever adds a table adds it to the file, or says here why not."""
    assert tables_about_people(owner_connection) == TAKEN_ALONG.keys() | LEFT_OUT.keys()
    assert not TAKEN_ALONG.keys() & LEFT_OUT.keys()
    assert set(data(ada)) == set().union(*TAKEN_ALONG.values())


def test_what_may_be_used_right_now_is_there(ada: Person) -> None:
    found = data(ada)["permits"]
    assert [(each["profile"], each["use"], sorted(each["answers"])) for each in found] == [
        (ada.profile, "offers", ["skin=dry", "weight=light"]),
        (ada.profile, "letters", ["skin=dry"]),
    ]
    assert all(each["expires_at"] > each["issued_at"] for each in found)


def test_what_one_hears_from_us_is_there(ada: Person, owner_connection: psycopg.Connection) -> None:
    with acting(ada):
        services.ask_address(address="ada@example.org", language="en")
        services.choose_topic(topic_key="news", notice_version=1, language="en", source="mail")
    topic = Topic.objects.get(key="news").pk
    owner_connection.execute(
        "INSERT INTO preferences_sending"
        " (customer_id, topic_id, occasion, channel, answer_count, claimed_at, attempt_count, failed_at)"
        " VALUES (%s, %s, 'season:2026-4', 'mail', 3, now(), 1, now())",
        [ada.id, topic],
    )
    found = data(ada)
    assert [each["address"] for each in found["mail_addresses"]] == ["ada@example.org"]
    assert [(each["topic"], each["is_on"], each["notice"], each["language"]) for each in found["mail_topics"]] == [
        ("news", True, 1, "en")
    ]
    (letter,) = found["letters"]
    assert (letter["at"], letter["topic"], letter["answers"]) == (None, "news", 3)
    assert letter["failed_at"]


def test_when_one_signed_in_is_there(ada: Person, owner_connection: psycopg.Connection) -> None:
    account = get_user_model().objects.create(username="ada", email="ada@example.org")
    owner_connection.execute("UPDATE preferences_customer SET user_id = %s WHERE id = %s", [account.pk, ada.id])
    with acting(ada):
        (you,) = next(each for each in sections(ada.id, "en") if each.name == "you").rows()
    assert (you["email"], you["signed_in_last_at"]) == ("ada@example.org", None)
    assert you["signed_in_first_at"] == account.date_joined.isoformat()


def test_what_we_noted_of_a_request_is_there(ada: Person, owner_connection: psycopg.Connection) -> None:
    owner_connection.execute(
        "INSERT INTO preferences_jurisdiction (code, name, time_zone, keep_days, position)"
        " VALUES ('here', 'Here', 'UTC', 30, 0)"
    )
    owner_connection.execute(
        "INSERT INTO preferences_privacyrequest (kind, channel, received_at, jurisdiction_id, email, description,"
        " first_due_at, due_at, remind_at, extended_at, extension_reason, identity, entered_at, customer_id, status,"
        " outcome)"
        " SELECT 'access', 'phone', now(), id, 'ada@example.org', 'wants to see it all',"
        " now() + interval '9 days', now() + interval '30 days', now(), now(),"
        " 'we moved', '', now(), %s, 'open', '' FROM preferences_jurisdiction WHERE code = 'here'",
        [ada.id],
    )
    (asked,) = data(ada)["requests"]
    assert (asked["email"], asked["description"]) == ("ada@example.org", "wants to see it all")
    assert (asked["extended_because"], asked["closed_at"]) == ("we moved", None)
