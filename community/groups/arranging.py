"""Groups are arranged: what they ask and give, how many places they have, and whether they take applications."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community.activity import record
from community.groups.leaving import fill_places
from community.groups.memberships import lock_group
from community.models import Member, Segment, TesterGroup
from community.privileges import Privilege, require
from community.refusals import Invalid
from community.segments import rebuild_segment
from community.verbs import GroupArranged, Verb


@transaction.atomic
def arrange_group(*, group: TesterGroup, by: Member, at: datetime) -> TesterGroup:
    """The group is kept as given, with a segment of its own for its boards.

    Raises Invalid where a closed group says nothing about why: what is closed is named, with the reason.
    """
    require(by, Privilege.CONFIGURE)
    if not group.is_open and not group.closed_because.strip():
        told = _("Please say why it is closed. Everybody who would like to come reads it.")
        raise Invalid(told, fields={"closed_because": told})
    fresh = group.segment_id is None
    segment = Segment() if fresh else group.segment
    segment.slug = f"group-{group.slug}"[:50]
    segment.name, segment.name_zh_hans, segment.name_zh_hant = group.name, group.name_zh_hans, group.name_zh_hant
    segment.about = _("Everybody in the tester group of this name.")
    segment.rule = {"match": "all", "groups": [group.slug]}
    segment.save()
    group.segment = segment
    group.save()
    rebuild_segment(segment=segment, at=at)
    record(
        Verb.GROUP_ARRANGED,
        key=f"group_arranged:{group.pk}:{at.isoformat()}",
        actor=by,
        subject=group.pk,
        data=GroupArranged(layer=group.layer, capacity=group.capacity, is_open=group.is_open),
        at=at,
    )
    fill_places(group=lock_group(group), at=at)
    return group
