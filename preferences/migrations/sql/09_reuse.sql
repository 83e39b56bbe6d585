-- Answers filled in when another quiz asks. Decided anew whenever it is read: a use switched off, an item taken out, a value
-- taken back or too old is not there the next time.

-- What a use did with an attribute of the acting customer's profile today. Locks nothing that a change of consent waits for.
CREATE FUNCTION note_use(p_profile bigint, p_purpose bigint, p_attribute bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO public.preferences_uselog AS log (profile_id, purpose_id, customer_id, day, attributes)
    SELECT profile.id, granted.purpose_id, profile.customer_id, (clock_timestamp() AT TIME ZONE 'UTC')::date,
           ARRAY[p_attribute::integer]
    FROM public.preferences_profile profile
    JOIN public.preferences_grant granted ON granted.customer_id = profile.customer_id AND granted.purpose_id = p_purpose
    WHERE profile.id = p_profile AND profile.customer_id = public.current_customer()
    ON CONFLICT (profile_id, purpose_id, day) DO UPDATE SET attributes = log.attributes || excluded.attributes
        WHERE NOT log.attributes @> excluded.attributes
$$;

-- Runs as the caller, under whose row security it sees the acting customer's rows only.
CREATE FUNCTION answers_to_reuse(p_profile bigint, p_attributes text[])
RETURNS TABLE (attribute text, value text, told_at timestamptz, source text)
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    v_found record;
BEGIN
    FOR v_found IN
        SELECT DISTINCT ON (known.id) known.id, known.key, told.value, told.told_at, told.source, purpose.id AS purpose
        FROM public.preferences_preference told
        JOIN public.preferences_attribute known ON known.id = told.attribute_id AND known.key = ANY (p_attributes)
        JOIN public.preferences_grant granted ON granted.customer_id = told.customer_id
        JOIN public.preferences_purpose purpose
            ON purpose.id = granted.purpose_id AND purpose.is_active AND purpose.answers_once
        JOIN public.preferences_purposenotice notice
            ON notice.id = granted.notice_id AND told.attribute_id = ANY (notice.covers)
        JOIN public.preferences_purpose_attributes covered
            ON covered.purpose_id = purpose.id AND covered.attribute_id = told.attribute_id
        WHERE told.profile_id = p_profile AND told.ended_at IS NULL AND told.expires_at > clock_timestamp()
          AND NOT EXISTS (
              SELECT 1 FROM public.preferences_exclusion excluded
              WHERE excluded.profile_id = told.profile_id AND excluded.purpose_id = purpose.id
                AND excluded.attribute_id = told.attribute_id)
        ORDER BY known.id, purpose.position, purpose.id
    LOOP
        PERFORM public.note_use(p_profile, v_found.purpose, v_found.id);
        attribute := v_found.key;
        value := v_found.value::text;
        told_at := v_found.told_at;
        source := v_found.source;
        RETURN NEXT;
    END LOOP;
END $$;

DO $$
DECLARE
    ours text;
BEGIN
    FOREACH ours IN ARRAY ARRAY['note_use(bigint, bigint, bigint)', 'answers_to_reuse(bigint, text[])'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', ours);
        EXECUTE format('ALTER FUNCTION public.%s OWNER TO proffer_functions', ours);
    END LOOP;
END $$;
