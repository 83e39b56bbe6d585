-- What customers choose about mail, on their page and by the links in letters. A purpose that sends mail is granted when there
-- is a way to send it: at once for what is only read on the page, otherwise when the address is confirmed.

CREATE FUNCTION is_withdrawn_since(p_customer bigint, p_purpose bigint, p_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.preferences_ledgersubject tie
        JOIN public.preferences_consentevent event ON event.subject = tie.subject
        WHERE tie.customer_id = p_customer AND event.purpose_id = p_purpose AND event.kind = 'withdrawn' AND event.at > p_at)
$$;

CREATE FUNCTION grant_for_topic(p_customer bigint, p_topic bigint, p_source text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    v_wanted record;
BEGIN
    SELECT purpose.slug, choice.notice_id, choice.language INTO v_wanted
    FROM public.preferences_topicchoice choice
    JOIN public.preferences_topic topic ON topic.id = choice.topic_id AND topic.is_active
    JOIN public.preferences_purpose purpose ON purpose.id = topic.purpose_id AND purpose.is_active AND purpose.sends_mail
    WHERE choice.customer_id = p_customer AND choice.topic_id = p_topic AND choice.is_on
      AND (choice.channel = 'page'
           OR EXISTS (SELECT 1 FROM public.preferences_mailaddress WHERE customer_id = p_customer AND bounced_at IS NULL))
      AND NOT public.is_withdrawn_since(p_customer, purpose.id, choice.switched_at);
    IF FOUND THEN
        PERFORM public.grant_purpose(v_wanted.slug, v_wanted.notice_id, v_wanted.language, p_source);
    END IF;
END $$;

-- On, under the notice that was shown. Switching on again begins anew: letters from before are not sent later, and what was
-- withdrawn before is agreed to again.
CREATE FUNCTION choose_topic(p_topic text, p_notice bigint, p_language text, p_source text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_topic bigint;
BEGIN
    INSERT INTO public.preferences_topicchoice AS kept
        (customer_id, topic_id, is_on, frequency, channel, notice_id, language, switched_at)
    SELECT v_customer, topic.id, true, topic.frequencies[1], 'mail', notice.id, p_language, clock_timestamp()
    FROM public.preferences_topic topic
    JOIN public.preferences_purpose purpose ON purpose.id = topic.purpose_id AND purpose.is_active AND purpose.sends_mail
    JOIN public.preferences_purposenotice notice ON notice.purpose_id = purpose.id AND notice.id = p_notice
    WHERE topic.key = p_topic AND topic.is_active
    ON CONFLICT (customer_id, topic_id) DO UPDATE
        SET is_on = true, notice_id = excluded.notice_id, language = excluded.language,
            switched_at = excluded.switched_at, snoozed_until = CASE WHEN kept.is_on THEN kept.snoozed_until END
    RETURNING kept.topic_id INTO v_topic;
    IF v_topic IS NULL THEN
        RAISE EXCEPTION 'no such topic' USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM public.grant_for_topic(v_customer, v_topic, p_source);
END $$;

-- Off. With the last topic of a purpose its grant goes too: nothing is left that it is for.
CREATE FUNCTION drop_topic(p_customer bigint, p_topic bigint, p_source text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    v_purpose record;
BEGIN
    UPDATE public.preferences_topicchoice SET is_on = false, snoozed_until = NULL
        WHERE customer_id = p_customer AND topic_id = p_topic AND is_on;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT purpose.id, purpose.slug INTO v_purpose
    FROM public.preferences_topic topic JOIN public.preferences_purpose purpose ON purpose.id = topic.purpose_id
    WHERE topic.id = p_topic;
    IF NOT EXISTS (
        SELECT 1 FROM public.preferences_topicchoice choice JOIN public.preferences_topic topic ON topic.id = choice.topic_id
        WHERE choice.customer_id = p_customer AND choice.is_on AND topic.purpose_id = v_purpose.id
    ) THEN
        PERFORM public.withdraw_purpose(v_purpose.slug, p_source);
    END IF;
END $$;

CREATE FUNCTION leave_topic(p_topic text, p_source text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_topic bigint;
BEGIN
    SELECT id INTO v_topic FROM public.preferences_topic WHERE key = p_topic;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such topic' USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM public.drop_topic(v_customer, v_topic, p_source);
END $$;

-- How a topic comes, for one that was chosen once.
CREATE FUNCTION set_topic(p_topic text, p_frequency text, p_channel text, p_source text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_topic bigint;
BEGIN
    UPDATE public.preferences_topicchoice choice SET frequency = p_frequency, channel = p_channel
    FROM public.preferences_topic topic
    WHERE topic.id = choice.topic_id AND topic.key = p_topic AND choice.customer_id = v_customer
      AND p_frequency = ANY (topic.frequencies) AND p_channel IN ('mail', 'page')
    RETURNING topic.id INTO v_topic;
    IF v_topic IS NULL THEN
        RAISE EXCEPTION 'no such topic, or not so' USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM public.grant_for_topic(v_customer, v_topic, p_source);
END $$;

-- Quiet for 30 or 90 days; 0 ends it.
CREATE FUNCTION snooze(p_customer bigint, p_topic bigint, p_days integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF p_days IS NULL OR p_days NOT IN (0, 30, 90) THEN
        RAISE EXCEPTION 'quiet for 30 or 90 days' USING ERRCODE = 'no_data_found';
    END IF;
    UPDATE public.preferences_topicchoice
        SET snoozed_until = CASE WHEN p_days > 0 THEN clock_timestamp() + make_interval(days => p_days) END
        WHERE customer_id = p_customer AND topic_id = p_topic AND is_on;
END $$;

CREATE FUNCTION snooze_topic(p_topic text, p_days integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_topic bigint;
BEGIN
    SELECT id INTO v_topic FROM public.preferences_topic WHERE key = p_topic;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such topic' USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM public.snooze(v_customer, v_topic, p_days);
END $$;

-- Every topic off, every purpose that sends mail withdrawn, no link on its way that could begin it again.
CREATE FUNCTION stop_all_mail(p_source text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_slug text;
BEGIN
    UPDATE public.preferences_topicchoice SET is_on = false, snoozed_until = NULL WHERE customer_id = v_customer AND is_on;
    DELETE FROM public.preferences_mailconfirmation WHERE customer_id = v_customer AND sent_at IS NULL;
    UPDATE public.preferences_mailconfirmation SET ended_at = clock_timestamp()
        WHERE customer_id = v_customer AND used_at IS NULL AND ended_at IS NULL;
    FOR v_slug IN
        SELECT purpose.slug FROM public.preferences_grant granted
        JOIN public.preferences_purpose purpose ON purpose.id = granted.purpose_id AND purpose.sends_mail
        WHERE granted.customer_id = v_customer ORDER BY purpose.id
    LOOP
        PERFORM public.withdraw_purpose(v_slug, p_source);
    END LOOP;
END $$;

-- ── Addresses ───────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Remembers that a link is to be sent there, unless this customer asked for three others within a day. A link that is on its
-- way, or was, counts again; any other one is void.
CREATE FUNCTION ask_address(p_address text, p_address_key bytea, p_language text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_now timestamptz := clock_timestamp();
    v_same bigint;
BEGIN
    SELECT max(id) INTO v_same FROM public.preferences_mailconfirmation
        WHERE customer_id = v_customer AND address_key = p_address_key AND used_at IS NULL AND expires_at > v_now;
    IF v_same IS NULL AND 3 <= (
        SELECT count(*) FROM public.preferences_mailconfirmation
        WHERE customer_id = v_customer AND asked_at > v_now - interval '1 day'
    ) THEN
        RETURN false;
    END IF;
    UPDATE public.preferences_mailconfirmation SET ended_at = v_now
        WHERE customer_id = v_customer AND used_at IS NULL AND ended_at IS NULL AND id IS DISTINCT FROM v_same;
    IF v_same IS NULL THEN
        INSERT INTO public.preferences_mailconfirmation
            (customer_id, address, address_key, language, asked_at, expires_at, attempt_count)
            VALUES (v_customer, p_address, p_address_key, p_language, v_now, v_now + interval '48 hours', 0);
    ELSE
        UPDATE public.preferences_mailconfirmation SET ended_at = NULL WHERE id = v_same;
    END IF;
    RETURN true;
END $$;

CREATE FUNCTION forget_address() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
BEGIN
    DELETE FROM public.preferences_mailaddress WHERE customer_id = v_customer;
    -- Kept for a day without the address, so that asking stays limited.
    UPDATE public.preferences_mailconfirmation SET ended_at = clock_timestamp(), address = '', address_key = '', token_hash = NULL
        WHERE customer_id = v_customer;
END $$;

CREATE FUNCTION confirmations_due(p_now timestamptz, p_most integer) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT waiting.id FROM public.preferences_mailconfirmation waiting
    WHERE waiting.sent_at IS NULL AND waiting.ended_at IS NULL AND waiting.expires_at > p_now AND waiting.attempt_count < 5
      AND NOT EXISTS (
          SELECT 1 FROM public.preferences_addressasked asked
          WHERE asked.address_key = waiting.address_key AND asked.asked_at > p_now - interval '1 day')
    ORDER BY waiting.id LIMIT p_most
$$;

-- One worker gets it, and one such mail a day goes to an address, whoever asked for it.
CREATE FUNCTION claim_confirmation(p_id bigint, p_token_hash bytea, p_now timestamptz) RETURNS TABLE (address text, language text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    v_key bytea;
BEGIN
    SELECT address_key INTO v_key FROM public.preferences_mailconfirmation
        WHERE id = p_id AND sent_at IS NULL AND ended_at IS NULL AND expires_at > p_now FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    INSERT INTO public.preferences_addressasked AS kept (address_key, asked_at) VALUES (v_key, p_now)
        ON CONFLICT (address_key) DO UPDATE SET asked_at = excluded.asked_at
            WHERE kept.asked_at <= p_now - interval '1 day';
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
        UPDATE public.preferences_mailconfirmation AS waiting
        SET sent_at = p_now, token_hash = p_token_hash, expires_at = p_now + interval '48 hours',
            attempt_count = waiting.attempt_count + 1
        WHERE waiting.id = p_id RETURNING waiting.address::text, waiting.language::text;
END $$;

-- It did not go out: it may be tried again.
CREATE FUNCTION fail_confirmation(p_id bigint) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    DELETE FROM public.preferences_addressasked
        WHERE address_key = (SELECT address_key FROM public.preferences_mailconfirmation WHERE id = p_id);
    UPDATE public.preferences_mailconfirmation SET sent_at = NULL, token_hash = NULL WHERE id = p_id AND used_at IS NULL;
$$;

-- What a link to confirm would do: open, used, expired; nothing for what is no such link.
CREATE FUNCTION confirmation_state(p_token_hash bytea) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT CASE WHEN used_at IS NOT NULL THEN 'used'
                WHEN ended_at IS NOT NULL OR expires_at <= clock_timestamp() THEN 'expired' ELSE 'open' END
    FROM public.preferences_mailconfirmation WHERE token_hash = p_token_hash
$$;

-- Whoever pressed the link's button reads that address. Grants what was chosen meanwhile, under the notices shown then. The
-- transaction acts for that customer afterwards; the caller puts that back.
CREATE FUNCTION confirm_address(p_token_hash bytea, p_source text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_asked public.preferences_mailconfirmation;
    v_wanted record;
BEGIN
    SELECT * INTO v_asked FROM public.preferences_mailconfirmation WHERE token_hash = p_token_hash;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM public.lock_customer(v_asked.customer_id);
    UPDATE public.preferences_mailconfirmation SET used_at = v_now
        WHERE id = v_asked.id AND used_at IS NULL AND ended_at IS NULL AND expires_at > v_now;
    IF NOT FOUND THEN
        RETURN public.confirmation_state(p_token_hash);
    END IF;
    INSERT INTO public.preferences_mailaddress AS kept (customer_id, address, language, confirmed_at)
        VALUES (v_asked.customer_id, v_asked.address, v_asked.language, v_now)
        ON CONFLICT (customer_id) DO UPDATE
            SET address = excluded.address, language = excluded.language, confirmed_at = v_now, bounced_at = NULL;
    PERFORM set_config('proffer.customer', v_asked.customer_id::text, true);
    FOR v_wanted IN
        SELECT DISTINCT ON (topic.purpose_id) choice.topic_id, topic.purpose_id, granted.notice_id, granted.language,
               granted.notice_id >= choice.notice_id AS is_granted
        FROM public.preferences_topicchoice choice
        JOIN public.preferences_topic topic ON topic.id = choice.topic_id
        LEFT JOIN public.preferences_grant granted
            ON granted.customer_id = choice.customer_id AND granted.purpose_id = topic.purpose_id
        WHERE choice.customer_id = v_asked.customer_id AND choice.is_on AND choice.channel = 'mail'
        ORDER BY topic.purpose_id, choice.notice_id DESC
    LOOP
        IF v_wanted.is_granted THEN  -- the proof that this address was confirmed for it
            PERFORM public.note_event(
                v_asked.customer_id, 'granted', p_source, v_wanted.purpose_id, NULL, v_wanted.notice_id, v_wanted.language);
            CONTINUE;
        END IF;
        BEGIN
            PERFORM public.grant_for_topic(v_asked.customer_id, v_wanted.topic_id, p_source);
        EXCEPTION WHEN insufficient_privilege THEN
            NULL;  -- someone below the age of consent grants nothing, confirmed or not
        END;
    END LOOP;
    RETURN 'confirmed';
END $$;

-- ── Links in letters ────────────────────────────────────────────────────────────────────────────────────────────────────

CREATE FUNCTION mail_link(p_token_hash bytea) RETURNS TABLE (topic bigint, is_old boolean, is_on boolean, snoozed_until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT link.topic_id, link.expires_at <= clock_timestamp(), coalesce(choice.is_on, false), choice.snoozed_until
    FROM public.preferences_maillink link
    LEFT JOIN public.preferences_topicchoice choice
        ON choice.customer_id = link.customer_id AND choice.topic_id = link.topic_id
    WHERE link.token_hash = p_token_hash
$$;

-- Less mail, never more: a link may stop, however old it is, and snooze for as long as it is new. The transaction acts for that
-- customer afterwards; the caller puts that back.
CREATE FUNCTION use_mail_link(p_token_hash bytea, p_action text, p_days integer, p_source text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_link public.preferences_maillink;
BEGIN
    SELECT * INTO v_link FROM public.preferences_maillink WHERE token_hash = p_token_hash;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM set_config('proffer.customer', v_link.customer_id::text, true);
    PERFORM public.acting_customer();
    CASE p_action
        WHEN 'stop' THEN PERFORM public.drop_topic(v_link.customer_id, v_link.topic_id, p_source);
        WHEN 'stop_all' THEN PERFORM public.stop_all_mail(p_source);
        WHEN 'snooze' THEN
            IF p_days IS NULL OR p_days NOT IN (30, 90) OR v_link.expires_at <= clock_timestamp() THEN
                RETURN false;
            END IF;
            PERFORM public.snooze(v_link.customer_id, v_link.topic_id, p_days);
    END CASE;
    RETURN true;
END $$;

DO $$
DECLARE
    ours regprocedure;
BEGIN
    FOR ours IN
        SELECT oid::regprocedure FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proowner = current_user::regrole
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', ours);
        EXECUTE format('ALTER FUNCTION %s OWNER TO proffer_functions', ours);
    END LOOP;
END $$;
