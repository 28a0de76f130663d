"""Contest entries, meetups and talks are looked after like posts: reported, hidden with a reason, shown again, appealed."""

import pytest
from django.utils import timezone

from community.care import decisions
from community.care.appeals import appeal, decide_appeal
from community.care.queue import count_waiting, read_queue
from community.care.reports import report
from community.care.targets import find_target, load_targets
from community.care.words import headline, in_words_of
from community.contests.entering import withdraw_entry
from community.deliveries import drain
from community.meetups.hiding import hide_meetup, show_meetup
from community.meetups.reminding import remind_of_meetups
from community.models import Activity, Decision, Meetup, Notice, Report
from community.notice_words import Words
from community.refusals import Conflict, NotAllowed
from tests.community.contesting import DAY, make_contest, make_entry
from tests.community.test_meetups import go, make_meetup
from tests.community.test_talks import make_talk
from tests.factories import NOW, make_board, make_member, make_moderator, make_newcomer, make_staff

pytestmark = pytest.mark.django_db
KINDS = ["entry", "meetup", "talk"]


@pytest.fixture
def board():
    return make_board("bench")


@pytest.fixture
def keeper(board):
    return make_moderator("Moe Keller", board=board)


@pytest.fixture
def things(board):
    """One of each kind, each by somebody of the community."""
    meetup = make_meetup(board=board, host=make_member("Hanna Host"), by=make_staff())
    return {
        "entry": make_entry(make_contest(board=board)),
        "meetup": meetup,
        "talk": make_talk(make_meetup(board=board), accepted=True),
    }


def seen_by(viewer, kind, things):
    return find_target(viewer, kind, things[kind].pk)


def hidden(things, kind, keeper, **more) -> Decision:
    return decisions.hide(target=seen_by(keeper, kind, things), by=keeper, rule="unkind", at=NOW, **more)


def told(member) -> list[tuple[str, str]]:
    drain()
    rows = list(Notice.objects.filter(member=member).select_related("member", "post__board").order_by("pk"))
    words = Words(rows)
    return [(said.sentence, said.quote) for said in map(words.of, rows) if said]


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_found_with_its_author_its_board_and_its_words(kind, things, board):
    one = load_targets([(kind, things[kind].pk)])[kind, things[kind].pk]
    assert (one.board_id, one.title, one.shown, one.thing) == (board.pk, things[kind].title, True, things[kind])
    assert (
        one.author in (getattr(things[kind], name, None) for name in ("author", "host", "speaker"))
        and one.words in one.html + one.words
    )


