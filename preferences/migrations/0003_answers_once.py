from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "09_reuse.sql"


class Migration(migrations.Migration):
    dependencies = [("preferences", "0002_consent_core")]
    operations = [
        migrations.AddField(
            model_name="purpose",
            name="answers_once",
            field=models.BooleanField(
                default=False,
                help_text="When a quiz asks what the customer told before, their answer is filled in for them to confirm.",
                verbose_name="fills in answers",
            ),
        ),
        migrations.AddConstraint(
            model_name="purpose",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis", "consent"), ("answers_once", False), _connector="OR"),
                name="filling_in_needs_consent",
            ),
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
