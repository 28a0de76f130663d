"""Shapes of what the API says and takes; shape only, nothing is written here."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from community.models import Attachment, Comment, Member, Post, PostKind, Standing
from community.pictures.attachments import LONGEST_ALT, markdown_of
from community.polls.reading import PollView


class BoardShape(serializers.Serializer):
    """A board the caller may see, and what they may do in it."""

    slug = serializers.CharField()
    name = serializers.CharField(source="__str__")
    product = serializers.CharField(source="product.slug")
    about = serializers.CharField()
    one_way = serializers.BooleanField(help_text="Everybody sees their own posts only; moderators and staff see all.")
    may_post = serializers.BooleanField(help_text="False for callers without a token: they would have to sign in first.")
    may_comment = serializers.BooleanField()
    may_vote = serializers.BooleanField()


class PersonShape(serializers.Serializer):
    """A member as everybody sees them."""

    username = serializers.CharField()
    name = serializers.CharField(source="display_name")
    url = serializers.SerializerMethodField()
    team = serializers.CharField(source="staff_title")

    def get_url(self, member: Member) -> str:
        return str(settings.SITE_URL) + member.get_absolute_url()


class MemberShape(PersonShape):
    """A member's page."""

    about = serializers.CharField(source="bio")
    level = serializers.IntegerField()
    joined_at = serializers.DateTimeField()


class MeShape(MemberShape):
    """The caller themselves."""

    mail = serializers.EmailField(source="email", allow_null=True)
    language = serializers.CharField()
    time_zone = serializers.CharField()
    trust = serializers.IntegerField()
    role = serializers.CharField()
    persona = serializers.CharField(source="persona.slug", default=None, allow_null=True)


class SourceShape(serializers.Serializer):
    """Where an imported post comes from."""

    system = serializers.CharField(source="source_system")
    id = serializers.CharField(source="source_id")
    url = serializers.CharField(source="source_url")


class PictureShape(serializers.Serializer):
    """A picture; whoever may read the text it stands in may see it."""

    id = serializers.IntegerField()
    url = serializers.SerializerMethodField(help_text="Leads to the largest version.")
    markdown = serializers.SerializerMethodField(help_text="What to put into a body, where the picture shall stand.")
    alt = serializers.CharField(help_text="What it shows; empty only where it is decoration.")
    decorative = serializers.BooleanField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    versions = serializers.SerializerMethodField(help_text="One address for each width, the largest last.")

    def get_url(self, picture: Attachment) -> str:
        return str(settings.SITE_URL) + picture.get_absolute_url()

    def get_markdown(self, picture: Attachment) -> str:
        return markdown_of(picture)

    def get_versions(self, picture: Attachment) -> list[str]:
        return [str(settings.SITE_URL) + picture.address(width) for width in picture.widths]


class NewPicture(serializers.Serializer):
    """A picture to keep: JPEG, PNG, WebP or GIF of at most 10 MB."""

    picture = serializers.FileField(allow_empty_file=True, max_length=None)
    alt = serializers.CharField(allow_blank=True, default="", max_length=LONGEST_ALT)
    decorative = serializers.BooleanField(default=False, help_text="It shows nothing that needs words.")


class PostShape(serializers.Serializer):
    """A post with its standing."""

    id = serializers.IntegerField(source="post_id")
    url = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(choices=PostKind.choices)
    title = serializers.CharField(source="post.title")
    body = serializers.CharField(source="post.body")
    body_html = serializers.CharField(source="post.body_html")
    board = serializers.CharField(source="board.slug")
    author = PersonShape(source="post.author")
    tags = serializers.SerializerMethodField()
    pictures = serializers.SerializerMethodField(help_text="Those its text shows.")
    status = serializers.CharField(allow_blank=True, help_text="Empty for posts that are no suggestion.")
    votes = serializers.IntegerField()
    imported_votes = serializers.IntegerField(help_text="Nameless votes an import brought along.")
    comments = serializers.IntegerField()
    score = serializers.SerializerMethodField(help_text="Priority, 0.0 to 100.0.")
    merged_into = serializers.IntegerField(source="folded_into_id", allow_null=True)
    answered = serializers.BooleanField(help_text="Staff answered in public; of a question: an answer was accepted.")
    accepted_answer = serializers.SerializerMethodField(help_text="The id of the comment that answers a question.")
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(source="post.edited_at", allow_null=True)
    source = serializers.SerializerMethodField()  # type: ignore[assignment]

    def get_url(self, row: Standing) -> str:
        return str(settings.SITE_URL) + row.post.get_absolute_url()

    def get_tags(self, row: Standing) -> list[str]:
        return [tag.slug for tag in row.post.tags.all()]

    @extend_schema_field(PictureShape(many=True))
    def get_pictures(self, row: Standing) -> list[dict[str, Any]]:
        shown = sorted(row.post.attachments.all(), key=lambda picture: picture.pk)
        return [dict(PictureShape(picture).data) for picture in shown]

    def get_score(self, row: Standing) -> str:
        return f"{row.score // 1000 / 10:.1f}"

    def get_accepted_answer(self, row: Standing) -> int | None:
        return row.post.accepted_answer_id if row.kind == PostKind.QUESTION and row.answered else None

    @extend_schema_field(SourceShape(allow_null=True))
    def get_source(self, row: Standing) -> dict[str, Any] | None:
        return source_of(row.post)


