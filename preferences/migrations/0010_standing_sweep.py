from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "21_standing_sweep.sql"


class Migration(migrations.Migration):
    dependencies = [("preferences", "0009_erasures")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
