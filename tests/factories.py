"""Makers of test data: plain functions, real operations wherever there is one; whatever matters to a test is said by it."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from community.comments import write_comment
from community.groups.arranging import arrange_group
from community.groups.memberships import settle
from community.models import (
    Audience,
    Board,
    BoardRight,
    Comment,
    GroupMembership,
    Layer,
    Member,
    MembershipState,
    Persona,
    Post,
    Product,
    Role,
    Segment,
    TesterGroup,
)
from community.posts import write_post
from community.segments import rebuild_segment
from feedback.models import Need, Suggestion, Vote
from feedback.votes import cast_vote

NOW = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
_number = itertools.count(1)


def make_member(name: str = "", **fields: Any) -> Member:
    """An established member (trust 2) who signed up four weeks ago, unless said otherwise."""
    number = next(_number)
    username = fields.pop("username", f"{name.lower().replace(' ', '-') or 'member'}-{number}")
    settled = {
        "display_name": name or f"Member {number}",
        "email": f"{username}@example.org",
        "trust": 2,
        "cohort": "week:2026-W42",
        "joined_at": NOW - timedelta(weeks=4),
        "verified_at": NOW - timedelta(weeks=4),
        "claimed_at": NOW - timedelta(weeks=4),
        "active_days": 10,
        "reads": 30,
    }
    return Member.objects.create_user(username, **(settled | fields))


def make_newcomer(name: str = "", *, trust: int = 0, cohort: str = "week:2026-W46", **fields: Any) -> Member:
    """A member below trust 2, of one sign-up cohort."""
    return make_member(name, trust=trust, cohort=cohort, **fields)


def make_staff(name: str = "Ines Okafor", **fields: Any) -> Member:
    return make_member(name, **({"role": Role.STAFF, "is_staff": True, "staff_title": "Battery team"} | fields))


def make_admin(name: str = "Ada Root", **fields: Any) -> Member:
    return make_staff(name, **({"role": Role.ADMIN, "is_superuser": True} | fields))


def make_moderator(name: str = "Moe Keller", *, board: Board | None = None, **fields: Any) -> Member:
    member = make_member(name, **({"role": Role.MODERATOR} | fields))
    if board is not None:
        board.moderators.add(member)
    return member


def make_persona(slug: str = "", **fields: Any) -> Persona:
    slug = slug or f"persona-{next(_number)}"
    return Persona.objects.get_or_create(slug=slug, defaults={"name": slug.capitalize()} | fields)[0]


def make_product(slug: str = "", **fields: Any) -> Product:
    slug = slug or f"product-{next(_number)}"
    return Product.objects.create(slug=slug, **({"name": slug.capitalize()} | fields))


def make_board(slug: str = "", *, product: Product | None = None, **fields: Any) -> Board:
    """A board that is open to everybody; `see=Audience.STAFF` and the like close it."""
    slug = slug or f"board-{next(_number)}"
    return Board.objects.create(slug=slug, product=product or make_product(), **({"name": slug.capitalize()} | fields))


def make_team_board(slug: str = "", **fields: Any) -> Board:
    closed = dict.fromkeys(("see", "post", "comment", "vote"), Audience.STAFF)
    return make_board(slug, **(closed | fields))


def make_post(
    title: str = "", *, author: Member | None = None, board: Board | None = None, kind: str = "discussion",
    body: str = "Here is why.", at: datetime = NOW, **more: Any,
) -> Post:  # fmt: skip
    """A post written by the real operation; `tags` and `extras` are handed on."""
    return write_post(
        author=author or make_member(), board=board or make_board(), kind=kind,
        title=title or f"A thought number {next(_number)}", body=body, at=at, **more,
    )  # fmt: skip


def make_suggestion(title: str = "", *, kind: str = "suggestion", root: Suggestion | None = None, **more: Any) -> Suggestion:
    """A suggestion (or bug) with its author's own vote; `root` sets the cluster by hand, without a merge."""
    post = make_post(title or f"A wish number {next(_number)}", kind=kind, **more)
    if root is not None:
        Suggestion.objects.filter(pk=post.pk).update(root=root)
    return Suggestion.objects.select_related("post", "root").get(pk=post.pk)


def make_bug(title: str = "", **more: Any) -> Suggestion:
    return make_suggestion(title or f"A fault number {next(_number)}", kind="bug", **more)


def make_vote(suggestion: Suggestion, member: Member | None = None, *, need: int = Need.NICE, at: datetime = NOW) -> Vote:
    return cast_vote(member=member or make_member(), suggestion=suggestion, need=need, at=at)


def make_comment(post: Post, body: str = "I agree, and here is more.", *, author: Member | None = None, **more: Any) -> Comment:
    return write_comment(author=author or make_member(), post=post, body=body, **({"at": NOW} | more))


def make_segment(slug: str = "", *, rule: dict[str, Any] | None = None, added: Any = (), **fields: Any) -> Segment:
    """A segment with its members written down."""
    slug = slug or f"segment-{next(_number)}"
    segment = Segment.objects.create(slug=slug, rule=rule or {}, **({"name": slug.capitalize()} | fields))
    segment.added.set(added)
    rebuild_segment(segment=segment, at=NOW)
    return segment


def make_segment_board(
    slug: str = "", *, segment: Segment, rights: Any = ("see", "post", "comment", "vote"), **fields: Any
) -> Board:
    """A board in which members of the segment have these rights; the others are open to whoever sees it."""
    board = make_board(slug, **(dict.fromkeys(rights, Audience.SEGMENT) | fields))
    BoardRight.objects.bulk_create([BoardRight(board=board, right=right, segment=segment) for right in rights])
    return board


@transaction.atomic
def make_group(slug: str = "", *, layer: int = Layer.CLOSE, members: Any = (), **fields: Any) -> TesterGroup:
    """A tester group that takes applications, with these members in it."""
    slug = slug or f"group-{next(_number)}"
    admin = make_admin(f"Admin of {slug}")
    group = arrange_group(group=TesterGroup(slug=slug, layer=layer, **({"name": slug.capitalize()} | fields)), by=admin, at=NOW)
    for member in members:
        settle(GroupMembership(group=group, member=member), MembershipState.ACCEPTED, by=admin, at=NOW)
    return group
