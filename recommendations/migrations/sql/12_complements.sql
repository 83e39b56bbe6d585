-- What was bought is told in products: each is a value of the attribute `purchases`, by its slug as it stands, with a
-- feature of its own. The database keeps the two in step however a product comes to be: by hand, from a file, in a demo. A
-- value never goes: who bought what is no longer sold can still read what it was.

CREATE FUNCTION keep_in_purchases(p_products bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_attribute bigint;
BEGIN
    SELECT id INTO v_attribute FROM public.preferences_attribute WHERE key = 'purchases' AND kind = 'multi';
    IF NOT FOUND THEN
        RETURN;
    END IF;
    INSERT INTO public.preferences_attributevalue AS known (attribute_id, value, label, position)
        SELECT v_attribute, slug, name, 0 FROM public.recommendations_product WHERE id = ANY (p_products) ORDER BY id
        ON CONFLICT (attribute_id, value) DO UPDATE SET label = excluded.label WHERE known.label <> excluded.label;
    INSERT INTO public.preferences_feature (attribute_id, code)
        SELECT v_attribute, product.slug FROM public.recommendations_product product
        WHERE product.id = ANY (p_products) AND NOT EXISTS (
            SELECT 1 FROM public.preferences_feature feature
            WHERE feature.attribute_id = v_attribute AND feature.code = product.slug)
        ORDER BY product.id
        ON CONFLICT (attribute_id, code) DO NOTHING;
END $$;

CREATE FUNCTION keep_changed_in_purchases() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM public.keep_in_purchases(ARRAY(SELECT id FROM changed));
    RETURN NULL;
END $$;
CREATE TRIGGER new_products_can_be_bought AFTER INSERT ON recommendations_product
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_changed_in_purchases();
CREATE TRIGGER products_can_be_bought AFTER UPDATE ON recommendations_product
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_changed_in_purchases();

CREATE FUNCTION begin_purchases() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM public.keep_in_purchases(ARRAY(SELECT id FROM public.recommendations_product));
    RETURN NULL;
END $$;
CREATE TRIGGER purchases_begin AFTER INSERT ON preferences_attribute FOR EACH ROW
    WHEN (NEW.key = 'purchases') EXECUTE FUNCTION begin_purchases();

CREATE TRIGGER afterpurchase_changes_catalogue AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON recommendations_afterpurchase
    FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue();

-- Only edges that count decide anything, and only for the offers of what they suggest: what waits for a marketer changes
-- nobody's offers.
CREATE FUNCTION note_complements() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM public.note_change(ARRAY(
        SELECT DISTINCT offer.id FROM changed
        JOIN public.recommendations_offer offer ON offer.product_id = changed.suggested_id
        WHERE changed.is_active ORDER BY offer.id));
    RETURN NULL;
END $$;

CREATE FUNCTION note_changed_complements() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM public.note_change(ARRAY(
        SELECT DISTINCT offer.id FROM (
            (SELECT product_id, suggested_id, weight FROM earlier WHERE is_active
             EXCEPT SELECT product_id, suggested_id, weight FROM later WHERE is_active)
            UNION ALL
            (SELECT product_id, suggested_id, weight FROM later WHERE is_active
             EXCEPT SELECT product_id, suggested_id, weight FROM earlier WHERE is_active)
        ) AS differs
        JOIN public.recommendations_offer offer ON offer.product_id = differs.suggested_id
        ORDER BY offer.id));
    RETURN NULL;
END $$;

DROP TRIGGER complement_changes_catalogue ON recommendations_complement;
CREATE TRIGGER new_complements AFTER INSERT ON recommendations_complement REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_complements();
CREATE TRIGGER gone_complements AFTER DELETE ON recommendations_complement REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_complements();
CREATE TRIGGER other_complements AFTER UPDATE ON recommendations_complement
    REFERENCING OLD TABLE AS earlier NEW TABLE AS later FOR EACH STATEMENT EXECUTE FUNCTION note_changed_complements();
CREATE TRIGGER no_complements AFTER TRUNCATE ON recommendations_complement
    FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue();

-- Suggestions. A marketer who deletes one has declined it; what the function below takes back itself, nobody has.
ALTER TABLE recommendations_declinedcomplement
    ADD FOREIGN KEY (product_id) REFERENCES recommendations_product ON DELETE CASCADE,
    ADD FOREIGN KEY (suggested_id) REFERENCES recommendations_product ON DELETE CASCADE;

CREATE FUNCTION note_declined() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF coalesce(current_setting('proffer.suggesting', true), '') = '' THEN
        INSERT INTO public.recommendations_declinedcomplement (product_id, suggested_id)
        SELECT OLD.product_id, OLD.suggested_id
        FROM public.recommendations_product product, public.recommendations_product suggested
        WHERE product.id = OLD.product_id AND suggested.id = OLD.suggested_id  -- else they go, not the suggestion
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER suggestion_declined AFTER DELETE ON recommendations_complement FOR EACH ROW
    WHEN (OLD.origin = 'bought_together') EXECUTE FUNCTION note_declined();

-- For the offers process: these are the suggestions of now. New ones wait for a marketer; those that wait already get
-- their new strength, or go if nothing speaks for them any more. An edge that a marketer set or accepted is left alone.
-- Returns how many are new.
CREATE FUNCTION suggest_complements(p_products bigint[], p_suggested bigint[], p_weights double precision[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_new integer;
BEGIN
    IF cardinality(p_products) <> cardinality(p_suggested) OR cardinality(p_products) <> cardinality(p_weights) THEN
        RAISE EXCEPTION 'the arrays do not fit each other' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM set_config('proffer.suggesting', 'yes', true);
    DELETE FROM public.recommendations_complement edge
    WHERE edge.origin = 'bought_together' AND NOT edge.is_active AND NOT EXISTS (
        SELECT 1 FROM unnest(p_products, p_suggested) AS found (product_id, suggested_id)
        WHERE found.product_id = edge.product_id AND found.suggested_id = edge.suggested_id);
    PERFORM set_config('proffer.suggesting', '', true);

    UPDATE public.recommendations_complement edge SET weight = found.weight
    FROM unnest(p_products, p_suggested, p_weights) AS found (product_id, suggested_id, weight)
    WHERE edge.product_id = found.product_id AND edge.suggested_id = found.suggested_id
      AND edge.origin = 'bought_together' AND NOT edge.is_active AND edge.weight <> found.weight;

    INSERT INTO public.recommendations_complement (product_id, suggested_id, weight, origin, is_active)
    SELECT found.product_id, found.suggested_id, found.weight, 'bought_together', false
    FROM unnest(p_products, p_suggested, p_weights) AS found (product_id, suggested_id, weight)
    JOIN public.recommendations_product product ON product.id = found.product_id
    JOIN public.recommendations_product suggested ON suggested.id = found.suggested_id
    WHERE NOT EXISTS (
        SELECT 1 FROM public.recommendations_declinedcomplement declined
        WHERE declined.product_id = found.product_id AND declined.suggested_id = found.suggested_id)
    ORDER BY found.product_id, found.suggested_id
    ON CONFLICT (product_id, suggested_id) DO NOTHING;
    GET DIAGNOSTICS v_new = ROW_COUNT;
    RETURN v_new;
END $$;

DO $$
DECLARE
    ours text;
BEGIN
    FOREACH ours IN ARRAY ARRAY[
        'keep_in_purchases(bigint[])', 'keep_changed_in_purchases()', 'begin_purchases()', 'note_declined()',
        'note_complements()', 'note_changed_complements()',
        'suggest_complements(bigint[], bigint[], double precision[])'
    ] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', ours);
        EXECUTE format('ALTER FUNCTION public.%s OWNER TO proffer_functions', ours);
    END LOOP;
END $$;
