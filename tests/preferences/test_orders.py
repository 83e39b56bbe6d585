"""What an order may do to what is known of a customer: add to it, switched off, and never overrule them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection

from preferences import selectors, services, tasks
from preferences.catalogue import publish_notice, sync_features
from preferences.export.own import sections
from preferences.forms import ValueForm
from preferences.models import Attribute, AttributeValue, Purpose
from preferences.services import Told
from preferences.services.orders import Bought, NoUseForPurchases, record_orders
from tests.support.people import Person, acting, make_catalogue, someone

pytestmark = pytest.mark.django_db

AsRole = Callable[[str], AbstractContextManager[None]]
NOW = datetime.now(UTC)
PRODUCTS = ("coat", "wool-gloves", "a" + 78 * "-" + "z")


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.fixture
def purchases(db: None) -> Attribute:
    """An attribute of the offers purpose, under a notice that covers it; purchases count for a year."""
    make_catalogue()
    made = Attribute.objects.create(
        key="purchases",
        kind="multi",
        label={"en": "What you bought"},
        sentence={"en": "you bought {value}"},
        group={"en": "Me"},
        shelf_life_days=365,
    )
    for value in PRODUCTS:
        AttributeValue.objects.create(attribute=made, value=value, label={"en": value.capitalize()})
    sync_features(made)
    offers = Purpose.objects.get(slug="offers")
    offers.attributes.add(made)
    words = {"en": "Offers"}
    publish_notice(purpose=offers, title=words, sentence=words, benefit=words, details=words)
    return made


def account(person: Person, email: str, *, is_verified: bool = True) -> Person:
    user = get_user_model().objects.create_user(username=email, email=email)
    EmailAddress.objects.create(user=user, email=email, verified=is_verified, primary=True)
    with acting(person), connection.cursor() as cursor:
        cursor.execute("SELECT attach_account(%s)", [user.pk])
    return person


@pytest.fixture
def ada(purchases: Attribute) -> Person:
    return account(someone({"skin": "dry"}, ("offers",)), "ada@example.org")


@pytest.fixture
def order(as_role: AsRole) -> Callable[..., list[str]]:
    """`order("o1", coat=3)`: Ada bought a coat three days ago, says the worker."""

    def record(number: str, email: str = "ada@example.org", *, keep: bool = True, **bought: float) -> list[str]:
        lines = [Bought(number, product.replace("_", "-"), days_ago(days)) for product, days in bought.items()]
        with as_role("worker"):
            return record_orders(email=email, bought=lines, keep=keep)

    return record


def switch_on(person: Person) -> None:
    with acting(person):
        services.include(profile_id=person.profile, purpose_slug="offers", attribute_key="purchases", source="center")


def used(person: Person) -> set[str]:
    with acting(person), connection.cursor() as cursor:
        cursor.execute(
            "SELECT feature.code FROM preferences_permit permit, preferences_feature feature "
            "JOIN preferences_attribute attribute ON attribute.id = attribute_id AND attribute.key = 'purchases' "
            "WHERE feature.id = ANY (permit.features)"
        )
        return {code for (code,) in cursor.fetchall()}


def serials(person: Person) -> list[int]:
    with acting(person), connection.cursor() as cursor:
        cursor.execute("SELECT serial FROM preferences_permit ORDER BY serial")
        return [serial for (serial,) in cursor.fetchall()]


def known(person: Person) -> selectors.ToldItem | None:
    with acting(person):
        told = selectors.told(person.id, "en")
    return next((each for each in told if each.attribute.key == "purchases"), None)


def ledger(person: Person) -> list[str]:
    with acting(person), connection.cursor() as cursor:
        cursor.execute("SELECT kind || ' ' || source FROM preferences_consentevent ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_an_order_is_known_and_off_until_it_is_switched_on(ada: Person, order: Callable[..., list[str]]) -> None:
    before = serials(ada)
    assert order("o1", coat=3, wool_gloves=3) == ["recorded", "recorded"]
    item = known(ada)
    assert item
    assert (item.source, item.excluded_from) == ("order", {"offers"})
    assert sorted(item.value) == ["coat", "wool-gloves"]
    assert used(ada) == set()
    assert serials(ada) == before  # nothing at all changes in what may be used
    assert ledger(ada)[-1] == "excluded order"
    switch_on(ada)
    assert used(ada) == {"coat", "wool-gloves"}


def test_later_orders_keep_what_the_customer_chose(ada: Person, order: Callable[..., list[str]]) -> None:
    order("o1", coat=30)
    switch_on(ada)
    order("o2", wool_gloves=3)
    assert used(ada) == {"coat", "wool-gloves"}
    with acting(ada):
        services.exclude(profile_id=ada.profile, purpose_slug="offers", attribute_key="purchases", source="center")
    order("o3", **{PRODUCTS[2]: 1})
    assert used(ada) == set()
    item = known(ada)
    assert item
    assert item.value == [PRODUCTS[2], "wool-gloves", "coat"]


def test_the_same_order_twice_is_known(
    ada: Person, order: Callable[..., list[str]], owner_connection: psycopg.Connection
) -> None:
    assert order("o1", coat=3) == ["recorded"]
    assert order("o1", coat=3, wool_gloves=3) == ["known", "recorded"]
    assert order("o1", coat=3, wool_gloves=3) == ["known", "known"]
    (kept,) = owner_connection.execute(
        "SELECT orders::text FROM preferences_preference WHERE orders <> '[]'"
    ).fetchone()
    assert "o1" not in kept
    assert "ada@" not in kept


def test_what_would_become_of_an_order_can_be_asked(ada: Person, order: Callable[..., list[str]]) -> None:
    assert order("o1", coat=3, keep=False) == ["recorded"]
    assert known(ada) is None
    assert "excluded order" not in ledger(ada)


def test_nobody_else_gets_it(
    ada: Person, order: Callable[..., list[str]], owner_connection: psycopg.Connection
) -> None:
    account(someone(), "bo@example.org", is_verified=False)
    count = "SELECT count(*) FROM preferences_preference"
    before = owner_connection.execute(count).fetchone()
    for email in ("nobody@example.org", "bo@example.org", "", "%", "ada@example.org'"):
        assert order("o1", email, coat=3) == ["unknown_customer"]
    assert owner_connection.execute(count).fetchone() == before
    assert order("o1", "ADA@example.org", coat=3) == ["recorded"]


def test_a_product_nobody_sells_is_not_kept(ada: Person, order: Callable[..., list[str]]) -> None:
    assert order("o1", cat_food=3) == ["unknown_product"]
    assert known(ada) is None


def test_its_shelf_life_counts_from_when_it_was_bought(ada: Person, order: Callable[..., list[str]]) -> None:
    assert order("o1", coat=365, wool_gloves=100) == ["too_old", "recorded"]
    item = known(ada)
    assert item
    assert item.value == ["wool-gloves"]
    assert abs(item.expires_at - days_ago(100) - timedelta(days=365)) < timedelta(minutes=1)
    assert abs(item.told_at - days_ago(100)) < timedelta(minutes=1)


def test_out_of_order_orders_come_out_the_same(ada: Person, order: Callable[..., list[str]]) -> None:
    order("o2", wool_gloves=3)
    order("o1", coat=300)
    item = known(ada)
    assert item
    assert item.value == ["wool-gloves", "coat"]
    assert abs(item.told_at - days_ago(3)) < timedelta(minutes=1)


def test_what_is_too_old_goes_and_the_rest_goes_on(
    ada: Person, order: Callable[..., list[str]], as_role: AsRole, owner_connection: psycopg.Connection
) -> None:
    order("o1", coat=300)
    order("o2", wool_gloves=3)
    switch_on(ada)
    owner_connection.execute(
        "UPDATE preferences_preference SET expires_at = now() - interval '1 minute', orders = ("
        "    SELECT jsonb_agg(CASE WHEN bought ->> 'code' = 'coat'"
        "        THEN jsonb_set(bought, '{at}', to_jsonb(now() - interval '366 days')) ELSE bought END)"
        "    FROM jsonb_array_elements(orders) AS bought)"
        " WHERE orders <> '[]'"
    )
    owner_connection.execute("UPDATE preferences_permit SET expires_at = now() - interval '1 minute'")
    assert used(ada) == set()  # swept or not
    with as_role("worker"):
        tasks.expire()
    assert used(ada) == {"wool-gloves"}
    item = known(ada)
    assert item
    assert item.value == ["wool-gloves"]
    assert abs(item.expires_at - days_ago(3) - timedelta(days=365)) < timedelta(minutes=1)


def test_what_was_deleted_stays_deleted(ada: Person, order: Callable[..., list[str]]) -> None:
    order("o1", coat=3)
    switch_on(ada)
    with acting(ada):
        services.forget(profile_id=ada.profile, attribute_key="purchases")
    assert order("o1", coat=3) == ["taken_back"]
    assert order("o0", wool_gloves=30) == ["taken_back"]
    assert known(ada) is None


def test_after_deleting_a_new_order_is_off_again(
    ada: Person, order: Callable[..., list[str]], owner_connection: psycopg.Connection
) -> None:
    order("o1", coat=3)
    switch_on(ada)
    with acting(ada):
        services.forget(profile_id=ada.profile, attribute_key="purchases")
    owner_connection.execute("UPDATE preferences_consentevent SET at = at - interval '2 days'")
    assert order("o2", wool_gloves=1) == ["recorded"]
    item = known(ada)
    assert item
    assert (item.value, item.excluded_from) == (["wool-gloves"], {"offers"})
    assert used(ada) == set()


def test_what_the_customer_took_out_is_not_brought_back(ada: Person, order: Callable[..., list[str]]) -> None:
    order("o1", coat=3, wool_gloves=3)
    switch_on(ada)
    with acting(ada):
        services.correct(profile_id=ada.profile, attribute_key="purchases", value=["wool-gloves"])
    assert order("o1", coat=3, wool_gloves=3) == ["taken_back", "taken_back"]
    assert used(ada) == {"wool-gloves"}


def test_a_purchase_adds_to_what_the_customer_said(
    ada: Person, order: Callable[..., list[str]], owner_connection: psycopg.Connection
) -> None:
    with acting(ada):
        services.grant(purpose_slug="offers", language="en", source="center")
        services.remember(profile_id=ada.profile, items=[Told("purchases", ["coat"])])
    assert used(ada) == {"coat"}
    owner_connection.execute("UPDATE preferences_preference SET told_at = told_at - interval '9 days'")
    assert order("o1", wool_gloves=3) == ["recorded"]
    item = known(ada)
    assert item
    assert item.value == ["wool-gloves", "coat"]
    assert used(ada) == set()  # an order is off until it is switched on, whatever it is added to
    switch_on(ada)
    assert used(ada) == {"coat", "wool-gloves"}


def test_a_withdrawn_use_stays_withdrawn(ada: Person, order: Callable[..., list[str]]) -> None:
    order("o1", coat=3)
    switch_on(ada)
    with acting(ada):
        services.withdraw(purpose_slug="offers", source="center")
    assert order("o2", wool_gloves=1) == ["recorded"]
    assert serials(ada) == []
    assert "granted order" not in ledger(ada)


@pytest.mark.parametrize(
    "choice",
    [
        lambda: services.restrict(source="center"),
        lambda: services.object_to(purpose_slug="offers", source="center"),
        lambda: services.note_minor(is_minor=True, of_age_on=None, source="quiz"),
    ],
    ids=["restricted", "objecting", "under age"],
)
def test_where_nothing_may_use_it_nothing_is_added(
    ada: Person, order: Callable[..., list[str]], choice: Callable[[], object]
) -> None:
    order("o1", coat=3)
    switch_on(ada)
    with acting(ada):
        choice()
    assert order("o2", wool_gloves=1) == ["stopped"]
    item = known(ada)
    assert item
    assert item.value == ["coat"]
    assert used(ada) == set()


def test_of_somebody_erased_nothing_is_kept(
    ada: Person, order: Callable[..., list[str]], owner_connection: psycopg.Connection
) -> None:
    order("o1", coat=3)
    with acting(ada):
        services.erase_customer()
    assert order("o1", coat=3) == ["unknown_customer"]
    assert owner_connection.execute("SELECT count(*) FROM preferences_preference").fetchone() == (0,)


def test_a_use_that_wants_purchases_later_gets_none_of_before(
    ada: Person, purchases: Attribute, order: Callable[..., list[str]]
) -> None:
    order("o1", coat=3)
    letters = Purpose.objects.get(slug="letters")
    letters.attributes.add(purchases)
    words = {"en": "Letters"}
    publish_notice(purpose=letters, title=words, sentence=words, benefit=words, details=words)
    with acting(ada):
        services.grant(purpose_slug="letters", language="en", source="center")
    assert used(ada) == set()
    item = known(ada)
    assert item
    assert item.excluded_from == {"offers", "letters"}


def test_without_a_use_nothing_is_kept(ada: Person, purchases: Attribute, order: Callable[..., list[str]]) -> None:
    Purpose.objects.get(slug="offers").attributes.remove(purchases)
    with pytest.raises(NoUseForPurchases):
        order("o1", coat=3)


def test_the_site_itself_records_no_orders(ada: Person) -> None:
    with pytest.raises(DatabaseError, match="permission denied"):
        record_orders(email="ada@example.org", bought=[Bought("o1", "coat", NOW)])


def test_what_was_bought_when_is_in_the_download(ada: Person, order: Callable[..., list[str]]) -> None:
    order("o1", coat=3)
    with acting(ada):
        (told,) = [each for each in sections(ada.id, "en") if each.name == "preferences"]
        rows = {row["attribute"]: row for row in told.rows()}
    (bought,) = rows["purchases"]["bought_at"]
    assert bought["value"] == "coat"
    assert datetime.fromisoformat(bought["at"]) == datetime.fromisoformat(rows["purchases"]["told_at"])
    assert rows["skin"]["bought_at"] == []


def test_a_customer_may_take_a_gift_out_and_adds_nothing(ada: Person, order: Callable[..., list[str]]) -> None:
    order("o1", coat=3, wool_gloves=3)
    item = known(ada)
    assert item
    assert not ValueForm(item.attribute, item.value, {"answer": [PRODUCTS[2]]}).is_valid()
    form = ValueForm(item.attribute, item.value, {"answer": ["wool-gloves"]})
    assert form.is_valid(), form.errors
    assert form.told() == ["wool-gloves"]
    assert [value for value, _label in form.fields["answer"].choices] == ["coat", "wool-gloves"]


def test_two_imports_at_once_record_it_once(
    ada: Person, role_connection: Callable[[str], psycopg.Connection], owner_connection: psycopg.Connection
) -> None:
    def record(connection: psycopg.Connection) -> str:
        asked = "SELECT record_orders('ada@example.org', %s, ARRAY['coat'], ARRAY[now()], true)"
        found = [connection.execute(asked, [[f"o{number}"]]).fetchone()[0][0] for number in range(40)]
        return " ".join(found)

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(record, [role_connection("worker"), role_connection("worker")])
    assert one.split().count("recorded") + other.split().count("recorded") == 40
    (kept,) = owner_connection.execute(
        "SELECT jsonb_array_length(orders) FROM preferences_preference WHERE orders <> '[]'"
    ).fetchone()
    assert kept == 40


def test_withdrawing_during_an_import_wins(
    ada: Person, role_connection: Callable[[str], psycopg.Connection], order: Callable[..., list[str]]
) -> None:
    order("o1", coat=3)
    switch_on(ada)
    connection = role_connection("worker")
    asked = "SELECT record_orders('ada@example.org', %s, ARRAY['wool-gloves'], ARRAY[now()], true)"

    def record() -> None:
        for number in range(60):
            connection.execute(asked, [[f"n{number}"]])

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(record)
        with acting(ada):
            services.withdraw(purpose_slug="offers", source="center")
        assert serials(ada) == []
        running.result()
    assert serials(ada) == []
    assert used(ada) == set()
