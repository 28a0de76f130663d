"""What a reader gives becomes posts, suggestions, votes and merge proposals: streaming, in chunks, idempotent."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.db import transaction

from community import imports, standing
from community.models import Board, ImportBatch, Post
from feedback.importing.github import named_duplicates
from feedback.importing.rows import Fault, ImportedComment, ImportedPost, ImportedVote
from feedback.models import ImportedVotes, MergeProposal, Status, StatusChange, Suggestion, Vote

CHUNK = 1000
MOST_TITLE = 200
A_DAY = timedelta(days=1)
Row = TypeVar("Row")
Dated = TypeVar("Dated", ImportedPost, ImportedComment)


@dataclass
class Report:
    """What an import did: rows taken over, rows known before, and each row it could not take."""

    posts: int = 0
    comments: int = 0
    votes: int = 0
    nameless_votes: int = 0
    proposals: int = 0
    known: int = 0
    faults: list[Fault] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """The figures without the faults themselves."""
        names = ("posts", "comments", "votes", "nameless_votes", "proposals", "known")
        return {name: getattr(self, name) for name in names} | {"faults": len(self.faults)}


def chunks(rows: Iterable[Row | Fault], report: Report) -> Iterator[list[Row]]:
    """The rows in lists of at most a thousand; faults go to the report."""
    stream = iter(rows)
    while chunk := list(islice(stream, CHUNK)):
        report.faults += [row for row in chunk if isinstance(row, Fault)]
        yield [row for row in chunk if not isinstance(row, Fault)]


@transaction.atomic
def load_posts(*, board: Board, rows: Sequence[ImportedPost], batch: ImportBatch, at: datetime, report: Report) -> None:
    """The chunk's posts are here, suggestions among them with status, author's vote and nameless votes."""
    rows = _of_the_past(rows, "post", at, report)
    incoming = [
        imports.Incoming(row.id, row.author, row.kind, row.title[:MOST_TITLE], row.body, row.created_at, row.tags, row.url)
        for row in rows
    ]
    posts = imports.import_posts(board=board, rows=incoming, batch=batch, at=at)
    report.posts += len(posts)
    report.known += len(rows) - len(posts)
    new = {row.id: row for row in rows if row.id in posts and row.kind in ("suggestion", "bug")}
    Suggestion.objects.bulk_create(
        [Suggestion(post=posts[row.id], root_id=posts[row.id].pk, status=row.status) for row in new.values()], batch_size=500
    )
    StatusChange.objects.bulk_create([_change(posts[row.id], row) for row in new.values() if row.status != Status.OPEN])
    Vote.objects.bulk_create(
        [
            Vote(suggestion_id=posts[row.id].pk, member_id=posts[row.id].author_id, cast_at=row.created_at, batch=batch)
            for row in new.values()
        ],
        batch_size=1000,
    )
    nameless = [row for row in new.values() if row.votes]
    ImportedVotes.objects.bulk_create(
        [ImportedVotes(suggestion_id=posts[row.id].pk, batch=batch, count=row.votes) for row in nameless]
    )
    report.votes += len(new)
    report.nameless_votes += sum(row.votes for row in nameless)
    standing.set_standings({posts[row.id].pk: {"status": row.status} for row in new.values()}, fields=["status"])


def _of_the_past(rows: Iterable[Dated], what: str, at: datetime, report: Report) -> list[Dated]:
    """Rows dated in the future are faults: heat doubles with every week ahead, and no number holds that of year 9999."""
    latest, kept = at + A_DAY, []  # somebody's clock may be elsewhere
    for row in rows:
        if row.created_at > latest:
            report.faults.append(Fault(f"{what}s", 0, f"{what} {row.id}: it is dated in the future"))
        else:
            kept.append(row)
    return kept


def _change(post: Post, row: ImportedPost) -> StatusChange:
    return StatusChange(suggestion_id=post.pk, before=Status.OPEN, after=row.status, at=row.closed_at or row.created_at)


@transaction.atomic
def load_comments(*, rows: Sequence[ImportedComment], batch: ImportBatch, at: datetime, report: Report) -> None:
    """The chunk's comments stand under their posts; those that name a duplicate propose a merge to staff."""
    rows = _of_the_past(rows, "comment", at, report)
    posts = imports.known_posts(system=batch.system, source_ids={row.post_id for row in rows})
    here = [row for row in rows if row.post_id in posts]
    incoming = [imports.IncomingComment(row.id, posts[row.post_id], row.author, row.body, row.created_at) for row in here]
    fresh = imports.import_comments(rows=incoming, batch=batch, at=at)
    report.comments += fresh
    report.known += len(here) - fresh
    lost = [row for row in rows if row.post_id not in posts]
    report.faults += [Fault("comments", 0, f"comment {row.id}: there is no post {row.post_id}") for row in lost]
    report.proposals += _propose(here, posts, batch)


def _propose(rows: Sequence[ImportedComment], posts: dict[str, int], batch: ImportBatch) -> int:
    pairs = [(posts[row.post_id], original, row) for row in rows for original in named_duplicates(row.body)]
    originals = imports.known_posts(system=batch.system, source_ids={original for _post, original, _row in pairs})
    ids = {pk for pk, _original, _row in pairs} | set(originals.values())
    suggestions = set(Suggestion.objects.filter(pk__in=ids).values_list("pk", flat=True))
    proposals = [
        MergeProposal(
            duplicate_id=pk, into_id=originals[original], evidence=" ".join(row.body.split())[:280], at=row.created_at
        )
        for pk, original, row in pairs
        if original in originals and pk != originals[original] and {pk, originals[original]} <= suggestions
    ]
    before = MergeProposal.objects.count()
    MergeProposal.objects.bulk_create(proposals, ignore_conflicts=True)
    return MergeProposal.objects.count() - before


@transaction.atomic
def load_votes(*, rows: Sequence[ImportedVote], batch: ImportBatch, at: datetime, report: Report) -> None:
    """The chunk's named votes stand; a person's second vote for the same post is the same vote."""
    posts = imports.known_posts(system=batch.system, source_ids={row.post_id for row in rows})
    known = set(Suggestion.objects.filter(pk__in=posts.values()).values_list("pk", flat=True))
    here = [row for row in rows if posts.get(row.post_id) in known]
    lost = [row for row in rows if posts.get(row.post_id) not in known]
    report.faults += [Fault("votes", 0, f"vote of {row.voter}: there is no suggestion {row.post_id}") for row in lost]
    voters = imports.members_of(names={row.voter for row in here}, batch=batch, at=at)
    strongest: dict[tuple[int, int], Vote] = {}
    for row in here:
        vote = Vote(suggestion_id=posts[row.post_id], member_id=voters[row.voter[:100]], need=row.need, batch=batch)
        vote.cast_at = min(row.cast_at or at, at)
        kept = strongest.setdefault((vote.suggestion_id, vote.member_id), vote)
        kept.need = max(kept.need, vote.need)
    before = Vote.objects.filter(batch=batch).count()
    Vote.objects.bulk_create(strongest.values(), ignore_conflicts=True, batch_size=2000)
    fresh = Vote.objects.filter(batch=batch).count() - before
    report.votes += fresh
    report.known += len(here) - fresh
