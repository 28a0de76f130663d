"""Names to choose from while somebody types one, and the quote of a comment or post for an answer."""

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from community import limits
from community.mentions.offering import offer_names
from community.mentions.quotes import quote
from community.models import Comment, Post
from community.refusals import TooMany
from community.views.pages import member_of

A_MINUTE = 90


@never_cache
@require_safe
def names(request: HttpRequest) -> JsonResponse:
    """At most eight members for what was typed after an @; nobody for a visitor, who cannot name anybody yet."""
    member = member_of(request)
    if member is None:
        return JsonResponse({"people": []})
    try:
        limits.spend(what="names", who=f"member:{member.pk}", limit=A_MINUTE, seconds=60)
    except TooMany:
        return JsonResponse({"people": []}, status=429)
    wish = request.GET.get("post", "")
    post = Post.objects.visible_to(member).filter(pk=int(wish[:18])).first() if wish.isdecimal() else None
    begun = request.GET.get("q", "").replace("\x00", "")
    offered = offer_names(begun=begun, viewer=member, post=post)
    people = [{"username": one.username, "name": one.name, "title": one.title} for one in offered]
    return JsonResponse({"people": people, "hint": _("People you can name")})


def quoted_text(request: HttpRequest, post: Post) -> str:
    """The quote that the address asks for: `?quote=post`, or the id of a comment below it; empty where it is not to be seen."""
    wish = request.GET.get("quote", "")
    if wish == "post":
        return quote(post)
    if not wish.isdecimal():
        return ""
    said = Comment.objects.visible_to(request.user).filter(post=post, pk=int(wish[:18])).select_related("author").first()
    return quote(said) if said else ""
