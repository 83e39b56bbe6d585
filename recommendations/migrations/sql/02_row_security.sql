-- Customers see their own rows; nobody but the functions writes. proffer_offers sees nothing here: it only hands over what
-- it computed.
DO $$
DECLARE
    personal text;
BEGIN
    FOREACH personal IN ARRAY ARRAY['tailoredoffers', 'claim'] LOOP
        EXECUTE format('ALTER TABLE recommendations_%s ENABLE ROW LEVEL SECURITY', personal);
        EXECUTE format('ALTER TABLE recommendations_%s FORCE ROW LEVEL SECURITY', personal);
        EXECUTE format(
            'CREATE POLICY functions ON recommendations_%s TO proffer_functions USING (true) WITH CHECK (true)', personal);
        EXECUTE format(
            'CREATE POLICY own ON recommendations_%s FOR SELECT TO proffer_web '
            'USING (customer_id = (SELECT public.current_customer()))', personal);
    END LOOP;
END $$;
