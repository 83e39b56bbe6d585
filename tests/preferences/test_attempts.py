"""Every attempt of the list, made for real: as the database's own roles, and over HTTP as somebody else, as nobody, and
as staff who have no business there."""

# ruff: noqa: E501 — what is tried reads best in one line

import re
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from psycopg import errors

from preferences.access import token_hash
from preferences.models import ConsentEvent
from quizzes.services.drafting import import_definition
from quizzes.services.publishing import publish
from tests.preferences.attempts import DATABASE, Attempt
from tests.quizzes.builders import care
from tests.support.people import Person, acting, make_catalogue, someone

pytestmark = pytest.mark.django_db
Connect = Callable[[str], psycopg.Connection]

REFUSALS = (
    errors.InsufficientPrivilege, errors.InvalidObjectDefinition, errors.NoDataFound, errors.UndefinedFunction,
    errors.FeatureNotSupported, errors.UndefinedObject, errors.CantChangeRuntimeParam, errors.ActiveSqlTransaction,
    errors.WrongObjectType, errors.InvalidParameterValue, errors.ObjectNotInPrerequisiteState,
)  # fmt: skip
SECRET = "xylophone-9137"


@pytest.fixture
def people(db: None) -> tuple[Person, Person]:
    """Ada, whose things they are, and Bo, who tries."""
    make_catalogue()
    ada = someone({"skin": "dry", "note": SECRET}, ("offers", "letters"))
    return ada, someone({"skin": "oily"}, ("offers",))


@pytest.fixture
def facts(people: tuple[Person, Person], owner_connection: psycopg.Connection) -> dict[str, object]:
    ada, bo = people
    owner_connection.execute("ANALYZE preferences_preference, preferences_profile, preferences_consentevent")
    (subject,) = owner_connection.execute(
        "SELECT subject FROM preferences_ledgersubject WHERE customer_id = %s", [ada.id]
    ).fetchone() or ("",)
    (toast,) = owner_connection.execute(
        "SELECT reltoastrelid::regclass::text FROM pg_class WHERE relname = 'preferences_preference'"
    ).fetchone() or ("",)
    (purpose,) = owner_connection.execute("SELECT id FROM preferences_purpose WHERE slug = 'letters'").fetchone() or (
        0,
    )
    return {
        "ada": ada.id, "profile": ada.profile, "bo": bo.id, "subject": subject, "toast": toast, "purpose": purpose,
    }  # fmt: skip


def state(owner: psycopg.Connection) -> list[object]:
    """All that must be as it was."""
    tables = (
        "customer",
        "device",
        "profile",
        "preference",
        "grant",
        "exclusion",
        "ledgersubject",
        "consentevent",
        "permit",
    )
    return [owner.execute(f'SELECT * FROM "preferences_{name}" ORDER BY 1, 2, 3').fetchall() for name in tables]


@pytest.mark.parametrize("attempt", DATABASE, ids=[f"{each.role}: {each.what}" for each in DATABASE])
def test_the_database_refuses(
    attempt: Attempt, people: tuple[Person, Person], facts: dict[str, object], role_connection: Connect,
    owner_connection: psycopg.Connection,
) -> None:  # fmt: skip
    before = state(owner_connection)
    connection = role_connection("web" if attempt.role == "nobody" else attempt.role)
    if attempt.role == "web":
        connection.execute("SELECT set_config('proffer.customer', %s, false)", [str(people[1].id)])
    elif attempt.role != "nobody":
        connection.execute("SELECT set_config('proffer.customer', %s, false)", [str(people[0].id)])
    statement = attempt.statement.format(**facts)
    if attempt.outcome == "refused":
        with pytest.raises(REFUSALS) as refusal:
            connection.execute(statement)
        assert SECRET not in str(refusal.value)
    else:
        seen = reached(connection, statement)
        assert SECRET not in str(seen)
        assert str(facts["subject"]) not in str(seen)
        if attempt.outcome == "nothing":
            assert seen == []
    assert state(owner_connection) == before


def reached(connection: psycopg.Connection, statement: str) -> list[object]:
    if statement.startswith("COPY"):
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            return [bytes(row) for row in copy]
    cursor = connection.execute(statement)
    while cursor.nextset():
        pass
    return list(cursor.fetchall())


