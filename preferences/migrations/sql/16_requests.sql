-- Requests of people. Members of the privacy group see them while on duty, the customer a request was tied to sees that one.
-- The database itself writes who did what and when: staff by their account's number, which outlives the account.

ALTER TABLE preferences_privacyrequest
    ADD FOREIGN KEY (customer_id) REFERENCES preferences_customer ON DELETE SET NULL,
    ADD FOREIGN KEY (jurisdiction_id) REFERENCES preferences_jurisdiction;
ALTER TABLE preferences_requeststep
    ADD FOREIGN KEY (request_id) REFERENCES preferences_privacyrequest;
ALTER TABLE preferences_look
    ADD FOREIGN KEY (customer_id) REFERENCES preferences_customer ON DELETE SET NULL,
    ADD FOREIGN KEY (request_id) REFERENCES preferences_privacyrequest;

-- Whether this account may handle requests at this moment, as the accounts' own tables say.
CREATE FUNCTION is_privacy_staff(p_user integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (
        SELECT FROM public.auth_user staff
        JOIN public.auth_user_groups member ON member.user_id = staff.id
        JOIN public.auth_group its ON its.id = member.group_id AND its.name = 'privacy'
        WHERE staff.id = p_user AND staff.is_active AND staff.is_staff)
$$;

-- The member of the privacy group this transaction acts for, or nobody. Asked of the accounts each time, not remembered.
CREATE FUNCTION staff_on_duty() RETURNS integer LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE
    v_user integer := nullif(current_setting('proffer.staff', true), '')::integer;
BEGIN
    RETURN CASE WHEN public.is_privacy_staff(v_user) THEN v_user END;
END $$;

CREATE FUNCTION go_on_duty(p_user integer) RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM set_config('proffer.staff', CASE WHEN public.is_privacy_staff(p_user) THEN p_user::text ELSE '' END, true);
    RETURN public.staff_on_duty() IS NOT NULL;
END $$;

DO $$
DECLARE
    personal text;
BEGIN
    FOREACH personal IN ARRAY ARRAY['privacyrequest', 'requeststep', 'look'] LOOP
        EXECUTE format('ALTER TABLE preferences_%s ENABLE ROW LEVEL SECURITY', personal);
        EXECUTE format('ALTER TABLE preferences_%s FORCE ROW LEVEL SECURITY', personal);
        EXECUTE format('CREATE POLICY functions ON preferences_%s TO proffer_functions USING (true) WITH CHECK (true)', personal);
    END LOOP;
END $$;

CREATE POLICY staff ON preferences_privacyrequest TO proffer_web
    USING ((SELECT public.staff_on_duty()) IS NOT NULL) WITH CHECK ((SELECT public.staff_on_duty()) IS NOT NULL);
CREATE POLICY own ON preferences_privacyrequest FOR SELECT TO proffer_web
    USING (customer_id = (SELECT public.current_customer()));
CREATE POLICY staff ON preferences_requeststep FOR SELECT TO proffer_web
    USING ((SELECT public.staff_on_duty()) IS NOT NULL);
CREATE POLICY own ON preferences_look FOR SELECT TO proffer_web
    USING (customer_id = (SELECT public.current_customer()));

CREATE FUNCTION note_step(p_request bigint, p_kind text, p_detail text DEFAULT '') RETURNS void
LANGUAGE sql SET search_path = pg_catalog AS $$
    INSERT INTO public.preferences_requeststep (request_id, kind, by_id, detail, at)
    VALUES (p_request, p_kind, public.staff_on_duty(), left(p_detail, 120), clock_timestamp())
$$;

-- Who entered, checked and closed it, and when, is not the page's word but the database's. Time's own work (the functions
-- below) passes; so does nobody else: this is the only login that may write here at all.
CREATE FUNCTION settle_request() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    v_staff integer;
BEGIN
    IF current_user <> 'proffer_web' THEN
        RETURN NEW;
    END IF;
    v_staff := public.staff_on_duty();
    IF v_staff IS NULL THEN
        RAISE EXCEPTION 'nobody is on duty' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.entered_at := clock_timestamp();
        NEW.entered_by_id := v_staff;
        NEW.status := 'open';
        NEW.outcome := '';
        NEW.identity := '';
        NEW.identified_at := NULL;
        NEW.identified_by_id := NULL;
        NEW.extension_reason := '';
        NEW.extended_at := NULL;
        NEW.customer_id := NULL;
        NEW.reminded_at := NULL;
        NEW.overdue_noted_at := NULL;
        NEW.closed_at := NULL;
        NEW.anonymised_at := NULL;
        RETURN NEW;
    END IF;
    IF OLD.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a closed request stays as it is' USING ERRCODE = 'restrict_violation';
    END IF;
    -- Once we acted on it, what was asked by whom stays as it was then.
    IF OLD.customer_id IS NOT NULL AND
        (OLD.kind, OLD.received_at, OLD.jurisdiction_id, OLD.email) IS DISTINCT FROM
        (NEW.kind, NEW.received_at, NEW.jurisdiction_id, NEW.email) THEN
        RAISE EXCEPTION 'what was asked stays once the account was found' USING ERRCODE = 'restrict_violation';
    END IF;
    -- An identity check is about who was named then.
    IF NEW.email <> OLD.email THEN
        NEW.identity := '';
    END IF;
    IF NEW.identity <> OLD.identity THEN
        NEW.identified_at := CASE WHEN NEW.identity <> '' THEN clock_timestamp() END;
        NEW.identified_by_id := CASE WHEN NEW.identity <> '' THEN v_staff END;
    END IF;
    IF NEW.extension_reason <> OLD.extension_reason THEN
        NEW.extended_at := CASE WHEN NEW.extension_reason <> '' THEN clock_timestamp() END;
    END IF;
    IF NEW.due_at <> OLD.due_at THEN
        NEW.reminded_at := NULL;
        NEW.overdue_noted_at := NULL;
    END IF;
    IF NEW.status <> 'open' THEN
        NEW.closed_at := clock_timestamp();
        -- Whoever asked to be deleted is deleted here too. Their answer named the request's number: that is the proof.
        IF NEW.kind = 'deletion' AND NEW.status = 'done' THEN
            NEW.anonymised_at := clock_timestamp();
            NEW.email := '';
            NEW.description := '';
            NEW.outcome := '';
            NEW.extension_reason := '';
            NEW.extended_at := OLD.extended_at;
            NEW.customer_id := NULL;
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER settle BEFORE INSERT OR UPDATE ON preferences_privacyrequest
    FOR EACH ROW EXECUTE FUNCTION settle_request();

