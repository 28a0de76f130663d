"""What is found, for whom, and in which order."""

from datetime import timedelta
from io import StringIO
from json import loads

import pytest
from django.core.management import CommandError, call_command
from django.http import QueryDict

from community.comments import hide_comment
from community.deliveries import drain
from community.models import Audience, Board, Comment, Post, PostState, SearchEntry, Standing
from community.search import Wanted, find, saying
from community.search import finding as finding_module
from community.search import ranking as ranking_module
from community.search.places import places_named, suggest
from community.search.wanted import NEW
from tests.factories import (
    NOW,
    make_board,
    make_bug,
    make_comment,
    make_member,
    make_post,
    make_suggestion,
    make_team_board,
    make_vote,
)

pytestmark = pytest.mark.django_db


def titles(words: str = "", viewer=None, **narrowed) -> list[str]:
    drain()
    return [hit.row.post.title for hit in find(viewer, Wanted(words=words, **narrowed)).hits]


@pytest.fixture
def talk(author, board):
    """A title, a text and a comment that say battery, and one that says nothing of it."""
    make_post("Battery for a whole day", author=author, board=board, body="It ends at six.")
    make_post("Ends at six", author=author, board=board, body="The battery, I mean.")
    third = make_post("What a day", author=author, board=board, body="Long.")
    make_comment(third, "Mostly because of the battery.")
    make_post("Camera", author=author, board=board)


def test_titles_come_before_texts_and_texts_before_comments(talk):
    assert titles("battery") == ["Battery for a whole day", "Ends at six", "What a day"]


def test_every_word_has_to_be_there(talk):
    assert set(titles("battery six")) == {"Battery for a whole day", "Ends at six"}
    assert titles("battery camera lens whistle") == []


def test_words_side_by_side_come_first(author):
    make_post("Mode of the dark side", author=author)
    make_post("Side of the dark mode", author=author)
    assert titles("dark mode")[0] == "Side of the dark mode"


def test_a_title_that_says_nothing_else_comes_first(author):
    make_post("Alarm clock radio weather and coffee", author=author)
    make_post("Alarm clock", author=author)
    assert titles("alarm clock")[0] == "Alarm clock"


def test_votes_decide_among_equals(author):
    liked, other = make_suggestion("Alarm", author=author), make_suggestion("Alarm!", author=author)
    for _voter in range(3):
        make_vote(liked)
    drain()
    assert titles("alarm") == [liked.post.title, other.post.title]


@pytest.mark.parametrize("words", ["batetry", "battrey", "batteri", "batttery", "Battéry", "BATTERY", "batteries", "battary"])
def test_slips_and_endings_are_forgiven(talk, words):
    assert "Battery for a whole day" in titles(words)


def test_it_is_said_what_was_looked_for_instead(talk):
    drain()
    assert find(None, Wanted(words="batetry")).instead == {"batetry": "batteri"}
    assert find(None, Wanted(words="battery")).instead == {}


def test_the_beginning_of_an_unknown_word_is_enough(talk):
    assert "Battery for a whole day" in titles("batt")


@pytest.mark.parametrize("words", ["夜间模式", "夜間模式", "夜间", "模式", "夜", "夜間 模式", "苹果夜间模式"])
def test_chinese_is_found_without_spaces_and_in_both_scripts(author, words):
    make_post("请给手机加一个夜间模式", author=author)
    make_post("電池", author=author)
    assert titles(words) == ["请给手机加一个夜间模式"]


def test_traditional_texts_are_found_by_simplified_words(author):
    make_post("請加入依時間自動切換的深色模式", author=author)
    assert titles("时间自动切换") == ["請加入依時間自動切換的深色模式"]


def test_chinese_words_in_another_order_are_found(author):
    make_post("限制充电到百分之八十", author=author)
    assert titles("充电限制") == ["限制充电到百分之八十"]


def test_languages_may_be_mixed(author):
    make_post("WiFi 断线", author=author, body="每晚十点 router 重启。")
    make_post("WiFi calling", author=author)
    assert titles("wifi断线") == titles("Wi-Fi 斷線") == ["WiFi 断线"]


def test_phrases_stand_side_by_side_and_a_minus_leaves_out(author):
    make_post("Quiet hours", author=author)
    make_post("Hours of quiet", author=author)
    assert titles('"quiet hours"') == ["Quiet hours"]
    assert titles("quiet -of") == titles("quiet") and len(titles("quiet")) == 2
    make_post("Quiet hours for the watch", author=author)
    assert titles("quiet hours -watch")[0] == "Quiet hours" and "Quiet hours for the watch" not in titles("quiet -watch")


def test_where_nothing_says_all_of_it_most_of_it_will_do(author):
    make_post("Blue light filter for the evening", author=author)
    drain()
    found = find(None, Wanted(words="blue light filter whistles"))
    assert [hit.row.post.title for hit in found.hits] == ["Blue light filter for the evening"] and found.loose


