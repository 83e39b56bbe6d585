-- What customers hear from us: topics they choose, addresses they confirm, and the one place through which every letter goes.
-- An address is known to the site for its own customer, and to the worker one sending at a time.

ALTER TABLE preferences_mailaddress
    ADD FOREIGN KEY (customer_id) REFERENCES preferences_customer ON DELETE CASCADE;
ALTER TABLE preferences_mailconfirmation
    ADD FOREIGN KEY (customer_id) REFERENCES preferences_customer ON DELETE CASCADE;
ALTER TABLE preferences_topicchoice
    ADD FOREIGN KEY (customer_id) REFERENCES preferences_customer ON DELETE CASCADE,
    ADD FOREIGN KEY (topic_id) REFERENCES preferences_topic,
    ADD FOREIGN KEY (notice_id) REFERENCES preferences_purposenotice;
ALTER TABLE preferences_sending
    ADD FOREIGN KEY (customer_id) REFERENCES preferences_customer ON DELETE CASCADE,
    ADD FOREIGN KEY (topic_id) REFERENCES preferences_topic,
    ADD FOREIGN KEY (letter_id) REFERENCES preferences_letter;
ALTER TABLE preferences_maillink
    ADD FOREIGN KEY (customer_id) REFERENCES preferences_customer ON DELETE CASCADE,
    ADD FOREIGN KEY (topic_id) REFERENCES preferences_topic;
CREATE INDEX preferences_mailaddress_address ON preferences_mailaddress (lower(address));

DO $$
DECLARE
    personal text;
BEGIN
    FOREACH personal IN ARRAY ARRAY[
        'mailaddress', 'mailconfirmation', 'topicchoice', 'sending', 'maillink', 'addressasked'
    ] LOOP
        EXECUTE format('ALTER TABLE preferences_%s ENABLE ROW LEVEL SECURITY', personal);
        EXECUTE format('ALTER TABLE preferences_%s FORCE ROW LEVEL SECURITY', personal);
        EXECUTE format('CREATE POLICY functions ON preferences_%s TO proffer_functions USING (true) WITH CHECK (true)', personal);
    END LOOP;
    FOREACH personal IN ARRAY ARRAY['mailaddress', 'mailconfirmation', 'topicchoice', 'sending'] LOOP
        EXECUTE format(
            'CREATE POLICY own ON preferences_%s TO proffer_web '
            'USING (customer_id = (SELECT public.current_customer()))', personal);
    END LOOP;
END $$;

-- A released letter is what people were sent: its words stay.
CREATE FUNCTION refuse_change_of_released() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'a released letter is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER letter_stays BEFORE UPDATE OR DELETE ON preferences_letter
    FOR EACH ROW WHEN (OLD.released_at IS NOT NULL) EXECUTE FUNCTION refuse_change_of_released();

-- ── Whether a letter may be sent ────────────────────────────────────────────────────────────────────────────────────────

CREATE FUNCTION topic_in_force(p_customer bigint, p_topic bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.preferences_topic topic
        JOIN public.preferences_purpose purpose ON purpose.id = topic.purpose_id AND purpose.sends_mail
        JOIN public.grants_in_force granted
            ON granted.purpose_id = purpose.id AND granted.customer_id = p_customer
        WHERE topic.id = p_topic AND topic.is_active)
$$;

-- Wanted, agreed to, not snoozed, and there is a confirmed address that takes mail, or none is needed.
CREATE FUNCTION wants_now(p_customer bigint, p_topic bigint, p_now timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.preferences_topicchoice choice
        WHERE choice.customer_id = p_customer AND choice.topic_id = p_topic AND choice.is_on
          AND (choice.snoozed_until IS NULL OR choice.snoozed_until <= p_now)
          AND (choice.channel = 'page' OR EXISTS (
              SELECT 1 FROM public.preferences_mailaddress address
              WHERE address.customer_id = p_customer AND address.bounced_at IS NULL)))
        AND public.topic_in_force(p_customer, p_topic)
$$;

