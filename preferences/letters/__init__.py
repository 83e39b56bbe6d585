"""Letters, written and sent by the worker alone. Whether one may go, the database says (migrations/sql/14_mail.sql)."""