def test_a_phrase_is_never_loosened(author):
    make_post("Blue light filter", author=author)
    assert titles('"light blue filter"') == []


def test_nothing_is_asked_for_by_words_that_say_nothing(talk):
    found = find(None, Wanted(words="the of and"))
    assert found.says_nothing and not found.hits
    assert find(None, Wanted()).hits == []


def test_the_passage_shows_where_it_was_said_and_leads_there(talk):
    drain()
    hit = find(None, Wanted(words="battery mostly")).hits[0]
    assert hit.comment is not None and hit.url.endswith(f"#comment-{hit.comment.pk}")
    assert "<mark>battery</mark>" in hit.passage and hit.written_at == hit.comment.created_at


def test_a_post_is_one_hit_however_many_of_its_comments_say_it(author):
    post = make_post("Battery", author=author)
    for _row in range(3):
        make_comment(post, "My battery, too.")
    drain()
    found = find(None, Wanted(words="battery"))
    assert (found.count, found.exact, [hit.more for hit in found.hits]) == (1, True, [3])


NARROWED = [
    ({"kind": "bug"}, "Alarm fails"), ({"board": "camera"}, "Alarm picture"), ({"tag": "night"}, "Alarm at night"),
    ({"status": "planned"}, "Alarm planned"), ({"author": "vera"}, "Alarm of Vera"), ({"answered": True}, "Alarm answered"),
    ({"since": (NOW + timedelta(days=3)).date()}, "Alarm of today"), ({"until": (NOW - timedelta(days=3)).date()}, "Alarm of old"),
]  # fmt: skip


@pytest.fixture
def alarms(author):
    """One for each filter."""
    make_bug("Alarm fails", author=author)
    make_post("Alarm picture", author=author, board=make_board("camera"))
    make_post("Alarm at night", author=author, tags=["Night"])
    planned, answered = (make_suggestion(f"Alarm {what}", author=author) for what in ("planned", "answered"))
    make_post("Alarm of Vera", author=make_member("Vera", username="vera"))
    make_post("Alarm of today", author=author, at=NOW + timedelta(days=4))
    make_post("Alarm of old", author=author, at=NOW - timedelta(days=9))
    drain()
    Standing.objects.filter(post=planned.pk).update(status="planned")
    Standing.objects.filter(post=answered.pk).update(answered=True)


@pytest.mark.parametrize(("narrowed", "title"), NARROWED, ids=[next(iter(narrowed)) for narrowed, _ in NARROWED])
def test_what_is_found_can_be_narrowed(alarms, narrowed, title):
    assert len(titles("alarm")) == 8
    assert titles("alarm", **narrowed) == titles(**narrowed) == [title]


def test_what_is_narrowed_by_a_name_nobody_has_is_nothing(alarms):
    assert titles("alarm", board="nowhere") == titles("alarm", author="nobody") == titles("alarm", tag="o'neill") == []


def test_the_newest_may_come_first(alarms):
    found = titles("alarm", sort=NEW)
    assert (found[0], found[-1]) == ("Alarm of today", "Alarm of old")


def test_pages_follow_one_another_without_gaps_or_repeats(author):
    for number in range(7):
        make_post(f"Alarm number {number}", author=author, at=NOW + timedelta(hours=number))
    drain()
    for sort in ("relevance", NEW):
        seen, after = [], ""
        while True:
            found = find(None, Wanted(words="alarm", sort=sort), after=after, size=3)
            seen += [hit.row.post_id for hit in found.hits]
            after = found.after
            if not after:
                break
        assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize("after", ["x", "12", "12.x", ".", "9" * 50, "-1.-1", "\x00"])
def test_a_page_that_was_never_there_is_the_first(talk, after):
    drain()
    assert find(None, Wanted(words="battery"), after=after).count == 3


def test_what_is_many_is_not_counted_to_the_end(author, monkeypatch):
    monkeypatch.setattr(finding_module, "COUNTED", 2)
    for number in range(4):
        make_post(f"Alarm number {number}", author=author)
    drain()
    found = find(None, Wanted(words="alarm"), size=1)
    assert (found.count, found.exact, len(found.hits)) == (2, False, 1)


def test_of_a_very_common_word_titles_and_the_newest_are_found(author, monkeypatch):
    monkeypatch.setattr(ranking_module, "MOST", 2)
    monkeypatch.setattr(ranking_module, "MOST_COMMON", 2)
    for number in range(4):
        make_post(f"Talk {number}", author=author, body="alarm", at=NOW + timedelta(hours=number))
    make_post("Alarm", author=author, at=NOW - timedelta(days=30))
    drain()
    found = find(None, Wanted(words="alarm"))
    assert [hit.row.post.title for hit in found.hits] == ["Alarm", "Talk 3", "Talk 2"] and not found.exact


