"""Circles on the pages: for visitors, for members, for who looks after one, and for those who keep order."""

import pytest
from django.utils import timezone

from community.circles.closing import close_circle
from community.deliveries import drain
from community.models import Circle, CircleMember, Decision, Notice, Report
from community.posts import write_post
from tests.community.circling import as_it_is, come, make_circle, make_open_circle, three_open_it  # noqa: F401
from tests.community.test_meetups import make_meetup
from tests.factories import make_member, make_moderator, make_newcomer, make_staff
from tests.feedback.desks import at_the_desk, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("three_open_it")]
HTMX = {"HX-Request": "true"}
TYPED = {"name": "Leipzig", "kind": "city", "about": "Whoever lives here."}


@pytest.fixture
def mara(client):
    member = make_member("Mara Lindqvist", username="mara")
    client.force_login(member)
    return member


def shown(client, address: str, **more) -> str:
    answer = client.get(address, **more)
    assert answer.status_code == 200, address
    return answer.content.decode()


# ---- The list ----


def test_an_empty_list_says_how_one_begins(client, db):
    page = shown(client, "/circles/")
    assert "No circle yet" in page and "/circles/new/" in page


def test_the_list_has_open_ones_by_kind_then_those_that_look_for_people(client):
    make_open_circle("Photographers", kind="skill"), make_open_circle("Leipzig", kind="city")
    make_circle("Shanghai"), come(make_circle("Kraków", keeps=False), make_member())
    page = shown(client, "/circles/")
    places = [page.index(word) for word in ("Leipzig", "Photographers", "Kraków", "Shanghai")]
    assert places == sorted(places)
    assert "2 of 3, and no steward yet" in page and "1 of 3, and a steward" in page and "Yours" not in page


def test_the_livelier_of_a_kind_stands_first(client):
    quiet, lively = make_open_circle("Quiet place"), make_open_circle("Lively place")
    Circle.objects.filter(pk=lively.pk).update(opened_at=quiet.opened_at.replace(year=2020))
    write_post(author=make_member(), board=lively.board, kind="discussion", title="Good morning", body="Hi", at=timezone.now())
    page = shown(client, "/circles/")
    assert page.index("Lively place") < page.index("Quiet place") and "Last word:" in page


def test_ones_own_stand_on_top(client, mara):
    come(make_open_circle("Leipzig"), mara)
    page = shown(client, "/circles/")
    assert "Yours" in page and "You are in it" in page and page.count("Whoever lives here.") == 1


def test_an_open_circle_without_a_steward_says_so(client):
    circle = make_open_circle()
    Circle.objects.filter(pk=circle.pk).update(steward=None)
    assert "Looks for a steward" in shown(client, "/circles/")


@pytest.mark.parametrize("page", ["/circles/", "/community/", "/members/mara/", "/circles/{slug}/"])
def test_twenty_circles_cost_what_two_cost(client, mara, page):
    def grow(count):
        for _circle in range(count):
            come(make_open_circle(), mara)
            make_circle()

    def ask() -> int:
        return queries_of(client, page.format(slug=Circle.objects.open().last().slug))

    grow(2), ask()
    few = ask()
    grow(18)
    assert ask() == few


def test_many_people_cost_what_few_cost(client, mara):
    circle = make_open_circle()
    write_post(author=mara, board=circle.board, kind="discussion", title="Good morning", body="Hi", at=timezone.now())
    address = circle.get_absolute_url()
    queries_of(client, address)
    few = queries_of(client, address)
    come(circle, *[make_member() for _person in range(18)])
    for number in range(4):
        write_post(
            author=make_member(), board=circle.board, kind="discussion", title=f"Good evening {number}", body="Hi",
            at=timezone.now(),
        )  # fmt: skip
    assert queries_of(client, address) == few and "and 9 more" in shown(client, address)


# ---- One circle ----


def test_a_proposal_shows_how_far_it_has_come_and_who_is_behind_it(client):
    circle = come(make_circle("Leipzig", by=make_member("Otto Brandt")), make_member("Ruth Adler"))
    page = shown(client, circle.get_absolute_url())
    assert "2 of 3, and a steward" in page and "It takes one more member" in page
    assert page.index("Otto Brandt") < page.index("Ruth Adler") and "Steward:" in page


def test_enough_people_without_a_steward_are_told_what_is_missing(client):
    circle = come(make_circle(keeps=False), make_member(), make_member())
    assert "You are enough. It opens the moment somebody looks after it." in shown(client, circle.get_absolute_url())


