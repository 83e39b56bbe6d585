-- Customers see and write their own runs. Forced, so that it binds the tables' owner too; the functions have a policy of
-- their own. The worker has no policy: it only calls forget_unconsented.
DO $$
DECLARE
    personal text;
BEGIN
    FOREACH personal IN ARRAY ARRAY['run', 'answer', 'handoff'] LOOP
        EXECUTE format('ALTER TABLE quizzes_%s ENABLE ROW LEVEL SECURITY', personal);
        EXECUTE format('ALTER TABLE quizzes_%s FORCE ROW LEVEL SECURITY', personal);
        EXECUTE format('CREATE POLICY functions ON quizzes_%s TO proffer_functions USING (true) WITH CHECK (true)', personal);
        EXECUTE format(
            'CREATE POLICY own ON quizzes_%s TO proffer_web '
            'USING (customer_id = (SELECT public.current_customer())) '
            'WITH CHECK (customer_id = (SELECT public.current_customer()))', personal);
    END LOOP;
END $$;
