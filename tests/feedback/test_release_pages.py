"""The public releases: the list, one release, and whom it thanks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.models import Audience
from feedback.models import Release
from feedback.releases import draft_release, ship_release
from feedback.roadmap import move_item, plan_item
from feedback.thanks import Thanks, faces_of, thanks_for
from tests.factories import make_board, make_member, make_staff, make_suggestion, make_vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(board, suggestion, staff, now):
    return draft_release(
        product=board.product, version="3.2", title="Quiet mornings", by=staff, at=now,
        notes="The alarm keeps its **voice**.", suggestions=[suggestion],
    )  # fmt: skip


@pytest.fixture
def release(draft, staff, now):
    return ship_release(release=draft, by=staff, at=now)


def test_the_list_names_release_version_and_whom_it_thanks(client, release):
    page = client.get("/releases/").content.decode()
    assert all(words in page for words in ("Quiet mornings", "3.2", "Made with", "Mara Lindqvist"))
    assert release.get_absolute_url() in page


def test_a_draft_is_shown_to_staff_alone(client, draft, staff):
    assert "Quiet mornings" not in client.get("/releases/").content.decode()
    assert client.get(draft.get_absolute_url()).status_code == 404
    client.force_login(staff)
    assert "Draft" in client.get(draft.get_absolute_url()).content.decode()


def test_a_release_shows_notes_wishes_and_who_asked(client, release, suggestion):
    page = client.get(release.get_absolute_url()).content.decode()
    assert "<strong>voice</strong>" in page
    assert suggestion.post.get_absolute_url() in page
    assert "Asked by Mara Lindqvist" in page


def test_a_member_finds_out_that_they_are_in_it(client, release, author, stranger):
    for member, shown in ((author, True), (stranger, False)):
        client.force_login(member)
        assert ("You are in here" in client.get(release.get_absolute_url()).content.decode()) is shown


def test_names_lead_to_their_members_and_are_escaped(client, board, staff, now):
    sly = make_member("<script>alert(1)</script>", username="sly")
    wish = make_suggestion(board=board, author=sly)
    release = draft_release(product=board.product, version="1", title="One", by=staff, at=now, suggestions=[wish])
    ship_release(release=release, by=staff, at=now)
    page = client.get(release.get_absolute_url()).content.decode()
    assert ("<script>alert" in page, "&lt;script&gt;alert" in page, 'href="/members/sly/"' in page) == (False, True, True)


def test_voters_are_thanked_by_number(release, draft, suggestion, staff, now, board):
    wish = make_suggestion(board=board, author=make_member("Petra"))
    for _voter in range(3):
        make_vote(wish)
    second = draft_release(product=board.product, version="3.3", title="Two", by=staff, at=now, suggestions=[wish])
    ship_release(release=second, by=staff, at=now)
    thanks = thanks_for([release, second], viewer=None)
    assert [str(person) for person in thanks[second.pk].people] == ["Petra"]
    assert (thanks[second.pk].others, thanks[release.pk].others) == (3, 0)


@pytest.mark.parametrize(
    ("people", "others", "said"),
    [
        (["Mara"], 0, "Made with Mara."),
        (["Mara", "林小满"], 0, "Made with Mara and 林小满."),
        (["Mara", "林小满", "Petra"], 0, "Made with Mara, 林小满 and Petra."),
        (["Mara", "林小满"], 1, "Made with Mara, 林小满 and 1 other who asked, argued and tested."),
        ([], 7, "Made with 7 people who asked, argued and tested."),
    ],
)
def test_thanks_are_said_as_people_say_them(people, others, said):
    thanks = Thanks([make_member(name) for name in people], others)
    assert thanks.sentence.replace("<b>", "").replace("</b>", "") == said
    assert thanks.everybody == len(people) + others


def test_nobody_to_thank_is_no_sentence():
    assert not Thanks([], 0)


def test_credits_for_what_one_may_not_see_stay_out(client, staff, now):
    closed = make_board(see=Audience.STAFF)
    wish = make_suggestion("Secret wish", board=closed, author=make_staff("Jun Park"))
    release = draft_release(product=closed.product, version="1", title="Inner", by=staff, at=now, suggestions=[wish])
    ship_release(release=release, by=staff, at=now)
    page = client.get(release.get_absolute_url()).content.decode()
    assert ("Secret wish" in page, "Jun Park" in page) == (False, False)
    assert faces_of(release, viewer=None) == []
    client.force_login(staff)
    assert "Secret wish" in client.get(release.get_absolute_url()).content.decode()


def test_what_comes_next_is_of_the_same_product(client, release, board, staff, now):
    for product, title in ((board.product, "Cooler charging"), (make_board().product, "Watch straps")):
        move_item(item=plan_item(product=product, title=title, by=staff, at=now), column="testing", by=staff, at=now)
    page = client.get(release.get_absolute_url()).content.decode()
    assert ("Cooler charging" in page, "Watch straps" in page) == (True, False)


def test_an_empty_list_shows_the_way_to_the_roadmap(client, db):
    page = client.get("/releases/").content.decode()
    assert "Nothing has shipped yet" in page
    assert 'href="/roadmap/"' in page


def test_further_releases_come_by_the_last_one_shown(client, board, staff, now):
    for number in range(21):
        one = draft_release(product=board.product, version=f"1.{number}", title=f"Drop {number}.", by=staff, at=now)
        ship_release(release=one, by=staff, at=now.replace(minute=number))
    first = client.get("/releases/").content.decode()
    assert ("Drop 20." in first, "Drop 0." in first) == (True, False)
    last = Release.objects.shipped()[19]
    rest = client.get(f"/releases/?after={last.pk}", headers={"HX-Request": "true"}).content.decode()
    assert ("Drop 0." in rest, "<html" in rest) == (True, False)


def queries_of(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_twenty_releases_and_wishes_cost_no_more_queries_than_two(client, board, staff, now):
    def grow(count):
        for number in range(count):
            wishes = [make_suggestion(board=board) for _wish in range(count)]
            one = draft_release(
                product=board.product, version=f"{count}.{number}", title="Drop", by=staff, at=now, suggestions=wishes
            )
            ship_release(release=one, by=staff, at=now)
        return one.get_absolute_url()

    few = queries_of(client, grow(2)), queries_of(client, "/releases/")
    assert (queries_of(client, grow(18)), queries_of(client, "/releases/")) == few
    assert max(few) <= 14


def test_the_home_page_shows_what_shipped_last(client, release):
    page = client.get("/").content.decode()
    assert "Just shipped" in page
    assert "Quiet mornings" in page
