-- The functions belong to proffer_functions and are nobody's to call; config/grants.py says who may call which.
DO $$
DECLARE
    ours text;
BEGIN
    FOREACH ours IN ARRAY ARRAY[
        'refuse_version_change()', 'forget_unconsented(timestamptz, integer)', 'peek_handoff(bytea)',
        'takeover(bytea, bytea)', 'merge_runs()', 'forget_taken_back()', 'run_with_answers(uuid)',
        'store_answer(uuid, bigint, text, text, jsonb, text, text[])'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', ours);
        EXECUTE format('ALTER FUNCTION public.%s OWNER TO proffer_functions', ours);
    END LOOP;
END $$;
