"""Makes a PostgreSQL server ready: roles, database, migrations, grants. Safe to run again at every deployment."""
