"""What is done in the admin is done by operations: it works, it refuses with a sentence beside the field, and half is never done."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.utils import timezone

from community.admin.mail import MailingAdmin
from community.admin.record import in_words
from community.bounces import pause_address
from community.care.decisions import hide, withhold
from community.care.plans import keep_plan, watch_word
from community.care.targets import told_of_post
from community.groups.entering import apply_to_group
from community.mail_threads import WEEKLY
from community.models import (
    Activity,
    CarePlan,
    Decision,
    Delivery,
    GroupMembership,
    HouseRules,
    Mailing,
    MailPause,
    Post,
    WatchedWord,
)
from feedback.models import RoadmapItem
from tests.community.contesting import announced, make_contest, make_entry
from tests.factories import NOW, make_board, make_comment, make_group, make_member, make_post, make_segment, make_staff
from tests.feedback.desks import at_the_desk, desk, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client, admin_member):
    return at_the_desk(client, admin_member)


@pytest.fixture
def colleague(client, staff):
    return at_the_desk(client, staff)


def press(client, name, action, *rows, **more):
    typed = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return client.post(desk(f"community_{name}_changelist"), typed, follow=True)


def states(*posts) -> list[str]:
    return [Post.objects.get(pk=post.pk).state for post in posts]


def test_of_many_each_is_done_or_named_with_its_refusal(colleague, board):
    shown, hidden = make_post("Still shown", board=board), make_post("Hidden before", board=board)
    hide(target=told_of_post(hidden), by=make_staff(), rule="spam", at=NOW)
    told = said(press(colleague, "post", "hide", shown, hidden))
    assert states(shown, hidden) == ["hidden", "hidden"]
    assert "1 is hidden." in told and "Hidden before: That was done already." in told


def test_hiding_what_waits_declines_it_and_showing_what_waits_lets_it_through(colleague, board):
    posts = [make_post(author=make_member(), board=board) for _ in range(2)]
    for post in posts:
        withhold(target=told_of_post(post), at=NOW)
    for action, post in zip(("hide", "restore"), posts, strict=True):
        press(colleague, "post", action, Post.objects.get(pk=post.pk))
    assert states(*posts) == ["hidden", "visible"]
    assert list(Decision.objects.order_by("pk").values_list("verdict", flat=True))[2:] == ["declined", "released"]


def test_staff_do_not_show_their_own_again_after_a_colleague_hid_it(colleague, staff, board):
    post = make_post("Mine", author=staff, board=board)
    hide(target=told_of_post(post), by=make_staff(), rule="unkind", at=NOW)
    assert "Mine: Nobody decides about themselves." in said(press(colleague, "post", "restore", post))
    assert states(post) == ["hidden"]


def test_nothing_ticked_does_nothing(colleague, board):
    post = make_post(board=board)
    assert press(colleague, "post", "hide").status_code == 200 and states(post) == ["visible"]


def test_a_comment_is_brought_back_with_what_it_counted(colleague, board):
    comment = make_comment(make_post(board=board))
    for action, state in (("hide", "hidden"), ("restore", "visible")):
        press(colleague, "comment", action, comment)
        comment.refresh_from_db()
        assert comment.state == state


@pytest.mark.parametrize(("name", "action"), [("mailpause", "wake"), ("delivery", "retry"), ("segment", "count_anew")])
def test_staff_are_not_offered_what_administrators_do(colleague, name, action):
    """Pressed all the same, by hand, it does nothing."""
    pause_address(member=make_member(), reason="550", at=NOW)
    row = {"mailpause": MailPause.objects.first(), "delivery": Delivery.objects.first(), "segment": make_segment()}[name]
    before = type(row).objects.filter(pk=row.pk).values().get()
    assert f'value="{action}"' not in colleague.get(desk(f"community_{name}_changelist")).content.decode()
    press(colleague, name, action, row)
    assert type(row).objects.filter(pk=row.pk).values().get() == before


def test_segments_are_counted_anew_from_the_list(boss):
    one = make_segment(rule={"trust": 2})
    make_member(trust=2)
    before = one.rebuilt_at
    assert "1 segment is counted anew." in said(press(boss, "segment", "count_anew", one))
    one.refresh_from_db()
    assert one.rebuilt_at > before and one.rows.exists()


def test_a_groups_own_segment_is_changed_by_the_group_alone(boss):
    group = make_group("beta")
    address = desk("community_segment_change", group.segment.pk)
    assert 'name="_save"' not in boss.get(address).content.decode() and boss.post(address, {"name": "Mine"}).status_code == 403


def test_an_announced_contest_stays_as_it_is(boss):
    contest = make_contest(opens=NOW)
    make_entry(contest)
    address = desk("community_contest_change", contest.pk)
    assert 'name="_save"' in boss.get(address).content.decode()
    announced(contest)
    page = boss.get(address).content.decode()
    assert 'name="_save"' not in page and "Craft: 1" in page and boss.post(address, {"title": "Other"}).status_code == 403


def test_declining_applications_asks_for_the_reason_first_and_tells_each(colleague):
    group = make_group()
    rows = [apply_to_group(group=group, member=make_member(), words="Me!", agreed=True, at=NOW) for _ in range(2)]
    asked = press(colleague, "groupmembership", "decline", *rows)
    assert "Decline these applications?" in asked.content.decode()
    assert set(GroupMembership.objects.filter(group=group).values_list("state", flat=True)) == {"applied"}
    press(colleague, "groupmembership", "decline", *rows, reason="The next round is in spring.")
    assert set(GroupMembership.objects.filter(group=group).values_list("state", "reason")) == {
        ("declined", "The next round is in spring.")
    }


def test_accepting_twice_names_who_is_in_already(colleague):
    row = apply_to_group(group=make_group(), member=make_member("Aino"), words="Me!", agreed=True, at=NOW)
    assert "1 is in" in said(press(colleague, "groupmembership", "accept", row))
    assert "1 is in" not in said(press(colleague, "groupmembership", "accept", row))


MEMBER = {"role": "member", "staff_title": "", "is_active": "on", "limited_until_0": "", "limited_until_1": ""}


def judged(boss, author, **changed):
    answer = boss.post(desk("community_member_change", author.pk), MEMBER | changed)
    author.refresh_from_db()
    return answer


def test_a_limit_is_set_and_lifted_in_the_form_and_each_is_a_decision(boss, author):
    end = timezone.now() + timedelta(days=3)
    judged(boss, author, limited_until_0=f"{end:%Y-%m-%d}", limited_until_1="12:00")
    assert author.limited_until.date() == end.date() and author.trust == 0
    judged(boss, author)
    assert author.limited_until is None and author.trust == 2
    assert list(Decision.objects.order_by("pk").values_list("verdict", flat=True)) == ["limited", "lifted"]


def test_a_limit_that_is_over_already_is_refused_beside_nothing_else_done(boss, author):
    answer = judged(boss, author, role="staff", staff_title="Battery", limited_until_0="2020-01-01", limited_until_1="12:00")
    assert answer.status_code == 200 and author.role == "member" and not Decision.objects.exists()
    assert "team are not limited" in answer.content.decode() or "still to come" in answer.content.decode()


def test_whoever_is_barred_may_not_sign_in_and_can_be_let_in_again(boss, author):
    barred = {key: value for key, value in MEMBER.items() if key != "is_active"}
    boss.post(desk("community_member_change", author.pk), barred)
    author.refresh_from_db()
    assert author.is_active is False
    judged(boss, author)
    assert author.is_active is True


def test_nothing_but_rank_and_limit_is_written_whatever_is_sent(boss, author):
    before = {name: getattr(author, name) for name in ("display_name", "email", "trust", "level", "closed_at", "is_superuser")}
    judged(
        boss,
        author,
        display_name="Somebody",
        email="x@example.org",
        trust="0",
        level="9",
        closed_at_0="2026-01-01",
        is_superuser="on",
    )
    assert {name: getattr(author, name) for name in before} == before


def test_a_word_that_is_watched_there_already_is_refused_beside_its_field(boss, admin_member, board):
    watch_word(word=WatchedWord(word="pills", board=board), by=admin_member)
    add = desk("community_watchedword_add")
    page = boss.post(add, {"word": "PILLS", "board": board.pk, "note": ""}).content.decode()
    assert "It is there already." in page and 'value="PILLS"' in page and WatchedWord.objects.count() == 1
    assert boss.post(add, {"word": "PILLS", "board": "", "note": ""}).status_code == 302
    assert boss.post(add, {"word": " \u200b ", "board": "", "note": ""}).status_code == 200 and WatchedWord.objects.count() == 2


def test_a_second_plan_of_the_site_or_a_board_is_refused(boss, admin_member, board):
    for place in (None, board):
        keep_plan(plan=CarePlan(board=place), by=admin_member)
    typed = {"links_to_one_host": 3, "target_hours": 24}
    for place in ("", board.pk):
        assert boss.post(desk("community_careplan_add"), typed | {"board": place}).status_code == 200
    assert CarePlan.objects.count() == 2
    assert (
        boss.post(
            desk("community_careplan_change", CarePlan.objects.get(board=None).pk), typed | {"target_hours": 2}
        ).status_code
        == 302
    )
    assert CarePlan.objects.get(board=None).target_hours == 2


def test_an_older_text_of_the_rules_stays_as_it_was_when_it_is_opened_and_saved(boss):
    first = HouseRules.objects.create(text="Be kind.", at=NOW)
    boss.post(desk("community_houserules_change", first.pk), {"text": "Be kinder.", "text_zh_hans": "", "text_zh_hant": ""})
    first.refresh_from_db()
    assert (first.text, HouseRules.objects.count(), HouseRules.objects.latest("at").by.role) == ("Be kind.", 2, "admin")


def test_a_refusal_leaves_no_message_of_success(boss, admin_member):
    answer = boss.post(desk("community_member_change", admin_member.pk), MEMBER)
    assert answer.status_code == 200 and not [str(one) for one in get_messages(answer.wsgi_request)]


def test_colleagues_alone_are_offered_where_a_colleague_is_meant(rf, staff):
    make_member("Not a colleague"), make_staff("Gone", is_active=False)
    field = RoadmapItem._meta.get_field("owner")
    asked = admin.site.get_model_admin(RoadmapItem).formfield_for_foreignkey(field, rf.get("/"))
    assert list(asked.queryset) == [staff]


def test_a_mail_says_what_it_tells_of_by_how_much_of_each():
    mailing = Mailing(kind=WEEKLY, data={"news": [[1, "comments"], [2, "mentions"], [3, "comments"]]})
    told = MailingAdmin.about(None, mailing)
    assert told.count("(2)") == told.count("(1)") == 1 and told.count(",") == 2


def test_facts_are_told_in_words_and_found_by_number_and_actor(colleague, staff, board):
    post = make_post(author=staff, board=board)
    make_post(board=make_board())
    address = desk("community_activity_changelist")
    for asked in (f"?q={staff.username}", f"?q={post.pk}", "?verb=post_written"):
        assert colleague.get(address + asked).context["cl"].result_count >= 1
    assert {fact.actor_id for fact in colleague.get(f"{address}?q={staff.username}").context["cl"].result_list} == {staff.pk}
    assert in_words("post_written") == "post written" and Activity.objects.exclude(actor=staff).exists()
