-- Looks of staff at a person: written first, then the person can be seen, for the rest of the transaction.

-- What each kind of request is for, and no more; preferences/models/requests.py says the same to the pages.
CREATE FUNCTION may_look_for(p_kind text, p_reason text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT CASE p_kind
        WHEN 'access' THEN p_reason IN ('view', 'download')
        WHEN 'portability' THEN p_reason = 'download'
        WHEN 'correction' THEN p_reason IN ('view', 'correct')
        WHEN 'deletion' THEN p_reason = 'erase'
        WHEN 'stop' THEN p_reason = 'switch_off'
        WHEN 'restriction' THEN p_reason = 'restrict'
        WHEN 'objection' THEN p_reason = 'object'
        WHEN 'complaint' THEN p_reason = 'view'
        ELSE false
    END
$$;

-- Stopping a use needs no passport, as switching it off in the center needs none; everything else does.
CREATE FUNCTION look_at(p_user integer, p_request bigint, p_reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_request public.preferences_privacyrequest;
BEGIN
    PERFORM set_config('proffer.customer', '', true);
    SELECT * INTO v_request FROM public.preferences_privacyrequest WHERE id = p_request FOR SHARE;
    IF public.is_privacy_staff(p_user) IS NOT TRUE
        OR p_user IS DISTINCT FROM public.staff_on_duty()
        OR v_request.id IS NULL OR v_request.closed_at IS NOT NULL OR v_request.customer_id IS NULL
        OR public.may_look_for(v_request.kind, p_reason) IS NOT TRUE
        OR (p_reason IN ('view', 'download', 'correct', 'erase') AND v_request.identified_at IS NULL) THEN
        RAISE EXCEPTION 'no reason to look' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.preferences_look (customer_id, request_id, by_id, role, reason, at)
        VALUES (v_request.customer_id, p_request, p_user, 'privacy', p_reason, clock_timestamp());
    PERFORM public.note_step(p_request, p_reason);
    PERFORM set_config('proffer.request', p_request::text, true);
    PERFORM set_config('proffer.customer', v_request.customer_id::text, true);
    RETURN v_request.customer_id;
END $$;

-- Staff switch uses off, never on: what a person did not say themselves is no consent.
CREATE FUNCTION refuse_grant_by_staff() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF current_setting('proffer.request', true) <> '' THEN
        RAISE EXCEPTION 'only the customer switches a use on' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse_grant_by_staff BEFORE INSERT OR UPDATE ON preferences_grant
    FOR EACH ROW EXECUTE FUNCTION refuse_grant_by_staff();

-- With the person goes who we looked at, and who asked: also in requests that name an address they confirmed. Only the
-- request by which they are deleted still knows whom to answer, until it is closed.
CREATE FUNCTION forget_requests_of() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_theirs bigint[];
BEGIN
    UPDATE public.preferences_look SET customer_id = NULL, request_id = NULL WHERE customer_id = OLD.id;
    v_theirs := ARRAY(
        SELECT request.id FROM public.preferences_privacyrequest request
        WHERE request.anonymised_at IS NULL
          AND (request.customer_id = OLD.id
               OR lower(request.email) IN (SELECT lower(address.email) FROM public.account_emailaddress address
                                           WHERE address.user_id = OLD.user_id AND address.verified))
          AND request.id IS DISTINCT FROM nullif(current_setting('proffer.request', true), '')::bigint
        ORDER BY request.id FOR UPDATE);
    IF cardinality(v_theirs) > 0 THEN
        PERFORM public.forget_who_asked(v_theirs);
    END IF;
    UPDATE public.preferences_privacyrequest SET customer_id = NULL WHERE customer_id = OLD.id;
    RETURN OLD;
END $$;
CREATE TRIGGER forget_requests_of BEFORE DELETE ON preferences_customer
    FOR EACH ROW EXECUTE FUNCTION forget_requests_of();

DO $$
DECLARE
    ours text;
BEGIN
    FOREACH ours IN ARRAY ARRAY[
        'is_privacy_staff(integer)', 'staff_on_duty()', 'go_on_duty(integer)', 'note_step(bigint, text, text)',
        'settle_request()', 'trail_request()', 'find_for_request(bigint)', 'requests_to_remind(integer)',
        'privacy_addresses()', 'forget_who_asked(bigint[])', 'forget_old_requests(integer)', 'may_look_for(text, text)',
        'look_at(integer, bigint, text)', 'refuse_grant_by_staff()', 'forget_requests_of()'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', ours);
        EXECUTE format('ALTER FUNCTION public.%s OWNER TO proffer_functions', ours);
    END LOOP;
END $$;
