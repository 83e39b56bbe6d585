"""config/grants.py is what the database really allows, and the database keeps its own promises."""

import psycopg
import pytest

from config.database.privileges import unknown_names
from config.grants import FUNCTIONS, GRANTS, ROLES

OURS = ("preferences_", "quizzes_", "recommendations_")

# Tables of ours that hold nothing about any person. Every other one must be row-secured, against its owner too.
IMPERSONAL = {
    "preferences_attribute",
    "preferences_attributevalue",
    "preferences_brand",
    "preferences_feature",
    "preferences_jurisdiction",
    "preferences_letter",
    "preferences_purpose",
    "preferences_purpose_attributes",
    "preferences_purposenotice",
    "preferences_requestclock",
    "preferences_topic",
    "quizzes_choice",
    "quizzes_outcome",
    "quizzes_outcomestep",
    "quizzes_question",
    "quizzes_quiz",
    "quizzes_quizpurpose",
    "quizzes_quizversion",
    "quizzes_picture",
    "quizzes_tally",
    "quizzes_rule",
    "recommendations_afterpurchase",
    "recommendations_cap",
    "recommendations_catalogue",
    "recommendations_cataloguechange",
    "recommendations_category",
    "recommendations_complement",
    "recommendations_computedrange",
    "recommendations_declinedcomplement",
    "recommendations_offer",
    "recommendations_offerreach",
    "recommendations_offerweight",
    "recommendations_product",
    "recommendations_product_traits",
    "recommendations_restraint",
    "recommendations_trait",
    "recommendations_traitweight",
}


def test_every_name_in_the_list_exists(owner_connection: psycopg.Connection) -> None:
    assert unknown_names(owner_connection) == set()


@pytest.mark.parametrize("role", ROLES)
def test_table_privileges_are_exactly_the_list(role: str, owner_connection: psycopg.Connection) -> None:
    whole = owner_connection.execute(
        """
        SELECT c.relname, p.privilege_type FROM pg_class c, aclexplode(c.relacl) p
         WHERE c.relnamespace = 'public'::regnamespace AND p.grantee = %s::regrole
        """,
        [role],
    ).fetchall()
    columns = owner_connection.execute(
        """
        SELECT c.relname, p.privilege_type, array_agg(a.attname::text ORDER BY a.attname) FROM pg_class c
          JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) p
         WHERE c.relnamespace = 'public'::regnamespace AND p.grantee = %s::regrole GROUP BY 1, 2
        """,
        [role],
    ).fetchall()
    found = {(table, privilege) for table, privilege in whole}
    found |= {(table, f"{privilege} ({', '.join(names)})") for table, privilege, names in columns}
    listed = {(table, _in_order(privilege)) for table, privileges in GRANTS[role].items() for privilege in privileges}
    assert found == listed


@pytest.mark.parametrize("role", ROLES)
def test_executable_functions_are_exactly_the_list(role: str, owner_connection: psycopg.Connection) -> None:
    rows = owner_connection.execute(
        """
        SELECT DISTINCT f.proname FROM pg_proc f, aclexplode(f.proacl) p
         WHERE f.pronamespace = 'public'::regnamespace AND p.grantee = %s::regrole AND p.grantee <> f.proowner
        """,
        [role],
    ).fetchall()
    own = owner_connection.execute("SELECT proname FROM pg_proc WHERE proowner = %s::regrole", [role]).fetchall()
    assert {name for (name,) in rows} == FUNCTIONS[role] - {name for (name,) in own}


def test_nothing_is_given_to_everybody(owner_connection: psycopg.Connection) -> None:
    open_functions = owner_connection.execute(
        """
        SELECT f.oid::regprocedure::text FROM pg_proc f
         WHERE f.pronamespace = 'public'::regnamespace
           AND (f.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(f.proacl) p WHERE p.grantee = 0))
        """
    ).fetchall()
    open_tables = owner_connection.execute(
        """
        SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
           AND EXISTS (SELECT FROM aclexplode(c.relacl) p WHERE p.grantee = 0)
        """
    ).fetchall()
    assert open_functions + open_tables == []


def test_tables_about_people_are_row_secured_against_their_owner_too(owner_connection: psycopg.Connection) -> None:
    rows = owner_connection.execute(
        """
        SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        """
    ).fetchall()
    ours = {name: secured for name, secured in rows if name.startswith(OURS)}
    assert {name for name, secured in ours.items() if not secured} <= IMPERSONAL
    assert set(ours) >= IMPERSONAL - {"recommendations_catalogue"}, "a table in IMPERSONAL is gone"


def test_row_secured_tables_have_policies(owner_connection: psycopg.Connection) -> None:
    bare = owner_connection.execute(
        """
        SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relrowsecurity
           AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
        """
    ).fetchall()
    assert bare == []


def test_definer_functions_are_pinned_and_belong_to_the_functions_role(owner_connection: psycopg.Connection) -> None:
    loose = owner_connection.execute(
        """
        SELECT f.oid::regprocedure::text FROM pg_proc f
         WHERE f.pronamespace = 'public'::regnamespace AND f.prosecdef
           AND (f.proowner <> 'proffer_functions'::regrole
                OR NOT EXISTS (SELECT FROM unnest(f.proconfig) setting WHERE setting LIKE 'search_path=pg_catalog%'))
        """
    ).fetchall()
    assert loose == []


def test_views_see_what_their_reader_may_see(owner_connection: psycopg.Connection) -> None:
    owners_eyes = owner_connection.execute(
        """
        SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')
           AND NOT coalesce('security_invoker=true' = ANY(reloptions) OR 'security_invoker=on' = ANY(reloptions), false)
        """
    ).fetchall()
    assert owners_eyes == []


@pytest.mark.parametrize("role", ROLES)
def test_nobody_rewrites_the_ledger(role: str) -> None:
    privileges = GRANTS[role].get("preferences_consentevent", set())
    assert not any(privilege.startswith(("UPDATE", "DELETE", "TRUNCATE")) for privilege in privileges)


def test_the_offers_process_cannot_read_people() -> None:
    readable = {table for table, privileges in GRANTS["proffer_offers"].items() if privileges}
    assert not readable & {
        "preferences_preference",
        "preferences_customer",
        "preferences_consentevent",
        "preferences_ledgersubject",
        "quizzes_answer",
        "quizzes_run",
    }


def _in_order(privilege: str) -> str:
    """UPDATE (b, a) as the catalogue's query writes it: UPDATE (a, b)."""
    kind, bracket, columns = privilege.partition("(")
    if not bracket:
        return privilege
    return f"{kind.strip()} ({', '.join(sorted(c.strip() for c in columns.rstrip(') ').split(',')))})"
