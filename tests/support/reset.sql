-- Takes the database back to what it was when the tests began. Run as an administrator: row security hides rows from
-- everyone else. Tables that migrations filled are put back as they were; the others are emptied if they are not empty.
-- After a test a few tables hold a few rows: deleting them is thirty times faster than giving the tables new files.
CREATE SCHEMA testing;

CREATE PROCEDURE testing.remember() LANGUAGE plpgsql AS $$
DECLARE
    t text;
    was text;
    is_filled boolean;
    emptying text := '';
    refilling text := '';
BEGIN
    FOR t, was IN SELECT c.oid::regclass::text, format('testing.%I', 'was_' || c.relname) FROM pg_class c
                   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                     AND c.relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
                   ORDER BY c.relname
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', t) INTO is_filled;
        IF is_filled THEN
            EXECUTE format('CREATE TABLE %s AS TABLE %s', was, t);
            refilling := refilling || format($sql$
                IF EXISTS ((SELECT x::text FROM %1$s x) EXCEPT (SELECT y::text FROM %2$s y))
                   OR (SELECT count(*) FROM %1$s) <> (SELECT count(*) FROM %2$s) THEN
                    DELETE FROM %1$s;
                    INSERT INTO %1$s OVERRIDING SYSTEM VALUE SELECT * FROM %2$s;
                END IF;$sql$, t, was);
        ELSE  -- the lock finds whoever is still at it; what has grown gets new files after all
            emptying := emptying || format($sql$
                IF EXISTS (SELECT FROM %1$s) THEN
                    LOCK TABLE %1$s;
                    IF pg_relation_size(%1$L) > 1000000 THEN
                        TRUNCATE %1$s CASCADE;
                    ELSE
                        DELETE FROM %1$s;
                    END IF;
                END IF;$sql$, t);
        END IF;
    END LOOP;
    -- Written out once, so that the server plans it once.
    EXECUTE format($sql$
        CREATE PROCEDURE testing.reset() LANGUAGE plpgsql AS $body$
        BEGIN
            SET LOCAL session_replication_role = replica;  -- no triggers, no foreign keys meanwhile
            %s %s
        END $body$
        $sql$, emptying, refilling);
END $$;
