"""Applies config/grants.py: takes everything from the roles in the list, then gives exactly what it says."""

import psycopg
from psycopg import sql
from psycopg.rows import scalar_row

from config.grants import FUNCTIONS, GRANTS, ROLES


class GrantsError(Exception):
    """config/grants.py names tables or functions that the database does not have."""


def apply_grants(connection: psycopg.Connection, *, must_all_exist: bool = True) -> None:
    """In one transaction, as the owner, so that running processes never see a moment without their privileges."""
    with connection.transaction():
        connection.execute("SET LOCAL ROLE proffer_owner")
        unknown = unknown_names(connection)
        if unknown and must_all_exist:
            raise GrantsError(f"config/grants.py names what the database does not have: {', '.join(sorted(unknown))}.")
        for role in ROLES:
            name = sql.Identifier(role)
            connection.execute(sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(name))
            connection.execute(sql.SQL("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {}").format(name))
        _revoke_functions(connection)
        for role, tables in GRANTS.items():
            for table, privileges in tables.items():
                if table in unknown:
                    continue
                statement = sql.SQL("GRANT {} ON {} TO {}").format(
                    sql.SQL(", ".join(sorted(privileges))), sql.Identifier("public", table), sql.Identifier(role)
                )
                connection.execute(statement)
        for role, functions in FUNCTIONS.items():
            for function in _signatures(connection, functions):
                connection.execute(
                    sql.SQL("GRANT EXECUTE ON ROUTINE {} TO {}").format(sql.SQL(function), sql.Identifier(role))
                )


def keep_customers_locks(connection: psycopg.Connection) -> None:
    """The one-part advisory locks are customers' (preferences/migrations/sql): only our functions may take them.

    Otherwise whoever got hold of a login role could hold everybody's changes up. PostgreSQL gives these functions to
    everyone, and only a superuser takes them away; where the administrator is none, each role's lock_timeout limits the
    waiting.
    """
    cursor = connection.cursor(row_factory=scalar_row)
    if not cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone():
        return
    locks = cursor.execute(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace"
        " AND proname LIKE '%advisory%lock%' AND proargtypes = '20'::oidvector"  # one bigint
    ).fetchall()
    for lock in locks:
        name = sql.SQL(lock)
        connection.execute(sql.SQL("REVOKE EXECUTE ON FUNCTION {} FROM PUBLIC").format(name))
        connection.execute(sql.SQL("GRANT EXECUTE ON FUNCTION {} TO proffer_functions").format(name))


def _revoke_functions(connection: psycopg.Connection) -> None:
    """Nothing is executable by default. Functions keep their owner's right to execute them."""
    logins = [role for role in ROLES if role != "proffer_functions"]
    for grantee in [sql.SQL("PUBLIC"), *map(sql.Identifier, logins)]:
        connection.execute(sql.SQL("REVOKE ALL ON ALL ROUTINES IN SCHEMA public FROM {}").format(grantee))
    not_its_own = (
        connection.cursor(row_factory=scalar_row)
        .execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND proowner <> 'proffer_functions'::regrole"
        )
        .fetchall()
    )
    for function in not_its_own:
        connection.execute(sql.SQL("REVOKE ALL ON ROUTINE {} FROM proffer_functions").format(sql.SQL(function)))


def _signatures(connection: psycopg.Connection, names: set[str]) -> list[str]:
    query = """
        SELECT oid::regprocedure::text FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace AND proname = ANY(%s) ORDER BY 1
    """
    return connection.cursor(row_factory=scalar_row).execute(query, [list(names)]).fetchall()


def unknown_names(connection: psycopg.Connection) -> set[str]:
    """Tables and functions that the list names and the database does not have."""
    cursor = connection.cursor(row_factory=scalar_row)
    tables = set(cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace").fetchall())
    functions = set(
        cursor.execute("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace").fetchall()
    )
    listed_tables = {table for grants in GRANTS.values() for table in grants}
    listed_functions = {function for functions in FUNCTIONS.values() for function in functions}
    return (listed_tables - tables) | (listed_functions - functions)
