"""What care needs to know of meetups and talks: how they are found, hidden and shown again."""

from django.utils.html import linebreaks

from community.care.targets import Target, targets
from community.meetups.hiding import hide_meetup, show_meetup
from community.meetups.talks import hide_talk, show_talk
from community.models import Meetup, PostState, Talk, TalkState


@targets(
    "meetup",
    seen=lambda viewer: Meetup.objects.visible_to(viewer).select_related("host"),
    every=lambda: Meetup.objects.select_related("host"),
    shown=lambda: Meetup.objects.filter(hidden_at=None, published=True),
    hide=lambda meetup, *, by, at, why: hide_meetup(meetup=meetup, by=by, at=at),
    restore=lambda meetup, *, by, at, why: show_meetup(meetup=meetup, by=by, at=at),
)
def told_of_meetup(meetup: Meetup) -> Target:
    state = PostState.HIDDEN if meetup.hidden_at else PostState.VISIBLE
    return Target(
        "meetup", meetup.pk, meetup.host, meetup.board_id, meetup.title, meetup.about, meetup.about_html,
        meetup.get_absolute_url(), state, meetup,
    )  # fmt: skip


@targets(
    "talk",
    seen=lambda viewer: Talk.objects.visible_to(viewer).select_related("speaker", "meetup"),
    every=lambda: Talk.objects.select_related("speaker", "meetup"),
    shown=lambda: Talk.objects.exclude(state__in=[TalkState.HIDDEN, TalkState.WITHDRAWN]),
    hide=lambda talk, *, by, at, why: hide_talk(talk=talk, by=by, at=at),
    restore=lambda talk, *, by, at, why: show_talk(talk=talk, by=by, at=at),
)
def told_of_talk(talk: Talk) -> Target:
    gone = {TalkState.HIDDEN: PostState.HIDDEN, TalkState.WITHDRAWN: PostState.DELETED}
    return Target(
        "talk", talk.pk, talk.speaker, talk.meetup.board_id, talk.title, talk.about, linebreaks(talk.about, autoescape=True),
        talk.get_absolute_url(), gone.get(TalkState(talk.state), PostState.VISIBLE), talk,
    )  # fmt: skip
