-- What was bought is one attribute, `purchases`, whose values are products. Orders come in from the shop's own books, so
-- nobody has said yes to their use: such an item is left out of every use until its customer lets it in.
--
-- `orders` of a value says when each thing was bought and by which order: [{"code": "quiet-raincoat", "at": "…",
-- "order": hash}, …]. The hash is salted with the ledger's own salt of the customer, so that an order told twice is known
-- and an order's number is not kept; it goes with the value.
ALTER TABLE preferences_preference ADD COLUMN orders jsonb NOT NULL DEFAULT '[]';
CREATE INDEX preference_orders_age ON preferences_preference (expires_at) WHERE orders <> '[]' AND ended_at IS NULL;

-- Writes these purchases as the present value, without what is past its shelf life; false when nothing is left, and then
-- the earlier value stays as it is, too old to be used. The whole expires with its oldest part; age_purchases then goes on
-- with the rest. The caller holds the customer's lock.
CREATE FUNCTION keep_purchases(p_customer bigint, p_profile bigint, p_orders jsonb) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    v_attribute public.preferences_attribute;
    v_fresh jsonb;
    v_codes text[];
    v_features integer[];
    v_first timestamptz;
    v_last timestamptz;
    v_life interval;
BEGIN
    SELECT * INTO v_attribute FROM public.preferences_attribute WHERE key = 'purchases';
    v_life := make_interval(days => v_attribute.shelf_life_days);
    SELECT coalesce(jsonb_agg(bought ORDER BY (bought ->> 'at')::timestamptz), '[]'),
           min((bought ->> 'at')::timestamptz), max((bought ->> 'at')::timestamptz)
    INTO v_fresh, v_first, v_last
    FROM jsonb_array_elements(p_orders) AS bought
    WHERE (bought ->> 'at')::timestamptz + v_life > clock_timestamp();
    IF v_fresh = '[]' THEN
        UPDATE public.preferences_preference SET orders = '[]'
            WHERE profile_id = p_profile AND attribute_id = v_attribute.id AND ended_at IS NULL AND orders <> '[]';
        RETURN false;
    END IF;
    -- The newest first, as it is read.
    SELECT array_agg(code ORDER BY last_at DESC, code), array_agg(feature ORDER BY feature) INTO v_codes, v_features
    FROM (
        SELECT feature.code::text AS code, feature.id AS feature, max((bought ->> 'at')::timestamptz) AS last_at
        FROM jsonb_array_elements(v_fresh) AS bought
        JOIN public.preferences_feature feature
            ON feature.attribute_id = v_attribute.id AND feature.code = bought ->> 'code'
        GROUP BY feature.code, feature.id
    ) AS things;
    INSERT INTO public.preferences_preference (
        profile_id, customer_id, attribute_id, value, features, source, source_label, question_key, told_at, expires_at, orders)
    VALUES (p_profile, p_customer, v_attribute.id, to_jsonb(v_codes), v_features, 'order', '{}', '', v_last, v_first + v_life,
            v_fresh)
    ON CONFLICT (profile_id, attribute_id) WHERE ended_at IS NULL DO UPDATE
        SET value = excluded.value, features = excluded.features, source = excluded.source,
            source_label = excluded.source_label, question_key = excluded.question_key, told_at = excluded.told_at,
            expires_at = excluded.expires_at, orders = excluded.orders;
    RETURN true;
END $$;

