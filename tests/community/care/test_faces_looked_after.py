"""A face is looked after like a text: hidden with a reason, told, appealed once, and looked at by somebody else."""

import pytest

from community.care import decisions
from community.care.appeals import appeal, decide_appeal
from community.care.queue import read_queue
from community.care.reports import report
from community.care.targets import find_target
from community.deliveries import drain
from community.models import Decision, Member, Notice, Report
from community.notice_words import Words
from community.refusals import Conflict, Invalid, NotAllowed
from tests.factories import NOW, make_board, make_member, make_moderator
from tests.pictures import give_face

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def mara():
    member = make_member("Mara Lindqvist", username="mara")
    member.avatar = give_face(member)
    return member


@pytest.fixture
def moe():
    return make_moderator("Moe", board=make_board("battery"))


@pytest.fixture
def sofia():
    return make_moderator("Sofia")


def face_of(member, viewer):
    return find_target(viewer, "face", member.pk)


def hide(mara, by, **more) -> Decision:
    return decisions.hide(target=face_of(mara, by), by=by, at=NOW, **({"rule": "unkind"} | more))


def shown(member) -> bool:
    return bool(Member.objects.get(pk=member.pk).face)


def test_hiding_asks_for_a_reason(mara, moe):
    for lacking in ({"rule": ""}, {"rule": "other"}):
        with pytest.raises(Invalid):
            hide(mara, moe, **lacking)
    assert shown(mara)


def test_its_member_reads_why_and_hears_of_it_once(mara, moe):
    hide(mara, moe, words="It shows somebody else.")
    drain()
    [notice] = Notice.objects.filter(member=mara).select_related("member", "post__board")
    said = Words([notice]).of(notice)
    assert said.sentence == "Your picture was hidden by a moderator." and "somebody else" in said.quote


def test_another_moderator_overturns_it_and_the_face_is_back(mara, moe, sofia):
    asked = appeal(decision=hide(mara, moe), by=mara, words="It is me, as a child.", at=NOW)
    with pytest.raises(NotAllowed):
        decide_appeal(appeal=asked, by=moe, overturn=True, words="No.", at=NOW)
    decide_appeal(appeal=asked, by=sofia, overturn=True, words="It is her.", at=NOW)
    assert shown(mara)
    with pytest.raises(Conflict):
        appeal(decision=Decision.objects.get(verdict="hidden"), by=mara, words="Once more.", at=NOW)


def test_upheld_it_stays_hidden(mara, moe, sofia):
    asked = appeal(decision=hide(mara, moe), by=mara, words="I like it.", at=NOW)
    decide_appeal(appeal=asked, by=sofia, overturn=False, words="We do not.", at=NOW)
    assert not shown(mara)


def test_shown_again_before_anybody_appealed_it_is_told_as_well(mara, moe):
    hide(mara, moe)
    decisions.show_again(target=face_of(mara, moe), by=moe, at=NOW)
    drain()
    rows = list(Notice.objects.filter(member=mara).select_related("member", "post__board").order_by("pk"))
    assert shown(mara) and Words(rows).of(rows[-1]).sentence == "Your picture is shown again."


def test_whoever_sees_it_reports_it_and_hidden_the_report_is_settled(mara, moe):
    voter = make_member()
    report(target=face_of(mara, voter), by=voter, rule="unkind", words="Look.", at=NOW)
    hide(mara, moe)
    assert Report.objects.get().decision.verdict == "hidden"


def test_a_hidden_face_is_seen_by_whose_it_is_and_who_moderates(mara, moe):
    hide(mara, moe)
    seen = [bool(face_of(mara, viewer)) for viewer in (None, make_member(), mara, moe)]
    assert seen == [False, False, True, True]


def test_an_appeal_shows_the_picture_to_whoever_decides(mara, moe, sofia):
    appeal(decision=hide(mara, moe), by=mara, words="It is me.", at=NOW)
    [case] = read_queue(sofia, at=NOW)
    assert mara.avatar in case.target.html and case.target.title == "Picture of Mara Lindqvist"


def test_the_page_asks_for_the_reason_and_leads_back(client, mara, moe):
    client.force_login(moe)
    address = f"/moderation/face/{mara.pk}/hide/"
    assert "Unkind or abusive" in client.get(address).content.decode()
    assert client.post(address, {"rule": ""}).status_code == 422 and shown(mara)
    assert client.post(address, {"rule": "unkind"})["Location"] == mara.get_absolute_url()
    assert "Show the picture again" in client.get(mara.get_absolute_url()).content.decode()
    client.post(f"/moderation/face/{mara.pk}/restore/")
    assert shown(mara)


def test_its_member_is_led_from_the_settings_to_the_appeal(client, mara, moe):
    decision = hide(mara, moe)
    client.force_login(mara)
    assert "/me/decisions/" in client.get("/me/settings/").content.decode()
    page = client.get(f"/me/decisions/{decision.pk}/").content.decode()
    assert "Your picture was hidden by a moderator." in page and "Appeal" in page and mara.avatar in page


@pytest.mark.parametrize("act", ["hide", "restore"])
def test_others_cannot_press_it(client, mara, act):
    client.force_login(make_member())
    assert client.post(f"/moderation/face/{mara.pk}/{act}/", {"rule": "unkind"}).status_code == 403


def test_its_page_leads_whoever_is_signed_in_to_the_report(client, mara):
    client.force_login(make_member())
    assert f"/report/face/{mara.pk}/" in client.get("/members/mara/").content.decode()


def test_nobody_is_asked_to_report_their_own_face_or_one_that_is_hidden(client, mara, moe):
    client.force_login(mara)
    assert "/report/face/" not in client.get("/members/mara/").content.decode()
    hide(mara, moe)
    client.force_login(make_member())
    assert "/report/face/" not in client.get("/members/mara/").content.decode()


def test_the_page_that_hides_a_face_is_for_moderators_alone(client, mara):
    client.force_login(make_member())
    answer = client.post(f"/moderation/face/{mara.pk}/hide/", {"rule": "unkind"})
    assert answer.status_code in (403, 404) and shown(mara)
