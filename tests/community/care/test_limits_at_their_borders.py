"""Every figure of the table, at the last moment before it and the first after; and what any answer promises."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from community.care import rules
from community.care.decisions import LONGEST_WORDS, check_rule
from community.care.reports import report
from community.care.rules import Person, Plan, Writing, hold, host_of, links_in, matched_words, refuse
from community.care.screens import person_of, plan_of, writing_of
from community.care.targets import find_target
from community.comments import delete_comment, write_comment
from community.manners import FIELDS, STAMP, TELLS_FOR, TRAP, manner_of, stamp
from community.models import CarePlan, Hold, WatchedWord
from community.posts import delete_post, edit_post, write_post
from community.refusals import Conflict, Invalid, TooMany
from community.screening import Manner, Text
from tests.factories import NOW as DAY_ONE
from tests.factories import make_board, make_comment, make_member, make_newcomer, make_post

NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
SLOWLY, TICK = Manner("page", 60_000), timedelta(microseconds=1)
spans = st.timedeltas(timedelta(0), timedelta(days=3))
persons = st.builds(
    Person, new=st.booleans(), limited=st.booleans(), vouched=st.booleans(), joined_at=spans.map(lambda ago: NOW - ago),
    written=st.integers(0, 30), today=st.integers(0, 30), last_at=st.none() | spans.map(lambda ago: NOW - ago),
    edits_today=st.integers(0, 40),
)  # fmt: skip
texts = st.builds(
    Writing, is_post=st.booleans(), is_edit=st.booleans(), text=st.sampled_from(["A wish", "See http://a.example", "www.b.example " * 4]),
    at=st.just(NOW), typed_ms=st.none() | st.integers(0, 9000), trapped=st.booleans(), by_token=st.booleans(),
    link_by_me=st.integers(0, 4), link_by_others=st.integers(0, 4), same_text=st.booleans(),
)  # fmt: skip
plans = st.builds(
    Plan, hold_first=st.booleans(), hold_new=st.booleans(), hold_first_link=st.booleans(), links_to_one_host=st.integers(0, 5)
)


@given(texts, persons)
def test_whoever_waits_as_long_as_told_gets_past_that_limit(text, person):
    """The answer names a wait; after it, with the day's count begun anew, the same limit does not stop them."""
    answer = refuse(text, person)
    if answer is None:
        return
    code, wait = answer
    assert code in rules.REFUSED and timedelta(0) < wait <= rules.FIRST_DAY
    later = Writing(**(vars(text) | {"at": text.at + wait, "same_text": False}))
    rested = Person(**(vars(person) | {"today": 0, "edits_today": 0}))
    assert (refuse(later, rested) or ("",))[0] != code


@given(texts, persons)
def test_who_is_known_here_is_never_stopped_by_what_is_asked_of_newcomers(text, person):
    known = Person(**(vars(person) | {"new": False}))
    assert (refuse(text, known) or ("same-text",))[0] in ("same-text", "posts-a-day", "edits-a-day")


@given(texts, persons, plans)
def test_a_moderators_word_for_somebody_takes_every_doubt_about_the_new_away(text, person, plan):
    vouched = Person(**(vars(person) | {"vouched": True}))
    assert set(hold(text, vouched, plan).reasons) <= {"words", "limited", "trap"}


@given(texts, persons, plans)
def test_every_reason_has_a_sentence_and_stands_once(text, person, plan):
    reasons = hold(text, person, plan).reasons
    assert len(reasons) == len(set(reasons)) and set(reasons) <= set(rules.HELD)


@given(texts, persons, plans)
def test_without_timing_no_more_waits_than_with_it(text, person, plan):
    timed, untimed = (set(hold(text, person, plan, timed=way).reasons) for way in (True, False))
    assert untimed <= timed and timed - untimed <= {"haste", "same-link"}


@given(texts, persons, plans)
def test_a_more_careful_board_lets_nothing_more_through(text, person, plan):
    careful = Plan(**(vars(plan) | {"hold_new": True, "hold_first": True}))
    assert set(hold(text, person, plan).reasons) <= set(hold(text, person, careful).reasons)


@given(st.integers(1, 5), st.integers(0, 6))
def test_so_many_links_to_one_site_wait_and_one_fewer_does_not(most, links):
    said = " ".join(f"https://www.shop.example/{number}" for number in range(links)) + " http://else.example"
    person = Person(True, False, False, NOW, written=5, today=0, last_at=None)
    writing = Writing(is_post=True, is_edit=False, text=said, at=NOW)
    assert ("links" in hold(writing, person, Plan(links_to_one_host=most)).reasons) is (links >= most or most == 1)