@pytest.mark.parametrize("value", ["", "0", "-1", "1 OR 1=1", "9223372036854775808", "null", "1; SELECT 1"])
def test_no_strange_customer_is_anybody(value: str, people: tuple[Person, Person], role_connection: Connect) -> None:
    connection = role_connection("web")
    connection.execute("SELECT set_config('proffer.customer', %s, false)", [value])
    try:
        seen = connection.execute("SELECT * FROM preferences_preference").fetchall()
    except errors.DataError:
        seen = []
    assert seen == []


def test_a_held_lock_holds_nobody_up_for_good(people: tuple[Person, Person], role_connection: Connect) -> None:
    """Whoever speaks SQL could lock a customer; what they hold ends with their statement's time, as the roles are set."""
    connection = role_connection("web")
    limits = connection.execute(
        "SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')"
    ).fetchone()
    assert limits
    assert "0" not in limits


# ── Over HTTP ───────────────────────────────────────────────────────────────────────────────────────────────────────────

APPS = ("preferences", "quizzes", "recommendations")
# What takes no id of anybody's: it is the asking person's own, or the same for all.
FILLED = {
    "slug": "care", "attribute_key": "skin", "key": "skin", "name": "none", "number": "1", "token": "x" * 32,
    "undo": "x",
}  # fmt: skip


def addresses() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every route of ours that takes something, from the resolver: a new one cannot be forgotten."""

    def walk(
        patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...]
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        for each in patterns:
            if isinstance(each, URLResolver):
                if not spaces and each.namespace not in APPS:
                    continue
                yield from walk(each.url_patterns, (*spaces, each.namespace or ""))
            elif spaces and "<" in str(each.pattern):
                yield str(each.pattern), tuple(re.findall(r"<\w+:(\w+)>", str(each.pattern)))

    return walk(get_resolver().url_patterns, ())


ADDRESSES = dict(addresses())
# About nobody: a quiz's own page, pictures and stylesheets.
PUBLIC = {"q/<slug:slug>/", "pictures/<str:name>", "looks/<str:name>.css"}
# What a customer names by a slug alone acts on their own things only.
OWN_BY_SLUG = {route for route, names in ADDRESSES.items() if not set(names) - {"slug", "key", "attribute_key"}}
HEADERS = {
    "plain": {},
    "htmx": {"HTTP_HX_REQUEST": "true"},
    "from another host": {"HTTP_ORIGIN": "https://evil.example", "HTTP_REFERER": "https://evil.example/"},
    "method override": {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"},
    "another address in the header": {"HTTP_X_ORIGINAL_URL": "/preferences/", "HTTP_X_REWRITE_URL": "/preferences/"},
    "another customer in a header": {"HTTP_X_CUSTOMER": "1", "HTTP_COOKIE": "proffer=1; proffer.customer=1"},
}


@pytest.fixture
def victim(people: tuple[Person, Person], owner_connection: psycopg.Connection) -> dict[str, Any]:
    """Ada's ids, for every kind of thing that an address can name."""
    ada = people[0]
    publish(quiz=import_definition(care()))
    client = browser(ada.token)
    run = re.search(r"[0-9a-f-]{36}", client.post("/q/care/")["Location"])
    assert run
    client.post(f"/q/care/{run[0]}/skin/", {"answer": "dry"})
    with acting(ada):
        event = ConsentEvent.objects.earliest("id").pk
    return {"profile_id": ada.profile, "run_id": run[0], "event_id": event}


def browser(token: str = "") -> Client:
    client = Client(raise_request_exception=False)
    if token:
        client.cookies["proffer"] = token
    return client


def staff(group: str) -> Client:
    user = User.objects.create_user(group, password="correct horse battery", is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=group)[0])
    client = browser()
    client.force_login(user)
    return client


def everybody_else(people: tuple[Person, Person]) -> dict[str, Client]:
    ada, bo = people
    return {
        "another customer": browser(bo.token),
        "nobody": browser(),
        "a forged cookie": browser(str(ada.id)),
        "a cookie too long": browser("x" * 5000),
        "the cookie's hash": browser(token_hash(ada.token).hex()),
        "a cookie in other letters": browser(ada.token.swapcase()),
        **{group: staff(group) for group in ("marketer", "support", "privacy")},
    }


def address(route: str, victim: dict[str, Any]) -> str:
    def fill(found: re.Match[str]) -> str:
        kind, name = found[1], found[2]
        return str(victim.get(name) or FILLED.get(name) or {"int": 1, "uuid": victim["run_id"]}.get(kind, "x"))

    return "/" + re.sub(r"<(\w+):(\w+)>", fill, route)