def test_an_open_one_shows_what_is_said_there_and_its_next_meetups(client):
    circle = make_open_circle("Leipzig")
    write_post(
        author=make_member(), board=circle.board, kind="discussion", title="Who is up for soup?", body="Now", at=timezone.now()
    )
    make_meetup("Soup at the river", board=circle.board, at=timezone.now())
    page = shown(client, circle.get_absolute_url())
    assert "Who is up for soup?" in page and "Soup at the river" in page and "/boards/circle-leipzig/" in page


def test_it_tells_search_engines_what_it_is_once_it_is_open(client):
    circle = make_open_circle("Leipzig", about="Whoever lives by the river.")
    page = shown(client, circle.get_absolute_url())
    assert '<meta name="description" content="Whoever lives by the river.">' in page and "noindex" not in page
    assert "noindex" in shown(client, make_circle().get_absolute_url())


def test_the_map_leads_to_open_ones_alone(client):
    opened, proposed = make_open_circle(), make_circle()
    listed = shown(client, "/sitemaps/circles-0.xml")
    assert opened.get_absolute_url() in listed and "/circles/</loc>" in listed
    assert proposed.get_absolute_url() not in listed


def test_its_words_say_which_language_they_are_in(client):
    circle = make_circle("上海", about="住在上海的，家在上海的，还有常来的。")
    assert '<h1 lang="zh-Hans">上海</h1>' in shown(client, circle.get_absolute_url())
    assert 'lang="zh-Hans">住在上海的' in shown(client, "/circles/")


def test_texts_of_members_are_escaped(client):
    page = shown(client, make_circle("A <script>alert(1)</script>", about="<b>Bold</b>").get_absolute_url())
    assert "<script>alert(1)" not in page and "<b>Bold" not in page


# ---- Coming and going ----


def test_a_visitor_finds_a_button_and_no_token(client):
    page = shown(client, make_circle().get_absolute_url())
    assert "/join/" in page and "csrf" not in page.lower()


def test_a_visitor_joins_before_signing_in(client):
    circle = make_circle("Leipzig")
    assert "You can leave whenever you like" in shown(client, f"{circle.get_absolute_url()}join/")
    answer = client.post(f"{circle.get_absolute_url()}join/", follow=True)
    assert "You would like to be in “Leipzig”." in answer.content.decode()
    assert circle.memberships.count() == 1


def test_what_a_visitor_wished_happens_once_they_are_in(client, code_in_mail):
    circle = make_circle("Leipzig")
    client.post(f"{circle.get_absolute_url()}join/")
    client.post("/accounts/login/code/", {"email": "nora@example.org"})
    answer = client.post("/accounts/login/code/confirm/", {"code": code_in_mail()}, follow=True)
    assert circle.memberships.filter(member__email="nora@example.org").exists()
    assert "You hear of it the moment “Leipzig” opens." in answer.content.decode()


def test_a_circle_that_was_closed_meanwhile_is_said_to_be_gone(client, code_in_mail):
    circle = make_circle("Leipzig")
    client.post(f"{circle.get_absolute_url()}join/")
    close_circle(circle=circle, by=make_staff(), reason="Oh.", at=timezone.now())
    client.post("/accounts/login/code/", {"email": "nora@example.org"})
    client.post("/accounts/login/code/confirm/", {"code": code_in_mail()})
    assert not circle.memberships.filter(member__email="nora@example.org").exists()


def test_a_member_joins_by_one_press(client, mara):
    circle = make_circle("Leipzig")
    answer = client.post(f"{circle.get_absolute_url()}join/", follow=True)
    assert "You hear of it the moment “Leipzig” opens." in answer.content.decode()
    assert circle.memberships.filter(member=mara).exists()


def test_by_htmx_only_ones_place_changes(client, mara):
    circle = make_circle()
    page = client.post(f"{circle.get_absolute_url()}join/", headers=HTMX).content.decode()
    assert page.split("\n", 1)[1].lstrip().startswith('<div id="place"') or page.lstrip().startswith('<div id="place"')
    assert "2 of 3, and a steward" in page and "Leave the circle" in page


def test_the_one_who_opens_it_sees_it_open(client, mara):
    circle = come(make_circle("Leipzig"), make_member())
    answer = client.post(f"{circle.get_absolute_url()}join/", headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, circle.get_absolute_url())
    assert "With you there are enough: “Leipzig” is open." in shown(client, circle.get_absolute_url())


