-- How a customer stands towards every use at once: paused until a day, restricted (kept, not used), below the age of consent;
-- and the uses they object to. None of it touches what is switched on: when it ends, all is as before. A row is there only
-- while it says something.

ALTER TABLE preferences_standing
    ADD FOREIGN KEY (customer_id) REFERENCES preferences_customer ON DELETE CASCADE;
ALTER TABLE preferences_objection
    ADD FOREIGN KEY (customer_id) REFERENCES preferences_customer ON DELETE CASCADE,
    ADD FOREIGN KEY (purpose_id) REFERENCES preferences_purpose;

DO $$
DECLARE
    personal text;
BEGIN
    FOREACH personal IN ARRAY ARRAY['standing', 'objection'] LOOP
        EXECUTE format('ALTER TABLE preferences_%s ENABLE ROW LEVEL SECURITY', personal);
        EXECUTE format('ALTER TABLE preferences_%s FORCE ROW LEVEL SECURITY', personal);
        EXECUTE format('CREATE POLICY functions ON preferences_%s TO proffer_functions USING (true) WITH CHECK (true)', personal);
        EXECUTE format(
            'CREATE POLICY own ON preferences_%s TO proffer_web '
            'USING (customer_id = (SELECT public.current_customer())) '
            'WITH CHECK (customer_id = (SELECT public.current_customer()))', personal);
    END LOOP;
END $$;

CREATE FUNCTION utc_today() RETURNS date LANGUAGE sql SET search_path = pg_catalog AS $$
    SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date
$$;

-- The one truth of what is switched on and counts right now: permits, answers filled in, the use log and mail all ask it. A
-- grant counts while its purpose is active, no material notice came after the one agreed to, and its customer neither paused
-- nor restricted everything nor is below the age of consent. It looks at the clock itself, so nothing waits for a sweep.
CREATE VIEW grants_in_force WITH (security_invoker = true) AS
    SELECT granted.customer_id, granted.purpose_id, granted.notice_id, notice.covers,
           purpose.slug, purpose.position, purpose.computes_offers, purpose.answers_once
    FROM preferences_grant granted
    JOIN preferences_purpose purpose ON purpose.id = granted.purpose_id AND purpose.is_active
    JOIN preferences_purposenotice notice ON notice.id = granted.notice_id
    WHERE NOT EXISTS (
        SELECT 1 FROM preferences_purposenotice later
        WHERE later.purpose_id = granted.purpose_id AND later.version > notice.version AND later.is_material
    ) AND NOT EXISTS (
        SELECT 1 FROM preferences_standing standing
        WHERE standing.customer_id = granted.customer_id
          AND (standing.paused_until > clock_timestamp() OR standing.restricted_at IS NOT NULL
               OR (standing.is_minor AND (standing.of_age_on IS NULL OR standing.of_age_on > utc_today())))
    );

CREATE FUNCTION forget_empty_standing(p_customer bigint) RETURNS void LANGUAGE sql SET search_path = pg_catalog AS $$
    DELETE FROM public.preferences_standing
    WHERE customer_id = p_customer AND paused_until IS NULL AND restricted_at IS NULL AND NOT is_minor
$$;

