"""Staff see what each member was told, and why a mail went out or did not."""

import pytest
from django.utils import timezone

from community.bounces import pause_address
from community.mail_choices import Wish, choose_wishes
from community.models import Activity, Mailing, MailPause, Notice, Pace
from tests.factories import make_member
from tests.feedback.desks import at_the_desk, desk, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk_client(client, staff):
    return at_the_desk(client, staff)


def test_staff_see_how_often_a_mail_is_wanted_and_why_it_did_not_go(desk_client, author, now):
    choose_wishes(member=author, wishes={"comments": Wish(Pace.WEEKLY)}, at=now)
    row = Mailing.objects.create(kind="daily", period="2026-11-19", member=author, message_id="<1@x>", state="skipped",
                                 error="Not wanted any more.", data={"news": [[1, "comments"], [2, "comments"]]})  # fmt: skip
    page = desk_client.get(desk("community_mailing_changelist")).content.decode()
    assert all(words in page for words in ("Once a day", "Comments on posts you follow (2)", "Not wanted any more."))
    assert (
        "Comments on posts you follow: Once a week"
        in desk_client.get(desk("community_mailing_change", row.pk)).content.decode()
    )


def test_staff_see_beside_each_notice_how_it_was_mailed_or_why_not(desk_client, author):
    fact = Activity.objects.create(key="x", verb="post_edited", at=timezone.now())
    Notice.objects.create(member=author, activity=fact, kind="comment_written", list="comments", mailed_as="nobody")
    page = desk_client.get(desk("community_notice_changelist")).content.decode()
    assert "No confirmed address" in page
    assert desk_client.get(desk("community_notice_change", Notice.objects.get().pk)).status_code == 200


def test_an_administrator_wakes_a_refused_address_and_staff_do_not(client, desk_client, admin_member, author, now):
    pause_address(member=author, reason="550 no such user", at=now)
    pressed = {"action": "wake", "_selected_action": [MailPause.objects.get().pk]}
    assert "550 no such user" in desk_client.get(desk("community_mailpause_changelist")).content.decode()
    desk_client.post(desk("community_mailpause_changelist"), pressed)
    assert MailPause.objects.exists()
    at_the_desk(client, admin_member).post(desk("community_mailpause_changelist"), pressed)
    assert not MailPause.objects.exists()


@pytest.mark.parametrize("name", ["notice", "mailpause"])
def test_nobody_makes_these_by_hand(desk_client, name):
    assert desk_client.get(desk(f"community_{name}_add")).status_code == 403


def test_twenty_rows_cost_no_more_queries_than_two(desk_client):
    counts = []
    for more in (2, 18):
        for _ in range(more):
            member = make_member()
            fact = Activity.objects.create(key=f"x{member.pk}", verb="post_edited", at=timezone.now())
            Notice.objects.create(member=member, activity=fact, kind="comment_written")
            Mailing.objects.create(kind="daily", period="2026-11-19", member=member, message_id=f"<{member.pk}@x>")
        counts.append([queries_of(desk_client, desk(f"community_{name}_changelist")) for name in ("notice", "mailing")])
    assert counts[0] == counts[1]
