"""A circle opens at the moment when enough people and somebody who looks after it are there; and never closes by itself."""

from datetime import datetime

from community.activity import record
from community.boards import set_board
from community.circles.naming import slug_for
from community.follows import Ear, Thing, ear_of, listen_to
from community.models import Audience, Board, Circle, Member, Product
from community.verbs import CircleOpened, Verb

OPENS_AT = 20
LAST = 900  # circles' boards stand below those of the house


def lock_circle(circle: Circle) -> Circle:
    """The circle as it is now; nobody comes, goes or takes it over until we are done."""
    row: Circle = Circle.objects.select_for_update(no_key=True).get(pk=circle.pk)
    return row


def open_if_ready(*, circle: Circle, by: Member, at: datetime) -> bool:
    """The locked circle has a board of its own if it has become due, and everybody in it follows that; whether it opened now."""
    if circle.state != "proposed" or circle.steward is None:
        return False
    # Two may come together as the last one; the circle's row is locked, so that one of them opens it.
    members = list(Member.objects.filter(circle_memberships__circle=circle).order_by("pk"))
    if len(members) < OPENS_AT:
        return False
    circle.board = set_board(board=_board_for(circle), by=by, at=at, moderators=[circle.steward])
    circle.opened_at = at
    circle.save(update_fields=["board", "opened_at"])
    for member in members:
        listen_to(member=member, kind=Thing.BOARD, thing=circle.board, ear=Ear.FOLLOW, at=at)
    fact = CircleOpened(board_id=circle.board.pk, steward_id=circle.steward.pk, members=len(members))
    # Nobody's deed alone: whoever came last hears of it like the others.
    record(Verb.CIRCLE_OPENED, key=f"circle_opened:{circle.pk}", actor=None, subject=circle.pk, data=fact, at=at)
    return True


def _board_for(circle: Circle) -> Board:
    taken = set(Board.objects.filter(slug__startswith="circle-").values_list("slug", flat=True))
    return Board(
        product=Product.objects.first() or Product.objects.create(slug="community", name="Community"),
        slug=slug_for(f"circle-{circle.slug}", "circle", taken), name=circle.name, about=circle.about, position=LAST,
        see=Audience.ANYONE, post=Audience.MEMBERS, comment=Audience.MEMBERS, vote=Audience.MEMBERS,
    )  # fmt: skip


def follow_its_board(*, circle: Circle, member: Member, at: datetime) -> None:
    """The member hears of the circle's board, unless they muted it."""
    if circle.board is not None and ear_of(member, Thing.BOARD, circle.board) == Ear.NONE:
        listen_to(member=member, kind=Thing.BOARD, thing=circle.board, ear=Ear.FOLLOW, at=at)


def unfollow_its_board(*, circle: Circle, member: Member, at: datetime) -> None:
    """The member hears no more of the circle's board; what they muted stays muted."""
    if circle.board is not None and ear_of(member, Thing.BOARD, circle.board) == Ear.FOLLOW:
        listen_to(member=member, kind=Thing.BOARD, thing=circle.board, ear=Ear.NONE, at=at)
