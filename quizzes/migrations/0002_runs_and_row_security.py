from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"
FILES = ("01_tables.sql", "02_row_security.sql", "03_functions.sql", "04_steps.sql", "05_owners.sql")


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0001_initial"), ("preferences", "0002_consent_core")]
    operations = [
        migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop) for name in FILES
    ]
