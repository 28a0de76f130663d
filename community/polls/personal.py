"""A member takes along what they said in polls; a count that others rely on stays, without their name."""

from community.accounts.registry import Leaving, Rows, erases, exports, keeps
from community.models import Ballot, Member, Poll
from community.polls.asking import drop_poll


@exports("ballots", Ballot)
def ballots_of(member: Member) -> Rows:
    """What they chose, the first preference first."""
    for ballot in Ballot.objects.filter(member=member).select_related("poll__post").order_by("pk").iterator(500):
        chosen = ballot.choices.order_by("rank").values_list("option__text", flat=True)
        yield {"poll": ballot.poll.post.title, "chosen": list(chosen), "cast": ballot.cast_at, "changed": ballot.changed_at}


@erases(Ballot)
def erase_ballots(leaving: Leaving) -> None:
    """What they said in polls that are still open goes with them; a result that has been read stays what it was."""
    for ballot in Ballot.objects.filter(member=leaving.member).select_related("poll"):
        if ballot.poll.ended_at(leaving.at) is None:
            ballot.delete()


@erases(Poll, order=5)
def erase_questions(leaving: Leaving) -> None:
    """Where their words go, their question goes, and what was said to it: before the post, which would hold on to it."""
    if leaving.keeps_words:
        return
    asked = Poll.objects.filter(post__author=leaving.member)
    Ballot.objects.filter(poll__in=asked).delete()
    for poll in asked:
        drop_poll(poll=poll)


keeps(Poll, "who closed a poll or decided on it is part of the result")
