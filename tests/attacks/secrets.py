"""A site full of secrets: every way in which a text can be out of sight, each with a word of its own to look for."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from community.circles.closing import close_circle
from community.circles.proposing import propose_circle
from community.comments import delete_comment, hide_comment
from community.contests.entering import hide_entry
from community.deliveries import drain
from community.groups.entering import apply_to_group, decline_application
from community.models import Audience, Board, Circle, Comment, Contest, Member, Post, PostState, PostTemplate, Standing
from community.posts import delete_post, edit_post, hide_post, move_post
from community.writing.drafts import save_draft
from community.writing.revisions import hide_revision
from feedback.merges import merge_suggestions, propose_merge
from feedback.models import Suggestion
from feedback.releases import draft_release, ship_release
from feedback.roadmap import adopt_suggestion, plan_item
from feedback.triage import change_status, write_note
from tests import factories as make
from tests.community.contesting import make_contest, make_entry
from tests.community.polling import make_poll, say

NOBODY, TEAM = frozenset(), frozenset({"staff"})
KEEPERS, OWN = TEAM | {"moderator"}, TEAM | {"moderator", "author"}
MEMBERS = frozenset({"staff", "moderator", "author", "member", "other"})


@dataclass
class World:
    """people: the kinds of visitor; secrets: each word, with the kinds who may read it; posts: those with a secret."""

    people: dict[str, Member | None] = field(default_factory=dict)
    secrets: dict[str, frozenset[str]] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    places: dict[str, Any] = field(default_factory=dict)

    def hush(self, word: str, *, only: frozenset[str]) -> str:
        self.secrets["qx" + word] = only
        return "qx" + word

    def leaks(self, text: str, *, to: str) -> set[str]:
        low = text.lower()
        return {word for word, who in self.secrets.items() if to not in who and word in low}


def build(now) -> World:
    world = World()
    open_board, other_board = make.make_board("open"), make.make_board("other")
    members_board, team_board = make.make_board("members", see=Audience.MEMBERS), make.make_team_board("team")
    team_board.name = world.hush("teamboard", only=TEAM)
    team_board.save()
    people = world.people = {
        "anonymous": None, "member": make.make_member("Tomasz Wilk"), "author": make.make_member("Mara Lindqvist"),
        "other": make.make_moderator("Otto", board=other_board), "moderator": make.make_moderator("Moe", board=open_board),
        "staff": make.make_staff(is_demo=True),
    }  # fmt: skip
    shared = {"tags": ["sharedtag"], "at": now}
    said = {"author": people["author"], "board": open_board} | shared

    def wish(name: str, only: frozenset[str], **more: Any) -> Suggestion:
        words = [world.hush(name + part, only=only) for part in ("title", "body", "tag", "comment", "answer")]
        made = make.make_suggestion(
            f"Shared wish {words[0]}", body=f"Shared {words[1]}", **(said | more | {"tags": ["sharedtag", words[2]]})
        )
        for fan in (people["member"], people["moderator"]):
            if Post.objects.visible_to(fan).filter(pk=made.pk).exists() and more.get("board") != members_board:
                make.make_vote(made, fan, at=now)
        for number in range(3):
            writer = people["staff"] if number else made.post.author
            # Somebody who may not read it is named in it.
            named = f"Shared {words[3]} {number} @{people['other'].username}"
            make.make_comment(made.post, named, author=writer, at=now)
        change_status(suggestion=made, to="under-review", by=people["staff"], answer=f"Shared {words[4]}", at=now)
        world.posts[name] = made.post
        return made

    wishes = {name: wish(name, OWN) for name in ("hidden", "held", "merged")}
    wishes |= {"deleted": wish("deleted", NOBODY), "moved": wish("moved", TEAM)}
    wishes["team"] = wish("team", TEAM, board=team_board, author=people["staff"])
    wishes["members"] = wish("members", MEMBERS, board=members_board)
    closed = _closed_boards(world)
    wishes["segment"] = wish("segment", TEAM | {"author"}, board=closed["segment"])
    wishes["oneway"] = wish("oneway", OWN, board=closed["oneway"])
    wishes["onewayother"] = wish("onewayother", KEEPERS | {"member"}, board=closed["oneway"], author=people["member"])
    wishes["group"] = wish("group", TEAM | {"member"}, board=closed["group"], author=people["member"])
    root = make.make_suggestion("Shared open wish", **said)
    world.posts["open"] = root.post
    _talk(world, root, now)
    _gatherings(world, open_board, team_board, now)
    _plans(world, wishes, root, team_board.product, now)
    drain()
    by, later = people["staff"], now + timedelta(minutes=1)
    hide_post(post=world.posts["hidden"], by=by, at=later)
    hide_post(post=world.posts["merged"], by=by, at=later)
    delete_post(post=world.posts["deleted"], by=people["author"], at=later)
    move_post(post=world.posts["moved"], board=team_board, by=by, at=later)
    Post.objects.filter(pk=world.posts["held"].pk).update(state=PostState.HELD)
    Standing.objects.filter(pk=world.posts["held"].pk).update(state=PostState.HELD)
    drain()
    return world


def _closed_boards(world: World) -> dict[str, Board]:
    """A board for a segment with the author in it, a one-way board for everybody, and a tester group's with the member."""
    people = world.people
    segment = make.make_segment("chosen", name=world.hush("segmentname", only=TEAM), added=[people["author"]])
    group = make.make_group("testers", members=[people["member"]])
    boards = {
        "segment": make.make_segment_board("segment", segment=segment, name=world.hush("segmentboard", only=TEAM | {"author"})),
        "group": make.make_segment_board("lab", segment=group.segment, name=world.hush("groupboard", only=TEAM | {"member"})),
        "oneway": make.make_board("oneway", one_way=True),
    }
    boards["oneway"].moderators.add(people["moderator"])
    # Who wrote what to come in, and what they were told, is theirs and the team's.
    asked = apply_to_group(
        group=group, member=people["other"], words=world.hush("applied", only=TEAM | {"other"}), agreed=False, at=make.NOW
    )
    refused = apply_to_group(group=group, member=people["author"], words="Me too", agreed=False, at=make.NOW)
    reason = world.hush("refused", only=TEAM | {"author"})
    decline_application(membership=refused, reason=reason, by=people["staff"], at=make.NOW)
    world.places["group"] = asked.group
    return boards


