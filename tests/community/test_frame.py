"""The frame around every page, and the pages for when something goes wrong."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from community.pending import REGISTER, Kind, carry_out_acts, draft_of, drop_draft, keep_act, keep_draft
from community.refusals import Invalid, TooMany
from community.views.pages import next_of
from community.views.refused import answer_refusal
from tests.factories import NOW, make_member, make_staff

pytestmark = pytest.mark.django_db


def ask(path: str = "/", **more):
    request = RequestFactory().get(path, **more)
    request.session, request.htmx = {}, False
    return request


def test_a_visitors_language_comes_from_their_browser(client):
    assert 'lang="zh-hans"' in client.get("/", headers={"Accept-Language": "zh-CN,zh;q=0.9"}).content.decode()
    assert 'lang="zh-hant"' in client.get("/", headers={"Accept-Language": "zh-TW"}).content.decode()
    assert 'lang="en"' in client.get("/", headers={"Accept-Language": "tlh"}).content.decode()


def test_the_menu_marks_where_one_is(client):
    for address, word in (("/suggestions/", "Suggestions"), ("/community/", "Community"), ("/roadmap/", "Roadmap")):
        page = client.get(address).content.decode()
        marked = page.split('aria-current="page"')[1]
        assert page.count('aria-current="page"') == 1 and word in marked[:400]


def test_the_menu_names_only_what_is_there(client):
    page = client.get("/").content.decode()
    for later in ("/surveys/", "/leaderboard/", "/perks/", "/insight/"):
        assert later not in page
        assert client.get(later).status_code == 404


def test_staff_find_their_desk_and_members_do_not(client):
    client.force_login(make_staff())
    assert 'href="/admin/"' in client.get("/search/").content.decode()
    client.force_login(make_member())
    assert 'href="/admin/"' not in client.get("/search/").content.decode()


def test_signing_in_leads_back_to_where_one_was(client):
    assert 'href="/accounts/login/?next=/suggestions/%3Fsort%3Dtop"' in client.get("/suggestions/?sort=top").content.decode()


def test_the_page_for_our_own_faults_needs_nothing():
    page = render_to_string("500.html")
    assert "Something broke on our side" in page and "{%" not in page


def test_every_error_page_offers_a_next_step(client):
    for template in ("403.html", "403_csrf.html", "404.html", "500.html"):
        page = render_to_string(template, {}, request=ask())
        assert 'class="btn' in page or "<form" in page


def test_too_fast_says_when_to_try_again():
    answer = answer_refusal(ask(), TooMany("You can post again in 40 seconds.", retry_after=40))
    assert (answer.status_code, answer["Retry-After"]) == (429, "40")
    assert "You can post again in 40 seconds." in answer.content.decode()


def test_what_only_takes_a_button_says_so_when_it_is_opened(client):
    answer = client.get("/me/read/")
    page = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "<h1" in page and "only takes what a button sends" in page and 'href="/suggestions/"' in page
    assert not client.post("/suggestions/").content


def test_each_field_that_does_not_fit_is_told_in_chinese_as_well():
    refusal = Invalid("有两处不对。", fields={"title": "请写一个标题。", "kind": "required"})
    page = answer_refusal(ask(), refusal).content.decode()
    assert "请写一个标题。" in page and "required" not in page


def test_a_refusal_for_htmx_goes_among_the_toasts():
    request = ask()
    request.htmx = True
    answer = answer_refusal(request, Invalid("It does not fit."))
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#toasts", "beforeend")
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize(
    ("wish", "goal"),
    [
        ("/suggestions/", "/suggestions/"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("\\\\evil", "/"),
    ],
)
def test_forms_lead_on_inside_the_site_only(wish, goal):
    assert next_of(ask("/", data={"next": wish}), "/") == goal


@pytest.fixture
def odd_kind():
    """A kind of act that does what the test says."""
    kept = dict(REGISTER)

    def register(perform):
        REGISTER["odd"] = Kind(perform, lambda data: f"Kept: {data['words']}", lambda _data: "/mend/")

    yield register
    REGISTER.clear()
    REGISTER.update(kept)


def test_a_refused_act_waits_as_a_draft_where_it_can_be_mended(odd_kind, rf):
    from django.contrib.messages.storage.cookie import CookieStorage
    from django.db import DatabaseError

    for fault in (Invalid("Not like this."), DatabaseError("gone away")):
        request = ask()
        request._messages = CookieStorage(request)

        def fail(_member, _data, _at, fault=fault):
            raise fault

        odd_kind(fail)
        keep_act(request, "odd", {"words": "All of them"}, at=NOW)
        assert carry_out_acts(request, make_member(), at=NOW) == "/mend/"
        assert draft_of(request, "odd") == {"words": "All of them"}
        assert "pending_acts" not in request.session


def test_an_act_of_a_kind_that_is_gone_is_passed_over():
    request = ask()
    request.session["pending_acts"] = [{"kind": "of-last-year", "data": {}, "at": NOW.isoformat()}]
    assert carry_out_acts(request, make_member(), at=NOW) == ""


def test_drafts_of_different_forms_do_not_mix():
    request = ask()
    keep_draft(request, "post", {"title": "One"})
    keep_draft(request, "comment", {"body": "Two"})
    drop_draft(request, "post")
    assert draft_of(request, "post") == {} and draft_of(request, "comment") == {"body": "Two"}
