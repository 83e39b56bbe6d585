-- Tailored offers live exactly as long as the permit they were computed under. The key names the permit's serial, so what
-- was computed under one permit can never stand under the next.
ALTER TABLE recommendations_tailoredoffers
    ALTER COLUMN scores TYPE real[],
    ADD FOREIGN KEY (profile_id, purpose_id, permit_serial)
        REFERENCES preferences_permit (profile_id, purpose_id, serial) ON DELETE CASCADE,
    ADD CONSTRAINT tailored_shape CHECK (
        cardinality(offers) <= 5 AND cardinality(scores) = cardinality(offers)
        AND cardinality(reasons) = 3 * cardinality(offers));

-- A claim hangs on its customer alone: no withdrawal takes a code back, erasing the customer does.
ALTER TABLE recommendations_claim
    ADD FOREIGN KEY (customer_id) REFERENCES preferences_customer ON DELETE CASCADE;

INSERT INTO recommendations_catalogue (id, version, openings_noted_at, sold_out) VALUES (1, 1, clock_timestamp(), '{}');
