from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "13_undo.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("preferences", "0005_standing"),
    ]

    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
