"""Pictures in texts and of members, and who is named in them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("community", "0006_writing")]

    operations: list = [
        migrations.AddField(
            model_name="member",
            name="avatar",
            field=models.CharField(blank=True, default="", editable=False, max_length=32),
        ),
        migrations.AddField(
            model_name="member",
            name="avatar_hidden_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                condition=models.Q(("avatar", ""), _negated=True), fields=("avatar",), name="one_member_per_avatar"
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("username"), name="text_pattern_ops"
                ),
                name="member_username_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("display_name"), name="text_pattern_ops"
                ),
                name="member_name_begins",
            ),
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=32, unique=True)),
                (
                    "widths",
                    django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None),
                ),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                ("bytes", models.PositiveIntegerField()),
                ("alt", models.CharField(blank=True, max_length=300, verbose_name="what it shows")),
                ("decorative", models.BooleanField(default=False, verbose_name="only decoration")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("loose_since", models.DateTimeField(blank=True, null=True)),
                (
                    "comment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="community.comment",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="community.post",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("loose_since__isnull", False)), fields=["loose_since"], name="attachment_loose"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("post__isnull", True), ("comment__isnull", True), _connector="OR"),
                        name="picture_of_one_text",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("loose_since__isnull", False), ("comment__isnull", True), ("post__isnull", True)),
                            models.Q(
                                ("loose_since__isnull", True),
                                models.Q(("comment__isnull", True), ("post__isnull", True), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="picture_is_loose_or_in_a_text",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quoted", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="community.comment",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mentions", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mentions", to="community.post"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("comment__isnull", True)), fields=("post", "member"), name="one_mention_per_post"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("comment__isnull", False)),
                        fields=("comment", "member"),
                        name="one_mention_per_comment",
                    ),
                ],
            },
        ),
    ]
