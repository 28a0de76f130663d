"""A member takes along what they began and what their words said before; both go when they leave."""

from django.db.models import Q

from community.accounts.registry import Leaving, Rows, erases, exports
from community.models import Draft, Member, Revision


@exports("drafts", Draft)
def drafts_of(member: Member) -> Rows:
    """What they typed and did not send."""
    return Draft.objects.filter(member=member).order_by("pk").values("form", "data", "saved_at").iterator(500)


@exports("versions", Revision)
def versions_of(member: Member) -> Rows:
    """What their posts and comments said before, as far as they wrote it themselves."""
    mine = Revision.objects.filter(editor=member).order_by("pk")
    return mine.values("post_id", "comment_id", "title", "body", "reason", "at").iterator(500)


@erases(Draft, Revision, order=20)
def erase_versions(leaving: Leaving) -> None:
    """Drafts are gone; where their words go, so does everything these said before."""
    Draft.objects.filter(member=leaving.member).delete()
    if not leaving.keeps_words:
        theirs = Q(post__author=leaving.member) | Q(comment__author=leaving.member)
        Revision.objects.filter(theirs).delete()
