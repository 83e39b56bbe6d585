-- What was written for grants alone now asks grants_in_force; the rest of each function is as it was.

-- Deletes the permits of these profiles (their tailored offers and due marks die by cascade) and issues new ones, with new
-- serials, for what is still allowed. The caller holds the customer's lock. Permits are locked in key order first, as the
-- offers' writers do, so that the two can wait for each other but never both.
CREATE OR REPLACE FUNCTION reissue_permits(p_customer bigint, p_profiles bigint[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM 1 FROM public.preferences_permit
        WHERE customer_id = p_customer AND profile_id = ANY (p_profiles)
        ORDER BY profile_id, purpose_id FOR UPDATE;
    DELETE FROM public.preferences_permit WHERE customer_id = p_customer AND profile_id = ANY (p_profiles);

    WITH usable AS (
        SELECT told.profile_id, granted.purpose_id, told.features, told.expires_at
        FROM public.preferences_preference told
        JOIN public.grants_in_force granted
            ON granted.customer_id = told.customer_id AND told.attribute_id = ANY (granted.covers)
        JOIN public.preferences_purpose_attributes covered
            ON covered.purpose_id = granted.purpose_id AND covered.attribute_id = told.attribute_id
        WHERE told.customer_id = p_customer AND told.profile_id = ANY (p_profiles)
          AND told.ended_at IS NULL AND told.expires_at > clock_timestamp() AND told.features <> '{}'
          AND NOT EXISTS (
              SELECT 1 FROM public.preferences_exclusion excluded
              WHERE excluded.profile_id = told.profile_id AND excluded.purpose_id = granted.purpose_id
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

-- What a use did with an attribute of the acting customer's profile today. Locks nothing that a change of consent waits for.
CREATE OR REPLACE FUNCTION note_use(p_profile bigint, p_purpose bigint, p_attribute bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO public.preferences_uselog AS log (profile_id, purpose_id, customer_id, day, attributes)
    SELECT profile.id, granted.purpose_id, profile.customer_id, (clock_timestamp() AT TIME ZONE 'UTC')::date,
           ARRAY[p_attribute::integer]
    FROM public.preferences_profile profile
    JOIN public.grants_in_force granted ON granted.customer_id = profile.customer_id AND granted.purpose_id = p_purpose
    WHERE profile.id = p_profile AND profile.customer_id = public.current_customer()
    ON CONFLICT (profile_id, purpose_id, day) DO UPDATE SET attributes = log.attributes || excluded.attributes
        WHERE NOT log.attributes @> excluded.attributes
$$;

-- Runs as the caller, under whose row security it sees the acting customer's rows only.
CREATE OR REPLACE FUNCTION answers_to_reuse(p_profile bigint, p_attributes text[])
RETURNS TABLE (attribute text, value text, told_at timestamptz, source text)
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    v_found record;
BEGIN
    FOR v_found IN
        SELECT DISTINCT ON (known.id) known.id, known.key, told.value, told.told_at, told.source, granted.purpose_id AS purpose
        FROM public.preferences_preference told
        JOIN public.preferences_attribute known ON known.id = told.attribute_id AND known.key = ANY (p_attributes)
        JOIN public.grants_in_force granted
            ON granted.customer_id = told.customer_id AND told.attribute_id = ANY (granted.covers) AND granted.answers_once
        JOIN public.preferences_purpose_attributes covered
            ON covered.purpose_id = granted.purpose_id AND covered.attribute_id = told.attribute_id
        WHERE told.profile_id = p_profile AND told.ended_at IS NULL AND told.expires_at > clock_timestamp()
          AND NOT EXISTS (
              SELECT 1 FROM public.preferences_exclusion excluded
              WHERE excluded.profile_id = told.profile_id AND excluded.purpose_id = granted.purpose_id
                AND excluded.attribute_id = told.attribute_id)
        ORDER BY known.id, granted.position, granted.purpose_id
    LOOP
        PERFORM public.note_use(p_profile, v_found.purpose, v_found.id);
        attribute := v_found.key;
        value := v_found.value::text;
        told_at := v_found.told_at;
        source := v_found.source;
        RETURN NEXT;
    END LOOP;
END $$;

-- Granting again under a newer notice is a new grant. What somebody objects to is switched on in the preference center only,
-- which lifts the objection.
CREATE OR REPLACE FUNCTION grant_purpose(p_purpose text, p_notice bigint, p_language text, p_source text) RETURNS void
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
    DELETE FROM public.preferences_objection
        WHERE customer_id = v_customer AND purpose_id = v_purpose AND split_part(p_source, ':', 1) = 'center';
    IF EXISTS (SELECT 1 FROM public.preferences_objection WHERE customer_id = v_customer AND purpose_id = v_purpose) THEN
        RAISE EXCEPTION 'the customer objects to this use'
            USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'objected_to';
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

-- Takes the answers of another device's customer into the acting one. Newer values win. Uses are only ever switched off by a
-- merge: the account's grants stand, except those the other one withdrew after they were given; exclusions of both hold,
-- and so do pauses, restrictions, objections and being too young.
-- Rows of other apps follow in the same transaction, by their own functions, while merged_into_id points here.
CREATE OR REPLACE FUNCTION merge_device(p_token_hash bytea, p_source text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.current_customer();
    v_other bigint;
    v_self bigint;
    v_other_self bigint;
    v_withdrawn record;
BEGIN
    SELECT customer.id INTO v_other
    FROM public.preferences_device device JOIN public.preferences_customer customer ON customer.id = device.customer_id
    WHERE device.token_hash = p_token_hash AND customer.user_id IS NULL AND customer.merged_into_id IS NULL;
    IF v_customer IS NULL OR v_other IS NULL OR v_other = v_customer THEN
        RETURN false;
    END IF;
    PERFORM public.lock_customer(least(v_customer, v_other));
    PERFORM public.lock_customer(greatest(v_customer, v_other));
    -- Another transaction may have merged or erased it while we waited.
    UPDATE public.preferences_customer SET merged_into_id = v_customer
        WHERE id = v_other AND user_id IS NULL AND merged_into_id IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;

    FOR v_withdrawn IN
        SELECT DISTINCT event.purpose_id, granted.notice_id, granted.language
        FROM public.preferences_ledgersubject subject
        JOIN public.preferences_consentevent event ON event.subject = subject.subject AND event.kind = 'withdrawn'
        JOIN public.preferences_grant granted ON granted.customer_id = v_customer AND granted.purpose_id = event.purpose_id
        WHERE subject.customer_id = v_other AND event.at > granted.granted_at
          AND NOT EXISTS (SELECT 1 FROM public.preferences_grant theirs
                          WHERE theirs.customer_id = v_other AND theirs.purpose_id = event.purpose_id)
    LOOP
        DELETE FROM public.preferences_grant WHERE customer_id = v_customer AND purpose_id = v_withdrawn.purpose_id;
        PERFORM public.note_event(
            v_customer, 'withdrawn', p_source, v_withdrawn.purpose_id, NULL, v_withdrawn.notice_id, v_withdrawn.language);
    END LOOP;
    DELETE FROM public.preferences_grant WHERE customer_id = v_other;
    PERFORM public.merge_standing(v_customer, v_other, p_source);

    PERFORM 1 FROM public.preferences_permit WHERE customer_id IN (v_customer, v_other)
        ORDER BY profile_id, purpose_id FOR UPDATE;
    DELETE FROM public.preferences_permit WHERE customer_id IN (v_customer, v_other);

    SELECT id INTO v_self FROM public.preferences_profile WHERE customer_id = v_customer AND kind = 'self';
    SELECT id INTO v_other_self FROM public.preferences_profile WHERE customer_id = v_other AND kind = 'self';
    DELETE FROM public.preferences_preference mine USING public.preferences_preference theirs
        WHERE mine.profile_id = v_self AND theirs.profile_id = v_other_self AND mine.attribute_id = theirs.attribute_id
          AND mine.ended_at IS NULL AND theirs.ended_at IS NULL AND mine.told_at < theirs.told_at;
    DELETE FROM public.preferences_preference theirs USING public.preferences_preference mine
        WHERE mine.profile_id = v_self AND theirs.profile_id = v_other_self AND mine.attribute_id = theirs.attribute_id
          AND mine.ended_at IS NULL AND theirs.ended_at IS NULL;
    UPDATE public.preferences_preference SET profile_id = v_self, customer_id = v_customer WHERE profile_id = v_other_self;
    INSERT INTO public.preferences_exclusion (profile_id, purpose_id, attribute_id, customer_id, excluded_at)
        SELECT v_self, purpose_id, attribute_id, v_customer, excluded_at
        FROM public.preferences_exclusion WHERE profile_id = v_other_self
        ON CONFLICT DO NOTHING;
    UPDATE public.preferences_profile SET customer_id = v_customer WHERE customer_id = v_other AND kind <> 'self';

    PERFORM public.note_event(v_customer, 'merged', p_source);
    PERFORM public.reissue_all(v_customer);
    RETURN true;
END $$;

-- A material notice recalls what was permitted under earlier ones, in the marketer's own transaction.
CREATE FUNCTION recall_for_notice() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM public.recall_permits(NEW.purpose_id);
    RETURN NULL;
END $$;
CREATE TRIGGER notice_supersedes AFTER INSERT ON preferences_purposenotice FOR EACH ROW
    WHEN (NEW.is_material AND NEW.version > 1) EXECUTE FUNCTION recall_for_notice();

-- Once for each grant that a material notice has put out of force.
CREATE FUNCTION note_superseded(p_customer bigint) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    v_changed record;
BEGIN
    FOR v_changed IN
        SELECT granted.purpose_id, later.id AS notice
        FROM public.preferences_grant granted
        JOIN public.preferences_purposenotice agreed ON agreed.id = granted.notice_id
        CROSS JOIN LATERAL (
            SELECT notice.id FROM public.preferences_purposenotice notice
            WHERE notice.purpose_id = granted.purpose_id AND notice.version > agreed.version AND notice.is_material
            ORDER BY notice.version LIMIT 1
        ) later
        WHERE granted.customer_id = p_customer AND NOT EXISTS (
            SELECT 1 FROM public.preferences_consentevent event
            JOIN public.preferences_ledgersubject tie ON tie.subject = event.subject
            WHERE tie.customer_id = p_customer AND event.kind = 'superseded'
              AND event.purpose_id = granted.purpose_id AND event.at > granted.granted_at)
        ORDER BY granted.purpose_id
    LOOP
        PERFORM public.note_event(p_customer, 'superseded', 'notice', v_changed.purpose_id, NULL, v_changed.notice);
    END LOOP;
END $$;

-- For the worker: issues the permits of customers who wait for it, a batch at a time, in order.
CREATE OR REPLACE FUNCTION reissue_due(p_most integer) RETURNS TABLE (customer bigint, profiles bigint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    FOR customer IN
        SELECT customer_id FROM public.preferences_reissuedue ORDER BY customer_id LIMIT p_most
    LOOP
        PERFORM public.lock_customer(customer);
        PERFORM public.note_superseded(customer);
        DELETE FROM public.preferences_reissuedue WHERE customer_id = customer;
        profiles := ARRAY(SELECT id FROM public.preferences_profile WHERE customer_id = customer);
        PERFORM public.reissue_permits(customer, profiles);
        RETURN NEXT;
    END LOOP;
END $$;

-- What a purpose covers again counts again for whoever agreed to it then: the worker issues their permits anew.
CREATE FUNCTION reissue_for_coverage() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(0);
    INSERT INTO public.preferences_reissuedue (customer_id)
        SELECT DISTINCT granted.customer_id FROM changed
        JOIN public.preferences_grant granted ON granted.purpose_id = changed.purpose_id
        JOIN public.preferences_purposenotice notice
            ON notice.id = granted.notice_id AND changed.attribute_id = ANY (notice.covers)
        ORDER BY granted.customer_id
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER coverage_returns AFTER INSERT ON preferences_purpose_attributes
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION reissue_for_coverage();

-- For marketers, before they publish: how many customers have a use switched on and in force. A number, and nobody's name.
CREATE FUNCTION count_grants(p_purpose bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT count(*) FROM public.preferences_grant granted
    JOIN public.preferences_purposenotice agreed ON agreed.id = granted.notice_id
    WHERE granted.purpose_id = p_purpose AND NOT EXISTS (
        SELECT 1 FROM public.preferences_purposenotice later
        WHERE later.purpose_id = p_purpose AND later.version > agreed.version AND later.is_material)
$$;

DO $$
DECLARE
    ours text;
BEGIN
    FOREACH ours IN ARRAY ARRAY[
        'utc_today()', 'forget_empty_standing(bigint)', 'pause_uses(integer, text)', 'resume_uses(text)',
        'restrict_uses(text)', 'lift_restriction(text)', 'object_to(text, text)', 'note_minor(boolean, date, text)',
        'end_grants_of_minor(bigint, text)', 'refuse_minors_grant()', 'end_standings(integer)',
        'merge_standing(bigint, bigint, text)', 'recall_for_notice()', 'reissue_for_coverage()',
        'note_superseded(bigint)', 'count_grants(bigint)'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', ours);
        EXECUTE format('ALTER FUNCTION public.%s OWNER TO proffer_functions', ours);
    END LOOP;
END $$;
