"""Who is named or quoted in a text is on record, and is linked there; they hear of it later, and once."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Q, QuerySet

from community.blocks import TEAM
from community.models import Block, Comment, Member, Mention, Post
from community.names import name_in, readings, words_after_at

MOST, MOST_OF_NEWCOMERS = 10, 3
MOST_WORDS = 40
Written = Post | Comment
# The line above a quote, as `quotes` writes it.
_QUOTED = re.compile(r"^ {0,3}>.*\]\((?:https?://[^/\s)]{1,200})?/(comments|posts)/(\d{1,18})/\)", re.MULTILINE)


def name_people(written: Written, *, by: Member, at: datetime) -> Mapping[str, str]:
    """Each member the text names or quotes is on record for it; those who may be linked are answered, by username.

    Who was on record before stays so, and does not hear of it again. A text names ten people at most, a newcomer's three;
    further names stay plain words. Must run inside the transaction that changes the text.
    """
    named, quoted = find_named(written.body), find_quoted(written, by)
    before = set(mentions_of(written).values_list("member_id", flat=True))
    room = (MOST if by.trust else MOST_OF_NEWCOMERS) - len(before)
    wanted = {member.pk: member for member in [*quoted, *named.values()] if member.pk not in before | {by.pk}}
    fresh = list(wanted.values())[: max(room, 0)]
    deaf = unwilling(by, fresh)
    post_id, comment_id = (written.post_id, written.pk) if isinstance(written, Comment) else (written.pk, None)
    Mention.objects.bulk_create(
        [
            Mention(
                post_id=post_id,
                comment_id=comment_id,
                member=member,
                by=by,
                quoted=any(member.pk == other.pk for other in quoted),
                created_at=at,
                # They are linked, so that nobody learns of the block; they do not hear of it.
                told_at=at if member.pk in deaf else None,
            )
            for member in fresh
        ],
        ignore_conflicts=True,
    )
    linked = before | {member.pk for member in fresh} | {by.pk}
    return {name: member.username for name, member in named.items() if member.pk in linked}


def find_named(text: str) -> dict[str, Member]:
    """The members whose usernames stand after an @, by the username, in the order of the text."""
    words = words_after_at(text)[:MOST_WORDS] if "@" in text else []
    spellings = {spelling for word in words for reading in readings(word) for spelling in (reading, reading.lower())}
    if not spellings:
        return {}
    known = {member.username: member for member in Member.objects.open().claimed().filter(username__in=spellings)}
    names = dict.fromkeys(name_in(word, known) for word in words)
    return {name: known[name] for name in names if name}


def find_quoted(written: Written, by: Member) -> list[Member]:
    """The members whose words stand in the text as quotes: the post's author, and authors of comments below it."""
    sources = _QUOTED.findall(written.body)[:MOST] if ">" in written.body else []
    if not sources:
        return []
    post_id = written.post_id if isinstance(written, Comment) else written.pk
    comments = [int(pk) for what, pk in sources if what == "comments"]
    said = Comment.objects.visible_to(by).filter(pk__in=comments, post_id=post_id).values("author_id")
    about = Q(pk__in=said)
    if ("posts", str(post_id)) in sources:
        about |= Q(posts=post_id)
    return list(Member.objects.open().claimed().filter(about).distinct().order_by("pk"))


def mentions_of(written: Written) -> QuerySet[Mention]:
    if isinstance(written, Comment):
        return Mention.objects.filter(comment=written)
    return Mention.objects.filter(post=written, comment__isnull=True)


def linked_people(written: Written) -> Mapping[str, str]:
    """Whom a text that is rendered once more may link: those on record for it, and its own author."""
    on_record = {*mentions_of(written).values_list("member_id", flat=True), written.author_id}
    return {name: member.username for name, member in find_named(written.body).items() if member.pk in on_record}


def people_to_preview(text: str, by: Member | None) -> Mapping[str, str]:
    """Whom the text would link, were it written by this person now."""
    most = MOST if by and by.trust else MOST_OF_NEWCOMERS
    return {name: member.username for name, member in list(find_named(text).items())[:most]}


def unwilling(by: Member, members: Iterable[Member]) -> set[int]:
    """Those of them whom this person cannot turn to: one of both blocked the other. Who muted them is seen to when told."""
    ids = [member.pk for member in members]
    if not ids:
        return set()
    blocks = Block.objects.filter(Q(member__in=ids, other=by) | Q(member=by, other__in=ids)).exclude(other__role__in=TEAM)
    pairs = blocks.values_list("member_id", "other_id")
    return {pk for pair in pairs for pk in pair} - {by.pk}
