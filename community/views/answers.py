"""Say which comment answers the question, or that none does."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.views.comments import find_comment
from community.views.pages import member_of, sign_in_for
from community.views.posts import find_post
from community.writing.answers import accept_answer, unaccept_answer


@require_POST
def accept(request: HttpRequest, comment_id: int) -> HttpResponse:
    """The comment stands on top as the answer; the toast takes it back."""
    comment, member = find_comment(request.user, comment_id), member_of(request)
    if member is None:
        return sign_in_for(request)
    post = accept_answer(comment=comment, by=member, at=timezone.now())
    told = _("%(name)s’s answer stands on top now, and they hear that it helped.") % {"name": comment.author}
    messages.info(request, told, extra_tags=reverse("post-unaccept", args=[post.pk]))
    return HttpResponseRedirect(f"{post.get_absolute_url()}#accepted")


@require_POST
def unaccept(request: HttpRequest, post_id: int) -> HttpResponse:
    """The question is open again."""
    post, member = find_post(request.user, post_id), member_of(request)
    if member is None:
        return sign_in_for(request)
    post = unaccept_answer(post=post, by=member, at=timezone.now())
    messages.success(request, _("The question is open again."))
    return HttpResponseRedirect(post.get_absolute_url())
