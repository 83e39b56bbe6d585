-- What customers do not want, and what they have seen: theirs to see, the functions' to write, gone with them. The process
-- that computes offers sees which offers a profile is not to get: ids, no customer and no reason.
ALTER TABLE recommendations_suppression
    ADD FOREIGN KEY (profile_id, customer_id) REFERENCES preferences_profile (id, customer_id)
        ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE recommendations_exposure
    ADD FOREIGN KEY (customer_id) REFERENCES preferences_customer ON DELETE CASCADE;
DO $$
DECLARE
    personal text;
BEGIN
    FOREACH personal IN ARRAY ARRAY['suppression', 'exposure'] LOOP
        EXECUTE format('ALTER TABLE recommendations_%s ENABLE ROW LEVEL SECURITY', personal);
        EXECUTE format('ALTER TABLE recommendations_%s FORCE ROW LEVEL SECURITY', personal);
        EXECUTE format(
            'CREATE POLICY functions ON recommendations_%s TO proffer_functions USING (true) WITH CHECK (true)', personal);
        EXECUTE format(
            'CREATE POLICY own ON recommendations_%s FOR SELECT TO proffer_web '
            'USING (customer_id = (SELECT public.current_customer()))', personal);
    END LOOP;
END $$;
CREATE POLICY computing ON recommendations_suppression FOR SELECT TO proffer_offers USING (true);

INSERT INTO recommendations_restraint (id, dismissed_days, holdout_percent, holdout_salt)
    VALUES (1, 30, 0, sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));
