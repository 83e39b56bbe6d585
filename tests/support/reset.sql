-- Takes the database back to what it was when the tests began. Run as an administrator: row security hides rows from
-- everyone else. Tables that migrations filled are put back as they were; the others are emptied if they are not empty.
CREATE SCHEMA testing;

CREATE TABLE testing.tables (name text PRIMARY KEY, is_filled boolean NOT NULL);

CREATE PROCEDURE testing.remember() LANGUAGE plpgsql AS $$
DECLARE
    t text;
    filled boolean;
BEGIN
    FOR t IN SELECT c.oid::regclass::text FROM pg_class c
              WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                AND c.relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', t) INTO filled;
        INSERT INTO testing.tables VALUES (t, filled);
        IF filled THEN
            EXECUTE format('CREATE TABLE testing.%I AS TABLE %s', 'was_' || t, t);
        END IF;
    END LOOP;
END $$;

CREATE PROCEDURE testing.reset() LANGUAGE plpgsql AS $$
DECLARE
    t testing.tables;
    dirty boolean;
    dirties text[] := '{}';
BEGIN
    FOR t IN SELECT * FROM testing.tables WHERE NOT is_filled LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', t.name) INTO dirty;
        IF dirty THEN
            dirties := dirties || t.name;
        END IF;
    END LOOP;
    IF cardinality(dirties) > 0 THEN
        EXECUTE 'TRUNCATE ' || array_to_string(dirties, ', ') || ' CASCADE';
    END IF;
    SET LOCAL session_replication_role = replica;  -- no triggers, no foreign keys, while rows are put back
    FOR t IN SELECT * FROM testing.tables WHERE is_filled LOOP
        EXECUTE format('SELECT EXISTS ((SELECT x::text FROM %1$s x) EXCEPT (SELECT y::text FROM testing.%2$I y))'
                    || ' OR (SELECT count(*) FROM %1$s) <> (SELECT count(*) FROM testing.%2$I)', t.name, 'was_' || t.name)
           INTO dirty;
        IF dirty THEN
            EXECUTE format('DELETE FROM %s', t.name);
            EXECUTE format('INSERT INTO %s OVERRIDING SYSTEM VALUE SELECT * FROM testing.%I', t.name, 'was_' || t.name);
        END IF;
    END LOOP;
END $$;
