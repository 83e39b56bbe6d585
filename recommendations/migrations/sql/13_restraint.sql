-- Restraint, at one place: what may be shown is decided by offers_to_show, what may be sent by offers_to_send. Both count what
-- they let through, in the transaction that shows or sends it. docs/decisions/0011-restraint.md says why it is counted so.

ALTER TABLE recommendations_offerreach ALTER COLUMN page_count SET DEFAULT 0, ALTER COLUMN mail_count SET DEFAULT 0;
CREATE INDEX exposure_by_day ON recommendations_exposure USING brin (day);

-- ── What is not wanted ──────────────────────────────────────────────────────────────────────────────────────────────────

-- What was left out, or may come again, is for the next computation. One at work that read it as it was before finds another
-- time here and leaves it due (settle_due).
CREATE FUNCTION make_due(p_profiles bigint[]) RETURNS void LANGUAGE sql SET search_path = pg_catalog AS $$
    WITH held AS (
        SELECT permit.profile_id, permit.purpose_id, permit.serial
        FROM public.preferences_permit permit
        JOIN public.preferences_purpose purpose ON purpose.id = permit.purpose_id AND purpose.computes_offers
        WHERE permit.profile_id = ANY (p_profiles)
        ORDER BY permit.profile_id, permit.purpose_id
        FOR KEY SHARE OF permit SKIP LOCKED  -- one that is being replaced is due by itself
    )
    INSERT INTO public.preferences_computationdue (profile_id, purpose_id, serial, catalogue, due_at)
    SELECT profile_id, purpose_id, serial, 0, clock_timestamp() FROM held
    ON CONFLICT (profile_id, purpose_id) DO UPDATE SET due_at = excluded.due_at
$$;

