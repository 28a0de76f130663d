"""Reports, decisions, appeals, rules and numbers, as people meet them on their pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.care import decisions
from community.care.appeals import appeal, decide_appeal
from community.care.house_rules import adopt_rules, rules_in_force
from community.care.numbers import months
from community.care.reports import report
from community.care.sanctions import suspend_member
from community.care.targets import load_targets
from community.manners import STAMP, TRAP, stamp
from community.models import Appeal, Hold, HouseRules, Post, Report
from community.posts import write_post
from community.refusals import NotAllowed
from community.screening import Manner
from tests.factories import NOW, make_board, make_comment, make_member, make_moderator, make_newcomer, make_post

pytestmark = pytest.mark.django_db


def target(thing, kind="post"):
    return load_targets([(kind, thing.pk)])[kind, thing.pk]


@pytest.fixture
def post(author, board):
    return make_post("A word too many", author=author, board=board)


@pytest.fixture
def hidden(post, moderator):
    """Mara's post, hidden by Moe today."""
    return decisions.hide(target=target(post), by=moderator, rule="unkind", words="Leave him in peace.", at=timezone.now())


def test_a_member_reports_from_the_post_and_takes_it_back(client, voter, post):
    client.force_login(voter)
    assert f"/report/post/{post.pk}/" in client.get(post.get_absolute_url()).content.decode()
    page = client.post(f"/report/post/{post.pk}/", {"rule": "unkind", "words": "Look."}, follow=True).content.decode()
    undo = f"/me/reports/{Report.objects.get().pk}/undo/"
    assert "you hear what came of it" in page and undo in page
    assert "A moderator will look at it." in client.get("/me/reports/").content.decode()
    client.post(undo)
    assert "Taken back." in client.get("/me/reports/").content.decode()


def test_nobody_is_offered_to_report_their_own(client, author, post):
    client.force_login(author)
    assert "/report/post/" not in client.get(post.get_absolute_url()).content.decode()


@pytest.mark.parametrize("typed", [{}, {"rule": "nonsense"}, {"rule": "other"}])
def test_a_report_without_a_reason_says_what_is_missing(client, voter, post, typed):
    client.force_login(voter)
    assert client.post(f"/report/post/{post.pk}/", typed).status_code == 422 and not Report.objects.exists()


def test_a_visitors_report_waits_for_the_sign_in(client, post, code_in_mail):
    assert "/report/post/" in client.get(post.get_absolute_url()).content.decode()
    answer = client.post(f"/report/post/{post.pk}/", {"rule": "spam", "email": "nora@example.org"})
    assert answer.status_code == 307 and not Report.objects.exists()
    client.post(answer["Location"], {"email": "nora@example.org"})
    client.post("/accounts/login/code/confirm/", {"code": code_in_mail()})
    assert Report.objects.get().reporter.email == "nora@example.org"


def test_before_signing_in_one_reads_what_is_kept(client, post):
    client.post(f"/report/post/{post.pk}/", {"rule": "spam"})
    assert "Your report is kept." in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize(
    "address", ["/report/post/999999/", "/report/comment/999999/", "/report/ship/1/", "/report/member/999999/"]
)
def test_what_is_not_there_cannot_be_reported(client, voter, address):
    client.force_login(voter)
    assert client.get(address).status_code == client.post(address, {"rule": "spam"}).status_code == 404


def test_comments_and_people_are_reported_alike(client, voter, post):
    comment = make_comment(post)
    client.force_login(voter)
    for kind, pk in (("comment", comment.pk), ("member", post.author_id)):
        assert client.get(f"/report/{kind}/{pk}/").status_code == 200
        assert client.post(f"/report/{kind}/{pk}/", {"rule": "private"}).status_code == 302
    assert Report.objects.count() == 2


def test_somebody_elses_report_is_nobodys_business(client, voter, author, post):
    row = report(target=target(post), by=voter, rule="spam", at=NOW)
    client.force_login(author)
    assert client.post(f"/me/reports/{row.pk}/undo/").status_code == 404
    assert "A word too many" not in client.get("/me/reports/").content.decode()


