"""Whoever sends more fields than a form has changes no more than the form does."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from community.circles.proposing import propose_circle
from community.contests.judging import declare_interests
from community.models import ApiToken, Circle, CircleMember, GroupMembership, Member, Post
from community.rendering import RENDERER
from feedback.models import Suggestion
from tests.attacks.test_csrf_and_methods import digest_of_everything
from tests.community.contesting import DAY, make_contest, make_entry
from tests.community.polling import make_poll
from tests.community.test_meetups import make_meetup
from tests.community.test_talks import make_talk
from tests.factories import (
    NOW,
    make_board,
    make_comment,
    make_group,
    make_member,
    make_persona,
    make_post,
    make_product,
    make_staff,
    make_suggestion,
    make_team_board,
)
from tests.feedback.desks import at_the_desk, case, view_of

pytestmark = pytest.mark.django_db
GREEDY = {
    "is_staff": "on", "is_superuser": "on", "is_active": "", "is_demo": "on", "role": "admin", "trust": "2", "level": "9", "reads": "999",
    "active_days": "999", "cohort": "code:mine", "password": "x", "username": "boss", "email": "boss@example.org", "claimed_at": "2020-01-01",
    "verified_at": "2020-01-01", "closed_at": "2020-01-01", "limited_until": "2020-01-01", "joined_at": "2020-01-01", "source_system": "github",
    "source_id": "1", "source_url": "https://e.org", "staff_title": "CEO", "id": "1", "pk": "1", "state": "visible", "status": "shipped",
    "author": "1", "author_id": "1", "member": "1", "by": "1", "created_at": "2020-01-01", "edited_at": "2020-01-01", "body_html": "<script>",
    "renderer": "9", "batch": "1", "agrees": "999", "votes": "999", "heat": "999", "score": "999", "numerator": "999", "root": "1",
    "answer": "Yes!", "answer_html": "<b>", "answered_by": "1", "evidence": "9999", "severity": "8", "strategy_fit": "3", "assignee": "1",
    "weight": "9999", "cast_at": "2020-01-01", "on_behalf_of": "1", "hash": "x", "expires_at": "", "is_public": "on", "groups": "1",
    "user_permissions": "1", "moderators": "1", "see": "anyone", "post_id": "1", "board_id": "1", "persona_id": "1", "at": "2020-01-01",
}  # fmt: skip


@pytest.fixture
def world(settings):
    settings.RATE_LIMITS = False
    mara, board = make_member("Mara Lindqvist", trust=0, email="mara@example.org"), make_board("open")
    make_persona("commuter"), make_team_board("team"), make_product(), make_group("early", capacity=5, asks="Silence.")
    propose_circle(by=make_member(), name="Rowers", about="We row.", kind="skill", keeps=False, at=NOW)
    wish = make_suggestion("A wish", author=mara, board=board)
    comment = make_comment(wish.post, author=mara)
    other = make_suggestion("Of somebody else", board=board)
    talk, question = (make_post(author=mara, board=board, kind=kind) for kind in ("discussion", "question"))
    more = {"talk": talk, "answer": make_comment(question)} | gatherings(mara, board)
    return more | {"mara": mara, "board": board, "wish": wish, "comment": comment, "other": other}


def gatherings(mara, board) -> dict:
    """A poll, a contest in each phase with an entry of hers and of another's, a meetup, and talks for a meetup she hosts."""
    now = timezone.now()
    entering = make_contest(board=board, opens=now - DAY, entries_each=2, slug="entering")
    voting = make_contest(board=board, opens=now - 8 * DAY, jury=[mara], slug="voting")
    mine = make_entry(entering, author=mara, at=now)
    others = make_entry(voting, at=now - 7 * DAY)
    asked = make_entry(entering, at=now, team=[mara])
    hosted = make_meetup(host=mara, by=make_staff(), board=board, at=now, slug="hosted")
    proposed, declined = make_talk(hosted, at=now), make_talk(hosted, at=now)
    going = make_meetup(board=board, at=now, slug="going")
    spoken = make_talk(going, speaker=mara, at=now)
    here = make_meetup(board=board, slug="here", starts_at=now, ends_at=now + DAY, at=now)
    poll = make_poll(post=make_post(author=mara, board=board, kind="discussion", at=now), at=now)
    declare_interests(contest=voting, juror=mara, interests="", at=now)
    first, second = voting.criteria.all()
    return {"mine": mine, "others": others, "asked": asked, "proposed": proposed, "declined": declined, "spoken": spoken, "contest": entering,
            "slot": hosted.slots.first(), "free": hosted.slots.last(), "poll": poll, "option": poll.options.first(), "first": first,
            "second": second, "going": going, "here": here}  # fmt: skip


