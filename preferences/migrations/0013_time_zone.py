from pathlib import Path

from django.db import migrations, models

import preferences.models.requests

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("preferences", "0012_orders")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL((SQL / "21_time_zone.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop)],
            [
                migrations.AddField(
                    model_name="customer",
                    name="time_zone",
                    field=models.CharField(blank=True, default="", max_length=40),
                ),
                migrations.AddField(
                    model_name="brand",
                    name="time_zone",
                    field=models.CharField(
                        default="UTC",
                        help_text="For customers of whom we do not know where they are, such as Europe/Berlin.",
                        max_length=40,
                        validators=[preferences.models.requests.known_time_zone],
                        verbose_name="time zone",
                    ),
                ),
            ],
        ),
    ]