@given(
    st.lists(st.sampled_from(["a.example", "b.example/x?y=1#z", "sub.c.example:8000"]), max_size=6),
    st.sampled_from([" ", "\n", ", ", "。"]),
)
def test_every_link_is_found_whatever_parts_them(hosts, between):
    said = between.join(f"https://{host}" for host in hosts)
    assert [host_of(link) for link in links_in(said)] == [host.split("/")[0].split(":")[0] for host in hosts]


@given(st.text(max_size=60), st.lists(st.text(max_size=8), max_size=4))
def test_what_is_matched_is_among_what_is_watched_in_its_order(said, words):
    found = matched_words(said, words)
    assert found == [word for word in words if word in found]


@pytest.mark.parametrize(("length", "fits"), [(LONGEST_WORDS, True), (LONGEST_WORDS + 1, False)])
def test_a_moderators_sentence_has_a_thousand_signs(length, fits):
    if fits:
        assert check_rule("other", " " + "x" * length + "\n") == "x" * length
    else:
        with pytest.raises(Invalid, match="1,000"):
            check_rule("other", "x" * length)


@given(st.integers(-(10**9), 10**9))
def test_an_open_form_tells_between_nothing_and_a_day(milliseconds):
    opened = DAY_ONE - timedelta(milliseconds=milliseconds)
    most = int(TELLS_FOR / timedelta(milliseconds=1))
    assert manner_of({STAMP: stamp(at=opened)}, at=DAY_ONE).typed_ms == min(max(milliseconds, 0), most)


def test_no_other_signature_of_ours_is_taken_for_a_stamp():
    for forged in (signing.Signer().sign("1"), signing.Signer(salt="community.manners").sign("soon"), stamp(at=DAY_ONE) + "0"):
        assert manner_of({STAMP: forged}, at=DAY_ONE).typed_ms == 0
    assert FIELDS == (STAMP, TRAP)


def post(author, board, at, *, title="What I have to say", kind="discussion", body="This.", manner=SLOWLY):
    return write_post(author=author, board=board, kind=kind, title=title, body=body, at=at, manner=manner)


