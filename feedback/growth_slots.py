"""What feedback shows of a suggestion's growth in community's pages."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from community.models import Post
from community.privileges import Privilege, has
from community.slots import slot
from feedback.growth import same_wishes, status_sign, stem_of
from feedback.models import Release, Suggestion
from feedback.models.suggestion import NEED_A_REASON
from feedback.thanks import thanks_for

WISHES = ("suggestion", "bug")


def load_root(request: HttpRequest, posts: Sequence[Post]) -> Suggestion | None:
    """The canonical suggestion behind the page's post, once for all that is shown of it."""
    wish = next((post for post in posts if post.kind in WISHES), None)
    if wish is None:
        return None
    roots = Suggestion.objects.select_related("post__author", "answered_by")
    return roots.filter(cluster=wish.pk).first()


@slot("post_answer", prepare=load_root)
def fill_answer(request: HttpRequest, post: Post, root: Suggestion | None) -> SafeString:
    """The official answer, under the name of who gave it; a decline shows its status with it."""
    if root is None or not root.answer:
        return SafeString("")
    closed = status_sign(root.status) if root.status in NEED_A_REASON else ""
    return render_to_string("feedback/_answer.html", {"root": root, "closed": closed}, request)


@slot("post_aside", prepare=load_root, order=10)
def fill_stem(request: HttpRequest, post: Post, root: Suggestion | None) -> SafeString:
    """The history as one plant, drawn from the ground up."""
    if root is None:
        return SafeString("")
    return render_to_string("feedback/_stem.html", {"steps": stem_of(root)}, request)


@slot("post_aside", order=30)
def fill_same_wishes(request: HttpRequest, post: Post, _loaded: None) -> SafeString:
    """What was merged into this suggestion; staff may part them again, and members tell of more."""
    if post.kind not in WISHES or post.standing.folded_into_id:
        return SafeString("")
    wishes = same_wishes(post.pk, viewer=request.user) if post.standing.merged else []
    may_part, may_propose = has(request.user, Privilege.MERGE), has(request.user, Privilege.PROPOSE_MERGE)
    context = {"wishes": wishes, "post": post, "may_part": may_part, "may_propose": may_propose}
    return render_to_string("feedback/_same_wishes.html", context, request)


@slot("home_aside", order=10)
def fill_latest_release(request: HttpRequest, product: Any, _loaded: None) -> SafeString:
    """What shipped last, and with whom."""
    latest = list(Release.objects.shipped().select_related("product")[:1])
    if not latest:
        return SafeString("")
    context = {"release": latest[0], "thanks": thanks_for(latest, viewer=request.user)[latest[0].pk]}
    return render_to_string("feedback/_latest_release.html", context, request)