@pytest.mark.parametrize("kind", KINDS)
def test_many_of_a_kind_are_found_in_one_query(kind, things, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [(str(one.author), one.url) for one in load_targets([(kind, things[kind].pk)]).values()]


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_sees_it_reports_it_and_the_moderators_queue_shows_it(kind, things, keeper):
    report(target=seen_by(make_member(), kind, things), by=make_member(), rule="spam", words="Look.", at=NOW)
    case = read_queue(keeper, at=NOW + DAY)[0]
    assert (case.kind, case.target.kind, case.target.title, count_waiting(keeper, at=NOW)) == (
        "reported",
        kind,
        things[kind].title,
        1,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_reports_their_own(kind, things):
    target = seen_by(make_staff(), kind, things)
    with pytest.raises(NotAllowed):
        report(target=target, by=target.author, rule="spam", at=NOW)


@pytest.mark.parametrize("kind", KINDS)
def test_hidden_only_its_author_and_moderators_see_it(kind, things, keeper):
    author = seen_by(keeper, kind, things).author
    hidden(things, kind, keeper)
    assert [bool(seen_by(viewer, kind, things)) for viewer in (None, make_member(), author, keeper, make_staff())] == [
        False, False, True, True, True]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_its_author_reads_why_and_whoever_reported_hears_of_it(kind, things, keeper):
    voter, author = make_member(), seen_by(keeper, kind, things).author
    report(target=seen_by(voter, kind, things), by=voter, rule="unkind", at=NOW)
    decision = hidden(things, kind, keeper, words="Please leave Finn out of it.")
    mine = [pair for pair in told(author) if "hidden by a moderator" in pair[0]]
    assert mine[0][0].startswith("Your ") and "leave Finn out" in mine[0][1]
    assert told(voter)[-1][0].startswith("Thank you") and Report.objects.get().decision == decision


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_of_what_is_hidden_waits_no_more(kind, things, keeper):
    other = make_moderator("Ola", board=things["entry"].contest.board)
    report(target=seen_by(other, kind, things), by=make_member(), rule="spam", at=NOW)
    hidden(things, kind, keeper)
    assert not read_queue(other, at=NOW + DAY) and not count_waiting(other, at=NOW)


@pytest.mark.parametrize("kind", KINDS)
def test_hidden_twice_says_so(kind, things, keeper):
    target = seen_by(keeper, kind, things)
    hidden(things, kind, keeper)
    with pytest.raises(Conflict):
        decisions.hide(target=target, by=keeper, rule="spam", at=NOW)


@pytest.mark.parametrize("kind", KINDS)
def test_who_keeps_another_board_hides_nothing_here(kind, things):
    sofia = make_moderator("Sofia", board=make_board("camera"))
    with pytest.raises(NotAllowed):
        decisions.hide(target=seen_by(sofia, kind, things), by=sofia, rule="spam", at=NOW)


@pytest.mark.parametrize("kind", KINDS)
def test_shown_again_everybody_sees_the_entry_and_the_meetup_and_the_host_the_talk(kind, things, keeper):
    hidden(things, kind, keeper)
    decisions.show_again(target=seen_by(keeper, kind, things), by=keeper, at=NOW)
    things[kind].refresh_from_db()
    assert bool(seen_by(None, kind, things)) is (kind != "talk")
    if kind == "talk":
        assert (things["talk"].state, things["talk"].slot) == ("proposed", None)


@pytest.mark.parametrize("kind", KINDS)
def test_an_appeal_that_is_granted_undoes_it(kind, things, keeper, board):
    decision = hidden(things, kind, keeper)
    row = appeal(decision=decision, by=decision.member, words="It was a joke about myself.", at=NOW)
    other = make_moderator("Ola", board=board)
    assert [case.kind for case in read_queue(other, at=NOW)] == ["appeal"] and not read_queue(keeper, at=NOW)
    decide_appeal(appeal=row, by=other, overturn=True, words="So it was.", at=NOW)
    assert seen_by(other, kind, things).shown


@pytest.mark.parametrize("kind", KINDS)
def test_found_in_order_it_stays(kind, things, keeper):
    report(target=seen_by(keeper, kind, things), by=make_member(), rule="spam", at=NOW)
    decisions.find_in_order(target=seen_by(keeper, kind, things), by=keeper, at=NOW)
    assert seen_by(keeper, kind, things).shown and not read_queue(keeper, at=NOW)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("act", ["let_through", "decline"])
def test_what_never_waits_is_neither_let_through_nor_declined(kind, act, things, keeper):
    more = {"rule": "spam"} if act == "decline" else {}
    with pytest.raises(Conflict):
        getattr(decisions, act)(target=seen_by(keeper, kind, things), by=keeper, at=NOW, **more)


def test_a_member_cannot_be_hidden(keeper):
    target = decisions.target_of_member(make_member())
    with pytest.raises(Conflict, match="cannot be hidden"):
        decisions.hide(target=target, by=keeper, rule="spam", at=NOW)
    with pytest.raises(Conflict, match="cannot be hidden"):
        decisions.show_again(target=target, by=keeper, at=NOW)


def test_three_reports_of_a_newcomers_entry_wait_for_a_moderator_and_hide_nothing(board):
    entry = make_entry(make_contest(board=board), author=make_newcomer())
    for _ in range(3):
        report(target=find_target(None, "entry", entry.pk), by=make_member(trust=2), rule="spam", at=NOW)
    entry.refresh_from_db()
    assert entry.state == "visible" and Report.objects.open().count() == 3


def test_what_its_author_took_back_waits_no_more(things, keeper):
    report(target=seen_by(keeper, "entry", things), by=make_member(), rule="spam", at=NOW)
    withdraw_entry(entry=things["entry"], by=things["entry"].author, at=NOW)
    assert not count_waiting(keeper, at=NOW) and load_targets([("entry", things["entry"].pk)]).popitem()[1].state == "deleted"


def test_co_authors_of_a_hidden_entry_read_why_and_see_it_too(board, keeper):
    mate = make_member("Tomasz Wilk")
    entry = make_entry(make_contest(board=board), team=[mate])
    entry.team.update(agreed_at=NOW)
    hidden({"entry": entry}, "entry", keeper, words="Copied.")
    assert find_target(mate, "entry", entry.pk) and told(mate)[-1][1] == "Copied."
    assert [pair[0] for pair in told(entry.author)] == ["Your contest entry was hidden by a moderator."]


def test_somebody_asked_who_has_not_agreed_sees_no_hidden_entry(board, keeper):
    mate = make_member("Tomasz Wilk")
    entry = make_entry(make_contest(board=board), team=[mate])
    hidden({"entry": entry}, "entry", keeper)
    assert find_target(mate, "entry", entry.pk) is None


def test_the_reason_is_in_the_authors_language():
    assert "主题" in in_words_of(make_member(language="zh-hans"), "off-topic", "") or in_words_of(
        make_member(language="zh-hans"), "off-topic", ""
    ) != in_words_of(make_member(), "off-topic", "")
    assert in_words_of(make_member(language="zh-hans"), "other", "Because.") == "Because."


def test_a_hidden_meetup_is_on_no_list_takes_no_answer_and_reminds_nobody(client, things, keeper):
    meetup = things["meetup"]
    go(meetup)
    hidden(things, "meetup", keeper)
    meetup.refresh_from_db()
    assert not Meetup.objects.coming(at=NOW).filter(pk=meetup.pk) and not Meetup.objects.over(at=NOW + 30 * DAY).filter(
        pk=meetup.pk
    )
    assert not meetup.takes_answers(NOW) and not meetup.door_is_open(meetup.starts_at)
    assert remind_of_meetups(at=meetup.starts_at - DAY / 2) == 1  # the other one, where the talk is
    assert f"meetup-{meetup.pk}@" not in client.get("/meetups/calendar.ics").content.decode()


def test_who_wanted_to_come_hears_that_it_is_hidden_and_that_it_is_back(things, keeper):
    mara = make_member()
    go(things["meetup"], mara)
    hide_meetup(meetup=things["meetup"], by=keeper, at=NOW)
    assert told(mara)[-1][0].endswith("not shown for now: a moderator has a question about it")
    show_meetup(meetup=things["meetup"], by=keeper, at=NOW)
    assert told(mara)[-1][0].endswith("is shown again, and your answer to it stands")


def test_a_place_given_back_while_it_was_hidden_goes_to_who_waits(board, keeper):
    meetup, waiting = make_meetup(board=board, capacity=1), make_member()
    first = go(meetup)
    go(meetup, waiting)
    hide_meetup(meetup=meetup, by=keeper, at=NOW)
    first.delete()
    show_meetup(meetup=meetup, by=keeper, at=NOW)
    assert meetup.attendances.get(member=waiting).state == "going"


def test_hiding_a_meetup_tells_calendars_and_is_on_record(things, keeper):
    before = things["meetup"].revision
    row = hide_meetup(meetup=things["meetup"], by=keeper, at=NOW)
    assert row.revision == before + 1
    fact = Activity.objects.get(verb="meetup_hidden")
    assert (fact.actor, fact.subject_id, fact.data["hidden"]) == (keeper, row.pk, True)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("verdict", ["hidden", "restored", "dismissed"])
def test_every_decision_about_them_has_its_own_sentence(kind, verdict):
    said = headline(Decision(verdict=verdict, target_kind=kind, target_id=1, at=NOW))
    assert said.startswith("Your ") and {"entry": "contest entry", "meetup": "meetup", "talk": "talk"}[kind] in said


def test_the_pages_lead_to_the_report_and_moderators_to_more(client, things, keeper):
    for kind in ("entry", "meetup"):
        body = client.get(things[kind].get_absolute_url()).content.decode()
        assert f"/report/{kind}/{things[kind].pk}/" in body and f"/moderation/{kind}/" not in body
    client.force_login(keeper)
    assert f"/moderation/meetup/{things['meetup'].pk}/hide/" in client.get(things["meetup"].get_absolute_url()).content.decode()


def test_the_host_of_a_hidden_meetup_is_led_to_the_appeal(client, board, keeper):
    host = make_member()
    meetup = make_meetup(board=board, host=host, by=make_staff(), at=timezone.now())
    hidden({"meetup": meetup}, "meetup", keeper)
    assert client.get(meetup.get_absolute_url()).status_code == 404
    client.force_login(host)
    body = client.get(meetup.get_absolute_url()).content.decode()
    assert "A moderator has hidden this meetup" in body and "Why, and how to appeal" in body


@pytest.mark.parametrize("kind", KINDS)
def test_the_moderators_pages_take_each_kind_from_queue_to_log(client, kind, things, keeper):
    report(target=seen_by(keeper, kind, things), by=make_member(), rule="spam", at=NOW)
    client.force_login(keeper)
    assert things[kind].title in client.get("/moderation/").content.decode()
    client.post(f"/moderation/{kind}/{things[kind].pk}/hide/", {"rule": "spam", "words": ""})
    assert Decision.objects.get().target_kind == kind
    assert client.get("/moderation/log/").status_code == 200
    assert client.post(f"/moderation/{kind}/{things[kind].pk}/restore/").status_code == 302


@pytest.mark.parametrize("kind", KINDS)
def test_the_author_reads_the_decision_on_its_page_with_the_way_to_appeal(client, kind, things, keeper):
    decision = hidden(things, kind, keeper)
    client.force_login(decision.member)
    body = client.get(f"/me/decisions/{decision.pk}/").content.decode()
    assert things[kind].title in body and "Do you see it differently?" in body
