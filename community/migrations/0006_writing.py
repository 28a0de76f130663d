"""Writing: templates, drafts, versions of a text, accepted answers, tags in three languages."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

KINDS = [
    ("suggestion", "Suggestion"),
    ("bug", "Bug"),
    ("question", "Question"),
    ("discussion", "Discussion"),
    ("story", "Story"),
    ("announcement", "Announcement"),
]
FORMS = [
    ("post", "A new post"),
    ("comment", "A comment"),
    ("post_edit", "Changes to a post"),
    ("comment_edit", "Changes to a comment"),
]
ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("community", "0005_segments_and_rights")]

    operations = [
        migrations.AddField(
            "post",
            "accepted_answer",
            models.ForeignKey("community.comment", django.db.models.deletion.SET_NULL, null=True, blank=True, related_name="+"),
        ),
        migrations.AddField(
            "tag",
            "into",
            models.ForeignKey(
                "community.tag",
                django.db.models.deletion.SET_NULL,
                null=True,
                blank=True,
                related_name="merged",
                verbose_name="merged into",
            ),
        ),
        migrations.AddField(
            "tag", "name_zh_hans", models.CharField(blank=True, max_length=40, verbose_name="name in Simplified Chinese")
        ),
        migrations.AddField(
            "tag", "name_zh_hant", models.CharField(blank=True, max_length=40, verbose_name="name in Traditional Chinese")
        ),
        migrations.CreateModel(
            name="PostTemplate",
            fields=[
                ("id", ID),
                ("kind", models.CharField(choices=KINDS, max_length=12, verbose_name="kind")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("name_zh_hans", models.CharField(blank=True, max_length=60, verbose_name="name in Simplified Chinese")),
                ("name_zh_hant", models.CharField(blank=True, max_length=60, verbose_name="name in Traditional Chinese")),
                ("body", models.TextField(max_length=4000, verbose_name="text")),
                ("body_zh_hans", models.TextField(blank=True, max_length=4000, verbose_name="text in Simplified Chinese")),
                ("body_zh_hant", models.TextField(blank=True, max_length=4000, verbose_name="text in Traditional Chinese")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("is_offered", models.BooleanField(default=True, verbose_name="offered")),
                (
                    "board",
                    models.ForeignKey(
                        "community.board",
                        django.db.models.deletion.CASCADE,
                        null=True,
                        blank=True,
                        related_name="templates",
                        verbose_name="board",
                        help_text="Leave it empty for every board.",
                    ),
                ),
            ],
            options={"ordering": ["kind", "position", "id"]},
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", ID),
                ("form", models.CharField(choices=FORMS, max_length=12)),
                ("subject", models.PositiveBigIntegerField(default=0)),
                ("data", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "member",
                    models.ForeignKey(settings.AUTH_USER_MODEL, django.db.models.deletion.CASCADE, related_name="drafts"),
                ),
            ],
            options={
                "ordering": ["-saved_at", "-pk"],
                "indexes": [
                    models.Index(fields=["member", "-saved_at"], name="draft_member"),
                    models.Index(fields=["saved_at"], name="draft_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["member", "form", "subject"], condition=~models.Q(form="post"), name="one_draft_per_form"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", ID),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("body", models.TextField(blank=True)),
                ("tags", models.JSONField(default=list)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("hidden_at", models.DateTimeField(null=True, blank=True)),
                (
                    "post",
                    models.ForeignKey(
                        "community.post", django.db.models.deletion.CASCADE, null=True, blank=True, related_name="revisions"
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        "community.comment", django.db.models.deletion.CASCADE, null=True, blank=True, related_name="revisions"
                    ),
                ),
                (
                    "editor",
                    models.ForeignKey(settings.AUTH_USER_MODEL, django.db.models.deletion.PROTECT, related_name="+"),
                ),
                (
                    "hidden_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, django.db.models.deletion.SET_NULL, null=True, blank=True, related_name="+"
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(post__isnull=False, comment__isnull=True)
                        | models.Q(post__isnull=True, comment__isnull=False),
                        name="a_revision_is_of_one_text",
                    ),
                    models.UniqueConstraint(fields=["post", "number"], name="one_post_revision_per_number"),
                    models.UniqueConstraint(fields=["comment", "number"], name="one_comment_revision_per_number"),
                ],
            },
        ),
    ]