-- Pausing again counts from now.
CREATE FUNCTION pause_uses(p_days integer, p_source text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
BEGIN
    IF p_days IS NULL OR p_days NOT IN (7, 30, 90) THEN
        RAISE EXCEPTION 'a pause is 7, 30 or 90 days long' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO public.preferences_standing (customer_id, paused_until, is_minor)
        VALUES (v_customer, clock_timestamp() + make_interval(days => p_days), false)
        ON CONFLICT (customer_id) DO UPDATE SET paused_until = excluded.paused_until;
    PERFORM public.note_event(v_customer, 'paused', p_source);
    PERFORM public.reissue_all(v_customer);
END $$;

CREATE FUNCTION resume_uses(p_source text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
BEGIN
    UPDATE public.preferences_standing SET paused_until = NULL
        WHERE customer_id = v_customer AND paused_until IS NOT NULL;
    IF FOUND THEN
        PERFORM public.forget_empty_standing(v_customer);
        PERFORM public.note_event(v_customer, 'resumed', p_source);
        PERFORM public.reissue_all(v_customer);
    END IF;
END $$;

CREATE FUNCTION restrict_uses(p_source text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
BEGIN
    INSERT INTO public.preferences_standing (customer_id, restricted_at, is_minor)
        VALUES (v_customer, clock_timestamp(), false)
        ON CONFLICT (customer_id) DO UPDATE SET restricted_at = excluded.restricted_at
            WHERE preferences_standing.restricted_at IS NULL;
    IF FOUND THEN
        PERFORM public.note_event(v_customer, 'restricted', p_source);
        PERFORM public.reissue_all(v_customer);
    END IF;
END $$;

CREATE FUNCTION lift_restriction(p_source text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
BEGIN
    UPDATE public.preferences_standing SET restricted_at = NULL
        WHERE customer_id = v_customer AND restricted_at IS NOT NULL;
    IF FOUND THEN
        PERFORM public.forget_empty_standing(v_customer);
        PERFORM public.note_event(v_customer, 'unrestricted', p_source);
        PERFORM public.reissue_all(v_customer);
    END IF;
END $$;

-- Switches a use off and remembers that it is not to be asked for again. Switching it on in the center lifts that.
CREATE FUNCTION object_to(p_purpose text, p_source text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_purpose bigint;
BEGIN
    SELECT id INTO v_purpose FROM public.preferences_purpose WHERE slug = p_purpose AND basis = 'consent';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such purpose to object to' USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM public.withdraw_purpose(p_purpose, p_source);
    INSERT INTO public.preferences_objection (customer_id, purpose_id, objected_at)
        VALUES (v_customer, v_purpose, clock_timestamp()) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        PERFORM public.note_event(v_customer, 'objected', p_source, v_purpose);
    END IF;
END $$;

-- Whether this customer is below the brand's age of consent, and if it is known, from which day on no longer. A year of birth
-- is never kept, nor anything of those who are old enough. Returns whether a use ended by it.
CREATE FUNCTION note_minor(p_is_minor boolean, p_of_age_on date, p_source text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
BEGIN
    IF NOT p_is_minor OR p_of_age_on <= public.utc_today() THEN
        UPDATE public.preferences_standing SET is_minor = false, of_age_on = NULL
            WHERE customer_id = v_customer AND is_minor;
        PERFORM public.forget_empty_standing(v_customer);
        RETURN false;
    END IF;
    INSERT INTO public.preferences_standing (customer_id, is_minor, of_age_on)
        VALUES (v_customer, true, p_of_age_on)
        ON CONFLICT (customer_id) DO UPDATE SET is_minor = true, of_age_on = excluded.of_age_on;
    IF NOT public.end_grants_of_minor(v_customer, p_source) THEN
        RETURN false;
    END IF;
    PERFORM public.reissue_all(v_customer);
    RETURN true;
END $$;

CREATE FUNCTION end_grants_of_minor(p_customer bigint, p_source text) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    v_ended record;
    v_found boolean := false;
BEGIN
    FOR v_ended IN
        DELETE FROM public.preferences_grant granted USING public.preferences_purpose purpose
        WHERE granted.customer_id = p_customer AND purpose.id = granted.purpose_id AND purpose.basis = 'consent'
        RETURNING granted.purpose_id, granted.notice_id, granted.language
    LOOP
        PERFORM public.note_event(
            p_customer, 'withdrawn', p_source, v_ended.purpose_id, NULL, v_ended.notice_id, v_ended.language);
        v_found := true;
    END LOOP;
    RETURN v_found;
END $$;

CREATE FUNCTION refuse_minors_grant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM public.preferences_standing standing
        WHERE standing.customer_id = NEW.customer_id AND standing.is_minor
          AND (standing.of_age_on IS NULL OR standing.of_age_on > public.utc_today())
    ) AND EXISTS (SELECT 1 FROM public.preferences_purpose WHERE id = NEW.purpose_id AND basis = 'consent') THEN
        RAISE EXCEPTION 'below the age of consent'
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'age_of_consent';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse_minors_grant BEFORE INSERT OR UPDATE ON preferences_grant
    FOR EACH ROW EXECUTE FUNCTION refuse_minors_grant();

-- For the worker: pauses that are over, and who has come of age. Nothing was held up for either: whoever reads looks at the
-- clock. The clock is read once: only so do the indexes find whose pause is over. One customer after the other, in order.
CREATE FUNCTION end_standings(p_most integer) RETURNS TABLE (customer bigint, profiles bigint[])
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

-- What either of two customers asked for holds for the one they become: the longer pause, the restriction, every objection,
-- and whoever said last that they are too young. Only ever less is used by it.
CREATE FUNCTION merge_standing(p_customer bigint, p_other bigint, p_source text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    v_mine public.preferences_standing;
    v_theirs public.preferences_standing;
    v_objection record;
    v_ended public.preferences_grant;
BEGIN
    SELECT * INTO v_mine FROM public.preferences_standing WHERE customer_id = p_customer;
    SELECT * INTO v_theirs FROM public.preferences_standing WHERE customer_id = p_other;
    IF v_theirs.paused_until <= clock_timestamp() THEN
        v_theirs.paused_until := NULL;
    END IF;
    IF v_theirs.customer_id IS NOT NULL THEN
        INSERT INTO public.preferences_standing (customer_id, paused_until, restricted_at, is_minor, of_age_on)
        VALUES (
            p_customer, greatest(v_mine.paused_until, v_theirs.paused_until),
            least(v_mine.restricted_at, v_theirs.restricted_at),
            coalesce(v_mine.is_minor, false) OR v_theirs.is_minor,
            CASE WHEN coalesce(v_mine.is_minor, false) AND v_theirs.is_minor
                 THEN CASE WHEN v_mine.of_age_on IS NOT NULL AND v_theirs.of_age_on IS NOT NULL
                           THEN greatest(v_mine.of_age_on, v_theirs.of_age_on) END
                 ELSE coalesce(v_mine.of_age_on, v_theirs.of_age_on) END)
        ON CONFLICT (customer_id) DO UPDATE
            SET paused_until = excluded.paused_until, restricted_at = excluded.restricted_at,
                is_minor = excluded.is_minor, of_age_on = excluded.of_age_on;
        PERFORM public.forget_empty_standing(p_customer);
        IF v_theirs.paused_until > coalesce(v_mine.paused_until, '-infinity') THEN
            PERFORM public.note_event(p_customer, 'paused', p_source);
        END IF;
        IF v_theirs.restricted_at IS NOT NULL AND v_mine.restricted_at IS NULL THEN
            PERFORM public.note_event(p_customer, 'restricted', p_source);
        END IF;
        IF v_theirs.is_minor AND coalesce(v_theirs.of_age_on > public.utc_today(), true) THEN
            PERFORM public.end_grants_of_minor(p_customer, p_source);
        END IF;
    END IF;
    FOR v_objection IN
        INSERT INTO public.preferences_objection (customer_id, purpose_id, objected_at)
        SELECT p_customer, purpose_id, objected_at FROM public.preferences_objection
        WHERE customer_id = p_other ORDER BY purpose_id
        ON CONFLICT DO NOTHING RETURNING purpose_id
    LOOP
        DELETE FROM public.preferences_grant
            WHERE customer_id = p_customer AND purpose_id = v_objection.purpose_id RETURNING * INTO v_ended;
        IF FOUND THEN
            PERFORM public.note_event(
                p_customer, 'withdrawn', p_source, v_ended.purpose_id, NULL, v_ended.notice_id, v_ended.language);
        END IF;
        PERFORM public.note_event(p_customer, 'objected', p_source, v_objection.purpose_id);
    END LOOP;
END $$;
