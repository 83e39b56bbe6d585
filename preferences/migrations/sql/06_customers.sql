-- Who is asking, new customers, signing in, merging, leaving.

-- Finds the customer of a device and sets it for this transaction; nobody's token sets nobody.
CREATE FUNCTION identify(p_token_hash bytea) RETURNS TABLE (id bigint, language text, user_id integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    -- First who it is, then the setting: as a condition of the query it would be made for every row that a plan passes by.
    SELECT customer.id, customer.language::text, customer.user_id INTO id, language, user_id
    FROM public.preferences_device device JOIN public.preferences_customer customer ON customer.id = device.customer_id
    WHERE device.token_hash = p_token_hash;
    PERFORM set_config('proffer.customer', coalesce(id::text, ''), true);
    IF id IS NOT NULL THEN
        RETURN NEXT;
    END IF;
END $$;

CREATE FUNCTION begin_customer(p_token_hash bytea, p_language text, p_user integer DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint;
BEGIN
    INSERT INTO public.preferences_customer (user_id, language, created_at)
        VALUES (p_user, p_language, clock_timestamp()) RETURNING preferences_customer.id INTO v_customer;
    INSERT INTO public.preferences_profile (customer_id, kind, name, created_at)
        VALUES (v_customer, 'self', '', clock_timestamp());
    INSERT INTO public.preferences_device (customer_id, token_hash, created_at)
        VALUES (v_customer, p_token_hash, clock_timestamp());
    INSERT INTO public.preferences_ledgersubject (customer_id, subject, salt)
        VALUES (v_customer, gen_random_uuid(), decode(replace(gen_random_uuid()::text, '-', ''), 'hex'));
    PERFORM set_config('proffer.customer', v_customer::text, true);
    RETURN v_customer;
END $$;

-- The account keeps what this device told while nobody was signed in: no account had a say yet, so nothing is overruled.
CREATE FUNCTION attach_account(p_user integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
BEGIN
    UPDATE public.preferences_customer SET user_id = p_user
    WHERE id = v_customer AND user_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM public.preferences_customer other WHERE other.user_id = p_user);
    RETURN FOUND;
END $$;

-- A signed-in browser becomes a device of the account's customer.
CREATE FUNCTION open_account(p_user integer, p_token_hash bytea) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint;
BEGIN
    SELECT id INTO v_customer FROM public.preferences_customer WHERE user_id = p_user;
    IF FOUND THEN
        INSERT INTO public.preferences_device (customer_id, token_hash, created_at)
            VALUES (v_customer, p_token_hash, clock_timestamp());
        PERFORM set_config('proffer.customer', v_customer::text, true);
    END IF;
    RETURN v_customer;
END $$;

CREATE FUNCTION leave_device(p_token_hash bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    DELETE FROM public.preferences_device WHERE token_hash = p_token_hash
$$;

-- Takes the answers of another device's customer into the acting one. Newer values win. Uses are only ever switched off by a
-- merge: the account's grants stand, except those the other one withdrew after they were given; exclusions of both hold.
-- Rows of other apps follow in the same transaction, by their own functions, while merged_into_id points here.
CREATE FUNCTION merge_device(p_token_hash bytea, p_source text) RETURNS boolean
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

-- What was merged is gone for good once the other apps' rows have followed; a device whose answers are not kept likewise.
CREATE FUNCTION finish_merge() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    DELETE FROM public.preferences_customer WHERE merged_into_id = public.current_customer()
$$;

CREATE FUNCTION discard_device(p_token_hash bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint;
BEGIN
    SELECT customer.id INTO v_customer
    FROM public.preferences_device device JOIN public.preferences_customer customer ON customer.id = device.customer_id
    WHERE device.token_hash = p_token_hash AND customer.user_id IS NULL;
    IF FOUND THEN
        PERFORM public.erase(v_customer, 'sign-in');
    END IF;
END $$;

-- All of a customer but the proof, which is tied to nobody once its subject's row is gone. Permits first, in key order.
CREATE FUNCTION erase(p_customer bigint, p_source text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM public.lock_customer(p_customer);
    PERFORM 1 FROM public.preferences_permit WHERE customer_id = p_customer ORDER BY profile_id, purpose_id FOR UPDATE;
    DELETE FROM public.preferences_permit WHERE customer_id = p_customer;
    PERFORM public.note_event(p_customer, 'erased', p_source);
    DELETE FROM public.preferences_customer WHERE id = p_customer;
END $$;

CREATE FUNCTION erase_customer(p_source text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM public.erase(public.acting_customer(), p_source);
    PERFORM set_config('proffer.customer', '', true);
END $$;

-- For the worker: replaces permits whose earliest item has passed its shelf life. One customer after the other, in order.
CREATE FUNCTION expire_permits(p_most integer) RETURNS TABLE (customer bigint, profiles bigint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint;
    v_expired record;
BEGIN
    FOR v_customer IN
        SELECT DISTINCT customer_id FROM public.preferences_permit
        WHERE expires_at <= clock_timestamp() ORDER BY customer_id LIMIT p_most
    LOOP
        PERFORM public.lock_customer(v_customer);
        FOR v_expired IN
            SELECT DISTINCT told.attribute_id
            FROM public.preferences_permit permit
            JOIN public.preferences_preference told ON told.profile_id = permit.profile_id
            JOIN public.preferences_purpose_attributes covered
                ON covered.purpose_id = permit.purpose_id AND covered.attribute_id = told.attribute_id
            WHERE permit.customer_id = v_customer AND told.ended_at IS NULL
              AND told.expires_at > permit.issued_at AND told.expires_at <= clock_timestamp()
        LOOP
            PERFORM public.note_event(v_customer, 'expired', 'shelf life', NULL, v_expired.attribute_id);
        END LOOP;
        customer := v_customer;
        profiles := ARRAY(SELECT id FROM public.preferences_profile WHERE customer_id = v_customer);
        PERFORM public.reissue_permits(v_customer, profiles);
        RETURN NEXT;
    END LOOP;
END $$;
