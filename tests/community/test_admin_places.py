"""In the admin: a board's rights as a grid, segments with a live count, and the applications for tester groups."""

import pytest

from community.groups.entering import apply_to_group
from community.models import Board, GroupMembership, GroupVoice, Layer, Segment, SegmentMember
from community.models import TesterGroup as Group
from tests.factories import NOW, make_board, make_group, make_member, make_persona, make_segment
from tests.feedback.desks import at_the_desk, desk, queries_of, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client, admin_member):
    return at_the_desk(client, admin_member)


@pytest.fixture
def colleague(client, staff):
    return at_the_desk(client, staff)


def rights(board: Board, **changed):
    kept = {"product": board.product_id, "name": board.name, "slug": board.slug, "position": 0}
    return kept | dict.fromkeys(("see", "post", "comment", "vote"), "anyone") | changed


def test_a_board_is_given_to_segments_by_the_form(boss, board):
    testers = make_segment("testers", name="Beta testers")
    sent = rights(board, see="segment", see_segments=[testers.pk], one_way="on")
    assert boss.post(desk("community_board_change", board.pk), sent).status_code == 302
    kept = Board.objects.get()
    assert (kept.see, kept.one_way, list(kept.rights.values_list("right", "segment"))) == (
        "segment",
        True,
        [("see", testers.pk)],
    )
    shown = boss.get(desk("community_board_change", board.pk))
    told = shown.content.decode()
    assert "Members of “Beta testers” may see this board" in told and "One-way" in told
    assert shown.context["adminform"].form.initial["see_segments"] == [testers.pk]


def test_contradictory_rights_are_kept_and_said(boss, board):
    answer = boss.post(desk("community_board_change", board.pk), rights(board, see="staff", vote="members"), follow=True)
    assert "More people may vote than see the board" in said(answer)
    assert "More people may vote than see the board" in boss.get(desk("community_board_change", board.pk)).content.decode()


def test_the_list_of_boards_marks_what_is_to_mend_at_one_price(boss):
    make_board(see="segment"), make_board(see="moderators")
    few = queries_of(boss, desk("community_board_changelist"))
    for _number in range(10):
        make_board(see="segment")
    assert queries_of(boss, desk("community_board_changelist")) == few


def segment_form(**typed):
    return {"name": "Early birds", "slug": "early-birds", "match": "all"} | typed


def test_a_segment_is_kept_with_its_rule_and_hands(boss, author, voter):
    persona = make_persona("commuter")
    typed = segment_form(
        level="0", zones="Europe, UTC", devices="Linden、Watch", personas=[persona.slug], languages=["en"],
        joined_before="2026-12-01", added=[author.pk], excluded=[voter.pk],
    )  # fmt: skip
    assert boss.post(desk("community_segment_add"), typed).status_code == 302
    segment = Segment.objects.get()
    assert segment.rule == {
        "match": "all", "level": 0, "languages": ["en"], "zones": ["Europe", "UTC"], "personas": ["commuter"],
        "devices": ["Linden", "Watch"], "joined_before": "2026-12-01",
    }  # fmt: skip
    assert list(SegmentMember.objects.values_list("member", flat=True)) == [author.pk]
    told = boss.get(desk("community_segment_change", segment.pk)).content.decode()
    assert 'value="Europe, UTC"' in told and 'value="Linden, Watch"' in told and 'value="2026-12-01"' in told


@pytest.mark.parametrize("typed", [{"zones": "Atlantis"}, {"trust": "7"}, {"level": "-1"}, {"match": "none"}])
def test_a_rule_that_makes_no_sense_is_shown_again(boss, typed):
    assert boss.post(desk("community_segment_add"), segment_form(**typed)).status_code == 200
    assert not Segment.objects.exists()


def test_the_count_lives_while_the_rule_is_typed_and_keeps_nothing(boss, author, voter):
    url = desk("community_segment_count")
    told = boss.get(url, {"match": "all", "level": "0"}).json()
    assert (told["members"], told["told"]) == (2, "2 members belong.")
    told = boss.get(url, {"match": "all", "level": "9", "added": [voter.pk]}).json()["told"]
    assert told == "1 member belongs. 0 by the rule alone."
    assert "Time zone" in boss.get(url, {"match": "all", "zones": "Atlantis"}).json()["told"]
    assert boss.post(url).status_code == 405 and not Segment.objects.exists()


