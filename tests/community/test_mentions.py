"""Who is named or quoted is linked, and hears of it once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from community.comments import edit_comment, hide_comment, restore_comment
from community.deliveries import drain
from community.dressing import dress, dress_again, preview
from community.mail_threads import KIND
from community.mailings import send_batch
from community.mentions.naming import MOST, MOST_OF_NEWCOMERS
from community.mentions.offering import offer_names
from community.models import Block, Mention, Notice, PersonFollow, Post
from community.notice_words import Words
from community.posts import edit_post, hide_post, restore_post
from tests.factories import make_comment, make_member, make_newcomer, make_post, make_staff, make_team_board
from tests.letters import html_of
from tests.pictures import make_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara():
    return make_member("Mara Lindqvist", username="mara")


@pytest.fixture
def post(board, author):
    return make_post("A thought", board=board, author=author)


def told(member) -> list[str]:
    """What the member hears of being named, in words."""
    drain()
    notices = Notice.objects.filter(member=member, kind="mentioned").select_related("member", "post__board").order_by("pk")
    words = Words(notices)
    return [wording.sentence for notice in notices if (wording := words.of(notice))]


def test_a_name_becomes_a_link_to_its_member(post, mara):
    comment = make_comment(post, "Ask @mara about it.")
    assert '<a href="/members/mara/" class="named" rel="nofollow ugc noopener">@mara</a>' in comment.body_html


@pytest.mark.parametrize("body", ["Ask @nobody.", "`@mara`", "```\n@mara\n```", "mara@mara.example", "[@mara](https://e.org)"])
def test_what_names_nobody_stays_as_it_is(post, mara, body):
    assert "/members/" not in make_comment(post, body).body_html


def test_the_member_hears_of_it_once(post, mara):
    make_comment(post, "Ask @mara, yes, @mara.", author=make_member("Tomasz Wilk"))
    assert told(mara) == ["Tomasz Wilk named you in “A thought”"] == told(mara)


def test_naming_somebody_in_a_post_tells_them_too(board, mara):
    make_post("For @mara", body="What does @mara say?", board=board, author=make_member("Tomasz Wilk"))
    assert told(mara) == ["Tomasz Wilk named you in “For @mara”"]


def test_somebody_who_follows_and_is_named_has_one_notice(post, author):
    make_comment(post, f"What do you say, @{author.username}?", at=timezone.now())
    drain()
    assert [notice.kind for notice in Notice.objects.filter(member=author)] == ["mentioned"]


def test_an_edit_tells_only_those_who_are_new(post, mara, now, hours):
    other, writer = make_member("Jo", username="jo"), make_member("Tomasz")
    comment = make_comment(post, "Ask @mara.", author=writer)
    drain()
    edit_comment(comment=comment, by=writer, body="Ask @mara and @jo.", at=now + hours(1))
    edit_comment(comment=comment, by=writer, body="Ask @jo, @mara!", at=now + hours(2))
    assert len(told(mara)) == 1 == len(told(other))


def test_taking_a_name_out_and_in_again_tells_nobody_twice(post, mara, now, hours):
    writer = make_member("Tomasz")
    comment = make_comment(post, "Ask @mara.", author=writer)
    for hour, body in enumerate(("Ask nobody.", "Ask @mara."), start=1):
        edit_comment(comment=comment, by=writer, body=body, at=now + hours(hour))
    assert len(told(mara)) == 1 and "/members/mara/" in comment.__class__.objects.get(pk=comment.pk).body_html


def test_nobody_hears_of_naming_themselves(post, mara):
    comment = make_comment(post, "I, @mara, say so.", author=mara)
    assert told(mara) == [] and "/members/mara/" in comment.body_html and not Mention.objects.exists()


@pytest.mark.parametrize(("trust", "most"), [(0, MOST_OF_NEWCOMERS), (1, MOST), (2, MOST)])
def test_a_text_names_only_so_many(post, trust, most):
    people = [make_member(f"Person {n}", username=f"p{n}") for n in range(12)]
    comment = make_comment(post, " ".join(f"@{one.username}" for one in people), author=make_newcomer("New", trust=trust))
    assert Mention.objects.count() == most == comment.body_html.count("/members/")


def test_more_people_do_not_fit_in_by_editing(post, now):
    for n in range(8):
        make_member(f"Person {n}", username=f"p{n}")
    writer = make_newcomer("New")
    comment = make_comment(post, "@p0 @p1 @p2", author=writer)
    edit_comment(comment=comment, by=writer, body="@p3 @p4 @p5", at=now)
    assert set(Mention.objects.values_list("member__username", flat=True)) == {"p0", "p1", "p2"}


def test_who_may_not_see_the_post_does_not_hear_of_it(mara):
    staff = make_staff()
    make_comment(make_post(board=make_team_board(), author=staff), "Tell @mara nothing.", author=staff)
    assert told(mara) == [] and not Notice.objects.filter(member=mara).exists()


def test_what_is_said_on_a_held_comment_is_told_when_it_is_shown(post, mara, staff, now, hours):
    comment = make_comment(post, "Ask @mara.")
    hide_comment(comment=comment, by=staff, at=now)
    assert told(mara) == []
    restore_comment(comment=comment, by=staff, at=now + hours(1))
    assert len(told(mara)) == 1


def test_what_is_said_in_a_hidden_post_is_told_when_it_is_shown(board, mara, staff, now, hours):
    post = make_post(body="Ask @mara.", board=board)
    hide_post(post=post, by=staff, at=now)
    assert told(mara) == []
    restore_post(post=post, by=staff, at=now + hours(1))
    assert len(told(mara)) == 1


def test_a_notice_says_nothing_of_a_comment_that_is_gone(post, mara, staff, now):
    comment = make_comment(post, "Ask @mara.")
    drain()
    hide_comment(comment=comment, by=staff, at=now)
    assert told(mara) == []


@pytest.mark.parametrize("turned_round", [False, True])
def test_between_two_who_are_blocked_nothing_is_told_and_nothing_shows(post, mara, turned_round):
    writer = make_member("Tomasz")
    Block.objects.create(member=writer if turned_round else mara, other=mara if turned_round else writer)
    comment = make_comment(post, "Ask @mara.", author=writer)
    assert told(mara) == [] and "/members/mara/" in comment.body_html


def test_who_muted_somebody_does_not_hear_from_them(post, mara):
    writer = make_member("Tomasz")
    PersonFollow.objects.create(member=mara, person=writer, muted=True)
    make_comment(post, "Ask @mara.", author=writer)
    assert told(mara) == []


@pytest.mark.parametrize("gone", [{"claimed_at": None}, {"is_active": False}])
def test_nobody_who_is_not_here_is_linked(post, gone):
    make_member("Ghost", username="ghost", **gone)
    assert "/members/" not in make_comment(post, "Ask @ghost.").body_html


def test_a_chinese_name_is_found_without_a_space_after_it(post):
    make_member("林小满", username="小满")
    assert "@小满</a>你怎么看" in make_comment(post, "@小满你怎么看？").body_html


def test_a_quote_tells_whose_words_they_are(post, mara):
    said = make_comment(post, "It learns my alarm.", author=mara)
    make_comment(
        post, f"> [Mara](/comments/{said.pk}/):\n>\n> It learns\n\nYes!", author=make_member("Tomasz Wilk"), at=timezone.now()
    )
    assert told(mara) == ["Tomasz Wilk quoted you under “A thought”"]


def test_a_quote_of_the_post_tells_its_author(post, author):
    make_comment(
        post, f"> [Mara](/posts/{post.pk}/):\n>\n> Here is why.\n\nYes!", author=make_member("Tomasz Wilk"), at=timezone.now()
    )
    assert told(author) == ["Tomasz Wilk quoted you under “A thought”"]


def test_a_link_without_a_quote_is_none(post, mara):
    said = make_comment(post, "It learns my alarm.", author=mara)
    make_comment(post, f"See [Mara](/comments/{said.pk}/).")
    assert told(mara) == []


def test_what_stands_elsewhere_or_is_hidden_cannot_be_quoted(post, mara, staff, board, now):
    elsewhere = make_comment(make_post(board=board), "Elsewhere.", author=mara)
    hidden = make_comment(post, "Hidden.", author=mara)
    hide_comment(comment=hidden, by=staff, at=now)
    for said in (elsewhere, hidden):
        make_comment(post, f"> [Mara](/comments/{said.pk}/):\n> x\n\nYes!")
    assert told(mara) == []


def test_naming_and_quoting_somebody_is_one_notice(post, mara):
    said = make_comment(post, "It learns my alarm.", author=mara)
    make_comment(
        post, f"> [Mara](/comments/{said.pk}/):\n> x\n\n@mara yes!", author=make_member("Tomasz Wilk"), at=timezone.now()
    )
    assert told(mara) == ["Tomasz Wilk quoted you under “A thought”"]


def test_a_preview_links_names_and_tells_nobody(mara):
    assert "/members/mara/" in preview("Ask @mara.", by=make_member()) and not Mention.objects.exists()
    assert "/members/mara/" in preview("Ask @mara.", by=None)


def test_a_text_of_an_older_renderer_keeps_its_links_and_links_nobody_new(post, mara):
    comment = make_comment(post, "Ask @mara and @later.")
    make_member("Later", username="later")
    comment.__class__.objects.update(renderer=1, body_html="old")
    assert dress_again(comment.__class__) == 1 and dress_again(comment.__class__) == 0
    html = comment.__class__.objects.get().body_html
    assert "/members/mara/" in html and "/members/later/" not in html


def test_most_texts_cost_nothing_more(post, author, django_assert_num_queries, now):
    with django_assert_num_queries(0):
        dress(Post(pk=post.pk, body="Plain words, nobody named."), by=author, at=now, fresh=True)


def test_an_edited_post_tells_whom_it_names_now(post, author, mara, now):
    edit_post(post=post, by=author, title=post.title, body="What about @mara?", at=now)
    assert len(told(mara)) == 1


# --- Names to choose from ---------------------------------------------------------------------------


def offered(begun, viewer, post=None) -> list[str]:
    return [one.username for one in offer_names(begun=begun, viewer=viewer, post=post)]


def test_those_in_the_thread_come_first_the_latest_of_them_on_top(post, author, mara):
    make_comment(post, author=mara)
    assert offered("", make_member(), post) == ["mara", author.username]
    make_member("Marabella", username="a-marabella")
    assert offered("mar", make_member(), post)[:2] == ["mara", author.username]


@pytest.mark.parametrize("begun", ["mar", "MAR", "Lind", "mara"])
def test_names_are_found_by_how_they_begin(post, mara, begun):
    make_comment(post, author=mara)
    assert "mara" in offered(begun, make_member(), post)


def test_chinese_names_are_found_by_their_first_sign():
    make_member("林小满", username="xiaoman")
    assert offered("林", make_member("Other")) == ["xiaoman"]


def test_at_most_eight_are_offered_and_never_oneself():
    people = [make_member(f"Zoe {n}", username=f"zoe{n}") for n in range(12)]
    assert len(offered("zoe", people[0])) == 8 and people[0].username not in offered("zoe", people[0])


def test_nobody_is_offered_who_is_not_here():
    make_member("Ghost", username="ghost", claimed_at=None)
    make_member("Ghost Two", username="ghost2", is_active=False)
    assert offered("ghost", make_member()) == []


def test_who_spoke_where_the_viewer_cannot_read_is_not_offered_as_part_of_the_thread(post, mara, staff, now):
    hide_comment(comment=make_comment(post, author=mara), by=staff, at=now)
    assert "mara" not in offered("", make_member(), post)


@pytest.mark.parametrize("begun", ["%", "_", "\\", "' OR 1=1", "a" * 500])
def test_what_is_typed_means_nothing_else_than_itself(begun, mara):
    assert offered(begun, make_member()) == []


def test_the_page_answers_names_for_members_alone(client, post, mara):
    make_comment(post, author=mara)
    assert client.get(reverse("names"), {"q": "mar"}).json() == {"people": []}
    client.force_login(make_member())
    told = client.get(reverse("names"), {"q": "mar", "post": post.pk}).json()["people"]
    assert {"username": "mara", "name": "Mara Lindqvist", "title": ""} in told


def test_the_people_of_a_board_that_is_closed_are_not_told(client, mara):
    staff = make_staff()
    closed = make_post(board=make_team_board(), author=staff)
    client.force_login(mara)
    assert client.get(reverse("names"), {"q": "", "post": closed.pk}).json()["people"] == []


def test_who_asks_for_names_all_day_is_asked_to_wait(client, settings):
    settings.RATE_LIMITS = True
    client.force_login(make_member())
    codes = {client.get(reverse("names"), {"q": "a"}).status_code for _ in range(91)}
    assert codes == {200, 429}


@pytest.mark.parametrize("wish", [{"post": "x"}, {"post": "9" * 30}, {"q": "\x00"}, {"post": "²"}])
def test_a_strange_question_is_answered_with_nobody(client, wish):
    client.force_login(make_member())
    assert client.get(reverse("names"), wish).json()["people"] == []


def test_a_mail_has_the_words_of_pictures_and_where_they_are(post, mara, media, mailoutbox, settings):
    writer = make_member("Tomasz Wilk")
    shot, at = make_picture(writer), timezone.now()
    make_comment(post, f"@mara, look: ![The battery page]({shot.get_absolute_url()})", author=writer, at=at)
    drain()
    send_batch(kind=KIND, at=at + timedelta(minutes=10))
    letter = next(one for one in mailoutbox if one.to == [mara.email])
    for told in (letter.body, html_of(letter)):
        assert "Picture: The battery page" in told and f"{settings.SITE_URL}/pictures/{shot.pk}/" in told and "<img" not in told
