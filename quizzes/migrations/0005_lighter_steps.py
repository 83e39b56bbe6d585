from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "sql" / "07_lighter_steps.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0004_opening"), ("preferences", "0003_answers_once")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
