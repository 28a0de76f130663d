"""A post of kind suggestion or bug always has its suggestion; the others never pretend to have one."""

from django.utils.translation import gettext as _

from community.joins import Joined, Moment, joins
from community.models import PostKind
from community.refusals import Conflict
from community.standing import set_standing
from feedback.models import Suggestion
from feedback.votes import cast_first_vote, need_of

WISHES = (PostKind.SUGGESTION, PostKind.BUG)
TALKS = tuple(kind for kind in PostKind if kind not in WISHES)


@joins(*WISHES, on=(Moment.WRITTEN, Moment.CONVERTED))
def join_suggestion(told: Joined) -> None:
    """The post has its suggestion, canonical and open, with its author as first voter; a former one is back."""
    suggestion, fresh = Suggestion.objects.get_or_create(post=told.post, defaults={"root_id": told.post.pk})
    set_standing(told.post.pk, status=suggestion.status if suggestion.is_canonical else suggestion.root.status)
    if fresh:
        cast_first_vote(suggestion=suggestion, need=need_of(told.extras.get("need")), at=told.at)


@joins(*TALKS, on=Moment.CONVERTED)
def leave_suggestion(told: Joined) -> None:
    """The post has no status any more; its votes wait in case it is converted back. Raises Conflict if merged."""
    suggestion = Suggestion.objects.select_for_update(no_key=True).filter(post=told.post).first()
    if suggestion is not None and Suggestion.objects.of_cluster(suggestion.root_id).count() > 1:
        raise Conflict(_("This suggestion is merged with others. Please undo the merge first."))
    set_standing(told.post.pk, status="")
