"""`find_similar`: the five that say the same, out of what the asker may see."""

import pytest
from django.db import connection

from community import posts
from community.models import Audience
from feedback import similar
from feedback.merges import merge_suggestions, unmerge_suggestion
from feedback.models import Suggestion
from feedback.similar import find_similar
from feedback.similar_index import index_suggestions
from tests.factories import NOW, make_board, make_member, make_staff, make_suggestion, make_team_board, make_vote


def wishes(*titles, **more):
    """Suggestions in the index."""
    made = [make_suggestion(title, **more) for title in titles]
    index_suggestions(one.pk for one in made)
    return made


def found(title, asker=None, **more):
    return [hit.post_id for hit in find_similar(title=title, asker=asker, **more)]


def test_the_suggestion_that_says_the_same_comes_first(db):
    dark, _, _ = wishes("Dark mode at night", "Export my photos", "A quieter alarm")
    assert found("please add a dark mode")[0] == dark.pk


def test_an_answer_carries_title_status_and_votes(db):
    (dark,) = wishes("Dark mode at night")
    make_vote(dark)
    similar.Standing.objects.filter(pk=dark.pk).update(votes=2, imported_votes=7, status="planned")
    (hit,) = find_similar(title="dark mode", asker=None)
    assert (hit.title, hit.status, hit.votes, hit.imported_votes) == ("Dark mode at night", "planned", 2, 7)


def test_the_words_in_common_are_named(db):
    wishes("Dark mode for notifications")
    (hit,) = find_similar(title="notification in dark", asker=None)
    assert set(hit.words) >= {"dark", "notifications"}


def test_the_same_title_scores_higher_than_half_of_it(db):
    wishes("Limit charging to eighty percent", "Limit the charging speed", "Sort my photos")
    first, second = find_similar(title="Limit charging to eighty percent", asker=None)
    assert 1 >= first.score > second.score > 0


def test_the_text_finds_what_the_title_does_not(db):
    (tether,) = wishes("Share the connection", body="Tethering over bluetooth")
    assert found("No idea what to call it") == []
    assert found("No idea what to call it", body="bluetooth tethering") == [tether.pk]


def test_simplified_and_traditional_find_each_other(db):
    (simplified,) = wishes("锁屏可以显示歌词")
    assert found("鎖定畫面希望顯示歌詞") == [simplified.pk]


def test_english_and_chinese_find_each_other_through_the_glossary(db):
    (chinese,) = wishes("希望增加深色模式自动切换")
    assert found("Please add automatic dark mode at night") == [chinese.pk]


def test_a_typing_error_in_one_word_does_not_hide_the_wish(db):
    dark, _ = wishes("Dark mode for notifications", "Dark wallpapers for tablets")
    assert found("dark mode for notificatoins")[0] == dark.pk


def test_nothing_is_like_nothing(db):
    wishes("Dark mode")
    assert found("") == found("…") == found("the of and") == found("zebra") == []


def test_what_shares_next_to_nothing_is_left_out(db):
    wishes(*(f"希望电池的第{at}个问题" for at in range(20)), "锁屏的歌词")
    assert len(found("锁屏显示歌词")) == 1


def test_what_shares_far_less_than_the_best_is_left_out(db):
    best, _ = wishes("Limit charging to eighty percent overnight", "Percent signs look odd")
    wishes(*(f"Wish {at} about percent" for at in range(9)))
    assert found("Limit charging to eighty percent overnight") == [best.pk]


def test_an_empty_index_answers_nothing(db):
    assert found("dark mode") == []


def test_signs_that_mean_something_to_the_database_do_no_harm(db):
    wishes("Dark mode")
    assert found("dark'; DROP TABLE \0 %s {} \\ --") != []


def test_no_more_than_the_limit_is_answered(db):
    wishes(*(f"Dark mode number {at}" for at in range(8)))
    assert len(found("dark mode")) == 5
    assert len(found("dark mode", limit=3)) == 3
    assert found("dark mode", limit=0) == []


def test_equals_are_told_apart_by_id_and_every_time_alike(db):
    made = wishes(*["Dark mode"] * 6)
    answers = {tuple(found("dark mode")) for _ in range(5)}
    assert answers == {tuple(one.pk for one in made[:5])}


def test_the_one_being_looked_at_can_be_passed_over(db):
    one, other = wishes("Dark mode", "A dark mode")
    assert found("Dark mode", ignore=[one.pk]) == [other.pk]


def test_what_is_merged_into_the_one_being_looked_at_is_passed_over_too(db):
    dark, night = wishes("Dark mode", "Night theme")
    merge_suggestions(duplicate=night, into=dark, by=make_staff(), at=NOW)
    assert found("night theme", ignore=[dark.pk]) == []


def test_a_board_narrows_the_answer(db):
    camera, alarm = make_board("camera"), make_board("alarm")
    (inside,) = wishes("Dark mode", board=camera)
    wishes("Dark mode", board=alarm)
    assert found("dark mode", board=camera) == [inside.pk]


def test_a_merged_suggestion_answers_with_its_canonical_once(db):
    dark, night, _ = wishes("Dark mode", "Night theme with black screen", "Black wallpaper")
    merge_suggestions(duplicate=night, into=dark, by=make_staff(), at=NOW)
    assert found("night theme")[0] == dark.pk
    assert found("dark mode, night theme").count(dark.pk) == 1
    assert night.pk not in found("night theme")


