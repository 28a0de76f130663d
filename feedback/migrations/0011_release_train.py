import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0016_circles"),
        ("feedback", "0010_plans"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="release",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="releases",
                to="community.importbatch",
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="edited_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="release",
            name="held",
            field=models.CharField(
                blank=True,
                choices=[
                    ("not-allowed", "Whoever scheduled it may not ship any more."),
                    ("fault", "Something went wrong, several times. An administrator finds it in the errors."),
                ],
                editable=False,
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="scheduled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="scheduled_for",
            field=models.DateTimeField(blank=True, null=True, verbose_name="ships by itself at"),
        ),
        migrations.AddField(
            model_name="release",
            name="source_id",
            field=models.CharField(blank=True, editable=False, max_length=40),
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(condition=models.Q(("shipped_at", None)), fields=["scheduled_for"], name="release_due"),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source_id", ""), _negated=True),
                fields=("product", "source_id"),
                name="one_release_per_source",
            ),
        ),
    ]
