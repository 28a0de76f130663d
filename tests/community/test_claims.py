"""Imported profiles are claimed by proof alone."""

import pytest

from community.accounts.claims import accept_claim, claim_profile, decline_claim, prove_claims, withdraw_claim
from community.deliveries import drain
from community.imports import close_batch, members_of, open_batch
from community.models import Claim, Comment, Member, Notice, Post, Standing
from community.refusals import Conflict, NotAllowed
from feedback.models import Vote
from feedback.rescoring import verify
from tests.factories import NOW, make_board, make_comment, make_member, make_post, make_staff, make_suggestion, make_vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara():
    return make_member("Mara Lindqvist", username="mara")


@pytest.fixture
def profile():
    return make_member("maralind", username="maralind", claimed_at=None, verified_at=None, email=None, trust=0,
                       source_system="github", source_id="maralind")  # fmt: skip


@pytest.fixture
def claim(mara, profile):
    return claim_profile(member=mara, profile=profile, at=NOW, words="It is me")


def test_a_claim_waits_for_proof_and_is_the_same_when_asked_again(claim, mara, profile):
    assert claim.state == Claim.State.OPEN and claim.code.startswith("sprout-claim-")
    assert claim_profile(member=mara, profile=profile, at=NOW) == claim


def test_nobody_claims_a_member(mara):
    with pytest.raises(Conflict, match="claimed already"):
        claim_profile(member=mara, profile=make_member("Otto"), at=NOW)


def test_nobody_claims_more_than_three_at_once(mara):
    for number in range(4):
        other = make_member(claimed_at=None, source_system="github", source_id=f"x{number}")
        if number < 3:
            claim_profile(member=mara, profile=other, at=NOW)
    with pytest.raises(Conflict, match="Three claims"):
        claim_profile(member=mara, profile=other, at=NOW)


def test_staff_accept_and_what_the_profile_wrote_is_the_members(claim, mara, profile):
    post, comment = make_post(author=profile), make_comment(make_post(), author=profile)
    accept_claim(claim=claim, by=make_staff(), at=NOW)
    assert Post.objects.get(pk=post.pk).author == mara and Comment.objects.get(pk=comment.pk).author == mara
    assert not Member.objects.open().filter(pk=profile.pk).exists()


def test_the_profiles_address_leads_to_the_member(claim, client):
    accept_claim(claim=claim, by=make_staff(), at=NOW)
    answer = client.get("/members/maralind/")
    assert (answer.status_code, answer["Location"]) == (301, "/members/mara/")


def test_the_profiles_votes_count_for_the_member_and_nobody_counts_twice(claim, mara, profile):
    both, only = make_suggestion("Both of them"), make_suggestion("Only the profile")
    for wish in (both, only):
        make_vote(wish, profile)
    make_vote(both, mara)
    drain()
    accept_claim(claim=claim, by=make_staff(), at=NOW)
    drain()
    assert set(Vote.objects.standing().filter(member=mara).values_list("suggestion", flat=True)) == {both.pk, only.pk}
    assert not Vote.objects.standing().filter(member=profile).exists()
    assert dict(Standing.objects.values_list("pk", "votes")) == {both.pk: 2, only.pk: 2}
    assert verify().differences == 0


def test_the_code_written_by_the_claimed_account_proves_it(claim, mara, profile):
    said = make_comment(make_post(), author=profile, body=f"Here it is: {claim.code}")
    assert prove_claims(posts=[], comments=[said], at=NOW) == 1
    said.refresh_from_db()
    assert said.author == mara


def test_the_code_written_by_somebody_else_proves_nothing(claim, mara):
    said = make_comment(make_post(), author=make_member("Otto"), body=f"Here it is: {claim.code}")
    assert prove_claims(posts=[], comments=[said], at=NOW) == 0
    claim.refresh_from_db()
    assert claim.state == Claim.State.OPEN


def test_an_import_that_brings_the_code_settles_the_claim_by_itself(claim, mara, profile):
    batch = open_batch(name="later", system="github", by=None, at=NOW)
    said = make_comment(make_post(), author=profile, body=claim.code)
    Comment.objects.filter(pk=said.pk).update(batch=batch)
    close_batch(batch=batch, counts={"comments": 1}, at=NOW)
    drain()
    claim.refresh_from_db()
    assert claim.state == Claim.State.ACCEPTED and claim.decided_by is None


def test_what_a_later_import_brings_comes_to_the_member(claim, mara):
    accept_claim(claim=claim, by=make_staff(), at=NOW)
    batch = open_batch(name="later", system="github", by=None, at=NOW)
    assert members_of(names=["maralind"], batch=batch, at=NOW) == {"maralind": mara.pk}


def test_a_profile_is_claimed_once(claim, profile):
    rival = claim_profile(member=make_member("Rival"), profile=profile, at=NOW)
    accept_claim(claim=claim, by=make_staff(), at=NOW)
    with pytest.raises(Conflict):
        accept_claim(claim=rival, by=make_staff(), at=NOW)


def test_the_member_hears_how_it_ended_and_why(claim, mara):
    decline_claim(claim=claim, by=make_staff(), reason="The mail there is another.", at=NOW)
    drain()
    assert Notice.objects.filter(member=mara, kind="claim_decided").count() == 1
    with pytest.raises(Conflict):
        accept_claim(claim=claim, by=make_staff(), at=NOW)


def test_only_staff_decide(claim, mara):
    with pytest.raises(NotAllowed):
        accept_claim(claim=claim, by=mara, at=NOW)


def test_a_withdrawn_claim_can_be_made_anew(claim, mara, profile):
    withdraw_claim(claim=claim, by=mara, at=NOW)
    assert claim_profile(member=mara, profile=profile, at=NOW) != claim


def test_the_page_of_an_unclaimed_profile_asks_and_is_not_indexed(profile, client):
    shown = client.get("/members/maralind/").content.decode()
    assert "Is this you?" in shown and '<meta name="robots" content="noindex">' in shown


def test_the_way_through_the_pages(mara, profile, client):
    assert client.get("/members/maralind/claim/").status_code == 302
    client.force_login(mara)
    assert client.post("/members/maralind/claim/", {"words": "Ask Ines"}).status_code == 302
    claim = Claim.objects.get()
    assert claim.code in client.get("/members/maralind/claim/").content.decode()
    assert client.post(f"/claims/{claim.pk}/withdraw/").status_code == 302
    claim.refresh_from_db()
    assert claim.state == Claim.State.WITHDRAWN


def test_nobody_withdraws_anothers_claim(claim, client):
    client.force_login(make_member("Otto"))
    assert client.post(f"/claims/{claim.pk}/withdraw/").status_code == 404


def test_a_member_of_the_place_cannot_be_claimed_by_address(mara, client):
    client.force_login(mara)
    make_member("Otto", username="otto")
    assert client.get("/members/otto/claim/").status_code == 404
    make_board()
