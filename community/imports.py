"""Posts and comments from elsewhere: kept dates, unclaimed authors, one batch, one fact; no mail, no points."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, Q

from community import rendering
from community.accounts.claims import owners_of
from community.activity import record
from community.languages import guess_language
from community.models import Board, Comment, ImportBatch, Member, Post, Standing, Tag
from community.refusals import Conflict
from community.verbs import ImportUndone, PostsImported, Verb


@dataclass(frozen=True)
class Incoming:
    """A post about to come in, by its source's id."""

    source_id: str
    author: str
    kind: str
    title: str
    body: str
    created_at: datetime
    tags: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class IncomingComment:
    """A comment about to come in."""

    source_id: str
    post_id: int
    author: str
    body: str
    created_at: datetime


def open_batch(*, name: str, system: str, by: Member | None, at: datetime) -> ImportBatch:
    """The batch of this name, new or still open for more; Conflict where it was undone."""
    batch, _new = ImportBatch.objects.get_or_create(name=name, defaults={"system": system, "by": by, "started_at": at})
    if batch.undone_at or batch.system != system:
        raise Conflict(f"The batch {name} is taken by another import. Please choose another name with --batch.")
    return batch


@transaction.atomic
def close_batch(*, batch: ImportBatch, counts: dict[str, int], at: datetime) -> ImportBatch:
    """The batch is whole and on record with one fact for all its rows."""
    for name, count in counts.items():
        batch.counts[name] = batch.counts.get(name, 0) + count
    batch.finished_at = at
    batch.save(update_fields=["counts", "finished_at"])
    data = PostsImported(posts=counts.get("posts", 0), comments=counts.get("comments", 0), votes=counts.get("votes", 0))
    key = f"posts_imported:{batch.pk}:{at.isoformat()}"
    record(Verb.POSTS_IMPORTED, key=key, actor=batch.by, subject=batch.pk, data=data, at=at)
    return batch


def members_of(*, names: Iterable[str], batch: ImportBatch, at: datetime) -> dict[str, int]:
    """The ids of these people of the source; those not known yet become unclaimed profiles of the batch's cohort."""
    wanted = {name.strip()[:100]: name for name in names if name.strip()}
    known = Member.objects.filter(source_system=batch.system, source_id__in=list(wanted))
    ids = dict(known.values_list("source_id", "pk")) | owners_of(system=batch.system, source_ids=wanted)
    fresh = [name for name in wanted if name not in ids]
    if fresh:
        taken = set(Member.objects.filter(username__in=[_username(name) for name in fresh]).values_list("username", flat=True))
        rows = []
        for name in fresh:
            rows.append(_unclaimed(name, taken, batch, at))
            taken.add(rows[-1].username)
        ids |= {member.source_id: member.pk for member in Member.objects.bulk_create(rows, batch_size=1000)}
    return ids


def _username(name: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in name)[:30] or "fan"


def _unclaimed(name: str, taken: set[str], batch: ImportBatch, at: datetime) -> Member:
    username = _username(name)
    if username in taken:
        # The name itself tells two of one spelling apart, the same way in every import.
        username = f"{username[:27]}-{hashlib.sha256(f'{batch.system}:{name}'.encode()).hexdigest()[:12]}"
    return Member(
        username=username,
        display_name=name[:60],
        password="!",  # noqa: S106 - the mark of an account without a password
        cohort=f"import:{batch.pk}",
        joined_at=at,
        source_system=batch.system,
        source_id=name,
    )


def known_posts(*, system: str, source_ids: Iterable[str]) -> dict[str, int]:
    """Which of these posts of the source are here already: source id → post id."""
    rows = Post.objects.filter(source_system=system, source_id__in=list(source_ids))
    return dict(rows.values_list("source_id", "pk"))


@transaction.atomic
def import_posts(*, board: Board, rows: Sequence[Incoming], batch: ImportBatch, at: datetime) -> dict[str, Post]:
    """All rows that were not here yet are posts of the board with their standing; by source id."""
    known = known_posts(system=batch.system, source_ids=[row.source_id for row in rows])
    fresh = list({row.source_id: row for row in reversed(rows) if row.source_id not in known}.values())[::-1]
    authors = members_of(names=[row.author for row in fresh], batch=batch, at=at)
    posts = []
    for row in fresh:
        text, html = rendering.render_imported(row.body)
        posts.append(
            Post(
                board=board,
                author_id=authors[row.author.strip()[:100]],
                kind=row.kind,
                title=" ".join(row.title.replace("\x00", "").split())[:200] or "–",
                body=text,
                body_html=html,
                renderer=rendering.RENDERER,
                language=guess_language(f"{row.title}\n{text}"),
                created_at=row.created_at,
                batch=batch,
                source_system=batch.system,
                source_id=row.source_id,
                source_url=row.url[:500],
            )
        )
    Post.objects.bulk_create(posts, batch_size=500)
    Standing.objects.bulk_create([_standing(post, board) for post in posts], batch_size=500)
    _tag(posts, {row.source_id: row.tags for row in fresh})
    return {post.source_id: post for post in posts}


