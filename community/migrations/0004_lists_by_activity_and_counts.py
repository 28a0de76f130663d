"""The community page reads by last activity, and counts by status come from an index alone."""

from django.db import migrations, models

LISTED = models.Q(("folded_into__isnull", True), ("state", "visible"))


class Migration(migrations.Migration):
    dependencies = [("community", "0003_verbs_need_no_migration")]

    operations = [
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(condition=LISTED, fields=["-active_at", "-post"], name="standing_active"),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(condition=LISTED, fields=["board", "kind", "status"], name="standing_counts"),
        ),
    ]
