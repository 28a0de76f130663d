import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0016_circles"),
        ("feedback", "0011_release_train"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClassifierModel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[("kind", "Kind"), ("severity", "Severity"), ("department", "Department")], max_length=10
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("weights", models.JSONField(default=dict)),
                ("trained_at", models.DateTimeField()),
                ("examples", models.PositiveIntegerField()),
                ("held_out", models.PositiveIntegerField()),
                ("macro_f1", models.PositiveSmallIntegerField()),
                ("former_f1", models.PositiveSmallIntegerField()),
                ("in_use", models.BooleanField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("what", "version"), name="one_classifier_per_version"),
                    models.UniqueConstraint(
                        condition=models.Q(("in_use", True)), fields=("what",), name="one_classifier_in_use"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostGuess",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[("kind", "Kind"), ("severity", "Severity"), ("department", "Department")], max_length=10
                    ),
                ),
                ("label", models.CharField(max_length=20)),
                ("confidence", models.PositiveSmallIntegerField()),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, size=None
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("accepted", "Accepted"), ("changed", "Changed")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="guesses", to="community.post"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["what", "outcome", "-confidence"], name="guess_waiting")],
                "constraints": [
                    models.UniqueConstraint(fields=("post", "what"), name="one_guess_per_post"),
                    models.CheckConstraint(condition=models.Q(("confidence__lte", 10000)), name="guess_confidence_0_to_10000"),
                ],
            },
        ),
    ]
