"""A million made-up customers, by arithmetic: the same ones every time, written by the server itself.

Customer n has ten of 200 items; seven of ten let us tailor offers (or as many as wanted), four get letters, every third
is asked only once; one in twenty keeps an item from the offers. Offers are computed for five of ten (or as many as
wanted), the others that want some are due. Customer 1 has all 200 items.
The columns are named, so that new ones with a default need nothing here.

Written by a superuser with foreign keys and triggers off (what is written fits by construction, and `check` asks the
database whether it does), into a database of its own only.
"""

import psycopg
from psycopg.sql import SQL, Identifier

ITEMS, ITEMS_EACH = 200, 10
WANTING, GIVEN = 7, 5  # of ten: who lets us tailor offers, and who has some
VALUES = "abcd"
USE = "offers"
PURPOSES = (USE, "letters", "once")

# Ours are the 200 items: a choice of four each, and covered by the three uses from their new notices on.
_CATALOGUE = """
WITH made AS (
    INSERT INTO preferences_attribute (key, kind, profile_kind, label, sentence, "group", unit, is_sensitive,
                                       shelf_life_days, keeps_history, bins, ranking_first)
    SELECT 'item-' || place, 'choice', 'self', jsonb_build_object('en', 'Item ' || place),
           jsonb_build_object('en', 'item ' || place || ' is {value}'),
           jsonb_build_object('en', 'Group ' || place %% 8), '{}', false, 730, false, '[]', 3
    FROM generate_series(0, %(items)s - 1) AS place
    RETURNING id
), valued AS (
    INSERT INTO preferences_attributevalue (attribute_id, value, label, position)
    SELECT id, value, jsonb_build_object('en', upper(value)), place
    FROM made, unnest('{a,b,c,d}'::text[]) WITH ORDINALITY AS given (value, place)
    RETURNING attribute_id, value
), coded AS (
    INSERT INTO preferences_feature (attribute_id, code) SELECT attribute_id, value FROM valued
), covered AS (
    INSERT INTO preferences_purpose_attributes (purpose_id, attribute_id)
    SELECT purpose.id, made.id FROM preferences_purpose purpose, made WHERE slug = ANY (%(purposes)s)
)
INSERT INTO preferences_purposenotice (purpose_id, version, title, sentence, benefit, details, is_material, covers,
                                       published_at)
SELECT DISTINCT ON (purpose_id) purpose_id, version + 1, title, sentence, benefit, details, false,
       covers || ARRAY(SELECT id::integer FROM made ORDER BY id), now()
FROM preferences_purposenotice notice JOIN preferences_purpose purpose ON purpose.id = purpose_id
WHERE slug = ANY (%(purposes)s) ORDER BY purpose_id, version DESC
"""

# What a session that writes customers looks up.
_LOOKUPS = """
CREATE TEMPORARY TABLE item AS
    SELECT substr(attribute.key, 6)::integer AS place, attribute.id,
           array_agg(feature.id ORDER BY feature.code) AS features
    FROM preferences_attribute attribute JOIN preferences_feature feature ON feature.attribute_id = attribute.id
    WHERE attribute.key LIKE 'item-%' GROUP BY attribute.id;
CREATE TEMPORARY TABLE use AS
    SELECT DISTINCT ON (purpose.slug) purpose.slug, purpose.id, notice.id AS notice
    FROM preferences_purpose purpose JOIN preferences_purposenotice notice ON notice.purpose_id = purpose.id
    ORDER BY purpose.slug, notice.version DESC;
ANALYZE item;
"""

_TOLD = """
INSERT INTO preferences_preference (profile_id, customer_id, attribute_id, value, features, source, source_label,
                                    question_key, told_at, expires_at)
SELECT n, n, item.id, to_jsonb(substr('abcd', choice, 1)), ARRAY[item.features[choice]], 'quiz', '{"en": "A quiz"}',
       'item', now() - n %% 300 * interval '1 day', now() + (730 - n %% 300) * interval '1 day'
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
CROSS JOIN LATERAL generate_series(0, CASE n WHEN 1 THEN %(items)s ELSE %(each)s END - 1) AS nth
CROSS JOIN LATERAL (SELECT ((n * 31 + nth * 7) %% 4 + 1)::integer) AS chosen (choice)
JOIN item ON item.place = (n * 13 + nth * 17) %% %(items)s
"""

