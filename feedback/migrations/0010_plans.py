import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0014_people_leave_and_return"),
        ("feedback", "0009_judgements"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="roadmapitem",
            name="after",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="waiting",
                to="feedback.roadmapitem",
                verbose_name="comes after",
            ),
        ),
        migrations.AddField(
            model_name="roadmapitem",
            name="must",
            field=models.BooleanField(default=False, verbose_name="in every plan"),
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("capacity", models.PositiveIntegerField(verbose_name="capacity")),
                ("community", models.PositiveSmallIntegerField(default=5000)),
                ("least", models.JSONField(blank=True, default=dict)),
                ("most", models.JSONField(blank=True, default=dict)),
                ("relaxed", models.JSONField(blank=True, default=list)),
                ("missed", models.JSONField(blank=True, default=list)),
                ("wider", models.JSONField(blank=True, default=list)),
                ("value", models.PositiveBigIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("adopted", "Adopted"), ("dropped", "Dropped")],
                        default="draft",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="made at")),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="community.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="plans",
                        to="feedback.release",
                        verbose_name="release",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.PositiveIntegerField()),
                ("effort", models.PositiveSmallIntegerField()),
                ("theme", models.CharField(blank=True, max_length=40)),
                ("community", models.BooleanField(default=False)),
                ("first_timers", models.PositiveIntegerField(default=0)),
                ("voters", models.PositiveIntegerField(default=0)),
                ("must", models.BooleanField(default=False)),
                ("proposed", models.BooleanField(default=False)),
                ("chosen", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=280)),
                (
                    "after",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="feedback.roadmapitem",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="plan_lines", to="feedback.roadmapitem"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="feedback.plan"),
                ),
            ],
            options={
                "ordering": ["-value", "item_id"],
            },
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(fields=("product", "version"), name="one_plan_per_version"),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(condition=models.Q(("community__lte", 10000)), name="plan_share_is_a_share"),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("state", "draft")),
                    models.Q(models.Q(("state", "draft"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="plan_is_decided_or_a_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="planline",
            constraint=models.UniqueConstraint(fields=("plan", "item"), name="one_line_per_plan_and_item"),
        ),
        migrations.AddConstraint(
            model_name="planline",
            constraint=models.CheckConstraint(
                condition=models.Q(("chosen", models.F("proposed")), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="a_changed_line_has_a_reason",
            ),
        ),
    ]
