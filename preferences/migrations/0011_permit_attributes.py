from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("preferences", "0010_fewer_indexes")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    (SQL / "19_permit_attributes.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop
                )
            ],
            [
                migrations.AddField(
                    model_name="permit",
                    name="attributes",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                    preserve_default=False,
                )
            ],
        ),
        migrations.AlterField(
            model_name="uselog",
            name="purpose",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="preferences.purpose",
            ),
        ),
    ]
