-- What follows when marketers change a purpose. A change of mind of theirs reaches nobody's values by itself: a purpose that
-- covers less stops using the rest at once, one that covers more waits for a new notice and each customer's word.

-- A notice says, for good, what the purpose covered when it was published.
CREATE FUNCTION note_coverage() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    NEW.covers := ARRAY(SELECT attribute_id FROM public.preferences_purpose_attributes
                        WHERE purpose_id = NEW.purpose_id ORDER BY attribute_id);
    RETURN NEW;
END $$;
CREATE TRIGGER notice_notes_coverage BEFORE INSERT ON preferences_purposenotice
    FOR EACH ROW EXECUTE FUNCTION note_coverage();

-- Takes the purpose's permits away now; the worker issues new ones, for what is still allowed, customer by customer.
-- Whoever is issuing permits is waited for, whoever comes next sees the change.
CREATE FUNCTION recall_permits(p_purpose bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(0);
    INSERT INTO public.preferences_reissuedue (customer_id)
        SELECT customer_id FROM public.preferences_grant WHERE purpose_id = p_purpose ORDER BY customer_id
        ON CONFLICT DO NOTHING;
    PERFORM 1 FROM public.preferences_permit WHERE purpose_id = p_purpose ORDER BY profile_id FOR UPDATE;
    DELETE FROM public.preferences_permit WHERE purpose_id = p_purpose;
END $$;

CREATE FUNCTION recall_for_coverage() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM public.recall_permits(purpose_id) FROM (SELECT DISTINCT purpose_id FROM changed ORDER BY purpose_id) AS purposes;
    RETURN NULL;
END $$;
CREATE TRIGGER coverage_shrinks AFTER DELETE ON preferences_purpose_attributes
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION recall_for_coverage();

CREATE FUNCTION recall_for_purpose() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM public.recall_permits(NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER purpose_changes AFTER UPDATE ON preferences_purpose FOR EACH ROW
    WHEN ((OLD.is_active, OLD.computes_offers, OLD.basis) IS DISTINCT FROM (NEW.is_active, NEW.computes_offers, NEW.basis))
    EXECUTE FUNCTION recall_for_purpose();

-- For the worker: issues the permits of customers who wait for it, a batch at a time, in order.
CREATE FUNCTION reissue_due(p_most integer) RETURNS TABLE (customer bigint, profiles bigint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    FOR customer IN
        SELECT customer_id FROM public.preferences_reissuedue ORDER BY customer_id LIMIT p_most
    LOOP
        PERFORM public.lock_customer(customer);
        DELETE FROM public.preferences_reissuedue WHERE customer_id = customer;
        profiles := ARRAY(SELECT id FROM public.preferences_profile WHERE customer_id = customer);
        PERFORM public.reissue_permits(customer, profiles);
        RETURN NEXT;
    END LOOP;
END $$;
