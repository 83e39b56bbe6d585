import django.db.models.deletion
from django.db import migrations, models
from pathlib import Path

SQL = Path(__file__).parent / "sql"
OFFER, CATEGORY = "recommendations.offer", "recommendations.category"


def in_the_database(to, **options):
    """The database lets go of the row, so Django does nothing."""
    return models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to=to, **options)


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0006_restraint"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunSQL((SQL / "14_audience.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL((SQL / "15_deleting.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop)
            ],
            state_operations=[
                migrations.AlterField("suppression", "offer", in_the_database(OFFER, null=True)),
                migrations.AlterField("suppression", "category", in_the_database(CATEGORY, null=True)),
                migrations.AlterField("exposure", "offer", in_the_database(OFFER)),
                migrations.AlterField("offerreach", "offer", in_the_database(OFFER, db_index=False)),
            ],
        ),
    ]
