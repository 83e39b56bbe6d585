-- Takes the database back to what it was when the tests began. Run as an administrator: row security hides rows from
-- everyone else. Tables that migrations filled are put back as they were; the others are emptied if they are not empty.
-- After a test a few tables hold a few rows: deleting them is thirty times faster than giving the tables new files.
CREATE SCHEMA testing;

CREATE TABLE testing.tables (name text PRIMARY KEY, relname text NOT NULL);

CREATE PROCEDURE testing.remember() LANGUAGE plpgsql AS $$
DECLARE
    t text;
    relname text;
    was text;
    is_filled boolean;
    emptying text := '';
    refilling text := '';
BEGIN
    FOR t, relname, was IN SELECT c.oid::regclass, c.relname, format('testing.%I', 'was_' || c.relname) FROM pg_class c
                   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                     AND c.relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
                   ORDER BY c.relname
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', t) INTO is_filled;
        INSERT INTO testing.tables VALUES (t, relname);
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

-- What many tests begin with is arranged once and remembered as a difference: rows that came and rows that went.
CREATE PROCEDURE testing.look() LANGUAGE plpgsql AS $$
DECLARE
    t testing.tables;
BEGIN
    FOR t IN SELECT * FROM testing.tables LOOP
        EXECUTE format('CREATE TEMPORARY TABLE %I AS TABLE %s', 'before_' || t.relname, t.name);
    END LOOP;
END $$;

CREATE PROCEDURE testing.keep(arrangement text) LANGUAGE plpgsql AS $$
DECLARE
    t testing.tables;
    found boolean;
    kept text;
    columns text;
    steps text := '';
BEGIN
    FOR t IN SELECT * FROM testing.tables LOOP
        kept := format('testing.%I', arrangement || '_lost_' || t.relname);
        EXECUTE format('CREATE TABLE %s AS SELECT x::text AS line FROM pg_temp.%I x EXCEPT SELECT y::text FROM %s y',
                       kept, 'before_' || t.relname, t.name);
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', kept) INTO found;
        IF found THEN
            steps := steps || format('DELETE FROM %s x USING %s y WHERE x::text = y.line;', t.name, kept);
        END IF;

        kept := format('testing.%I', arrangement || '_won_' || t.relname);
        EXECUTE format('CREATE TABLE %s AS SELECT * FROM %s x WHERE x::text NOT IN (SELECT y::text FROM pg_temp.%I y)',
                       kept, t.name, 'before_' || t.relname);
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', kept) INTO found;
        IF found THEN
            SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
             WHERE attrelid = t.name::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
            steps := steps || format('INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM %3$s;',
                                     t.name, columns, kept);
        END IF;
        EXECUTE format('DROP TABLE pg_temp.%I', 'before_' || t.relname);
    END LOOP;
    EXECUTE format($sql$
        CREATE PROCEDURE testing.%I() LANGUAGE plpgsql AS $body$
        BEGIN
            SET LOCAL session_replication_role = replica;  -- what triggers did is among the rows
            %s
        END $body$
        $sql$, 'arrange_' || arrangement, steps);
END $$;
