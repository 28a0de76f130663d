"""API endpoints of votes, scores, similar suggestions, the roadmap and releases."""

from typing import Any, cast

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import Pages, SproutView
from community.api_shapes import source_of
from community.models import Board, Post
from community.refusals import Invalid
from feedback import votes
from feedback.api_shapes import (
    NewVote,
    ReleaseShape,
    RoadmapShape,
    ScoreShape,
    SimilarAnswer,
    SimilarQuestion,
    VoteShape,
)
from feedback.models import ClusterScore, Release, RoadmapItem, Suggestion
from feedback.similar import find_similar

PRODUCT = OpenApiParameter("product", str, description="Slug of one product.")


class VoteView(SproutView):
    """The caller's vote for one suggestion."""

    serializer_class = VoteShape

    def suggestion(self) -> Suggestion:
        """The suggestion, or 404 where the caller may not see it."""
        seen = Suggestion.objects.visible_to(self.viewer).select_related("post__board", "post__author")
        return get_object_or_404(seen, pk=self.kwargs["pk"])

    @extend_schema(operation_id="vote_cast", request=NewVote, responses=VoteShape)
    def put(self, request: Request, pk: int) -> Response:
        """Votes, or says anew how much it is needed."""
        told = NewVote(data=request.data)
        told.is_valid(raise_exception=True)
        need = cast(dict[str, Any], told.validated_data).get("need")
        vote = votes.cast_vote(member=self.member, suggestion=self.suggestion(), need=need, at=timezone.now())
        return Response(VoteShape(vote).data)

    @extend_schema(operation_id="vote_withdraw", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Takes the vote back."""
        votes.withdraw_vote(member=self.member, suggestion=self.suggestion(), at=timezone.now())
        return Response(status=204)


class ScoreView(SproutView):
    """The priority of a suggestion, with its parts."""

    serializer_class = ScoreShape

    @extend_schema(operation_id="score_read", responses=ScoreShape)
    def get(self, request: Request, pk: int) -> Response:
        """The score of the cluster the suggestion belongs to."""
        suggestion = get_object_or_404(Suggestion.objects.visible_to(self.viewer), pk=pk)
        score = ClusterScore.objects.filter(root_id=suggestion.root_id).first() or ClusterScore(root_id=suggestion.root_id)
        parts = {
            "demand": 40 * score.demand,
            "impact": 25 * score.impact,
            "breadth": 15 * score.breadth,
            "evidence": 10 * score.evidence,
            "strategy": 10 * score.strategy,
        }
        shown = f"{score.numerator // 1000 / 10:.1f}"
        return Response({"numerator": score.numerator, "score": shown, "parts": parts, "config": score.config})


class SimilarView(SproutView):
    """Suggestions like a title, or like a title and a text."""

    serializer_class = SimilarAnswer
    pagination_class = None
    # Asking is reading, though a long text comes by POST.
    scopes = {"POST": "read"}
    asking = True

    @extend_schema(operation_id="similar_by_title", parameters=[SimilarQuestion], responses=SimilarAnswer)
    def get(self, request: Request) -> Response:
        """By title."""
        return self._answer(request.query_params)

    @extend_schema(operation_id="similar_by_text", request=SimilarQuestion, responses=SimilarAnswer)
    def post(self, request: Request) -> Response:
        """By title and text."""
        return self._answer(request.data)

    def _answer(self, said: Any) -> Response:
        told = SimilarQuestion(data=said)
        told.is_valid(raise_exception=True)
        asked = cast(dict[str, Any], told.validated_data)
        board = None
        if asked.get("board"):
            board = Board.objects.visible_to(self.viewer).filter(slug=asked["board"]).first()
            if board is None:
                raise Invalid("There is no such board.", fields={"board": "Unknown board."})
        found = find_similar(title=asked["title"], body=asked["body"], asker=self.viewer, board=board, limit=asked["limit"])
        posts = Post.objects.in_bulk([hit.post_id for hit in found])
        results = [
            {
                "id": hit.post_id,
                "title": hit.title,
                "url": settings.SITE_URL + posts[hit.post_id].get_absolute_url(),
                "status": hit.status,
                "votes": hit.votes,
                "similarity": round(hit.score, 4),
                "source": source_of(posts[hit.post_id]),
            }
            for hit in found
        ]
        return Response({"count": len(results), "results": results})


def _seen(viewer: Any) -> Prefetch:
    """Only suggestions the caller may see are named with an item or a release."""
    seen = Suggestion.objects.visible_to(viewer).select_related("post__author").order_by("pk")
    return Prefetch("suggestions", queryset=seen, to_attr="seen_suggestions")


class RoadmapPages(Pages):
    """Items in the order of the page."""

    ordering = ("position", "id")


class RoadmapView(SproutView):
    """The public roadmap."""

    serializer_class = RoadmapShape
    pagination_class = RoadmapPages

    @extend_schema(operation_id="roadmap_list", parameters=[PRODUCT], responses=RoadmapShape(many=True))
    def get(self, request: Request) -> Response:
        """Pieces of work with the suggestions they serve."""
        items: QuerySet[RoadmapItem] = RoadmapItem.objects.public().select_related("product", "release")
        if product := request.query_params.get("product", "").replace("\x00", ""):
            items = items.filter(product__slug=product)
        page = self.paginate_queryset(items.prefetch_related(_seen(self.viewer)))
        return self.get_paginated_response(RoadmapShape(page, many=True).data)


class ReleasePages(Pages):
    """Releases, newest first."""

    ordering = ("-shipped_at", "-id")


class ReleasesView(SproutView):
    """What has shipped."""

    serializer_class = ReleaseShape
    pagination_class = ReleasePages

    @extend_schema(operation_id="releases_list", parameters=[PRODUCT], responses=ReleaseShape(many=True))
    def get(self, request: Request) -> Response:
        """Releases with notes and the suggestions they ship, newest first."""
        releases: QuerySet[Release] = Release.objects.shipped().select_related("product")
        if product := request.query_params.get("product", "").replace("\x00", ""):
            releases = releases.filter(product__slug=product)
        page = self.paginate_queryset(releases.prefetch_related(_seen(self.viewer)))
        return self.get_paginated_response(ReleaseShape(page, many=True).data)
