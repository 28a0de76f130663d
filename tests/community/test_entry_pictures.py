"""Pictures in contest entries: sent in, described, let go, and seen by whoever may see the contest."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from community.accounts.registry import Leaving, erase_all
from community.care.decisions import hide
from community.care.targets import find_target
from community.contests.deciding import adopt_entry
from community.contests.entering import edit_entry, enter_contest, withdraw_entry
from community.contests.reading import cards_of
from community.models import Attachment, ContestEntry
from community.pictures.attachments import sweep_pictures
from community.refusals import Invalid
from tests.community.contesting import DAY, announced, make_contest, make_entry
from tests.community.test_pages_contests import running
from tests.factories import NOW, make_board, make_member, make_moderator, make_post, make_staff, make_team_board
from tests.pictures import make_picture, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def shot(author):
    return make_picture(author)


def told(shot, words="A lamp of paper") -> str:
    return f"My lamp:\n\n![{words}]({shot.get_absolute_url()})"


def lamp(author, shot, contest=None, **more) -> ContestEntry:
    return make_entry(contest or make_contest(), author=author, body=told(shot), **more)


def answer(client, shot) -> int:
    return client.get(shot.address(480)).status_code


def test_an_entry_shows_its_picture_with_its_words(author, shot):
    entry = lamp(author, shot)
    shot.refresh_from_db()
    assert (shot.entry, shot.alt, shot.loose_since) == (entry, "A lamp of paper", None)
    assert f'src="{shot.address(960)}"' in entry.body_html and 'alt="A lamp of paper"' in entry.body_html


def test_somebody_elses_picture_is_not_taken_along(author):
    foreign = make_picture(make_member())
    entry = lamp(author, foreign)
    assert "<img" not in entry.body_html and not entry.attachments.exists()


def test_a_picture_of_a_post_stays_there(author, board):
    post = make_post(author=author, board=board)
    entry = lamp(author, make_picture(author, post=post, alt="x"))
    assert "<img" not in entry.body_html and post.attachments.count() == 1


def test_a_picture_without_words_is_asked_for_them_and_nothing_is_sent(author, shot):
    contest = make_contest()
    with pytest.raises(Invalid, match="what the picture shows"):
        enter_contest(contest=contest, author=author, title="A lamp", body=told(shot, ""), at=NOW)
    assert not contest.entries.exists()


def test_an_edit_lets_a_picture_go_and_takes_another(author, shot):
    entry, other = lamp(author, shot), make_picture(author)
    edited = edit_entry(entry=entry, by=author, title="A lamp", body=told(other), at=NOW + DAY)
    shot.refresh_from_db()
    assert (shot.entry, shot.loose_since) == (None, NOW + DAY)
    assert list(edited.attachments.all()) == [other] and other.address(960) in edited.body_html


def test_the_sweep_takes_what_an_entry_let_go_and_leaves_what_it_shows(author, shot):
    entry, kept = lamp(author, shot), make_picture(author)
    edit_entry(entry=entry, by=author, title="A lamp", body=told(kept), at=NOW)
    assert sweep_pictures(at=NOW + 3 * DAY) >= 1
    assert list(Attachment.objects.all()) == [kept]


def test_a_picture_belongs_to_one_text_alone(author, board, shot):
    entry = lamp(author, shot)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(entry=entry).update(post=make_post(board=board))


def test_everybody_sees_the_picture_of_an_open_contest(client, author, shot):
    assert answer(client, shot) == 404
    lamp(author, shot)
    assert answer(client, shot) == 200


def test_only_the_team_sees_the_picture_of_a_contest_on_its_board(client, shot, author, monkeypatch):
    entry = lamp(author, shot)
    entry.contest.board = make_team_board()
    entry.contest.save()
    assert answer(client, shot) == 404
    client.force_login(make_member())
    assert answer(client, shot) == 404
    client.force_login(make_staff())
    assert answer(client, shot) == 200


def test_a_draft_of_a_contest_shows_no_pictures(client, author, shot):
    entry = lamp(author, shot)
    entry.contest.published = False
    entry.contest.save()
    assert answer(client, shot) == 404


def test_what_is_hidden_is_hidden_with_its_picture(client, author, shot, board):
    entry = lamp(author, shot, make_contest(board=board))
    keeper = make_moderator(board=board)
    hide(target=find_target(keeper, "entry", entry.pk), by=keeper, rule="private", at=NOW)
    assert answer(client, shot) == 404
    for person in (author, keeper):
        client.force_login(person)
        assert answer(client, shot) == 200


def test_what_is_taken_back_shows_nobody_its_picture(client, author, shot):
    withdraw_entry(entry=lamp(author, shot), by=author, at=NOW)
    assert answer(client, shot) == 404


def test_the_list_shows_the_first_picture_of_each_entry(client, author, shot):
    contest = running()
    lamp(author, shot, contest, at=contest.opens_at)
    body = client.get(contest.get_absolute_url()).content.decode()
    assert f'class="entry-picture" src="{shot.address(480)}"' in body and 'alt="A lamp of paper"' in body


def test_cards_find_their_pictures_in_one_query(django_assert_max_num_queries):
    contest, entries = make_contest(), []
    for _ in range(6):
        member = make_member()
        entries.append(lamp(member, make_picture(member), contest).pk)
    with django_assert_max_num_queries(4):
        assert all(card.picture for card in cards_of(entries, viewer=None))


def test_a_picture_uploaded_without_script_stands_in_the_text_to_be_described(client, author):
    contest = running()
    client.force_login(author)
    typed = {"title": "A lamp", "body": "Mine.", "team": ""}
    along = {"pictures": SimpleUploadedFile("a.png", picture(), "image/png"), "add_pictures": "1"}
    sent = client.post(f"{contest.get_absolute_url()}enter/", typed | along)
    made = Attachment.objects.get()
    assert sent.status_code == 422 and f"![]({made.get_absolute_url()})" in sent.content.decode()
    client.post(f"{contest.get_absolute_url()}enter/", typed | {"body": told(made)})
    assert made.get_absolute_url() in ContestEntry.objects.get().body


def test_the_form_can_take_pictures_and_a_visitors_says_how(client, author):
    address = f"{running().get_absolute_url()}enter/"
    assert "to add pictures" in client.get(address).content.decode()
    client.force_login(author)
    body = client.get(address).content.decode()
    assert "data-pictures" in body and 'enctype="multipart/form-data"' in body


def test_a_winner_that_becomes_a_suggestion_leads_to_the_entry_with_its_picture(author, shot):
    contest = make_contest(fan_weight=100)
    entry = lamp(author, shot, contest)
    announced(contest)
    post = adopt_entry(entry=entry, by=make_staff(), at=NOW + 40 * DAY)
    shot.refresh_from_db()
    assert shot.entry == entry and entry.get_absolute_url() in post.body


@pytest.mark.parametrize(("keeps", "left"), [(True, 1), (False, 0)])
def test_who_leaves_takes_pictures_where_their_words_go(author, shot, keeps, left):
    lamp(author, shot)
    erase_all(Leaving(author, keeps, NOW))
    assert Attachment.objects.count() == left


def test_boards_that_are_not_seen_keep_pictures_in_searches_of_attachments_too(author, shot):
    lamp(author, shot, make_contest(board=make_board("members", see="members")))
    assert not Attachment.objects.visible_to(None).exists()
    assert Attachment.objects.visible_to(make_member()).exists()
