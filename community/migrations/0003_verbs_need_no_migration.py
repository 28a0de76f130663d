"""The verbs are named in `community/verbs.py`; the column takes any of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("community", "0002_activity_is_append_only")]

    operations = [
        migrations.AlterField(model_name="activity", name="verb", field=models.CharField(max_length=40)),
    ]
