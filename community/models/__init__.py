"""The tables of people, conversation and record; one aggregate a file."""

from community.models.activity import Activity, Delivery, Trace
from community.models.board import Audience, Board, Product, Tag
from community.models.conversation import Comment, Follow, Reaction
from community.models.imports import ImportBatch
from community.models.mail import MailChoice, Mailing, MailList, MailToken
from community.models.member import Member, MemberDay, Persona, Role
from community.models.notice import Notice
from community.models.post import Post, PostKind, PostState
from community.models.standing import Standing
from community.models.token import ApiToken, IdempotentAnswer

__all__ = [
    "Activity",
    "ApiToken",
    "Audience",
    "Board",
    "Comment",
    "Delivery",
    "Follow",
    "IdempotentAnswer",
    "ImportBatch",
    "MailChoice",
    "MailList",
    "MailToken",
    "Mailing",
    "Member",
    "MemberDay",
    "Notice",
    "Persona",
    "Post",
    "PostKind",
    "PostState",
    "Product",
    "Reaction",
    "Role",
    "Standing",
    "Tag",
    "Trace",
]
