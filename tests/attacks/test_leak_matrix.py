"""What is out of sight stays so: by every address, for every kind of visitor, in every mail."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from community import boards
from community.digest import draft_digests
from community.mail_threads import KIND
from community.mail_tokens import issue_ways
from community.mailings import send_batch
from community.models import Audience, Board, Contest, Notice, Tag
from community.models.post import WrittenQuerySet
from community.sitemaps import REGISTER
from feedback.merges import merge_suggestions
from feedback.roadmap import adopt_suggestion
from tests.attacks.routes import routes
from tests.attacks.secrets import build
from tests.factories import make_suggestion
from tests.letters import html_of, text_of

pytestmark = pytest.mark.django_db
KINDS = ["anonymous", "member", "other", "moderator", "author", "staff"]
LISTS = ["", "?q=Shared", "?tag=sharedtag", "?sort=new", "?board=team", "?status=shipped"]
API = ["?q=Shared", "?tag=sharedtag", "?board=team", "?board=members", "?status=shipped", "?limit=100"]

# Every route outside the admin says here how it is asked. A new one that is not here fails the build.
PLAIN = {
    "pictures/": [""], "me/face/": [""], "me/face/remove/": [""], "names/": ["?q=qx", "?q=Shared"],
    "": [""], "suggestions/": LISTS, "search/": ["?q=Shared", "?q=sharedtag", "?q=Shared&sort=new", "?tag=sharedtag", "?board=team", "?q=Shared&board=members", "?kind=suggestion&since=2020-01-01", "?q=Shraed"],
    "search/suggest/": ["?q=Shared", "?q=sharedtag", "?q=Te", "?q=qx"], "sort/": ["", "?more=1", "?first=1"], "sort/undo/": [""], "sort/keep/": [""], "community/": [""], "contests/": ["", "?after=1"], "roadmap/": ["", "?column=planned", "?mine=1"],
    "releases/": [""], "honours/": [""], "groups/": [""], "circles/": [""], "circles/new/": [""], "me/": [""], "me/settings/": [""], "meetups/": ["", "?where=online", "?city=Leipzig"], "meetups/calendar.ics": [""], "me/sessions/": [""], "me/sessions/end/": [""], "me/export/": [""], "me/leave/": [""], "goodbye/": [""],
    "me/persona/": [""], "me/tokens/": [""], "me/mail/": [""],
    "me/notices/": ["", "?show=unread", "?show=mentions", "?show=mine"], "me/notices/read/": [""], "me/notices/panel/": [""], "me/notices/bell/": [""],
    "me/notices/unread/": [""], "me/mail/resume/": [""], "me/follows/": [""], "me/points/": ["", "?of=honour"], "session/": [""], "settings/look/": [""],
    "posts/": [*LISTS, "?kind=suggestion", "?kind=suggestion&sort=unanswered", "?board=members", "?sort=unanswered"],
    "feeds/posts.atom": ["", "?kind=suggestion", "?tag=sharedtag"], "feeds/suggestions.atom": LISTS, "feeds/announcements.atom": [""],
    "feeds/search.atom": ["", "?q=Shared"], "feeds/roadmap.atom": [""], "feeds/releases.atom": [""],
    "rules/": [""], "transparency/": [""], "me/reports/": [""], "me/decisions/": [""], "me/blocks/": [""], "moderation/approve/": [""],
    "moderation/": ["", "?kind=held", "?kind=reported", "?kind=appeal", "?kind=second", "?board=open"], "moderation/log/": ["", "?board=open"],
    "robots.txt": [""], "sitemap.xml": [""], "me/read/": [""],
    "me/drafts/": [""], "me/drafts/save/": [""], "posts/adapt/": [""],
    "posts/new/": ["", "?title=Shared", "?kind=question", "?template=1", "?draft=1"], "posts/preview/": [""], "posts/similar/": ["?title=Shared wish", "?title=Shared wish&body=Shared"],
    "healthz": [""], "readyz": [""], "metrics": [""], "api/docs/": [""], "api/schema/": [""],
    "api/v1/boards": [""], "api/v1/me": [""], "api/v1/me/points": [""], "api/v1/pictures": [""], "api/v1/posts": API, "api/v1/roadmap": ["", "?limit=100"],
    "api/v1/releases": [""], "api/v1/similar": ["?title=Shared wish&limit=10", "?title=Shared wish&board=open"],
}  # fmt: skip
OF_A_POST = [
    "posts/<int:post_id>/", "posts/<int:post_id>/<str:slug>/", "posts/<int:post_id>/edit/", "posts/<int:post_id>/delete/",
    "posts/<int:post_id>/hide/", "posts/<int:post_id>/restore/", "posts/<int:post_id>/follow/", "posts/<int:post_id>/vote/",
    "sort/<int:post_id>/", "posts/<int:post_id>/react/", "posts/<int:post_id>/reactions/", "feeds/posts/<int:post_id>/comments.atom",
    "posts/<int:post_id>/history/", "posts/<int:post_id>/convert/", "posts/<int:post_id>/move/", "posts/<int:post_id>/unaccept/",
    *(f"posts/<int:post_id>/poll/{act}/" for act in ("vote", "withdraw", "edit", "close", "decision")),
    "posts/<int:post_id>/same/", "posts/<int:post_id>/comments/new/", "api/v1/posts/<int:pk>", "api/v1/posts/<int:pk>/comments",
    "api/v1/posts/<int:pk>/score", "api/v1/posts/<int:pk>/vote",
]  # fmt: skip
ACTS = ("", "react/", "reactions/", "answers/", "edit/", "delete/", "hide/", "restore/", "history/", "accept/")
OF_A_COMMENT = [f"comments/<int:comment_id>/{act}" for act in ACTS]
OF_A_GROUP = [f"groups/<slug:slug>/{act}" for act in ("", "apply/", "leave/", "return/", "speak/")]
OF_A_CIRCLE = [f"circles/<slug:slug>/{act}" for act in ("", "join/", "leave/", "offer/", "lay-down/", "close/")]
OF_CARE = [f"moderation/<str:kind>/<int:target_id>/{act}/" for act in ("approve", "decline", "hide", "restore", "in-order")]
# Asked in tests/community/test_pictures_pages.py and test_avatars.py, as whoever may and may not see them.
OF_PICTURES = {
    "pictures/<int:picture_id>/", "pictures/<int:picture_id>/<int:width>.webp", "faces/<str:name>/<int:size>.webp",
}  # fmt: skip
OF_A_CONTEST = [f"contests/<slug:slug>/{page}" for page in ("", "enter/", "jury/", "jury/declare/", "standing/", "announce/")]
OF_AN_ENTRY = [f"contests/<slug:slug>/entries/<int:entry_id>/{act}" for act in (
    "", "edit/", "withdraw/", "vote/", "team/", "adopt/",
)] + ["contests/<slug:slug>/jury/<int:entry_id>/"]  # fmt: skip
OF_TALKS = [
    "meetups/<slug:slug>/talk/", "meetups/<slug:slug>/talks/", "meetups/<slug:slug>/slots/<int:slot_id>/close/",
    *(f"meetups/<slug:slug>/talks/<int:talk_id>/{act}/" for act in ("accept", "decline", "withdraw")),
]  # fmt: skip
OF_OTHERS = {
    *OF_A_CONTEST, *OF_AN_ENTRY,
    *OF_PICTURES,
    *OF_CARE, "report/<str:kind>/<int:target_id>/", "me/reports/<int:report_id>/undo/", "me/decisions/<int:decision_id>/",
    *(f"members/<str:username>/{act}/" for act in ("block", "unblock", "mute", "unmute")), "moderation/members/<str:username>/",
    "moderation/appeals/<int:appeal_id>/decide/", "moderation/decisions/<int:decision_id>/confirm/", "moderation/decisions/<int:decision_id>/lift/",
    "posts/<int:post_id>/convert/<str:kind>/", "posts/<int:post_id>/move/<slug:board>/", "me/drafts/<int:draft_id>/discard/",
    "revisions/<int:revision_id>/hide/", "revisions/<int:revision_id>/show/",
    "boards/<str:slug>/", "tags/<str:slug>/", "feeds/boards/<str:slug>.atom", "feeds/tags/<str:slug>.atom", "sitemaps/<str:name>.xml",
    *OF_A_GROUP,
    *OF_A_CIRCLE,
    "members/<str:username>/", "api/v1/members/<str:username>", "releases/<str:slug>/", "me/notices/<int:notice_id>/open/",
    "me/tokens/<int:token_id>/revoke/", "me/sessions/<int:session_id>/end/", "me/export/<int:export_id>/", "meetups/<slug:slug>/", "meetups/<slug:slug>/meetup.ics",
    "meetups/<slug:slug>/answer/", "meetups/<slug:slug>/enter/", "meetups/<slug:slug>/door/", "meetups/<slug:slug>/door/<int:member_id>/",
    *OF_TALKS,
    "members/<str:username>/claim/", "claims/<int:claim_id>/withdraw/", "mail/unsubscribe/<str:token>/", "mail/resubscribe/<str:token>/",
    "me/notices/<int:notice_id>/mark/", "mail/preferences/<str:token>/", "mail/thread/<str:token>/<int:post_id>/", "follow/<str:kind>/<int:thing_id>/",
}  # fmt: skip
GET_SHOWS_NO_POST = {  # forms, buttons and other things whose GET has nothing of a post
    "posts/<int:post_id>/delete/", "posts/<int:post_id>/restore/", "api/v1/posts/<int:pk>/vote",
    "sort/<int:post_id>/",
    "posts/<int:post_id>/unaccept/", "posts/<int:post_id>/poll/withdraw/",
}  # fmt: skip


@pytest.fixture
def world(settings):
    settings.RATE_LIMITS = False
    return build(timezone.now() - timedelta(hours=1))


def filled(route: str, **values) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), route)


def addresses(world) -> list[str]:
    asked = ["/" + route + more for route, variants in PLAIN.items() for more in variants]
    for post in world.posts.values():
        asked += [filled(route, post_id=post.pk, pk=post.pk, slug="x") for route in OF_A_POST if route not in GET_SHOWS_NO_POST]
        said = post.comments.order_by("pk")[:3].values_list("pk", flat=True)
        acts = ACTS[:5] if post == world.posts["open"] else ACTS[:3]
        asked += [f"/comments/{pk}/{act}" for pk in said for act in acts][: 15 if post == world.posts["open"] else 4]
        asked += [f"/posts/{post.pk}/x/?comment={pk}" for pk in said[:1]]
        asked += [f"/comments/{pk}/history/" for pk in said[:1]]
        asked += [f"/posts/{post.pk}/{act}/" for act in ("convert/discussion", "convert/bug", "move/other", "move/team")][:3]
    asked += [filled(route, post_id=post.pk, pk=post.pk, comment_id=1) for route in [*GET_SHOWS_NO_POST, *OF_A_COMMENT]]
    for contest in Contest.objects.all():
        asked += [filled(route, slug=contest.slug) for route in OF_A_CONTEST]
        asked += [filled(route, slug=contest.slug, entry_id=one.pk) for one in contest.entries.all() for route in OF_AN_ENTRY]
    for board in ("open", "other", "members", "team"):
        asked += [f"/boards/{board}/", f"/boards/{board}/?kind=suggestion&sort=top", f"/feeds/boards/{board}.atom"]
    asked += ["/tags/sharedtag/", "/feeds/tags/sharedtag.atom"]
    asked += [f"/sitemaps/{name}-{part}.xml" for name, source in REGISTER.items() for part in source.parts()]
    for post in world.posts.values():
        asked += [f"/report/post/{post.pk}/", *(f"/moderation/post/{post.pk}/{act}/" for act in ("hide", "decline"))]
        asked += [f"/report/comment/{pk}/" for pk in post.comments.order_by("pk")[:2].values_list("pk", flat=True)]
    for person in filter(None, world.people.values()):
        asked += [f"/moderation/members/{person.username}/", f"/report/member/{person.pk}/"]
        asked += [
            f"/members/{person.username}/",
            f"/members/{person.username}/?show=talk",
            f"/api/v1/members/{person.username}",
        ]
    asked += [place.get_absolute_url() for place in world.places.values()]
    asked += [filled(route, slug=world.places["group"].slug) for route in OF_A_GROUP]
    circle = world.places["circle"]
    asked += [filled(route, slug=circle.slug) for route in OF_A_CIRCLE]
    asked += [f"/report/circle/{circle.pk}/", *(f"/moderation/circle/{circle.pk}/{act}/" for act in ("hide", "restore"))]
    asked += [f"/me/notices/{pk}/open/" for pk in Notice.objects.values_list("pk", flat=True)[:5]]
    ways = issue_ways(wanted=[(person.pk, "digest") for person in world.people.values() if person], at=timezone.now())
    reader = world.people["member"].pk
    asked += [f"/mail/preferences/{ways.to_choose(reader)}/", f"/mail/unsubscribe/{ways.out_of(reader, 'digest')}/"]
    asked += [f"/mail/thread/{ways.to_choose(reader)}/{post.pk}/" for post in world.posts.values()]
    things = [("post", post.pk) for post in world.posts.values()] + [
        ("board", pk) for pk in Board.objects.values_list("pk", flat=True)
    ]
    things += [("tag", pk) for pk in Tag.objects.values_list("pk", flat=True)] + [("person", reader)]
    asked += [f"/follow/{kind}/{pk}/{want}" for kind, pk in things for want in ("", "?want=mute")]
    return [
        *asked,
        "/me/notices/1/mark/",
        "/me/tokens/1/revoke/",
        "/mail/unsubscribe/made-up/",
        "/mail/resubscribe/made-up/",
        "/admin/",
        "/nowhere/",
    ]


def test_every_address_outside_the_admin_says_how_it_is_asked():
    known = set(PLAIN) | set(OF_A_POST) | set(OF_A_COMMENT) | OF_OTHERS
    ours = {route for route in routes() if not route.startswith(("admin/", "accounts/"))}
    assert ours - known == set(), "Say in this file how these are asked, so that they are searched for secrets."
    assert known - ours == set(), "These are gone."


# Who has least to see says most; the others are asked under --slow.
FIRST = ("anonymous", "member")


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=() if kind in FIRST else pytest.mark.slow) for kind in KINDS])
def test_no_page_and_no_endpoint_tells_a_secret(client, world, kind):
    if world.people[kind]:
        client.force_login(world.people[kind])
    found = {}
    for address in addresses(world):
        answer = client.get(address, follow=True)
        assert answer.status_code < 500, address
        told = b"".join(answer).decode() + str(answer.headers) + str(answer.redirect_chain)
        # What one took back oneself waits there for 14 days.
        own = {"qxdeletedtitle", "qxsaidanddeleted"} if (kind, address) == ("author", "/me/drafts/") else set()
        if leaks := world.leaks(told, to=kind) - own:
            found[address] = leaks
    assert found == {}


FOUND = {  # whose post each kind finds, beside those that everybody sees
    "moderator": ("hidden", "held", "members", "oneway", "onewayother"),
    "staff": ("hidden", "held", "members", "segment", "oneway", "onewayother", "group"),
    "author": ("hidden", "held", "members", "segment", "oneway"),
    "member": ("members", "onewayother", "group"),
}


@pytest.mark.parametrize("kind", FOUND)
def test_those_who_may_look_do_find_it(client, world, kind):
    """The control: the words are really there to be found."""
    client.force_login(world.people[kind])
    told = "".join(client.get(post.get_absolute_url(), follow=True).content.decode().lower() for post in world.posts.values())
    seen = {word for word, who in world.secrets.items() if kind in who and word in told}
    parts = {f"qx{name}{part}" for name in FOUND[kind] for part in ("title", "body", "tag", "comment", "answer")}
    beside = {"moderator": {"qxsaidandhidden", "qxsaidandheld"}, "staff": {"qxsaidandhidden", "qxsaidandheld"}}
    assert parts | beside.get(kind, set()) <= seen


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("author", "qxsegmentboard"),
        ("member", "qxgroupboard"),
        ("other", "qxapplied"),
        ("author", "qxrefused"),
        ("author", "qxcircle"),
        ("moderator", "qxcirclewhy"),
    ],
)
def test_names_and_words_of_closed_places_are_there_for_whom_they_are_meant(client, world, kind, word):
    """The control of places: a board's name beside its posts, an application and its answer on the group's page."""
    client.force_login(world.people[kind])
    pages = ["/community/", "/suggestions/", *(world.places[name].get_absolute_url() for name in ("group", "circle"))]
    assert word in "".join(client.get(address).content.decode().lower() for address in pages)


def test_a_predicate_that_lets_everything_through_is_noticed(client, world, monkeypatch):
    """The control of the whole matrix: with the guard off, the search finds the hidden post."""
    monkeypatch.setattr(WrittenQuerySet, "visible_to", lambda posts, viewer: posts)
    told = client.get(world.posts["hidden"].get_absolute_url(), follow=True).content.decode()
    assert {"qxhiddentitle", "qxhiddenbody", "qxhiddenanswer"} <= world.leaks(told, to="anonymous")


def anonymised(answer, pk: int) -> str:
    text = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[\w]+', r"\1", answer.content.decode())
    # Only in addresses: a small number stands in many a drawing, too.
    return re.sub(rf"(?<=[/=F]){pk}(?=[/%&\"])", "N", text)


UNSEEN = ("hidden", "team", "segment", "oneway", "onewayother", "group")  # one of each way to be out of sight


@pytest.mark.parametrize("kind", ["anonymous", "member", "other", "author"])
def test_what_one_may_not_see_is_answered_like_what_was_never_there(client, world, kind):
    if world.people[kind]:
        client.force_login(world.people[kind])
    unseen = [
        p for name, p in world.posts.items() if kind not in world.secrets.get(f"qx{name}title", {kind}) and name in UNSEEN
    ]
    assert len(unseen) >= 3
    for route in OF_A_POST:
        absent = client.get(filled(route, post_id=99999999, pk=99999999, slug="x"))
        for post in unseen:
            answer = client.get(filled(route, post_id=post.pk, pk=post.pk, slug="x"))
            assert (answer.status_code, anonymised(answer, post.pk)) == (absent.status_code, anonymised(absent, 99999999)), (
                route
            )
            assert answer.status_code == 404 or route in GET_SHOWS_NO_POST or "login" in answer.get("Location", "")


@pytest.mark.parametrize("kind", KINDS)
def test_a_tag_on_nothing_one_may_see_is_unknown(client, world, kind):
    if world.people[kind]:
        client.force_login(world.people[kind])
    tags = [word for word in world.secrets if word.endswith("tag")]
    assert len(tags) >= 5
    for tag in tags:
        known = client.get(f"/tags/{tag}/").status_code == 200
        # In a list stand published posts alone: what waits or is hidden has no tag there, not even for those who keep it.
        assert known <= (kind in world.secrets[tag]), tag
        assert client.get(f"/feeds/tags/{tag}.atom").status_code == 404


@pytest.mark.parametrize("kind", ["member", "author"])
def test_acting_on_the_unseen_is_answered_like_acting_on_nothing(client, world, kind):
    client.force_login(world.people[kind])
    typed = {"title": "Another title", "body": "Taken over", "want": "vote", "link": str(world.posts["open"].pk)}
    for route in (route for route in OF_A_POST if route.startswith("posts/") and "slug" not in route):
        absent = client.post(filled(route, post_id=99999999), typed)
        for name in {
            "member": ["hidden", "held", "team", "deleted", "oneway", "segment"],
            "author": ["moved", "team", "onewayother", "group"],
        }[kind]:
            answer = client.post(filled(route, post_id=world.posts[name].pk), typed)
            assert (answer.status_code, answer.status_code in (403, 404, 405)) == (absent.status_code, True), (route, name)


def test_mails_of_news_tell_no_secret_that_became_one_meanwhile(world):
    send_batch(kind=KIND, at=timezone.now() + timedelta(minutes=10), size=500)
    kinds = {person.email: kind for kind, person in world.people.items() if person}
    found = {kinds[letter.to[0]]: world.leaks(str(letter.message()) + letter.subject + text_of(letter) + html_of(letter), to=kinds[letter.to[0]])
             for letter in mail.outbox if letter.to[0] in kinds}  # fmt: skip
    assert found and not any(found.values()), found


def test_the_digest_tells_no_secret_in_any_section(world):
    week = "{}-W{:02d}".format(*(timezone.now() - timedelta(hours=1)).isocalendar()[:2])
    kinds = {person: kind for kind, person in world.people.items() if person}
    letters = dict(draft_digests(members=kinds, week_name=week))
    assert not any(isinstance(letter, str) for letter in letters.values())
    told = {kinds[reader]: letter.subject + text_of(letter) + html_of(letter) for reader, letter in letters.items()}
    assert not any(world.leaks(words, to=kind) for kind, words in told.items())


def test_a_suggestion_is_not_merged_where_its_readers_could_not_follow(world, monkeypatch):
    staff = world.people["staff"]
    open_one, team = (make_suggestion(board=world.posts[name].board, author=staff) for name in ("open", "team"))
    with pytest.raises(Exception, match="Not everyone"):
        merge_suggestions(duplicate=open_one, into=team, by=staff, at=timezone.now())
    monkeypatch.setattr("feedback.merges.shows_to_all_of", lambda *_boards: True)
    assert merge_suggestions(duplicate=open_one, into=team, by=staff, at=timezone.now())
    assert not boards.shows_to_all_of(team.post.board, open_one.post.board)


@pytest.mark.parametrize("see", Audience)
def test_what_is_adopted_from_a_closed_board_is_not_announced_to_everybody(staff, see):
    wish = make_suggestion("A wish of its own", author=staff)
    Board.objects.filter(pk=wish.post.board_id).update(see=see)
    item = adopt_suggestion(suggestion=wish, by=staff, at=timezone.now())
    assert item.is_public is (see == Audience.ANYONE)
