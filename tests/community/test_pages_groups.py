"""The pages of tester groups: the layers, one's place in them, and the way in and out with one tap."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.groups.arranging import arrange_group
from community.groups.entering import apply_to_group, decline_application, invite_member, speak_for
from community.groups.leaving import rest_the_silent
from community.groups.memberships import membership_of
from community.models import GroupMembership, GroupVoice, Layer, Member, Standing
from tests.factories import NOW, make_group, make_member, make_post, make_segment_board, make_staff, make_suggestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return make_group("early", name="Early birds", capacity=20, asks="Keep it to yourself.", about="Builds before release.")


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def fan(client, member):
    client.force_login(member)
    return client


def test_a_visitor_reads_the_layers_from_a_page_that_may_be_kept(client, group):
    answer = client.get("/groups/")
    told = answer.content.decode()
    assert "Early birds" in told and "20 places free" in told and "csrf" not in told
    assert "public" in answer["Cache-Control"] and told.count("You are here") == 1


def test_a_community_without_groups_says_what_to_do_meanwhile(client, db):
    assert "No tester groups yet" in page(client, "/groups/")


@pytest.mark.parametrize(("status", "ring"), [("", "Members"), ("shipped", "Contributors")])
def test_ones_place_follows_what_one_brought_about(client, voter, board, status, ring):
    wish = make_suggestion(author=voter, board=board)
    Standing.objects.filter(pk=wish.pk).update(status=status or "open")
    told = page(fan(client, voter), "/groups/")
    assert told.split("You are here")[0].rsplit("<h2", 1)[1].split(">", 1)[1].strip().startswith(ring)


def test_a_closed_group_says_why_and_offers_no_way_in(client, group, admin_member, now):
    group.is_open, group.closed_because = False, "We read the last twenty first."
    arrange_group(group=group, by=admin_member, at=now)
    for address in ("/groups/", "/groups/early/", "/groups/early/apply/"):
        assert "We read the last twenty first." in page(client, address)
    assert "Apply" not in page(client, "/groups/early/")


def test_a_member_applies_with_a_line(client, group, voter):
    answer = fan(client, voter).post("/groups/early/apply/", {"words": "I test trains.", "agreed": "on"}, follow=True)
    assert "has your application" in answer.content.decode()
    assert "the next to be read" in page(client, "/groups/early/")
    assert GroupMembership.objects.get().words == "I test trains."


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            {
                "words": "Trains",
            },
            "agree with what",
        ),
        ({"agreed": "on"}, "in a line or two"),
    ],
)
def test_what_is_missing_is_said_beside_what_was_typed(client, group, voter, typed, told):
    answer = fan(client, voter).post("/groups/early/apply/", typed)
    assert answer.status_code == 422 and told in answer.content.decode()
    assert typed.get("words", "") in answer.content.decode() and not GroupMembership.objects.exists()


def test_a_visitors_application_is_carried_through_the_sign_in(client, group, code_in_mail):
    client.post("/groups/early/apply/", {"words": "I test trains.", "agreed": "on"})
    client.post("/accounts/login/code/", {"email": "nora@example.org"})
    client.post("/accounts/login/code/confirm/", {"code": code_in_mail()}, follow=True)
    row = GroupMembership.objects.get()
    assert (row.state, row.words, row.member) == ("applied", "I test trains.", Member.objects.get(email="nora@example.org"))


def test_a_member_sees_the_groups_boards_and_others_not_even_that_there_are_some(client, group, voter, staff, now):
    make_segment_board("lab", segment=group.segment, name="The lab")
    assert "The lab" not in page(fan(client, voter), "/groups/early/")
    invite_member(group=group, member=voter, by=staff, at=now)
    client.post("/groups/early/apply/", {"agreed": "on"})
    told = page(client, "/groups/early/")
    assert "The lab" in told and "You take part" in told


def test_leaving_takes_one_press_and_asks_no_reason(client, voter):
    make_group("early", members=[voter])
    answer = fan(client, voter).post("/groups/early/leave/", follow=True)
    assert "welcome back" in answer.content.decode() and membership_of_state(voter) == "left"


def membership_of_state(member) -> str:
    return GroupMembership.objects.get(member=member).state


def test_who_rests_comes_back_with_one_tap(client, voter):
    make_group("early", members=[voter])
    GroupMembership.objects.update(changed_at=NOW.replace(year=2025))
    rest_the_silent(at=NOW)
    assert "I am back" in page(fan(client, voter), "/groups/early/")
    assert "Your place was kept" in client.post("/groups/early/return/", follow=True).content.decode()
    assert membership_of_state(voter) == "accepted"


@pytest.mark.parametrize(("ago", "again"), [(28, False), (31, True)])
def test_the_answer_is_on_the_page_and_when_one_may_ask_again(client, group, voter, staff, ago, again):
    then = timezone.now() - timedelta(days=ago)
    row = apply_to_group(group=group, member=voter, words="Trains", agreed=True, at=then)
    decline_application(membership=row, reason="We look for watches <now>.", by=staff, at=then)
    told = page(fan(client, voter), "/groups/early/")
    assert "We look for watches &lt;now&gt;." in told and "Ines Okafor" in told
    assert ("Apply again" in told, "you are welcome to apply again" in told) == (again, not again)


def test_an_emeritus_and_one_below_the_level_read_how_it_goes_on(client, voter):
    group = make_group("early", least_level=3)
    assert "It begins at level 3" in page(fan(client, voter), "/groups/early/")
    GroupMembership.objects.create(group=group, member=voter, state="emeritus")
    assert "keep its mark" in page(client, "/groups/early/")


def test_the_inner_circle_speaks_for_others_on_its_page(client, voter):
    peer = make_member("Peer")
    circle = make_group("circle", layer=Layer.INNER, members=[peer])
    fan(client, peer).post("/groups/circle/speak/", {"username": f"@{voter.username}"})
    assert GroupVoice.objects.get(by=peer).member == voter
    answer = client.post("/groups/circle/speak/", {"username": "nobody-here"})
    assert answer.status_code == 422 and "nobody of this name" in answer.content.decode()
    assert client.post("/groups/circle/speak/", {"username": peer.username}).status_code == 422
    assert speak_for(group=circle, member=voter, by=make_staff(), at=NOW).state == "invited"


def test_only_the_circle_finds_that_form(client, voter, stranger):
    make_group("circle", layer=Layer.INNER)
    assert "Speak for somebody" not in page(fan(client, voter), "/groups/circle/")
    assert client.post("/groups/circle/speak/", {"username": stranger.username}).status_code == 404


def test_how_many_voices_are_missing_is_told_to_whom_they_are_for(client, voter, staff, now):
    circle = make_group("circle", layer=Layer.INNER)
    apply_to_group(group=circle, member=voter, words="I would.", agreed=False, at=now)
    assert "2 people have to speak for you" in page(fan(client, voter), "/groups/circle/")
    speak_for(group=circle, member=voter, by=staff, at=now)
    assert "One more person" in page(client, "/groups/circle/")


@pytest.mark.parametrize("act", ["leave", "return", "speak"])
def test_what_changes_something_is_never_a_get_and_asks_for_a_sign_in(client, group, act):
    assert client.get(f"/groups/early/{act}/").status_code == 405
    assert "login" in client.post(f"/groups/early/{act}/")["Location"]


def test_there_is_no_group_of_another_name(client, db):
    assert client.get("/groups/none/").status_code == client.get("/groups/none/apply/").status_code == 404


def test_the_community_page_and_a_profile_lead_there(client, voter):
    make_group("circle", layer=Layer.INNER, name="The circle", members=[voter])
    make_group("wide", layer=Layer.WIDE, name="Everybody", members=[voter])
    told = page(client, "/community/")
    assert "The circle" in told and "/groups/" in told
    told = page(client, voter.get_absolute_url())
    assert "The circle" in told and "Everybody" not in told


def test_twenty_groups_cost_what_two_do(client, voter, queries_of):
    fan(client, voter)
    for _number in range(2):
        make_group(layer=Layer.WIDE, members=[voter])
    few = queries_of("/groups/"), queries_of("/community/")
    for _number in range(18):
        make_group(layer=Layer.WIDE, members=[voter])
    assert (queries_of("/groups/"), queries_of("/community/")) == few and few[0] <= 12


def test_a_group_of_twenty_costs_what_one_of_two_does(client, voter, queries_of):
    group = make_group("early", members=[voter])
    make_segment_board(segment=group.segment)
    few = queries_of("/groups/early/")
    for _number in range(18):
        apply_to_group(group=group, member=make_member(), words="Me", agreed=False, at=NOW)
    assert queries_of("/groups/early/") == few


def test_what_is_written_in_a_groups_board_is_in_its_members_lists_at_once(client, group, voter, staff, now):
    board = make_segment_board("lab", segment=group.segment)
    make_post("A build for you", board=board, author=staff, kind="discussion")
    assert "A build for you" not in page(fan(client, voter), "/community/")
    invite_member(group=group, member=voter, by=staff, at=now)
    client.post("/groups/early/apply/", {"agreed": "on"})
    assert "A build for you" in page(client, "/community/")
    assert membership_of(group, voter).state == "accepted"