-- Leaves the purchases of a customer out of each use that may want them and that they have not decided about since they
-- were last taken back. What they did decide stands.
CREATE FUNCTION leave_purchases_out(p_customer bigint, p_profile bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    v_purpose bigint;
    v_attribute bigint;
    v_subject uuid;
    v_found boolean := false;
BEGIN
    SELECT id INTO v_attribute FROM public.preferences_attribute WHERE key = 'purchases';
    SELECT subject INTO v_subject FROM public.preferences_ledgersubject WHERE customer_id = p_customer;
    FOR v_purpose IN
        SELECT covered.purpose_id FROM public.preferences_purpose_attributes covered
        JOIN public.preferences_purpose purpose ON purpose.id = covered.purpose_id AND purpose.basis = 'consent'
        WHERE covered.attribute_id = v_attribute AND NOT EXISTS (
            SELECT 1 FROM public.preferences_consentevent decided
            WHERE decided.subject = v_subject AND decided.kind IN ('excluded', 'included')
              AND decided.purpose_id = covered.purpose_id AND decided.attribute_id = v_attribute
              AND decided.id > coalesce((
                  SELECT max(id) FROM public.preferences_consentevent
                  WHERE subject = v_subject AND kind = 'erased' AND attribute_id = v_attribute), 0))
        ORDER BY covered.purpose_id
    LOOP
        INSERT INTO public.preferences_exclusion (profile_id, purpose_id, attribute_id, customer_id, excluded_at)
            VALUES (p_profile, v_purpose, v_attribute, p_customer, clock_timestamp())
            ON CONFLICT DO NOTHING;
        -- Also where the exclusion is of before: the ledger says that it holds for what is new.
        PERFORM public.note_event(p_customer, 'excluded', 'order', v_purpose, v_attribute);
        v_found := true;
    END LOOP;
    RETURN v_found;
END $$;

-- Whether anything may use the purchases of this profile right now.
CREATE FUNCTION purchases_are_used(p_customer bigint, p_profile bigint) RETURNS boolean
LANGUAGE sql SET search_path = pg_catalog AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.preferences_attribute attribute
        JOIN public.preferences_purpose_attributes covered ON covered.attribute_id = attribute.id
        JOIN public.grants_in_force granted
            ON granted.customer_id = p_customer AND granted.purpose_id = covered.purpose_id
            AND attribute.id = ANY (granted.covers)
        WHERE attribute.key = 'purchases' AND NOT EXISTS (
            SELECT 1 FROM public.preferences_exclusion excluded
            WHERE excluded.profile_id = p_profile AND excluded.purpose_id = covered.purpose_id
              AND excluded.attribute_id = attribute.id))
$$;