def rows() -> dict[str, dict[str, tuple]]:
    """Every row of ours, as it is."""
    ours = [model for model in apps.get_models() if model._meta.app_label in ("community", "feedback", "rewards")]
    return {model.__name__: {row["pk"]: tuple(sorted(row.items(), key=lambda p: p[0])) for row in model.objects.annotate(
        **({} if model._meta.pk.name == "pk" else {})).values("pk", *(f.attname for f in model._meta.concrete_fields))} for model in ours}  # fmt: skip


def changed(before) -> set[str]:
    """`Model.field` of what differs in rows that were there before."""
    now = rows()
    return {f"{model}.{name}" for model, kept in before.items() for pk, row in kept.items()
            for (name, old), (_n, new) in zip(row, now[model].get(pk, row), strict=True) if old != new}  # fmt: skip


VISIT = {"Member.active_days", "Member.reads"}
TALK = {"Standing.comments", "Standing.active_at"}
PAGES = {  # address, what is honestly typed, and what may differ afterwards in rows that were there
    "settings": ("/me/settings/", {"display_name": "Mara", "username": "mara-l", "bio": "Hi", "language": "zh-hans", "time_zone": "UTC", "persona": "commuter", "device": "Linden One"},
                 {"Member.display_name", "Member.username", "Member.device", "Member.bio", "Member.language", "Member.persona_id"}),
    "look": ("/settings/look/", {"language": "zh-hans"}, {"Member.language"}),
    "persona": ("/me/persona/", {"persona": "commuter"}, {"Member.persona_id"}),
    "mail": ("/me/mail/", {"pace-status": "daily", "page-status": "on"}, set()),
    "sort": ("/sort/{other}/", {"say": "pass", "seed": "x"}, set()),
    "sort, taken back": ("/sort/undo/", {}, set()),
    "follow a board": ("/follow/board/{board}/", {"want": "follow"}, set()),
    "mute a post": ("/follow/post/{other}/", {"want": "mute"}, set()),
    "export": ("/me/export/", {}, set()),
    "token": ("/me/tokens/", {"name": "Script", "scopes": ["read"]}, set()),
    "compose": ("/posts/new/", {"title": "A new wish", "body": "Why", "kind": "suggestion", "board": "open", "tags": ""}, set()),
    "draft": ("/me/drafts/save/", {"draft_form": "post", "title": "Half a wish", "body": ""}, set()),
    "convert": ("/posts/{talk}/convert/question/", {}, {"Post.kind", "Standing.kind"}),
    "accept": ("/comments/{answer}/accept/", {}, {"Post.accepted_answer_id", "Standing.answered"}),
    "edit": ("/posts/{wish}/edit/", {"title": "A wish, said better", "body": "Why", "tags": ""},
             {"Post.title", "Post.body", "Post.body_html", "Post.edited_at", "Post.renderer", "Standing.active_at"}),
    "comment": ("/posts/{wish}/comments/new/", {"body": "More"}, TALK),
    "comment edit": ("/comments/{comment}/edit/", {"body": "Less"}, {"Comment.body", "Comment.body_html", "Comment.edited_at"}),
    "agree": ("/comments/{comment}/react/", {"sign": "agree"}, {"Comment.agrees"}),
    "apply": ("/groups/early/apply/", {"words": "I test trains.", "agreed": "on"}, set()),
    "join": ("/circles/rowers/join/", {}, set()),
    "report": ("/report/post/{other}/", {"rule": "spam", "words": "Look"}, set()),
    "follow": ("/posts/{other}/follow/", {}, set()),
    "poll, voted in": ("/posts/{poll}/poll/vote/", {"choice": "{option}"}, set()),
    "poll, edited": ("/posts/{poll}/poll/edit/", {"poll_options": "Moss\nClay\nSlate", "poll_kind": "single", "poll_shows": "always", "poll_weight": "", "poll_closes": ""},
                     {"Poll.shows", "Poll.closes_at", "PollOption.text", "PollOption.position"}),
    "contest, entered": ("/contests/entering/enter/", {"title": "A lamp", "body": "Mine.", "team": ""}, set()),
    "contest, followed": ("/follow/contest/{contest}/", {"want": "follow"}, set()),
    "entry, edited": ("/contests/entering/entries/{mine}/edit/", {"title": "A better lamp", "body": "Mine.", "team": ""},
                      {"ContestEntry.title", "ContestEntry.body", "ContestEntry.body_html", "ContestEntry.edited_at"}),
    "entry, taken back": ("/contests/entering/entries/{mine}/withdraw/", {}, {"ContestEntry.state"}),
    "entry, voted for": ("/contests/voting/entries/{others}/vote/", {"want": "vote"}, set()),
    "entry, reported": ("/report/entry/{others}/", {"rule": "spam", "words": "Look"}, set()),
    "team, joined": ("/contests/entering/entries/{asked}/team/", {"want": "agree"}, {"Teammate.agreed_at"}),
    "jury, declared": ("/contests/voting/jury/declare/", {"interests": "My aunt"}, {"JuryDeclaration.interests", "JuryDeclaration.at"}),
    "jury, scored": ("/contests/voting/jury/{others}/", {"score-{first}": "7", "score-{second}": "8"}, set()),
    "meetup, answered": ("/meetups/going/answer/", {"answer": "going"}, set()),
    "meetup, checked in": ("/meetups/here/enter/", {"code": "{code}"}, set()),
    "meetup, reported": ("/report/meetup/{going}/", {"rule": "spam", "words": "Look"}, set()),
    "slots, opened": ("/meetups/hosted/talks/", {"count": "1", "minutes": "10"}, set()),
    "slot, closed": ("/meetups/hosted/slots/{free}/close/", {}, set()),
    "talk, proposed": ("/meetups/going/talk/", {"title": "My bicycle", "about": "It is old."}, set()),
    "talk, accepted": ("/meetups/hosted/talks/{proposed}/accept/", {"slot": "{slot}", "answer": "Gladly."},
                       {"Talk.state", "Talk.slot_id", "Talk.answer", "Talk.answered_at", "Meetup.revision"}),
    "talk, declined": ("/meetups/hosted/talks/{declined}/decline/", {"answer": "In spring."}, {"Talk.state", "Talk.answer", "Talk.answered_at"}),
    "talk, taken back": ("/meetups/going/talks/{spoken}/withdraw/", {}, {"Talk.state", "Talk.answered_at"}),
    "vote": ("/posts/{other}/vote/", {"want": "vote"}, {"Standing.votes", "Standing.heat", "Standing.active_at"}),
}  # fmt: skip


