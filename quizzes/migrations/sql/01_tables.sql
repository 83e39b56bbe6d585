-- Keys between rows of one customer. They cascade, so erasing a customer is one DELETE, and a merge that moves a profile or
-- a run moves what hangs on it. The answer carries its run's customer: that is what row security filters by.
ALTER TABLE quizzes_run
    ADD FOREIGN KEY (customer_id) REFERENCES preferences_customer ON DELETE CASCADE,
    ADD FOREIGN KEY (profile_id, customer_id) REFERENCES preferences_profile (id, customer_id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE quizzes_answer
    ADD FOREIGN KEY (run_id, customer_id) REFERENCES quizzes_run (id, customer_id) ON DELETE CASCADE ON UPDATE CASCADE,
    ADD CHECK ((state = 'given') = (value IS NOT NULL));
ALTER TABLE quizzes_handoff
    ADD FOREIGN KEY (run_id, customer_id) REFERENCES quizzes_run (id, customer_id) ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX quizzes_handoff_run ON quizzes_handoff (run_id);

-- What was published stays as it was, whoever asks. (The site may not even try: config/grants.py.)
CREATE FUNCTION refuse_version_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'a published version is never changed: publish a new one' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER version_is_immutable BEFORE UPDATE OR DELETE ON quizzes_quizversion
    FOR EACH ROW EXECUTE FUNCTION refuse_version_change();
