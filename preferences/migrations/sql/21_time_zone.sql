-- A customer's own time: where they are, and that letters wait while it is night there.

-- A name that the server does not know is refused when it is written, so that none is met when letters are sent.
ALTER TABLE preferences_customer
    ADD COLUMN time_zone varchar(40) NOT NULL DEFAULT '',
    ADD CONSTRAINT customer_time_zone_known
        CHECK (time_zone = '' OR timezone(time_zone, timestamptz '2000-01-01 00:00+00') IS NOT NULL);
ALTER TABLE preferences_brand
    ADD COLUMN time_zone varchar(40) NOT NULL DEFAULT 'UTC',
    ADD CONSTRAINT brand_time_zone_known CHECK (timezone(time_zone, timestamptz '2000-01-01 00:00+00') IS NOT NULL);

-- What a customer's clock shows; the brand's where nobody said.
CREATE FUNCTION local_time(p_customer bigint, p_now timestamptz) RETURNS timestamp
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT timezone(coalesce(nullif(customer.time_zone, ''), brand.time_zone, 'UTC'), p_now)
    FROM public.preferences_customer customer LEFT JOIN public.preferences_brand brand ON brand.id = 1
    WHERE customer.id = p_customer
$$;

-- Whether nobody is written to at that time. Here nothing is quiet; whoever keeps quiet hours replaces the function.
CREATE FUNCTION is_quiet_at(p_local timestamp) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT false
$$;

-- As before, and what comes by mail waits for the day. Asked when a letter is due, when it is claimed, and for its address: a
-- letter that the night overtakes is as if it had never been claimed, and due in the morning.
CREATE OR REPLACE FUNCTION wants_now(p_customer bigint, p_topic bigint, p_now timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.preferences_topicchoice choice
        WHERE choice.customer_id = p_customer AND choice.topic_id = p_topic AND choice.is_on
          AND (choice.snoozed_until IS NULL OR choice.snoozed_until <= p_now)
          AND (choice.channel = 'page' OR (EXISTS (
                  SELECT 1 FROM public.preferences_mailaddress address
                  WHERE address.customer_id = p_customer AND address.bounced_at IS NULL)
              AND NOT public.is_quiet_at(public.local_time(p_customer, p_now)))))
        AND public.topic_in_force(p_customer, p_topic)
$$;

-- What became of it, as before; and 'empty': it has nothing to say to this customer, so it is never sent, and the next letter of
-- its topic need not wait for it.
CREATE OR REPLACE FUNCTION finish_letter(p_sending bigint, p_outcome text, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    CASE p_outcome
        WHEN 'sent' THEN
            UPDATE public.preferences_sending SET sent_at = p_now WHERE id = p_sending AND sent_at IS NULL;
        WHEN 'dropped' THEN
            DELETE FROM public.preferences_sending WHERE id = p_sending AND sent_at IS NULL;
        WHEN 'empty' THEN
            UPDATE public.preferences_sending SET failed_at = p_now, attempt_count = 4 WHERE id = p_sending AND sent_at IS NULL;
        WHEN 'failed' THEN
            UPDATE public.preferences_sending SET failed_at = p_now WHERE id = p_sending AND sent_at IS NULL;
        WHEN 'refused' THEN
            UPDATE public.preferences_mailaddress SET bounced_at = p_now
                WHERE customer_id = (SELECT customer_id FROM public.preferences_sending WHERE id = p_sending);
            DELETE FROM public.preferences_sending WHERE id = p_sending AND sent_at IS NULL;
    END CASE;
END $$;

DO $$
DECLARE
    ours text;
BEGIN
    FOREACH ours IN ARRAY ARRAY['local_time(bigint, timestamptz)', 'is_quiet_at(timestamp)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', ours);
        EXECUTE format('ALTER FUNCTION public.%s OWNER TO proffer_functions', ours);
    END LOOP;
END $$;
