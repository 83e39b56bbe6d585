-- As in 11_standing.sql, with the clock read once: only so can the indexes find whose pause is over among many who pause.
CREATE OR REPLACE FUNCTION end_standings(p_most integer) RETURNS TABLE (customer bigint, profiles bigint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_today date := public.utc_today();
BEGIN
    FOR customer IN
        SELECT customer_id FROM public.preferences_standing
        WHERE paused_until <= v_now OR of_age_on <= v_today ORDER BY customer_id LIMIT p_most
    LOOP
        PERFORM public.lock_customer(customer);
        UPDATE public.preferences_standing SET is_minor = false, of_age_on = NULL
            WHERE customer_id = customer AND of_age_on <= v_today;
        UPDATE public.preferences_standing SET paused_until = NULL
            WHERE customer_id = customer AND paused_until <= v_now;
        IF FOUND THEN
            PERFORM public.note_event(customer, 'resumed', 'time');
        END IF;
        PERFORM public.forget_empty_standing(customer);
        profiles := ARRAY(SELECT id FROM public.preferences_profile WHERE customer_id = customer);
        PERFORM public.reissue_permits(customer, profiles);
        RETURN NEXT;
    END LOOP;
END $$;
