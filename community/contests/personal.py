"""A member takes along what they did in contests; what others were measured against stays, without their name."""

from community.accounts.registry import Leaving, Rows, erases, exports, keeps
from community.models import (
    Contest,
    ContestEntry,
    EntryState,
    FanVote,
    JuryDeclaration,
    JuryScore,
    Member,
    Teammate,
)


@exports("contest_entries", ContestEntry, Teammate)
def entries_of(member: Member) -> Rows:
    """What they sent in, and which teams they belong to or are asked to join."""
    for entry in ContestEntry.objects.filter(author=member).select_related("contest").order_by("pk").iterator(500):
        yield {
            "contest": entry.contest.title, "title": entry.title, "text": entry.body, "state": entry.state,
            "sent": entry.created_at, "edited": entry.edited_at,
        }  # fmt: skip
    for mate in Teammate.objects.filter(member=member).select_related("entry__contest").order_by("pk"):
        yield {
            "contest": mate.entry.contest.title,
            "title": mate.entry.title,
            "asked": mate.invited_at,
            "agreed": mate.agreed_at,
        }


@exports("contest_votes", FanVote)
def votes_of(member: Member) -> Rows:
    """Which entries they voted for."""
    rows = FanVote.objects.filter(member=member).order_by("pk")
    return rows.values("contest__title", "entry__title", "at").iterator(500)


@exports("jury", JuryDeclaration, JuryScore, Contest)
def judged_by(member: Member) -> Rows:
    """What they judged, and what they declared before."""
    for told in JuryDeclaration.objects.filter(juror=member).select_related("contest").order_by("pk"):
        yield {"contest": told.contest.title, "interests": told.interests, "declared": told.at}
    rows = JuryScore.objects.filter(juror=member).order_by("pk")
    yield from rows.values("entry__title", "criterion__name", "score", "at").iterator(500)


@erases(ContestEntry, Teammate, FanVote, JuryDeclaration)
def leave_contests(leaving: Leaving) -> None:
    """Votes and invitations of what is not decided yet are gone; entries go where the member's words go."""
    member = leaving.member
    FanVote.objects.filter(member=member, contest__announced_at=None).delete()
    Teammate.objects.filter(member=member, entry__contest__announced_at=None).delete()
    JuryDeclaration.objects.filter(juror=member).update(interests="")
    if not leaving.keeps_words:
        mine = ContestEntry.objects.filter(author=member)
        mine.update(title="–", body="", body_html="", state=EntryState.WITHDRAWN)


keeps(JuryScore, "a result stays what it was")
keeps(Contest, "who sat on a jury or announced a result is part of the result")
