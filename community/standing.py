"""The standing of posts is written here, and nowhere else."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import F
from django.db.models.functions import Greatest

from community.models import Comment, Post, PostKind, PostState, Standing


def plant_standing(post: Post) -> Standing:
    """The post has its row in every list."""
    fresh = _of(post) | {"active_at": post.created_at}
    standing, _ = Standing.objects.update_or_create(post=post, defaults=_of(post), create_defaults=fresh)
    return standing


def refresh_standing(post: Post) -> None:
    """The row says what the post now is: board, kind, state."""
    Standing.objects.filter(post=post).update(**_of(post))


def _of(post: Post) -> dict[str, Any]:
    return {
        "product_id": post.board.product_id,
        "board_id": post.board_id,
        "kind": post.kind,
        "state": post.state,
        "created_at": post.created_at,
    }


def count_comments(post_id: int, difference: int, *, at: datetime | None = None) -> None:
    """The list shows so many comments more or fewer, and when the post last moved."""
    touched = {"active_at": Greatest(F("active_at"), at)} if at else {}
    Standing.objects.filter(post_id=post_id).update(comments=F("comments") + difference, **touched)


def settle_answered(post_id: int) -> None:
    """A question is answered while its accepted answer is shown; what answers a suggestion is feedback's to say."""
    accepted = Post.objects.filter(pk=post_id, kind=PostKind.QUESTION, accepted_answer__isnull=False)
    answer = accepted.values_list("accepted_answer", flat=True).first()
    answered = answer is not None and Comment.objects.filter(pk=answer, state=PostState.VISIBLE).exists()
    Standing.objects.filter(post_id=post_id).update(answered=answered)


def set_standing(post_id: int, **values: Any) -> None:
    """Feedback's figures (status, votes, heat, score, folded_into …) stand in the list."""
    Standing.objects.filter(post_id=post_id).update(**values)


def set_standings(values: Mapping[int, Mapping[str, Any]], *, fields: list[str]) -> None:
    """The given fields of many posts stand in the list, in one statement per thousand.

    The rows are locked in ascending order first: two writers of the same lists never wait for each other in a ring.
    """
    columns = [_column(name) for name in fields]
    ids = sorted(values)
    for start in range(0, len(ids), 1000):
        chunk = ids[start : start + 1000]
        locked = Standing.objects.select_for_update(no_key=True).filter(pk__in=chunk).order_by("pk")
        known = set(locked.values_list("pk", flat=True))
        rows = [row for row in chunk if row in known]
        columns_of = [
            [values[row].get(name, values[row].get(column.attname)) for row in rows]
            for name, column in zip(fields, columns, strict=True)
        ]
        _write(columns, rows, columns_of)


def _column(name: str) -> "models.Field[Any, Any]":
    field = Standing._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} is no column of the standing.")
    return field


def _write(columns: Sequence["models.Field[Any, Any]"], rows: list[int], values: list[list[Any]]) -> None:
    # A CASE for each row and field, as bulk_update writes it, costs ten times as much as one join.
    names = [connection.ops.quote_name(str(column.column)) for column in columns]
    sets = ", ".join(f"{name} = fresh.{name}" for name in names)
    arrays = ", ".join(f"%s::{column.rel_db_type(connection)}[]" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"update community_standing set {sets} "  # noqa: S608 - names of our own columns
            f"from unnest(%s::bigint[], {arrays}) as fresh(post_id, {', '.join(names)}) "
            "where community_standing.post_id = fresh.post_id",
            [rows, *values],
        )
