"""Segments, rights by segment, one-way boards, tester groups in layers, and the device members say they use."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

AUDIENCES = [
    ("anyone", "Anyone"),
    ("members", "Members"),
    ("segment", "A segment"),
    ("moderators", "Moderators"),
    ("staff", "Staff"),
    ("nobody", "Nobody"),
]
NAMES = [
    ("name", models.CharField(max_length=60, verbose_name="name")),
    ("name_zh_hans", models.CharField(blank=True, max_length=60, verbose_name="name in Simplified Chinese")),
    ("name_zh_hant", models.CharField(blank=True, max_length=60, verbose_name="name in Traditional Chinese")),
]
ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
STATES = [
    ("invited", "Invited"),
    ("applied", "Applied"),
    ("accepted", "Takes part"),
    ("declined", "Declined"),
    ("resting", "Resting"),
    ("left", "Left"),
    ("emeritus", "Emeritus"),
]
LAYERS = [(1, "Inner circle"), (2, "Testers"), (3, "Open to everybody")]


def to_member(**more):
    return models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL, **more)


def to(model, kind=models.ForeignKey, deletion=django.db.models.deletion.CASCADE, **more):
    return kind(on_delete=deletion, to=f"community.{model}", **more)


class Migration(migrations.Migration):
    dependencies = [("community", "0004_lists_by_activity_and_counts")]

    operations = [
        migrations.AddField(
            "member",
            "device",
            models.CharField(blank=True, max_length=80, verbose_name="device"),
        ),
        migrations.AddField(
            "board",
            "one_way",
            models.BooleanField(
                default=False,
                help_text="Everybody sees their own posts only; moderators and staff see all of them.",
                verbose_name="one-way",
            ),
        ),
        *[
            migrations.AlterField(
                "board",
                right,
                models.CharField(choices=AUDIENCES, default="anyone", max_length=10, verbose_name=f"who may {right}"),
            )
            for right in ("see", "post", "comment", "vote")
        ],
        migrations.CreateModel(
            name="Segment",
            fields=[
                ID,
                ("slug", models.SlugField(unique=True)),
                *NAMES,
                ("about", models.CharField(blank=True, max_length=280, verbose_name="what it is for")),
                ("rule", models.JSONField(blank=True, default=dict, verbose_name="rule")),
                ("rebuilt_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "added",
                    models.ManyToManyField(
                        blank=True, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="added by hand"
                    ),
                ),
                (
                    "excluded",
                    models.ManyToManyField(
                        blank=True, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="left out by hand"
                    ),
                ),
            ],
            options={"ordering": ["name", "id"]},
        ),
        migrations.CreateModel(
            name="SegmentMember",
            fields=[
                ID,
                ("member", to_member(db_index=False, related_name="+")),
                ("segment", to("segment", related_name="rows")),
            ],
            options={
                "indexes": [models.Index(fields=["member", "segment"], name="segment_of_member")],
                "constraints": [models.UniqueConstraint(fields=("segment", "member"), name="one_row_per_segment_and_member")],
            },
        ),
        migrations.CreateModel(
            name="BoardRight",
            fields=[
                ID,
                (
                    "right",
                    models.CharField(
                        choices=[("see", "see"), ("post", "post"), ("comment", "comment"), ("vote", "vote")],
                        max_length=10,
                        verbose_name="right",
                    ),
                ),
                ("board", to("board", related_name="rights")),
                ("segment", to("segment", deletion=django.db.models.deletion.PROTECT, related_name="rights")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("board", "right", "segment"), name="one_row_per_board_right_and_segment")
                ],
            },
        ),
        migrations.CreateModel(
            name="TesterGroup",
            fields=[
                ID,
                ("slug", models.SlugField(unique=True)),
                *NAMES,
                ("about", models.CharField(blank=True, max_length=280, verbose_name="about")),
                ("layer", models.PositiveSmallIntegerField(choices=LAYERS, default=2, verbose_name="layer")),
                (
                    "capacity",
                    models.PositiveIntegerField(
                        blank=True, help_text="Empty: as many as like.", null=True, verbose_name="places"
                    ),
                ),
                (
                    "least_level",
                    models.PositiveSmallIntegerField(default=0, verbose_name="level from which one may apply"),
                ),
                (
                    "asks",
                    models.TextField(
                        blank=True, help_text="Members agree to exactly this.", max_length=600, verbose_name="what it asks"
                    ),
                ),
                ("gives", models.TextField(blank=True, max_length=600, verbose_name="what it gives")),
                ("is_open", models.BooleanField(default=True, verbose_name="takes applications")),
                (
                    "closed_because",
                    models.CharField(
                        blank=True,
                        help_text="An honest sentence. Everybody reads it.",
                        max_length=280,
                        verbose_name="why it is closed",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "segment",
                    to(
                        "segment",
                        models.OneToOneField,
                        django.db.models.deletion.PROTECT,
                        editable=False,
                        related_name="group",
                    ),
                ),
            ],
            options={"ordering": ["-layer", "position", "id"]},
        ),
        migrations.CreateModel(
            name="GroupMembership",
            fields=[
                ID,
                ("state", models.CharField(choices=STATES, max_length=8, verbose_name="state")),
                ("words", models.TextField(blank=True, max_length=500, verbose_name="what they wrote")),
                ("reason", models.TextField(blank=True, max_length=500, verbose_name="answer")),
                ("agreed_at", models.DateTimeField(blank=True, null=True)),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="since")),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                ("member", to_member(related_name="group_memberships")),
                ("group", to("testergroup", related_name="memberships")),
            ],
            options={
                "indexes": [models.Index(fields=["group", "state", "member"], name="group_state")],
                "constraints": [models.UniqueConstraint(fields=("group", "member"), name="one_membership_per_group")],
            },
        ),
        migrations.CreateModel(
            name="GroupVoice",
            fields=[
                ID,
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", to_member(related_name="+")),
                ("member", to_member(related_name="+")),
                ("group", to("testergroup", related_name="voices")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("group", "member", "by"), name="one_voice_per_person"),
                    models.CheckConstraint(
                        condition=models.Q(("member", models.F("by")), _negated=True), name="nobody_speaks_for_themselves"
                    ),
                ],
            },
        ),
    ]