_CUSTOMERS = {
    "customers": """
        INSERT INTO preferences_customer (id, language, created_at)
        SELECT n, 'en', now() - interval '1 year' FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n""",
    "devices": """
        INSERT INTO preferences_device (customer_id, token_hash, created_at)
        SELECT n, sha256(convert_to('bench-' || n, 'UTF8')), now() - interval '1 year'
        FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n""",
    "profiles": """
        INSERT INTO preferences_profile (id, customer_id, kind, name, created_at)
        SELECT n, n, 'self', '', now() - interval '1 year'
        FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n""",
    "subjects": """
        INSERT INTO preferences_ledgersubject (customer_id, subject, salt)
        SELECT n, md5('subject-' || n)::uuid, sha256(convert_to('salt-' || n, 'UTF8'))
        FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n""",
    "preferences": _TOLD,
    "grants": """
        INSERT INTO preferences_grant (customer_id, purpose_id, notice_id, language, granted_at)
        SELECT n, use.id, use.notice, 'en', now() - n %% 300 * interval '1 day'
        FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
        JOIN use ON CASE use.slug WHEN 'offers' THEN n %% 10 < %(wanting)s WHEN 'letters' THEN n %% 10 < 4
                                  WHEN 'once' THEN n %% 3 = 0 END""",
    "exclusions": """
        INSERT INTO preferences_exclusion (profile_id, purpose_id, attribute_id, customer_id, excluded_at)
        SELECT n, use.id, item.id, n, now() FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
        JOIN use ON use.slug = 'offers' JOIN item ON item.place = n * 13 %% %(items)s WHERE n %% 20 = 3""",
    "permits": """
        INSERT INTO preferences_permit (profile_id, purpose_id, customer_id, serial, features, attributes, expires_at,
                                        issued_at)
        SELECT told.profile_id, granted.purpose_id, told.profile_id, nextval('preferences_permit_serial'),
               array_agg(told.features[1] ORDER BY told.features[1]),
               array_agg(told.attribute_id::integer ORDER BY told.attribute_id), min(told.expires_at), now()
        FROM preferences_preference told JOIN preferences_grant granted ON granted.customer_id = told.customer_id
        WHERE told.customer_id BETWEEN %(first)s AND %(last)s AND NOT EXISTS (
            SELECT FROM preferences_exclusion excluded WHERE excluded.profile_id = told.profile_id
               AND excluded.purpose_id = granted.purpose_id AND excluded.attribute_id = told.attribute_id)
        GROUP BY told.profile_id, granted.purpose_id""",
    "tailored offers": """
        INSERT INTO recommendations_tailoredoffers (profile_id, purpose_id, permit_serial, customer_id, offers, scores,
                                                    reasons, catalogue, computed_at)
        SELECT profile_id, purpose_id, serial, customer_id, made.ids, '{3,2,1}',
               (features || features || features || features || features)[1:9], made.version, now()
        FROM preferences_permit permit JOIN use ON use.id = purpose_id AND use.slug = 'offers', (
            SELECT (array_agg(offer.id::integer ORDER BY offer.id))[1:3] AS ids,
                   (SELECT version FROM recommendations_catalogue) AS version
            FROM recommendations_offer offer JOIN use ON use.id = offer.purpose_id AND use.slug = 'offers') AS made
        WHERE customer_id BETWEEN %(first)s AND %(last)s AND customer_id %% 10 < %(given)s""",
    "computations due": """
        INSERT INTO preferences_computationdue (profile_id, purpose_id, serial, catalogue, due_at)
        SELECT profile_id, purpose_id, serial, 0, now()
        FROM preferences_permit JOIN use ON use.id = purpose_id AND use.slug = 'offers'
        WHERE customer_id BETWEEN %(first)s AND %(last)s AND customer_id %% 10 >= %(given)s""",
    "uses": """
        INSERT INTO preferences_uselog (profile_id, purpose_id, customer_id, day, attributes)
        SELECT tailored.profile_id, tailored.purpose_id, tailored.customer_id, current_date - ago, used.attributes
        FROM recommendations_tailoredoffers tailored CROSS JOIN generate_series(0, 1) AS ago CROSS JOIN LATERAL (
            SELECT array_agg(attribute_id::integer) AS attributes FROM preferences_preference
            WHERE profile_id = tailored.profile_id AND ended_at IS NULL) AS used
        WHERE tailored.customer_id BETWEEN %(first)s AND %(last)s""",
    "ledger": """
        INSERT INTO preferences_consentevent (subject, kind, purpose_id, attribute_id, notice_id, language, source, at)
        SELECT subject, kind, purpose_id, attribute_id, notice_id, 'en', 'quiz', at FROM (
            SELECT customer_id, 'granted' AS kind, purpose_id, NULL::bigint AS attribute_id, notice_id, granted_at AS at
            FROM preferences_grant
            UNION ALL
            SELECT customer_id, 'excluded', purpose_id, attribute_id, NULL, excluded_at FROM preferences_exclusion
        ) AS happened JOIN preferences_ledgersubject USING (customer_id)
        WHERE customer_id BETWEEN %(first)s AND %(last)s ORDER BY at""",
}

