"""The database's roles are what they should be, on whatever server the tests run."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import psycopg
import pytest
from django.db import connection

from config.database.roles import LOGINS

RoleConnection = Callable[[str], psycopg.Connection]


@pytest.mark.parametrize("short", ["web", "worker", "offers"])
def test_django_acts_as_the_role_of_its_process(
    short: str, as_role: Callable[[str], AbstractContextManager[None]]
) -> None:
    with as_role(short), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert cursor.fetchone() == (f"proffer_{short}",) * 2


def test_login_roles_are_plain(owner_connection: psycopg.Connection) -> None:
    powerful = owner_connection.execute(
        """SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)
              AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)""",
        [list(LOGINS)],
    ).fetchall()
    assert powerful == []


def test_login_roles_are_members_of_nothing(owner_connection: psycopg.Connection) -> None:
    memberships = owner_connection.execute(
        """SELECT m.rolname, r.rolname FROM pg_auth_members a
             JOIN pg_roles m ON m.oid = a.member JOIN pg_roles r ON r.oid = a.roleid
            WHERE m.rolname = ANY(%s)""",
        [list(LOGINS)],
    ).fetchall()
    assert memberships == []


def test_owners_cannot_log_in(owner_connection: psycopg.Connection) -> None:
    rows = owner_connection.execute(
        "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls FROM pg_roles"
        " WHERE rolname IN ('proffer_owner', 'proffer_functions') ORDER BY 1"
    ).fetchall()
    assert rows == [("proffer_functions", False, False, False), ("proffer_owner", False, False, False)]


@pytest.mark.parametrize("short", ["web", "worker", "offers"])
def test_login_roles_cannot_make_tables(short: str, role_connection: RoleConnection) -> None:
    for statement in ("CREATE TABLE public.mine (x int)", "CREATE TEMPORARY TABLE mine (x int)", "CREATE SCHEMA mine"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            role_connection(short).execute(statement)


@pytest.mark.parametrize("short", ["web", "worker", "offers"])
def test_login_roles_cannot_become_an_owner(short: str, role_connection: RoleConnection) -> None:
    for role in ("proffer_owner", "proffer_functions"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            role_connection(short).execute(f"SET ROLE {role}")
