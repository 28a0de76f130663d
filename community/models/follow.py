"""What members follow or mute besides single posts: boards, tags, people and contests."""

from django.db import models
from django.utils import timezone

from community.models.board import Board, Tag
from community.models.contest import Contest
from community.models.member import Member


class Watch(models.Model):
    """A member hears of what is new there; muted, the member hears nothing of it, whatever else they follow."""

    muted = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class BoardFollow(Watch):
    """A member follows or mutes a board."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="board_follows")
    board = models.ForeignKey(Board, models.CASCADE, related_name="follows")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "board"], name="one_board_follow_per_member")]


class ContestFollow(Watch):
    """A member hears of the phases of a contest, or muted it."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="contest_follows")
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="follows")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "contest"], name="one_contest_follow_per_member")]


class TagFollow(Watch):
    """A member follows or mutes a tag."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="tag_follows")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="follows")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "tag"], name="one_tag_follow_per_member")]


class PersonFollow(Watch):
    """A member follows or mutes somebody."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="person_follows")
    person = models.ForeignKey(Member, models.CASCADE, related_name="followed_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "person"], name="one_person_follow_per_member"),
            models.CheckConstraint(condition=~models.Q(member=models.F("person")), name="nobody_follows_themselves"),
        ]
