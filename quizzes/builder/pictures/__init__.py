"""Pictures in the builder's forms."""
