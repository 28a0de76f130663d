"""The home page finds the latest official answer by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0006_similar_index")]

    operations = [
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", False)), fields=["-answered_at"], name="suggestion_answered"
            ),
        ),
    ]