_WRITTEN = (
    *("preferences_customer", "preferences_device", "preferences_profile", "preferences_ledgersubject"),
    *("preferences_grant", "preferences_exclusion", "preferences_permit", "preferences_preference"),
    *("preferences_uselog", "preferences_consentevent", "preferences_computationdue", "recommendations_tailoredoffers"),
)
# Made anew after so many rows, which takes a fraction of keeping them meanwhile.
_INDEXED = ("preferences_preference", "preferences_permit", "preferences_uselog", "preferences_consentevent")
_PLAIN_INDEXES = """
SELECT named.relname, pg_get_indexdef(named.oid) FROM pg_index JOIN pg_class named ON named.oid = indexrelid
JOIN pg_class indexed ON indexed.oid = indrelid WHERE indexed.relname = ANY (%s) AND NOT indisunique
"""

# Nothing may hang in the air, and no permit may say more, or less, than the database's own function would.
_ORPHANS = """
SELECT count(*) FROM preferences_preference told
    LEFT JOIN preferences_profile profile ON (profile.id, profile.customer_id) = (told.profile_id, told.customer_id)
    LEFT JOIN preferences_attribute attribute ON attribute.id = told.attribute_id
WHERE profile.id IS NULL OR attribute.id IS NULL
"""
_PERMITS = "SELECT profile_id, purpose_id, features FROM preferences_permit WHERE customer_id = %s ORDER BY 1, 2"
SAMPLE = 50


def token_of(customer: int) -> str:
    """What this customer's browser has in its cookie."""
    return f"bench-{customer}"


def item_of(customer: int, nth: int) -> str:
    """The attribute of what they told as their nth."""
    return f"item-{(customer * 13 + nth * 17) % ITEMS}"


def value_of(customer: int, nth: int, *, changed: bool = False) -> str:
    return VALUES[(customer * 31 + nth * 7 + changed) % len(VALUES)]


def has_offers(customer: int) -> bool:
    return customer % 10 < GIVEN


def may_grant(customer: int) -> bool:
    """Whether they have not switched on tailored offers yet."""
    return customer % 10 >= WANTING


class SimulationError(Exception):
    """What keeps people from being made up, in words."""


def prepare(connection: psycopg.Connection) -> None:
    """The 200 items, and what this session needs to write customers. Raises SimulationError without the rights to."""
    try:
        connection.execute("SET session_replication_role = replica")
    except psycopg.errors.InsufficientPrivilege as error:
        raise SimulationError("So many customers can only be written by a superuser of the server.") from error
    connection.execute("SET synchronous_commit = off")
    connection.execute("SET maintenance_work_mem = '512MB'")
    connection.execute("SET work_mem = '256MB'")
    connection.execute(_CATALOGUE, {"purposes": list(PURPOSES), "items": ITEMS})
    connection.execute(_LOOKUPS.encode())


def fill(
    connection: psycopg.Connection, first: int, last: int, *, wanting: int = WANTING, given: int = GIVEN
) -> dict[str, int]:
    """Customers `first` to `last`, and all that hangs on them; returns how many rows of what.

    `wanting` of ten let us tailor offers, `given` of ten have some already.
    """
    numbers = {"first": first, "last": last, "items": ITEMS, "each": ITEMS_EACH, "wanting": wanting, "given": given}
    indexes = connection.execute(_PLAIN_INDEXES, [list(_INDEXED)]).fetchall()
    for name, _definition in indexes:
        connection.execute(SQL("DROP INDEX {}").format(Identifier(name)))
    rows = {}
    for what, sql in _CUSTOMERS.items():
        rows[what] = connection.execute(sql.encode(), numbers).rowcount
        connection.execute("ANALYZE")  # of ten times more rows than it knows of the server reads each by an index
    for _name, definition in indexes:
        connection.execute(definition.encode())
    for table in ("customer", "profile"):
        connection.execute(f"SELECT setval(pg_get_serial_sequence('preferences_{table}', 'id'), {last})".encode())
    return rows


def settle(connection: psycopg.Connection) -> None:
    """What the server would do in the hours after."""
    connection.execute(SQL("VACUUM (ANALYZE) {}").format(SQL(", ").join(map(Identifier, _WRITTEN))))
    connection.execute("CHECKPOINT")


def check(connection: psycopg.Connection, first: int, last: int) -> None:
    """Raises SimulationError when something of what was written does not fit."""
    if connection.execute(_ORPHANS).fetchone() != (0,):
        raise SimulationError("What was written does not hang together.")
    for customer in range(first, last + 1, max(1, (last - first) // SAMPLE)):
        with connection.transaction(force_rollback=True):
            connection.execute("SET LOCAL session_replication_role = origin")
            written = connection.execute(_PERMITS, [customer]).fetchall()
            connection.execute("SELECT reissue_all(%s)", [customer])
            if connection.execute(_PERMITS, [customer]).fetchall() != written:
                raise SimulationError("A permit that was written is not the one that would be issued.")
