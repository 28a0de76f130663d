"""What a circle says of itself can be reported; hiding it is closing it."""

from community.care.targets import Target, targets
from community.circles.closing import close_circle, reopen_circle
from community.models import Circle, PostState


@targets(
    "circle",
    seen=lambda viewer: Circle.objects.visible_to(viewer).filter(proposed_by__isnull=False).select_related("proposed_by"),
    every=lambda: Circle.objects.filter(proposed_by__isnull=False).select_related("proposed_by"),
    shown=lambda: Circle.objects.standing(),
    hide=lambda circle, *, by, at, why: close_circle(circle=circle, by=by, reason=why, at=at),
    restore=lambda circle, *, by, at, why: reopen_circle(circle=circle, by=by, at=at),
)
def told_of_circle(circle: Circle) -> Target:
    """Its proposer answers for its name and its text."""
    state = PostState.HIDDEN if circle.closed_at else PostState.VISIBLE
    assert circle.proposed_by is not None  # noqa: S101 - both lists above have asked for it
    return Target(
        "circle", circle.pk, circle.proposed_by, circle.board_id, circle.name, circle.about, "", circle.get_absolute_url(),
        state, circle,
    )  # fmt: skip
