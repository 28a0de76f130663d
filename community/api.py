"""API endpoints of posts, comments, boards and members, on the same operations as the pages."""

from typing import Any, cast

import django_filters.rest_framework
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from community import comments, posts
from community.api_base import Pages, SproutView
from community.api_shapes import (
    BoardShape,
    ChangedPost,
    CommentShape,
    MemberShape,
    MeShape,
    NewComment,
    NewPost,
    PostPageShape,
    PostShape,
)
from community.models import Board, Comment, Member, Poll, Post, Standing
from community.models.standing import StandingQuerySet
from community.polls.reading import read_polls
from community.refusals import Invalid
from community.screening import Manner
from community.search import saying
from community.tags import tags_called

SORTS: dict[str, tuple[str, ...]] = {
    "hot": ("-heat", "-post_id"),
    "top": ("-score", "-established", "created_at", "post_id"),
    "new": ("-created_at", "-post_id"),
    "votes": ("-votes", "-post_id"),
}
BY_TOKEN = Manner("token")
SORT = OpenApiParameter("sort", str, enum=sorted(SORTS), description="The order of the list; hot unless told.")


class PostFilter(django_filters.FilterSet):
    """What a list of posts can be narrowed to."""

    board = django_filters.CharFilter(field_name="board__slug")
    status = django_filters.CharFilter()
    kind = django_filters.CharFilter()
    tag = django_filters.CharFilter(method="tagged", help_text="The address of a tag; a merged one stands for where it went.")
    author = django_filters.CharFilter(field_name="post__author__username")
    q = django_filters.CharFilter(method="containing", help_text="Words in title or text.")
    source = django_filters.CharFilter(field_name="post__source_system", help_text="Posts imported from this system.")

    def tagged(self, rows: QuerySet[Standing], name: str, slug: str) -> QuerySet[Standing]:
        """The post carries the tag, or what it was merged into."""
        return rows.filter(post__tags__in=tags_called(slug))

    def containing(self, rows: QuerySet[Standing], name: str, words: str) -> QuerySet[Standing]:
        """Every word stands in the title or the text, slips forgiven."""
        return saying(cast(StandingQuerySet, rows), words[:200]) if words.strip("\x00 ") else rows


def with_pictures(rows: StandingQuerySet) -> StandingQuerySet:
    """Rows as the shape of a post needs them: two queries for whole lists, not one per row."""
    return rows.with_posts().prefetch_related("post__attachments")


class PostPages(Pages):
    """Cursor pages in one of four orders."""

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        return SORTS.get(request.query_params.get("sort", "hot"), SORTS["hot"])