def test_only_administrators_count(colleague):
    assert colleague.get(desk("community_segment_count"), {"level": "0"}).status_code == 403


def test_segments_are_counted_anew_on_request(boss, author):
    segment = make_segment(rule={"level": 0})
    SegmentMember.objects.all().delete()
    answer = boss.post(
        desk("community_segment_changelist"), {"action": "count_anew", "_selected_action": [segment.pk]}, follow=True
    )
    assert "1 segment is counted anew." in said(answer) and SegmentMember.objects.filter(member=author).exists()


def test_a_groups_segment_is_shown_and_not_changed(boss):
    group = make_group("early", name="Early")
    url = desk("community_segment_change", group.segment_id)
    assert "everybody in the tester group “Early”" in boss.get(url).content.decode()
    assert boss.post(url, segment_form()).status_code == 403


def group_form(**typed):
    kept = {"name": "Early", "slug": "early", "layer": Layer.CLOSE, "least_level": 0, "position": 0, "is_open": "on"}
    return kept | typed


def test_a_group_is_arranged_and_people_are_invited_by_name(boss, voter):
    answer = boss.post(desk("community_testergroup_add"), group_form(capacity="5", invite=f"@{voter.username}"), follow=True)
    group = Group.objects.get()
    assert f"{voter} is invited." in said(answer) and group.segment.rule == {"match": "all", "groups": ["early"]}
    assert GroupMembership.objects.get().state == "invited"


@pytest.mark.parametrize(("typed", "told"), [({"invite": "ghost"}, "“ghost”"), ({"is_open": ""}, "say why it is closed")])
def test_a_group_that_cannot_be_is_shown_again(boss, typed, told):
    answer = boss.post(desk("community_testergroup_add"), group_form(**typed))
    assert answer.status_code == 200 and told in answer.content.decode() and not Group.objects.exists()


def test_for_the_inner_circle_an_invitation_is_one_voice(boss, voter):
    answer = boss.post(desk("community_testergroup_add"), group_form(layer=Layer.INNER, invite=voter.username), follow=True)
    assert "takes a second one" in said(answer) and GroupVoice.objects.get().member == voter


@pytest.fixture
def applicants():
    group = make_group("early", capacity=2)
    people = [make_member(), make_member(level=2), make_member()]
    return [apply_to_group(group=group, member=member, words="Me", agreed=False, at=NOW) for member in people]


def queue(client, action: str, rows, **more):
    sent = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return client.post(desk("community_groupmembership_changelist"), sent, follow=True)


def test_applications_are_accepted_in_bulk_as_far_as_there_are_places(colleague, applicants):
    answer = queue(colleague, "accept", applicants)
    assert "2 are in, and told." in said(answer) and "Every place is taken" in said(answer)


def test_the_queue_is_read_by_contribution(colleague, applicants):
    shown = colleague.get(desk("community_groupmembership_changelist") + "?state__exact=applied").context["cl"].result_list
    assert [row.member for row in shown][0] == applicants[1].member


def test_declining_in_bulk_asks_for_the_reason_first(colleague, applicants):
    asked = queue(colleague, "decline", applicants[:2])
    assert "Decline 2 applications?" in asked.content.decode()
    assert "Please give a reason" in queue(colleague, "decline", applicants[:2], apply="1", reason=" ").content.decode()
    answer = queue(colleague, "decline", applicants[:2], apply="1", reason="Next month again.")
    assert "2 have the answer." in said(answer)
    assert list(GroupMembership.objects.filter(state="declined").values_list("reason", flat=True)) == ["Next month again."] * 2


def test_speaking_for_an_applicant_of_the_circle(colleague, staff):
    row = apply_to_group(group=make_group("circle", layer=Layer.INNER), member=make_member(), words="Me", agreed=False, at=NOW)
    assert "You have spoken for 1." in said(queue(colleague, "speak", [row]))
    assert "two voices" in said(queue(colleague, "accept", [row]))


def test_the_queue_costs_the_same_for_any_number(colleague, applicants):
    url = desk("community_groupmembership_changelist")
    few = queries_of(colleague, url)
    group = applicants[0].group
    for _number in range(12):
        apply_to_group(group=group, member=make_member(), words="Me", agreed=False, at=NOW)
    assert queries_of(colleague, url) == few
