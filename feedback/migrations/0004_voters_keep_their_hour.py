"""Each voter's row keeps the hour of their vote, from which the exact heat follows; the long number is needed once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0003_a_cluster_goes_whole")]
    operations = [
        migrations.RemoveField("clustervoter", "heat"),
        migrations.AddField("clustervoter", "step", models.IntegerField(default=0), preserve_default=False),
    ]
