"""The database's roles. Two own and never log in; three log in and own nothing.

`proffer_owner` owns the tables: migrations assume it. `proffer_functions` owns the SECURITY DEFINER functions, so that
they run with only what config/grants.py gives it; the owner is its member, to be able to hand functions over.
"""

from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql
from psycopg.rows import scalar_row

OLDEST_SERVER = 15
OWNERS = ("proffer_owner", "proffer_functions")
LOGINS = ("proffer_web", "proffer_worker", "proffer_offers")

# What a role may take: pages answer soon or not at all; batches may run long but do not sit on locks.
LIMITS = {
    "proffer_web": {"statement_timeout": "15s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "60s"},
    "proffer_worker": {"lock_timeout": "30s", "idle_in_transaction_session_timeout": "10min"},
    "proffer_offers": {"lock_timeout": "30s", "idle_in_transaction_session_timeout": "10min"},
}


class PrepareError(Exception):
    """The server cannot be made ready; the message says why."""


def check_version(connection: psycopg.Connection) -> None:
    if connection.info.server_version < OLDEST_SERVER * 10_000:
        found = connection.info.parameter_status("server_version")
        raise PrepareError(f"PostgreSQL {OLDEST_SERVER} or newer is needed; this server is {found}.")


def make_roles(connection: psycopg.Connection, login_urls: dict[str, str]) -> None:
    """Create what is missing, set the passwords that the URLs give, and refuse roles with more power than they need.

    login_urls: for each login role the URL its process connects with.
    """
    for role in OWNERS:
        if not _exists(connection, role):
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
    for role in LOGINS:
        make_login(connection, role, login_urls[role])
    connection.execute("GRANT proffer_functions TO proffer_owner")
    cursor = connection.cursor(row_factory=scalar_row)
    if not cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone():
        connection.execute("GRANT proffer_owner TO CURRENT_USER")  # superusers need no membership
    _refuse_powerful_logins(connection)


def make_login(connection: psycopg.Connection, role: str, url: str) -> None:
    """A role that can log in with the URL's password. The password itself is never sent, only its SCRAM verifier."""
    parts = urlsplit(url)
    if unquote(parts.username or "") != role:
        raise PrepareError(f"The URL for {role} names the user {parts.username!r}; it must name {role}.")
    if not _exists(connection, role):
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    if parts.password:
        verifier = connection.pgconn.encrypt_password(
            unquote(parts.password).encode(), role.encode(), b"scram-sha-256"
        ).decode()
        statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier))
        connection.execute(statement)


def limit_roles(connection: psycopg.Connection, database: str) -> None:
    for role, limits in LIMITS.items():
        for setting, value in limits.items():
            connection.execute(
                sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}").format(
                    sql.Identifier(role), sql.Identifier(database), sql.Identifier(setting), sql.Literal(value)
                )
            )


def _exists(connection: psycopg.Connection, role: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None


def _refuse_powerful_logins(connection: psycopg.Connection) -> None:
    powerful = connection.execute(
        """
        SELECT rolname FROM pg_roles
         WHERE rolname = ANY(%(logins)s)
           AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication
                OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = pg_roles.oid))
        """,
        {"logins": list(LOGINS)},
    ).fetchall()
    if powerful:
        names = ", ".join(name for (name,) in powerful)
        raise PrepareError(
            f"{names} must be plain: no superuser, BYPASSRLS, CREATEROLE … and a member of no other role."
        )
