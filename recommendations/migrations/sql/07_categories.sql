-- What was a word on each product becomes a row of its own; its name is the word until a marketer writes a better one.
INSERT INTO recommendations_category (slug, name, is_sensitive)
    SELECT DISTINCT category, jsonb_build_object('en', initcap(replace(replace(category, '_', ' '), '-', ' '))), false
    FROM recommendations_product;
ALTER TABLE recommendations_product ADD COLUMN category_id bigint;
UPDATE recommendations_product product SET category_id = category.id
    FROM recommendations_category category WHERE category.slug = product.category;
ALTER TABLE recommendations_product
    ALTER COLUMN category_id SET NOT NULL,
    DROP COLUMN category,
    ADD CONSTRAINT product_category FOREIGN KEY (category_id) REFERENCES recommendations_category DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX recommendations_product_category_id ON recommendations_product (category_id);
