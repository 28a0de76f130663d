"""Members propose circles: one at a time, and none that is there already."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from community.activity import record
from community.circles.naming import find_alike, fold_name, slug_for
from community.circles.opening import open_if_ready
from community.models import Circle, CircleKind, CircleMember, Member
from community.privileges import Privilege, has, require
from community.refusals import Conflict, Invalid, NotAllowed
from community.verbs import CircleProposed, Verb

LONGEST_NAME, LONGEST_ABOUT = 60, 280


class SameCircle(Conflict):
    """There is one already that says the same; `circle` is the one to join."""

    def __init__(self, circle: Circle) -> None:
        told = _("There is “%(name)s” already. Join it: together you are more.") % {"name": circle}
        super().__init__(told, fields={"name": told}, code="same-circle")
        self.circle = circle


@transaction.atomic
def propose_circle(*, by: Member, name: str, about: str, kind: str, keeps: bool, at: datetime) -> Circle:
    """The circle waits for members, its proposer being the first. keeps: they would look after it.

    Raises NotAllowed for the very new, Invalid for a text that does not fit, SameCircle where there is one of that name, and
    Conflict where another proposal of theirs still waits.
    """
    require(by, Privilege.WRITE)
    if not has(by, Privilege.PROPOSE_CIRCLE):
        told = _("Circles are proposed from the second day on, by who has read a post or two. Joining one is open to you now.")
        raise NotAllowed(told, code="trust")
    name, about = " ".join(name.split()), about.strip()
    key = _check(name, about, kind)
    _check_fresh(key)
    waiting = Circle.objects.proposed().filter(proposed_by=by).first()
    if waiting is not None:
        told = _("“%(name)s” still waits for members. Help it along first; then propose the next.") % {"name": waiting}
        raise Conflict(told, code="one-at-a-time")
    circle = _write(by, name=name, about=about, kind=kind, key=key, steward=by if keeps else None, created_at=at)
    CircleMember.objects.create(circle=circle, member=by, joined_at=at)
    fact = CircleProposed(kind=kind, kept=keeps)
    record(Verb.CIRCLE_PROPOSED, key=f"circle_proposed:{circle.pk}", actor=by, subject=circle.pk, data=fact, at=at)
    open_if_ready(circle=circle, by=by, at=at)
    return circle


def _check(name: str, about: str, kind: str) -> str:
    """The folded name of a proposal that says what it is."""
    key, faults = fold_name(name), {}
    if len(key) < 2:
        faults["name"] = _("Please give it a name of at least two letters or signs.")
    if len(name) > LONGEST_NAME:
        faults["name"] = _("At most 60 signs; the rest fits below.")
    if not about:
        faults["about"] = _("Please say in a sentence who it is for.")
    if len(about) > LONGEST_ABOUT:
        faults["about"] = _("At most 280 signs.")
    if kind not in CircleKind.values:
        faults["kind"] = _("Please choose one.")
    if faults:
        raise Invalid(next(iter(faults.values())), fields=faults)
    return key


def _check_fresh(key: str) -> None:
    there = find_alike(key, Circle.objects.standing().values_list("key", flat=True))
    if there is not None:
        raise SameCircle(Circle.objects.standing().get(key=there))


def _write(by: Member, *, name: str, kind: str, key: str, **more: object) -> Circle:
    taken = set(Circle.objects.values_list("slug", flat=True))
    try:
        with transaction.atomic():
            return Circle.objects.create(
                slug=slug_for(name, kind, taken), name=name, kind=kind, key=key, proposed_by=by, **more
            )
    except IntegrityError:
        # Somebody proposed the same at the same moment, or they pressed twice; the constraints decide.
        _check_fresh(key)
        raise Conflict(_("That crossed with another proposal. Please send it again.")) from None
