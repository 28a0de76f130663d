"""Words that are quoted, mended, converted, claimed and taken along: what holds for whatever words they are."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.accounts import registry
from community.accounts.claims import accept_claim, claim_profile, decline_claim, owners_of, withdraw_claim
from community.accounts.exports import AGAIN_AFTER, ask_export, build_export, drop_export, drop_exports
from community.digest_sections import foreign_to
from community.dressing import dress_again
from community.mail_tokens import mask_address
from community.mentions.quotes import LONGEST, MOST_LINES, quote
from community.models import Claim, Comment, Export, Member, Post, PostKind
from community.posts import check_title, edit_post
from community.refusals import Conflict, Invalid
from community.rendering import RENDERER, render
from community.writing.conversions import AUTHORS, kinds_open_to
from community.writing.diffing import GONE, NEW
from community.writing.kinds import WORDS, kinds_to_write, words_of
from community.writing.revisions import PAGE, history_of
from tests.factories import NOW, make_comment, make_member, make_moderator, make_post

odd_texts = st.text("`~>#-*_[]()!| \nab1.\t<&\\@电", max_size=80)


def said(body, name="Mara"):
    return Comment(pk=7, body=body, author=Member(display_name=name, username="mara"))


@given(odd_texts)
def test_no_quote_swallows_the_answer_below_it(body):
    html = render(quote(said(body)) + "answer")
    assert html.startswith("<blockquote>") and html.endswith("</blockquote>\n<p>answer</p>\n")


@given(odd_texts, odd_texts)
def test_every_line_of_a_quote_is_one_and_they_are_bounded(body, name):
    lines = quote(said(body, name or "Mara")).removesuffix("\n\n").split("\n")
    assert all(line == ">" or line.startswith("> ") for line in lines)
    assert len(lines) <= MOST_LINES + 3 and sum(map(len, lines)) <= LONGEST + 2 * len(lines) + 260


@pytest.mark.django_db
def test_a_long_history_retells_every_version_on_whatever_page_it_stands(author, board):
    texts = [f"Line {number % 3}\n" * (number % 4 + 1) + "充电" * number for number in range(PAGE + 4)]
    post = make_post("Who else?", author=author, board=board, body=texts[0])
    for minute, text in enumerate(texts[1:], 1):
        post = edit_post(post=post, by=author, title="Who else?", body=text, at=NOW + timedelta(minutes=minute))
    first = history_of(post, moderates=False)
    told = [*first.versions, *history_of(post, moderates=False, after=str(first.after)).versions]
    assert [version.newest for version in told] == [True] + [False] * (len(texts) - 1) and told[-1].first
    for version, text, before in zip(told, reversed(texts), [*reversed(texts[:-1]), None], strict=True):
        assert "".join(part.text for part in version.body if part.kind != GONE) == text.strip()
        assert before is None or "".join(part.text for part in version.body if part.kind != NEW) == before.strip()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", AUTHORS)
def test_nobody_is_offered_what_it_is_already_and_only_staff_announce(author, stranger, staff, board, kind):
    post = make_post("Who else wakes at six?", author=author, board=board, kind=kind)
    keeper = make_moderator(board=board)
    assert kinds_open_to(None, post) == kinds_open_to(stranger, post) == []
    assert set(kinds_open_to(author, post)) == set(kinds_open_to(keeper, post)) == set(AUTHORS) - {kind}
    assert set(kinds_open_to(staff, post)) == set(PostKind) - {kind}


@pytest.mark.django_db
def test_what_others_touched_is_no_longer_its_authors_to_convert(author, voter, board):
    post = make_post("Who else wakes at six?", author=author, board=board)
    comment = make_comment(post, "I do.", author=voter)
    assert kinds_open_to(author, post) == []
    Comment.objects.filter(pk=comment.pk).update(state="deleted")
    assert kinds_open_to(author, post) != []


def test_every_kind_is_spoken_of_in_its_own_words():
    assert set(WORDS) == set(PostKind) and words_of("poem") is WORDS[PostKind.SUGGESTION]
    assert (
        len({str(one.heading) for one in WORDS.values()}) == len({str(one.button) for one in WORDS.values()}) == len(PostKind)
    )
    assert PostKind.ANNOUNCEMENT not in kinds_to_write(None)


@pytest.mark.parametrize(
    ("title", "fits"),
    [
        ("abc", False),
        ("a b ", False),
        ("abcd", True),
        ("电", False),
        ("电池", True),
        ("ab电", True),
        ("x" * 160, True),
        ("x" * 161, False),
    ],
)
def test_a_title_says_something_in_one_line(db, title, fits):
    if fits:
        assert check_title(f"  {title}\n ") == title
    else:
        with pytest.raises(Invalid) as refused:
            check_title(title)
        assert [*refused.value.fields] == ["title"]


@pytest.mark.parametrize(
    ("title", "language", "foreign"),
    [("夜间模式", "en", True), ("Night", "en", False), ("Night", "zh-hant", True), ("夜间", "zh-hans", False)],
)
def test_what_somebody_can_read_comes_first_in_their_roadmap_mail(title, language, foreign):
    assert foreign_to(Member(language=language), Post(title=title)) is foreign


@given(st.text("abcXY.+", min_size=2, max_size=12), st.sampled_from(["example.org", "mail.example.org", "localhost"]))
def test_a_masked_address_gives_one_letter_away_of_each_half(name, host):
    masked = mask_address(Member(email=f"{name}@{host}"))
    local, _at, domain = masked.partition("@")
    assert local == f"{name[0]}***" and domain.startswith(f"{host[0]}***") and host not in masked


@pytest.mark.django_db
def test_old_texts_are_drawn_anew_so_many_at_a_time_and_what_is_too_large_as_it_was_typed(author, board):
    posts = [make_post(author=author, board=board, body="**bold**") for _number in range(3)]
    Post.objects.update(renderer=RENDERER - 1, body_html="old")
    Post.objects.filter(pk=posts[0].pk).update(body="**huge** <b>" + "|" * 600)
    assert [dress_again(Post, size=2), dress_again(Post, size=2), dress_again(Post, size=2)] == [2, 1, 0]
    html = [Post.objects.get(pk=post.pk).body_html for post in posts]
    assert "**huge** &lt;b&gt;" in html[0] and html[1] == html[2] == "<p><strong>bold</strong></p>\n"


@pytest.fixture
def profile(db):
    return make_member("Old Mara", claimed_at=None, source_system="forum", source_id="77")


def test_whose_an_account_elsewhere_is_follows_from_accepted_claims_of_open_accounts_alone(author, staff, profile):
    asked = {"system": "forum", "source_ids": ["77", "78"]}
    claim = claim_profile(member=author, profile=profile, at=NOW)
    assert owners_of(**asked) == {}
    accept_claim(claim=claim, by=staff, at=NOW)
    assert owners_of(**asked) == {"77": author.pk} and owners_of(system="github", source_ids=["77"]) == {}
    Member.objects.filter(pk=author.pk).update(closed_at=NOW)
    assert owners_of(**asked) == {}


def test_what_was_decided_about_a_claim_is_not_taken_back_or_decided_again(author, staff, profile):
    claim = claim_profile(member=author, profile=profile, at=NOW)
    decline_claim(claim=claim, by=staff, reason=" Too little to go by. ", at=NOW)
    assert withdraw_claim(claim=claim, by=author, at=NOW).state == Claim.State.DECLINED
    with pytest.raises(Conflict, match="decided already"):
        decline_claim(claim=claim, by=staff, reason="Again.", at=NOW)
    assert Claim.objects.get().reason == "Too little to go by."


@pytest.fixture
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_an_export_that_was_dropped_is_never_packed_and_makes_room_for_another(author, data_dir):
    export = ask_export(member=author, at=NOW)
    drop_export(export=export, at=NOW)
    assert build_export(export=export, at=NOW).file == "" and not [*data_dir.rglob("*.zip")]
    assert ask_export(member=author, at=NOW + AGAIN_AFTER) != export


def test_an_export_lies_there_for_its_week_and_packing_it_again_changes_nothing(author, data_dir):
    export = build_export(export=ask_export(member=author, at=NOW), at=NOW)
    name, size = export.file, export.size
    assert build_export(export=export, at=NOW + timedelta(hours=1)).file == name and size > 0
    assert drop_exports(before=NOW) == 0 and len([*data_dir.rglob("*.zip")]) == 1
    assert drop_exports(before=NOW + timedelta(seconds=1)) == 1 and not [*data_dir.rglob("*.zip")]
    assert Export.objects.get().file == "" and drop_exports(before=NOW + timedelta(days=9)) == 0


def test_apps_let_go_in_the_order_they_asked_for(monkeypatch):
    gone = []
    monkeypatch.setattr(registry, "ERASERS", [])
    monkeypatch.setattr(registry, "ERASED", set())
    for name, order in (("last", 90), ("first", 10), ("middle", 50)):
        registry.erases(order=order)(lambda leaving, name=name: gone.append(name))
    registry.erase_all(registry.Leaving(Member(), True, NOW))
    assert gone == ["first", "middle", "last"]
