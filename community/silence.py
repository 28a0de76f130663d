"""What members asked not to hear: a muted post, board, tag or person, and whom they blocked.

Asked when news is told, and again when it is mailed.
"""

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from community.blocks import blocked_pairs
from community.models import BoardFollow, Follow, MailList, PersonFollow, Post, TagFollow

# Who is named, goes to a meetup or stands before a moderator hears of it under a muted post as well.
THROUGH_MUTED_POSTS = {MailList.MENTIONS, MailList.GATHERINGS, MailList.CARE}
# What a person says can be muted with the person; what the team decides cannot.
SAID_BY_PEOPLE = {MailList.COMMENTS, MailList.MENTIONS, MailList.POSTS, MailList.REACTIONS}


class Silence:
    """Answers for a batch of news: one query for each sort of silence that is asked about, whoever they go to."""

    def __init__(self, *, member_ids: Collection[int], posts: Iterable[Post], actor_ids: Iterable[int | None]) -> None:
        """What is asked about later must be among these."""
        self.member_ids, self.found = member_ids, list(posts)
        self.writers = {pk for pk in actor_ids if pk} | {post.author_id for post in self.found}

    @cached_property
    def posts(self) -> set[tuple[int, int]]:
        return pairs(Follow.objects.filter(post__in=self.found, member__in=self.member_ids, muted=True), "post_id")

    @cached_property
    def people(self) -> set[tuple[int, int]]:
        """Muted or blocked: either is silence."""
        muted = PersonFollow.objects.filter(person__in=self.writers, member__in=self.member_ids, muted=True)
        return pairs(muted, "person_id") | blocked_pairs(member_ids=self.member_ids, other_ids=self.writers)

    @cached_property
    def boards(self) -> set[tuple[int, int]]:
        boards = {post.board_id for post in self.found}
        return pairs(BoardFollow.objects.filter(board__in=boards, member__in=self.member_ids, muted=True), "board_id")

    @cached_property
    def tags(self) -> set[tuple[int, int]]:
        """Members and posts that carry a tag they muted."""
        return pairs(TagFollow.objects.filter(tag__posts__in=self.found, member__in=self.member_ids, muted=True), "tag__posts")

    def covers(self, member_id: int, *, post: Post | None, actor_id: int | None, mail_list: str) -> bool:
        """The member does not want to hear this."""
        if post is not None and (member_id, post.pk) in self.posts and mail_list not in THROUGH_MUTED_POSTS:
            return True
        if mail_list in SAID_BY_PEOPLE and actor_id and (member_id, actor_id) in self.people:
            return True
        if mail_list != MailList.POSTS or post is None:
            return False
        return (
            (member_id, post.author_id) in self.people
            or (member_id, post.board_id) in self.boards
            or (member_id, post.pk) in self.tags
        )


def pairs(rows: QuerySet[Any], field: str) -> set[tuple[int, int]]:
    """Member and thing of each row."""
    return set(rows.values_list("member_id", field))
