"""Reading: how far somebody read, signs on posts as well as on comments, the language of a post, and indexes of lists."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from community.languages import guess_language

LISTED = Q(("folded_into__isnull", True), ("state", "visible"))


def guess_languages(apps, schema_editor):
    """Every post that is there already has its language, a thousand at a time."""
    posts = apps.get_model("community", "Post").objects.filter(language="").order_by("pk")
    last = 0
    while chunk := list(posts.filter(pk__gt=last).only("pk", "title", "body")[:1000]):
        for post in chunk:
            post.language = guess_language(f"{post.title}\n{post.body}")
        posts.model.objects.bulk_update(chunk, ["language"])
        last = chunk[-1].pk


class Migration(migrations.Migration):
    dependencies = [("community", "0008_searching")]

    operations = [
        migrations.CreateModel(
            name="ReadMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="read_marks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="read_marks", to="community.post"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="readmark",
            constraint=models.UniqueConstraint(fields=("member", "post"), name="one_mark_per_member_and_post"),
        ),
        migrations.AddField(
            model_name="reaction",
            name="post",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reactions",
                to="community.post",
            ),
        ),
        migrations.AlterField(
            model_name="reaction",
            name="comment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reactions",
                to="community.comment",
            ),
        ),
        migrations.AlterField(
            model_name="reaction",
            name="sign",
            field=models.CharField(
                choices=[
                    ("agree", "Agree"),
                    ("thanks", "Thanks"),
                    ("delighted", "Delighted"),
                    ("puzzled", "Puzzled"),
                ],
                default="agree",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="reaction",
            constraint=models.UniqueConstraint(fields=("post", "member", "sign"), name="one_sign_per_member_and_post"),
        ),
        migrations.AddConstraint(
            model_name="reaction",
            constraint=models.CheckConstraint(
                condition=Q(("comment__isnull", True)) ^ Q(("post__isnull", True)), name="a_sign_is_on_one_thing"
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                fields=["post", "-agrees", "created_at", "id"],
                name="comment_best",
                condition=Q(("parent__isnull", True)),
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["parent", "created_at", "id"], name="comment_answers"),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(fields=["kind", "-active_at", "-post"], name="standing_kind_active", condition=LISTED),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(fields=["kind", "-created_at", "-post"], name="standing_kind_new", condition=LISTED),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(fields=["board", "-active_at", "-post"], name="standing_board_active", condition=LISTED),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(fields=["-comments", "-active_at", "-post"], name="standing_talked", condition=LISTED),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                fields=["kind", "created_at", "post"],
                name="standing_unanswered",
                condition=LISTED & Q(("answered", False), ("comments", 0)),
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                fields=["created_at", "post"],
                name="standing_waiting",
                condition=LISTED & Q(("answered", False), ("status", "open")),
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="language",
            field=models.CharField(
                blank=True,
                choices=[
                    ("en", "English"),
                    ("zh-Hans", "简体中文"),
                    ("zh-Hant", "繁體中文"),
                    ("und", "Another language"),
                ],
                max_length=8,
                verbose_name="language",
            ),
        ),
        migrations.RunPython(guess_languages, migrations.RunPython.noop),
    ]
