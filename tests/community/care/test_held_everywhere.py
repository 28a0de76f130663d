"""What waits for a moderator is in nobody's list, count, feed, search, mail or answer of the API."""

from datetime import timedelta

import pytest
from django.core import mail

from community.comments import write_comment
from community.deliveries import drain
from community.mail_threads import KIND
from community.mailings import send_batch
from community.models import Activity, Notice, Standing
from community.posts import write_post
from community.screening import Manner
from feedback.models import ClusterScore, SimilarText, Vote
from rewards.models import Transfer
from tests.factories import NOW, make_comment, make_member, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("screened")]
TRAPPED = Manner("page", 60_000, trapped=True)
WORD = "qxwaiting"
PUBLIC = [
    "/", "/suggestions/", f"/suggestions/?q={WORD}", "/suggestions/?sort=new", "/suggestions/?sort=needs-votes", "/search/", f"/search/?q={WORD}",
    f"/search/suggest/?q={WORD}", "/community/", "/posts/", "/posts/?kind=suggestion", "/boards/battery/", "/tags/qxtag/", "/sort/",
    "/feeds/posts.atom", "/feeds/suggestions.atom", f"/feeds/search.atom?q={WORD}", "/feeds/boards/battery.atom", "/sitemap.xml", "/roadmap/",
    "/api/v1/posts", f"/api/v1/posts?q={WORD}", "/api/v1/posts?tag=qxtag", f"/posts/similar/?title={WORD} of the night",
    f"/api/v1/similar?title={WORD} of the night", "/transparency/", "/honours/",
]  # fmt: skip


@pytest.fixture
def wish(author, board):
    return write_post(author=author, board=board, kind="suggestion", title=f"{WORD} of the night", body=f"{WORD} text", at=NOW,
                      manner=TRAPPED, tags=["qxtag"])  # fmt: skip


@pytest.fixture
def remark(author, board):
    shown = make_post("Under which somebody spoke", board=board)
    return write_comment(author=author, post=shown, body=f"{WORD} said", at=NOW, manner=TRAPPED)


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("who", ["visitor", "voter"])
def test_no_list_shows_what_waits(client, wish, remark, voter, who, address):
    drain()
    if who == "voter":
        client.force_login(voter)
    answer = client.get(address, follow=True)
    # What somebody asked for stands in the box they typed it into, and in the address of the page.
    told = b"".join(answer).decode().replace(f"{WORD} of the night", "", 1 if "title=" in address else 0)
    assert f"{WORD} text" not in told and f"{WORD} said" not in told and f"/posts/{wish.pk}/" not in told


def test_its_own_page_is_not_there_for_others(client, wish, voter):
    client.force_login(voter)
    for address in (wish.get_absolute_url(), f"/posts/{wish.pk}/", f"/api/v1/posts/{wish.pk}", f"/feeds/posts/{wish.pk}.atom"):
        assert client.get(address).status_code == 404, address
    for address in (f"/posts/{wish.pk}/vote/", f"/posts/{wish.pk}/comments/new/", f"/posts/{wish.pk}/follow/"):
        assert client.post(address, {"body": "Hello"}).status_code == 404, address


def test_a_comment_that_waits_is_not_on_the_page_of_others(client, remark, voter, author, moderator):
    page = remark.post.get_absolute_url()
    seen = {}
    for who in (voter, author, moderator):
        client.force_login(who)
        seen[who] = f"{WORD} said" in client.get(page).content.decode()
    assert list(seen.values()) == [False, True, True]


def test_its_author_reads_that_it_waits(client, wish, remark, author):
    client.force_login(author)
    assert "This waits for a moderator." in client.get(wish.get_absolute_url()).content.decode()
    assert "Waits for a moderator" in client.get(remark.post.get_absolute_url()).content.decode()


def test_counts_scores_points_and_the_index_know_nothing_of_it(wish, remark):
    drain()
    row = Standing.objects.get(pk=wish.pk)
    assert (row.votes, row.score, row.heat, Standing.objects.get(pk=remark.post_id).comments) == (0, 0, 0, 0)
    assert not Vote.objects.exists() and not Transfer.objects.exists()
    assert not ClusterScore.objects.filter(pk=wish.pk, voters__gt=0).exists()
    assert not SimilarText.objects.filter(suggestion_id=wish.pk).exists()


def test_nobody_is_told_or_mailed(wish, remark, board):
    drain()
    send_batch(kind=KIND, at=NOW + timedelta(minutes=10), size=100)
    assert not Notice.objects.exists() and mail.outbox == []
    assert set(Activity.objects.filter(verb__endswith="_held").values_list("verb", flat=True)) == {"post_held", "comment_held"}


def test_no_vote_is_taken_meanwhile_not_even_its_authors(client, wish, author):
    client.force_login(author)
    assert client.post(f"/posts/{wish.pk}/vote/", {"want": "vote"}).status_code == 409
    assert not Vote.objects.exists()


def test_answers_under_it_tell_nobody_who_may_not_see_it(wish, moderator):
    make_comment(wish, "May I ask something first?", author=moderator)
    drain()
    assert set(Notice.objects.values_list("member__display_name", flat=True)) == {"Mara Lindqvist"} and make_member()
