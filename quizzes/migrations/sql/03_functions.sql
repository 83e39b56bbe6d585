-- For the worker: answers that served a result only and are older than p_before, runs that have none left and never fed a
-- preference, and handoffs past their time. Returns how many answers and runs went; the caller comes again while it is p_most.
CREATE FUNCTION forget_unconsented(p_before timestamptz, p_most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_answers integer;
    v_runs integer;
BEGIN
    DELETE FROM public.quizzes_answer answer USING (
        SELECT run_id, question_key FROM public.quizzes_answer
        WHERE NOT is_remembered AND answered_at < p_before
        ORDER BY answered_at LIMIT p_most FOR UPDATE SKIP LOCKED
    ) old WHERE answer.run_id = old.run_id AND answer.question_key = old.question_key;
    GET DIAGNOSTICS v_answers = ROW_COUNT;
    DELETE FROM public.quizzes_run WHERE id IN (
        SELECT id FROM public.quizzes_run run
        WHERE started_at < p_before AND coalesce(completed_at, started_at) < p_before
          AND NOT EXISTS (SELECT 1 FROM public.quizzes_answer answer WHERE answer.run_id = run.id)
        ORDER BY started_at LIMIT p_most FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS v_runs = ROW_COUNT;
    DELETE FROM public.quizzes_handoff WHERE expires_at < p_before;
    RETURN v_answers + v_runs;
END $$;

-- The version a handoff would continue, while it can; the second device has no customer yet, so it sees no row itself.
CREATE FUNCTION peek_handoff(p_token_hash bytea) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT run.version_id
    FROM public.quizzes_handoff handoff JOIN public.quizzes_run run ON run.id = handoff.run_id
    WHERE handoff.token_hash = p_token_hash AND handoff.used_at IS NULL AND handoff.expires_at > clock_timestamp()
$$;

-- Makes the asking browser a device of the run's customer: once, in time, one of two that try at the same moment.
CREATE FUNCTION takeover(p_token_hash bytea, p_device_token_hash bytea) RETURNS TABLE (run uuid, version bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_run uuid;
    v_customer bigint;
BEGIN
    UPDATE public.quizzes_handoff handoff SET used_at = clock_timestamp()
    WHERE handoff.token_hash = p_token_hash AND handoff.used_at IS NULL AND handoff.expires_at > clock_timestamp()
    RETURNING handoff.run_id, handoff.customer_id INTO v_run, v_customer;
    IF FOUND THEN
        INSERT INTO public.preferences_device (customer_id, token_hash, created_at)
            VALUES (v_customer, p_device_token_hash, clock_timestamp());
        PERFORM set_config('proffer.customer', v_customer::text, true);
        RETURN QUERY SELECT taken.id, taken.version_id FROM public.quizzes_run taken WHERE taken.id = v_run;
    END IF;
END $$;

-- While customers are merged into the acting one: their runs follow, to the acting one's own profile:
-- runs about a pet have already moved with it, so what is left is about the customers themselves or about nobody known yet.
CREATE FUNCTION merge_runs() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.current_customer();
    v_self bigint;
BEGIN
    SELECT id INTO v_self FROM public.preferences_profile WHERE customer_id = v_customer AND kind = 'self';
    UPDATE public.quizzes_run run SET
        customer_id = v_customer,
        profile_id = CASE WHEN run.profile_id IS NULL THEN NULL ELSE v_self END
    FROM public.preferences_customer merged
    WHERE merged.merged_into_id = v_customer AND run.customer_id = merged.id;
END $$;

-- A value that a customer took back is gone everywhere: the answers that told it go too.
CREATE FUNCTION forget_taken_back() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_gone integer;
BEGIN
    DELETE FROM public.quizzes_answer answer USING public.quizzes_run run
    WHERE run.id = answer.run_id AND answer.customer_id = public.current_customer() AND answer.is_remembered
      AND NOT EXISTS (
        SELECT 1 FROM public.preferences_preference told
        JOIN public.preferences_attribute attribute ON attribute.id = told.attribute_id
        WHERE told.profile_id = run.profile_id AND attribute.key = answer.attribute);
    GET DIAGNOSTICS v_gone = ROW_COUNT;
    RETURN v_gone;
END $$;