-- For the worker: what one account bought, line by line; says of each line what became of it. Nothing of an address that
-- is no account's is kept, and nothing here switches anything on. `p_keep` false: only says what would become of them.
--
--   recorded, known          it counts from now on as far as its customer lets it; it did already
--   unknown_customer         no account has confirmed that address
--   unknown_product          there is no such value
--   too_old                  past its shelf life
--   taken_back               bought before the customer last said themselves what they bought, or took it all back
--   stopped                  they restricted all uses, are below the age of consent, or object to each use that wants it
--   too_many                 a thousand purchases of theirs are known
CREATE FUNCTION record_orders(p_email text, p_orders text[], p_products text[], p_bought timestamptz[], p_keep boolean)
RETURNS text[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_count integer := cardinality(p_orders);
    v_attribute public.preferences_attribute;
    v_customer bigint;
    v_profile bigint;
    v_subject public.preferences_ledgersubject;
    v_current public.preferences_preference;
    v_purchases jsonb;
    v_said timestamptz;
    v_hash text;
    v_at timestamptz;
    v_was_used boolean;
    v_found text[] := '{}';
    v_is_new boolean := false;
BEGIN
    IF v_count > 1000 OR cardinality(p_products) <> v_count OR cardinality(p_bought) <> v_count THEN
        RAISE EXCEPTION 'the arrays do not fit each other' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT * INTO v_attribute FROM public.preferences_attribute WHERE key = 'purchases' AND kind = 'multi';
    IF NOT FOUND OR NOT EXISTS (
        SELECT 1 FROM public.preferences_purpose_attributes covered
        JOIN public.preferences_purpose purpose ON purpose.id = covered.purpose_id AND purpose.is_active
        WHERE covered.attribute_id = v_attribute.id AND purpose.basis = 'consent'
    ) THEN
        RAISE EXCEPTION 'no use wants what was bought' USING ERRCODE = 'no_data_found';
    END IF;

    v_customer := public.customer_of_address(p_email);
    IF v_customer IS NOT NULL THEN
        PERFORM public.lock_customer(v_customer);
        -- Erased, or the address another's, while we waited.
        IF public.customer_of_address(p_email) IS DISTINCT FROM v_customer THEN
            v_customer := NULL;
        END IF;
    END IF;
    IF v_customer IS NULL THEN
        RETURN array_fill('unknown_customer'::text, ARRAY[v_count]);
    END IF;
    IF EXISTS (
        SELECT 1 FROM public.preferences_standing standing
        WHERE standing.customer_id = v_customer
          AND (standing.restricted_at IS NOT NULL
               OR (standing.is_minor AND (standing.of_age_on IS NULL OR standing.of_age_on > public.utc_today())))
    ) OR NOT EXISTS (
        SELECT 1 FROM public.preferences_purpose_attributes covered
        JOIN public.preferences_purpose purpose
            ON purpose.id = covered.purpose_id AND purpose.is_active AND purpose.basis = 'consent'
        WHERE covered.attribute_id = v_attribute.id AND NOT EXISTS (
            SELECT 1 FROM public.preferences_objection objection
            WHERE objection.customer_id = v_customer AND objection.purpose_id = covered.purpose_id)
    ) THEN
        RETURN array_fill('stopped'::text, ARRAY[v_count]);
    END IF;

    SELECT id INTO v_profile FROM public.preferences_profile WHERE customer_id = v_customer AND kind = 'self';
    SELECT * INTO v_subject FROM public.preferences_ledgersubject WHERE customer_id = v_customer;
    SELECT * INTO v_current FROM public.preferences_preference
        WHERE profile_id = v_profile AND attribute_id = v_attribute.id AND ended_at IS NULL;
    v_purchases := coalesce(v_current.orders, '[]');
    IF v_current.id IS NOT NULL AND v_purchases = '[]' THEN
        -- What the customer said themselves counts from when they said it.
        SELECT coalesce(jsonb_agg(jsonb_build_object('code', code, 'at', v_current.told_at, 'order', '')), '[]')
        INTO v_purchases FROM jsonb_array_elements_text(v_current.value) AS code;
    END IF;
    SELECT max(at) INTO v_said FROM public.preferences_consentevent
        WHERE subject = v_subject.subject AND attribute_id = v_attribute.id AND kind IN ('erased', 'corrected');
    IF v_current.source <> 'order' THEN
        v_said := greatest(v_said, v_current.told_at);
    END IF;

    FOR i IN 1 .. v_count LOOP
        v_at := least(p_bought[i], clock_timestamp());
        v_hash := left(encode(sha256(
            v_subject.salt || convert_to(p_orders[i] || E'\n' || p_products[i], 'UTF8')), 'hex'), 32);
        v_found[i] := CASE
            WHEN NOT EXISTS (SELECT 1 FROM public.preferences_feature feature
                             WHERE feature.attribute_id = v_attribute.id AND feature.code = p_products[i])
                THEN 'unknown_product'
            WHEN v_purchases @> jsonb_build_array(jsonb_build_object('order', v_hash)) THEN 'known'
            WHEN v_at <= v_said THEN 'taken_back'
            WHEN v_at + make_interval(days => v_attribute.shelf_life_days) <= clock_timestamp() THEN 'too_old'
            WHEN jsonb_array_length(v_purchases) >= 1000 THEN 'too_many'
            ELSE 'recorded'
        END;
        IF v_found[i] = 'recorded' THEN
            v_is_new := true;
            v_purchases := v_purchases || jsonb_build_array(
                jsonb_build_object('code', p_products[i], 'at', v_at, 'order', v_hash));
        END IF;
    END LOOP;

    IF v_is_new AND p_keep THEN
        v_was_used := v_current.id IS NOT NULL AND public.purchases_are_used(v_customer, v_profile);
        PERFORM public.leave_purchases_out(v_customer, v_profile);
        PERFORM public.keep_purchases(v_customer, v_profile, v_purchases);
        -- Where nothing may use them, permits are what they were, and so is everything made from them.
        IF v_was_used OR public.purchases_are_used(v_customer, v_profile) THEN
            PERFORM public.reissue_permits(v_customer, ARRAY[v_profile]);
        END IF;
    END IF;
    RETURN v_found;
END $$;

CREATE FUNCTION customer_of_address(p_email text) RETURNS bigint LANGUAGE sql SET search_path = pg_catalog AS $$
    SELECT customer.id FROM public.account_emailaddress address
    JOIN public.auth_user account ON account.id = address.user_id AND account.is_active
    JOIN public.preferences_customer customer ON customer.user_id = account.id AND customer.merged_into_id IS NULL
    WHERE address.email = lower(p_email) AND address.verified
$$;

-- For the worker: when the oldest of somebody's purchases is past its shelf life, the others go on counting without it.
CREATE FUNCTION age_purchases(p_most integer) RETURNS TABLE (customer bigint, profiles bigint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_current public.preferences_preference;
BEGIN
    FOR customer IN
        SELECT DISTINCT customer_id FROM public.preferences_preference
        WHERE orders <> '[]' AND ended_at IS NULL AND expires_at <= v_now ORDER BY customer_id LIMIT p_most
    LOOP
        PERFORM public.lock_customer(customer);
        profiles := '{}';
        FOR v_current IN
            SELECT * FROM public.preferences_preference
            WHERE customer_id = customer AND orders <> '[]' AND ended_at IS NULL AND expires_at <= v_now ORDER BY profile_id
        LOOP
            IF public.keep_purchases(customer, v_current.profile_id, v_current.orders) THEN
                PERFORM public.note_event(customer, 'expired', 'shelf life', NULL, v_current.attribute_id);
                profiles := profiles || v_current.profile_id;
            END IF;
        END LOOP;
        PERFORM public.reissue_permits(customer, profiles);
        RETURN NEXT;
    END LOOP;
END $$;

-- A use that wants purchases from now on gets none of what is known already, until its customer lets it.
CREATE FUNCTION leave_purchases_out_of_more() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_known record;
BEGIN
    IF EXISTS (SELECT 1 FROM changed JOIN public.preferences_attribute attribute ON attribute.id = changed.attribute_id
               WHERE attribute.key = 'purchases') THEN
        PERFORM pg_advisory_xact_lock(0);
        FOR v_known IN
            SELECT told.customer_id, told.profile_id FROM public.preferences_preference told
            JOIN public.preferences_attribute attribute ON attribute.id = told.attribute_id AND attribute.key = 'purchases'
            WHERE told.ended_at IS NULL AND told.source = 'order' ORDER BY told.customer_id
        LOOP
            PERFORM public.leave_purchases_out(v_known.customer_id, v_known.profile_id);
        END LOOP;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER coverage_leaves_purchases_out AFTER INSERT ON preferences_purpose_attributes
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION leave_purchases_out_of_more();

DO $$
DECLARE
    ours text;
BEGIN
    FOREACH ours IN ARRAY ARRAY[
        'keep_purchases(bigint, bigint, jsonb)', 'leave_purchases_out(bigint, bigint)',
        'purchases_are_used(bigint, bigint)', 'record_orders(text, text[], text[], timestamptz[], boolean)',
        'customer_of_address(text)', 'age_purchases(integer)', 'leave_purchases_out_of_more()'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', ours);
        EXECUTE format('ALTER FUNCTION public.%s OWNER TO proffer_functions', ours);
    END LOOP;
END $$;
