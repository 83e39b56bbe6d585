-- The functions belong to proffer_functions and are nobody's to call; config/grants says who may call which.
DO $$
DECLARE
    ours regprocedure;
BEGIN
    FOR ours IN
        SELECT oid::regprocedure FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proowner = current_user::regrole
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', ours);
        EXECUTE format('ALTER FUNCTION %s OWNER TO proffer_functions', ours);
    END LOOP;
END $$;