def test_leaving_takes_one_press_and_no_reason(client, mara):
    circle = come(make_open_circle("Leipzig"), mara)
    answer = client.post(f"{circle.get_absolute_url()}leave/", follow=True)
    assert "You have left “Leipzig”" in answer.content.decode() and not circle.memberships.filter(member=mara).exists()


def test_to_look_after_it_and_to_lay_it_down(client, mara):
    circle = come(make_circle(keeps=False), mara)
    assert "You look after" in client.post(f"{circle.get_absolute_url()}offer/", headers=HTMX).content.decode()
    assert as_it_is(circle).steward == mara
    page = client.post(f"{circle.get_absolute_url()}lay-down/", headers=HTMX).content.decode()
    assert "Thank you for having looked after it" in page and as_it_is(circle).steward is None


def test_who_may_not_reads_why(client):
    newcomer = make_newcomer()
    circle = come(make_circle(keeps=False), newcomer)
    client.force_login(newcomer)
    answer = client.post(f"{circle.get_absolute_url()}offer/")
    assert answer.status_code == 403 and "Look around for a day" in answer.content.decode()


@pytest.mark.parametrize("act", ["leave", "offer", "lay-down", "close"])
def test_a_visitor_is_asked_to_sign_in_for_what_is_a_members(client, act):
    answer = client.post(f"{make_circle().get_absolute_url()}{act}/")
    assert answer.status_code == 302 and "/accounts/login/" in answer["Location"]


# ---- Proposing ----


def test_proposing_is_for_members(client, db):
    assert "/accounts/login/" in client.get("/circles/new/")["Location"]


def test_a_circle_is_proposed_by_its_form(client, mara):
    answer = client.post("/circles/new/", TYPED | {"keeps": "on"}, follow=True)
    assert "Your circle is proposed." in answer.content.decode()
    circle = Circle.objects.get()
    assert (circle.name, circle.kind, circle.proposed_by, circle.steward) == ("Leipzig", "city", mara, mara)


def test_one_that_is_there_is_a_link_and_what_was_typed_is_kept(client, mara):
    there = make_circle("Leipzig")
    answer = client.post("/circles/new/", TYPED)
    page = answer.content.decode()
    assert answer.status_code == 422 and f'href="{there.get_absolute_url()}"' in page and "Whoever lives here." in page
    assert "There is “Leipzig” already" in page


def test_a_form_half_filled_says_what_is_missing(client, mara):
    answer = client.post("/circles/new/", {"name": "Leipzig"})
    assert answer.status_code == 422 and not Circle.objects.exists()


def test_the_new_read_when_they_can_propose(client):
    client.force_login(make_newcomer())
    answer = client.post("/circles/new/", TYPED)
    assert answer.status_code == 422 and "from the second day on" in answer.content.decode()


# ---- Elsewhere ----


def test_the_community_leads_to_circles(client):
    make_open_circle("Leipzig"), make_circle("Dresden")
    page = shown(client, "/community/")
    assert "All circles" in page and "/circles/leipzig/" in page and "/circles/dresden/" not in page


def test_a_profile_tells_of_the_open_circles_somebody_is_in(client):
    otto = make_member("Otto", username="otto")
    come(make_open_circle("Leipzig"), otto), make_circle("Dresden", by=otto)
    page = shown(client, "/members/otto/")
    assert "/circles/leipzig/" in page and "/circles/dresden/" not in page


def test_its_board_leads_back_to_it(client):
    circle = make_open_circle("Leipzig")
    assert "The circle “Leipzig”" in shown(client, f"/boards/{circle.board.slug}/")


# ---- Keeping order ----


def test_a_proposal_can_be_reported_and_closed_from_the_queue(client, mara):
    circle = make_circle("Cheap watches")
    assert f"/report/circle/{circle.pk}/" in shown(client, circle.get_absolute_url())
    client.post(f"/report/circle/{circle.pk}/", {"rule": "spam", "words": "Look"})
    client.force_login(make_moderator())
    assert "Cheap watches" in shown(client, "/moderation/")
    client.post(f"/moderation/circle/{circle.pk}/hide/", {"rule": "spam", "words": "This is an advertisement."})
    assert as_it_is(circle).closed_because == "This is an advertisement." and Report.objects.get().decision is not None


def test_nobody_reports_their_own(client, mara):
    assert "/report/" not in shown(client, make_circle(by=mara).get_absolute_url())


