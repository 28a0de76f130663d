"""Helping to sort: which suggestions somebody is dealt, out of those they may vote for and have not decided about."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from community.models import Board, Member, Standing
from community.models.board import Viewer
from community.models.standing import StandingQuerySet
from feedback.judgements import counts_of
from feedback.models import Judgement, Status, Verdict, Vote
from feedback.routing import Card, deal

SKIPPED_FOR = timedelta(days=14)
UNDECIDED = (Status.OPEN, Status.UNDER_REVIEW)
# So many are drawn from: those with the fewest votes, the newest, and the liveliest. What is answered makes room for more.
FEWEST, NEWEST, LIVELIEST = 150, 100, 50


def dealt_to(
    viewer: Viewer, *, seed: str, at: datetime, answered: Collection[int] = (), first: int | None = None, count: int = 2
) -> list[Standing]:
    """The next cards for this person, with their posts; [] once they have seen all.

    answered: what a visitor has answered in this session. first: the card that comes on top, such as one taken back.
    """
    open_ones = _open_to(viewer, at).exclude(pk__in=list(answered))
    pool = _pool(open_ones)
    order = deal(_cards(pool), seed=seed)
    if first is not None and open_ones.filter(pk=first).exists():
        order = [first, *(pk for pk in order if pk != first)]
    rows = open_ones.with_posts().in_bulk(order[:count])
    return [rows[pk] for pk in order[:count] if pk in rows]


def _open_to(viewer: Viewer, at: datetime) -> StandingQuerySet:
    """Undecided suggestions the person may vote for: none of their own, none they voted for, passed, or skipped just now."""
    rows = Standing.objects.visible_to(viewer).listed().suggestions().filter(status__in=UNDECIDED)
    rows = rows.filter(board__in=Board.objects.open_to(viewer, "vote"))
    if not isinstance(viewer, Member):
        return rows
    # A vote for a duplicate has decided about its canonical.
    voted = Vote.objects.standing().filter(member=viewer, suggestion__root=OuterRef("pk"))
    recent = Q(verdict=Verdict.PASSED) | Q(at__gt=at - SKIPPED_FOR)
    judged = Judgement.objects.filter(recent, member=viewer, suggestion=OuterRef("pk"))
    return rows.exclude(post__author=viewer).exclude(Exists(voted)).exclude(Exists(judged))


def _pool(rows: StandingQuerySet) -> dict[int, tuple[int, bool]]:
    """Those to draw from: votes, and whether the team wrote it, by id."""
    found: dict[int, tuple[int, bool]] = {}
    for ordered, most in (
        (rows.order_by("votes", "-created_at", "-pk"), FEWEST),
        (rows.new(), NEWEST),
        (rows.hot(), LIVELIEST),
    ):
        for pk, votes, by_team in ordered.values_list("pk", "votes", "post__author__is_staff")[:most]:
            found[pk] = votes, by_team
    return found


def _cards(pool: dict[int, tuple[int, bool]]) -> Sequence[Card]:
    judged = counts_of(pool)
    return [Card(pk, votes, *judged.get(pk, (0, 0)), by_team=by_team) for pk, (votes, by_team) in pool.items()]
