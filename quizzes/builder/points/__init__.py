"""The Points page: choices and outcomes as a table."""