def to(address: str, world) -> str:
    return address.format(**{name: thing.pk for name, thing in world.items()}, code=world["here"].code)


def greed(typed, world) -> dict:
    """All fields of all models, with the answers of the form on top; numbers that are taken mean somebody else's."""
    every = {
        field.attname: "1"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if not isinstance(field, models.JSONField)
    }
    typed = {to(name, world): to(said, world) if isinstance(said, str) else said for name, said in typed.items()}
    return every | GREEDY | {"pk": world["other"].pk, "id": world["other"].pk, "author": world["other"].post.author_id} | typed


def bare(typed: dict) -> dict:
    """Names that forms read on purpose are not greed."""
    return {name: value for name, value in typed.items() if name not in ("need", "parent", "parent_id", "next", "email")}


@pytest.mark.parametrize("name", PAGES)
def test_a_form_with_every_field_of_every_model_changes_what_it_is_for(client, world, name):
    address, typed, allowed = PAGES[name]
    client.force_login(world["mara"])
    before = rows()
    answer = client.post(to(address, world), bare(greed(typed, world)))
    assert answer.status_code in (200, 302) and changed(before) <= allowed | VISIT
    assert not allowed or name in ("vote", "follow") or changed(before) & allowed


def test_the_comparison_sees_every_field(world):
    """The control."""
    before = rows()
    Member.objects.filter(pk=world["mara"].pk).update(role="admin")
    Suggestion.objects.filter(pk=world["wish"].pk).update(severity=8)
    assert changed(before) == {"Member.role", "Suggestion.severity"}


