"""`make bench`: what the documentation claims, measured beside its baselines, on a database and a site of its own."""