def test_closing_on_the_page_is_a_decision_that_is_told_and_can_be_appealed(client):
    circle = make_circle("Leipzig")
    client.force_login(make_moderator())
    assert "Close the circle…" in shown(client, circle.get_absolute_url())
    answer = client.post(f"{circle.get_absolute_url()}close/", {"reason": "An advertisement."}, follow=True)
    assert "is closed. Everybody who was in it reads why." in answer.content.decode()
    assert Decision.objects.get().member == circle.proposed_by
    drain()
    assert Notice.objects.filter(member=circle.proposed_by, kind="care_decision").exists()


def test_closing_takes_a_reason_on_the_page_too(client):
    circle = make_circle()
    client.force_login(make_moderator())
    answer = client.post(f"{circle.get_absolute_url()}close/", {"reason": " "})
    assert answer.status_code == 422 and as_it_is(circle).state == "proposed"


def test_a_circle_whose_proposer_is_gone_is_closed_all_the_same(client):
    circle = make_circle()
    Circle.objects.update(proposed_by=None)
    client.force_login(make_staff())
    client.post(f"{circle.get_absolute_url()}close/", {"reason": "Nobody comes."})
    assert as_it_is(circle).state == "closed" and not Decision.objects.exists()


def test_what_a_moderator_closed_by_mistake_is_shown_again(client):
    circle = make_open_circle()
    client.force_login(make_staff())
    client.post(f"{circle.get_absolute_url()}close/", {"reason": "Oh."})
    client.post(f"/moderation/circle/{circle.pk}/restore/")
    assert as_it_is(circle).state == "open"


def test_others_find_no_way_to_close(client, mara):
    circle = make_circle()
    assert "/close/" not in shown(client, circle.get_absolute_url())
    assert client.post(f"{circle.get_absolute_url()}close/", {"reason": "x"}).status_code == 404


def test_a_closed_one_is_gone_for_others_and_says_why_to_its_own(client, mara):
    circle = come(make_open_circle(), mara)
    close_circle(circle=circle, by=make_staff(), reason="Nobody comes.", at=timezone.now())
    page = shown(client, circle.get_absolute_url())
    assert "Nobody comes." in page and "/join/" not in page and "Write something" not in page
    answer = client.post(f"{circle.get_absolute_url()}leave/", follow=True)
    assert answer.redirect_chain[-1][0] == "/circles/"
    assert client.get(circle.get_absolute_url()).status_code == 404
    assert not CircleMember.objects.filter(member=mara).exists()


# ---- The admin ----


def test_staff_filter_circles_by_where_they_stand(client):
    make_open_circle("Leipzig"), make_circle("Dresden")
    desk = at_the_desk(client, make_staff())
    for state, seen, unseen in (("open", "Leipzig", "Dresden"), ("proposed", "Dresden", "Leipzig")):
        page = desk.get(f"/admin/community/circle/?state={state}").content.decode()
        assert seen in page and unseen not in page
    Circle.objects.filter(name="Leipzig").update(steward=None)
    assert "Leipzig" in desk.get("/admin/community/circle/?state=seeks").content.decode()


def test_staff_find_stewards_who_are_no_moderators_of_the_house_yet(client):
    make_open_circle("Leipzig", by=make_moderator()), make_open_circle("Dresden")
    page = at_the_desk(client, make_staff()).get("/admin/community/circle/?state=alone").content.decode()
    assert "Dresden" in page and "Leipzig" not in page


def test_staff_close_several_with_one_reason(client):
    circles = [make_circle(), make_circle()]
    desk, chosen = at_the_desk(client, make_staff()), {"action": "close", "_selected_action": [one.pk for one in circles]}
    assert "Close 2 circles?" in desk.post("/admin/community/circle/", chosen).content.decode()
    desk.post("/admin/community/circle/", chosen | {"reason": "Moved to the city boards.", "apply": "1"})
    assert {one.closed_because for one in Circle.objects.all()} == {"Moved to the city boards."}


def test_nothing_of_a_circle_is_written_in_the_admin(client):
    circle = make_circle("Leipzig")
    desk = at_the_desk(client, make_staff())
    desk.post(f"/admin/community/circle/{circle.pk}/change/", {"name": "Mine", "opened_at": "2020-01-01", "steward": "1"})
    assert (as_it_is(circle).name, as_it_is(circle).state) == ("Leipzig", "proposed")
