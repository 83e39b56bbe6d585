-- How many people, for marketers. A number and nobody's name, and no number that two questions could narrow to a person:
--
-- * Fewer than 20 are never told.
-- * Each different question gets a number of its own between -10 and 10 added to its count, from a secret salt: the same
--   question always the same number, another question another. So the difference of two counts says nothing of one person,
--   and asking again says nothing new.
-- * What is told is rounded: to tens below 1,000, from there on to two digits.
--
-- What it does not stop: whoever words one question in about a thousand different ways can average the numbers away. Only
-- staff who may change offers can ask at all, and what was sold in a week is counted once a day, at midnight UTC.

-- Whether this account may change offers at this moment, as the accounts' own tables say.
CREATE FUNCTION may_count_people(p_user integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (
        SELECT FROM public.auth_user staff
        WHERE staff.id = p_user AND staff.is_active AND staff.is_staff AND (staff.is_superuser OR EXISTS (
            SELECT FROM public.auth_permission permission
            JOIN public.django_content_type model ON model.id = permission.content_type_id
                AND model.app_label = 'recommendations'
            WHERE permission.codename = 'change_offer' AND (
                EXISTS (SELECT FROM public.auth_user_user_permissions own
                        WHERE own.user_id = staff.id AND own.permission_id = permission.id)
                OR EXISTS (SELECT FROM public.auth_user_groups member
                           JOIN public.auth_group_permissions its ON its.group_id = member.group_id
                           WHERE member.user_id = staff.id AND its.permission_id = permission.id)))))
$$;

CREATE FUNCTION refuse_to_count(p_user integer) RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
BEGIN
    IF public.may_count_people(p_user) IS NOT TRUE THEN
        RAISE EXCEPTION 'only who may change offers may count people' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- The rule above, for the answer to one question. `p_each`: how many people each one counted stands for, in a sample.
CREATE FUNCTION blurred(p_count bigint, p_question text, p_each bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE
    v_mark bytea := sha256((SELECT holdout_salt FROM public.recommendations_restraint WHERE id = 1)
                           || convert_to('audience:' || p_question, 'UTF8'));
    v_told bigint := p_count + (get_byte(v_mark, 0) * 256 + get_byte(v_mark, 1)) % 21 - 10;
    v_step bigint;
BEGIN
    IF p_count < 20 OR v_told < 20 THEN
        RETURN NULL;
    END IF;
    v_told := v_told * p_each;
    v_step := greatest(10, 10 ^ (length(v_told::text) - 2))::bigint;
    RETURN round(v_told::numeric / v_step) * v_step;
END $$;

-- A condition as SQL over a permit's features, in the three-valued logic that SQL has too: unknown is NULL. The meaning is
-- that of preferences/conditions.py. Nothing of the condition's text gets into it, only the ids of features.
CREATE FUNCTION condition_sql(p_condition jsonb, p_depth integer) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE
    v_join text := CASE WHEN p_condition ? 'all' THEN 'all' WHEN p_condition ? 'any' THEN 'any' END;
    v_op text := p_condition ->> 'op';
    v_values jsonb := p_condition -> 'value';
    v_own integer[];
    v_wanted integer[];
    v_is text;
BEGIN
    IF jsonb_typeof(p_condition) IS DISTINCT FROM 'object' OR p_depth > 8 THEN
        RAISE EXCEPTION 'this is no condition' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF p_condition ? 'not' THEN
        RETURN format('(NOT %s)', public.condition_sql(p_condition -> 'not', p_depth + 1));
    ELSIF v_join IS NOT NULL THEN
        IF jsonb_typeof(p_condition -> v_join) <> 'array' OR jsonb_array_length(p_condition -> v_join) = 0 THEN
            RAISE EXCEPTION 'this is no condition' USING ERRCODE = 'invalid_parameter_value';
        END IF;
        RETURN (SELECT '(' || string_agg(public.condition_sql(part, p_depth + 1),
                                         CASE v_join WHEN 'all' THEN ' AND ' ELSE ' OR ' END) || ')'
                FROM jsonb_array_elements(p_condition -> v_join) AS part);
    END IF;

    v_own := ARRAY(SELECT feature.id FROM public.preferences_feature feature
                   JOIN public.preferences_attribute attribute ON attribute.id = feature.attribute_id
                   WHERE attribute.key = p_condition ->> 'attribute' ORDER BY 1);
    IF v_op = 'answered' THEN
        RETURN format('(%s features && %L::integer[])', CASE WHEN v_values = 'false' THEN 'NOT' END, v_own);
    END IF;
    v_values := CASE WHEN jsonb_typeof(v_values) = 'array' THEN v_values ELSE jsonb_build_array(v_values) END;
    v_wanted := ARRAY(SELECT feature.id FROM public.preferences_feature feature
                      WHERE feature.id = ANY (v_own) AND v_values @> to_jsonb(feature.code) ORDER BY 1);
    IF v_op IN ('in', 'includes', 'not_in', 'excludes') THEN
        v_is := format('features && %L::integer[]', v_wanted);
    ELSIF v_op IN ('is', 'is_not') THEN  -- exactly these; one that does not exist is had by nobody
        v_is := CASE WHEN cardinality(v_wanted) < (SELECT count(DISTINCT each) FROM jsonb_array_elements(v_values) AS each)
            THEN 'false'
            ELSE format('features @> %L::integer[] AND NOT features && %L::integer[]', v_wanted,
                        ARRAY(SELECT unnest(v_own) EXCEPT SELECT unnest(v_wanted) ORDER BY 1)) END;
    ELSE
        RAISE EXCEPTION 'this is no condition' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN format('(CASE WHEN features && %L::integer[] THEN %s (%s) END)', v_own,
                  CASE WHEN v_op IN ('not_in', 'excludes', 'is_not') THEN 'NOT' END, v_is);
END $$;

-- Everybody, or of very many one in so many, chosen by customer and by nobody: who is in it is as secret as the salt.
CREATE FUNCTION one_in(p_table regclass, p_most bigint) RETURNS bigint LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    -- As the planner reckons: rows a page when it was last looked at, times the pages of now; never looked at, some 200 bytes.
    SELECT greatest(1, ceil(CASE WHEN reltuples > 0 AND relpages > 0
        THEN reltuples / relpages * (pg_relation_size(oid) / current_setting('block_size')::integer)
        ELSE pg_relation_size(oid) / 200 END / p_most))::bigint
    FROM pg_class WHERE oid = p_table
$$;
CREATE FUNCTION sample_seed() RETURNS bigint LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT ('x' || substr(encode(sha256(holdout_salt || '\x01'), 'hex'), 1, 15))::bit(60)::bigint
    FROM public.recommendations_restraint WHERE id = 1
$$;

-- For each pair {"only": condition or null, "never": condition or null}: how many customers with a live permit for the
-- purpose may have it, of how many, and the half width of the 95 % interval where they were sampled (else 0). NULL: too few.
CREATE FUNCTION audiences(p_user integer, p_purpose bigint, p_questions jsonb)
RETURNS TABLE (place integer, customers bigint, of_customers bigint, margin bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_asked integer := jsonb_array_length(p_questions);
    v_each bigint := public.one_in('public.preferences_permit', 200000 / (3 + v_asked));
    v_parts text;
    v_counts bigint[];
    v_all bigint;
BEGIN
    PERFORM public.refuse_to_count(p_user);
    IF v_asked > 100 OR length(p_questions::text) > 400000 THEN
        RAISE EXCEPTION 'too much at a time' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF v_asked = 0 THEN
        RETURN;
    END IF;
    SELECT string_agg(format('bool_or(%s AND NOT %s)',
        CASE WHEN jsonb_typeof(pair -> 'only') = 'object'
            THEN format('coalesce(%s, false)', public.condition_sql(pair -> 'only', 1)) ELSE 'true' END,
        CASE WHEN jsonb_typeof(pair -> 'never') = 'object'
            THEN format('coalesce(%s, false)', public.condition_sql(pair -> 'never', 1)) ELSE 'false' END), ', ' ORDER BY n)
    INTO v_parts FROM jsonb_array_elements(p_questions) WITH ORDINALITY AS asked (pair, n);
    EXECUTE format(
        'SELECT count(*), ARRAY[%s] FROM (
            SELECT ARRAY[%s] AS fits FROM public.preferences_permit permit
            WHERE (%s = 1 OR hashint8extended(customer_id, $3) %% %s = 0)
              AND purpose_id = $1 AND expires_at > $2 AND EXISTS (
                  SELECT FROM public.preferences_purpose WHERE id = $1 AND computes_offers AND is_active)
            GROUP BY customer_id) AS each_customer',
        (SELECT string_agg(format('count(*) FILTER (WHERE fits[%s])', n), ', ' ORDER BY n) FROM generate_series(1, v_asked) n),
        v_parts, v_each, v_each)
    INTO v_all, v_counts USING p_purpose, clock_timestamp(), public.sample_seed();
    RETURN QUERY SELECT n, public.blurred(v_counts[n], format('%s %s', p_purpose, p_questions -> (n - 1)), v_each),
        public.blurred(v_all, format('%s', p_purpose), v_each),
        CASE WHEN v_each = 1 OR v_all = 0 THEN 0 ELSE ceil(
            2 * sqrt(v_counts[n]::numeric * (v_all - v_counts[n]) / v_all) * v_each / 10)::bigint * 10 END
    FROM generate_series(1, v_asked) AS n;
END $$;

-- How many customers have each of these offers among their five, as they were last computed. NULL: too few.
CREATE FUNCTION offer_holders(p_user integer, p_offers bigint[]) RETURNS TABLE (offer_id bigint, customers bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_each bigint := public.one_in('public.recommendations_tailoredoffers', 50000);
    v_seed bigint := public.sample_seed();
    v_offers integer[] := p_offers::integer[];
BEGIN
    PERFORM public.refuse_to_count(p_user);
    RETURN QUERY
        WITH held AS (
            SELECT held.offer, count(DISTINCT customer_id) AS counted
            FROM public.recommendations_tailoredoffers tailored, unnest(tailored.offers) AS held (offer)
            WHERE (v_each = 1 OR hashint8extended(customer_id, v_seed) % v_each = 0)
              AND held.offer = ANY (v_offers)
            GROUP BY held.offer)
        SELECT asked.id, public.blurred(coalesce(held.counted, 0), 'holders ' || asked.id, v_each)
        FROM unnest(p_offers) AS asked (id) LEFT JOIN held ON held.offer = asked.id;
END $$;

-- How many customers took each of these offers in the seven days before today (UTC). NULL: too few.
CREATE FUNCTION offer_claims(p_user integer, p_offers bigint[]) RETURNS TABLE (offer_id bigint, claims bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_today date := (clock_timestamp() AT TIME ZONE 'UTC')::date;
BEGIN
    PERFORM public.refuse_to_count(p_user);
    RETURN QUERY
        SELECT asked.id, public.blurred(
            (SELECT count(*) FROM public.recommendations_claim claim
             WHERE claim.offer_id = asked.id AND claim.claimed_at < v_today::timestamp AT TIME ZONE 'UTC'
               AND claim.claimed_at >= (v_today - 7)::timestamp AT TIME ZONE 'UTC'),
            format('claims %s %s', asked.id, v_today), 1)
        FROM unnest(p_offers) AS asked (id);
END $$;

DO $$
DECLARE
    ours text;
BEGIN
    FOREACH ours IN ARRAY ARRAY[
        'may_count_people(integer)', 'refuse_to_count(integer)', 'blurred(bigint, text, bigint)',
        'condition_sql(jsonb, integer)', 'one_in(regclass, bigint)', 'sample_seed()', 'audiences(integer, bigint, jsonb)',
        'offer_holders(integer, bigint[])', 'offer_claims(integer, bigint[])'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', ours);
        EXECUTE format('ALTER FUNCTION public.%s OWNER TO proffer_functions', ours);
    END LOOP;
END $$;