@pytest.mark.django_db
@pytest.mark.usefixtures("screened")
class TestAsTheDatabaseKnowsIt:
    """What was written counts, whatever became of it."""

    def test_ten_comments_on_the_first_day_and_the_eleventh_tomorrow(self, board):
        young, under = make_newcomer(joined_at=DAY_ONE), make_post(board=board)
        for number in range(10):
            at = DAY_ONE + timedelta(minutes=number)
            write_comment(author=young, post=under, body=f"Number {number}", at=at, manner=SLOWLY)
        with pytest.raises(TooMany, match="ten comments") as told:
            write_comment(author=young, post=under, body="One more", at=DAY_ONE + timedelta(hours=23), manner=SLOWLY)
        assert told.value.retry_after == 3600
        assert write_comment(author=young, post=under, body="One more", at=DAY_ONE + timedelta(hours=24), manner=SLOWLY)

    def test_twenty_posts_are_what_anybodys_day_takes_and_a_deleted_one_counts(self, author, board):
        for number in range(20):
            one = post(author, board, DAY_ONE + timedelta(minutes=number), title=f"Number {number} of today")
        delete_post(post=one, by=author, at=DAY_ONE + timedelta(minutes=20))
        with pytest.raises(TooMany, match="Twenty"):
            post(author, board, DAY_ONE + timedelta(hours=23))
        assert post(author, board, DAY_ONE + timedelta(days=1)).state == "visible"

    @pytest.mark.parametrize(("later", "free"), [(timedelta(minutes=5) - TICK, False), (timedelta(minutes=5), True)])
    def test_the_same_text_is_free_after_five_minutes(self, author, board, later, free):
        post(author, board, DAY_ONE)
        if free:
            assert post(author, board, DAY_ONE + later)
        else:
            with pytest.raises(Conflict) as told:
                post(author, board, DAY_ONE + later)
            assert told.value.code == "same-text"

    def test_the_same_words_under_another_title_by_another_or_taken_back_are_another_text(self, author, voter, board):
        first = post(author, board, DAY_ONE)
        assert post(author, board, DAY_ONE, title="Another title") and post(voter, board, DAY_ONE)
        delete_post(post=first, by=author, at=DAY_ONE)
        assert post(author, board, DAY_ONE)

    def test_the_same_comment_under_another_post_is_the_same_text(self, author, board):
        """Whoever pastes one sentence everywhere is asked to wait as well."""
        said = write_comment(author=author, post=make_post(board=board), body="Me too", at=DAY_ONE, manner=SLOWLY)
        with pytest.raises(Conflict):
            write_comment(author=author, post=make_post(board=board), body="Me too", at=DAY_ONE, manner=SLOWLY)
        delete_comment(comment=said, by=author, at=DAY_ONE)
        assert write_comment(author=author, post=make_post(board=board), body="Me too", at=DAY_ONE, manner=SLOWLY)

    def test_posts_and_comments_are_counted_apart(self, stranger, board):
        post(stranger, board, DAY_ONE)
        assert write_comment(author=stranger, post=make_post(board=board), body="And", at=DAY_ONE, manner=SLOWLY)

    def test_what_waits_counts_as_written_so_a_second_try_is_no_first(self, stranger, board):
        CarePlan.objects.create(hold_first=True)
        assert post(stranger, board, DAY_ONE).state == "held"
        assert post(stranger, board, DAY_ONE + timedelta(hours=1), title="The second").state == "visible"

    def test_a_link_in_the_title_counts_like_one_in_the_text(self, stranger, board):
        held = post(stranger, board, DAY_ONE, title="Look at https://a.example/x")
        assert held.state == "held" and Hold.objects.get().reasons == ["first-link"]

    def test_an_edit_of_a_newcomer_is_no_first_text_but_its_links_are_read(self, stranger, board):
        shown = post(stranger, board, DAY_ONE)
        typed = {"post": shown, "by": stranger, "title": shown.title, "manner": Manner("page", 1)}
        assert edit_post(body="See http://a.example", at=DAY_ONE, **typed).state == "visible"
        assert edit_post(body="http://a.example " * 3, at=DAY_ONE, **typed).state == "held"
        assert Hold.objects.get().reasons == ["links"] and not Hold.objects.get().fresh

    def test_one_link_in_three_texts_of_a_day_waits_and_tomorrow_it_does_not(self, stranger, board):
        states = [post(stranger, board, DAY_ONE + timedelta(hours=hour), title=f"Number {hour}", body=f"{hour} http://a.example/{'x' * hour}").state
                  for hour in range(3)]  # fmt: skip
        assert states == ["held", "visible", "visible"]
        same = [post(stranger, board, DAY_ONE + timedelta(days=2, hours=hour), title=f"Again {hour}", body=f"{hour} http://b.example").state
                for hour in range(3)]  # fmt: skip
        assert same == ["visible", "visible", "held"] and Hold.objects.latest("pk").reasons == ["same-link"]
        assert post(stranger, board, DAY_ONE + timedelta(days=4), title="Later", body="http://b.example").state == "visible"

    def test_twenty_reports_within_any_day_and_the_next_when_the_first_is_a_day_old(self, voter, board):
        def tell(hour):
            target = find_target(voter, "post", make_post(board=board).pk)
            return report(target=target, by=voter, rule="spam", at=DAY_ONE + timedelta(hours=hour))

        for hour in range(20):
            tell(hour)
        with pytest.raises(TooMany):
            tell(23)
        assert tell(24)

    def test_words_are_watched_where_they_were_set_and_the_sites_plan_holds_elsewhere(self, board):
        other = make_board()
        CarePlan.objects.create(hold_new=True, target_hours=3)
        CarePlan.objects.create(board=board, links_to_one_host=0)
        for word, place in (("everywhere", None), ("here", board), ("there", other)):
            WatchedWord.objects.create(word=word, board=place)
        here, there = plan_of(board.pk), plan_of(other.pk)
        assert (here.hold_new, here.links_to_one_host, list(here.words)) == (False, 0, ["everywhere", "here"])
        assert (there.hold_new, there.links_to_one_host, list(there.words)) == (True, 3, ["everywhere", "there"])

    def test_without_any_plan_the_tables_own_figures_hold(self, board):
        assert plan_of(board.pk) == Plan(words=())

    def test_by_token_no_time_is_read_and_the_trap_still_is(self, author, board):
        text = Text(author, board, "comment", "", "Hello", DAY_ONE, Manner("token", 5, trapped=True))
        writing = writing_of(text)
        assert (writing.typed_ms, writing.by_token, writing.trapped, writing.is_post) == (None, True, True, False)

    def test_of_somebody_with_an_older_text_of_the_other_kind_nothing_is_a_first(self, board, stranger):
        make_comment(make_post(board=board), author=stranger, at=DAY_ONE - timedelta(days=3))
        known = person_of(Text(stranger, board, "discussion", "Hello you", "", DAY_ONE, SLOWLY))
        assert (known.new, known.written, known.today, known.last_at) == (True, 1, 0, None)
        assert person_of(Text(make_member(), board, "discussion", "Hello you", "", DAY_ONE, SLOWLY)).new is False
