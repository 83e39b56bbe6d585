-- What the offers process may do with customers: wait for one, learn who is due, and hand over what it computed.

-- Before one customer's offers are computed, their lock: a withdrawal then waits a moment instead of racing.
CREATE FUNCTION lock_profile(p_profile bigint) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT public.lock_customer(customer_id) FROM public.preferences_profile WHERE id = p_profile
$$;

-- Profiles with a live permit for which nothing was computed yet, or from an older catalogue; in key order, after p_after.
CREATE FUNCTION due_profiles(p_after bigint, p_most integer) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT profile_id FROM (
        (SELECT due.profile_id
         FROM public.preferences_computationdue due
         JOIN public.preferences_permit permit USING (profile_id, purpose_id, serial)
         JOIN public.preferences_purpose purpose ON purpose.id = due.purpose_id AND purpose.computes_offers AND purpose.is_active
         WHERE due.profile_id > p_after AND permit.expires_at > clock_timestamp()
         ORDER BY due.profile_id LIMIT p_most)
        UNION
        (SELECT tailored.profile_id
         FROM public.recommendations_tailoredoffers tailored
         JOIN public.preferences_permit permit USING (profile_id, purpose_id)
         JOIN public.preferences_purpose purpose
             ON purpose.id = tailored.purpose_id AND purpose.computes_offers AND purpose.is_active
         WHERE tailored.catalogue < (SELECT version FROM public.recommendations_catalogue)
           AND tailored.profile_id > p_after AND permit.expires_at > clock_timestamp()
         ORDER BY tailored.profile_id LIMIT p_most)
    ) AS found (profile_id)
    ORDER BY profile_id LIMIT p_most
$$;

-- Stores what was computed, for those permits that still are what the computation read. Five offers, five scores and
-- fifteen reasons a profile, end to end; 0 stands for nothing.
--
-- A permit that was replaced meanwhile is not found by its serial; one that is being replaced is skipped, so nobody waits
-- for anybody. Whose offers they are is read from the permit, never from the caller. What could not be stored stays due,
-- and so does what a newer catalogue has made due: the row carries the version it was computed from.
-- Rows are written in key order, so two computations of the same profiles wait for each other, never both.
CREATE FUNCTION commit_offers(
    p_profiles bigint[], p_purpose bigint, p_serials bigint[], p_catalogue bigint,
    p_offers integer[], p_scores real[], p_reasons integer[]
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_asked integer := cardinality(p_profiles);
    v_written integer;
BEGIN
    IF v_asked > 2000 OR cardinality(p_serials) <> v_asked OR cardinality(p_offers) <> 5 * v_asked
       OR cardinality(p_scores) <> 5 * v_asked OR cardinality(p_reasons) <> 15 * v_asked THEN
        RAISE EXCEPTION 'the arrays do not fit each other' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM 1 FROM public.preferences_purpose WHERE id = p_purpose AND computes_offers AND is_active;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    -- A version that does not exist yet would stand for good: nothing newer could ever be due or replace it.
    IF p_catalogue > (SELECT version FROM public.recommendations_catalogue) THEN
        RAISE EXCEPTION 'there is no such catalogue yet' USING ERRCODE = 'invalid_parameter_value';
    END IF;

    WITH held AS MATERIALIZED (
        SELECT permit.profile_id, permit.serial, permit.customer_id, permit.features, asked.place::integer AS place
        FROM unnest(p_profiles, p_serials) WITH ORDINALITY AS asked (profile_id, serial, place)
        JOIN public.preferences_permit permit
            ON permit.profile_id = asked.profile_id AND permit.purpose_id = p_purpose AND permit.serial = asked.serial
        WHERE permit.expires_at > clock_timestamp()
        ORDER BY permit.profile_id
        FOR KEY SHARE OF permit SKIP LOCKED
    ), fitted AS (
        SELECT held.*, cardinality(array_remove(p_offers[place * 5 - 4 : place * 5], 0)) AS fits FROM held
    ), written AS (
        INSERT INTO public.recommendations_tailoredoffers (
            profile_id, purpose_id, permit_serial, customer_id, offers, scores, reasons, catalogue, computed_at)
        SELECT profile_id, p_purpose, serial, customer_id,
               p_offers[place * 5 - 4 : place * 5 - 5 + fits],
               p_scores[place * 5 - 4 : place * 5 - 5 + fits],
               p_reasons[place * 15 - 14 : place * 15 - 15 + 3 * fits],
               p_catalogue, clock_timestamp()
        FROM fitted ORDER BY profile_id
        ON CONFLICT (profile_id, purpose_id) DO UPDATE
        SET permit_serial = excluded.permit_serial, customer_id = excluded.customer_id, offers = excluded.offers,
            scores = excluded.scores, reasons = excluded.reasons, catalogue = excluded.catalogue,
            computed_at = excluded.computed_at
        WHERE recommendations_tailoredoffers.catalogue <= excluded.catalogue
        RETURNING 1
    ), used AS (
        SELECT held.profile_id, held.customer_id, array_agg(DISTINCT feature.attribute_id::integer) AS attributes
        FROM held, unnest(held.features) AS used (feature_id)
        JOIN public.preferences_feature feature ON feature.id = used.feature_id
        GROUP BY held.profile_id, held.customer_id
    ), logged AS (
        INSERT INTO public.preferences_uselog AS log (profile_id, purpose_id, customer_id, day, attributes)
        SELECT profile_id, p_purpose, customer_id, (clock_timestamp() AT TIME ZONE 'UTC')::date, attributes
        FROM used ORDER BY profile_id
        ON CONFLICT (profile_id, purpose_id, day) DO UPDATE
        SET attributes = ARRAY(SELECT unnest(log.attributes) UNION SELECT unnest(excluded.attributes))
        WHERE NOT log.attributes @> excluded.attributes
    ), done AS (
        DELETE FROM public.preferences_computationdue due USING held
        WHERE due.profile_id = held.profile_id AND due.purpose_id = p_purpose AND due.serial = held.serial
          AND due.catalogue <= p_catalogue
    )
    SELECT count(*) INTO v_written FROM written;
    RETURN v_written;
END $$;
