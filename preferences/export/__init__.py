"""Everything that is known of a customer, to take along."""