def _talk(world: World, root: Suggestion, now) -> None:
    """Comments, a note, a piece of evidence: what lies beside a post that everybody sees."""
    staff, author = world.people["staff"], world.people["author"]
    said = {name: make.make_comment(root.post, f"Shared {world.hush(name, only=only)}", author=author, at=now)
            for name, only in (("saidandhidden", KEEPERS), ("saidanddeleted", NOBODY), ("saidandheld", OWN))}  # fmt: skip
    drain()
    hide_comment(comment=said["saidandhidden"], by=staff, at=now)
    delete_comment(comment=said["saidanddeleted"], by=author, at=now)
    Comment.objects.filter(pk=said["saidandheld"].pk).update(state=PostState.HELD)
    # What stood there for a moment, and what was never sent.
    for number, words in enumerate((world.hush("struckout", only=KEEPERS), "the wish as it is")):
        edit_post(post=root.post, by=author, title=root.post.title, body=f"Shared {words}", at=now + timedelta(seconds=number))
    hide_revision(revision=root.post.revisions.get(number=2), by=staff, at=now)
    save_draft(member=author, form="post", data={"title": world.hush("neversent", only=frozenset({"author"}))}, at=now)
    PostTemplate.objects.create(
        board=Board.objects.get(slug="team"), kind="suggestion", name=world.hush("template", only=TEAM), body="…"
    )
    write_note(suggestion=root, by=staff, body=world.hush("internalnote", only=TEAM), at=now)
    other = make.make_suggestion("Shared second wish", author=author, board=root.post.board, at=now)
    propose_merge(duplicate=other, into=root, by=world.people["member"], at=now, evidence=world.hush("evidence", only=TEAM))


def _gatherings(world: World, open_board: Board, team_board: Board, now) -> None:
    """A poll of the team, a contest of the team, one nobody else knows of yet, and an entry that was hidden."""
    staff, author = world.people["staff"], world.people["author"]
    post = make.make_post(f"Shared {world.hush('polltitle', only=TEAM)}", board=team_board, author=staff, at=now)
    poll = make_poll(world.hush("polloption", only=TEAM), "Other", post=post, at=now)
    say(poll, "Other", member=staff, at=now)
    world.posts["poll"] = post
    words = {name: world.hush(f"contest{name}", only=TEAM) for name in ("title", "brief", "rules", "prizes")}
    hidden = make_contest(board=open_board, opens=now, **words)
    make_entry(hidden, author=author, title=world.hush("teamentry", only=TEAM), at=now)
    Contest.objects.filter(pk=hidden.pk).update(board=team_board)
    make_contest(board=open_board, opens=now, published=False, title=world.hush("draftcontest", only=TEAM))
    shown = make_contest(board=open_board, opens=now, title="Shared contest")
    entry = make_entry(
        shown, author=author, title=world.hush("entrytitle", only=OWN), body=world.hush("entrybody", only=OWN), at=now
    )
    hide_entry(entry=entry, reason=world.hush("entryreason", only=OWN), by=staff, at=now)
    # A proposal that was closed is for who was in it, and, having no board, for whoever moderates.
    theirs = OWN | {"other"}
    said = {"name": world.hush("circle", only=theirs), "about": world.hush("circleabout", only=theirs)}
    circle = propose_circle(by=author, kind="city", keeps=True, at=now, **said)
    # Its name is searched for on pages, not in the addresses that are asked.
    Circle.objects.filter(pk=circle.pk).update(slug="closed-circle")
    world.places["circle"] = close_circle(circle=circle, by=staff, reason=world.hush("circlewhy", only=theirs), at=now)


def _plans(world: World, wishes: dict[str, Suggestion], root: Suggestion, product, now) -> None:
    """Merges, pieces of work and releases that touch what is out of sight, or soon will be."""
    staff = world.people["staff"]
    merge_suggestions(duplicate=wishes["merged"], into=root, by=staff, at=now)
    for name in ("team", "members", "segment", "oneway", "group"):
        adopt_suggestion(suggestion=wishes[name], by=staff, at=now)
    plan_item(product=product, title="Shared work", by=staff, at=now, suggestions=[wishes["hidden"], wishes["moved"], root])
    secret = {"title": world.hush("privateitem", only=TEAM), "summary": world.hush("privatesummary", only=TEAM)}
    plan_item(product=product, by=staff, at=now, is_public=False, **secret)
    draft = {"title": world.hush("drafttitle", only=TEAM), "notes": world.hush("draftnotes", only=TEAM)}
    world.places["draft"] = draft_release(product=product, version="9.9", by=staff, at=now, **draft)
    out = draft_release(product=product, version="3.0", title="Out", by=staff, at=now, suggestions=list(wishes.values()))
    world.places["release"] = ship_release(release=out, by=staff, at=now)