@pytest.mark.parametrize("route", sorted(set(ADDRESSES) - PUBLIC - OWN_BY_SLUG))
def test_somebody_elses_address_leads_nowhere(
    route: str, victim: dict[str, Any], people: tuple[Person, Person], owner_connection: psycopg.Connection
) -> None:
    before = of_ada(owner_connection, people[0])
    place = address(route, victim)
    seen = {302, 303, 404, 405, 410} | ({200} if "token" in route else set())
    for who, client in everybody_else(people).items():
        for method in ("get", "post", "head", "put", "delete", "patch", "options"):
            form = {"to": "off", "answer": "oily", "keep": "yes"} if method == "post" else None
            response = getattr(client, method)(place, form)
            assert response.status_code in seen, (who, method, place)
            assert SECRET not in response.content.decode(), (who, method, place)
    assert of_ada(owner_connection, people[0]) == before


@pytest.mark.parametrize("route", sorted(set(ADDRESSES) - PUBLIC - OWN_BY_SLUG))
def test_no_header_opens_it(
    route: str, victim: dict[str, Any], people: tuple[Person, Person], owner_connection: psycopg.Connection
) -> None:
    before = of_ada(owner_connection, people[0])
    place, client = address(route, victim), browser(people[1].token)
    for name, headers in HEADERS.items():
        for response in (client.get(place, **headers), client.post(place, {"to": "off"}, **headers)):
            assert response.status_code != 500, name
            assert SECRET not in response.content.decode(), name
    assert of_ada(owner_connection, people[0]) == before


@pytest.mark.parametrize("route", sorted(ADDRESSES))
def test_looking_at_ones_own_changes_nothing(
    route: str, victim: dict[str, Any], people: tuple[Person, Person], owner_connection: psycopg.Connection
) -> None:
    """No GET acts: links are followed by mail scanners, prefetched, and put into other people's pages."""
    before = of_ada(owner_connection, people[0])
    ada = browser(people[0].token)
    for query in ("", "?to=off", "?to=on", "?keep=no", "?_method=POST"):
        assert ada.get(address(route, victim) + query).status_code < 500
    assert of_ada(owner_connection, people[0]) == before


@pytest.mark.parametrize("route", sorted(set(ADDRESSES) - PUBLIC))
def test_another_sites_form_is_refused(
    route: str, victim: dict[str, Any], people: tuple[Person, Person], owner_connection: psycopg.Connection
) -> None:
    before = of_ada(owner_connection, people[0])
    ada = Client(enforce_csrf_checks=True, raise_request_exception=False)
    ada.cookies["proffer"] = people[0].token
    response = ada.post(address(route, victim), {"to": "off"}, HTTP_ORIGIN="https://evil.example")
    assert response.status_code in {403, 405} or "mail/" in route, route
    assert of_ada(owner_connection, people[0]) == before


@pytest.mark.parametrize("path", ["/preferences/", "/preferences/history/", "/preferences/download/", "/offers/"])
@pytest.mark.parametrize("host", ["evil.example", "testserver@evil.example", "testserver, evil.example", "a\tb"])
def test_another_host_name_gets_nothing_of_anybodys(path: str, host: str, people: tuple[Person, Person]) -> None:
    response = browser(people[0].token).get(path, headers={"host": host})
    assert response.status_code == 400
    assert SECRET not in response.content.decode()


def of_ada(owner: psycopg.Connection, ada: Person) -> list[object]:
    """What is Ada's, as the administrator sees it."""
    own = ("profile", "preference", "grant", "exclusion", "ledgersubject", "permit", "device")
    rows: list[object] = [
        owner.execute(
            f'SELECT * FROM "preferences_{name}" WHERE customer_id = %s ORDER BY 1, 2, 3', [ada.id]
        ).fetchall()
        for name in own
    ]
    for query in (
        "SELECT * FROM preferences_consentevent JOIN preferences_ledgersubject USING (subject)"
        " WHERE customer_id = %s ORDER BY id",
        "SELECT * FROM quizzes_run WHERE customer_id = %s ORDER BY id",
        "SELECT * FROM quizzes_answer WHERE customer_id = %s ORDER BY run_id, question_key",
    ):
        rows.append(owner.execute(query, [ada.id]).fetchall())
    return rows
