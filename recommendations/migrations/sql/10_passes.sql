-- Computing everybody anew: by ranges of profiles, each of which knows the catalogue's version it was last computed from.
-- So a pass is resumed where it stopped, and what comes out as before is not written again.

-- Customers' offers of a purpose are due range by range now; only what one permit makes due is due by itself.
ALTER TABLE recommendations_tailoredoffers SET (fillfactor = 90);
CREATE POLICY computing ON recommendations_tailoredoffers FOR SELECT TO proffer_offers USING (true);

-- Every profile with a permit is in a range, for each purpose that computes offers. Ids may lie far apart: from one range that
-- somebody is in to the next takes one look into an index, however many ids are between them.
CREATE FUNCTION open_ranges(p_width integer) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO public.recommendations_computedrange (purpose_id, first_id, catalogue)
    WITH RECURSIVE lived_in (first_id) AS (
        SELECT min(profile_id) / p_width * p_width FROM public.preferences_permit
        UNION ALL
        SELECT (SELECT profile_id FROM public.preferences_permit WHERE profile_id >= lived_in.first_id + p_width
                ORDER BY profile_id LIMIT 1) / p_width * p_width
        FROM lived_in WHERE lived_in.first_id IS NOT NULL
    )
    SELECT purpose.id, lived_in.first_id, 0
    FROM public.preferences_purpose purpose, lived_in
    WHERE purpose.computes_offers AND purpose.is_active AND lived_in.first_id IS NOT NULL
    ORDER BY 1, 2
    ON CONFLICT (purpose_id, first_id) DO NOTHING
$$;

