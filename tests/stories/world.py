"""A small community in which every page has something to show, and the addresses of all of them."""

from dataclasses import dataclass
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from community.api_tokens import make_token
from community.blocks import block_member
from community.care.decisions import hide
from community.care.reports import report
from community.care.sanctions import suspend_member
from community.care.targets import told_of_post
from community.circles.joining import join_circle
from community.circles.proposing import propose_circle
from community.contests.deciding import announce_winners
from community.contests.judging import declare_interests
from community.deliveries import drain
from community.groups.entering import apply_to_group
from community.mail_tokens import issue_ways
from community.models import Board, Member, PostTemplate, Tag
from community.polls.asking import decide_poll
from community.posts import edit_post, hold_post, write_post
from community.reactions import react
from community.screening import Answer, Manner
from community.writing.answers import accept_answer
from community.writing.drafts import save_draft
from feedback.merges import merge_suggestions, propose_merge
from feedback.models import Suggestion
from feedback.plans import propose_plan
from feedback.releases import draft_release, ship_release
from feedback.roadmap import move_item, plan_item
from feedback.triage import change_status
from tests import factories as make
from tests.community.contesting import give_scores, give_vote, make_contest, make_entry
from tests.community.polling import make_poll, say
from tests.feedback.desks import at_the_desk
from tests.pictures import give_face, make_picture
from tests.stories.evenings import come_together

WISH = "Charge limit at 80 % that learns my alarm"
# What breaks a narrow page: a list, a table, a word without an end, code and a quotation.
TEXT = """I plug in at eleven. So **please**:

1. stop at 80 %,
2. wake before the alarm,

- on weekdays
- `settings/battery/limit/weekday/0600/and/then/some/more/of/it`

| phone | hours |
| --- | --- |
| Linden 3 | 11 |

> Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft

https://example.org/a/very/long/address/that/nobody/would/ever/type/by/hand?and=it&goes=on&and=on
"""


@dataclass(frozen=True)
class World:
    """Who lives here and what the addresses are made of."""

    fan: Member
    newcomer: Member
    staff: Member
    wish: Suggestion
    other: Suggestion
    bug: Suggestion
    board: Board
    places: dict[str, str]

    def address(self, name: str) -> str:
        return self.places[name]


def plant_world() -> World:
    """People, talk, votes, a merge, a roadmap, a shipped release, points, notices: one of everything."""
    at = timezone.now()
    commuter = make.make_persona("commuter", name="Daily commuter")
    staff = make.make_admin("Ines Okafor", staff_title="Battery team")
    staff.avatar = give_face(staff)
    fan = make.make_member("Mara Lindqvist", username="mara", persona=commuter, bio="Up at six, out at seven.")
    board = make.make_board("battery", name="Battery and charging", product=make.make_product("linden", name="Linden OS"))
    wish, bug, twin, other, done = grow_suggestions(fan, board, at)
    talk(fan, staff, wish, board, at)
    merge_suggestions(duplicate=twin, into=wish, by=staff, at=at)
    proposal = propose_merge(duplicate=bug, into=other, by=fan, at=at, evidence="Both get hot.")
    items = build(staff, board, wish, other, at)
    change_status(suggestion=bug, to="declined", by=staff, at=at, answer="Not in this phone: its coil is too small.")
    cared = look_after(fan, staff, board, at)
    release = ship(staff, board, done, at)
    found_groups(fan, board, at)
    found_circles(fan, at)
    gathered = vote_and_compete(fan, staff, board, at) | come_together(fan, staff, board, TEXT, at)
    drain()
    make.make_member("maralind", username="maralind", claimed_at=None, source_system="github", source_id="maralind")
    make_token(member=fan, name="Backup", scopes=["read"], at=at)
    ways = issue_ways(wanted=[(fan.pk, "digest")], at=at)
    plan = propose_plan(product=board.product, capacity=12, by=staff, at=at)
    places = (
        cared
        | addresses(fan, wish, other, bug, release)
        | gathered
        | written(fan, staff, board, wish, at)
        | {
            "unsubscribe": f"/mail/unsubscribe/{ways.out_of(fan.pk, 'digest')}/",
            "mail choice": f"/mail/preferences/{ways.to_choose(fan.pk)}/",
            "mute a thread": f"/mail/thread/{ways.to_choose(fan.pk)}/{wish.pk}/",
            "admin board": f"/admin/community/board/{board.pk}/change/",
            "admin proposal": f"/admin/feedback/mergeproposal/{proposal.pk}/change/",
            "admin item": f"/admin/feedback/roadmapitem/{items[0].pk}/change/",
            "admin release": f"/admin/feedback/release/{release.pk}/change/",
            **{name: f"/admin/feedback/plan/{at}" for name, at in plans(plan).items()},
        }
    )
    return World(fan, make.make_newcomer("Nora Neu"), staff, wish, other, bug, board, places)


