"""Phases of contests: told once to whoever takes part or follows, and not where nothing is asked or it is off."""

from datetime import timedelta

import pytest
from celery import current_app
from django.urls import reverse

from community import tasks
from community.accounts.registry import Leaving, erase_all
from community.contests.deciding import announce_winners
from community.contests.phasing import NEWS_FOR, announce_phases, begun
from community.deliveries import drain
from community.follow_lists import follows_of
from community.follows import Ear, Thing, ear_of, listen_to
from community.mail_choices import stop_list
from community.models import Activity, Contest, ContestFollow, Mailing, MailList, Notice
from community.notice_words import Words
from config.celery import app
from tests.community.contesting import (
    DAY,
    DECIDING,
    JUDGING,
    VOTING,
    announced,
    give_scores,
    give_vote,
    make_contest,
    make_entry,
)
from tests.factories import NOW, make_member, make_staff, make_team_board

pytestmark = pytest.mark.django_db
SOON = timedelta(hours=1)
VOTES_OPEN, JURY_SITS = NOW + 7 * DAY, NOW + 14 * DAY


@pytest.fixture
def juror():
    return make_member("Judith")


@pytest.fixture
def contest(juror):
    return make_contest(jury=[juror])


def follow(contest, member, ear=Ear.FOLLOW):
    listen_to(member=member, kind=Thing.CONTEST, thing=contest, ear=ear, at=NOW)


def told(member) -> list[str]:
    drain()
    rows = list(Notice.objects.filter(member=member).select_related("member", "post__board").order_by("pk"))
    words = Words(rows)
    return [said.sentence for said in map(words.of, rows) if said]


def phases() -> list[str]:
    return [fact.data["phase"] for fact in Activity.objects.filter(verb="contest_phase_began").order_by("pk")]


def test_each_phase_is_on_record_when_it_begins(contest):
    for at in (NOW, VOTES_OPEN, JURY_SITS, DECIDING):
        announce_phases(at=at)
    assert phases() == ["entries", "votes", "jury"]


def test_looked_at_every_few_minutes_each_is_told_once(contest, juror):
    entry = make_entry(contest)
    assert [announce_phases(at=VOTES_OPEN + minutes * timedelta(minutes=5)) for minutes in range(4)] == [1, 0, 0, 0]
    assert len(told(entry.author)) == 1


def test_dates_that_move_tell_no_phase_a_second_time(contest):
    announce_phases(at=VOTES_OPEN)
    Contest.objects.update(entries_until=VOTES_OPEN + 3 * DAY)
    assert announce_phases(at=VOTES_OPEN + 3 * DAY + SOON) == 0


def test_before_it_opens_nothing_is_told(contest):
    assert announce_phases(at=NOW - SOON) == 0


def test_a_draft_and_one_taken_off_the_page_have_no_phases(contest):
    Contest.objects.update(published=False)
    assert announce_phases(at=VOTES_OPEN) == 0


def test_one_taken_off_the_page_meanwhile_is_told_to_nobody(contest):
    entry = make_entry(contest)
    announce_phases(at=VOTES_OPEN)
    Contest.objects.update(published=False)
    assert told(entry.author) == []


def test_what_is_decided_early_has_no_further_phases(juror):
    contest = make_contest(jury=[juror], fan_weight=0)
    entry = make_entry(contest)
    give_scores(entry, juror, 9, 9, at=VOTING)
    announce_winners(contest=contest, by=make_staff(), at=JUDGING)
    assert announce_phases(at=JUDGING + SOON) == 0


def test_what_began_long_ago_while_nothing_ran_is_no_news(contest):
    assert begun(contest, VOTES_OPEN + NEWS_FOR - SOON) == "votes"
    assert begun(contest, VOTES_OPEN + NEWS_FOR) is None


@pytest.mark.parametrize(
    ("more", "at"), [({"fan_weight": 0}, VOTES_OPEN), ({"fan_weight": 100}, JURY_SITS), ({"kind": "showcase"}, VOTES_OPEN)]
)
def test_a_phase_in_which_nothing_changes_for_fans_is_not_told(more, at):
    assert begun(make_contest(**more), at) is None


def test_whoever_takes_part_hears_that_votes_are_open(contest):
    mate = make_member()
    entry = make_entry(contest, team=[mate])
    entry.team.update(agreed_at=NOW)
    announce_phases(at=VOTES_OPEN)
    for person in (entry.author, mate):
        assert [said for said in told(person) if said.startswith("Fans vote in “The best wallpaper” until ")]