def test_the_person_reads_why_and_appeals_once(client, author, hidden):
    client.force_login(author)
    address = f"/me/decisions/{hidden.pk}/"
    page = client.get(address).content.decode()
    assert "Leave him in peace." in page and "never about people" in page and "Appeal" in page
    assert client.post(address, {"words": ""}).status_code == 422
    assert client.post(address, {"words": "I was quoting him."}).status_code == 302
    page = client.get(address).content.decode()
    assert "I was quoting him." in page and "Somebody else than before" in page and "<textarea" not in page
    assert client.post(address, {"words": "Again."}).status_code == 409 and Appeal.objects.count() == 1


def test_the_outcome_stands_on_the_same_page(client, author, board, hidden):
    row = appeal(decision=hidden, by=author, words="No.", at=timezone.now())
    decide_appeal(appeal=row, by=make_moderator(board=board), overturn=True, words="They quoted.", at=timezone.now())
    client.force_login(author)
    page = client.get(f"/me/decisions/{hidden.pk}/").content.decode()
    assert "Granted: everything is as it was before." in page and "They quoted." in page
    assert "Your appeal is granted" in client.get("/me/decisions/").content.decode()


def test_a_decision_is_its_persons_alone(client, voter, moderator, hidden):
    for other in (voter, moderator):
        client.force_login(other)
        assert client.get(f"/me/decisions/{hidden.pk}/").status_code == 404
        assert client.post(f"/me/decisions/{hidden.pk}/", {"words": "Why?"}).status_code == 404


def test_no_moderators_name_stands_on_it(client, author, hidden):
    client.force_login(author)
    assert "Moe Keller" not in client.get(f"/me/decisions/{hidden.pk}/").content.decode()


def test_the_suspended_read_and_appeal(client, author, moderator):
    row = suspend_member(
        member=author, by=moderator, rule="unkind", until=timezone.now() + timedelta(days=30), at=timezone.now()
    )
    client.force_login(author)
    page = client.get(f"/me/decisions/{row.pk}/").content.decode()
    assert "suspended until" in page and "takes a second person" in page
    assert client.post(f"/me/decisions/{row.pk}/", {"words": "It was my brother."}).status_code == 302


def test_the_author_of_what_waits_reads_why(screened, client, stranger, board):
    held = write_post(author=stranger, board=board, kind="discussion", title="My first link", body="http://a.example", at=NOW,
                      manner=Manner("page", 9000))  # fmt: skip
    client.force_login(stranger)
    page = client.get(held.get_absolute_url()).content.decode()
    assert "This waits for a moderator." in page and "It is your first text here, and it has a link." in page


def test_a_form_carries_the_stamp_and_a_field_that_nobody_sees(client, voter, post):
    client.force_login(voter)
    for address in (post.get_absolute_url(), "/posts/new/", f"/posts/{post.pk}/comments/new/"):
        page = client.get(address).content.decode()
        assert f'name="{STAMP}"' in page and f'name="{TRAP}" tabindex="-1"' in page and 'class="trap"' in page


def test_from_the_page_a_slow_writer_is_let_through_and_a_program_waits(screened, client, board):
    typed = {"title": "A wish of mine", "kind": "suggestion", "board": board.slug, "body": "Why.", "tags": ""}
    for more, state in (
        ({STAMP: stamp(at=timezone.now() - timedelta(minutes=1))}, "visible"),
        ({}, "held"),
        ({TRAP: "x"}, "held"),
    ):
        client.force_login(make_newcomer(joined_at=timezone.now()))
        page = client.post("/posts/new/", typed | more, follow=True).content.decode()
        assert Post.objects.latest("pk").state == state
        assert ("waits for a moderator; you hear" in page) is (state == "held")
    assert "trap" in Hold.objects.latest("pk").reasons


def test_what_a_visitor_typed_slowly_stands_after_the_sign_in(screened, client, board, code_in_mail):
    typed = {
        "title": "A wish of mine",
        "kind": "suggestion",
        "board": board.slug,
        "body": "",
        "tags": "",
        "email": "n@example.org",
    }
    typed[STAMP] = stamp(at=timezone.now() - timedelta(minutes=1))
    client.post(client.post("/posts/new/", typed)["Location"], {"email": "n@example.org"})
    client.post("/accounts/login/code/confirm/", {"code": code_in_mail()})
    assert Post.objects.get().state == "visible"


def test_a_refused_comment_keeps_what_was_typed(screened, client, voter, post):
    client.force_login(voter)
    address = f"/posts/{post.pk}/comments/new/"
    assert client.post(address, {"body": "The very same words"}).status_code == 302
    answer = client.post(address, {"body": "The very same words"})
    assert (
        answer.status_code == 422
        and "exactly this" in answer.content.decode()
        and "The very same words" in answer.content.decode()
    )


