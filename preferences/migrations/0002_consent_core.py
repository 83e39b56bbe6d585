from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"
FILES = (
    "01_tables.sql",
    "02_row_security.sql",
    "03_permits.sql",
    "04_consent.sql",
    "05_told.sql",
    "06_customers.sql",
    "07_purposes.sql",
    "08_owners.sql",
)


class Migration(migrations.Migration):
    dependencies = [("preferences", "0001_initial")]
    operations = [
        migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop) for name in FILES
    ]
