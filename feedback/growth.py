"""How a suggestion grew: its history as steps of one plant, and what was merged into it."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, F, Q
from django.utils.html import format_html
from django.utils.safestring import SafeString

from community.models import Member, Post
from community.models.board import Viewer
from community.rendering import plain
from community.templatetags.sprout import icon
from feedback.models import Merge, RoadmapItem, Status, StatusChange, Suggestion
from feedback.models.suggestion import GROWING

MOST_MERGED = 20


@dataclass(frozen=True)
class Step:
    """One node of the stem. stage: past, now or next; sign: the drawing in the sprite."""

    status: Status
    stage: str
    sign: str
    at: datetime | None = None
    by: Member | None = None
    words: str = ""

    @property
    def planted(self) -> bool:
        return self.status == Status.OPEN and self.sign == "n-seed"


@dataclass(frozen=True)
class SameWish:
    """A suggestion that was merged into another: how many wanted it, and who joined it when."""

    post: Post
    votes: int
    by: Member | None
    at: datetime


def status_sign(status: str) -> SafeString:
    """The glyph and the word of a status, which always stand together; nothing for what has none."""
    if status not in Status.values:
        return SafeString("")
    known = Status(status)
    return format_html('<span class="status" data-status="{}">{}{}</span>', known.value, icon(f"s-{known.value}"), known.label)


def stem_of(root: Suggestion) -> list[Step]:
    """The steps of a canonical suggestion, the newest on top, above them what is still to come."""
    changes = list(StatusChange.objects.filter(suggestion=root).select_related("by").order_by("at", "pk"))
    grown = [Step(Status.OPEN, "past", "n-seed", root.post.created_at, root.post.author)]
    for change in changes:
        # The official answer stands on the page in full already.
        words = plain(change.answer, 120) if change.answer and change.answer != root.answer else ""
        grown.append(Step(Status(change.after), "past", "n-leaf", change.at, change.by, words))
    last = grown.pop()
    bud = "n-bud" if last.status in GROWING else f"s-{last.status.value}"
    grown.append(replace(last, stage="now", sign=bud if changes else last.sign))
    return [*_to_come(root, last.status), *reversed(grown)]


def _to_come(root: Suggestion, status: Status) -> list[Step]:
    if status not in GROWING or status == Status.SHIPPED:
        return []
    items = RoadmapItem.objects.public().filter(suggestions__root=root).exclude(expected="")
    expected = items.order_by("pk").values_list("expected", flat=True).first() or ""
    later = GROWING[GROWING.index(status) + 1 :]
    return [Step(step, "next", "n-next", words=expected if step == Status.SHIPPED else "") for step in reversed(later)]


def same_wishes(root_id: int, *, viewer: Viewer) -> list[SameWish]:
    """What was merged into this suggestion and the viewer may see, the most wanted first."""
    wanted = Q(votes__withdrawn_at=None, votes__voided_at=None, votes__member__is_staff=False)
    found = Suggestion.objects.visible_to(viewer).filter(root=root_id).exclude(pk=root_id).select_related("post")
    counted = found.annotate(voters=Count("votes", filter=wanted)).order_by(F("voters").desc(), "pk")[:MOST_MERGED]
    edges = Merge.objects.filter(duplicate__in=[one.pk for one in counted], undone_at=None)
    joined = {edge.duplicate_id: edge for edge in edges.select_related("by", "proposed_by")}
    return [
        SameWish(one.post, one.voters, edge.proposed_by or edge.by, edge.at)
        for one in counted
        if (edge := joined.get(one.pk)) is not None
    ]
