"""What pages have in common: whose cache they may lie in, where presses lead, and the small answers beside them."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings as site
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from hypothesis import given
from hypothesis import strategies as st
from rest_framework import exceptions

from community.api_problems import TYPE, problem_response
from community.api_shapes import PostShape
from community.lists import Wanted, posts_for
from community.models import Audience, MemberDay, Poll, PollKind
from community.pictures.attachments import tame
from community.polls.reading import rank_in
from community.read_marks import note_read
from community.refusals import Conflict, Invalid, NotAllowed, Refused, TooMany
from community.rendering import pictures_in
from community.views.home import since_last_visit
from community.views.lists import chips_of, tabs_of
from community.views.pages import ask_first, for_everybody, go, next_of, sign_in_first, sign_in_for
from community.views.picture_fields import take_pictures
from community.views.places import may_post_in, rights_of
from community.views.polls import typed_choices
from community.views.posts import may_comment
from community.writing.drafts import MOST_FIELDS, NOT_KEPT, typed_in
from tests.factories import NOW, make_board, make_comment, make_post, make_team_board

PERSONAL = ("messages", site.SESSION_COOKIE_NAME, site.CSRF_COOKIE_NAME)
ROWS = [("", 200, "public"), ("theme", 200, "public"), ("", 404, ""), *((cookie, 200, "private") for cookie in PERSONAL)]


@pytest.fixture
def asked(rf):
    """A request of a visitor, as the middlewares leave it."""

    def make(method="get", path="/suggestions/?tag=alarm", data=None, *, htmx=False, **cookies):
        request = getattr(rf, method)(path, data or {})
        request.COOKIES |= cookies
        request.user, request.session, request.htmx = AnonymousUser(), {}, htmx
        return request

    return make


@pytest.mark.parametrize(("cookie", "status", "whose"), ROWS)
def test_only_a_page_without_anybodys_cookies_may_be_kept_by_others(asked, cookie, status, whose):
    request = asked(**({cookie: "x"} if cookie else {}))
    answer = for_everybody(lambda _request: HttpResponse(status=status))(request)
    kept = answer.get("Cache-Control", "")
    assert [word for word in ("public", "private") if word in kept] == [whose] * bool(whose)
    assert {"Cookie", "Accept-Language", "HX-Request"} <= set(answer["Vary"].split(", "))


def test_a_page_that_sets_a_cookie_is_one_persons(asked):
    def view(_request):
        response = HttpResponse()
        response.set_cookie("theme", "dark")
        return response

    assert "private" in for_everybody(view)(asked())["Cache-Control"]


@pytest.mark.parametrize("htmx", [True, False])
def test_a_press_leads_on_by_htmx_or_by_itself(asked, htmx):
    answer = go(asked(htmx=htmx), "/posts/1/")
    assert (answer.status_code, answer.get("HX-Redirect"), answer.get("Location")) == (
        (204, "/posts/1/", None) if htmx else (302, None, "/posts/1/")
    )


@pytest.mark.parametrize(
    ("wish", "goal"),
    [("/posts/?q=a", "/posts/?q=a"), ("", "/"), ("//evil.example", "/"), ("https://evil.example/", "/"), ("\\\\evil.example", "/"),
     ("http://testserver/x", "http://testserver/x"), ("javascript:alert(1)", "/")],
)  # fmt: skip
def test_no_press_leads_off_the_site(asked, wish, goal):
    assert next_of(asked("post", data={"next": wish}), "/") == goal


def test_signing_in_leads_back_to_the_very_page(asked):
    assert sign_in_for(asked())["Location"] == "/accounts/login/?next=%2Fsuggestions%2F%3Ftag%3Dalarm"


def test_an_address_that_was_typed_is_carried_on_to_the_code(asked):
    request = asked("post", "/posts/1/follow/", {"email": "nora@example.org"})
    answer = sign_in_first(request, "follow", {"post": 1})
    assert (answer.status_code, answer["Location"]) == (307, "/accounts/login/code/")
    assert request.session["pending_acts"][0]["data"] == {"post": 1}


def test_without_one_the_sign_in_asks_for_it(asked):
    assert sign_in_first(asked("post", "/posts/1/follow/"), "follow", {"post": 1})["Location"] == "/accounts/login/"


@pytest.mark.django_db
def test_a_page_with_one_button_lies_in_no_cache_and_says_what_it_does(asked):
    answer = ask_first(asked(), heading="Follow <it>", sentence="You hear.", button="Follow", fields={"want": '"><x'})
    shown = answer.content.decode()
    assert "no-store" in answer["Cache-Control"] and "Follow &lt;it&gt;" in shown and "&quot;&gt;&lt;x" in shown


def test_each_filter_that_is_on_is_a_chip_but_those_the_page_is_about(db):
    wanted = Wanted(words="alarm", kind="question", tag="torch", status="planned", author="nobody-here", board="battery")
    assert [(chip.key, chip.label) for chip in chips_of(wanted)] == [
        ("q", "“alarm”"), ("kind", "Questions"), ("board", "battery"), ("tag", "# torch"), ("status", "planned"),
        ("author", "nobody-here"),
    ]  # fmt: skip
    assert [chip.key for chip in chips_of(wanted, fixed=("board", "kind", "q"))] == ["tag", "status", "author"]
    assert chips_of(Wanted()) == []


@pytest.mark.django_db
def test_kinds_without_posts_have_no_tab(author, board):
    for kind in ("question", "question", "story"):
        make_post(author=author, board=board, kind=kind)
    tabs, total = tabs_of(posts_for(None, Wanted()))
    assert ([(kind, count) for kind, _name, count in tabs], total) == ([("question", 2), ("story", 1)], 3)


@pytest.mark.parametrize("audience", Audience.values)
def test_a_visitor_is_offered_what_any_member_could_do(db, audience):
    board = make_board(post=audience, comment=audience)
    offered = audience in (Audience.ANYONE, Audience.MEMBERS)
    assert may_post_in(AnonymousUser(), board) is may_comment(None, make_post_in(board)) is offered


def make_post_in(board):
    return SimpleNamespace(board=board, board_id=board.pk)


def test_a_member_is_offered_what_the_board_gives_them(voter, staff):
    board = make_team_board()
    assert not may_post_in(voter, board) and may_post_in(staff, board)
    assert not may_comment(voter, make_post_in(board)) and may_comment(staff, make_post_in(board))


def test_an_open_board_says_so_in_one_sentence_and_a_one_way_board_says_what_one_sees(db):
    assert rights_of(make_board()) == ["Everybody may read, post, comment and vote; you sign in on the way."]
    assert rights_of(make_board(one_way=True))[-1].startswith("You see your own posts here")
    assert len(rights_of(make_team_board())) >= 1


@pytest.fixture
def away(voter):
    """Tom was here three days ago, and is back now."""
    MemberDay.objects.create(member=voter, day=(NOW - timedelta(days=3)).date())
    return voter


def test_whoever_comes_back_hears_what_was_posted_and_said_meanwhile(away, author, board, hours):
    talk = make_post(author=author, board=board, at=NOW - hours(24 * 30))
    note_read(member=away, post=talk, at=NOW - hours(24 * 29))
    make_comment(talk, at=NOW - hours(5))
    make_post(author=author, board=board, kind="question", at=NOW - hours(5))
    found = since_last_visit(away, at=NOW)
    assert [row.post_id for row in found.threads] == [talk.pk] and [(kind, count) for kind, _n, count in found.kinds] == [
        ("question", 1)
    ]


@pytest.mark.parametrize("days", [1, 400])
def test_ones_own_words_and_what_is_older_than_the_last_visit_are_no_news(away, author, board, hours, days):
    make_post(author=away, board=board, at=NOW - hours(2))
    make_post(author=author, board=board, at=NOW - hours(24 * 4))
    MemberDay.objects.filter(member=away).update(day=(NOW - timedelta(days=days)).date())
    found = since_last_visit(away, at=NOW)
    assert found is None if days == 1 else found.at == NOW - timedelta(days=60)


def test_on_the_first_day_nothing_is_new(voter, author, board):
    make_post(author=author, board=board, at=NOW)
    assert since_last_visit(voter, at=NOW) is None


def choices(query, kind=PollKind.MULTIPLE):
    return typed_choices(QueryDict(query), Poll(kind=kind))


def test_a_ballot_is_read_from_ticks_from_places_or_from_a_ready_list():
    assert choices("choice=3&choice=7&rank-3=1") == [3, 7]
    assert choices("rank-3=2&rank-7=1&rank-9=", PollKind.RANKED) == [7, 3]
    assert choices("choices=7,3,") == [7, 3] == choices("choices=7,3", PollKind.RANKED)


def test_two_options_with_one_place_are_told():
    with pytest.raises(Invalid, match="same place"):
        choices("rank-3=1&rank-7=1", PollKind.RANKED)


@given(st.text(max_size=30), st.sampled_from(["choice", "choices", "rank-1", "rank-x"]), st.sampled_from(PollKind.values))
def test_whatever_is_sent_as_a_ballot_becomes_numbers_or_is_refused(value, name, kind):
    sent = QueryDict(mutable=True)
    sent[name] = value
    assert all(isinstance(one, int) and 0 <= one < 10**18 for one in typed_choices(sent, Poll(kind=kind)))


@given(st.lists(st.integers(1, 9), unique=True, max_size=6), st.integers(1, 9))
def test_a_rank_is_the_place_on_the_ballot(ballot, option):
    assert rank_in(ballot, option) == (ballot.index(option) + 1 if option in ballot else 0)


@given(st.dictionaries(st.sampled_from([*NOT_KEPT, "title", "body", *map(str, range(40))]), st.text(max_size=5), max_size=50))
def test_a_draft_keeps_what_belongs_to_the_text_within_bounds(form):
    kept = typed_in(form)
    assert not set(kept) & NOT_KEPT and len(kept) <= MOST_FIELDS
    assert all("\x00" not in value and value == form[name].replace("\x00", "") for name, value in kept.items())


PICTURE = "Look: ![old words](/pictures/7/) and ![](/pictures/8/)."


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        ({"alt-7": "A page"}, "Look: ![A page](/pictures/7/) and ![](/pictures/8/)."),
        ({"alt-9": "Elsewhere"}, PICTURE),
        ({"drop": "7"}, "Look: and ![](/pictures/8/)."),
        ({"alt-7": "x", "decorative": "7"}, "Look: ![](/pictures/7/) and ![](/pictures/8/)."),
        ({}, PICTURE),
    ],
)
def test_words_beside_a_picture_go_into_the_text_and_an_unwanted_one_out_of_it(asked, typed, body):
    taken = take_pictures(asked("post", "/posts/new/", {"body": PICTURE, "title": "Kept"} | typed))
    assert taken["body"] == body and taken["title"] == "Kept"
    assert set(taken) <= {"body", "title", "pictures_again"} and ("pictures_again" in taken) == ("drop" in typed)


@given(st.text(max_size=40))
def test_no_words_beside_a_picture_break_out_of_it(words):
    assert pictures_in(f"![{tame(words)}](/pictures/7/)").keys() == {7}


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Refused("No."), 400, "refused"), (NotAllowed("No.", code="level"), 403, "level"), (Conflict("No."), 409, "conflict"),
        (Invalid("No.", fields={"title": "short"}), 422, "invalid"), (TooMany("No.", retry_after=7), 429, "too-many"),
        (Http404(), 404, "not-found"), (PermissionDenied(), 403, "not-allowed"), (exceptions.NotAuthenticated(), 401, "not-authenticated"),
        (exceptions.ValidationError({"title": ["x"]}), 422, "invalid"), (exceptions.Throttled(wait=9.5), 429, "too-many"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method-not-allowed"), (exceptions.ParseError(), 400, "parse-error"),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_every_fault_of_the_api_is_a_problem_with_a_status_a_code_and_a_sentence(db, fault, status, code):
    answer = problem_response(fault, {})
    assert answer.status_code == answer.data["status"] == status and answer.content_type == TYPE
    assert answer.data["code"] == code and answer.data["type"] == f"urn:sprout:problem:{code}" and answer.data["title"]
    assert ("Retry-After" in answer.headers) == (status == 429) and ("errors" in answer.data) == (status == 422)


def test_what_nobody_knows_is_left_to_the_server(db):
    assert problem_response(ZeroDivisionError(), {}) is None


@given(st.integers(0, 1_000_000))
def test_a_score_is_told_with_one_decimal_and_never_rounded_up(score):
    told = PostShape().get_score(SimpleNamespace(score=score))
    assert 0 <= score - round(float(told) * 10_000) < 1_000 and told[-2] == "."