def _standing(post: Post, board: Board) -> Standing:
    return Standing(
        post=post,
        product_id=board.product_id,
        board=board,
        kind=post.kind,
        state=post.state,
        created_at=post.created_at,
        active_at=post.created_at,
    )


def _tag(posts: Sequence[Post], named: dict[str, tuple[str, ...]]) -> None:
    slugs = {
        name: "-".join("".join(s if s.isalnum() else " " for s in name.lower()).split())[:60]
        for n in named.values()
        for name in n
    }
    wanted = {slug: name for name, slug in slugs.items() if slug}
    Tag.objects.bulk_create([Tag(slug=slug, name=name[:40]) for slug, name in wanted.items()], ignore_conflicts=True)
    ids = dict(Tag.objects.filter(slug__in=list(wanted)).values_list("slug", "pk"))
    through = Post.tags.through
    pairs = {(post.pk, ids[slugs[name]]) for post in posts for name in named[post.source_id] if slugs[name]}
    through.objects.bulk_create([through(post_id=post, tag_id=tag) for post, tag in sorted(pairs)], batch_size=1000)


@transaction.atomic
def import_comments(*, rows: Sequence[IncomingComment], batch: ImportBatch, at: datetime) -> int:
    """All rows that were not here yet stand under their posts; their number is returned. Counts are set at the end."""
    known = set(
        Comment.objects.filter(source_system=batch.system, source_id__in=[row.source_id for row in rows]).values_list(
            "source_id", flat=True
        )
    )
    fresh = list({row.source_id: row for row in reversed(rows) if row.source_id not in known}.values())[::-1]
    authors = members_of(names=[row.author for row in fresh], batch=batch, at=at)
    comments = []
    for row in fresh:
        text, html = rendering.render_imported(row.body)
        comments.append(
            Comment(
                post_id=row.post_id,
                author_id=authors[row.author.strip()[:100]],
                body=text,
                body_html=html,
                renderer=rendering.RENDERER,
                created_at=row.created_at,
                batch=batch,
                source_system=batch.system,
                source_id=row.source_id,
            )
        )
    Comment.objects.bulk_create(comments, batch_size=500)
    return len(comments)


def touched_posts(*, batch: ImportBatch) -> set[int]:
    """Posts of the batch that somebody answered, edited, hid, or decided about since."""
    posts = Post.objects.filter(batch=batch)
    others = Comment.objects.filter(post__batch=batch).exclude(batch=batch)
    touched = posts.filter(Q(edited_at__isnull=False) | ~Q(state="visible") | Q(pk__in=others.values("post_id")))
    return set(touched.values_list("pk", flat=True)) | set(posts.filter(follows__isnull=False).values_list("pk", flat=True))


@transaction.atomic
def undo_import(*, batch: ImportBatch, keep: set[int], by: Member | None, at: datetime) -> dict[str, int]:
    """Every row of the batch is gone but the posts to keep, with their comments, and members who wrote something."""
    comments = Comment.objects.filter(batch=batch).exclude(post__in=keep)
    posts = Post.objects.filter(batch=batch).exclude(pk__in=keep)
    gone = {"comments": comments.count(), "posts": posts.count(), "kept": len(keep)}
    comments.delete()
    posts.delete()
    gone["members"] = _forget_members(batch)
    batch.undone_at = at
    batch.save(update_fields=["undone_at"])
    record(
        Verb.IMPORT_UNDONE,
        key=f"import_undone:{batch.pk}",
        actor=by,
        subject=batch.pk,
        data=ImportUndone(posts=gone["posts"], kept=gone["kept"]),
        at=at,
    )
    return gone


def _forget_members(batch: ImportBatch) -> int:
    idle = Member.objects.filter(cohort=f"import:{batch.pk}", claimed_at__isnull=True)
    idle = idle.annotate(wrote=Count("posts") + Count("comments")).filter(wrote=0)
    return int(Member.objects.filter(pk__in=list(idle.values_list("pk", flat=True))).delete()[0])


def count_comments_of(*, batch: ImportBatch) -> None:
    """Standings of the batch's posts say how many comments they have and when they last moved."""
    touched = Post.objects.filter(Q(batch=batch) | Q(comments__batch=batch)).values("pk").distinct()
    facts = (
        Comment.objects.filter(post__in=touched, state="visible")
        .values("post_id")
        .annotate(number=Count("pk"), last=Max("created_at"))
        .values_list("post_id", "number", "last")
    )
    rows = [Standing(post_id=post, comments=number, active_at=last) for post, number, last in facts]
    Standing.objects.bulk_update(rows, ["comments", "active_at"], batch_size=1000)