def plans(plan) -> dict[str, str]:
    return {
        "admin plans": "",
        "ask for a plan": "add/",
        "admin plan": f"{plan.pk}/change/",
        "adopt a plan": f"{plan.pk}/adopt/",
    }


def grow_suggestions(fan, board, at):
    """A wish much wanted, a bug, its duplicate, one of somebody else's, and one that will ship."""
    shot = make_picture(fan, at=at)
    seen = f"{TEXT}\n\n![The battery page at 80 %]({shot.get_absolute_url()})\n\nAsk @mara."
    wish = make.make_suggestion(WISH, author=fan, board=board, body=seen, tags=["Alarm", "Night"], at=at)
    bug = make.make_bug("Phone gets hot while charging", board=board, at=at)
    twin = make.make_suggestion("Stop at four fifths", board=board, at=at)
    other = make.make_suggestion("电池在早上之前充满", board=board, body="请让手机在我起床时充满。", at=at)
    done = make.make_suggestion("Let the torch dim", author=fan, board=board, at=at)
    for suggestion in (wish, wish, twin, other, done):
        make.make_vote(suggestion, at=at)
    make.make_vote(other, fan, need=1000, at=at)
    return wish, bug, twin, other, done


def talk(fan, staff, wish, board, at):
    """Comments with lists and answers, one by staff, a discussion and a story."""
    first = make.make_comment(wish.post, "Two things:\n\n1. the alarm\n2. the " + "long" * 30 + "\n\n- and this", at=at)
    make.make_comment(wish.post, "So it is.", author=staff, parent=first, at=at)
    make.make_comment(wish.post, "Thank you both.", author=fan, parent=first, at=at)
    for sign in ("agree", "thanks"):
        react(member=fan, sign=sign, at=at, comment=first)
    make.make_post("Can I charge it at eighty alone?", kind="question", board=board, tags=["Alarm"], at=at)
    make.make_post("Who else wakes at six?", author=fan, board=board, at=at)
    make.make_post("How it saved my trip", board=board, kind="story", at=at)


def written(fan, staff, board, wish, at) -> dict[str, str]:
    """A question with its answer, versions of a text, a draft, a template, a tag: what writing leaves behind."""
    question = make.make_post("Can I move my eSIM?", author=fan, board=board, kind="question", at=at)
    answer = make.make_comment(question, "Under **Settings**, SIM cards.", author=staff, at=at)
    make.make_comment(question, "Or ask the carrier.", at=at)
    accept_answer(comment=answer, by=fan, at=at)
    story = make.make_post("The night the torch brought us home", board=board, kind="story", at=at)
    edit_post(post=wish.post, by=staff, title=WISH, body=f"{TEXT}\nAnd **quietly**.", at=at, reason="A step was missing.")
    talk = make.make_post("What is on your home screen?", author=fan, board=board, at=at)
    draft = save_draft(member=fan, form="post", data={"title": "Begun on the train", "body": "It was"}, at=at)
    template = PostTemplate.objects.create(kind="suggestion", name="The last time", body="Last time I …")
    tag = Tag.objects.get(slug="alarm")
    make.make_board("camera", product=board.product)
    return {
        "question": question.get_absolute_url(),
        "story": story.get_absolute_url(),
        "history": f"/posts/{wish.pk}/history/",
        "new question": "/posts/new/?kind=question",
        "convert": f"/posts/{talk.pk}/convert/",
        "convert to": f"/posts/{talk.pk}/convert/suggestion/",
        "move": f"/posts/{talk.pk}/move/",
        "move to": f"/posts/{talk.pk}/move/camera/",
        "drafts": "/me/drafts/",
        "new with a draft": f"/posts/new/?draft={draft.pk}",
        "admin templates": "/admin/community/posttemplate/",
        "admin template": f"/admin/community/posttemplate/{template.pk}/change/",
        "admin tags": "/admin/community/tag/",
        "admin tag": f"/admin/community/tag/{tag.pk}/change/",
    }


