-- No category belongs to itself by way of others. Two who move categories at once wait for each other: each alone would see
-- a tree without a circle.
CREATE FUNCTION refuse_circles() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('recommendations_category'));
    IF EXISTS (
        WITH RECURSIVE above (id) AS (
            SELECT NEW.parent_id
            UNION
            SELECT category.parent_id FROM public.recommendations_category category JOIN above ON category.id = above.id
        )
        SELECT 1 FROM above WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'category % would belong to itself', NEW.slug
            USING ERRCODE = 'check_violation', CONSTRAINT = 'category_tree_has_no_circle';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER category_tree_has_no_circle AFTER INSERT OR UPDATE OF parent_id ON recommendations_category
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION refuse_circles();

-- What counts as sensitive decides which offers are given at all.
CREATE TRIGGER sensitivity_changes_catalogue AFTER UPDATE OF is_sensitive ON preferences_attribute
    FOR EACH ROW WHEN (OLD.is_sensitive IS DISTINCT FROM NEW.is_sensitive) EXECUTE FUNCTION raise_catalogue();

REVOKE ALL ON FUNCTION public.refuse_circles() FROM PUBLIC;
ALTER FUNCTION public.refuse_circles() OWNER TO proffer_functions;
