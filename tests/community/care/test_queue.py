"""What waits and for how long: for whom, in which order, at what cost, and who may touch it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.care import decisions
from community.care.appeals import appeal
from community.care.queue import count_waiting, read_queue
from community.care.reports import report
from community.care.sanctions import suspend_member
from community.care.targets import load_targets
from community.comments import write_comment
from community.members import welcome_member
from community.models import Activity, CarePlan, Decision, Hold, Post, Report, Trace
from community.posts import delete_post, write_post
from community.screening import Manner
from tests.factories import NOW, make_admin, make_board, make_comment, make_member, make_moderator, make_newcomer, make_post

pytestmark = pytest.mark.django_db
TRAPPED = Manner("page", 1200, trapped=True)
DAY = timedelta(days=1)


def hold(board, title="Waits for you", *, author=None, at=NOW, body="Here is why."):
    return write_post(
        author=author or make_member(), board=board, kind="discussion", title=title, body=body, at=at, manner=TRAPPED
    )


def target(thing):
    kind = "post" if isinstance(thing, Post) else "comment"
    return load_targets([(kind, thing.pk)])[kind, thing.pk]


def titles(viewer, **more):
    return [case.target.title for case in read_queue(viewer, at=NOW + DAY, **more)]


@pytest.fixture
def second(board):
    return make_moderator("Sofia", board=board)


@pytest.fixture
def everything(screened, board, author, moderator, stranger):
    """A held post and comment, a reported post, an appeal and a long suspension, each an hour after the other."""
    hours = [NOW + timedelta(hours=n) for n in range(5)]
    hold(board, "A held post", at=hours[0])
    shown = make_post("Under discussion", board=board)
    write_comment(author=author, post=shown, body="A held comment", at=hours[1], manner=TRAPPED)
    for number in range(2):
        report(target=target(shown), by=make_member(), rule="unkind", words=f"Number {number}", at=hours[2])
    mine = make_post("Hidden by Moe", author=stranger, board=board)
    hidden = decisions.hide(target=target(mine), by=moderator, rule="spam", at=hours[2])
    appeal(decision=hidden, by=stranger, words="It is not.", at=hours[3])
    suspend_member(member=author, by=moderator, rule="unkind", until=NOW + 30 * DAY, at=hours[4])


def test_the_oldest_comes_first_and_each_kind_alone(everything, second):
    assert titles(second) == ["A held post", "Under discussion", "Under discussion", "Hidden by Moe", "Mara Lindqvist"]
    assert [len(titles(second, kind=kind)) for kind in ("held", "reported", "appeal", "second")] == [2, 1, 1, 1]
    assert count_waiting(second, at=NOW + DAY) == 5


def test_ones_own_decisions_wait_for_somebody_else(everything, moderator):
    assert (
        titles(moderator) == ["A held post", "Under discussion", "Under discussion"]
        and count_waiting(moderator, at=NOW + DAY) == 3
    )


def test_everybody_sees_their_own_boards_and_staff_see_all(everything, staff, voter):
    elsewhere = make_moderator("Otto", board=make_board("camera"))
    assert len(titles(staff)) == 5 and titles(voter) == titles(None) == []
    assert titles(elsewhere) == ["Mara Lindqvist"]  # what is about a person is everybody's who moderates
    assert count_waiting(voter, at=NOW) == 0


def test_reports_are_one_case_per_thing_with_all_their_reasons(everything, second):
    case = read_queue(second, at=NOW + DAY, kind="reported")[0]
    assert case.rules_named == [("Unkind or abusive", 2)] and [row.words for row in case.reports] == ["Number 0", "Number 1"]


def test_a_case_says_why_and_how_long_and_whether_that_is_too_long(screened, board, moderator):
    hold(board)
    CarePlan.objects.create(board=board, target_hours=5)
    early, late = (read_queue(moderator, at=NOW + timedelta(hours=hours))[0] for hours in (5, 6))
    assert (early.hours, early.late, late.hours, late.late) == (5, False, 6, True)
    assert "A field that people do not see" in str(late.reasons[0]) and late.hold.signals["typed_ms"] == 1200


def test_what_is_known_of_the_author_stands_beside_it(screened, board, moderator):
    author = make_member()
    decisions.hide(target=target(make_post(author=author, board=board)), by=moderator, rule="spam", at=NOW)
    decisions.let_through(target=target(hold(board, "A first", author=author)), by=moderator, at=NOW)
    hold(board, "A second", author=author)
    known = read_queue(moderator, at=NOW + DAY)[0].history
    assert (known.held, known.let_through, known.against, known.sanctions, known.posts) == (2, 1, 1, 0, 1)


def test_what_its_author_took_back_waits_no_more(screened, board, moderator, author):
    post = hold(board, author=author)
    report(target=target(make_post(board=board)), by=author, rule="spam", at=NOW)
    delete_post(post=post, by=author, at=NOW)
    delete_post(post=Post.objects.get(pk=Report.objects.get().target_id), by=make_admin(), at=NOW)
    assert titles(moderator) == [] and count_waiting(moderator, at=NOW) == 0


@pytest.mark.parametrize(("device", "said"), [("d1", True), ("d2", False)])
def test_the_same_network_and_browser_as_somebody_suspended_is_said(screened, client, board, moderator, device, said):
    suspended, newcomer = make_member("Sus Pended", suspended_at=timezone.now()), make_newcomer()
    for member, print_of in ((suspended, "d1"), (newcomer, device)):
        welcome_member(member=member, at=NOW)
        fact = Activity.objects.get(key=f"member_joined:{member.pk}")
        Trace.objects.create(activity=fact, network="n1", device=print_of, at=NOW)
    hold(board, author=newcomer)
    client.force_login(moderator)
    assert ("Sus Pended" in client.get("/moderation/").content.decode()) is said


@pytest.mark.parametrize("cases", [2, 20])
def test_the_queue_costs_the_same_however_much_waits(screened, client, board, moderator, queries_of, cases):
    for number in range(cases):
        hold(board, f"Waits {number}", at=NOW + timedelta(minutes=number))
        report(target=target(make_post(board=board)), by=make_member(), rule="spam", at=NOW)
    client.force_login(moderator)
    assert queries_of("/moderation/") <= 34


def test_the_number_in_the_bar_is_one_query(client, board, moderator, django_assert_num_queries):
    with django_assert_num_queries(1):
        count_waiting(moderator, at=NOW)


@pytest.fixture
def keeper(client, moderator):
    client.force_login(moderator)
    return client


def test_let_through_from_the_page(screened, keeper, board):
    post = hold(board)
    page = keeper.get("/moderation/").content.decode()
    assert "Waits for you" in page and "Let through" in page and 'aria-label="Moderation, 1 waits"' in page
    assert keeper.post(f"/moderation/post/{post.pk}/approve/")["Location"] == "/moderation/"
    assert Post.objects.get(pk=post.pk).state == "visible"
    assert keeper.post(f"/moderation/post/{post.pk}/approve/").status_code == 409


def test_many_at_once_and_what_others_decided_is_left_alone(screened, keeper, board, staff):
    posts = [hold(board, f"Number {n}") for n in range(3)]
    decisions.decline(target=target(posts[0]), by=staff, rule="spam", at=NOW)
    ticked = [f"post-{post.pk}" for post in posts] + ["post-x", "member-1", "post-99999999999999999999"]
    page = keeper.post("/moderation/approve/", {"case": ticked}, follow=True).content.decode()
    assert [post.state for post in Post.objects.order_by("pk")] == [
        "hidden",
        "visible",
        "visible",
    ] and "2 are let through" in page


def test_declined_with_a_reason_and_a_suspension_in_one_step(screened, keeper, board, author):
    post = hold(board, author=author)
    form = keeper.get(f"/moderation/post/{post.pk}/decline/").content.decode()
    assert "Advertising or spam" in form and "a suspension for 7 days" in form
    keeper.post(f"/moderation/post/{post.pk}/decline/", {"rule": "spam", "words": "No adverts.", "also": "suspend-7"})
    assert list(Decision.objects.order_by("pk").values_list("verdict", flat=True)) == ["declined", "suspended"]
    author.refresh_from_db()
    assert author.is_suspended(at=timezone.now())


def test_without_a_reason_the_form_says_so_and_keeps_what_was_typed(screened, keeper, board):
    post = hold(board)
    answer = keeper.post(f"/moderation/post/{post.pk}/decline/", {"words": "My long explanation"})
    assert answer.status_code == 422 and "My long explanation" in answer.content.decode()
    assert Post.objects.get(pk=post.pk).state == "held"


def test_the_reason_opens_in_a_dialog_for_script(screened, keeper, board):
    post = hold(board)
    part = keeper.get(f"/moderation/post/{post.pk}/decline/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and 'id="act-title"' in part


def test_found_in_order_from_the_page(keeper, board, voter):
    post = make_post(board=board)
    report(target=target(post), by=voter, rule="spam", at=NOW)
    report(target=load_targets([("member", post.author_id)])["member", post.author_id], by=voter, rule="spam", at=NOW)
    keeper.post(f"/moderation/post/{post.pk}/in-order/")
    keeper.post(f"/moderation/member/{post.author_id}/in-order/")
    assert not Report.objects.open().exists()


def test_an_appeal_is_decided_from_the_page_by_somebody_else(everything, client, moderator, second):
    pk = Decision.objects.get(verdict="hidden").appeal.pk
    client.force_login(moderator)
    assert client.post(f"/moderation/appeals/{pk}/decide/", {"outcome": "uphold", "words": "No."}).status_code == 403
    client.force_login(second)
    assert client.post(f"/moderation/appeals/{pk}/decide/", {"outcome": "overturn", "words": "Right."}).status_code == 302
    assert Post.objects.get(title="Hidden by Moe").state == "visible"


def test_a_long_suspension_is_confirmed_from_the_page(everything, client, second, author):
    client.force_login(second)
    client.post(f"/moderation/decisions/{Decision.objects.get(verdict='suspended').pk}/confirm/")
    author.refresh_from_db()
    assert author.suspended_until == NOW + 30 * DAY


def test_a_members_record_shows_all_and_judges(keeper, author, board):
    address = f"/moderation/members/{author.username}/"
    assert "Nothing was ever decided" in keeper.get(address).content.decode()
    assert keeper.post(address, {"what": "limit-7", "rule": "spam", "words": "Slow down."}).status_code == 302
    page = keeper.get(address).content.decode()
    assert "Limited" in page and "Slow down." in page
    pk = Decision.objects.get().pk
    assert keeper.post(f"/moderation/decisions/{pk}/lift/", {"words": ""}).status_code == 422
    keeper.post(f"/moderation/decisions/{pk}/lift/", {"words": "They did."})
    author.refresh_from_db()
    assert author.limited_until is None


def test_the_log_shows_the_decisions_of_ones_boards(keeper, board, staff, author):
    for place, title in ((board, "Mine"), (make_board("camera"), "Elsewhere")):
        decisions.hide(target=target(make_post(title, author=author, board=place)), by=staff, rule="other", words=title, at=NOW)
    page = keeper.get("/moderation/log/").content.decode()
    assert "Mine" in page and "Elsewhere" not in page
    assert "Mine" not in keeper.get("/moderation/log/?verdict=warned").content.decode()
    assert "Mine" in keeper.get("/moderation/log/?board=battery&verdict=hidden").content.decode()


def test_the_log_costs_the_same_however_long_it_is(keeper, board, staff, queries_of):
    counts = []
    for more in (2, 18):
        for _ in range(more):
            decisions.hide(target=target(make_post(board=board)), by=staff, rule="spam", at=NOW)
        counts.append(queries_of("/moderation/log/"))
    assert counts[0] == counts[1]


PAGES = ["/moderation/", "/moderation/log/", "/moderation/members/{who}/"]


@pytest.mark.parametrize("page", PAGES)
def test_nobody_else_comes_in(client, voter, page):
    address = page.format(who=voter.username)
    assert "login" in client.get(address)["Location"]
    client.force_login(voter)
    assert client.get(address).status_code == 403
    assert "/moderation/" not in client.get("/").content.decode()


@pytest.mark.parametrize("act", ["approve", "decline", "hide", "restore", "in-order"])
def test_what_one_does_not_keep_is_not_there(screened, client, board, voter, act):
    post = hold(board)
    for who in (voter, post.author, make_moderator("Otto", board=make_board("camera"))):
        client.force_login(who)
        assert client.post(f"/moderation/post/{post.pk}/{act}/", {"rule": "spam"}).status_code == 404
    assert Post.objects.get(pk=post.pk).state == "held" and Hold.objects.open().exists()


def test_a_comments_place_in_the_queue_leads_to_it(screened, keeper, board, author):
    comment = write_comment(author=author, post=make_post(board=board), body="Look at me", at=NOW, manner=TRAPPED)
    page = keeper.get("/moderation/").content.decode()
    assert "Look at me" in page and str(comment.pk) in page
    keeper.post(f"/moderation/comment/{comment.pk}/decline/", {"rule": "off-topic"})
    comment.refresh_from_db()
    assert comment.state == "hidden" and make_comment(comment.post)
