"""What groups show on community's other pages: the way in, and whose mark somebody wears."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from community.groups.reading import shown_groups
from community.models import Layer, Member, MembershipState
from community.slots import slot

WORN = (MembershipState.ACCEPTED, MembershipState.RESTING, MembershipState.EMERITUS)


@slot("community_aside", order=5)
def way_in(request: HttpRequest, _thing: None, _prepared: None) -> str:
    """Where people meet they also read who sees things early."""
    groups = shown_groups(request.user, at=timezone.now())
    return render_to_string("community/_groups_aside.html", {"groups": groups}, request) if groups else ""


@slot("member_aside", order=5)
def groups_of(request: HttpRequest, person: Member, _prepared: None) -> str:
    """The inner groups somebody belongs to, or has belonged to with honour; who tests in the open is not listed."""
    rows = person.group_memberships.filter(state__in=WORN).exclude(group__layer=Layer.WIDE)
    worn = list(rows.select_related("group").order_by("group__layer", "pk"))
    return render_to_string("community/_member_groups.html", {"memberships": worn}, request) if worn else ""
