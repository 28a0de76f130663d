"""Shapes of votes, scores, similar suggestions, the roadmap and releases; shape only."""

from django.conf import settings
from rest_framework import serializers

from community.api_shapes import PersonShape
from feedback.models import Release, RoadmapItem, Suggestion


class NewVote(serializers.Serializer):
    """How much the caller needs it: 0 nice to have, 500 important, 1000 cannot do without."""

    need = serializers.ChoiceField(choices=[0, 500, 1000], required=False)


class VoteShape(serializers.Serializer):
    """The caller's vote."""

    post = serializers.IntegerField(source="suggestion_id")
    need = serializers.IntegerField()
    cast_at = serializers.DateTimeField()


class PartsShape(serializers.Serializer):
    """The five parts of the numerator."""

    demand = serializers.IntegerField()
    impact = serializers.IntegerField()
    breadth = serializers.IntegerField()
    evidence = serializers.IntegerField()
    strategy = serializers.IntegerField()


class ScoreShape(serializers.Serializer):
    """The priority: its numerator 0…1,000,000, how it is shown, and the parts that add up to it."""

    numerator = serializers.IntegerField()
    score = serializers.CharField()
    parts = PartsShape()
    config = serializers.IntegerField()


class SimilarQuestion(serializers.Serializer):
    """What to find similar suggestions for."""

    title = serializers.CharField(max_length=400)
    body = serializers.CharField(allow_blank=True, default="", max_length=20_000)
    board = serializers.SlugField(required=False, allow_blank=True)
    limit = serializers.IntegerField(min_value=1, max_value=20, default=5)


class SimilarShape(serializers.Serializer):
    """A similar suggestion."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    url = serializers.CharField()
    status = serializers.CharField()
    votes = serializers.IntegerField()
    similarity = serializers.FloatField()
    source = serializers.DictField(allow_null=True)  # type: ignore[assignment]


class SimilarAnswer(serializers.Serializer):
    """The most similar ones first; `count` is how many of them the caller sees here."""

    count = serializers.IntegerField()
    results = SimilarShape(many=True)


class ServedShape(serializers.Serializer):
    """A suggestion an item or a release serves."""

    id = serializers.IntegerField(source="post_id")
    title = serializers.CharField(source="post.title")
    url = serializers.SerializerMethodField()
    status = serializers.CharField()
    author = PersonShape(source="post.author")

    def get_url(self, suggestion: Suggestion) -> str:
        return str(settings.SITE_URL) + suggestion.post.get_absolute_url()


class RoadmapShape(serializers.Serializer):
    """A piece of work."""

    id = serializers.IntegerField()
    product = serializers.CharField(source="product.slug")
    title = serializers.CharField()
    summary = serializers.CharField()
    column = serializers.CharField()
    expected = serializers.CharField()
    release = serializers.CharField(source="release.slug", default=None, allow_null=True)
    suggestions = serializers.SerializerMethodField()

    def get_suggestions(self, item: RoadmapItem) -> list[dict]:
        return [dict(ServedShape(suggestion).data) for suggestion in item.seen_suggestions]  # type: ignore[attr-defined]


class ReleaseShape(serializers.Serializer):
    """A release that has shipped."""

    slug = serializers.CharField()
    url = serializers.SerializerMethodField()
    product = serializers.CharField(source="product.slug")
    version = serializers.CharField()
    title = serializers.CharField()
    notes = serializers.CharField()
    notes_html = serializers.CharField()
    shipped_at = serializers.DateTimeField()
    suggestions = serializers.SerializerMethodField()

    def get_url(self, release: Release) -> str:
        return str(settings.SITE_URL) + release.get_absolute_url()

    def get_suggestions(self, release: Release) -> list[dict]:
        return [dict(ServedShape(suggestion).data) for suggestion in release.seen_suggestions]  # type: ignore[attr-defined]
