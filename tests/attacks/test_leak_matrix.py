"""What is out of sight stays so: by every address, for every kind of visitor, in every mail."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from community import boards
from community.digest import draft_digests
from community.mail_threads import KIND
from community.mailings import send_batch
from community.models import Audience, Board, Notice
from community.models.post import WrittenQuerySet
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
    "": [""], "suggestions/": LISTS, "search/": ["?q=Shared", "?q=sharedtag"], "community/": [""], "roadmap/": ["", "?column=planned", "?mine=1"],
    "releases/": [""], "honours/": [""], "me/": [""], "me/settings/": [""], "me/persona/": [""], "me/tokens/": [""], "me/mail/": [""],
    "me/notices/": [""], "me/notices/read/": [""], "me/points/": ["", "?of=honour"], "session/": [""], "settings/look/": [""],
    "posts/new/": ["", "?title=Shared"], "posts/preview/": [""], "posts/similar/": ["?title=Shared wish", "?title=Shared wish&body=Shared"],
    "healthz": [""], "readyz": [""], "metrics": [""], "api/docs/": [""], "api/schema/": [""],
    "api/v1/boards": [""], "api/v1/me": [""], "api/v1/me/points": [""], "api/v1/posts": API, "api/v1/roadmap": ["", "?limit=100"],
    "api/v1/releases": [""], "api/v1/similar": ["?title=Shared wish&limit=10", "?title=Shared wish&board=open"],
}  # fmt: skip
OF_A_POST = [
    "posts/<int:post_id>/", "posts/<int:post_id>/<str:slug>/", "posts/<int:post_id>/edit/", "posts/<int:post_id>/delete/",
    "posts/<int:post_id>/hide/", "posts/<int:post_id>/restore/", "posts/<int:post_id>/follow/", "posts/<int:post_id>/vote/",
    "posts/<int:post_id>/same/", "posts/<int:post_id>/comments/new/", "api/v1/posts/<int:pk>", "api/v1/posts/<int:pk>/comments",
    "api/v1/posts/<int:pk>/score", "api/v1/posts/<int:pk>/vote",
]  # fmt: skip
OF_A_COMMENT = [f"comments/<int:comment_id>/{act}/" for act in ("agree", "delete", "edit", "hide", "restore")]
OF_OTHERS = {
    "members/<str:username>/", "api/v1/members/<str:username>", "releases/<str:slug>/", "me/notices/<int:notice_id>/open/",
    "me/tokens/<int:token_id>/revoke/", "mail/unsubscribe/<str:token>/", "mail/resubscribe/<str:token>/",
}  # fmt: skip
GET_SHOWS_NO_POST = {  # forms, buttons and other things whose GET has nothing of a post
    "posts/<int:post_id>/delete/", "posts/<int:post_id>/hide/", "posts/<int:post_id>/restore/", "api/v1/posts/<int:pk>/vote",
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
        asked += [f"/comments/{pk}/{act}/" for pk in said for act in ("agree", "edit")][
            : 6 if post == world.posts["open"] else 2
        ]
    asked += [filled(route, post_id=post.pk, pk=post.pk, comment_id=1) for route in [*GET_SHOWS_NO_POST, *OF_A_COMMENT]]
    for person in filter(None, world.people.values()):
        asked += [f"/members/{person.username}/", f"/api/v1/members/{person.username}"]
    asked += [release.get_absolute_url() for release in world.places.values()]
    asked += [f"/me/notices/{pk}/open/" for pk in Notice.objects.values_list("pk", flat=True)[:5]]
    return [*asked, "/me/tokens/1/revoke/", "/mail/unsubscribe/made-up/", "/mail/resubscribe/made-up/", "/admin/", "/nowhere/"]


def test_every_address_outside_the_admin_says_how_it_is_asked():
    known = set(PLAIN) | set(OF_A_POST) | set(OF_A_COMMENT) | OF_OTHERS
    ours = {route for route in routes() if not route.startswith(("admin/", "accounts/"))}
    assert ours - known == set(), "Say in this file how these are asked, so that they are searched for secrets."
    assert known - ours == set(), "These are gone."


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_and_no_endpoint_tells_a_secret(client, world, kind):
    if world.people[kind]:
        client.force_login(world.people[kind])
    found = {}
    for address in addresses(world):
        answer = client.get(address, follow=True)
        assert answer.status_code < 500, address
        told = b"".join(answer).decode() + str(answer.headers) + str(answer.redirect_chain)
        if leaks := world.leaks(told, to=kind):
            found[address] = leaks
    assert found == {}


@pytest.mark.parametrize("kind", ["moderator", "staff"])
def test_those_who_may_look_do_find_it(client, world, kind):
    """The control: the words are really there to be found."""
    client.force_login(world.people[kind])
    told = "".join(client.get(post.get_absolute_url(), follow=True).content.decode().lower() for post in world.posts.values())
    seen = {word for word, who in world.secrets.items() if kind in who and word in told}
    parts = {
        f"qx{name}{part}" for name in ("hidden", "held", "members") for part in ("title", "body", "tag", "comment", "answer")
    }
    assert parts | {"qxsaidandhidden", "qxsaidandheld"} <= seen


def test_a_predicate_that_lets_everything_through_is_noticed(client, world, monkeypatch):
    """The control of the whole matrix: with the guard off, the search finds the hidden post."""
    monkeypatch.setattr(WrittenQuerySet, "visible_to", lambda posts, viewer: posts)
    told = client.get(world.posts["hidden"].get_absolute_url(), follow=True).content.decode()
    assert {"qxhiddentitle", "qxhiddenbody", "qxhiddenanswer"} <= world.leaks(told, to="anonymous")


def anonymised(answer, pk: int) -> str:
    text = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[\w]+', r"\1", answer.content.decode())
    # Only in addresses: a small number stands in many a drawing, too.
    return re.sub(rf"(?<=[/=F]){pk}(?=[/%&\"])", "N", text)


@pytest.mark.parametrize("kind", ["anonymous", "member", "other", "author"])
def test_what_one_may_not_see_is_answered_like_what_was_never_there(client, world, kind):
    if world.people[kind]:
        client.force_login(world.people[kind])
    unseen = [p for name, p in world.posts.items() if kind not in world.secrets.get(f"qx{name}title", {kind})]
    assert len(unseen) >= 2
    for route in OF_A_POST:
        absent = client.get(filled(route, post_id=99999999, pk=99999999, slug="x"))
        for post in unseen[:3]:
            answer = client.get(filled(route, post_id=post.pk, pk=post.pk, slug="x"))
            assert (answer.status_code, anonymised(answer, post.pk)) == (absent.status_code, anonymised(absent, 99999999)), (
                route
            )
            assert answer.status_code == 404 or route in GET_SHOWS_NO_POST or "login" in answer.get("Location", "")


@pytest.mark.parametrize("kind", ["member", "author"])
def test_acting_on_the_unseen_is_answered_like_acting_on_nothing(client, world, kind):
    client.force_login(world.people[kind])
    typed = {"title": "Another title", "body": "Taken over", "want": "vote", "link": str(world.posts["open"].pk)}
    for route in (route for route in OF_A_POST if route.startswith("posts/") and "slug" not in route):
        absent = client.post(filled(route, post_id=99999999), typed)
        for name in {"member": ["hidden", "held", "team", "deleted"], "author": ["moved", "team"]}[kind]:
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
