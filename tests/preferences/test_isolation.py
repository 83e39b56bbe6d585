"""What each database role cannot do, however wrong the code that runs as it."""

from collections.abc import Callable

import psycopg
import pytest
from psycopg import errors

from preferences.access import token_hash
from tests.support.people import Person, make_catalogue, someone

pytestmark = pytest.mark.django_db

Connect = Callable[[str], psycopg.Connection]

PERSONAL = (
    "preferences_customer",
    "preferences_device",
    "preferences_profile",
    "preferences_preference",
    "preferences_grant",
    "preferences_exclusion",
    "preferences_ledgersubject",
    "preferences_consentevent",
    "preferences_permit",
    "preferences_uselog",
    "quizzes_run",
    "quizzes_answer",
    "recommendations_tailoredoffers",
    "recommendations_claim",
)
UNREADABLE = (
    "preferences_preference",
    "preferences_customer",
    "preferences_profile",
    "preferences_grant",
    "preferences_consentevent",
    "preferences_ledgersubject",
    "quizzes_run",
    "quizzes_answer",
    "auth_user",
    "account_emailaddress",
    "django_session",
)
FUNCTIONS_OF_CUSTOMERS = (
    "SELECT grant_purpose('offers', 1, 'en', 'x')",
    "SELECT withdraw_purpose('offers', 'x')",
    "SELECT remember(1, '[]', 'quiz', '{}', 'x')",
    "SELECT forget(1, 'skin', 'x')",
    "SELECT set_exclusion(1, 'offers', 'skin', false, 'x')",
    "SELECT begin_customer('x', 'en')",
    "SELECT identify('x')",
    "SELECT erase_customer('x')",
    "SELECT merge_device('x', 'x')",
)
INTERNAL_FUNCTIONS = (
    "SELECT reissue_permits(1, ARRAY[1])",
    "SELECT note_event(1, 'granted', 'x')",
    "SELECT erase(1, 'x')",
)


@pytest.fixture
def people(db: None) -> tuple[Person, Person]:
    make_catalogue()
    return someone({"skin": "dry"}, ("offers",)), someone({"skin": "oily"}, ("offers",))


def as_customer(connection: psycopg.Connection, person: Person) -> None:
    connection.execute("SELECT set_config('proffer.customer', %s, false)", [str(person.id)])


@pytest.mark.parametrize("table", UNREADABLE)
@pytest.mark.parametrize("role", ["offers", "worker"])
def test_workers_cannot_read_people(table: str, role: str, people: object, role_connection: Connect) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        role_connection(role).execute(f"SELECT 1 FROM {table}")


@pytest.mark.parametrize("role", ["web", "worker", "offers"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE preferences_consentevent SET kind = 'granted'",
        "DELETE FROM preferences_consentevent",
        "TRUNCATE preferences_consentevent",
        "INSERT INTO preferences_consentevent (subject, kind, language, source, at) "
        "VALUES (gen_random_uuid(), 'granted', 'en', 'x', now())",
        "ALTER TABLE preferences_consentevent DISABLE ROW LEVEL SECURITY",
        "DROP TABLE preferences_consentevent",
        "SET ROLE proffer_owner",
        "SET ROLE proffer_functions",
        "SET session_replication_role = replica",
        "CREATE TABLE public.mine (x int)",
    ],
)
def test_nobody_rewrites_the_ledger(role: str, statement: str, people: object, role_connection: Connect) -> None:
    with pytest.raises((errors.InsufficientPrivilege, errors.InvalidObjectDefinition)):
        role_connection(role).execute(statement)


@pytest.mark.parametrize("role", ["web", "worker", "offers"])
@pytest.mark.parametrize("table", ["grant", "exclusion", "permit", "preference", "device", "customer"])
def test_the_core_is_written_by_its_functions_only(
    role: str, table: str, people: tuple[Person, Person], role_connection: Connect
) -> None:
    connection = role_connection(role)
    as_customer(connection, people[0])
    column = {"customer": "id", "device": "id", "permit": "serial", "preference": "id"}.get(table, "purpose_id")
    with pytest.raises(errors.InsufficientPrivilege):
        connection.execute(f'UPDATE "preferences_{table}" SET {column} = {column}')
    with pytest.raises(errors.InsufficientPrivilege):
        connection.execute(f'DELETE FROM "preferences_{table}"')


