from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("preferences", "0013_time_zone"), ("recommendations", "0005_complements")]
    operations = [
        migrations.AddField("suppression", "is_over", models.BooleanField(default=False)),
        migrations.AddIndex(
            "suppression",
            models.Index(
                fields=("until_at",), condition=Q(until_at__isnull=False, is_over=False), name="suppression_to_end"
            ),
        ),
        migrations.CreateModel(
            "OfferReach",
            [
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "offer_id", "day", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="recommendations.offer",
                    ),
                ),
                ("day", models.DateField()),
                ("page_count", models.PositiveIntegerField(default=0)),
                ("mail_count", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.RunSQL((SQL / "13_restraint.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
