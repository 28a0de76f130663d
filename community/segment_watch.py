"""Who belongs to a segment is true again soon after a fact that may change it."""

from collections import defaultdict
from collections.abc import Sequence

from django.utils import timezone

from community.listening import listen
from community.models import Activity, Post
from community.segments import refresh_members
from community.verbs import Verb

# Which conditions a fact may change, by the fact. What is not here is looked at by the clock: visits and votes.
TOUCHED: dict[Verb, frozenset[str]] = {
    Verb.MEMBER_JOINED: frozenset(),
    Verb.MEMBER_CHANGED: frozenset({"trust", "personas"}),
    Verb.LEVEL_CHANGED: frozenset({"level"}),
    Verb.MEMBER_LEFT: frozenset(),
    Verb.ROLE_CHANGED: frozenset(),
    Verb.PROFILE_CHANGED: frozenset({"languages", "zones", "devices"}),
    Verb.POST_WRITTEN: frozenset({"posts"}),
    Verb.POST_CHANGED: frozenset({"posts"}),
}
OF_POSTS = (Verb.POST_WRITTEN, Verb.POST_CHANGED)


@listen(*TOUCHED, name="community.segments")
def refresh_segments(activities: Sequence[Activity]) -> None:
    """Whoever these facts are about is in exactly the segments they belong to; told again, nothing changes."""
    posts = [activity.subject_id or 0 for activity in activities if activity.verb in OF_POSTS]
    authors = dict(Post.objects.filter(pk__in=posts).values_list("pk", "author_id")) if posts else {}
    people: dict[frozenset[str], set[int]] = defaultdict(set)
    for activity in activities:
        subject = activity.subject_id
        member = authors.get(subject or 0) if activity.verb in OF_POSTS else subject
        if member is not None:
            people[TOUCHED[Verb(activity.verb)]].add(member)
    for touched, ids in sorted(people.items(), key=lambda entry: sorted(entry[0])):
        refresh_members(member_ids=ids, at=timezone.now(), touched=touched)