CREATE FUNCTION may_send(p_customer bigint, p_topic bigint, p_now timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT public.wants_now(p_customer, p_topic, p_now) AND NOT EXISTS (
        SELECT 1 FROM public.preferences_sending sending
        JOIN public.preferences_topicchoice choice
            ON choice.customer_id = sending.customer_id AND choice.topic_id = sending.topic_id
        WHERE sending.customer_id = p_customer AND sending.topic_id = p_topic AND sending.failed_at IS NULL
          AND sending.claimed_at > p_now - CASE choice.frequency
              WHEN 'weekly' THEN interval '7 days' WHEN 'monthly' THEN interval '1 month'
              WHEN 'yearly' THEN interval '1 year' ELSE interval '0' END)
$$;

-- What failed is tried again a little later, three times.
CREATE FUNCTION is_taken(p_customer bigint, p_topic bigint, p_occasion text, p_now timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.preferences_sending sending
        WHERE sending.customer_id = p_customer AND sending.topic_id = p_topic AND sending.occasion = p_occasion
          AND (sending.failed_at IS NULL OR sending.failed_at > p_now - interval '10 minutes'
               OR sending.attempt_count >= 4))
$$;

CREATE FUNCTION season_of(p_at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT 'season:' || to_char(p_at AT TIME ZONE 'UTC', 'YYYY-Q')
$$;

-- How many answers are about to be, or have lately become, too old to be used.
CREATE FUNCTION answers_to_renew(p_customer bigint, p_now timestamptz) RETURNS integer
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT count(*)::integer FROM public.preferences_preference told
    WHERE told.customer_id = p_customer AND told.ended_at IS NULL
      AND told.expires_at BETWEEN p_now - interval '90 days' AND p_now + interval '30 days'
$$;

-- What each customer after p_after is due, at most one letter a topic: of those released since they switched it on, the newest.
CREATE FUNCTION letters_due(p_now timestamptz, p_after bigint, p_most integer)
RETURNS TABLE (customer bigint, topic bigint, letter bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT choice.customer_id, choice.topic_id, newest.id
    FROM public.preferences_topicchoice choice
    JOIN public.preferences_topic topic ON topic.id = choice.topic_id AND topic.is_active AND topic.kind = 'letter'
    CROSS JOIN LATERAL (
        SELECT letter.id FROM public.preferences_letter letter
        WHERE letter.topic_id = topic.id AND letter.released_at <= p_now AND letter.released_at > choice.switched_at
          AND letter.released_at > p_now - interval '60 days'
        ORDER BY letter.released_at DESC, letter.id DESC LIMIT 1) newest
    WHERE choice.customer_id > p_after AND choice.is_on
      AND NOT public.is_taken(choice.customer_id, choice.topic_id, 'letter:' || newest.id, p_now)
      AND public.may_send(choice.customer_id, choice.topic_id, p_now)
    ORDER BY choice.customer_id, choice.topic_id LIMIT p_most
$$;

CREATE FUNCTION reasks_due(p_now timestamptz, p_after bigint, p_most integer)
RETURNS TABLE (customer bigint, topic bigint, letter bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT choice.customer_id, choice.topic_id, NULL::bigint
    FROM public.preferences_topicchoice choice
    JOIN public.preferences_topic topic ON topic.id = choice.topic_id AND topic.is_active AND topic.kind = 'reask'
    WHERE choice.customer_id > p_after AND choice.is_on
      AND NOT public.is_taken(choice.customer_id, choice.topic_id, public.season_of(p_now), p_now)
      AND public.answers_to_renew(choice.customer_id, p_now) > 0
      AND public.may_send(choice.customer_id, choice.topic_id, p_now)
    ORDER BY choice.customer_id, choice.topic_id LIMIT p_most
$$;

-- The choke point. Decides and records in one statement, one customer at a time: whatever says yes here is this worker's to
-- send, and nobody else's. What was withdrawn before is not there to be claimed.
CREATE FUNCTION claim_letter(p_customer bigint, p_topic bigint, p_letter bigint, p_token_hash bytea, p_now timestamptz)
RETURNS TABLE (sending bigint, channel text, language text, answer_count integer, has_account boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    v_claim public.preferences_sending;
BEGIN
    PERFORM public.lock_customer(p_customer);
    INSERT INTO public.preferences_sending AS kept
        (customer_id, topic_id, letter_id, occasion, channel, answer_count, claimed_at, attempt_count, sent_at)
    SELECT p_customer, topic.id, letter.id, CASE topic.kind WHEN 'reask' THEN public.season_of(p_now) ELSE 'letter:' || letter.id END,
           choice.channel, CASE topic.kind WHEN 'reask' THEN public.answers_to_renew(p_customer, p_now) ELSE 0 END,
           p_now, 1, CASE choice.channel WHEN 'page' THEN p_now END
    FROM public.preferences_topic topic
    JOIN public.preferences_topicchoice choice ON choice.topic_id = topic.id AND choice.customer_id = p_customer
    LEFT JOIN public.preferences_letter letter
        ON letter.id = p_letter AND letter.topic_id = topic.id AND letter.released_at <= p_now
    WHERE topic.id = p_topic AND (topic.kind = 'reask') = (letter.id IS NULL) AND (letter.id IS NULL) = (p_letter IS NULL)
      AND (topic.kind <> 'reask' OR public.answers_to_renew(p_customer, p_now) > 0)
      AND public.may_send(p_customer, p_topic, p_now)
    ON CONFLICT (customer_id, topic_id, occasion) DO UPDATE
        SET claimed_at = excluded.claimed_at, channel = excluded.channel, answer_count = excluded.answer_count,
            sent_at = excluded.sent_at, failed_at = NULL, attempt_count = kept.attempt_count + 1
        WHERE kept.failed_at <= p_now - interval '10 minutes' AND kept.attempt_count < 4
    RETURNING kept.* INTO v_claim;
    IF v_claim.id IS NULL THEN
        RETURN;
    END IF;
    IF v_claim.channel = 'mail' THEN
        INSERT INTO public.preferences_maillink (token_hash, customer_id, topic_id, expires_at)
            VALUES (p_token_hash, p_customer, p_topic, p_now + interval '60 days');
    END IF;
    RETURN QUERY
        SELECT v_claim.id, v_claim.channel::text, coalesce(address.language, customer.language)::text,
               v_claim.answer_count, customer.user_id IS NOT NULL
        FROM public.preferences_customer customer
        LEFT JOIN public.preferences_mailaddress address ON address.customer_id = customer.id
        WHERE customer.id = p_customer;
END $$;

-- Where a claimed letter goes: asked last, when it is ready to go. Nowhere, if anything changed since it was claimed.
CREATE FUNCTION address_for(p_sending bigint, p_now timestamptz) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT address.address FROM public.preferences_sending sending
    JOIN public.preferences_mailaddress address
        ON address.customer_id = sending.customer_id AND address.bounced_at IS NULL
    JOIN public.preferences_topicchoice choice
        ON choice.customer_id = sending.customer_id AND choice.topic_id = sending.topic_id AND choice.channel = 'mail'
    WHERE sending.id = p_sending AND sending.sent_at IS NULL AND sending.failed_at IS NULL
      AND public.wants_now(sending.customer_id, sending.topic_id, p_now)
$$;

-- What became of it: sent, dropped (it is as if it had never been claimed), failed (tried again), refused (the address is not
-- written to again).
CREATE FUNCTION finish_letter(p_sending bigint, p_outcome text, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    CASE p_outcome
        WHEN 'sent' THEN
            UPDATE public.preferences_sending SET sent_at = p_now WHERE id = p_sending AND sent_at IS NULL;
        WHEN 'dropped' THEN
            DELETE FROM public.preferences_sending WHERE id = p_sending AND sent_at IS NULL;
        WHEN 'failed' THEN
            UPDATE public.preferences_sending SET failed_at = p_now WHERE id = p_sending AND sent_at IS NULL;
        WHEN 'refused' THEN
            UPDATE public.preferences_mailaddress SET bounced_at = p_now
                WHERE customer_id = (SELECT customer_id FROM public.preferences_sending WHERE id = p_sending);
            DELETE FROM public.preferences_sending WHERE id = p_sending AND sent_at IS NULL;
    END CASE;
END $$;

-- An address that does not take our mail, or whose owner complained: of whomever it is. A complaint ends all mail.
CREATE FUNCTION note_bounce(p_address text, p_is_complaint boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint;
    v_before text := current_setting('proffer.customer', true);
BEGIN
    FOR v_customer IN
        SELECT customer_id FROM public.preferences_mailaddress WHERE lower(address) = lower(p_address) ORDER BY customer_id
    LOOP
        PERFORM public.lock_customer(v_customer);
        UPDATE public.preferences_mailaddress SET bounced_at = clock_timestamp() WHERE customer_id = v_customer;
        IF p_is_complaint THEN
            PERFORM set_config('proffer.customer', v_customer::text, true);
            PERFORM public.stop_all_mail('mail');
        END IF;
    END LOOP;
    PERFORM set_config('proffer.customer', coalesce(v_before, ''), true);
END $$;

-- Personal data that has done its work: addresses that were not confirmed, keys of addresses that were asked, old letters.
CREATE FUNCTION tidy_mail(p_now timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    DELETE FROM public.preferences_mailconfirmation WHERE expires_at < p_now - interval '1 day';
    DELETE FROM public.preferences_addressasked WHERE asked_at < p_now - interval '1 day';
    DELETE FROM public.preferences_sending WHERE claimed_at < p_now - interval '400 days';
$$;
