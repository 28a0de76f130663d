"""In the admin: meetups are arranged, moved and cancelled, and claims are looked into."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.accounts.claims import claim_profile
from community.meetups.hiding import hide_meetup
from community.models import Claim, Meetup, Post
from tests.community.test_meetups import make_meetup
from tests.factories import make_board, make_member, make_post
from tests.feedback.desks import at_the_desk, desk, queries_of, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(client, staff):
    return at_the_desk(client, staff)


@pytest.fixture
def claim():
    profile = make_member("maralind", username="maralind", claimed_at=None, source_system="github", source_id="maralind")
    return claim_profile(member=make_member("Mara"), profile=profile, at=timezone.now(), words="Ask Ines")


def typed(board, host, **changed):
    """The form as a browser sends it."""
    starts = timezone.now() + timedelta(days=3)
    told = {
        "title": "An evening in Leipzig", "slug": "leipzig", "kind": "meetup", "about": "We meet.", "host": host.pk, "board": board.pk,
        "published": "on", "starts_at_0": f"{starts:%Y-%m-%d}", "starts_at_1": "18:00", "ends_at_0": f"{starts:%Y-%m-%d}",
        "ends_at_1": "20:00", "time_zone": "Europe/Berlin", "city": "Leipzig", "address": "", "link": "", "capacity": "12",
        "recap": "", "cancelled_why": "",
    }  # fmt: skip
    return told | changed


def test_staff_arrange_a_meetup_and_a_code_is_made_for_it(colleague, staff, board):
    answer = colleague.post(desk("community_meetup_add"), typed(board, staff))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    meetup = Meetup.objects.get()
    assert (meetup.city, meetup.capacity, len(meetup.code)) == ("Leipzig", 12, 6)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"ends_at_1": "17:00"}, "It ends after it begins"),
        ({"city": ""}, "Please say where it is"),
        ({"capacity": "0"}, "At least one place"),
        ({"time_zone": "Mars/Base"}, "Please choose a time zone"),
    ],
)
def test_what_does_not_fit_is_said_in_the_form_and_nothing_is_kept(colleague, staff, board, wrong, told):
    answer = colleague.post(desk("community_meetup_add"), typed(board, staff, **wrong))
    assert answer.status_code == 200 and told in answer.content.decode()
    assert not Meetup.objects.exists()


def test_a_reason_in_the_last_field_cancels_it(colleague, staff, board):
    meetup = make_meetup(at=timezone.now(), board=board, host=staff, by=staff)
    sent = typed(board, staff, title=meetup.title, slug=meetup.slug, cancelled_why="The hall burned.")
    assert colleague.post(desk("community_meetup_change", meetup.pk), sent).status_code == 302
    meetup.refresh_from_db()
    assert meetup.cancelled_at is not None and meetup.cancelled_why == "The hall burned."


def test_a_cancelled_meetup_is_not_arranged_any_more(colleague, staff, board):
    meetup = make_meetup(at=timezone.now(), board=board, host=staff, by=staff)
    Meetup.objects.update(cancelled_at=timezone.now(), cancelled_why="Rain")
    sent = typed(board, staff, slug=meetup.slug, title="Again", cancelled_why="Rain")
    answer = colleague.post(desk("community_meetup_change", meetup.pk), sent)
    assert "cancelled" in answer.content.decode() and Meetup.objects.get().title != "Again"


def test_the_list_says_how_each_one_stands_at_one_price(colleague, staff, board):
    for _number in range(2):
        make_meetup(at=timezone.now(), board=board, by=staff)
    few = queries_of(colleague, desk("community_meetup_changelist"))
    for _number in range(18):
        make_meetup(at=timezone.now(), board=board, by=staff)
    assert queries_of(colleague, desk("community_meetup_changelist")) == few
    shown = colleague.get(desk("community_meetup_changelist")).content.decode()
    assert "Coming" in shown and "Door" in shown


def test_a_claim_is_accepted_from_the_list(colleague, claim):
    post = make_post(author=claim.profile)
    sent = {"action": "accept", "_selected_action": [claim.pk]}
    answer = colleague.post(desk("community_claim_changelist"), sent, follow=True)
    assert "1 claim is accepted" in said(answer) and Post.objects.get(pk=post.pk).author == claim.member


def test_accepting_twice_says_that_it_was_decided(colleague, claim):
    sent = {"action": "accept", "_selected_action": [claim.pk]}
    colleague.post(desk("community_claim_changelist"), sent)
    answer = colleague.post(desk("community_claim_changelist"), sent, follow=True)
    assert "already" in said(answer)


def test_a_reason_declines_a_claim(colleague, claim):
    answer = colleague.post(desk("community_claim_change", claim.pk), {"reason": "The mail there is another."}, follow=True)
    claim.refresh_from_db()
    assert claim.state == Claim.State.DECLINED and "declined" in said(answer)


def test_saving_without_a_reason_decides_nothing(colleague, claim):
    colleague.post(desk("community_claim_change", claim.pk), {"reason": " "})
    claim.refresh_from_db()
    assert claim.state == Claim.State.OPEN


def test_the_list_names_what_a_moderator_has_hidden(colleague, staff, board):
    meetup = make_meetup("Kept aside", by=staff, board=board)
    hide_meetup(meetup=meetup, by=staff, at=timezone.now())
    shown = colleague.get(desk("community_meetup_changelist")).content.decode()
    assert "Kept aside" in shown and "Hidden" in shown


@pytest.mark.parametrize("page", ["community_claim_changelist", "community_meetup_changelist", "community_meetup_add"])
def test_fans_and_moderators_do_not_come_here(client, moderator, page):
    at_the_desk(client, moderator)
    assert client.get(desk(page)).status_code == 403
    make_board()