API = [
    ("post", "/api/v1/posts", {"board": "open", "title": "A new wish", "kind": "suggestion"}, set()),
    ("patch", "/api/v1/posts/{wish}", {"title": "Better said", "tags": [], "body": "Why"},
     {"Post.title", "Post.body", "Post.body_html", "Post.edited_at", "Post.renderer", "Standing.active_at"}),
    ("post", "/api/v1/posts/{wish}/comments", {"body": "More"}, TALK),
    ("put", "/api/v1/posts/{other}/vote", {}, {"Standing.votes", "Standing.heat", "Standing.active_at"}),
    ("post", "/api/v1/similar", {"title": "A wish", "body": "", "limit": 5}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("method", "address", "typed", "allowed"), API)
def test_the_api_takes_no_more_than_it_says(client, world, method, address, typed, allowed):
    client.force_login(world["mara"])
    before, said = rows(), {k: v for k, v in bare(greed(typed, world)).items() if k != "board" or "board" in typed}
    answer = getattr(client, method)(to(address, world), said, content_type="application/json")
    assert answer.status_code in (200, 201) and changed(before) <= allowed | VISIT, answer.content


def test_what_is_new_belongs_to_whoever_wrote_it_and_begins_at_the_beginning(client, world):
    client.force_login(world["mara"])
    client.post("/posts/new/", bare(greed(PAGES["compose"][1], world)))
    post = Post.objects.latest("pk")
    assert (post.author, post.board, post.state, post.source_id, post.renderer) == (
        world["mara"],
        world["board"],
        "visible",
        "",
        RENDERER,
    )
    wish = post.suggestion
    assert (wish.status, wish.answer, wish.evidence, wish.strategy_fit, wish.assignee, wish.root_id) == (
        "open",
        "",
        0,
        0,
        None,
        post.pk,
    )
    assert not post.standing.folded_into_id and post.created_at.year > 2020


def test_a_token_made_with_every_field_is_ones_own_and_reads_only(client, world):
    client.force_login(world["mara"])
    client.post("/me/tokens/", bare(greed(PAGES["token"][1], world)))
    token = ApiToken.objects.get()
    assert (token.member, token.scopes, token.revoked_at) == (world["mara"], ["read"], None) and token.hash != "x"


def test_an_application_with_every_field_is_still_an_application(client, world):
    client.force_login(world["mara"])
    client.post("/groups/early/apply/", bare(greed(PAGES["apply"][1], world)))
    row = GroupMembership.objects.get()
    assert (row.state, row.member, row.group.slug, row.decided_by, row.reason) == ("applied", world["mara"], "early", None, "")


@pytest.mark.parametrize(("scopes", "made"), [(["staff"], 0), (["read", "staff"], 0), (["write"], 1)])
def test_no_form_gives_a_token_the_teams_scope(client, world, scopes, made):
    client.force_login(world["mara"])
    client.post("/me/tokens/", {"name": "Mine", "scopes": scopes})
    assert ApiToken.objects.count() == made


@pytest.mark.parametrize(
    "typed", [{"board": "team"}, {"kind": "announcement"}, {"kind": "sermon"}, {"board": "nowhere"}, {"kind": ""}]
)
def test_no_choice_is_taken_that_was_not_offered(client, world, typed):
    client.force_login(world["mara"])
    before = Post.objects.count()
    client.post("/posts/new/", PAGES["compose"][1] | typed)
    assert Post.objects.count() == before


@pytest.mark.parametrize("name", ["status", "triage", "note", "adopt"])
def test_the_desks_forms_keep_to_their_fields(client, world, staff, name):
    wish = world["wish"]
    at_the_desk(client, staff)
    typed = {
        "status": {"status": "planned", "answer": "Yes"},
        "triage": view_of(wish, severity=4),
        "note": {"body": "Hm"},
        "adopt": {},
    }[name]
    before = rows()
    client.post(case(wish, name), bare(greed(typed, world)) if name != "triage" else bare(GREEDY) | typed)
    gone = {
        field for field in changed(before) if not field.startswith(("Suggestion.", "Standing.", "ClusterScore.", "ScoreDebt"))
    }
    assert gone - VISIT == set() and not changed(before) & {
        "Suggestion.root_id",
        "Suggestion.evidence",
        "Suggestion.assignee_id",
    }


def test_what_a_moderator_hid_does_not_come_back_by_deleting_and_restoring_it(client, world, staff):
    wish, mara = world["wish"], world["mara"]
    client.force_login(staff)
    assert client.post(f"/posts/{wish.pk}/hide/", {"rule": "off-topic"}).status_code == 302
    assert Post.objects.get(pk=wish.pk).state == "hidden"
    client.force_login(mara)
    for act in ("delete", "restore"):
        client.post(f"/posts/{wish.pk}/{act}/")
    assert Post.objects.get(pk=wish.pk).state == wish.post.standing.__class__.objects.get(pk=wish.pk).state == "hidden"


def test_what_nobody_hid_comes_back_whole(client, world):
    """The control."""
    client.force_login(world["mara"])
    before = digest_of_everything()
    for act in ("delete", "restore"):
        client.post(f"/posts/{world['wish'].pk}/{act}/")
    after = digest_of_everything()
    assert Post.objects.get(pk=world["wish"].pk).state == "visible" and connection.vendor == "postgresql"
    assert before["community_post"] == after["community_post"] and before["community_comment"] == after["community_comment"]


def test_a_greedy_proposal_is_a_proposal_and_a_greedy_guest_is_a_guest(client, world):
    Member.objects.filter(pk=world["mara"].pk).update(trust=1)
    client.force_login(world["mara"])
    typed = {"name": "Leipzig", "kind": "city", "about": "All of us."}
    client.post(
        "/circles/new/", bare(greed(typed, world)) | {"opened_at": "2020-01-01", "slug": "mine", "board": "1", "steward": "1"}
    )
    circle = Circle.objects.get(name="Leipzig")
    assert (circle.state, circle.slug, circle.board, circle.steward, circle.closed_because) == (
        "proposed",
        "leipzig",
        None,
        None,
        "",
    )
    client.post("/circles/rowers/join/", bare(greed({}, world)))
    assert CircleMember.objects.filter(circle__slug="rowers", member=world["mara"]).exists()
    assert Circle.objects.get(slug="rowers").steward is None
