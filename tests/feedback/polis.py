"""A real town's vote: 896 suggestions, 2,031 people and every wish they agreed with, as members, votes and owed facts."""

import csv
import random
from datetime import UTC, datetime, timedelta

from django.db import transaction

from community.activity import Happening, record_many
from community.models import Member, Post, Standing
from community.verbs import VoteCast
from feedback.models import Suggestion, Vote
from tests.factories import make_board

AGREED = "1"


def load_town(folder, *, again=0.2, seed=7):
    """Everything is in the database, and each vote is owed to the score once, every fifth twice, in no order at all."""
    with transaction.atomic():
        wishes = load_wishes(folder / "comments.csv")
        votes = load_votes(folder / "participants-votes.csv", wishes)
    chance = random.Random(seed)
    told = [(vote, 1) for vote in votes] + [(vote, 2) for vote in votes if chance.random() < again]
    chance.shuffle(told)
    for start in range(0, len(told), 5000):
        with transaction.atomic():
            record_many([fact(vote, time) for vote, time in told[start : start + 5000]], at=datetime.now(UTC))
    return len(votes), len(told)


def fact(vote, time):
    data = VoteCast(member_id=vote.member_id, need=vote.need)
    return Happening(f"vote_cast:{vote.pk}:{time}", None, vote.suggestion_id, data)


def load_wishes(path):
    """Suggestion ids by the number of the comment."""
    board = make_board("town")
    mayor = Member.objects.create(username="town-hall", display_name="Town hall", is_staff=True, role="staff")
    rows = sorted(csv.DictReader(path.open()), key=lambda row: int(row["comment-id"]))
    moments = [datetime.fromtimestamp(int(row["timestamp"]) / 1000, UTC) for row in rows]
    posts = Post.objects.bulk_create(
        Post(board=board, author=mayor, title=row["comment-body"][:200], created_at=at)
        for row, at in zip(rows, moments, strict=True)
    )
    Standing.objects.bulk_create(
        Standing(
            post=post,
            product=board.product,
            board=board,
            kind=post.kind,
            state=post.state,
            status="open",
            created_at=post.created_at,
        )
        for post in posts
    )
    Suggestion.objects.bulk_create(Suggestion(post=post, root_id=post.pk) for post in posts)
    return {row["comment-id"]: post for row, post in zip(rows, posts, strict=True)}


def load_votes(path, wishes):
    """Those who voted much are established; the groups the town fell into are the cohorts of the others."""
    rows = list(csv.DictReader(path.open()))
    people = Member.objects.bulk_create(
        Member(
            username=f"townsperson-{row['participant']}",
            display_name=f"Townsperson {row['participant']}",
            trust=2 if int(row["n-votes"]) >= 150 else 1 if int(row["n-votes"]) >= 40 else 0,
            cohort=f"group:{row['group-id']}",
            claimed_at=datetime(2018, 1, 1, tzinfo=UTC),
        )
        for row in rows
    )
    agreed = [
        Vote(
            suggestion_id=post.pk,
            member=person,
            need=(0, 500, 1000)[(person.pk + post.pk) % 3],
            cast_at=datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=(person.pk * 37 + post.pk * 11) % 100_000),
        )
        for row, person in zip(rows, people, strict=True)
        for number, post in wishes.items()
        if row[number] == AGREED
    ]
    # The author is the first voter of everything; here the town hall, whose votes, being staff's, never count.
    agreed += [Vote(suggestion_id=post.pk, member_id=post.author_id, cast_at=post.created_at) for post in wishes.values()]
    return Vote.objects.bulk_create(agreed, batch_size=5000)
