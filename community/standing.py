"""The standing of posts is written here, and nowhere else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from django.db.models.functions import Greatest

from community.models import Post, Standing


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


def set_standing(post_id: int, **values: Any) -> None:
    """Feedback's figures (status, votes, heat, score, folded_into …) stand in the list."""
    Standing.objects.filter(post_id=post_id).update(**values)


def set_standings(values: Mapping[int, Mapping[str, Any]], *, fields: list[str]) -> None:
    """The given fields of many posts stand in the list, in one statement per thousand."""
    rows = [Standing(post_id=post_id, **fresh) for post_id, fresh in sorted(values.items())]
    Standing.objects.bulk_update(rows, fields, batch_size=1000)
