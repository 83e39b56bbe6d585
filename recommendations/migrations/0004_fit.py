from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("preferences", "0011_permit_attributes"), ("recommendations", "0003_fit_and_restraint")]
    operations = [
        migrations.RunSQL((SQL / "11_fit.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
