"""The tables of people, conversation and record; one aggregate a file."""

from community.models.account import Claim, Export, FormerName
from community.models.activity import Activity, Delivery, Trace
from community.models.attachment import Attachment
from community.models.board import Audience, Board, BoardRight, Product, Right, Tag
from community.models.care import (
    Appeal,
    Block,
    CarePlan,
    Decision,
    Hold,
    HouseRules,
    Report,
    TargetKind,
    Verdict,
    WatchedWord,
)
from community.models.circle import Circle, CircleKind, CircleMember
from community.models.contest import (
    Contest,
    ContestEntry,
    ContestKind,
    ContestPlace,
    Criterion,
    EntryState,
    FanVote,
    JuryDeclaration,
    JuryScore,
    Phase,
    Teammate,
)
from community.models.conversation import Comment, Follow, Reaction, ReadMark, Sign
from community.models.follow import BoardFollow, ContestFollow, PersonFollow, TagFollow
from community.models.group import INSIDE, GroupMembership, GroupVoice, Layer, MembershipState, TesterGroup
from community.models.imports import ImportBatch
from community.models.mail import MailChoice, Mailing, MailList, MailPause, MailToken, Pace
from community.models.meetup import Attendance, AttendanceState, Meetup, MeetupKind
from community.models.member import Member, MemberDay, Persona, Role
from community.models.mention import Mention
from community.models.notice import MailedAs, Notice
from community.models.poll import Ballot, BallotChoice, Poll, PollKind, PollOption, PollShows, PollWeight
from community.models.post import Language, Post, PostKind, PostState
from community.models.search import SearchEntry, SearchWord
from community.models.segment import Segment, SegmentMember
from community.models.standing import Standing
from community.models.talk import Talk, TalkSlot, TalkState
from community.models.token import ApiToken, IdempotentAnswer
from community.models.writing import Draft, PostTemplate, Revision

__all__ = [
    "Circle",
    "CircleKind",
    "CircleMember",
    "Attendance",
    "AttendanceState",
    "Meetup",
    "MeetupKind",
    "SegmentMember",
    "Segment",
    "TesterGroup",
    "MembershipState",
    "Layer",
    "GroupVoice",
    "GroupMembership",
    "Right",
    "BoardRight",
    "INSIDE",
    "Appeal",
    "Block",
    "CarePlan",
    "Decision",
    "Hold",
    "HouseRules",
    "Report",
    "TargetKind",
    "Verdict",
    "WatchedWord",
    "Ballot",
    "BallotChoice",
    "Contest",
    "ContestEntry",
    "ContestKind",
    "ContestPlace",
    "Criterion",
    "EntryState",
    "FanVote",
    "JuryDeclaration",
    "JuryScore",
    "Phase",
    "Poll",
    "PollKind",
    "PollOption",
    "PollShows",
    "PollWeight",
    "Teammate",
    "FormerName",
    "Export",
    "Claim",
    "Activity",
    "ApiToken",
    "Attachment",
    "Audience",
    "Board",
    "BoardFollow",
    "ContestFollow",
    "Comment",
    "Delivery",
    "Draft",
    "Follow",
    "Language",
    "IdempotentAnswer",
    "ImportBatch",
    "MailChoice",
    "MailList",
    "MailPause",
    "MailToken",
    "MailedAs",
    "Mailing",
    "Member",
    "MemberDay",
    "Mention",
    "Notice",
    "Pace",
    "Persona",
    "PersonFollow",
    "Post",
    "PostKind",
    "PostState",
    "PostTemplate",
    "Product",
    "Reaction",
    "ReadMark",
    "Revision",
    "Role",
    "SearchEntry",
    "SearchWord",
    "Sign",
    "Standing",
    "Tag",
    "TagFollow",
    "Talk",
    "TalkSlot",
    "TalkState",
    "Trace",
]
