"""What community holds of a person, how they take it along, and how it goes when they leave."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from community.accounts.exports import drop_export
from community.accounts.registry import Leaving, Rows, erases, exports, keeps
from community.accounts.sessions import end_sessions
from community.comments import delete_comment
from community.mail_choices import wishes_of
from community.models import (
    Activity,
    ApiToken,
    BoardFollow,
    Claim,
    Comment,
    ContestFollow,
    Export,
    Follow,
    FormerName,
    IdempotentAnswer,
    ImportBatch,
    MailChoice,
    Mailing,
    MailPause,
    MailToken,
    Member,
    MemberDay,
    Notice,
    PersonFollow,
    Post,
    PostState,
    Reaction,
    ReadMark,
    TagFollow,
)
from community.posts import delete_post

PROFILE = (
    "username", "email", "display_name", "bio", "staff_title", "language", "time_zone", "role", "trust", "level", "cohort",
    "joined_at", "claimed_at", "verified_at", "limited_until", "active_days", "reads", "source_system", "source_id", "last_login",
)  # fmt: skip


@exports("profile", Member, FormerName)
def profile_of(member: Member) -> Rows:
    """Who they are here."""
    shown = {name: getattr(member, name) for name in PROFILE}
    yield shown | {
        "persona": member.persona.slug if member.persona else None,
        "former_names": list(member.former_names.values_list("name", flat=True)),
    }


@exports("mail_addresses", EmailAddress)
def addresses_of(member: Member) -> Rows:
    """Where mails go."""
    rows: Rows = EmailAddress.objects.filter(user=member).values("email", "verified", "primary")
    return rows


@exports("sign_in", Authenticator, UserSession, ApiToken)
def ways_in(member: Member) -> Rows:
    """Second factors, sessions and tokens, without their secrets."""
    for factor in Authenticator.objects.filter(user=member):
        yield {"what": "second factor", "type": factor.type, "since": factor.created_at, "last_used": factor.last_used_at}
    for session in UserSession.objects.filter(user=member):
        yield {"what": "session", "browser": session.user_agent, "since": session.created_at, "address": session.ip}
    for token in ApiToken.objects.filter(member=member):
        yield {"what": "token", "name": token.name, "scopes": token.scopes, "since": token.made_at, "revoked": token.revoked_at}


@exports("posts", Post)
def posts_of(member: Member) -> Rows:
    """Everything they posted, whatever became of it."""
    for post in (
        Post.objects.filter(author=member).select_related("board").prefetch_related("tags").order_by("pk").iterator(500)
    ):
        yield {
            "id": post.pk, "address": post.get_absolute_url(), "board": post.board.slug, "kind": post.kind, "state": post.state,
            "title": post.title, "text": post.body, "tags": [tag.name for tag in post.tags.all()],
            "written": post.created_at, "edited": post.edited_at, "source": post.source_url,
        }  # fmt: skip


@exports("comments", Comment)
def comments_of(member: Member) -> Rows:
    """Everything they said under posts."""
    names = ("id", "post_id", "parent_id", "state", "body", "created_at", "edited_at")
    rows: Rows = Comment.objects.filter(author=member).order_by("pk").values(*names).iterator(500)
    return rows


@exports("reactions", Reaction)
def reactions_of(member: Member) -> Rows:
    """The small signs they gave."""
    return (
        Reaction.objects.filter(member=member)
        .order_by("pk")
        .values("post_id", "comment_id", "sign", "created_at")
        .iterator(500)
    )


@exports("read", ReadMark)
def read_by(member: Member) -> Rows:
    """How far they have read."""
    return ReadMark.objects.filter(member=member).order_by("pk").values("post_id", "at").iterator(500)


@exports("follows", Follow, BoardFollow, TagFollow, PersonFollow, ContestFollow)
def follows_of(member: Member) -> Rows:
    """What they hear of, and what they muted."""
    for model in (Follow, BoardFollow, TagFollow, PersonFollow, ContestFollow):
        yield from model._default_manager.filter(member=member).order_by("pk").values().iterator(500)


@exports("notices", Notice)
def notices_of(member: Member) -> Rows:
    """What they were told."""
    return Notice.objects.filter(member=member).order_by("pk").values("kind", "post_id", "data", "at", "read_at").iterator(500)


@exports("mails", MailChoice, Mailing, MailToken, MailPause)
def mails_of(member: Member) -> Rows:
    """Which mails they want and how often, which were sent, and which address was refused."""
    yield {name.value: {"mail": wish.pace.value, "page": wish.on_page} for name, wish in wishes_of(member).items()}
    yield from MailPause.objects.filter(member=member).values("address", "since", "reason")
    names = ("kind", "period", "state", "due_at", "sent_at")
    yield from Mailing.objects.filter(member=member).order_by("pk").values(*names).iterator(500)


@exports("days", MemberDay)
def days_of(member: Member) -> Rows:
    """The days on which they were here, which feed trust."""
    return MemberDay.objects.filter(member=member).order_by("day").values("day", "reads").iterator(500)


@exports("record", Activity, Claim, Export)
def record_of(member: Member) -> Rows:
    """The facts they were the actor of: ids, numbers and codes alone."""
    yield from Claim.objects.filter(member=member).values("source_system", "source_id", "words", "state", "asked_at", "reason")
    yield from Export.objects.filter(member=member).values("asked_at", "ready_at")
    yield from Activity.objects.filter(actor=member).order_by("pk").values("verb", "subject_id", "data", "at").iterator(1000)


@erases(Post, Comment, order=10)
def erase_words(leaving: Leaving) -> None:
    """What they wrote is gone, if they wish so; an answer of others to it stays, under a place that says what was there."""
    if leaving.keeps_words:
        return
    member = leaving.member
    for post in Post.objects.filter(author=member).exclude(state=PostState.DELETED).order_by("pk"):
        delete_post(post=post, by=member, at=leaving.at)
    Post.tags.through.objects.filter(post__author=member).delete()
    Post.objects.filter(author=member).update(title="", body="", body_html="", source_url="")
    shown = Comment.objects.filter(author=member).exclude(state=PostState.DELETED).order_by("pk")
    for comment in shown:
        delete_comment(comment=comment, by=member, at=leaving.at)
    Comment.objects.filter(author=member).update(body="", body_html="")


@erases(EmailAddress, Authenticator, UserSession, ApiToken, IdempotentAnswer, order=90)
def erase_ways_in(leaving: Leaving) -> None:
    """No address, factor, session or token leads in any more."""
    member = leaving.member
    end_sessions(member=member)
    EmailAddress.objects.filter(user=member).delete()
    Authenticator.objects.filter(user=member).delete()
    ApiToken.objects.filter(member=member).delete()


@erases(BoardFollow, TagFollow, PersonFollow, ContestFollow, MailPause)
def erase_hearing(leaving: Leaving) -> None:
    """They follow and mute nothing any more, and nobody follows them."""
    for model in (BoardFollow, TagFollow, PersonFollow, ContestFollow, MailPause):
        model._default_manager.filter(member=leaving.member).delete()
    PersonFollow.objects.filter(person=leaving.member).delete()


@erases(Export, FormerName, Claim, Follow, Notice, Mailing, MailChoice, MailToken, MemberDay, ReadMark)
def erase_settings(leaving: Leaving) -> None:
    """What was kept for them alone is kept no longer. Former names stay blocked for nobody: they lead nowhere."""
    member = leaving.member
    for export in Export.objects.filter(member=member, dropped_at__isnull=True):
        drop_export(export=export, at=leaving.at)
    Claim.objects.filter(member=member).exclude(state=Claim.State.ACCEPTED).delete()
    Claim.objects.filter(member=member).update(words="")
    for model in (Export, FormerName, Follow, Notice, Mailing, MailChoice, MailToken, MemberDay, ReadMark):
        model._default_manager.filter(member=member).delete()


keeps(Reaction, "a small sign without a name; who wrote the words was glad of it")
keeps(Activity, "facts are ids and codes; without a name nobody reads a person out of them")
keeps(ImportBatch, "who imported is part of the record; the account behind the id has no name any more")
