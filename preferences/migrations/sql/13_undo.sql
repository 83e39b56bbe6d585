-- Taking back what was just decided about uses, within thirty seconds, once: things are then exactly as they were, with the
-- notice agreed to before and since when. The ledger keeps both.

-- p_events: the ledger entries that the decision made; p_profile: whose item, where it was about one. Nothing happens, and the
-- answer is false, when one of them is not the customer's, is older, or when anything was decided since, undoing included.
CREATE FUNCTION undo_decision(p_events bigint[], p_profile bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_subject uuid;
    v_event public.preferences_consentevent;
    v_before public.preferences_consentevent;
BEGIN
    SELECT subject INTO v_subject FROM public.preferences_ledgersubject WHERE customer_id = v_customer;
    IF cardinality(p_events) = 0 OR cardinality(p_events) <> (
        SELECT count(*) FROM public.preferences_consentevent
        WHERE subject = v_subject AND id = ANY (p_events) AND at > clock_timestamp() - interval '30 seconds'
          AND (kind IN ('paused', 'restricted') OR purpose_id IS NOT NULL
               AND kind IN ('granted', 'withdrawn', 'excluded', 'included', 'objected'))
    ) OR EXISTS (
        SELECT 1 FROM public.preferences_consentevent
        WHERE subject = v_subject AND id <> ALL (p_events)
          AND id > (SELECT min(event) FROM unnest(p_events) AS event)
    ) THEN
        RETURN false;
    END IF;
    IF p_profile IS NOT NULL THEN
        PERFORM public.own_profile(v_customer, p_profile);
    END IF;

    FOR v_event IN SELECT * FROM public.preferences_consentevent WHERE id = ANY (p_events) ORDER BY id DESC LOOP
        -- What held for this use before: the last word on it.
        SELECT * INTO v_before FROM public.preferences_consentevent
        WHERE subject = v_subject AND purpose_id = v_event.purpose_id AND id < v_event.id AND id <> ALL (p_events)
          AND kind IN ('granted', 'withdrawn', 'objected')
        ORDER BY id DESC LIMIT 1;
        CASE v_event.kind
        WHEN 'withdrawn', 'granted' THEN
            IF v_before.kind = 'granted' THEN
                INSERT INTO public.preferences_grant (customer_id, purpose_id, notice_id, language, granted_at)
                VALUES (v_customer, v_event.purpose_id, v_before.notice_id, v_before.language, v_before.at)
                ON CONFLICT (customer_id, purpose_id) DO UPDATE
                    SET notice_id = excluded.notice_id, language = excluded.language, granted_at = excluded.granted_at;
                PERFORM public.note_event(v_customer, 'granted', 'undo', v_event.purpose_id, NULL,
                                          v_before.notice_id, v_before.language);
            ELSE
                DELETE FROM public.preferences_grant
                    WHERE customer_id = v_customer AND purpose_id = v_event.purpose_id;
                PERFORM public.note_event(v_customer, 'withdrawn', 'undo', v_event.purpose_id, NULL,
                                          v_event.notice_id, v_event.language);
                IF v_before.kind = 'objected' AND v_before.source <> 'gpc' THEN
                    INSERT INTO public.preferences_objection (customer_id, purpose_id, objected_at)
                        VALUES (v_customer, v_event.purpose_id, v_before.at) ON CONFLICT DO NOTHING;
                    PERFORM public.note_event(v_customer, 'objected', 'undo', v_event.purpose_id);
                END IF;
            END IF;
        WHEN 'objected' THEN
            DELETE FROM public.preferences_objection
                WHERE customer_id = v_customer AND purpose_id = v_event.purpose_id;
        WHEN 'excluded' THEN
            DELETE FROM public.preferences_exclusion
                WHERE profile_id = p_profile AND purpose_id = v_event.purpose_id AND attribute_id = v_event.attribute_id;
            PERFORM public.note_event(v_customer, 'included', 'undo', v_event.purpose_id, v_event.attribute_id);
        WHEN 'included' THEN
            INSERT INTO public.preferences_exclusion (profile_id, purpose_id, attribute_id, customer_id, excluded_at)
                VALUES (p_profile, v_event.purpose_id, v_event.attribute_id, v_customer, clock_timestamp())
                ON CONFLICT DO NOTHING;
            PERFORM public.note_event(v_customer, 'excluded', 'undo', v_event.purpose_id, v_event.attribute_id);
        WHEN 'paused' THEN
            PERFORM public.resume_uses('undo');
        WHEN 'restricted' THEN
            PERFORM public.lift_restriction('undo');
        END CASE;
    END LOOP;
    PERFORM public.reissue_all(v_customer);
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION public.undo_decision(bigint[], bigint) FROM PUBLIC;
ALTER FUNCTION public.undo_decision(bigint[], bigint) OWNER TO proffer_functions;