def test_the_functions_cannot_rewrite_the_ledger_either(people: object, owner_connection: psycopg.Connection) -> None:
    allowed = owner_connection.execute(
        "SELECT privilege FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS privilege "
        "WHERE has_table_privilege('proffer_functions', 'preferences_consentevent', privilege)"
    ).fetchall()
    assert allowed == []


@pytest.mark.parametrize("table", PERSONAL)
def test_the_site_sees_nobody_without_a_customer(table: str, people: object, role_connection: Connect) -> None:
    assert role_connection("web").execute(f'SELECT count(*) FROM "{table}"').fetchone() == (0,)


@pytest.mark.parametrize("table", ["device", "profile", "preference", "grant", "ledgersubject", "permit"])
def test_the_site_sees_one_customer_at_a_time(
    table: str, people: tuple[Person, Person], role_connection: Connect
) -> None:
    connection = role_connection("web")
    as_customer(connection, people[0])
    seen = connection.execute(f'SELECT DISTINCT customer_id FROM "preferences_{table}"').fetchall()
    assert seen == [(people[0].id,)]
    other = connection.execute(f'SELECT 1 FROM "preferences_{table}" WHERE customer_id = %s', [people[1].id])
    assert other.fetchall() == []


def test_the_site_reads_its_own_ledger_only(people: tuple[Person, Person], role_connection: Connect) -> None:
    connection = role_connection("web")
    as_customer(connection, people[0])
    assert connection.execute("SELECT count(DISTINCT subject) FROM preferences_consentevent").fetchone() == (1,)


@pytest.mark.parametrize("role", ["worker", "offers"])
@pytest.mark.parametrize("call", FUNCTIONS_OF_CUSTOMERS)
def test_workers_cannot_act_for_customers(role: str, call: str, people: object, role_connection: Connect) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        role_connection(role).execute(call)


@pytest.mark.parametrize("role", ["web", "worker", "offers"])
@pytest.mark.parametrize("call", INTERNAL_FUNCTIONS)
def test_nobody_calls_the_inner_functions(role: str, call: str, people: object, role_connection: Connect) -> None:
    with pytest.raises((errors.InsufficientPrivilege, errors.UndefinedFunction)):
        role_connection(role).execute(call)


def test_a_customer_cannot_touch_anothers_profile(people: tuple[Person, Person], role_connection: Connect) -> None:
    connection = role_connection("web")
    as_customer(connection, people[0])
    for call in (
        "SELECT forget(%s, 'skin', 'x')",
        "SELECT forget_profile(%s, 'x')",
        "SELECT set_exclusion(%s, 'offers', 'skin', true, 'x')",
        "SELECT remember(%s, '[]', 'quiz', '{}', 'x')",
    ):
        with pytest.raises(errors.NoDataFound):
            connection.execute(call, [people[1].profile])


def test_a_value_cannot_borrow_another_attributes_feature(
    people: tuple[Person, Person], role_connection: Connect
) -> None:
    connection = role_connection("web")
    as_customer(connection, people[0])
    item = '[{"attribute": "skin", "value": "dry", "codes": ["calm"]}]'
    with pytest.raises(errors.InvalidParameterValue):
        connection.execute("SELECT remember(%s, %s, 'quiz', '{}', 'x')", [people[0].profile, item])


def test_nobody_is_told_about_another_adult(people: tuple[Person, Person], role_connection: Connect) -> None:
    connection = role_connection("web")
    as_customer(connection, people[0])
    with pytest.raises(errors.InvalidParameterValue):
        connection.execute("SELECT add_profile('adult', 'Kim')")


def test_a_notice_is_never_reworded(people: object, owner_connection: psycopg.Connection) -> None:
    with pytest.raises(errors.RestrictViolation):
        owner_connection.execute("""UPDATE preferences_purposenotice SET sentence = '{"en": "other"}'""")


def test_the_setting_ends_with_its_transaction(people: tuple[Person, Person], role_connection: Connect) -> None:
    connection = role_connection("web")
    with connection.transaction():
        connection.execute("SELECT identify(%s)", [token_hash(people[0].token)])
        assert connection.execute("SELECT count(*) FROM preferences_profile").fetchone() == (1,)
    assert connection.execute("SELECT count(*) FROM preferences_profile").fetchone() == (0,)
