"""Where a score says why: the panel beside a post, one tap from every chip."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from community.models import Post
from community.slots import slot
from feedback.growth_slots import load_root
from feedback.models import Suggestion
from feedback.why import explain


@slot("post_aside", prepare=load_root, order=20)
def show_why(request: HttpRequest, post: Post, root: Suggestion | None) -> SafeString:
    """The panel that explains the score of the post's cluster."""
    if root is None:
        return SafeString("")
    return render_to_string("feedback/_why.html", {"why": explain(root, request.user)}, request=request)
