"""From an empty server, or any earlier state, to a database that the processes can use."""

from collections.abc import Callable
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from config.database.privileges import apply_grants, keep_customers_locks
from config.database.roles import LOGINS, PrepareError, check_version, limit_roles, make_login, make_roles

ONE_AT_A_TIME = 7_063_511  # an advisory lock: two deployments do not prepare the same server at once


def database_name(url: str) -> str:
    return unquote(urlsplit(url).path.strip("/"))


def with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def prepare(
    owner_url: str, login_urls: dict[str, str], *, migrate: Callable[[], None], grants_must_all_exist: bool = True
) -> None:
    """Roles, database, schema, migrations, grants. Every step can be repeated.

    owner_url: an administrator's URL for the database to be. login_urls: URLs by login role, for their passwords.
    migrate: runs Django's migrations with the default connection acting as proffer_owner.
    """
    name = database_name(owner_url)
    for role in LOGINS:
        if database_name(login_urls[role]) != name:
            raise PrepareError(f"The URL for {role} names another database than the owner's, {name}.")
    with connect_to_maintenance(owner_url) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        check_version(server)
        make_roles(server, login_urls)
        make_database(server, name, LOGINS)
        with psycopg.connect(owner_url, autocommit=True) as database:
            limit_roles(database, name)
            _make_schema(database)
            # A function's new owner must be allowed to create in the schema, so only while migrating it is.
            database.execute("GRANT CREATE ON SCHEMA public TO proffer_functions")
            try:
                migrate()
            finally:
                database.execute("REVOKE CREATE ON SCHEMA public FROM proffer_functions")
            apply_grants(database, must_all_exist=grants_must_all_exist)
            keep_customers_locks(database)


def prepare_broker(administrator_url: str, broker_url: str) -> None:
    """A database of its own for the embedded queue, owned by its own role, with its tables made.

    Made here, by one process: workers that made them at the same time would collide.
    """
    from kombu import Connection
    from sqlalchemy.pool import NullPool

    name = database_name(broker_url)
    with connect_to_maintenance(administrator_url) as server:
        role = unquote(urlsplit(broker_url).username or "")
        make_login(server, role, broker_url)
        make_database(server, name, (role,))
    with psycopg.connect(with_database(administrator_url, name), autocommit=True) as database:
        database.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(role)))
    with Connection(broker_url, transport_options={"poolclass": NullPool}) as link, link.channel() as channel:
        for queue in ("work", "offers", "ranges"):
            channel._new_queue(queue)


def connect_to_maintenance(url: str) -> psycopg.Connection:
    return psycopg.connect(with_database(url, "postgres"), autocommit=True)


def make_database(server: psycopg.Connection, name: str, users: tuple[str, ...]) -> None:
    database = sql.Identifier(name)
    if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
        server.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(database))
    server.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    for user in users:
        server.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(user)))


def _make_schema(database: psycopg.Connection) -> None:
    database.execute("ALTER SCHEMA public OWNER TO proffer_owner")
    database.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    database.execute("GRANT USAGE ON SCHEMA public TO proffer_functions")
    for role in LOGINS:
        database.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(role)))
    for role in ("proffer_owner", "proffer_functions"):
        database.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} REVOKE EXECUTE ON ROUTINES FROM PUBLIC").format(
                sql.Identifier(role)
            )
        )
