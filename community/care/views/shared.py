"""What the pages of care share: who is asked for, and what they look at."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from community.care.targets import Target, find_target
from community.models import Member
from community.privileges import Privilege, moderates, require
from community.views.pages import member_of, sign_in_for

P = ParamSpec("P")


def for_members(view: Callable[Concatenate[HttpRequest, Member, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """The page is one member's; whoever is not signed in does so first."""

    @never_cache
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        member = member_of(request)
        return sign_in_for(request) if member is None else view(request, member, *args, **kwargs)

    return page


def for_moderators(view: Callable[Concatenate[HttpRequest, Member, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """The page is for those who keep a board, and for the team."""

    @for_members
    def page(request: HttpRequest, member: Member, *args: Any, **kwargs: Any) -> HttpResponse:
        require(member, Privilege.MODERATE)
        return view(request, member, *args, **kwargs)

    return page


def kept_target(member: Member, kind: str, target_id: int) -> Target:
    """The thing in a board that the member keeps; 404 for what they may not see, NotAllowed for what they do not keep."""
    target = find_target(member, kind, target_id)
    if target is None or kind == "member":
        raise Http404
    if target.board_id is None:
        # What stands in no board is looked after by all who moderate.
        require(member, Privilege.MODERATE)
    elif not moderates(member, target.board_id):
        raise Http404
    return target


def now() -> Any:
    return timezone.now()
