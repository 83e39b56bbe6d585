-- Who sees which rows. Forced, so that it binds the tables' owner too; proffer_functions, which owns the functions that
-- change them, has policies of its own. What a role may do with the rows it sees is in config/grants.

CREATE FUNCTION current_customer() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('proffer.customer', true), '')::bigint
$$;

DO $$
DECLARE
    personal text;
BEGIN
    FOREACH personal IN ARRAY ARRAY[
        'customer', 'device', 'profile', 'preference', 'grant', 'exclusion', 'ledgersubject', 'consentevent', 'permit',
        'computationdue', 'reissuedue', 'uselog'
    ] LOOP
        EXECUTE format('ALTER TABLE preferences_%s ENABLE ROW LEVEL SECURITY', personal);
        EXECUTE format('ALTER TABLE preferences_%s FORCE ROW LEVEL SECURITY', personal);
        EXECUTE format('CREATE POLICY functions ON preferences_%s TO proffer_functions USING (true) WITH CHECK (true)', personal);
    END LOOP;
    FOREACH personal IN ARRAY ARRAY['device', 'profile', 'preference', 'grant', 'exclusion', 'ledgersubject', 'uselog'] LOOP
        EXECUTE format(
            'CREATE POLICY own ON preferences_%s TO proffer_web '
            'USING (customer_id = (SELECT public.current_customer())) '
            'WITH CHECK (customer_id = (SELECT public.current_customer()))', personal);
    END LOOP;
END $$;

CREATE POLICY own ON preferences_customer TO proffer_web
    USING (id = (SELECT public.current_customer())) WITH CHECK (id = (SELECT public.current_customer()));

CREATE POLICY own ON preferences_consentevent TO proffer_web
    USING (subject = (SELECT subject FROM public.preferences_ledgersubject
                      WHERE customer_id = (SELECT public.current_customer())));

-- An expired permit does not exist for anyone who could use it, swept or not.
CREATE POLICY own ON preferences_permit TO proffer_web
    USING (customer_id = (SELECT public.current_customer()) AND expires_at > clock_timestamp());
CREATE POLICY offers ON preferences_permit TO proffer_offers
    USING (purpose_id IN (SELECT id FROM public.preferences_purpose WHERE computes_offers AND is_active)
           AND expires_at > clock_timestamp());
CREATE POLICY offers ON preferences_computationdue TO proffer_offers
    USING (purpose_id IN (SELECT id FROM public.preferences_purpose WHERE computes_offers AND is_active));