def vote_and_compete(fan, staff, board, at) -> dict[str, str]:
    """A poll of each kind, one decided; a contest in each phase, with a juror, a team and a winner."""
    early = at - timedelta(days=30)
    asking = make_poll(post=make.make_post("Which colour next?", board=board, author=staff, at=at), at=at)
    own = make_poll(post=make.make_post("Which three?", board=board, author=fan, at=at), at=at, kind="ranked")
    closed = make_poll(
        post=make.make_post("What shall it be called?", board=board, at=early), at=early, kind="ranked", weight="advisory"
    )
    for texts in (("Moss",), ("Moss",), ("Slate",), ("Slate",), ("Clay", "Slate")):
        say(closed, *texts, at=early)
    decide_poll(poll=closed, text="**Slate** it is.", by=staff, at=at)
    voting = make_contest(
        board=board, opens=at - timedelta(days=8), title="Words for the box", jury=[fan], rules="- One each.", prizes="A box."
    )
    entry = make_entry(voting, at=at - timedelta(days=5), title="A phone that lasts " + "and lasts " * 5)
    make_entry(voting, author=fan, at=at - timedelta(days=4))
    entering = make_contest(board=board, opens=at, title="One gesture", kind="showcase")
    drawn = f"Look:\n\n![A lamp of paper]({make_picture(fan, at=at).get_absolute_url()})"
    mine = make_entry(entering, author=fan, at=at, team=[make.make_member("Tomasz Wilk")], body=drawn)
    done = make_contest(board=board, opens=early, title="A wallpaper", jury=[make.make_member("Judith")])
    won = make_entry(done, at=early, title="五号线的早晨")
    give_scores(won, done.jury.get(), 8, 9, at=early + timedelta(days=15))
    give_vote(won, fan, at=early + timedelta(days=8))
    announce_winners(contest=done, by=staff, at=at)
    declare_interests(contest=voting, juror=fan, interests="", at=at)
    return {
        "poll": asking.post.get_absolute_url(), "poll vote": f"/posts/{asking.pk}/poll/vote/?choice={asking.options.first().pk}",
        "ranked poll": own.post.get_absolute_url(), "closed poll": closed.post.get_absolute_url(), "poll edit": f"/posts/{own.pk}/poll/edit/",
        "poll fault": f"/posts/{asking.pk}/poll/vote/", "poll close": f"/posts/{own.pk}/poll/close/",
        "poll decision": f"/posts/{closed.pk}/poll/decision/",
        "contests": "/contests/", "contest": voting.get_absolute_url(), "contest decided": done.get_absolute_url(),
        "contest open": entering.get_absolute_url(), "enter": f"{entering.get_absolute_url()}enter/", "entry": entry.get_absolute_url(),
        "entry won": won.get_absolute_url(), "entry edit": f"{mine.get_absolute_url()}edit/",
        "entry own": mine.get_absolute_url(), "jury": f"{voting.get_absolute_url()}jury/", "standing": f"{voting.get_absolute_url()}standing/",
        "admin contests": "/admin/community/contest/", "admin contest": f"/admin/community/contest/{voting.pk}/change/",
        "admin polls": "/admin/community/poll/", "admin poll": f"/admin/community/poll/{closed.pk}/change/",
    }  # fmt: skip