-- Once: away for the brand's period. Again after that: for good. Again while it is away: only the reason is another.
CREATE FUNCTION suppress(p_customer bigint, p_profile bigint, p_offer bigint, p_category bigint, p_reason text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_until timestamptz := v_now + (SELECT make_interval(days => dismissed_days) FROM public.recommendations_restraint);
BEGIN
    UPDATE public.recommendations_suppression AS kept
    SET reason = p_reason,
        times = CASE WHEN kept.until_at <= v_now THEN kept.times + 1 ELSE kept.times END,
        noted_at = CASE WHEN kept.until_at <= v_now THEN v_now ELSE kept.noted_at END,
        until_at = CASE WHEN kept.until_at > v_now THEN kept.until_at END,
        is_over = false
    WHERE profile_id = p_profile AND offer_id IS NOT DISTINCT FROM p_offer AND category_id IS NOT DISTINCT FROM p_category;
    IF NOT FOUND THEN
        INSERT INTO public.recommendations_suppression
            (profile_id, customer_id, offer_id, category_id, reason, times, noted_at, until_at, is_over)
            VALUES (p_profile, p_customer, p_offer, p_category, p_reason, 1, v_now, v_until, false);
    END IF;
END $$;

-- "Not for me", and with p_less "less like this": its category too. Only of what the customer was shown.
CREATE FUNCTION dismiss_offer(p_profile bigint, p_offer bigint, p_reason text, p_less boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_category bigint;
BEGIN
    PERFORM public.own_profile(v_customer, p_profile);
    SELECT product.category_id INTO v_category
    FROM public.recommendations_offer offer LEFT JOIN public.recommendations_product product ON product.id = offer.product_id
    WHERE offer.id = p_offer AND (
        EXISTS (SELECT 1 FROM public.recommendations_tailoredoffers
                WHERE profile_id = p_profile AND p_offer = ANY (offers))
        OR EXISTS (SELECT 1 FROM public.recommendations_exposure WHERE customer_id = v_customer AND offer_id = p_offer)
        OR EXISTS (SELECT 1 FROM public.recommendations_suppression WHERE profile_id = p_profile AND offer_id = p_offer));
    IF NOT FOUND OR p_reason NOT IN ('not_for_me', 'have_it', 'too_expensive', 'seen_too_often') THEN
        RAISE EXCEPTION 'no such offer among theirs' USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM public.suppress(v_customer, p_profile, p_offer, NULL, p_reason);
    IF p_less AND v_category IS NOT NULL THEN
        PERFORM public.suppress(v_customer, p_profile, NULL, v_category, p_reason);
    END IF;
    PERFORM public.make_due(ARRAY[p_profile]);
END $$;

-- Takes back one dismissal: the first is forgotten, a second leaves the first.
CREATE FUNCTION take_back(p_profile bigint, p_offer bigint, p_category bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM public.own_profile(public.acting_customer(), p_profile);
    DELETE FROM public.recommendations_suppression
        WHERE profile_id = p_profile AND times = 1 AND (offer_id = p_offer OR category_id = p_category);
    UPDATE public.recommendations_suppression SET times = times - 1, until_at = clock_timestamp(), is_over = true
        WHERE profile_id = p_profile AND times > 1 AND until_at IS NULL AND (offer_id = p_offer OR category_id = p_category);
    PERFORM public.make_due(ARRAY[p_profile]);
END $$;

-- Whose period is over gets their offers computed again. Returns how many profiles that were.
CREATE FUNCTION end_suppressions(p_most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_profiles bigint[];
BEGIN
    WITH over AS (
        UPDATE public.recommendations_suppression SET is_over = true WHERE id IN (
            SELECT id FROM public.recommendations_suppression
            WHERE until_at <= clock_timestamp() AND NOT is_over ORDER BY until_at LIMIT p_most FOR UPDATE SKIP LOCKED)
        RETURNING profile_id
    )
    SELECT array_agg(DISTINCT profile_id ORDER BY profile_id) INTO v_profiles FROM over;
    PERFORM public.make_due(v_profiles);
    RETURN coalesce(cardinality(v_profiles), 0);
END $$;

-- ── Caps ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Whether one contact more keeps every cap that applies. Days are UTC's.
CREATE FUNCTION keeps_caps(p_customer bigint, p_offer bigint, p_channel text, p_today date) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT NOT EXISTS (
        SELECT 1 FROM public.recommendations_cap cap
        WHERE (cap.offer_id IS NULL OR cap.offer_id = p_offer) AND cap.channel IN ('any', p_channel)
          AND cap.most <= CASE cap.counts
              WHEN 'everybody' THEN (
                  SELECT coalesce(sum(CASE cap.channel WHEN 'page' THEN page_count WHEN 'mail' THEN mail_count
                                      ELSE page_count + mail_count END), 0)
                  FROM public.recommendations_offerreach
                  WHERE offer_id = p_offer AND day > p_today - cap.days::integer)
              ELSE (
                  SELECT coalesce(sum(times), 0) FROM public.recommendations_exposure
                  WHERE customer_id = p_customer AND (cap.counts = 'customer' OR offer_id = p_offer)
                    AND (cap.channel = 'any' OR channel = cap.channel) AND day > p_today - cap.days::integer)
              END)
$$;

-- Counts a contact with each of these offers, in this order, as far as the caps allow; tells which. The caller holds the
-- customer's lock. What everybody shares is locked in one order, and only for offers that seem to have room; what is found
-- after that is final, since each statement sees what others have committed meanwhile.
CREATE FUNCTION count_contacts(p_customer bigint, p_offers bigint[], p_channel text) RETURNS bigint[]
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    v_today date := public.utc_today();
    v_shared bigint[];
    v_offer bigint;
    v_counted bigint[] := '{}';
BEGIN
    SELECT array_agg(offer) INTO v_shared FROM unnest(p_offers) AS offer
    WHERE EXISTS (SELECT 1 FROM public.recommendations_cap
                  WHERE counts = 'everybody' AND (offer_id IS NULL OR offer_id = offer));
    INSERT INTO public.recommendations_offerreach AS reach (offer_id, day)
        SELECT offer, v_today FROM unnest(v_shared) AS offer ORDER BY offer
        ON CONFLICT (offer_id, day) DO UPDATE SET page_count = reach.page_count;
    FOREACH v_offer IN ARRAY p_offers LOOP
        IF NOT public.keeps_caps(p_customer, v_offer, p_channel, v_today) THEN
            CONTINUE;
        END IF;
        INSERT INTO public.recommendations_exposure AS seen (customer_id, offer_id, channel, day, times)
            VALUES (p_customer, v_offer, p_channel, v_today, 1)
            ON CONFLICT (customer_id, offer_id, channel, day) DO UPDATE SET times = seen.times + 1;
        IF v_offer = ANY (v_shared) THEN
            UPDATE public.recommendations_offerreach
            SET page_count = page_count + (p_channel = 'page')::integer, mail_count = mail_count + (p_channel = 'mail')::integer
            WHERE offer_id = v_offer AND day = v_today;
        END IF;
        v_counted := v_counted || v_offer;
    END LOOP;
    RETURN v_counted;
END $$;

-- ── Showing ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- What was computed for a customer and still holds: under a live permit of that serial, of an active purpose that is the
-- offer's own, inside its window, in stock, each reason one that the permit allows. Without an offer: a permit that has none, or
-- (p_is_waiting) whose computation is not there yet. What is not wanted is said to be, and takes nobody's place.
CREATE FUNCTION offers_that_hold(p_customer bigint)
RETURNS TABLE (profile bigint, is_waiting boolean, offer bigint, score real, reasons integer[], is_unwanted boolean, place bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT permit.profile_id, tailored.profile_id IS NULL, open_now.id, fit.score, open_now.reasons, open_now.is_unwanted,
           row_number() OVER (
               PARTITION BY permit.profile_id, open_now.is_unwanted ORDER BY fit.score DESC NULLS LAST, permit.purpose_id, fit.place)
    FROM public.preferences_permit permit
    JOIN public.preferences_purpose purpose
        ON purpose.id = permit.purpose_id AND purpose.computes_offers AND purpose.is_active
    LEFT JOIN public.recommendations_tailoredoffers tailored
        ON tailored.profile_id = permit.profile_id AND tailored.purpose_id = permit.purpose_id
        AND tailored.permit_serial = permit.serial
    LEFT JOIN LATERAL unnest(tailored.offers, tailored.scores) WITH ORDINALITY AS fit (offer, score, place) ON true
    LEFT JOIN LATERAL (
        SELECT offer.id,
               ARRAY(SELECT reason FROM unnest(tailored.reasons[fit.place * 3 - 2 : fit.place * 3]) WITH ORDINALITY AS cited (reason, nth)
                     WHERE reason = ANY (permit.features) ORDER BY nth) AS reasons,
               EXISTS (SELECT 1 FROM public.recommendations_suppression suppressed
                       WHERE suppressed.profile_id = permit.profile_id
                         AND (suppressed.offer_id = offer.id OR suppressed.category_id = product.category_id)
                         AND (suppressed.until_at IS NULL OR suppressed.until_at > clock_timestamp())) AS is_unwanted
        FROM public.recommendations_offer offer
        LEFT JOIN public.recommendations_product product ON product.id = offer.product_id
        WHERE offer.id = fit.offer AND offer.purpose_id = permit.purpose_id
          AND offer.is_active AND (offer.stock IS NULL OR offer.stock > 0)
          AND (offer.starts_at IS NULL OR offer.starts_at <= clock_timestamp())
          AND (offer.ends_at IS NULL OR offer.ends_at > clock_timestamp())
    ) AS open_now ON true
    WHERE permit.customer_id = p_customer AND permit.expires_at > clock_timestamp()
$$;

-- What the acting customer may be shown now, the best first, and of what is kept back why. For the profiles of p_counted it is
-- being shown: each offer counts once a day, and stays for the day. Nothing is locked nor written where all of it was counted.
CREATE FUNCTION offers_to_show(p_counted bigint[])
RETURNS TABLE (profile bigint, is_waiting boolean, offer bigint, score real, reasons integer[], kept_back text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    v_customer bigint := public.current_customer();
    v_today date := public.utc_today();
    v_new bigint[];
BEGIN
    IF cardinality(p_counted) > 0 THEN
        v_new := ARRAY(
            SELECT holds.offer FROM public.offers_that_hold(v_customer) AS holds
            WHERE holds.profile = ANY (p_counted) AND NOT holds.is_unwanted AND holds.place <= 5
              AND NOT EXISTS (SELECT 1 FROM public.recommendations_exposure seen
                              WHERE seen.customer_id = v_customer AND seen.offer_id = holds.offer
                                AND seen.channel = 'page' AND seen.day = v_today)
              AND public.keeps_caps(v_customer, holds.offer, 'page', v_today)
            GROUP BY holds.offer ORDER BY min(holds.place), max(holds.score) DESC, holds.offer);
        IF cardinality(v_new) > 0 THEN
            PERFORM public.lock_customer(v_customer);
            -- Another tab may have counted some while we waited.
            PERFORM public.count_contacts(v_customer, ARRAY(
                SELECT asked FROM unnest(v_new) WITH ORDINALITY AS listed (asked, nth)
                WHERE NOT EXISTS (SELECT 1 FROM public.recommendations_exposure seen
                                  WHERE seen.customer_id = v_customer AND seen.offer_id = asked
                                    AND seen.channel = 'page' AND seen.day = v_today)
                ORDER BY nth), 'page');
        END IF;
    END IF;
    RETURN QUERY
        SELECT holds.profile, holds.is_waiting, holds.offer, holds.score, holds.reasons,
               CASE WHEN holds.offer IS NULL THEN NULL
                    WHEN holds.is_unwanted THEN 'unwanted'
                    WHEN EXISTS (SELECT 1 FROM public.recommendations_exposure seen
                                 WHERE seen.customer_id = v_customer AND seen.offer_id = holds.offer
                                   AND seen.channel = 'page' AND seen.day = v_today) THEN NULL
                    WHEN holds.profile = ANY (p_counted) OR NOT public.keeps_caps(v_customer, holds.offer, 'page', v_today)
                        THEN 'capped' END
        FROM public.offers_that_hold(v_customer) AS holds
        WHERE holds.offer IS NULL OR holds.is_unwanted OR holds.place <= 5
        ORDER BY holds.profile, holds.place;
END $$;

-- ── Sending ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Quiet hours by the customer's own clock; they may go past midnight. Replaces what preferences has for it.
CREATE OR REPLACE FUNCTION is_quiet_at(p_local timestamp) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT coalesce(
        CASE WHEN quiet_from < quiet_until THEN p_local::time >= quiet_from AND p_local::time < quiet_until
             ELSE quiet_from <> quiet_until AND (p_local::time >= quiet_from OR p_local::time < quiet_until) END, false)
    FROM public.recommendations_restraint
$$;

-- The same customers for as long as the percentage stands; who is held out stays so when it grows.
CREATE FUNCTION is_held_out(p_customer bigint) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT ('x' || encode(substr(sha256(holdout_salt || convert_to(p_customer::text, 'UTF8')), 1, 4), 'hex'))::bit(32)::bigint
               % 10000 < holdout_percent * 100
    FROM public.recommendations_restraint
$$;

-- Nothing that could tell whoever reads over a shoulder: in a sensitive category, for a sensitive reason, or only for people of
-- a sensitive answer. A veto tells nothing: who does not have what it names may get the offer.
CREATE FUNCTION may_stand_in_mail(p_offer bigint, p_reasons integer[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    WITH RECURSIVE above (id, parent_id, is_sensitive) AS (
        SELECT category.id, category.parent_id, category.is_sensitive
        FROM public.recommendations_offer offer
        JOIN public.recommendations_product product ON product.id = offer.product_id
        JOIN public.recommendations_category category ON category.id = product.category_id
        WHERE offer.id = p_offer
        UNION
        SELECT category.id, category.parent_id, category.is_sensitive
        FROM above JOIN public.recommendations_category category ON category.id = above.parent_id
    )
    SELECT NOT offer.is_sensitive
        AND NOT EXISTS (SELECT 1 FROM above WHERE is_sensitive)
        AND NOT EXISTS (
            SELECT 1 FROM public.preferences_feature feature
            JOIN public.preferences_attribute attribute ON attribute.id = feature.attribute_id AND attribute.is_sensitive
            WHERE feature.id = ANY (p_reasons))
        AND NOT EXISTS (
            SELECT 1 FROM jsonb_path_query(offer.eligibility, '$.**.attribute') AS asked
            JOIN public.preferences_attribute attribute ON attribute.key = asked #>> '{}' AND attribute.is_sensitive)
    FROM public.recommendations_offer offer WHERE offer.id = p_offer
$$;

-- The offers for a letter that was claimed and is not sent yet, best first, counted as sent. None for who is held out. They are
-- about the customer alone: what is for a pet or a child is shown, never sent.
CREATE FUNCTION offers_to_send(p_sending bigint, p_most integer) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint;
    v_fitting bigint[];
BEGIN
    SELECT customer_id INTO v_customer FROM public.preferences_sending
        WHERE id = p_sending AND channel = 'mail' AND sent_at IS NULL AND failed_at IS NULL;
    IF NOT FOUND OR public.is_held_out(v_customer) THEN
        RETURN '{}';
    END IF;
    PERFORM public.lock_customer(v_customer);
    v_fitting := ARRAY(
        SELECT holds.offer FROM public.offers_that_hold(v_customer) AS holds
        JOIN public.preferences_profile profile ON profile.id = holds.profile AND profile.kind = 'self'
        WHERE NOT holds.is_unwanted AND holds.place <= 5 AND public.may_stand_in_mail(holds.offer, holds.reasons)
          AND public.keeps_caps(v_customer, holds.offer, 'mail', public.utc_today())
        ORDER BY holds.place LIMIT p_most);
    RETURN public.count_contacts(v_customer, v_fitting, 'mail');
END $$;

-- A letter that was not sent after all: nobody was contacted. Between days it counts as sent, rather than once too often.
CREATE FUNCTION take_offers_back(p_sending bigint, p_offers bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint;
    v_today date := public.utc_today();
BEGIN
    SELECT customer_id INTO v_customer FROM public.preferences_sending
        WHERE id = p_sending AND channel = 'mail' AND sent_at IS NULL AND failed_at IS NULL;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM public.lock_customer(v_customer);
    PERFORM 1 FROM public.recommendations_offerreach
        WHERE offer_id = ANY (p_offers) AND day = v_today ORDER BY offer_id FOR UPDATE;
    UPDATE public.recommendations_offerreach SET mail_count = mail_count - 1
        WHERE offer_id = ANY (p_offers) AND day = v_today AND mail_count > 0;
    DELETE FROM public.recommendations_exposure
        WHERE customer_id = v_customer AND offer_id = ANY (p_offers) AND channel = 'mail' AND day = v_today AND times = 1;
    UPDATE public.recommendations_exposure SET times = times - 1
        WHERE customer_id = v_customer AND offer_id = ANY (p_offers) AND channel = 'mail' AND day = v_today AND times > 1;
END $$;

-- ── Coming together, and forgetting ─────────────────────────────────────────────────────────────────────────────────────

-- When a device's customer is merged into the account's: what either did not want, the stricter of both; what either saw counts.
CREATE FUNCTION merge_restraint() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_profile bigint;
    v_theirs record;
BEGIN
    SELECT id INTO v_profile FROM public.preferences_profile WHERE customer_id = v_customer AND kind = 'self';
    FOR v_theirs IN
        SELECT suppressed.* FROM public.recommendations_suppression suppressed
        JOIN public.preferences_customer merged ON merged.id = suppressed.customer_id AND merged.merged_into_id = v_customer
        ORDER BY suppressed.id
    LOOP
        UPDATE public.recommendations_suppression AS mine
        SET times = greatest(mine.times, v_theirs.times), noted_at = greatest(mine.noted_at, v_theirs.noted_at),
            reason = CASE WHEN mine.noted_at < v_theirs.noted_at THEN v_theirs.reason ELSE mine.reason END,
            until_at = CASE WHEN mine.until_at IS NOT NULL AND v_theirs.until_at IS NOT NULL
                            THEN greatest(mine.until_at, v_theirs.until_at) END,
            is_over = mine.is_over AND v_theirs.is_over
        WHERE mine.profile_id = v_profile AND mine.offer_id IS NOT DISTINCT FROM v_theirs.offer_id
          AND mine.category_id IS NOT DISTINCT FROM v_theirs.category_id;
        IF NOT FOUND THEN
            UPDATE public.recommendations_suppression SET profile_id = v_profile, customer_id = v_customer
                WHERE id = v_theirs.id;
        END IF;
    END LOOP;
    INSERT INTO public.recommendations_exposure AS mine (customer_id, offer_id, channel, day, times)
        SELECT v_customer, theirs.offer_id, theirs.channel, theirs.day, theirs.times
        FROM public.recommendations_exposure theirs
        JOIN public.preferences_customer merged ON merged.id = theirs.customer_id AND merged.merged_into_id = v_customer
        ORDER BY theirs.offer_id, theirs.channel, theirs.day
        ON CONFLICT (customer_id, offer_id, channel, day) DO UPDATE
            SET times = CASE mine.channel WHEN 'page' THEN 1 ELSE mine.times + excluded.times END;
END $$;

-- What no cap looks at any more.
CREATE FUNCTION forget_exposures() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH kept AS (SELECT public.utc_today() - greatest(7, max(days)::integer) AS since FROM public.recommendations_cap),
    forgotten AS (DELETE FROM public.recommendations_offerreach USING kept WHERE day <= kept.since)
    DELETE FROM public.recommendations_exposure USING kept WHERE day <= kept.since
$$;

DO $$
DECLARE
    ours text;
BEGIN
    FOREACH ours IN ARRAY ARRAY[
        'make_due(bigint[])', 'suppress(bigint, bigint, bigint, bigint, text)', 'dismiss_offer(bigint, bigint, text, boolean)',
        'take_back(bigint, bigint, bigint)', 'end_suppressions(integer)', 'keeps_caps(bigint, bigint, text, date)',
        'count_contacts(bigint, bigint[], text)', 'offers_that_hold(bigint)', 'offers_to_show(bigint[])',
        'is_quiet_at(timestamp)', 'is_held_out(bigint)', 'may_stand_in_mail(bigint, integer[])',
        'offers_to_send(bigint, integer)', 'take_offers_back(bigint, bigint[])', 'merge_restraint()', 'forget_exposures()'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', ours);
        EXECUTE format('ALTER FUNCTION public.%s OWNER TO proffer_functions', ours);
    END LOOP;
END $$;