-- Whoever takes a range computes it; NULL when there is nothing to do, or somebody is at it. A worker that dies leaves it to
-- others after a minute.
CREATE FUNCTION take_range(p_purpose bigint, p_first bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE public.recommendations_computedrange SET taken_until = clock_timestamp() + interval '1 minute'
    WHERE purpose_id = p_purpose AND first_id = p_first
      AND catalogue < (SELECT version FROM public.recommendations_catalogue)
      AND (taken_until IS NULL OR taken_until < clock_timestamp())
    RETURNING catalogue
$$;

CREATE FUNCTION finish_range(p_purpose bigint, p_first bigint, p_catalogue bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE public.recommendations_computedrange SET taken_until = NULL, catalogue = greatest(
        catalogue, least(p_catalogue, (SELECT version FROM public.recommendations_catalogue)))
    WHERE purpose_id = p_purpose AND first_id = p_first AND taken_until IS NOT NULL  -- not reopened meanwhile
$$;

-- Everything is to be computed anew, as a whole.
CREATE FUNCTION reopen_ranges() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE public.recommendations_computedrange SET catalogue = 0, taken_until = NULL
$$;

-- Profiles with a live permit for which nothing was computed yet; in key order, after p_after.
CREATE OR REPLACE FUNCTION due_profiles(p_after bigint, p_most integer) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT DISTINCT due.profile_id
    FROM public.preferences_computationdue due
    JOIN public.preferences_permit permit USING (profile_id, purpose_id, serial)
    JOIN public.preferences_purpose purpose ON purpose.id = due.purpose_id AND purpose.computes_offers AND purpose.is_active
    WHERE due.profile_id > p_after AND permit.expires_at > clock_timestamp()
    ORDER BY due.profile_id LIMIT p_most
$$;

-- Stores what was computed, for those permits that still are what the computation read. Five offers, five scores and
-- fifteen reasons a profile, 0 standing for nothing: everybody's first offer, then everybody's second, and so on (cutting a
-- profile's own five out of long arrays would copy these for each profile). Tells how many came out otherwise than before
-- and were written, and which profiles could not be (all, when the catalogue has been raised since it was read).
--
-- A permit that was replaced meanwhile is not found by its serial; one that is being replaced is skipped, so nobody waits
-- for anybody. Whose offers they are and what was used is read from the permit, never from the caller. Where nothing is to
-- be written, neither offers nor a use, nothing is locked.
-- Rows are written in key order, so two computations of the same profiles wait for each other, never both.
DROP FUNCTION commit_offers(bigint[], bigint, bigint[], bigint, integer[], real[], integer[]);
CREATE FUNCTION commit_offers(
    p_profiles bigint[], p_purpose bigint, p_serials bigint[], p_catalogue bigint,
    p_offers integer[], p_scores real[], p_reasons integer[], OUT written integer, OUT skipped bigint[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    n integer := cardinality(p_profiles);
    v_today date := (clock_timestamp() AT TIME ZONE 'UTC')::date;
BEGIN
    IF n > 2000 OR cardinality(p_serials) <> n OR cardinality(p_offers) <> 5 * n
       OR cardinality(p_scores) <> 5 * n OR cardinality(p_reasons) <> 15 * n THEN
        RAISE EXCEPTION 'the arrays do not fit each other' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    written := 0;
    skipped := '{}';
    PERFORM 1 FROM public.preferences_purpose WHERE id = p_purpose AND computes_offers AND is_active;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- A version that does not exist yet would stand for good: nothing newer could ever replace it. An older one's result would
    -- replace what a pass from the newest has found to be still right, and left.
    IF p_catalogue > (SELECT version FROM public.recommendations_catalogue) THEN
        RAISE EXCEPTION 'there is no such catalogue yet' USING ERRCODE = 'invalid_parameter_value';
    ELSIF p_catalogue < (SELECT version FROM public.recommendations_catalogue) THEN
        skipped := p_profiles;
        RETURN;
    END IF;

    WITH computed AS MATERIALIZED (
        SELECT profile_id, serial, (ARRAY[o1, o2, o3, o4, o5])[1 : fits] AS offers,
               (ARRAY[s1, s2, s3, s4, s5])[1 : fits] AS scores,
               (ARRAY[r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13, r14, r15])[1 : 3 * fits] AS reasons
        FROM unnest(
            p_profiles, p_serials, p_offers[1 : n], p_offers[n + 1 : 2 * n], p_offers[2 * n + 1 : 3 * n],
            p_offers[3 * n + 1 : 4 * n], p_offers[4 * n + 1 : 5 * n],
            p_scores[1 : n], p_scores[n + 1 : 2 * n], p_scores[2 * n + 1 : 3 * n], p_scores[3 * n + 1 : 4 * n],
            p_scores[4 * n + 1 : 5 * n],
            p_reasons[1 : n], p_reasons[n + 1 : 2 * n], p_reasons[2 * n + 1 : 3 * n], p_reasons[3 * n + 1 : 4 * n],
            p_reasons[4 * n + 1 : 5 * n], p_reasons[5 * n + 1 : 6 * n], p_reasons[6 * n + 1 : 7 * n],
            p_reasons[7 * n + 1 : 8 * n], p_reasons[8 * n + 1 : 9 * n], p_reasons[9 * n + 1 : 10 * n],
            p_reasons[10 * n + 1 : 11 * n], p_reasons[11 * n + 1 : 12 * n], p_reasons[12 * n + 1 : 13 * n],
            p_reasons[13 * n + 1 : 14 * n], p_reasons[14 * n + 1 : 15 * n]
        ) AS asked (profile_id, serial, o1, o2, o3, o4, o5, s1, s2, s3, s4, s5,
                    r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13, r14, r15)
        CROSS JOIN LATERAL (
            SELECT (o1 <> 0)::integer + (o2 <> 0)::integer + (o3 <> 0)::integer + (o4 <> 0)::integer + (o5 <> 0)::integer
                AS fits) AS counted
    ), wanted AS MATERIALIZED (
        SELECT computed.*,
               (tailored.permit_serial, tailored.offers, tailored.scores, tailored.reasons)
                   IS DISTINCT FROM (computed.serial, computed.offers, computed.scores, computed.reasons) AS is_other,
               permit.attributes <> '{}' AND NOT coalesce(log.attributes @> permit.attributes, false) AS is_new_use
        FROM computed
        JOIN public.preferences_permit permit ON permit.profile_id = computed.profile_id
            AND permit.purpose_id = p_purpose AND permit.serial = computed.serial
        LEFT JOIN public.recommendations_tailoredoffers tailored
            ON tailored.profile_id = permit.profile_id AND tailored.purpose_id = p_purpose
        LEFT JOIN public.preferences_uselog log
            ON log.profile_id = permit.profile_id AND log.purpose_id = p_purpose AND log.day = v_today
        WHERE permit.expires_at > clock_timestamp()
    ), held AS MATERIALIZED (
        SELECT wanted.*, permit.customer_id, permit.attributes
        FROM wanted JOIN public.preferences_permit permit
            ON permit.profile_id = wanted.profile_id AND permit.purpose_id = p_purpose AND permit.serial = wanted.serial
        WHERE wanted.is_other OR wanted.is_new_use
        ORDER BY permit.profile_id
        FOR KEY SHARE OF permit SKIP LOCKED
    ), stored AS (
        INSERT INTO public.recommendations_tailoredoffers (
            profile_id, purpose_id, permit_serial, customer_id, offers, scores, reasons, catalogue, computed_at)
        SELECT profile_id, p_purpose, serial, customer_id, offers, scores, reasons, p_catalogue, clock_timestamp()
        FROM held WHERE is_other ORDER BY profile_id
        ON CONFLICT (profile_id, purpose_id) DO UPDATE
        SET permit_serial = excluded.permit_serial, customer_id = excluded.customer_id, offers = excluded.offers,
            scores = excluded.scores, reasons = excluded.reasons, catalogue = excluded.catalogue,
            computed_at = excluded.computed_at
        WHERE recommendations_tailoredoffers.catalogue <= excluded.catalogue
        RETURNING 1
    ), logged AS (
        INSERT INTO public.preferences_uselog AS log (profile_id, purpose_id, customer_id, day, attributes)
        SELECT profile_id, p_purpose, customer_id, v_today, attributes FROM held WHERE is_new_use ORDER BY profile_id
        ON CONFLICT (profile_id, purpose_id, day) DO UPDATE
        SET attributes = ARRAY(SELECT unnest(log.attributes) UNION SELECT unnest(excluded.attributes))
        WHERE NOT log.attributes @> excluded.attributes
    )
    SELECT (SELECT count(*) FROM stored),
           ARRAY(SELECT profile_id FROM wanted WHERE (is_other OR is_new_use)
                     AND profile_id NOT IN (SELECT profile_id FROM held) ORDER BY profile_id)
    INTO written, skipped;
END $$;

-- Whose use, of those with a live permit in a range, is not in today's log: what came out as before is handed over for them.
CREATE FUNCTION unlogged_profiles(p_purpose bigint, p_first bigint, p_end bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT permit.profile_id
    FROM public.preferences_permit permit
    LEFT JOIN public.preferences_uselog log ON log.profile_id = permit.profile_id AND log.purpose_id = p_purpose
        AND log.day = (clock_timestamp() AT TIME ZONE 'UTC')::date
    WHERE permit.purpose_id = p_purpose AND permit.profile_id >= p_first AND permit.profile_id < p_end
      AND permit.attributes <> '{}' AND NOT coalesce(log.attributes @> permit.attributes, false)
$$;

-- What was due, with when it became so as the computation read it, and has been computed is due no longer: unless it has
-- become due again meanwhile, or the catalogue was raised. That is asked after the rows were written: who raised it before
-- finds it raised here, who raises it later computes what we wrote again. Either way an older result never stays.
CREATE FUNCTION settle_due(p_purpose bigint, p_profiles bigint[], p_serials bigint[], p_due timestamptz[], p_catalogue bigint)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    DELETE FROM public.preferences_computationdue WHERE (profile_id, purpose_id) IN (
        SELECT due.profile_id, due.purpose_id
        FROM unnest(p_profiles, p_serials, p_due) AS asked (profile_id, serial, due_at)
        JOIN public.preferences_computationdue due ON due.profile_id = asked.profile_id AND due.purpose_id = p_purpose
            AND due.serial = asked.serial AND due.due_at = asked.due_at
        WHERE p_catalogue = (SELECT version FROM public.recommendations_catalogue)
        FOR UPDATE OF due SKIP LOCKED)
$$;

DO $$
DECLARE
    ours text;
BEGIN
    FOREACH ours IN ARRAY ARRAY[
        'open_ranges(integer)', 'take_range(bigint, bigint)', 'finish_range(bigint, bigint, bigint)', 'reopen_ranges()',
        'commit_offers(bigint[], bigint, bigint[], bigint, integer[], real[], integer[])',
        'settle_due(bigint, bigint[], bigint[], timestamptz[], bigint)', 'unlogged_profiles(bigint, bigint, bigint)'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', ours);
        EXECUTE format('ALTER FUNCTION public.%s OWNER TO proffer_functions', ours);
    END LOOP;
END $$;
