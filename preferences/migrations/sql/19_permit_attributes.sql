-- A permit also says which attributes its features are of, so that the use log can be written from it at no cost. And the
-- rows that a computation writes by the million carry no index that nobody asks.
ALTER TABLE preferences_permit ADD COLUMN attributes integer[] NOT NULL DEFAULT '{}';
UPDATE preferences_permit permit SET attributes = ARRAY(
    SELECT DISTINCT feature.attribute_id::integer FROM preferences_feature feature
    WHERE feature.id = ANY (permit.features) ORDER BY 1);

-- What keys would check and lock for each of those rows, a row of the log having a permit's profile, customer and purpose
-- anyway, is done when one of these goes or moves, which is seldom. The triggers come after the keys' own (by name), which
-- wait for whoever is writing from a permit.
DO $$
DECLARE
    theirs text;
BEGIN
    FOR theirs IN SELECT conname FROM pg_constraint WHERE conrelid = 'preferences_uselog'::regclass AND contype = 'f' LOOP
        EXECUTE format('ALTER TABLE preferences_uselog DROP CONSTRAINT %I', theirs);
    END LOOP;
END $$;
CREATE FUNCTION follow_profile() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM public.preferences_uselog WHERE profile_id = OLD.id;
    ELSE
        UPDATE public.preferences_uselog SET customer_id = NEW.customer_id WHERE profile_id = OLD.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER zz_uses_follow_profile AFTER DELETE ON preferences_profile FOR EACH ROW EXECUTE FUNCTION follow_profile();
CREATE TRIGGER zz_uses_follow_customer AFTER UPDATE OF customer_id ON preferences_profile
    FOR EACH ROW WHEN (OLD.customer_id <> NEW.customer_id) EXECUTE FUNCTION follow_profile();
CREATE FUNCTION keep_used_purpose() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM public.preferences_uselog WHERE purpose_id = OLD.id) THEN
        RAISE EXCEPTION 'the use log still names this purpose' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER used_purpose_stays BEFORE DELETE ON preferences_purpose FOR EACH ROW EXECUTE FUNCTION keep_used_purpose();
DO $$
DECLARE
    ours text;
BEGIN
    FOREACH ours IN ARRAY ARRAY['follow_profile()', 'keep_used_purpose()'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION public.%s FROM PUBLIC', ours);
        EXECUTE format('ALTER FUNCTION public.%s OWNER TO proffer_functions', ours);
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION reissue_permits(p_customer bigint, p_profiles bigint[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM 1 FROM public.preferences_permit
        WHERE customer_id = p_customer AND profile_id = ANY (p_profiles)
        ORDER BY profile_id, purpose_id FOR UPDATE;
    DELETE FROM public.preferences_permit WHERE customer_id = p_customer AND profile_id = ANY (p_profiles);

    WITH usable AS (
        SELECT told.profile_id, granted.purpose_id, told.attribute_id, told.features, told.expires_at
        FROM public.preferences_preference told
        JOIN public.grants_in_force granted
            ON granted.customer_id = told.customer_id AND told.attribute_id = ANY (granted.covers)
        JOIN public.preferences_purpose_attributes covered
            ON covered.purpose_id = granted.purpose_id AND covered.attribute_id = told.attribute_id
        WHERE told.customer_id = p_customer AND told.profile_id = ANY (p_profiles)
          AND told.ended_at IS NULL AND told.expires_at > clock_timestamp() AND told.features <> '{}'
          AND NOT EXISTS (
              SELECT 1 FROM public.preferences_exclusion excluded
              WHERE excluded.profile_id = told.profile_id AND excluded.purpose_id = granted.purpose_id
                AND excluded.attribute_id = told.attribute_id)
    ), issued AS (
        INSERT INTO public.preferences_permit (
            profile_id, purpose_id, customer_id, serial, features, attributes, expires_at, issued_at)
        SELECT profile_id, purpose_id, p_customer, nextval('public.preferences_permit_serial'),
               array_agg(DISTINCT feature ORDER BY feature),
               array_agg(DISTINCT attribute_id::integer ORDER BY attribute_id::integer),
               min(expires_at), clock_timestamp()
        FROM usable, unnest(features) AS feature
        GROUP BY profile_id, purpose_id
        RETURNING profile_id, purpose_id, serial
    )
    INSERT INTO public.preferences_computationdue (profile_id, purpose_id, serial, catalogue, due_at)
    SELECT issued.profile_id, issued.purpose_id, issued.serial, 0, clock_timestamp()
    FROM issued JOIN public.preferences_purpose purpose ON purpose.id = issued.purpose_id AND purpose.computes_offers;
END $$;
