-- The heart: what may be used, derived from what was told, granted and not excluded.

-- One change of a customer at a time. The shared lock on 0, which is nobody's id, keeps what purposes cover still until the
-- transaction ends: whoever changes that takes it alone (07_purposes.sql).
CREATE FUNCTION lock_customer(p_customer bigint) RETURNS void LANGUAGE sql SET search_path = pg_catalog AS $$
    SELECT pg_advisory_xact_lock_shared(0);
    SELECT pg_advisory_xact_lock(p_customer);
$$;

-- The customer this transaction acts for, locked; without one, nothing is changed.
CREATE FUNCTION acting_customer() RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.current_customer();
BEGIN
    IF v_customer IS NULL THEN
        RAISE EXCEPTION 'no customer is set' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM public.lock_customer(v_customer);
    RETURN v_customer;
END $$;

CREATE FUNCTION own_profile(p_customer bigint, p_profile bigint) RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM 1 FROM public.preferences_profile WHERE id = p_profile AND customer_id = p_customer;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such profile' USING ERRCODE = 'no_data_found';
    END IF;
    RETURN p_profile;
END $$;

CREATE FUNCTION note_event(
    p_customer bigint, p_kind text, p_source text, p_purpose bigint DEFAULT NULL, p_attribute bigint DEFAULT NULL,
    p_notice bigint DEFAULT NULL, p_language text DEFAULT ''
) RETURNS void LANGUAGE sql SET search_path = pg_catalog AS $$
    INSERT INTO public.preferences_consentevent (subject, kind, purpose_id, attribute_id, notice_id, language, source, at)
    SELECT subject, p_kind, p_purpose, p_attribute, p_notice, p_language, left(p_source, 80), clock_timestamp()
    FROM public.preferences_ledgersubject WHERE customer_id = p_customer
$$;

-- Deletes the permits of these profiles (their tailored offers and due marks die by cascade) and issues new ones, with new
-- serials, for what is still allowed. The caller holds the customer's lock. Permits are locked in key order first, as the
-- offers' writers do, so that the two can wait for each other but never both.
CREATE FUNCTION reissue_permits(p_customer bigint, p_profiles bigint[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM 1 FROM public.preferences_permit
        WHERE customer_id = p_customer AND profile_id = ANY (p_profiles)
        ORDER BY profile_id, purpose_id FOR UPDATE;
    DELETE FROM public.preferences_permit WHERE customer_id = p_customer AND profile_id = ANY (p_profiles);

    WITH usable AS (
        SELECT told.profile_id, granted.purpose_id, told.features, told.expires_at
        FROM public.preferences_preference told
        JOIN public.preferences_grant granted ON granted.customer_id = told.customer_id
        JOIN public.preferences_purpose purpose ON purpose.id = granted.purpose_id AND purpose.is_active
        JOIN public.preferences_purposenotice notice
            ON notice.id = granted.notice_id AND told.attribute_id = ANY (notice.covers)
        JOIN public.preferences_purpose_attributes covered
            ON covered.purpose_id = purpose.id AND covered.attribute_id = told.attribute_id
        WHERE told.customer_id = p_customer AND told.profile_id = ANY (p_profiles)
          AND told.ended_at IS NULL AND told.expires_at > clock_timestamp() AND told.features <> '{}'
          AND NOT EXISTS (
              SELECT 1 FROM public.preferences_exclusion excluded
              WHERE excluded.profile_id = told.profile_id AND excluded.purpose_id = purpose.id
                AND excluded.attribute_id = told.attribute_id)
    ), issued AS (
        INSERT INTO public.preferences_permit (profile_id, purpose_id, customer_id, serial, features, expires_at, issued_at)
        SELECT profile_id, purpose_id, p_customer, nextval('public.preferences_permit_serial'),
               array_agg(DISTINCT feature ORDER BY feature), min(expires_at), clock_timestamp()
        FROM usable, unnest(features) AS feature
        GROUP BY profile_id, purpose_id
        RETURNING profile_id, purpose_id, serial
    )
    INSERT INTO public.preferences_computationdue (profile_id, purpose_id, serial, catalogue, due_at)
    SELECT issued.profile_id, issued.purpose_id, issued.serial, 0, clock_timestamp()
    FROM issued JOIN public.preferences_purpose purpose ON purpose.id = issued.purpose_id AND purpose.computes_offers;
END $$;

CREATE FUNCTION reissue_all(p_customer bigint) RETURNS void LANGUAGE sql SET search_path = pg_catalog AS $$
    SELECT public.reissue_permits(p_customer, ARRAY(
        SELECT id FROM public.preferences_profile WHERE customer_id = p_customer))
$$;