class PostsView(SproutView):
    """All posts the caller may see, and a new one."""

    serializer_class = PostShape
    filter_backends = (django_filters.rest_framework.DjangoFilterBackend,)
    filterset_class = PostFilter
    pagination_class = PostPages

    def get_queryset(self) -> QuerySet[Standing]:
        return with_pictures(Standing.objects.visible_to(self.viewer).listed())

    @extend_schema(operation_id="posts_list", parameters=[SORT], responses=PostShape(many=True))
    def get(self, request: Request) -> Response:
        """Posts without the merged ones, 25 a page."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(PostShape(page, many=True).data)

    @extend_schema(operation_id="posts_create", request=NewPost, responses={201: PostShape})
    def post(self, request: Request) -> Response:
        """Writes a post."""
        told = NewPost(data=request.data)
        told.is_valid(raise_exception=True)
        said = cast(dict[str, Any], told.validated_data)
        board = Board.objects.visible_to(self.viewer).filter(slug=said["board"]).first()
        if board is None:
            raise Invalid("There is no such board.", fields={"board": "Unknown board."})
        post = posts.write_post(
            author=self.member,
            board=board,
            kind=said["kind"],
            title=said["title"],
            body=said["body"],
            tags=said["tags"],
            extras={"need": str(said.get("need", ""))},
            at=timezone.now(),
            manner=BY_TOKEN,
        )
        return Response(PostShape(self._row(post.pk)).data, status=201, headers={"Location": f"/api/v1/posts/{post.pk}"})

    def _row(self, pk: int) -> Standing:
        return with_pictures(Standing.objects.all()).get(pk=pk)


class PostView(SproutView):
    """One post."""

    serializer_class = PostPageShape

    def row(self) -> Standing:
        """The post's standing, or 404 where the caller may not see it."""
        seen = Post.objects.visible_to(self.viewer).values("pk")
        return get_object_or_404(with_pictures(Standing.objects.filter(post__in=seen)), pk=self.kwargs["pk"])

    def told(self, row: Standing) -> Any:
        """The post's shape, with its poll as the caller sees it."""
        polls = Poll.objects.filter(post=row.post_id)
        view = read_polls(polls, viewer=self.viewer, at=timezone.now()).get(row.post_id)
        return PostPageShape(row, context={"poll": view}).data

    @extend_schema(operation_id="posts_read", responses=PostPageShape)
    def get(self, request: Request, pk: int) -> Response:
        """The post with its standing and source."""
        return Response(self.told(self.row()))

    @extend_schema(operation_id="posts_change", request=ChangedPost, responses=PostPageShape)
    def patch(self, request: Request, pk: int) -> Response:
        """Changes title, text or tags of one's own post."""
        told = ChangedPost(data=request.data)
        told.is_valid(raise_exception=True)
        post, said = self.row().post, cast(dict[str, Any], told.validated_data)
        posts.edit_post(
            post=post,
            by=self.member,
            title=said.get("title", post.title),
            body=said.get("body", post.body),
            tags=said.get("tags"),
            at=timezone.now(),
            manner=BY_TOKEN,
        )
        return Response(self.told(self.row()))

    @extend_schema(operation_id="posts_remove", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Takes one's own post back; it can be restored for 14 days."""
        posts.delete_post(post=self.row().post, by=self.member, at=timezone.now())
        return Response(status=204)


class ThreadPages(Pages):
    """A thread, oldest first."""

    ordering = ("created_at", "id")


class CommentsView(SproutView):
    """The comments under a post."""

    serializer_class = CommentShape
    pagination_class = ThreadPages

    def parent_post(self) -> Post:
        """The post, or 404 where the caller may not see it."""
        return get_object_or_404(Post.objects.visible_to(self.viewer), pk=self.kwargs["pk"])

    @extend_schema(operation_id="comments_list", responses=CommentShape(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Comments, oldest first, 25 a page."""
        thread = Comment.objects.visible_to(self.viewer).filter(post=self.parent_post()).select_related("author", "post")
        return self.get_paginated_response(CommentShape(self.paginate_queryset(thread), many=True).data)

    @extend_schema(operation_id="comments_create", request=NewComment, responses={201: CommentShape})
    def post(self, request: Request, pk: int) -> Response:
        """Writes a comment, or an answer to one."""
        told = NewComment(data=request.data)
        told.is_valid(raise_exception=True)
        said, post = cast(dict[str, Any], told.validated_data), self.parent_post()
        parent = None
        if said.get("parent"):
            parent = Comment.objects.visible_to(self.viewer).filter(post=post, pk=said["parent"]).first()
            if parent is None:
                raise Invalid("There is no such comment under this post.", fields={"parent": "Unknown comment."})
        comment = comments.write_comment(
            author=self.member, post=post, body=said["body"], parent=parent, at=timezone.now(), manner=BY_TOKEN
        )
        return Response(CommentShape(comment).data, status=201)


class BoardsView(SproutView):
    """All boards the caller may see."""

    serializer_class = BoardShape
    pagination_class = None

    @extend_schema(operation_id="boards_list", responses=BoardShape(many=True))
    def get(self, request: Request) -> Response:
        """Boards in the order staff gave them."""
        boards = Board.objects.visible_to(self.viewer).with_rights_of(self.viewer).select_related("product")
        return Response(BoardShape(boards, many=True).data)


class MemberView(SproutView):
    """One member, as everybody sees them."""

    serializer_class = MemberShape

    @extend_schema(operation_id="members_read", responses=MemberShape)
    def get(self, request: Request, username: str) -> Response:
        """The member's page."""
        return Response(MemberShape(get_object_or_404(Member.objects.open().shown(), username=username)).data)


class MeView(SproutView):
    """The caller."""

    serializer_class = MeShape
    members_only = True

    @extend_schema(operation_id="me_read", responses=MeShape)
    def get(self, request: Request) -> Response:
        """The caller's own account."""
        return Response(MeShape(self.member).data)
