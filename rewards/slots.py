"""What rewards shows on community's pages: levels beside names, one's points, and the auditor's word to staff."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html

from community.models import Member
from community.slots import slot
from rewards.ledger import balances_of
from rewards.levels import LEVELS, progress_of
from rewards.models import Breach
from rewards.statement import honour_of


@slot("name_mark")
def level_mark(_request: HttpRequest, member: Member, _prepared: None) -> str:
    """The level beside a name; seeds and the team go without. It is on the member, so it costs no query."""
    if not member.level or member.speaks_for_the_team:
        return ""
    return format_html('<span class="mark">{}</span>', LEVELS[member.level].name)


@slot("member_main")
def level_bed(request: HttpRequest, person: Member, _prepared: None) -> str:
    """How far a member has grown."""
    if person.speaks_for_the_team or person.claimed_at is None:
        return ""
    return render_to_string("rewards/_level.html", {"progress": progress_of(honour_of(person))}, request)


@slot("member_aside")
def own_points(request: HttpRequest, person: Member, _prepared: None) -> str:
    """A member's points, which are theirs alone to see."""
    if request.user != person or person.speaks_for_the_team:
        return ""
    return render_to_string("rewards/_points.html", {"held": balances_of([person.pk])[person.pk]}, request)


@slot("banner")
def breach_banner(request: HttpRequest, viewer: Member | None, _prepared: None) -> str:
    """Staff see at once that the books are broken; nobody else is asked a query for it."""
    if viewer is None or not viewer.is_staff:
        return ""
    found = Breach.objects.open().order_by("found_at").first()
    return render_to_string("rewards/_banner.html", {"breach": found}, request) if found else ""


@slot("community_aside")
def way_to_honours(request: HttpRequest, _thing: None, _prepared: None) -> str:
    """Where people meet they also read what is thanked for."""
    return render_to_string("rewards/_way_to_honours.html", {}, request)