-- The trail: which thing changed, never what it said.
CREATE FUNCTION trail_request() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_changed text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM public.note_step(NEW.id, 'entered', NEW.kind);
        RETURN NULL;
    END IF;
    IF NEW.anonymised_at IS NULL THEN
        v_changed := concat_ws(' ',
            CASE WHEN NEW.kind <> OLD.kind THEN 'kind' END, CASE WHEN NEW.channel <> OLD.channel THEN 'channel' END,
            CASE WHEN NEW.received_at <> OLD.received_at THEN 'received_at' END,
            CASE WHEN NEW.jurisdiction_id <> OLD.jurisdiction_id THEN 'jurisdiction' END,
            CASE WHEN NEW.email <> OLD.email THEN 'email' END,
            CASE WHEN NEW.description <> OLD.description THEN 'description' END);
        IF v_changed <> '' THEN
            PERFORM public.note_step(NEW.id, 'changed', v_changed);
        END IF;
    END IF;
    IF NEW.identity <> OLD.identity AND NEW.identity <> '' THEN
        PERFORM public.note_step(NEW.id, 'identified', NEW.identity);
    END IF;
    IF NEW.extended_at IS DISTINCT FROM OLD.extended_at AND NEW.extended_at IS NOT NULL THEN
        PERFORM public.note_step(NEW.id, 'extended');
    END IF;
    IF NEW.customer_id IS NOT NULL AND OLD.customer_id IS NULL THEN
        PERFORM public.note_step(NEW.id, 'found');
    END IF;
    IF NEW.closed_at IS NOT NULL AND OLD.closed_at IS NULL THEN
        PERFORM public.note_step(NEW.id, 'closed', NEW.status);
    END IF;
    IF NEW.anonymised_at IS NOT NULL AND OLD.anonymised_at IS NULL THEN
        PERFORM public.note_step(NEW.id, 'forgotten');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER trail AFTER INSERT OR UPDATE ON preferences_privacyrequest
    FOR EACH ROW EXECUTE FUNCTION trail_request();

