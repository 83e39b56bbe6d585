-- Taking an offer. One conditional UPDATE decides about the last one in stock, one unique constraint about once a customer.

-- The code, or NULL when the offer is not (or no longer) among the customer's. Claiming again gives the same code.
CREATE FUNCTION claim_offer(p_offer bigint) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_customer bigint := public.acting_customer();
    v_code text;
    v_is_unlimited boolean;
BEGIN
    SELECT code INTO v_code FROM public.recommendations_claim WHERE customer_id = v_customer AND offer_id = p_offer;
    IF FOUND THEN
        RETURN v_code;
    END IF;

    SELECT offer.code, offer.stock IS NULL INTO v_code, v_is_unlimited
    FROM public.recommendations_tailoredoffers tailored
    JOIN public.preferences_permit permit
        ON permit.profile_id = tailored.profile_id AND permit.purpose_id = tailored.purpose_id
        AND permit.serial = tailored.permit_serial AND permit.expires_at > clock_timestamp()
    JOIN public.preferences_purpose purpose ON purpose.id = permit.purpose_id AND purpose.computes_offers AND purpose.is_active
    JOIN public.recommendations_offer offer ON offer.id = p_offer AND offer.purpose_id = tailored.purpose_id
    WHERE permit.customer_id = v_customer AND p_offer = ANY (tailored.offers)
      AND offer.is_active AND (offer.stock IS NULL OR offer.stock > 0)
      AND (offer.starts_at IS NULL OR offer.starts_at <= clock_timestamp())
      AND (offer.ends_at IS NULL OR offer.ends_at > clock_timestamp());
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF NOT v_is_unlimited THEN
        UPDATE public.recommendations_offer SET stock = stock - 1 WHERE id = p_offer AND stock > 0;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO public.recommendations_claim (customer_id, offer_id, code, claimed_at)
        VALUES (v_customer, p_offer, v_code, clock_timestamp());
    RETURN v_code;
END $$;

-- When a device's customer is merged into the account's, the codes follow; the same offer claimed by both stays one claim.
CREATE FUNCTION merge_claims() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE public.recommendations_claim claim SET customer_id = public.current_customer()
    FROM public.preferences_customer merged
    WHERE merged.id = claim.customer_id AND merged.merged_into_id = public.current_customer()
      AND NOT EXISTS (SELECT 1 FROM public.recommendations_claim mine
                      WHERE mine.customer_id = public.current_customer() AND mine.offer_id = claim.offer_id)
$$;
