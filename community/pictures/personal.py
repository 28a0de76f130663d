"""A member takes their pictures along, and leaves without them."""

from django.db import transaction

from community.accounts.registry import Leaving, Rows, erases, exports
from community.models import Attachment, Member, Mention
from community.pictures import store


@exports("pictures", Attachment)
def pictures_of(member: Member) -> Rows:
    """What they uploaded, with its words and where it stands."""
    names = ("id", "alt", "decorative", "width", "height", "post_id", "comment_id", "entry_id", "created_at")
    yield from Attachment.objects.filter(owner=member).order_by("pk").values(*names).iterator(500)


@exports("mentions", Mention)
def mentions_of(member: Member) -> Rows:
    """Where they were named or quoted."""
    names = ("post_id", "comment_id", "quoted", "created_at")
    yield from Mention.objects.filter(member=member).order_by("pk").values(*names).iterator(500)


@erases(Attachment, Mention, order=20)
def erase_pictures(leaving: Leaving) -> None:
    """Their face is gone; pictures stay where their words stay, and go where those go."""
    member = leaving.member
    gone = Attachment.objects.filter(owner=member)
    gone = gone.loose() if leaving.keeps_words else gone
    _drop_later("pictures", list(gone.values_list("name", flat=True)))
    gone.delete()
    Mention.objects.filter(member=member).delete()
    _drop_later("faces", [member.avatar])
    Member.objects.filter(pk=member.pk).update(avatar="", avatar_hidden_at=None)
    member.avatar, member.avatar_hidden_at = "", None


def _drop_later(shelf: store.Shelf, names: list[str]) -> None:
    def drop() -> None:
        for name in names:
            store.drop(shelf, name)

    transaction.on_commit(drop)