class PollOptionShape(serializers.Serializer):
    """One option of a poll."""

    id = serializers.IntegerField(source="option.pk")
    text = serializers.CharField(source="option.text")
    votes = serializers.IntegerField(help_text="In a ranked poll: first preferences.")
    percent = serializers.CharField(help_text="Of the people who voted.")
    leads = serializers.BooleanField()


class PollShape(serializers.Serializer):
    """A poll as the caller sees it; read only."""

    kind = serializers.CharField(source="poll.kind")
    weight = serializers.CharField(source="poll.weight", help_text="advisory, binding, or empty.")
    least = serializers.IntegerField(source="poll.least")
    most = serializers.IntegerField(source="poll.most")
    open = serializers.BooleanField(source="is_open")
    closes_at = serializers.DateTimeField(source="poll.closes_at", allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    voters = serializers.IntegerField()
    options = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField(help_text="Null while it is not shown to the caller.")
    decision = serializers.CharField(source="poll.decision")

    def get_options(self, view: PollView) -> list[str]:
        return [option.text for option in view.options]

    @extend_schema_field(PollOptionShape(many=True, allow_null=True))
    def get_result(self, view: PollView) -> list[dict[str, Any]] | None:
        return [dict(PollOptionShape(line).data) for line in view.lines] if view.shows_result else None


class PostPageShape(PostShape):
    """A post with its poll, if it asks one."""

    poll = serializers.SerializerMethodField()

    @extend_schema_field(PollShape(allow_null=True))
    def get_poll(self, row: Standing) -> dict[str, Any] | None:
        view = self.context.get("poll")
        return dict(PollShape(view).data) if view is not None else None


def source_of(post: Post) -> dict[str, Any] | None:
    """The source of an imported post, None for one written here."""
    return dict(SourceShape(post).data) if post.source_id else None


class CommentShape(serializers.Serializer):
    """A comment under a post."""

    id = serializers.IntegerField()
    parent = serializers.IntegerField(source="parent_id", allow_null=True)  # type: ignore[assignment]
    author = PersonShape()
    body = serializers.CharField()
    body_html = serializers.CharField()
    agrees = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    url = serializers.SerializerMethodField()

    def get_url(self, comment: Comment) -> str:
        return str(settings.SITE_URL) + comment.get_absolute_url()


class NewPost(serializers.Serializer):
    """A post to write."""

    board = serializers.SlugField()
    kind = serializers.ChoiceField(choices=PostKind.choices, default=PostKind.SUGGESTION)
    title = serializers.CharField(max_length=200)
    body = serializers.CharField(allow_blank=True, default="", max_length=20_000)
    tags = serializers.ListField(child=serializers.CharField(max_length=40), max_length=5, default=list)
    need = serializers.ChoiceField(choices=[0, 500, 1000], required=False)


class ChangedPost(serializers.Serializer):
    """What to change of a post; what is left out stays."""

    title = serializers.CharField(max_length=200, required=False)
    body = serializers.CharField(allow_blank=True, required=False, max_length=20_000)
    tags = serializers.ListField(child=serializers.CharField(max_length=40), max_length=5, required=False)


class NewComment(serializers.Serializer):
    """A comment to write."""

    body = serializers.CharField(max_length=20_000)
    parent = serializers.IntegerField(required=False, allow_null=True)  # type: ignore[assignment]
