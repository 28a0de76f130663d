"""What circles hold of a person, and how it goes when they leave."""

from community.accounts.registry import Leaving, Rows, erases, exports
from community.circles.opening import lock_circle
from community.circles.stewards import set_steward
from community.models import Circle, CircleMember, Member


@exports("circles", CircleMember, Circle)
def circles_of(member: Member) -> Rows:
    """Which circles they are in, which they proposed and look after."""
    for row in CircleMember.objects.filter(member=member).select_related("circle").order_by("pk"):
        yield {"what": "membership", "circle": row.circle.slug, "since": row.joined_at}
    for circle in Circle.objects.filter(proposed_by=member).order_by("pk"):
        yield {"what": "proposal", "circle": circle.slug, "name": circle.name, "about": circle.about, "at": circle.created_at}
    for circle in Circle.objects.filter(steward=member).order_by("pk"):
        yield {"what": "stewardship", "circle": circle.slug}


# Before the follows go: what is laid down here asks nobody for them.
@erases(Circle, CircleMember, order=40)
def leave_every_circle(leaving: Leaving) -> None:
    """Nobody finds them in a circle; one they looked after asks its people, one they proposed stays without their name."""
    for circle in Circle.objects.filter(steward=leaving.member).order_by("pk"):
        set_steward(circle=lock_circle(circle), steward=None, by=None, at=leaving.at)
    CircleMember.objects.filter(member=leaving.member).delete()
    Circle.objects.filter(proposed_by=leaving.member).update(proposed_by=None)
