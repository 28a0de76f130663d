"""A post of kind suggestion or bug always has its suggestion; the others never pretend to have one."""

from django.utils.translation import gettext as _

from community.boards import shows_to_all_of
from community.joins import Joined, Moment, joins
from community.models import Audience, PostKind, PostState
from community.refusals import Conflict
from community.standing import set_standing
from feedback.models import RoadmapItem, Suggestion
from feedback.votes import cast_first_vote, need_of

WISHES = (PostKind.SUGGESTION, PostKind.BUG)
TALKS = tuple(kind for kind in PostKind if kind not in WISHES)


@joins(*WISHES, on=(Moment.WRITTEN, Moment.CONVERTED))
def join_suggestion(told: Joined) -> None:
    """The post has its suggestion, canonical and open, with its author as first voter; a former one is back."""
    suggestion, fresh = Suggestion.objects.get_or_create(post=told.post, defaults={"root_id": told.post.pk})
    root = suggestion if suggestion.is_canonical else suggestion.root
    set_standing(told.post.pk, status=root.status, answered=bool(root.answer))
    # What waits for a moderator has no vote yet, so that nothing of it enters a score.
    if fresh and told.post.state != PostState.HELD:
        cast_first_vote(suggestion=suggestion, need=need_of(told.extras.get("need")), at=told.at)


@joins(*WISHES, on=Moment.RELEASED)
def count_first_vote(told: Joined) -> None:
    """What waited is shown for the first time: its author is its first voter now."""
    suggestion = Suggestion.objects.get(post=told.post)
    if not suggestion.votes.filter(member=told.post.author_id).exists():
        cast_first_vote(suggestion=suggestion, need=need_of(told.extras.get("need")), at=told.at)


@joins(*TALKS, on=Moment.CONVERTED)
def leave_suggestion(told: Joined) -> None:
    """The post has no status any more; its votes wait in case it is converted back.

    Raises Conflict if it is merged with others, or on the roadmap: what was promised is taken back there, in the open.
    """
    suggestion = Suggestion.objects.select_for_update(no_key=True).filter(post=told.post).first()
    if suggestion is not None and Suggestion.objects.of_cluster(suggestion.root_id).count() > 1:
        raise Conflict(_("This suggestion is merged with others. Please undo the merge first."))
    if suggestion is not None and RoadmapItem.objects.filter(suggestions=suggestion).exists():
        raise Conflict(_("This suggestion is on the roadmap. Please take it off there first."))
    set_standing(told.post.pk, status="")


@joins(*PostKind, on=Moment.MOVED)
def move_suggestion(told: Joined) -> None:
    """Whoever may see a duplicate still may see what it was merged into, and the roadmap tells of nothing closed.

    Raises Conflict where a merge would lead readers to what they may not see.
    """
    suggestion = Suggestion.objects.select_for_update(no_key=True).filter(post=told.post).first()
    if suggestion is None:
        return
    cluster = Suggestion.objects.of_cluster(suggestion.root_id).select_related("post__board", "root__post__board")
    for one in cluster.exclude(pk=suggestion.root_id):
        if not shows_to_all_of(one.root.post.board, one.post.board):
            raise Conflict(
                _("It is merged with a suggestion that not all of its readers could see there. Undo the merge first.")
            )
    if told.post.board.see != Audience.ANYONE:
        _take_off_the_public_roadmap(suggestion)


def _take_off_the_public_roadmap(suggestion: Suggestion) -> None:
    """Work that serves nothing everybody may see is shown to the team alone, until staff show it again."""
    public = RoadmapItem.objects.public().filter(suggestions__root=suggestion.root_id)
    shown = RoadmapItem.suggestions.through.objects.filter(suggestion__root__post__board__see=Audience.ANYONE)
    closed = public.exclude(pk__in=shown.values("roadmapitem_id")).values_list("pk", flat=True)
    RoadmapItem.objects.filter(pk__in=list(closed)).update(is_public=False)
