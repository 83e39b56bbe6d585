from pathlib import Path

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"
KINDS = [
    ("granted", "granted"),
    ("withdrawn", "withdrawn"),
    ("excluded", "excluded"),
    ("included", "included"),
    ("corrected", "corrected"),
    ("merged", "merged"),
    ("expired", "expired"),
    ("paused", "paused"),
    ("resumed", "resumed"),
    ("objected", "objected"),
    ("superseded", "superseded"),
    ("erased", "erased"),
    ("restricted", "restricted"),
    ("unrestricted", "restriction lifted"),
]


class Migration(migrations.Migration):
    dependencies = [("preferences", "0004_sharing")]

    operations = [
        migrations.AddField(
            model_name="brand",
            name="age_of_consent",
            field=models.PositiveSmallIntegerField(
                default=16,
                help_text="Below this age, in years, nothing that needs consent is asked for or switched on. Counts for what people say of their age from now on.",
                validators=[
                    django.core.validators.MinValueValidator(13),
                    django.core.validators.MaxValueValidator(21),
                ],
                verbose_name="age of consent",
            ),
        ),
        migrations.AlterField(
            model_name="consentevent", name="kind", field=models.CharField(choices=KINDS, max_length=20)
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        serialize=False,
                        to="preferences.customer",
                    ),
                ),
                ("paused_until", models.DateTimeField(null=True)),
                ("restricted_at", models.DateTimeField(null=True)),
                ("is_minor", models.BooleanField(default=False)),
                ("of_age_on", models.DateField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("paused_until__isnull", False)), fields=["paused_until"], name="pauses_end"
                    ),
                    models.Index(
                        condition=models.Q(("of_age_on__isnull", False)), fields=["of_age_on"], name="minors_come_of_age"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("of_age_on", None), ("is_minor", True), _connector="OR"),
                        name="only_minors_come_of_age",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "customer_id", "purpose_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("objected_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="preferences.customer",
                    ),
                ),
                (
                    "purpose",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="objections",
                        to="preferences.purpose",
                    ),
                ),
            ],
        ),
        *(
            migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)
            for name in ("11_standing.sql", "12_grants_in_force.sql")
        ),
    ]
