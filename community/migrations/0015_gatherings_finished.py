"""Pictures in contest entries, hidden meetups, followed contests, and talks."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0014_people_leave_and_return"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContestFollow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("muted", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Talk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("about", models.TextField(blank=True, verbose_name="what it is about")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("accepted", "In the programme"),
                            ("declined", "Not this time"),
                            ("withdrawn", "Taken back"),
                            ("hidden", "Hidden"),
                        ],
                        default="proposed",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=280)),
                ("created_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="TalkSlot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="minutes")),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="attachment",
            name="picture_of_one_text",
        ),
        migrations.RemoveConstraint(
            model_name="attachment",
            name="picture_is_loose_or_in_a_text",
        ),
        migrations.AddField(
            model_name="attachment",
            name="entry",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attachments",
                to="community.contestentry",
            ),
        ),
        migrations.AddField(
            model_name="meetup",
            name="hidden_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("comment__isnull", True), ("post__isnull", True)),
                    models.Q(("entry__isnull", True), ("post__isnull", True)),
                    models.Q(("comment__isnull", True), ("entry__isnull", True)),
                    _connector="OR",
                ),
                name="picture_of_one_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("loose_since__isnull", False),
                        ("comment__isnull", True),
                        ("entry__isnull", True),
                        ("post__isnull", True),
                    ),
                    models.Q(
                        ("loose_since__isnull", True),
                        models.Q(("comment__isnull", True), ("entry__isnull", True), ("post__isnull", True), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="picture_is_loose_or_in_a_text",
            ),
        ),
        migrations.AddField(
            model_name="contestfollow",
            name="contest",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="follows", to="community.contest"
            ),
        ),
        migrations.AddField(
            model_name="contestfollow",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="contest_follows", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="talk",
            name="meetup",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="talks", to="community.meetup"),
        ),
        migrations.AddField(
            model_name="talk",
            name="speaker",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="talks", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="talkslot",
            name="meetup",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="slots", to="community.meetup"),
        ),
        migrations.AddField(
            model_name="talk",
            name="slot",
            field=models.OneToOneField(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="talk", to="community.talkslot"
            ),
        ),
        migrations.AddConstraint(
            model_name="contestfollow",
            constraint=models.UniqueConstraint(fields=("member", "contest"), name="one_contest_follow_per_member"),
        ),
        migrations.AddConstraint(
            model_name="talkslot",
            constraint=models.UniqueConstraint(fields=("meetup", "position"), name="one_slot_per_position"),
        ),
        migrations.AddConstraint(
            model_name="talkslot",
            constraint=models.CheckConstraint(condition=models.Q(("minutes__range", (5, 120))), name="slot_has_a_length"),
        ),
        migrations.AddIndex(
            model_name="talk",
            index=models.Index(fields=["meetup", "state", "created_at"], name="talk_waiting"),
        ),
        migrations.AddConstraint(
            model_name="talk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("slot__isnull", False), ("state", "accepted")),
                    models.Q(models.Q(("state", "accepted"), _negated=True), ("slot__isnull", True)),
                    _connector="OR",
                ),
                name="programme_has_slots",
            ),
        ),
    ]
