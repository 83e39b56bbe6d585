-- An erasure takes the identity too: account, addresses and sessions, whoever calls it. What it leaves is sealed with a salt
-- that goes with the customer's row: the person gets it, we keep none.

ALTER TABLE preferences_accountsession
    ADD FOREIGN KEY (customer_id) REFERENCES preferences_customer ON DELETE CASCADE;

DO $$
DECLARE
    personal text;
BEGIN
    FOREACH personal IN ARRAY ARRAY['erasure', 'accountsession'] LOOP
        EXECUTE format('ALTER TABLE preferences_%s ENABLE ROW LEVEL SECURITY', personal);
        EXECUTE format('ALTER TABLE preferences_%s FORCE ROW LEVEL SECURITY', personal);
        EXECUTE format('CREATE POLICY functions ON preferences_%s TO proffer_functions USING (true) WITH CHECK (true)', personal);
    END LOOP;
END $$;

-- The browser in which the acting customer has just signed in.
CREATE FUNCTION note_session(p_session_key text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO public.preferences_accountsession (session_key, customer_id)
    SELECT p_session_key, public.current_customer() WHERE public.current_customer() IS NOT NULL AND p_session_key <> ''
    ON CONFLICT (session_key) DO UPDATE SET customer_id = excluded.customer_id
$$;

CREATE FUNCTION end_session() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    DELETE FROM public.django_session WHERE session_key = OLD.session_key;
    RETURN NULL;
END $$;
CREATE TRIGGER session_ends AFTER DELETE ON preferences_accountsession FOR EACH ROW EXECUTE FUNCTION end_session();

-- For the worker: sessions past their time, which hold an address where somebody asked for a code and never came back, and
-- what was noted of sessions that are over.
CREATE FUNCTION forget_sessions() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_gone integer;
BEGIN
    DELETE FROM public.django_session WHERE expire_date < clock_timestamp();
    GET DIAGNOSTICS v_gone = ROW_COUNT;
    DELETE FROM public.preferences_accountsession noted
        WHERE NOT EXISTS (SELECT 1 FROM public.django_session WHERE session_key = noted.session_key);
    RETURN v_gone;
END $$;

-- The account a customer signed in with; staff keep theirs, which is for their work. It has no entries in the admin's log.
CREATE FUNCTION close_account(p_user integer) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM 1 FROM public.auth_user WHERE id = p_user AND NOT is_staff FOR UPDATE;
    IF FOUND THEN
        DELETE FROM public.account_emailconfirmation confirmation USING public.account_emailaddress address
            WHERE address.id = confirmation.email_address_id AND address.user_id = p_user;
        DELETE FROM public.account_emailaddress WHERE user_id = p_user;
        DELETE FROM public.auth_user_groups WHERE user_id = p_user;
        DELETE FROM public.auth_user_user_permissions WHERE user_id = p_user;
        DELETE FROM public.auth_user WHERE id = p_user;
    END IF;
END $$;

-- All of a customer but the proof, which is tied to nobody once its subject's row is gone. Permits first, in key order.
CREATE OR REPLACE FUNCTION erase(p_customer bigint, p_source text) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    v_user integer;
BEGIN
    PERFORM public.lock_customer(p_customer);
    SELECT user_id INTO v_user FROM public.preferences_customer WHERE id = p_customer;
    PERFORM 1 FROM public.preferences_permit WHERE customer_id = p_customer ORDER BY profile_id, purpose_id FOR UPDATE;
    DELETE FROM public.preferences_permit WHERE customer_id = p_customer;
    PERFORM public.note_event(p_customer, 'erased', p_source);
    INSERT INTO public.preferences_erasure (subject, seal, at)
        SELECT subject, encode(sha256(convert_to(subject || ':' || encode(salt, 'hex'), 'UTF8')), 'hex'), clock_timestamp()
        FROM public.preferences_ledgersubject WHERE customer_id = p_customer;
    DELETE FROM public.preferences_customer WHERE id = p_customer;
    PERFORM public.close_account(v_user);
END $$;

-- When what was recorded under this name was erased, for whoever has the salt; nobody else can ask.
CREATE FUNCTION erased_at(p_subject uuid, p_salt bytea) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT at FROM public.preferences_erasure
    WHERE subject = p_subject
      AND seal = encode(sha256(convert_to(p_subject || ':' || encode(p_salt, 'hex'), 'UTF8')), 'hex')
$$;

DO $$
DECLARE
    ours text;
BEGIN
    FOREACH ours IN ARRAY ARRAY[
        'note_session(text)', 'end_session()', 'forget_sessions()', 'close_account(integer)', 'erased_at(uuid, bytea)'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', ours);
        EXECUTE format('ALTER FUNCTION public.%s OWNER TO proffer_functions', ours);
    END LOOP;
END $$;
