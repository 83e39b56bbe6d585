"""The list of attempts on somebody else's data, on the ledger, and on the proof: what is tried as which database role, and
what must be seen. A refusal is one of PostgreSQL's; "nothing" is a read or write that reaches no row.

`{ada}`, `{profile}`, `{subject}`, `{purpose}` stand for the victim's customer, profile, name in the ledger, and a purpose's
id. Unless it says otherwise, `web` acts as Bo, another customer.
"""

# ruff: noqa: E501 — what is tried reads best in one line

from dataclasses import dataclass

REFUSED = "refused"
NOTHING = "nothing"

PERSONAL = (
    "preferences_customer", "preferences_device", "preferences_profile", "preferences_preference", "preferences_grant",
    "preferences_exclusion", "preferences_ledgersubject", "preferences_consentevent", "preferences_permit",
    "preferences_uselog", "quizzes_run", "quizzes_answer", "quizzes_handoff", "recommendations_tailoredoffers",
    "recommendations_claim",
)  # fmt: skip


@dataclass(frozen=True)
class Attempt:
    what: str
    role: str
    statement: str
    outcome: str = REFUSED


def _every(what: str, statement: str, *, roles: str = "web worker offers", outcome: str = REFUSED) -> list[Attempt]:
    return [Attempt(what, role, statement, outcome) for role in roles.split()]


LEDGER = [
    *_every("rewrite what was agreed to", "UPDATE preferences_consentevent SET kind = 'granted'"),
    *_every("make an entry disappear", "DELETE FROM preferences_consentevent WHERE kind = 'withdrawn'"),
    *_every("empty the ledger", "TRUNCATE preferences_consentevent"),
    *_every("empty what hangs together with it", "TRUNCATE preferences_customer CASCADE"),
    *_every(
        "forge an entry",
        "INSERT INTO preferences_consentevent (subject, kind, language, source, at)"
        " VALUES ('{subject}', 'granted', 'en', 'quiz', now())",
    ),
    *_every("forge an entry by the inner function", "SELECT note_event({ada}, 'granted', 'quiz')"),
    *_every("forge entries by COPY", "COPY preferences_consentevent FROM PROGRAM 'true'"),
    *_every("drop it", "DROP TABLE preferences_consentevent"),
    *_every("let go of its rules", "ALTER TABLE preferences_consentevent DISABLE ROW LEVEL SECURITY"),
    *_every(
        "put a trigger on it", "CREATE TRIGGER mine BEFORE INSERT ON preferences_consentevent EXECUTE FUNCTION now()"
    ),
    *_every("reword a notice", "UPDATE preferences_purposenotice SET title = '{{}}'"),
    *_every("delete a notice", "DELETE FROM preferences_purposenotice"),
    *_every("tie an entry to another", "UPDATE preferences_ledgersubject SET subject = '{subject}'"),
    *_every("read the seals of erasures", "SELECT * FROM preferences_erasure"),
    *_every("forge an erasure", "INSERT INTO preferences_erasure VALUES ('{subject}', 'x', now())"),
]

