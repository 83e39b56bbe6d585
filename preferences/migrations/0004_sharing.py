from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "10_sharing.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("preferences", "0003_answers_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="purpose",
            name="is_shared",
            field=models.BooleanField(
                default=False,
                help_text="What it covers leaves us, or serves advertising elsewhere. It stays off for whoever's browser sends the Global Privacy Control signal.",
                verbose_name="shares with others",
            ),
        ),
        migrations.AddConstraint(
            model_name="purpose",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis", "consent"), ("is_shared", False), _connector="OR"),
                name="sharing_needs_consent",
            ),
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