def test_by_the_api_what_waits_is_made_and_limits_are_problems(screened, client, stranger, board):
    client.force_login(stranger)
    told = {"board": board.slug, "title": "A wish of mine", "body": "http://a.example"}
    assert client.post("/api/v1/posts", told, content_type="application/json").status_code == 201
    assert Post.objects.get().state == "held"
    again = client.post("/api/v1/posts", told | {"title": "Another"}, content_type="application/json")
    assert (again.status_code, again["Content-Type"]) == (429, "application/problem+json") and int(again["Retry-After"]) > 100


def test_everybody_may_read_the_rules_in_their_language(client):
    assert "Argue about things" in client.get("/rules/").content.decode()
    assert "对事不对人" in client.get("/rules/", headers={"Accept-Language": "zh-Hans"}).content.decode()
    assert "對事不對人" in client.get("/rules/", headers={"Accept-Language": "zh-Hant"}).content.decode()
    assert "public" in client.get("/rules/")["Cache-Control"] and "/rules/" in client.get("/").content.decode()


def test_administrators_give_new_rules_and_the_old_ones_stay(client, admin_member, staff):
    adopt_rules(rules=HouseRules(text="Be **kind**.", text_zh_hans="要友善。"), by=admin_member, at=NOW)
    adopt_rules(rules=HouseRules(text="Be *very* kind."), by=admin_member, at=NOW + timedelta(days=1))
    assert HouseRules.objects.count() == 2 and rules_in_force().text == "Be *very* kind."
    assert "<em>very</em>" in client.get("/rules/", headers={"Accept-Language": "zh-Hans"}).content.decode()
    with pytest.raises(NotAllowed):
        adopt_rules(rules=HouseRules(text="Mine."), by=staff, at=NOW)


def test_numbers_count_by_month_and_name_nobody(client, author, voter, board, moderator):
    for number in range(3):
        one = make_post(f"Qxtitle {number}", author=author, board=board)
        report(target=target(one), by=voter, rule="spam", at=NOW)
        if number:
            decisions.hide(target=target(one), by=moderator, rule="spam", at=NOW + timedelta(hours=2 * number))
    found = months(at=NOW + timedelta(days=1))
    assert len(found) == 1
    assert (found[0].reports, found[0].hidden, found[0].released, found[0].hours) == (3, 2, 0, 3.0)
    page = client.get("/transparency/").content.decode()
    assert not any(name in page for name in ("Moe Keller", "Mara Lindqvist", "Qxtitle"))


def test_without_a_case_there_is_nothing_to_count(client):
    assert "Nothing to count yet" in client.get("/transparency/").content.decode()


def test_numbers_cost_the_same_however_many_months(queries_of, author, board, voter):
    counts = []
    for months_ago in (0, 40, 80):
        report(
            target=target(make_post(author=author, board=board)),
            by=voter,
            rule="spam",
            at=timezone.now() - timedelta(days=months_ago),
        )
        counts.append(queries_of("/transparency/"))
    assert counts[0] == counts[-1]


@pytest.mark.parametrize("address", ["/me/reports/", "/me/decisions/", "/me/blocks/"])
def test_ones_own_pages_ask_to_sign_in(client, voter, address):
    assert "login" in client.get(address)["Location"]
    client.force_login(voter)
    assert client.get(address).status_code == 200 and "no-store" in client.get(address)["Cache-Control"]


def test_ones_own_lists_cost_the_same_however_long(client, voter, moderator, board, queries_of):
    client.force_login(voter)
    counts = []
    for more in (2, 16):
        for _ in range(more):
            report(target=target(make_post(board=board)), by=voter, rule="spam", at=timezone.now())
            decisions.hide(target=target(make_post(author=voter, board=board)), by=moderator, rule="spam", at=timezone.now())
        counts.append([queries_of(page) for page in ("/me/reports/", "/me/decisions/")])
    assert counts[0] == counts[1]


def test_in_the_admin_hiding_is_a_decision_with_a_reason(author, staff, client):
    made = make_post("Of the desk", author=author, board=make_board())
    row = decisions.hide(target=target(made), by=staff, rule="other", words="Hidden by the team.", at=NOW)
    assert row.words and make_member() and Post.objects.get(pk=made.pk).state == "hidden"
