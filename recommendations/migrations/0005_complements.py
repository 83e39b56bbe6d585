from pathlib import Path

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "12_complements.sql"


def towards_product() -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to="recommendations.product",
    )


def against(name: str, default: int, help_text: str) -> models.FloatField:
    return models.FloatField(
        default=default,
        help_text=help_text,
        validators=[django.core.validators.MinValueValidator(-10), django.core.validators.MaxValueValidator(0)],
        verbose_name=name,
    )


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0004_fit"), ("preferences", "0012_orders")]

    operations = [
        migrations.CreateModel(
            name="AfterPurchase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "bought",
                    against(
                        "what was bought",
                        -10,
                        "How much it speaks against offering the same again, down to -10, which means never.",
                    ),
                ),
                (
                    "substitutes",
                    against(
                        "what stands in for it",
                        -4,
                        "How much it speaks against others of the same category, down to -10, which means never.",
                    ),
                ),
                (
                    "distance",
                    models.PositiveSmallIntegerField(
                        default=2,
                        help_text="Steps in the tree of categories, up and down, from a purchase to what goes with "
                        "it: 2 reaches the categories beside its own. Complements farther away count for nothing, "
                        "whoever set them.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(6),
                        ],
                        verbose_name="how far it speaks",
                    ),
                ),
            ],
            options={"verbose_name": "after a purchase", "verbose_name_plural": "after a purchase"},
        ),
        migrations.AddConstraint(
            model_name="afterpurchase",
            constraint=models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_after_purchase"),
        ),
        migrations.AddConstraint(
            model_name="afterpurchase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("bought__gte", -10), ("bought__lte", 0), ("substitutes__gte", -10), ("substitutes__lte", 0)
                ),
                name="purchases_speak_against_their_like",
            ),
        ),
        migrations.AddConstraint(
            model_name="afterpurchase",
            constraint=models.CheckConstraint(
                condition=models.Q(("distance__gte", 1), ("distance__lte", 6)), name="purchases_speak_so_far"
            ),
        ),
        migrations.CreateModel(
            name="DeclinedComplement",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "product_id", "suggested_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("product", towards_product()),
                ("suggested", towards_product()),
            ],
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
