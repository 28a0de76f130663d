"""Where a score says why: the panel beside a post, one tap from every chip."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from community.models import Post, PostKind
from community.slots import slot
from feedback.models import Suggestion
from feedback.why import explain

WISHES = (PostKind.SUGGESTION, PostKind.BUG)


@slot("post_aside", order=20)
def show_why(request: HttpRequest, post: Post, prepared: None) -> SafeString:
    """The panel that explains the score of the post's cluster."""
    suggestion = Suggestion.objects.filter(pk=post.pk).first() if post.kind in WISHES else None
    if suggestion is None:
        return SafeString("")
    return render_to_string("feedback/_why.html", {"why": explain(suggestion, request.user)}, request=request)
