"""Follow a post, or stop."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.follows import follow_again, unfollow_post
from community.models import Follow
from community.views.pages import ask_first, is_htmx, member_of, sign_in_first
from community.views.posts import find_post


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, post_id: int) -> HttpResponse:
    """The member hears of the post from now on, or no longer."""
    post, member = find_post(request.user, post_id), member_of(request)
    if request.method != "POST":
        return ask_first(
            request,
            heading=_("Follow “%(title)s”") % {"title": post.title},
            sentence=_("You hear of every answer and every step it takes."),
            button=_("Follow"),
            fields={"want": "follow"},
        )
    if member is None:
        return sign_in_first(request, "follow", {"post": post.pk})
    following = Follow.objects.filter(post=post, member=member, muted=False).exists()
    following = following and request.POST.get("want") != "follow"
    (unfollow_post if following else follow_again)(member=member, post=post, at=timezone.now())
    if is_htmx(request):
        return render(request, "community/_follow.html", {"post": post, "following": not following})
    return redirect(post.get_absolute_url())
