"""Whatever stands where a number belongs breaks nothing: signs that look like digits, far too many of them, two minus signs."""

import pytest

from community.deliveries import drain
from community.models import Comment, Notice
from community.search.finding import find
from community.search.wanted import Wanted
from community.threads import Place, read_talk
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db
ODD = ["²", "１２", "-1", "--5", "9" * 40, "1e3", " "]


@pytest.fixture
def post(author, board):
    return make_post("Who else wakes at six?", author=author, board=board)


@pytest.fixture
def notice(post, author):
    make_comment(post, "I do.")
    drain()
    return Notice.objects.get(member=author)


@pytest.mark.parametrize("odd", ODD)
def test_a_talk_begins_anew(post, odd):
    make_comment(post, "I do.")
    for place in (Place(after=odd), Place(before=odd), Place(comment=odd)):
        assert [one.comment.body for one in read_talk(post, None, place=place).threads] == ["I do."]


def test_the_page_of_a_talk_takes_them_all(client, post):
    asked = dict.fromkeys(["after", "before", "comment", "since", "talk"], "²")
    assert client.get(post.get_absolute_url(), asked).status_code == 200


@pytest.mark.parametrize("odd", ["²", "9" * 40])
def test_the_box_for_a_comment_answers_nobody(client, post, odd):
    answer = client.get(f"/posts/{post.pk}/comments/new/", {"parent": odd, "quote": odd})
    assert answer.status_code == 200 and answer.context["parent"] is None


@pytest.mark.parametrize("odd", ["²", "--5"])
def test_a_comment_whose_parent_is_nonsense_is_never_half_written(client, post, author, odd):
    client.force_login(author)
    answer = client.post(f"/posts/{post.pk}/comments/new/", {"body": "I do.", "parent": odd})
    assert answer.status_code in (302, 422)
    assert Comment.objects.filter(parent__isnull=False).count() == 0


@pytest.mark.parametrize("odd", ["²", "９", "9" * 40])
@pytest.mark.parametrize("act", ["open", "mark"])
def test_a_notice_is_read_alone(client, notice, author, act, odd):
    client.force_login(author)
    assert client.post(f"/me/notices/{notice.pk}/{act}/", {"until": odd}).status_code == 302
    assert Notice.objects.get().read_at is not None


def test_reading_up_to_what_is_no_notice_reads_everything(client, notice, author):
    client.force_login(author)
    assert client.post("/me/notices/read/", {"until": "²"}).status_code == 302
    assert Notice.objects.get().read_at is not None


@pytest.mark.parametrize("odd", [*ODD, "--5.3", "5.²", "²", ".", "1.2.3", "-.-"])
def test_a_search_begins_anew(post, odd):
    drain()
    assert [hit.row.post_id for hit in find(None, Wanted(words="wakes"), after=odd).hits] in ([post.pk], [])


@pytest.mark.parametrize("address", ["/suggestions/", "/posts/", "/contests/", "/meetups/", "/me/notices/", "/me/follows/"])
def test_a_list_begins_anew(client, author, address):
    client.force_login(author)
    assert client.get(address, {"after": "²"}).status_code == 200
