"""Pictures are added, stand in texts, are let go, and are swept away when no text has them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community import limits, rendering
from community.models import Attachment, Comment, ContestEntry, Draft, Member, Post
from community.models.attachment import LOOSE
from community.pictures import store
from community.pictures.redraw import redraw
from community.privileges import Privilege, require
from community.refusals import Invalid
from community.rendering import Picture

MOST_PER_TEXT = 10
A_DAY = {0: 10, 1: 60, 2: 60}  # by trust
DAY = 24 * 3600
LOOSE_FOR = timedelta(hours=48)
LONGEST_ALT = 300
Written = Post | Comment | ContestEntry


def add_picture(*, owner: Member, data: bytes, filename: str, at: datetime, alt: str = "") -> Attachment:
    """The picture is kept, drawn anew, and seen by its owner alone until a text of theirs has it.

    Raises Invalid with what is wrong with the file, TooMany past the day's allowance.
    """
    require(owner, Privilege.WRITE)
    limits.spend(what="pictures", who=f"member:{owner.pk}", limit=A_DAY.get(owner.trust, 60), seconds=DAY)
    versions = redraw(data=data, filename=filename, purpose="picture")
    name = store.keep("pictures", versions)
    largest = versions[-1]
    try:
        return Attachment.objects.create(
            owner=owner,
            name=name,
            widths=[version.width for version in versions],
            width=largest.width,
            height=largest.height,
            bytes=sum(len(version.data) for version in versions),
            alt=tame(alt),
            created_at=at,
            loose_since=at,
        )
    except BaseException:
        store.drop("pictures", name)
        raise


def tame(alt: str) -> str:
    """Words for a picture: one line, of which Markdown has nothing to read."""
    return " ".join("".join(" " if sign in "[]\\<>`*_\x00" else sign for sign in alt).split())[:LONGEST_ALT]


@transaction.atomic
def mark_decorative(*, pictures: Iterable[int], owner: Member, decorative: bool) -> None:
    """The owner says that these pictures show nothing that needs words, or that they do."""
    Attachment.objects.filter(pk__in=list(pictures), owner=owner).update(decorative=decorative)


@transaction.atomic
def remove_picture(*, picture: Attachment, by: Member) -> None:
    """The picture is gone for good; only its owner does that, and only while no text has it."""
    gone = Attachment.objects.loose().filter(pk=picture.pk, owner=by).delete()[0]
    if gone:
        transaction.on_commit(lambda: store.drop("pictures", picture.name))


def settle_pictures(written: Written, *, by: Member, at: datetime) -> Mapping[int, Picture]:
    """The text has the pictures it shows, of its own and of whoever writes now; what it shows no longer is let go.

    What they show is answered, by id, for the renderer. Must run inside the transaction that changes the text.
    Raises Invalid where a picture has neither words nor is said to be decoration.
    """
    shown = rendering.pictures_in(written.body) if "/pictures/" in written.body else {}
    if len(shown) > MOST_PER_TEXT:
        raise Invalid(_("At most %(most)d pictures fit into one text.") % {"most": MOST_PER_TEXT}, fields={"body": "pictures"})
    place = "comment" if isinstance(written, Comment) else "entry" if isinstance(written, ContestEntry) else "post"
    mine, loose = Q(**{place: written}), LOOSE & Q(owner=by, pk__in=shown)
    found = list(Attachment.objects.select_for_update(no_key=True).filter(mine | loose).order_by("pk"))
    kept = [picture for picture in found if picture.pk in shown]
    _check_words(kept, shown)
    for picture in found:
        stays = picture.pk in shown
        setattr(picture, f"{place}_id", written.pk if stays else None)
        picture.loose_since = None if stays else at
        picture.alt = shown[picture.pk][:LONGEST_ALT] if stays else picture.alt
    Attachment.objects.bulk_update(found, [place, "loose_since", "alt"])
    return {picture.pk: picture_of(picture) for picture in kept}


def _check_words(pictures: Iterable[Attachment], shown: Mapping[int, str]) -> None:
    silent = [picture for picture in pictures if not shown[picture.pk].strip() and not picture.decorative]
    if silent:
        sentence = ngettext(
            "Please say what the picture shows, for those who do not see it; or say that it is only decoration.",
            "Please say what the pictures show, for those who do not see them; or say that they are only decoration.",
            len(silent),
        )
        raise Invalid(sentence, fields={"body": sentence}, code="picture-words")


def picture_of(attachment: Attachment) -> Picture:
    return Picture(attachment.pk, tuple(attachment.widths), attachment.width, attachment.height)


def pictures_of(written: Written) -> Mapping[int, Picture]:
    """The pictures the text has, by id."""
    return {found.pk: picture_of(found) for found in written.attachments.all()}


def pictures_to_preview(text: str, viewer: Member) -> Mapping[int, Picture]:
    """The pictures in the text that are the writer's own."""
    found = Attachment.objects.filter(pk__in=rendering.pictures_in(text), owner=viewer) if "/pictures/" in text else []
    return {one.pk: picture_of(one) for one in found}


def sweep_pictures(*, at: datetime, size: int = 500) -> int:
    """Pictures that no text and no draft has had for 48 hours are gone, and so are folders that no picture has."""
    loose = Attachment.objects.loose().filter(loose_since__lt=at - LOOSE_FOR).order_by("loose_since")[:size]
    gone = [picture for picture in loose if not _in_a_draft(picture)]
    for picture in gone:
        with transaction.atomic():
            # Whoever posts it at this very moment wins: their text has locked it.
            if Attachment.objects.loose().filter(pk=picture.pk, loose_since=picture.loose_since).delete()[0]:
                transaction.on_commit(lambda name=picture.name: store.drop("pictures", name))  # type: ignore[misc]
    return len(gone) + _sweep_folders()


def _in_a_draft(picture: Attachment) -> bool:
    drafts = Draft.objects.filter(member=picture.owner_id, data__body__icontains=f"/pictures/{picture.pk}/")
    return drafts.exists()


def _sweep_folders() -> int:
    """What was written and never recorded, or whose text is gone with all that belonged to it."""
    old = LOOSE_FOR.total_seconds()
    lying = {shelf: list(store.names_older_than(shelf, old)) for shelf in store.SHELVES}
    known = {
        "pictures": set(Attachment.objects.filter(name__in=lying["pictures"]).values_list("name", flat=True)),
        "faces": set(Member.objects.filter(avatar__in=lying["faces"]).values_list("avatar", flat=True)),
    }
    orphans = [(shelf, name) for shelf, names in lying.items() for name in names if name not in known[shelf]]
    for shelf, name in orphans:
        store.drop(shelf, name)
    return len(orphans)


def markdown_of(picture: Attachment, alt: str = "") -> str:
    """How the picture stands in a text."""
    return f"![{tame(alt or picture.alt)}]({picture.get_absolute_url()})"
