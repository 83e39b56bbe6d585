-- Keys between rows of one customer. They cascade, so erasing a customer is one DELETE, and a row can never carry another
-- customer than its profile does: that is what row security filters by.

ALTER TABLE preferences_customer
    ADD FOREIGN KEY (user_id) REFERENCES auth_user ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    ADD FOREIGN KEY (merged_into_id) REFERENCES preferences_customer ON DELETE CASCADE;
ALTER TABLE preferences_device
    ADD FOREIGN KEY (customer_id) REFERENCES preferences_customer ON DELETE CASCADE;
ALTER TABLE preferences_profile
    ADD FOREIGN KEY (customer_id) REFERENCES preferences_customer ON DELETE CASCADE;
ALTER TABLE preferences_preference
    ADD FOREIGN KEY (profile_id, customer_id) REFERENCES preferences_profile (id, customer_id) ON DELETE CASCADE ON UPDATE CASCADE,
    ADD FOREIGN KEY (attribute_id) REFERENCES preferences_attribute;
ALTER TABLE preferences_grant
    ADD FOREIGN KEY (customer_id) REFERENCES preferences_customer ON DELETE CASCADE,
    ADD FOREIGN KEY (purpose_id) REFERENCES preferences_purpose,
    ADD FOREIGN KEY (notice_id) REFERENCES preferences_purposenotice;
ALTER TABLE preferences_exclusion
    ADD FOREIGN KEY (profile_id, customer_id) REFERENCES preferences_profile (id, customer_id) ON DELETE CASCADE ON UPDATE CASCADE,
    ADD FOREIGN KEY (purpose_id) REFERENCES preferences_purpose,
    ADD FOREIGN KEY (attribute_id) REFERENCES preferences_attribute;
ALTER TABLE preferences_ledgersubject
    ADD FOREIGN KEY (customer_id) REFERENCES preferences_customer ON DELETE CASCADE;
ALTER TABLE preferences_consentevent
    ADD FOREIGN KEY (purpose_id) REFERENCES preferences_purpose,
    ADD FOREIGN KEY (attribute_id) REFERENCES preferences_attribute,
    ADD FOREIGN KEY (notice_id) REFERENCES preferences_purposenotice;
ALTER TABLE preferences_permit
    ADD FOREIGN KEY (profile_id, customer_id) REFERENCES preferences_profile (id, customer_id) ON DELETE CASCADE,
    ADD FOREIGN KEY (purpose_id) REFERENCES preferences_purpose;
ALTER TABLE preferences_computationdue
    ADD FOREIGN KEY (profile_id, purpose_id, serial)
        REFERENCES preferences_permit (profile_id, purpose_id, serial) ON DELETE CASCADE;
ALTER TABLE preferences_uselog
    ADD FOREIGN KEY (profile_id, customer_id) REFERENCES preferences_profile (id, customer_id) ON DELETE CASCADE ON UPDATE CASCADE,
    ADD FOREIGN KEY (purpose_id) REFERENCES preferences_purpose;

ALTER TABLE preferences_reissuedue
    ADD FOREIGN KEY (customer_id) REFERENCES preferences_customer ON DELETE CASCADE;

CREATE INDEX preferences_device_customer ON preferences_device (customer_id);
CREATE INDEX preferences_permit_customer ON preferences_permit (customer_id);
CREATE INDEX preferences_uselog_customer ON preferences_uselog (customer_id);
CREATE INDEX preferences_customer_merged ON preferences_customer (merged_into_id) WHERE merged_into_id IS NOT NULL;

-- One sequence for all permits: a serial is never used twice, so a late writer can never meet its permit's namesake.
CREATE SEQUENCE preferences_permit_serial;

-- The one row of a notice's text never changes once it is published.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION '% is never changed: make a new version', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER notice_is_immutable BEFORE UPDATE ON preferences_purposenotice
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
