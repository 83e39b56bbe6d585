-- Uses that share with others, and the browser's objection to them (Global Privacy Control). While the browser objects,
-- they are off, and in that transaction nothing switches them on.

-- Withdraws them and notes the objection once: again only after one of them had been switched on in between.
CREATE FUNCTION object_to_sharing() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_shared record;
    v_withdrawn integer := 0;
BEGIN
    PERFORM set_config('proffer.objects_to_sharing', 'yes', true);
    FOR v_shared IN
        SELECT purpose.id, purpose.slug, granted.customer_id IS NOT NULL AS is_on
        FROM public.preferences_purpose purpose
        LEFT JOIN public.preferences_grant granted
            ON granted.purpose_id = purpose.id AND granted.customer_id = v_customer
        WHERE purpose.is_shared AND purpose.is_active ORDER BY purpose.id
    LOOP
        IF v_shared.is_on THEN
            PERFORM public.withdraw_purpose(v_shared.slug, 'gpc');
            v_withdrawn := v_withdrawn + 1;
        END IF;
        IF 'objected' IS DISTINCT FROM (
            SELECT event.kind FROM public.preferences_consentevent event
            JOIN public.preferences_ledgersubject tie ON tie.subject = event.subject
            WHERE tie.customer_id = v_customer AND event.purpose_id = v_shared.id ORDER BY event.id DESC LIMIT 1
        ) THEN
            PERFORM public.note_event(v_customer, 'objected', 'gpc', v_shared.id);
        END IF;
    END LOOP;
    RETURN v_withdrawn;
END $$;

CREATE FUNCTION refuse_shared_grant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF current_setting('proffer.objects_to_sharing', true) = 'yes'
        AND EXISTS (SELECT 1 FROM public.preferences_purpose WHERE id = NEW.purpose_id AND is_shared) THEN
        RAISE EXCEPTION 'the browser objects to sharing' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refuse_shared_grant BEFORE INSERT OR UPDATE ON preferences_grant
    FOR EACH ROW EXECUTE FUNCTION refuse_shared_grant();

DO $$
DECLARE
    ours text;
BEGIN
    FOREACH ours IN ARRAY ARRAY['object_to_sharing()', 'refuse_shared_grant()'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', ours);
        EXECUTE format('ALTER FUNCTION public.%s OWNER TO proffer_functions', ours);
    END LOOP;
END $$;
