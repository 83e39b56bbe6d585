-- What a customer tells, corrects and takes back.

-- p_items: [{"attribute": key, "value": …, "codes": ["dry", …], "question": key}, …]. The codes' features are looked up here,
-- within their own attribute, so a caller cannot give a value another attribute's feature.
CREATE FUNCTION remember(p_profile bigint, p_items jsonb, p_source text, p_source_label jsonb, p_event_source text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_profile bigint := public.own_profile(v_customer, p_profile);
    v_item jsonb;
    v_attribute public.preferences_attribute;
    v_features integer[];
    v_earlier jsonb;
BEGIN
    FOR v_item IN SELECT * FROM jsonb_array_elements(p_items) LOOP
        SELECT * INTO v_attribute FROM public.preferences_attribute WHERE key = v_item ->> 'attribute';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no such attribute' USING ERRCODE = 'no_data_found';
        END IF;
        v_features := ARRAY(
            SELECT feature.id FROM jsonb_array_elements_text(v_item -> 'codes') AS told (code)
            JOIN public.preferences_feature feature ON feature.attribute_id = v_attribute.id AND feature.code = told.code
            ORDER BY feature.id);
        IF cardinality(v_features) <> jsonb_array_length(v_item -> 'codes') THEN
            RAISE EXCEPTION 'a code has no feature' USING ERRCODE = 'invalid_parameter_value';
        END IF;

        SELECT value INTO v_earlier FROM public.preferences_preference
            WHERE profile_id = v_profile AND attribute_id = v_attribute.id AND ended_at IS NULL;
        IF FOUND THEN
            IF v_attribute.keeps_history THEN
                UPDATE public.preferences_preference SET ended_at = clock_timestamp()
                    WHERE profile_id = v_profile AND attribute_id = v_attribute.id AND ended_at IS NULL;
            ELSE
                DELETE FROM public.preferences_preference WHERE profile_id = v_profile AND attribute_id = v_attribute.id;
            END IF;
            IF v_earlier IS DISTINCT FROM v_item -> 'value' THEN
                PERFORM public.note_event(v_customer, 'corrected', p_event_source, NULL, v_attribute.id);
            END IF;
        END IF;
        INSERT INTO public.preferences_preference (
            profile_id, customer_id, attribute_id, value, features, source, source_label, question_key, told_at, expires_at)
        VALUES (
            v_profile, v_customer, v_attribute.id, v_item -> 'value', v_features, p_source, p_source_label,
            coalesce(v_item ->> 'question', ''), clock_timestamp(),
            clock_timestamp() + make_interval(days => v_attribute.shelf_life_days));
    END LOOP;
    PERFORM public.reissue_permits(v_customer, ARRAY[v_profile]);
END $$;

-- Takes back a value, its history and what hung on it; in the ledger stays that something was erased, never what.
CREATE FUNCTION forget(p_profile bigint, p_attribute text, p_source text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_profile bigint := public.own_profile(v_customer, p_profile);
    v_attribute bigint;
BEGIN
    SELECT id INTO v_attribute FROM public.preferences_attribute WHERE key = p_attribute;
    DELETE FROM public.preferences_preference WHERE profile_id = v_profile AND attribute_id = v_attribute;
    IF FOUND THEN
        PERFORM public.note_event(v_customer, 'erased', p_source, NULL, v_attribute);
        PERFORM public.reissue_permits(v_customer, ARRAY[v_profile]);
        -- After the permits: whoever computes offers locks the permit first, then writes the use log.
        UPDATE public.preferences_uselog SET attributes = array_remove(attributes, v_attribute::integer)
            WHERE profile_id = v_profile AND v_attribute::integer = ANY (attributes);
    END IF;
END $$;

CREATE FUNCTION add_profile(p_kind text, p_name text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_profile bigint;
BEGIN
    IF p_kind NOT IN ('pet', 'child') THEN
        RAISE EXCEPTION 'preferences are never about another adult' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO public.preferences_profile (customer_id, kind, name, created_at)
    VALUES (v_customer, p_kind, p_name, clock_timestamp()) RETURNING id INTO v_profile;
    RETURN v_profile;
END $$;

-- A pet and all that was told about it.
CREATE FUNCTION forget_profile(p_profile bigint, p_source text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_profile bigint := public.own_profile(v_customer, p_profile);
BEGIN
    PERFORM 1 FROM public.preferences_permit WHERE profile_id = v_profile ORDER BY profile_id, purpose_id FOR UPDATE;
    DELETE FROM public.preferences_permit WHERE profile_id = v_profile;
    DELETE FROM public.preferences_profile WHERE id = v_profile AND kind <> 'self';
    PERFORM public.note_event(v_customer, 'erased', p_source);
END $$;