def test_voters_hear_that_the_jury_is_at_work_and_jurors_are_asked_for_scores(contest, juror):
    fan = make_member()
    give_vote(make_entry(contest), fan)
    announce_phases(at=JURY_SITS)
    assert told(fan)[0].startswith("The jury of “The best wallpaper” is at work until ")
    assert told(juror)[0].startswith("It is the jury's turn in “The best wallpaper”: please score the entries until ")


def test_a_jurors_notice_leads_to_the_sheets_and_a_fans_to_the_contest(contest, juror):
    fan = make_member()
    follow(contest, fan)
    announce_phases(at=JURY_SITS)
    drain()
    rows = list(Notice.objects.select_related("member").order_by("member_id"))
    urls = {row.member: Words([row]).of(row).url for row in rows}
    assert urls == {fan: contest.get_absolute_url(), juror: reverse("contest-jury", args=[contest.slug])}


def test_who_follows_hears_of_every_phase_and_who_won(contest):
    fan, entry = make_member(), make_entry(contest, title="A lamp")
    follow(contest, fan)
    for at in (NOW, VOTES_OPEN, JURY_SITS):
        announce_phases(at=at)
    assert [said.split(" ")[0] for said in told(fan)] == ["“The", "Fans", "The"]
    announced(contest)
    assert told(fan)[-1].startswith("“The best wallpaper” is decided: “A lamp”") and entry


def test_who_muted_it_hears_nothing_of_its_phases_though_they_take_part(contest):
    entry = make_entry(contest)
    follow(contest, entry.author, Ear.MUTE)
    announce_phases(at=VOTES_OPEN)
    assert told(entry.author) == []


def test_strangers_hear_nothing(contest):
    stranger = make_member()
    announce_phases(at=VOTES_OPEN)
    assert told(stranger) == []


def test_who_may_not_see_the_contest_any_more_is_told_nothing(contest):
    fan = make_member()
    follow(contest, fan)
    contest.board = make_team_board()
    contest.save()
    announce_phases(at=VOTES_OPEN)
    assert told(fan) == []


def test_mail_comes_with_it_unless_one_chose_otherwise(contest, time_machine):
    time_machine.move_to(VOTES_OPEN, tick=False)
    fan, quiet = make_member(), make_member()
    stop_list(member=quiet, name=MailList.GATHERINGS, at=NOW)
    for one in (fan, quiet):
        follow(contest, one)
    announce_phases(at=VOTES_OPEN)
    drain()
    assert Notice.objects.filter(member=fan, kind="contest_phase").exists()
    assert Mailing.objects.filter(member=fan).count() == 1 and not Mailing.objects.filter(member=quiet).exists()


def test_the_beat_looks_for_phases(contest, monkeypatch):
    assert app.conf.beat_schedule["announce-phases"]["task"] in current_app.tasks
    monkeypatch.setattr("django.utils.timezone.now", lambda: VOTES_OPEN)
    assert tasks.announce_phases() == 1


def test_a_contest_is_followed_muted_and_let_go(contest):
    fan = make_member()
    for ear in (Ear.FOLLOW, Ear.MUTE, Ear.NONE):
        follow(contest, fan, ear)
        assert ear_of(fan, Thing.CONTEST, contest) == ear
    assert not ContestFollow.objects.exists()


def test_the_contests_page_has_the_button_and_the_list_of_follows_names_it(client, contest):
    fan = make_member()
    assert f"/follow/contest/{contest.pk}/" in client.get(contest.get_absolute_url()).content.decode()
    client.force_login(fan)
    client.post(f"/follow/contest/{contest.pk}/", {"want": "follow"})
    assert [(one.name, one.url) for one in follows_of(fan).contests] == [(contest.title, contest.get_absolute_url())]
    assert contest.title in client.get("/me/follows/").content.decode()


def test_the_page_before_a_visitors_follow_says_what_they_will_hear(client, contest):
    body = client.get(f"/follow/contest/{contest.pk}/").content.decode()
    assert "You hear when a phase begins, and who won." in body and contest.title in body


def test_a_contest_out_of_sight_is_not_followed_and_has_no_name_in_the_list(client):
    contest, fan = make_contest(board=make_team_board()), make_member()
    client.force_login(fan)
    assert client.post(f"/follow/contest/{contest.pk}/", {"want": "follow"}).status_code == 404
    follow(contest, fan)
    assert [one.name for one in follows_of(fan).contests] == [""]


def test_follows_go_with_who_leaves(contest):
    fan = make_member()
    follow(contest, fan)
    erase_all(Leaving(fan, True, NOW))
    assert not ContestFollow.objects.exists()