BECOMING = [
    *_every("become the owner", "SET ROLE proffer_owner"),
    *_every("become the functions", "SET ROLE proffer_functions"),
    *_every("become the administrator", "SET SESSION AUTHORIZATION postgres"),
    *_every("become another process", "SET ROLE proffer_web", roles="worker offers"),
    *_every("switch triggers off", "SET session_replication_role = replica"),
    *_every("switch row security off", "SET LOCAL row_security = off; SELECT * FROM preferences_preference"),
    *_every("get more rights", "ALTER ROLE CURRENT_USER BYPASSRLS"),
    *_every("make a role", "CREATE ROLE mine SUPERUSER"),
    *_every("grant oneself a table", "GRANT SELECT ON preferences_preference TO CURRENT_USER WITH GRANT OPTION", roles="worker offers"),
    *_every("make a table in public", "CREATE TABLE public.mine (x integer)"),
    *_every("make a function in public", "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
    *_every("make a schema", "CREATE SCHEMA mine"),
    *_every("make an extension", "CREATE EXTENSION dblink"),
    *_every("use an untrusted language", "DO LANGUAGE plpython3u 'pass'"),
]  # fmt: skip

SERVER = [
    *_every("read a file of the server", "SELECT pg_read_file('postgresql.conf')"),
    *_every("read a binary file of the server", "SELECT pg_read_binary_file('global/pg_control')"),
    *_every("list the server's files", "SELECT pg_ls_dir('base')"),
    *_every("read a file into a large object", "SELECT lo_import('/etc/passwd')"),
    *_every("write a large object to a file", "SELECT lo_export(1, '/tmp/mine')"),
    *_every("copy a table to a file", "COPY preferences_attribute TO '/tmp/mine'"),
    *_every("copy a table to a program", "COPY preferences_attribute TO PROGRAM 'cat'"),
    *_every("reload the configuration", "ALTER SYSTEM SET log_statement = 'all'"),
    *_every("write statements to the log", "SET log_statement = 'all'"),
    *_every("rotate the log", "SELECT pg_rotate_logfile()"),
    *_every("read the password hashes", "SELECT rolpassword FROM pg_authid"),
    *_every("read other databases' roles' secrets", "SELECT passwd FROM pg_shadow"),
    *_every("look into the broker's database", "SELECT dblink('dbname=postgres', 'SELECT 1')"),
]

READING = [
    *(
        Attempt(f"read {table} as nobody", "nobody", f"SELECT * FROM {table}", NOTHING)
        for table in PERSONAL
    ),
    *(
        Attempt(f"read {table} as a process that need not", role, f"SELECT * FROM {table}")
        for table in PERSONAL
        for role in ("worker", "offers")
        if (table, role) != ("preferences_permit", "offers")
    ),
    Attempt("read Ada's values", "web", "SELECT * FROM preferences_preference WHERE customer_id = {ada}", NOTHING),
    Attempt("read Ada's grants", "web", "SELECT * FROM preferences_grant WHERE customer_id = {ada}", NOTHING),
    Attempt("read Ada's permits", "web", "SELECT * FROM preferences_permit WHERE customer_id = {ada}", NOTHING),
    Attempt("read Ada's devices", "web", "SELECT * FROM preferences_device WHERE customer_id = {ada}", NOTHING),
    Attempt("read Ada's entries", "web", "SELECT * FROM preferences_consentevent WHERE subject = '{subject}'", NOTHING),
    Attempt("copy Ada's values", "web", "COPY (SELECT * FROM preferences_preference WHERE customer_id = {ada}) TO STDOUT", NOTHING),
    Attempt("read a whole table by COPY", "web", "COPY preferences_ledgersubject TO STDOUT", "own"),
    Attempt(
        "guess by a cast's error message", "web",
        "SELECT value::text::integer FROM preferences_preference WHERE customer_id = {ada}", NOTHING,
    ),
    *_every(
        "see values by a leaky function of one's own",
        "CREATE FUNCTION pg_temp.tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS"
        " $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$",
    ),
    *_every(
        "read the statistics of what was told",
        "SELECT most_common_vals FROM pg_stats WHERE tablename IN ('preferences_preference', 'preferences_profile',"
        " 'preferences_consentevent', 'quizzes_answer', 'preferences_ledgersubject')", outcome=NOTHING,
    ),
    *_every("read raw statistics", "SELECT stavalues1 FROM pg_statistic"),
    *_every("read extended statistics", "SELECT stxdmcv FROM pg_statistic_ext_data"),
    *_every("see the others' statements", "SELECT query FROM pg_stat_activity WHERE usename <> CURRENT_USER"
            " AND query NOT IN ('', '<insufficient privilege>')", outcome=NOTHING),
    Attempt("read accounts' addresses", "worker", "SELECT email FROM auth_user"),
    Attempt("read accounts' addresses", "offers", "SELECT email FROM auth_user"),
    Attempt("read sessions", "worker", "SELECT session_data FROM django_session"),
    Attempt("read sessions", "offers", "SELECT session_data FROM django_session"),
    Attempt("read whose permit it is", "offers", "SELECT customer_id FROM preferences_permit"),
    Attempt("read the out-of-line parts of values", "web", "SELECT chunk_data FROM {toast}"),
    Attempt("read the out-of-line parts of values", "offers", "SELECT chunk_data FROM {toast}"),
    Attempt("keep a cursor past the customer", "web", "DECLARE mine CURSOR WITH HOLD FOR SELECT * FROM preferences_preference"
            " WHERE customer_id = {ada}; FETCH ALL FROM mine", NOTHING),
    Attempt("explain with the filter's numbers", "web",
            "SELECT * FROM preferences_profile WHERE customer_id = {ada} AND name = 'x' OR customer_id = {ada}", NOTHING),
]  # fmt: skip

CHANGING = [
    *(
        Attempt(f"write {table} directly", role, f"DELETE FROM {table}")
        for table in ("preferences_grant", "preferences_permit", "preferences_exclusion", "preferences_preference")
        for role in ("web", "worker", "offers")
    ),
    Attempt("rename Ada's profile", "web", "UPDATE preferences_profile SET name = 'x' WHERE customer_id = {ada} RETURNING 1", NOTHING),
    Attempt("move Ada's profile over", "web", "UPDATE preferences_profile SET customer_id = {bo} WHERE customer_id = {ada}"),
    Attempt("change Ada's language", "web", "UPDATE preferences_customer SET language = 'id' WHERE id = {ada} RETURNING 1", NOTHING),
    Attempt("make oneself Ada's account", "web", "UPDATE preferences_customer SET user_id = 1 WHERE id = {ada}"),
    Attempt("tell something about Ada's profile", "web", "SELECT remember({profile}, '[]', 'quiz', '{{}}', 'x')"),
    Attempt("forget what Ada told", "web", "SELECT forget({profile}, 'skin', 'x')"),
    Attempt("forget Ada's profile", "web", "SELECT forget_profile({profile}, 'x')"),
    Attempt("take out of Ada's uses", "web", "SELECT set_exclusion({profile}, 'offers', 'skin', true, 'x')"),
    Attempt("erase Ada by the inner function", "web", "SELECT erase({ada}, 'x')"),
    Attempt("reissue Ada's permits", "web", "SELECT reissue_permits({ada}, ARRAY[{profile}])"),
    Attempt("lock Ada out by the inner function", "web", "SELECT lock_customer({ada})"),
    Attempt("close Ada's account by the inner function", "web", "SELECT close_account(1)"),
    Attempt("put a run of Ada's away", "web", "DELETE FROM quizzes_run"),
    Attempt("slip a claim in", "web", "INSERT INTO recommendations_claim (customer_id, offer_id, code, claimed_at) VALUES ({ada}, 1, 'x', now())"),
    Attempt("slip tailored offers in", "offers", "INSERT INTO recommendations_tailoredoffers (profile_id) VALUES ({profile})"),
    Attempt("slip a permit in", "offers", "INSERT INTO preferences_permit (profile_id) VALUES ({profile})"),
    Attempt("give a permit longer", "offers", "UPDATE preferences_permit SET expires_at = 'infinity'"),
    *_every("act for Ada by her number alone", "SELECT grant_purpose('offers', 1, 'en', 'x')", roles="worker offers"),
    *_every("withdraw for Ada by her number alone", "SELECT withdraw_purpose('offers', 'x')", roles="worker offers"),
    *_every("erase Ada by her number alone", "SELECT erase_customer('x')", roles="worker offers"),
    *_every("find out a device's customer", "SELECT identify('x')", roles="worker offers"),
    *_every("take a device over", "SELECT merge_device('x', 'x')", roles="worker offers"),
    Attempt("grant as nobody", "nobody", "SELECT grant_purpose('offers', 1, 'en', 'x')"),
    Attempt("erase as nobody", "nobody", "SELECT erase_customer('x')"),
    Attempt("pause as nobody", "nobody", "SELECT pause_uses(7, 'x')"),
    Attempt("claim as nobody", "nobody", "SELECT claim_offer(1)"),
]  # fmt: skip

# Names that the functions use, made by the caller where a careless search path would find them first: nobody may make any.
SHADOWS = [
    *_every("shadow who is asking", "CREATE FUNCTION pg_temp.current_customer() RETURNS bigint LANGUAGE sql AS 'SELECT {ada}'"),
    *_every("shadow who is acting", "CREATE FUNCTION pg_temp.acting_customer() RETURNS bigint LANGUAGE sql AS 'SELECT {ada}'"),
    *_every("shadow the grants", "CREATE TEMP TABLE preferences_grant AS SELECT {ada} AS customer_id"),
    *_every("shadow the ledger's ties", "CREATE TEMP TABLE preferences_ledgersubject AS SELECT {ada} AS customer_id"),
    *_every("shadow by a view", "CREATE TEMP VIEW preferences_permit AS SELECT 1"),
]  # fmt: skip

DATABASE = [*LEDGER, *BECOMING, *SERVER, *READING, *CHANGING, *SHADOWS]
