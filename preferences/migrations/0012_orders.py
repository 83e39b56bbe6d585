from pathlib import Path

from django.core.validators import RegexValidator
from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "20_orders.sql"


class Migration(migrations.Migration):
    dependencies = [("preferences", "0011_permit_attributes"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [
        # A product's slug is a value as it stands; what marketers write keeps to `code_format`.
        migrations.AlterField(
            model_name="attributevalue",
            name="value",
            field=models.CharField(
                max_length=80,
                validators=[
                    RegexValidator("^[a-z0-9][a-z0-9_]{0,49}\\Z", "Use small letters, digits and underscores.")
                ],
                verbose_name="value",
            ),
        ),
        migrations.AlterField(model_name="feature", name="code", field=models.CharField(max_length=80)),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)],
            [
                migrations.AddField(
                    model_name="preference", name="orders", field=models.JSONField(default=list, editable=False)
                )
            ],
        ),
    ]