def test_what_is_out_of_sight_is_never_found(author, staff, voter):
    make_post("Alarm for the team", author=staff, board=make_team_board())
    make_post("Alarm for members", author=author, board=make_board(see=Audience.MEMBERS))
    assert titles("alarm") == []
    assert titles("alarm", viewer=voter) == ["Alarm for members"]
    assert set(titles("alarm", viewer=staff)) == {"Alarm for the team", "Alarm for members"}


def test_what_the_index_has_not_heard_of_yet_is_not_shown_either(author, staff, now):
    post, other = make_post("Alarm", author=author), make_post("Camera", author=author)
    comment = make_comment(other, "An alarm, too.")
    assert len(titles("alarm")) == 2
    Post.objects.filter(pk=post.pk).update(state=PostState.HIDDEN)
    Standing.objects.filter(pk=post.pk).update(state=PostState.HIDDEN)
    hide_comment(comment=comment, by=staff, at=now)
    assert SearchEntry.objects.count() == 3
    assert find(None, Wanted(words="alarm")).count == find(staff, Wanted(words="alarm")).count == 0


def test_a_board_that_is_closed_takes_its_talk_out_of_every_search_at_once(talk, board):
    drain()
    Board.objects.filter(pk=board.pk).update(see=Audience.STAFF)
    assert find(None, Wanted(words="battery")).count == 0
    assert list(saying(Standing.objects.visible_to(None), "battery")) == []


def test_lists_are_narrowed_by_title_and_text_alone(talk):
    drain()
    rows = saying(Standing.objects.visible_to(None).new(), "batetry")
    assert {row.post.title for row in rows} == {"Battery for a whole day", "Ends at six"}
    assert list(saying(Standing.objects.visible_to(None), "the of")) == []


def test_finding_costs_the_same_at_two_and_at_twenty(author, django_assert_max_num_queries):
    counts = []
    for rows in (2, 18):
        for number in range(rows):
            make_comment(make_post(f"Alarm {number}", author=author, tags=["one"]), "The alarm!")
        drain()
        with django_assert_max_num_queries(16) as seen:
            assert find(author, Wanted(words="alarm batetry")).hits
        counts.append(len(seen.captured_queries))
    assert counts[0] == counts[1]


def test_while_typing_boards_tags_people_and_posts_are_offered(author, board):
    make_post("Marathon mode", author=author, board=board, tags=["Marathon"])
    make_member("Mara Other")
    make_board("marathon", name="Marathon")
    drain()
    offered = suggest(None, "mara")
    assert [one.what for one in offered] == ["Board", "Tag", "Person", "Discussion"]
    assert suggest(None, "m") == [] and len(suggest(None, "马")) == 0


def test_while_typing_at_most_six_are_offered(author):
    for number in range(9):
        make_post(f"Marathon {number}", author=author)
    drain()
    assert len(suggest(None, "marat")) == 6


def test_a_tag_or_a_board_out_of_sight_is_not_offered(author, staff):
    hidden = make_team_board("secret", name="Secret plans")
    make_post("Plans", author=staff, board=hidden, tags=["Secret tag"])
    assert places_named(None, "secret") == []
    assert [one.what for one in places_named(staff, "secret")] == ["Board", "Tag"]


def test_nobody_is_offered_who_never_came(db):
    make_member("Mara Import", claimed_at=None)
    make_member("Mara Gone", is_active=False)
    assert places_named(None, "mara") == []


def test_an_address_says_what_is_wanted_and_gives_it_back():
    query = "q=two+words&kind=bug&board=b&tag=t&status=open&author=mara&since=2026-01-02&until=2026-02-03&answered=1&sort=new"
    wanted = Wanted.from_query(QueryDict(query))
    assert wanted.query == query and wanted.is_narrowed


@pytest.mark.parametrize("query", ["kind=x&status=OPEN&sort=worst&since=tomorrow&until=2026-13-01&answered=yes", "q=%00+", ""])
def test_what_an_address_cannot_mean_is_the_plain_search(query):
    assert Wanted.from_query(QueryDict(query)) == Wanted() and Wanted.from_query(QueryDict(query)).is_empty


def run(*arguments, **options) -> str:
    out = StringIO()
    call_command("search", *arguments, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_the_command_answers_as_a_visitor_is_answered(talk, staff):
    make_post("Battery of the team", author=staff, board=make_team_board())
    drain()
    assert "Battery for a whole day" in run("battery") and "team" not in run("battery")
    assert run("nothingsaysthis") == "Nothing found.\n"
    assert loads(run("battery", json=True))["count"] == 3
    with pytest.raises(CommandError, match="what to look for"):
        run()


def test_the_command_reads_what_was_missed(talk):
    assert "Nothing" in run("battery") and "whole day" in run("battery", reindex=True)
    assert Comment.objects.count() == 1