-- Ties an open request to the customer whose account has confirmed exactly the address that the request names; nothing else
-- finds anybody. Each attempt is in the trail.
CREATE FUNCTION find_for_request(p_request bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_request public.preferences_privacyrequest;
    v_customer bigint;
BEGIN
    SELECT * INTO v_request FROM public.preferences_privacyrequest WHERE id = p_request FOR UPDATE;
    IF public.staff_on_duty() IS NULL OR v_request.id IS NULL OR v_request.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'no such open request' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF v_request.customer_id IS NOT NULL THEN
        RETURN true;
    END IF;
    SELECT customer.id INTO v_customer
    FROM public.account_emailaddress address
    JOIN public.auth_user account ON account.id = address.user_id AND account.is_active
    JOIN public.preferences_customer customer ON customer.user_id = account.id AND customer.merged_into_id IS NULL
    WHERE address.verified AND v_request.email <> '' AND lower(address.email) = lower(v_request.email);
    IF v_customer IS NULL THEN
        PERFORM public.note_step(p_request, 'not_found');
        RETURN false;
    END IF;
    UPDATE public.preferences_privacyrequest SET customer_id = v_customer WHERE id = p_request;
    RETURN true;
END $$;

-- For the worker: what is nearly or over due and not said yet, marked as said. Whoever asks sends the mail in this transaction.
CREATE FUNCTION requests_to_remind(p_most integer)
RETURNS TABLE (request bigint, kind text, due timestamptz, is_overdue boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_open public.preferences_privacyrequest;
BEGIN
    FOR v_open IN
        SELECT * FROM public.preferences_privacyrequest open
        WHERE open.closed_at IS NULL AND ((open.remind_at <= v_now AND open.reminded_at IS NULL)
                                          OR (open.due_at < v_now AND open.overdue_noted_at IS NULL))
        ORDER BY open.due_at, open.id LIMIT p_most FOR UPDATE SKIP LOCKED
    LOOP
        request := v_open.id;
        kind := v_open.kind;
        due := v_open.due_at;
        is_overdue := v_open.due_at < v_now;
        UPDATE public.preferences_privacyrequest
            SET reminded_at = v_now, overdue_noted_at = CASE WHEN is_overdue THEN v_now END
            WHERE id = v_open.id;
        PERFORM public.note_step(v_open.id, CASE WHEN is_overdue THEN 'overdue' ELSE 'reminded' END);
        RETURN NEXT;
    END LOOP;
END $$;

CREATE FUNCTION privacy_addresses() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT DISTINCT staff.email::text FROM public.auth_user staff
    WHERE staff.email <> '' AND public.is_privacy_staff(staff.id) ORDER BY 1
$$;

-- Forgets who asked; that it was asked, when and what was done about it stays.
CREATE FUNCTION forget_who_asked(p_requests bigint[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    UPDATE public.preferences_privacyrequest
    SET email = '', description = '', outcome = '', extension_reason = '', customer_id = NULL,
        anonymised_at = clock_timestamp(), closed_at = coalesce(closed_at, clock_timestamp()),
        status = CASE WHEN status = 'open' THEN 'withdrawn' ELSE status END
    WHERE id = ANY (p_requests) AND anonymised_at IS NULL;
END $$;

-- For the worker.
CREATE FUNCTION forget_old_requests(p_most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_old bigint[] := ARRAY(
        SELECT request.id FROM public.preferences_privacyrequest request
        JOIN public.preferences_jurisdiction law ON law.id = request.jurisdiction_id
        WHERE request.anonymised_at IS NULL
          AND request.closed_at + make_interval(days => law.keep_days) <= clock_timestamp()
        ORDER BY request.id LIMIT p_most FOR UPDATE OF request);
BEGIN
    PERFORM public.forget_who_asked(v_old);
    RETURN cardinality(v_old);
END $$;
