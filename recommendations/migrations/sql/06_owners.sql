-- The functions belong to proffer_functions and are nobody's to call; config/grants.py says who may call which.
DO $$
DECLARE
    ours text;
BEGIN
    FOREACH ours IN ARRAY ARRAY[
        'raise_catalogue()', 'raise_catalogue_for_offers()', 'note_openings()', 'lock_profile(bigint)',
        'due_profiles(bigint, integer)',
        'commit_offers(bigint[], bigint, bigint[], bigint, integer[], real[], integer[])',
        'claim_offer(bigint)', 'merge_claims()'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', ours);
        EXECUTE format('ALTER FUNCTION public.%s OWNER TO proffer_functions', ours);
    END LOOP;
END $$;
