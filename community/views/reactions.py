"""Leave a sign on a comment or a post, take it back, and see who left which."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.limits import spend
from community.models import Comment, Post, Reaction, Sign
from community.reactions import people_by_sign, react, signs_on_comments, signs_on_post
from community.views.comments import find_comment
from community.views.pages import ask_first, for_everybody, is_htmx, member_of, sign_in_first
from community.views.posts import find_post

A_DAY = {"limit": 50, "seconds": 24 * 3600}


@require_http_methods(["GET", "HEAD", "POST"])
def on_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The member's sign stands on the comment, or no longer does."""
    comment = find_comment(request.user, comment_id)
    return _sign(request, {"comment": comment}, sentence=_("Agreement lifts a comment, so that the team reads it first."))


@require_http_methods(["GET", "HEAD", "POST"])
def on_post(request: HttpRequest, post_id: int) -> HttpResponse:
    """The member's sign stands on the post, or no longer does."""
    return _sign(request, {"post": find_post(request.user, post_id)}, sentence=_("A small sign, and its author sees it."))


def _sign(request: HttpRequest, on: dict[str, Any], *, sentence: str) -> HttpResponse:
    [(name, thing)] = on.items()
    member, sign = member_of(request), _asked(request)
    if request.method != "POST":
        told = {"sign": sign.label, "name": thing.author}
        return ask_first(
            request,
            heading=_("%(sign)s: a sign for %(name)s") % told,
            sentence=sentence,
            button=str(sign.label),
            fields={"sign": sign.value},
        )
    if member is None:
        post_id = thing.post_id if isinstance(thing, Comment) else thing.pk
        about = {"comment": thing.pk} if isinstance(thing, Comment) else {}
        return sign_in_first(request, "react", {"post": post_id, "sign": sign.value, **about})
    spend(what="react", who=str(member.pk), **A_DAY)
    react(member=member, sign=sign, at=timezone.now(), **on)
    if not is_htmx(request):
        return HttpResponseRedirect(thing.get_absolute_url())
    return render(request, "community/_signs.html", {name: thing, "signs": _signs_on(request, thing)})


def _asked(request: HttpRequest) -> Sign:
    wish = (request.POST if request.method == "POST" else request.GET).get("sign", "")
    return Sign(wish) if wish in Sign.values else Sign.AGREE


def _signs_on(request: HttpRequest, thing: Comment | Post) -> Any:
    if isinstance(thing, Post):
        return signs_on_post(thing, request.user)
    return signs_on_comments([thing.pk], request.user)[thing.pk]


@require_safe
@for_everybody
def of_comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Who left which sign on the comment."""
    return _who(request, find_comment(request.user, comment_id), Reaction.objects.filter(comment=comment_id))


@require_safe
@for_everybody
def of_post(request: HttpRequest, post_id: int) -> HttpResponse:
    """Who left which sign on the post."""
    return _who(request, find_post(request.user, post_id), Reaction.objects.filter(post=post_id))


def _who(request: HttpRequest, thing: Comment | Post, reactions: Any) -> HttpResponse:
    context = {"thing": thing, "people_by_sign": people_by_sign(reactions), "section": "community"}
    template = "community/_reactions.html" if is_htmx(request) else "community/reactions.html"
    return render(request, template, context)