def look_after(fan, staff, board, at) -> dict[str, str]:
    """One text that waits, one reported, one hidden and told; somebody blocked; a suspension to confirm."""
    newcomer, told = make.make_newcomer("Bargain Bay"), "https://shop.example/" + "long" * 30
    manner = Manner("page", 900, trapped=True)
    waits = write_post(
        author=newcomer, board=board, kind="discussion", title="Cheap " + "cases" * 12, body=told, at=at, manner=manner
    )
    if waits.state != "held":  # tests do not screen unless they ask to
        hold_post(post=waits, why=Answer(("first-link", "haste"), {"typed_ms": 900, "hosts": ["shop.example"]}), at=at)
    said = told_of_post(make.make_post("Not for here", author=newcomer, board=board, at=at))
    report(target=said, by=fan, rule="unkind", words="Look at this.", at=at)
    mine = told_of_post(make.make_post("Too loud", author=fan, board=board, at=at))
    row = hide(target=mine, by=staff, rule="unkind", words="Please say it calmly.", at=at)
    second = make.make_admin("Ada Root")
    suspend_member(member=newcomer, by=second, rule="spam", until=at + timedelta(days=30), at=at)
    block_member(member=fan, other=make.make_member("Loud Larry"), at=at)
    return {
        "rules": "/rules/", "moderation in numbers": "/transparency/", "report": f"/report/post/{said.id}/",
        "your reports": "/me/reports/", "decisions about you": "/me/decisions/", "decision about you": f"/me/decisions/{row.pk}/",
        "blocked": "/me/blocks/", "what waits": "/moderation/", "nothing waits": "/moderation/?kind=appeal",
        "decisions so far": "/moderation/log/", "record of a member": f"/moderation/members/{newcomer.username}/",
        "decline": f"/moderation/post/{waits.pk}/decline/", "admin words": "/admin/community/watchedword/add/",
        "admin care": "/admin/community/careplan/add/", "admin rules": "/admin/community/houserules/",
    }  # fmt: skip


def build(staff, board, wish, other, at):
    """Work in three columns, with one, two and no suggestions behind it."""
    items = [
        plan_item(product=board.product, title="Smarter charging", by=staff, at=at, suggestions=[wish, other]),
        plan_item(product=board.product, title="Security", by=staff, at=at, summary="The usual care."),
    ]
    move_item(item=items[0], column="in-progress", by=staff, at=at, answer="We begin with the **alarm**.")
    return items


def ship(staff, board, done, at):
    """A release that thanks Mara, and one that is still being written."""
    draft_release(product=board.product, version="3.3", title="Longer days", by=staff, at=at)
    release = draft_release(
        product=board.product, version="3.2", title="Quiet mornings", by=staff, at=at,
        notes="The torch wakes **nobody**.\n\n1. It dims.\n2. It rests.", suggestions=[done],
    )  # fmt: skip
    return ship_release(release=release, by=staff, at=at)


def found_groups(fan, board, at):
    """Groups in every layer: one open to everybody, one the fan is in with a board of its own, and the inner circle."""
    asks = "Keep what is not out yet to yourself."
    make.make_group(
        "weekly", layer=3, name="Weekly testers", about="A build each week.", gives="The build, and thanks by name."
    )
    people = [fan, make.make_member("林小满")]
    birds = make.make_group("early-birds", name="Early birds", capacity=200, asks=asks, members=people)
    make.make_segment_board("lab", segment=birds.segment, name="The lab", product=board.product)
    circle = make.make_group("circle", layer=1, name="The bench", capacity=12, asks=asks)
    apply_to_group(group=circle, member=make.make_member("Otto"), words="I have tested trains.", agreed=True, at=at)


def found_circles(fan, at):
    """One that is open, which the fan looks after, and one that still looks for people."""
    said = {"name": "Leipzig", "about": "Whoever lives by the river.", "kind": "city"}
    circle = propose_circle(by=fan, keeps=True, at=at, **said)
    for _person in range(19):
        join_circle(circle=circle, member=make.make_member(), at=at)
    said = {"name": "Photographers", "about": "Night, rain and people who move.", "kind": "skill"}
    propose_circle(by=make.make_member("周敏"), keeps=False, at=at, **said)


