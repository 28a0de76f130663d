"""Members tell the team that two suggestions are the same; staff agree, and whoever found it is paid."""

import pytest

from community.deliveries import drain
from feedback.merges import decide_proposal
from feedback.models import MergeProposal
from rewards.ledger import balances_of
from tests.factories import NOW, make_member, make_newcomer, make_suggestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(board):
    return make_suggestion("Charging should stop at my alarm", board=board)


@pytest.fixture
def finder(client):
    member = make_member("Aino Kettunen")
    client.force_login(member)
    return member


def address(suggestion):
    return f"/posts/{suggestion.pk}/same/"


def test_the_post_leads_to_the_question(client, finder, suggestion):
    assert address(suggestion) in client.get(suggestion.post.get_absolute_url()).content.decode()


def test_similar_ones_are_offered_for_one_press(client, finder, suggestion, twin):
    drain()
    page = client.get(address(suggestion)).content.decode()
    assert twin.post.title in page and f'value="{twin.pk}"' in page


def test_a_word_waits_for_staff_once(client, finder, suggestion, twin):
    for _twice in range(2):
        client.post(address(suggestion), {"link": str(twin.pk), "evidence": "Both want the alarm to decide."})
    proposal = MergeProposal.objects.get()
    assert (proposal.proposed_by, proposal.duplicate, proposal.into) == (finder, suggestion, twin)


def test_a_finder_is_paid_once_staff_agree(client, finder, suggestion, twin, staff):
    client.post(address(suggestion), {"link": twin.post.get_absolute_url()})
    decide_proposal(proposal=MergeProposal.objects.get(), accept=True, by=staff, at=NOW)
    drain()
    assert balances_of([finder.pk])[finder.pk]["points"] > 0


@pytest.mark.parametrize("link", ["", "nonsense", "999999", "https://evil.example/posts/1/"])
def test_a_link_to_nothing_keeps_what_was_typed(client, finder, suggestion, link):
    answer = client.post(address(suggestion), {"link": link, "evidence": "Look at the second line"})
    assert answer.status_code == 422 and b"Look at the second line" in answer.content
    assert not MergeProposal.objects.exists()


def test_it_is_not_the_same_as_itself(client, finder, suggestion):
    assert client.post(address(suggestion), {"link": str(suggestion.pk)}).status_code == 422


def test_newcomers_and_visitors_are_told_why_not_yet(client, suggestion):
    assert client.get(address(suggestion)).status_code == 302
    client.force_login(make_newcomer())
    assert client.get(address(suggestion)).status_code == 403
    assert address(suggestion) not in client.get(suggestion.post.get_absolute_url()).content.decode()
