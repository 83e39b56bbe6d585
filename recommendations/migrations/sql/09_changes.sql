-- The catalogue's version is raised by whatever decides who gets what, and each version says what raised it: these offers,
-- or (a row without one) anything. So a pass over everybody after one changed offer looks at that offer alone.

-- Far more than one looks at again; whoever is further behind is computed as a whole.
CREATE FUNCTION note_change(p_offers bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_version bigint;
BEGIN
    IF cardinality(p_offers) = 0 THEN
        RETURN;
    END IF;
    UPDATE public.recommendations_catalogue SET version = version + 1 RETURNING version INTO v_version;
    IF cardinality(p_offers) > 50 THEN
        p_offers := NULL;
    END IF;
    INSERT INTO public.recommendations_cataloguechange (version, offer_id)
        SELECT v_version, offer FROM unnest(coalesce(p_offers, ARRAY[NULL::bigint])) AS offer;
    DELETE FROM public.recommendations_cataloguechange WHERE version <= v_version - 1000;
END $$;

-- For what may concern any offer: categories, who has which trait, and whole tables emptied.
CREATE OR REPLACE FUNCTION raise_catalogue() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM public.note_change(NULL);
    RETURN NULL;
END $$;

-- New and deleted offers always count; a changed offer counts when a column that scoring reads has changed. Stock is not
-- among them: it changes with every claim, and only its coming to an end matters (see note_openings).
CREATE FUNCTION note_offers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM public.note_change(ARRAY(SELECT id FROM changed ORDER BY id));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION raise_catalogue_for_offers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM public.note_change(ARRAY(
        SELECT DISTINCT id FROM (
            SELECT id, purpose_id, product_id, prior, priority, eligibility, veto, is_sensitive, starts_at, ends_at, is_active
            FROM earlier
            EXCEPT
            SELECT id, purpose_id, product_id, prior, priority, eligibility, veto, is_sensitive, starts_at, ends_at, is_active
            FROM later
        ) AS differs ORDER BY id));
    RETURN NULL;
END $$;

CREATE FUNCTION note_weights() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM public.note_change(ARRAY(SELECT DISTINCT offer_id FROM changed ORDER BY offer_id));
    RETURN NULL;
END $$;

CREATE FUNCTION note_changed_weights() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM public.note_change(ARRAY(
        SELECT DISTINCT offer_id FROM (
            (SELECT offer_id, feature_id, weight FROM earlier EXCEPT SELECT offer_id, feature_id, weight FROM later)
            UNION ALL
            (SELECT offer_id, feature_id, weight FROM later EXCEPT SELECT offer_id, feature_id, weight FROM earlier)
        ) AS differs ORDER BY offer_id));
    RETURN NULL;
END $$;

DROP TRIGGER offers_change_catalogue ON recommendations_offer;
DROP TRIGGER weights_change_catalogue ON recommendations_offerweight;
CREATE TRIGGER new_offers AFTER INSERT ON recommendations_offer REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_offers();
CREATE TRIGGER gone_offers AFTER DELETE ON recommendations_offer REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_offers();
CREATE TRIGGER no_offers AFTER TRUNCATE ON recommendations_offer FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue();
CREATE TRIGGER new_weights AFTER INSERT ON recommendations_offerweight REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_weights();
CREATE TRIGGER gone_weights AFTER DELETE ON recommendations_offerweight REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_weights();
CREATE TRIGGER other_weights AFTER UPDATE ON recommendations_offerweight REFERENCING OLD TABLE AS earlier NEW TABLE AS later
    FOR EACH STATEMENT EXECUTE FUNCTION note_changed_weights();
CREATE TRIGGER no_weights AFTER TRUNCATE ON recommendations_offerweight FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue();

-- A product's words and price decide nothing.
CREATE FUNCTION note_products() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT id, slug, category_id FROM earlier EXCEPT SELECT id, slug, category_id FROM later) THEN
        PERFORM public.note_change(NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER product_changes_catalogue AFTER UPDATE ON recommendations_product
    REFERENCING OLD TABLE AS earlier NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION note_products();

-- How much an answer speaks for a trait concerns the offers of the products that have it.
CREATE FUNCTION note_trait_weights() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM public.note_change(ARRAY(
        SELECT DISTINCT offer.id FROM changed
        JOIN public.recommendations_product_traits theirs ON theirs.trait_id = changed.trait_id
        JOIN public.recommendations_offer offer ON offer.product_id = theirs.product_id
        ORDER BY offer.id));
    RETURN NULL;
END $$;
CREATE TRIGGER new_trait_weights AFTER INSERT ON recommendations_traitweight REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_trait_weights();
CREATE TRIGGER other_trait_weights AFTER UPDATE ON recommendations_traitweight REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_trait_weights();
CREATE TRIGGER gone_trait_weights AFTER DELETE ON recommendations_traitweight REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_trait_weights();
CREATE TRIGGER no_trait_weights AFTER TRUNCATE ON recommendations_traitweight
    FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue();

DO $$
DECLARE
    shared text;
BEGIN
    FOREACH shared IN ARRAY ARRAY['category', 'product_traits', 'complement'] LOOP
        EXECUTE format(
            'CREATE TRIGGER %1$s_changes_catalogue AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON recommendations_%1$s '
            'FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue()', shared);
    END LOOP;
END $$;

-- What nobody's edit announces: an offer whose window has opened or closed, one that has sold out or is in stock again.
CREATE OR REPLACE FUNCTION note_openings() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_sold_out bigint[] := ARRAY(SELECT id FROM public.recommendations_offer WHERE stock = 0 ORDER BY id);
    v_concerned bigint[];
BEGIN
    SELECT ARRAY(
        SELECT id FROM public.recommendations_offer
        WHERE (starts_at > catalogue.openings_noted_at AND starts_at <= v_now)
           OR (ends_at > catalogue.openings_noted_at AND ends_at <= v_now)
           OR (id = ANY (v_sold_out)) <> (id = ANY (catalogue.sold_out))
        ORDER BY id)
    INTO v_concerned FROM public.recommendations_catalogue catalogue;
    IF v_concerned = '{}' THEN
        RETURN false;
    END IF;
    UPDATE public.recommendations_catalogue SET openings_noted_at = v_now, sold_out = v_sold_out;
    PERFORM public.note_change(v_concerned);
    RETURN true;
END $$;

DO $$
DECLARE
    ours text;
BEGIN
    FOREACH ours IN ARRAY ARRAY[
        'note_change(bigint[])', 'note_offers()', 'note_weights()', 'note_changed_weights()', 'note_products()',
        'note_trait_weights()'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', ours);
        EXECUTE format('ALTER FUNCTION public.%s OWNER TO proffer_functions', ours);
    END LOOP;
END $$;
