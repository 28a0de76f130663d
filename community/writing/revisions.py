"""Every version of an edited text is kept: who wrote it, when, and why; what should not be read is hidden, not lost."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from community.activity import record
from community.models import Comment, Member, Post, Revision
from community.paging import take_page
from community.privileges import require_moderator
from community.refusals import Conflict
from community.verbs import RevisionChanged, Verb
from community.writing.diffing import SAME, Part, changes, difference, shortened

PAGE = 8
LONGEST_REASON = 200
Text = Post | Comment


def remember(text: Text) -> None:
    """What the text says now is on record, before it is changed. Called by the edit, which holds the text's lock."""
    last = _versions(text).first()
    title, body, tags = _said(text)
    if last is not None and (last.title, last.body, last.tags) == (title, body, tags):
        return
    # What was changed by other ways than an edit (an import, say) counts as its author's.
    _write(text, last.number + 1 if last else 1, text.author, text.edited_at or text.created_at, "")


def revise(text: Text, *, by: Member, at: datetime, reason: str = "") -> Revision:
    """What the text says now is its newest version."""
    last = _versions(text).first()
    return _write(text, last.number + 1 if last else 1, by, at, " ".join(reason.split())[:LONGEST_REASON])


@transaction.atomic
def hide_revision(*, revision: Revision, by: Member, at: datetime) -> Revision:
    """Only those who moderate may still read this version. Raises Conflict for what the text says now."""
    return _turn(revision, by, at, hidden=True)


@transaction.atomic
def show_revision(*, revision: Revision, by: Member, at: datetime) -> Revision:
    """Everybody who may see the text may read this version again."""
    return _turn(revision, by, at, hidden=False)


def text_of(revision: Revision) -> Text:
    """The post or the comment that the version is of."""
    found = revision.post or revision.comment
    assert found is not None
    return found


def post_of(revision: Revision) -> Post:
    """The post that the version belongs to, by itself or by its comment."""
    text = text_of(revision)
    return text if isinstance(text, Post) else text.post


@dataclass(frozen=True)
class Version:
    """One version as its readers see it. unreadable: hidden from them, or laid beside one that is."""

    revision: Revision
    first: bool
    newest: bool
    unreadable: bool
    by_another: bool
    title: Sequence[Part] = ()
    body: Sequence[Part] = ()
    tags_gone: Sequence[str] = ()
    tags_new: Sequence[str] = ()


@dataclass(frozen=True)
class History:
    """A page of versions, newest first; `after` asks for the next."""

    versions: list[Version] = field(default_factory=list)
    after: int | None = None


def history_of(text: Text, *, moderates: bool, after: str = "") -> History:
    """What the text has said, each version beside the one before it."""
    page = take_page(_versions(text).select_related("editor"), order=("-number",), after=after, size=PAGE)
    if not page.rows:
        return History()
    older = _versions(text).filter(number__lt=page.rows[-1].number).first()
    newest = _versions(text).values_list("number", flat=True).first()
    pairs = zip(page.rows, [*page.rows[1:], older], strict=True)
    return History([_version(row, before, text, newest == row.number, moderates) for row, before in pairs], page.after)


def _version(row: Revision, before: Revision | None, text: Text, newest: bool, moderates: bool) -> Version:
    first, by_another = before is None, row.editor_id != text.author_id
    unreadable = row.hidden_at is not None and not moderates
    # Beside a hidden version everything it said would stand as gone.
    beside = before if before is not None and (before.hidden_at is None or moderates) else None
    if unreadable:
        return Version(row, first, newest, unreadable, by_another)
    if beside is None:
        title = [Part(SAME, row.title)] if row.title else []
        return Version(row, first, newest, unreadable, by_another, title, [Part(SAME, row.body)])
    gone, new = changes(beside.tags, row.tags)
    title = difference(beside.title, row.title) if beside.title != row.title else []
    body = shortened(difference(beside.body, row.body))
    return Version(row, first, newest, unreadable, by_another, title, body, gone, new)


def _versions(text: Text) -> QuerySet[Revision]:
    mine = {"post": text} if isinstance(text, Post) else {"comment": text}
    return Revision.objects.filter(**mine).order_by("-number")


def _said(text: Text) -> tuple[str, str, list[str]]:
    if isinstance(text, Post):
        return text.title, text.body, sorted(text.tags.values_list("name", flat=True))
    return "", text.body, []


def _write(text: Text, number: int, editor: Member, at: datetime, reason: str) -> Revision:
    title, body, tags = _said(text)
    mine = {"post": text} if isinstance(text, Post) else {"comment": text}
    return Revision.objects.create(
        number=number, editor=editor, at=at, title=title, body=body, tags=tags, reason=reason, **mine
    )


def _turn(revision: Revision, by: Member, at: datetime, *, hidden: bool) -> Revision:
    row = (
        Revision.objects.select_for_update(no_key=True, of=("self",))
        .select_related("post", "comment__post")
        .get(pk=revision.pk)
    )
    post = post_of(row)
    require_moderator(by, post.board_id)
    if (row.hidden_at is not None) == hidden:
        raise Conflict(_("That was done already."))
    if hidden and not _versions(text_of(row)).filter(number__gt=row.number).exists():
        raise Conflict(_("This is what it says now. Please edit it first; then this version can be hidden."))
    row.hidden_at, row.hidden_by = (at, by) if hidden else (None, None)
    row.save(update_fields=["hidden_at", "hidden_by"])
    record(
        Verb.REVISION_CHANGED,
        key=f"revision_changed:{row.pk}:{at.isoformat()}",
        actor=by,
        subject=post.pk,
        data=RevisionChanged(revision_id=row.pk, hidden=hidden),
        at=at,
    )
    return row