def addresses(fan, wish, other, bug, release) -> dict[str, str]:
    """Every page by the name its test carries."""
    return {
        "home": "/",
        "suggestions": "/suggestions/",
        "suggestions filtered": "/suggestions/?sort=top&status=declined&board=battery",
        "nothing found": "/suggestions/?q=nothing+says+this",
        "search": "/search/",
        "search results": "/search/?q=charge+alarm&kind=suggestion&status=open",
        "search finds nothing": "/search/?q=nothing+says+this+at+all",
        "sort": "/sort/",
        "post": wish.post.get_absolute_url(),
        "post in Chinese": other.post.get_absolute_url(),
        "declined bug": bug.post.get_absolute_url(),
        "new": "/posts/new/?title=charge+limit+alarm",
        "edit": f"/posts/{wish.pk}/edit/",
        "vote": f"/posts/{other.pk}/vote/",
        "follow": f"/posts/{other.pk}/follow/",
        "comment": f"/posts/{other.pk}/comments/new/",
        "same": f"/posts/{wish.pk}/same/",
        "roadmap": "/roadmap/",
        "roadmap column": "/roadmap/?column=in-progress",
        "releases": "/releases/",
        "release": release.get_absolute_url(),
        "member": fan.get_absolute_url(),
        "community": "/community/",
        "everything": "/posts/",
        "unanswered": "/posts/?kind=question&sort=unanswered&tag=alarm",
        "board": "/boards/battery/",
        "tag": "/tags/alarm/",
        "comment address": f"/comments/{wish.post.comments.first().pk}/",
        "signs": f"/comments/{wish.post.comments.first().pk}/reactions/",
        "thread": f"/comments/{wish.post.comments.first().pk}/answers/",
        "sign a comment": f"/comments/{wish.post.comments.first().pk}/react/?sign=thanks",
        "groups": "/groups/",
        "group": "/groups/early-birds/",
        "apply": "/groups/circle/apply/",
        "circles": "/circles/",
        "circle": "/circles/leipzig/",
        "proposed circle": "/circles/photographers/",
        "join a circle": "/circles/photographers/join/",
        "new circle": "/circles/new/",
        "close a circle": "/circles/photographers/close/",
        "honours": "/honours/",
        "points": "/me/points/",
        "honour statement": "/me/points/?of=honour",
        "notices": "/me/notices/",
        "settings": "/me/settings/",
        "member's talk": f"{fan.get_absolute_url()}?show=talk",
        "sessions": "/me/sessions/",
        "export": "/me/export/",
        "leave": "/me/leave/",
        "goodbye": "/goodbye/",
        "unclaimed": "/members/maralind/",
        "claim": "/members/maralind/claim/",
        "tokens": "/me/tokens/",
        "mail preferences": "/me/mail/",
        "unread notices": "/me/notices/?show=unread",
        "follows": "/me/follows/",
        "follow a board": f"/follow/board/{wish.post.board_id}/",
        "look": "/settings/look/",
        "sign-in": "/accounts/login/",
        "code": "/accounts/login/code/",
        "password reset": "/accounts/password/reset/",
        "second factor": "/accounts/2fa/",
        "addresses": "/accounts/email/",
        "password": "/accounts/password/set/",
        "sign-out": "/accounts/logout/",
        "not found": "/nowhere/",
        "forbidden": f"/posts/{wish.pk}/same/",
        "admin": "/admin/",
        "admin desk": "/admin/feedback/suggestion/",
        "admin case": f"/admin/feedback/suggestion/{wish.pk}/change/",
        "admin members": "/admin/community/member/",
        "admin member": f"/admin/community/member/{fan.pk}/change/",
        "admin roadmap": "/admin/feedback/roadmapitem/",
        "admin releases": "/admin/feedback/release/",
        "admin proposals": "/admin/feedback/mergeproposal/",
        "admin record": "/admin/community/activity/",
        "admin segments": "/admin/community/segment/",
        "admin segment": "/admin/community/segment/add/",
        "admin circles": "/admin/community/circle/",
        "admin groups": "/admin/community/testergroup/",
        "admin applications": "/admin/community/groupmembership/",
    }


def session_of(member: Member) -> str:
    """The cookie of the member, signed in; staff with their second factor."""
    client = at_the_desk(Client(), member) if member.is_staff else Client()
    client.force_login(member)
    return client.cookies["session"].value
