-- What people did with an offer or a category goes with it, by the database's own hand: whoever deletes it in the admin may
-- not touch a row of a customer's.
DO $$
DECLARE
    key record;
BEGIN
    FOR key IN
        SELECT con.conname, con.conrelid::regclass AS its, con.confrelid::regclass AS of_what, att.attname AS field
        FROM pg_constraint con
        JOIN pg_attribute att ON att.attrelid = con.conrelid AND att.attnum = con.conkey[1]
        WHERE con.contype = 'f' AND cardinality(con.conkey) = 1
          AND (con.conrelid, att.attname::text) IN (
              ('public.recommendations_suppression'::regclass, 'offer_id'),
              ('public.recommendations_suppression'::regclass, 'category_id'),
              ('public.recommendations_exposure'::regclass, 'offer_id'),
              ('public.recommendations_offerreach'::regclass, 'offer_id'))
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', key.its, key.conname);
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (%I) REFERENCES %s ON DELETE CASCADE',
                       key.its, key.conname, key.field, key.of_what);
    END LOOP;
END $$;
