-- The catalogue's version is raised by whatever decides who gets what. Tailored offers carry the version they were computed
-- from, so "computed from an older catalogue" is a fact one can ask for, and changing an offer locks no customer's permit.

-- New and deleted offers and weights always count; a changed offer counts when a column that scoring reads has changed.
-- Stock is not among them: it changes with every claim, and only its coming to an end matters (see note_openings).
CREATE FUNCTION raise_catalogue() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE public.recommendations_catalogue SET version = version + 1;
    RETURN NULL;
END $$;

CREATE FUNCTION raise_catalogue_for_offers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (
        SELECT id, purpose_id, prior, priority, eligibility, veto, starts_at, ends_at, is_active FROM earlier
        EXCEPT
        SELECT id, purpose_id, prior, priority, eligibility, veto, starts_at, ends_at, is_active FROM later
    ) THEN
        UPDATE public.recommendations_catalogue SET version = version + 1;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER offer_changes_catalogue AFTER UPDATE ON recommendations_offer
    REFERENCING OLD TABLE AS earlier NEW TABLE AS later
    FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue_for_offers();
CREATE TRIGGER offers_change_catalogue AFTER INSERT OR DELETE OR TRUNCATE ON recommendations_offer
    FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue();
CREATE TRIGGER weights_change_catalogue AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON recommendations_offerweight
    FOR EACH STATEMENT EXECUTE FUNCTION raise_catalogue();

-- What nobody's edit announces: an offer whose window has opened or closed, one that has sold out or is in stock again.
CREATE FUNCTION note_openings() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_sold_out bigint[] := ARRAY(SELECT id FROM public.recommendations_offer WHERE stock = 0 ORDER BY id);
BEGIN
    UPDATE public.recommendations_catalogue catalogue
    SET version = version + 1, openings_noted_at = v_now, sold_out = v_sold_out
    WHERE catalogue.sold_out <> v_sold_out
       OR EXISTS (SELECT 1 FROM public.recommendations_offer offer
                  WHERE (offer.starts_at > catalogue.openings_noted_at AND offer.starts_at <= v_now)
                     OR (offer.ends_at > catalogue.openings_noted_at AND offer.ends_at <= v_now));
    RETURN FOUND;
END $$;
