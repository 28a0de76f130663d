"""A small community in which every page has something to show, and the addresses of all of them."""

from dataclasses import dataclass

from django.test import Client
from django.utils import timezone

from community.api_tokens import make_token
from community.deliveries import drain
from community.mail_tokens import issue_unsubscribe_tokens
from community.models import Board, Member
from feedback.merges import merge_suggestions, propose_merge
from feedback.models import Suggestion
from feedback.releases import draft_release, ship_release
from feedback.roadmap import move_item, plan_item
from feedback.triage import change_status
from tests import factories as make
from tests.feedback.desks import at_the_desk

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
    fan = make.make_member("Mara Lindqvist", username="mara", persona=commuter, bio="Up at six, out at seven.")
    board = make.make_board("battery", name="Battery and charging", product=make.make_product("linden", name="Linden OS"))
    wish, bug, twin, other, done = grow_suggestions(fan, board, at)
    talk(fan, staff, wish, board, at)
    merge_suggestions(duplicate=twin, into=wish, by=staff, at=at)
    proposal = propose_merge(duplicate=bug, into=other, by=fan, at=at, evidence="Both get hot.")
    items = build(staff, board, wish, other, at)
    change_status(suggestion=bug, to="declined", by=staff, at=at, answer="Not in this phone: its coil is too small.")
    release = ship(staff, board, done, at)
    drain()
    make_token(member=fan, name="Backup", scopes=["read"], at=at)
    leave = issue_unsubscribe_tokens(wanted=[(fan.pk, "digest")], at=at)[fan.pk, "digest"]
    places = addresses(fan, wish, other, bug, release) | {
        "unsubscribe": f"/mail/unsubscribe/{leave}/",
        "admin proposal": f"/admin/feedback/mergeproposal/{proposal.pk}/change/",
        "admin item": f"/admin/feedback/roadmapitem/{items[0].pk}/change/",
        "admin release": f"/admin/feedback/release/{release.pk}/change/",
    }
    return World(fan, make.make_newcomer("Nora Neu"), staff, wish, other, bug, board, places)


def grow_suggestions(fan, board, at):
    """A wish much wanted, a bug, its duplicate, one of somebody else's, and one that will ship."""
    wish = make.make_suggestion(WISH, author=fan, board=board, body=TEXT, tags=["Alarm", "Night"], at=at)
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
    make.make_post("Who else wakes at six?", author=fan, board=board, at=at)
    make.make_post("How it saved my trip", board=board, kind="story", at=at)


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


def addresses(fan, wish, other, bug, release) -> dict[str, str]:
    """Every page by the name its test carries."""
    return {
        "home": "/",
        "suggestions": "/suggestions/",
        "suggestions filtered": "/suggestions/?sort=top&status=declined&board=battery",
        "nothing found": "/suggestions/?q=nothing+says+this",
        "search": "/search/",
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
        "honours": "/honours/",
        "points": "/me/points/",
        "honour statement": "/me/points/?of=honour",
        "notices": "/me/notices/",
        "settings": "/me/settings/",
        "tokens": "/me/tokens/",
        "mail preferences": "/me/mail/",
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
    }


def session_of(member: Member) -> str:
    """The cookie of the member, signed in; staff with their second factor."""
    client = at_the_desk(Client(), member) if member.is_staff else Client()
    client.force_login(member)
    return client.cookies["session"].value