def test_an_undone_merge_answers_for_itself_again(db):
    dark, night = wishes("Dark mode", "Night theme")
    staff = make_staff()
    merge_suggestions(duplicate=night, into=dark, by=staff, at=NOW)
    unmerge_suggestion(duplicate=Suggestion.objects.get(pk=night.pk), by=staff, at=NOW)
    assert found("night theme") == [night.pk]


def test_a_closed_board_tells_strangers_nothing(db):
    (secret,) = wishes("Dark mode", board=make_team_board(), author=make_staff())
    assert found("dark mode") == []
    assert found("dark mode", asker=make_member()) == []
    assert found("dark mode", asker=make_staff()) == [secret.pk]


def test_a_board_for_members_opens_with_an_account(db):
    (dark,) = wishes("Dark mode", board=make_board(see=Audience.MEMBERS))
    assert found("dark mode") == []
    assert found("dark mode", asker=make_member()) == [dark.pk]


def test_a_hidden_suggestion_is_not_answered_before_the_index_knows(db):
    (dark,) = wishes("Dark mode")
    posts.hide_post(post=dark.post, by=make_staff(), at=NOW)
    assert found("dark mode") == []


def test_a_canonical_in_a_closed_board_is_not_named(db):
    (secret,) = wishes("Dark mode", board=make_team_board(), author=make_staff())
    (shown,) = wishes("Night theme")
    Suggestion.objects.filter(pk=shown.pk).update(root=secret.pk)
    assert found("night theme") == [shown.pk]


def test_many_that_may_not_be_seen_do_not_crowd_out_the_one_that_may(db, monkeypatch):
    monkeypatch.setattr(similar, "CANDIDATES", 3)
    monkeypatch.setattr(similar, "MORE_CANDIDATES", (5, None))
    wishes(*["Dark mode"] * 12, board=make_team_board(), author=make_staff())
    (shown,) = wishes("A dark and quiet mode for tablets")
    assert found("dark mode") == [shown.pk]


def test_common_terms_only_complete_what_rare_ones_found(db, monkeypatch):
    wishes(*(f"Dark number{at}" for at in range(9)))
    (sought,) = wishes("Dark zebra crossing")
    monkeypatch.setattr(similar, "MOST_POSTINGS", 3)
    monkeypatch.setattr(similar, "LEAST_RARE_TERMS", 1)
    question = similar.ask("dark zebra")
    assert len(question.rare) == len(question.common) == 1
    (hit,) = find_similar(title="dark zebra", asker=None)
    assert hit.post_id == sought.pk
    assert set(hit.words) == {"dark", "zebra"}


def test_a_split_question_scores_as_a_whole_one(db, monkeypatch):
    wishes(*(f"Dark number{at}" for at in range(9)), "Dark zebra crossing")
    whole = find_similar(title="dark zebra", asker=None)[0]
    monkeypatch.setattr(similar, "MOST_POSTINGS", 3)
    monkeypatch.setattr(similar, "LEAST_RARE_TERMS", 1)
    assert find_similar(title="dark zebra", asker=None)[0] == whole


def test_a_long_question_asks_for_its_heaviest_terms(db):
    wishes(*(f"Dark number{at} mode" for at in range(9)))
    question = similar.ask("dark mode", body=" ".join(f"number{at}" for at in range(9)) + " zebra " * 3)
    assert len(question.rare) + len(question.common) <= similar.MOST_TERMS


def test_a_fault_of_the_database_is_logged_and_answers_nothing(db, monkeypatch, caplog):
    wishes("Dark mode")
    monkeypatch.setattr(
        similar, "FIND", "SELECT nothing FROM nowhere WHERE %s IS NULL OR %s IS NULL OR %s IS NULL OR %s IS NULL"
    )
    assert found("dark mode") == []
    assert "could not be found" in caplog.text


def test_a_question_that_takes_too_long_is_given_up_and_the_request_goes_on(db, monkeypatch):
    (dark,) = wishes("Dark mode")
    monkeypatch.setattr(similar, "PATIENCE", "20")
    slow = similar.FIND.replace("FROM unnest", "FROM pg_sleep(1), unnest")
    monkeypatch.setattr(similar, "FIND", slow)
    assert found("dark mode") == []
    assert Suggestion.objects.get(pk=dark.pk)


def test_the_patience_of_the_request_is_given_back(db):
    wishes("Dark mode")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '7s'")
        found("dark mode")
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("7s",)


def test_five_answers_cost_as_many_queries_as_one(db, django_assert_num_queries):
    wishes("Dark mode")
    with django_assert_num_queries(7):
        found("dark mode")
    wishes(*(f"Dark mode {at}" for at in range(20)))
    with django_assert_num_queries(7):
        found("dark mode")


@pytest.mark.parametrize(("everything", "df"), [(0, 0), (1, 1), (10, 20), (10**9, 0)])
def test_rarity_is_never_negative_and_falls_with_frequency(everything, df):
    assert 0 < similar.rarity(everything, df + 1) <= similar.rarity(everything, df)
