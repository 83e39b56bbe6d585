-- Switching a use on and off. All act for the transaction's customer only. Granting again under a newer notice is a new
-- grant: it reaches as far as that notice does.

CREATE FUNCTION grant_purpose(p_purpose text, p_notice bigint, p_language text, p_source text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_purpose bigint;
BEGIN
    SELECT purpose.id INTO v_purpose
    FROM public.preferences_purpose purpose JOIN public.preferences_purposenotice notice ON notice.purpose_id = purpose.id
    WHERE purpose.slug = p_purpose AND purpose.is_active AND purpose.basis = 'consent' AND notice.id = p_notice;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such purpose to grant' USING ERRCODE = 'no_data_found';
    END IF;
    INSERT INTO public.preferences_grant (customer_id, purpose_id, notice_id, language, granted_at)
    VALUES (v_customer, v_purpose, p_notice, p_language, clock_timestamp())
    ON CONFLICT (customer_id, purpose_id) DO UPDATE
        SET notice_id = excluded.notice_id, language = excluded.language, granted_at = excluded.granted_at
        WHERE preferences_grant.notice_id < excluded.notice_id;
    IF FOUND THEN
        PERFORM public.note_event(v_customer, 'granted', p_source, v_purpose, NULL, p_notice, p_language);
        PERFORM public.reissue_all(v_customer);
    END IF;
END $$;

CREATE FUNCTION withdraw_purpose(p_purpose text, p_source text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_grant public.preferences_grant;
BEGIN
    DELETE FROM public.preferences_grant granted USING public.preferences_purpose purpose
    WHERE granted.customer_id = v_customer AND granted.purpose_id = purpose.id AND purpose.slug = p_purpose
    RETURNING granted.* INTO v_grant;
    IF FOUND THEN
        PERFORM public.note_event(v_customer, 'withdrawn', p_source, v_grant.purpose_id, NULL, v_grant.notice_id, v_grant.language);
        PERFORM public.reissue_all(v_customer);
    END IF;
END $$;

CREATE FUNCTION set_exclusion(p_profile bigint, p_purpose text, p_attribute text, p_excluded boolean, p_source text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_profile bigint := public.own_profile(v_customer, p_profile);
    v_purpose bigint;
    v_attribute bigint;
BEGIN
    SELECT purpose.id, attribute.id INTO v_purpose, v_attribute
    FROM public.preferences_purpose purpose
    JOIN public.preferences_purpose_attributes covered ON covered.purpose_id = purpose.id
    JOIN public.preferences_attribute attribute ON attribute.id = covered.attribute_id
    WHERE purpose.slug = p_purpose AND attribute.key = p_attribute;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such item of that purpose' USING ERRCODE = 'no_data_found';
    END IF;
    IF p_excluded THEN
        INSERT INTO public.preferences_exclusion (profile_id, purpose_id, attribute_id, customer_id, excluded_at)
        VALUES (v_profile, v_purpose, v_attribute, v_customer, clock_timestamp())
        ON CONFLICT DO NOTHING;
    ELSE
        DELETE FROM public.preferences_exclusion
        WHERE profile_id = v_profile AND purpose_id = v_purpose AND attribute_id = v_attribute;
    END IF;
    IF FOUND THEN
        PERFORM public.note_event(
            v_customer, CASE WHEN p_excluded THEN 'excluded' ELSE 'included' END, p_source, v_purpose, v_attribute);
        PERFORM public.reissue_permits(v_customer, ARRAY[v_profile]);
    END IF;
END $$;

-- The consent of its own that a sensitive question carries, before its answer is stored: proof, not a switch.
CREATE FUNCTION note_sensitive_consent(p_attribute text, p_language text, p_source text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_attribute bigint;
BEGIN
    SELECT id INTO v_attribute FROM public.preferences_attribute WHERE key = p_attribute;
    PERFORM public.note_event(v_customer, 'granted', p_source, NULL, v_attribute, NULL, p_language);
END $$;
