"""Contests on the pages: for visitors, fans, jurors, moderators and staff."""

import pytest
from django.utils import timezone

from community.contests.deciding import announce_winners
from community.contests.entering import hide_entry
from community.deliveries import drain
from community.models import Contest, ContestEntry, FanVote, JuryScore, Notice, Post, Teammate
from community.notice_words import Words
from tests.community.contesting import DAY, DECIDING, announced, give_vote, make_contest, make_entry
from tests.factories import NOW, make_board, make_member, make_moderator, make_staff
from tests.feedback.desks import at_the_desk, desk
from tests.feedback.desks import queries_of as queries_at

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def running(days=0, **more):
    """A contest that opened so many days ago, by the clock of the pages."""
    return make_contest(opens=timezone.now() - days * DAY - DAY / 2, **more)


def entered(contest, **more):
    return make_entry(contest, at=contest.opens_at, **more)


def shown(client, thing, **more):
    return client.get(thing if isinstance(thing, str) else thing.get_absolute_url(), **more).content.decode()


def acting(entry, name):
    return f"{entry.get_absolute_url()}{name}/"


def test_the_list_is_inviting_when_there_is_nothing(client):
    assert "No contest yet" in shown(client, "/contests/")
    assert "Contests" not in shown(client, "/community/").split("<main")[1].split("</main>")[0]


def test_the_list_tells_what_runs_what_comes_and_who_won(client):
    running(days=8, title="Running one"), make_contest(opens=timezone.now() + DAY, title="Coming one")
    past = make_contest(title="Past one")
    entered(past, title="The winning entry", author=make_member("Mara Lindqvist"))
    announced(past)
    text = shown(client, "/contests/")
    assert text.index("Running one") < text.index("Coming one") < text.index("Past one")
    assert "5\xa0days left to vote" in text
    assert "“The winning entry” won, made by" in text and "Mara Lindqvist" in text
    assert "Running one" in shown(client, "/community/")


def test_the_list_asks_as_often_for_many_contests_as_for_two(client, queries_of):
    counts = []
    for _round in range(2):
        for _contest in range(2):
            entered(running(days=1))
            past = make_contest()
            entered(past)
            announced(past)
        counts.append(queries_of("/contests/"))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("after", ["running", "0", "²", "x", "9" * 40])
def test_going_on_behind_what_is_not_decided_begins_anew(client, after):
    contest = running()
    past = make_contest(title="Past one")
    announced(past)
    asked = contest.pk if after == "running" else after
    assert "Past one" in shown(client, f"/contests/?after={asked}")
    assert "Past one" not in client.get(f"/contests/?after={past.pk}", headers=HTMX).content.decode()


def test_a_contest_asks_as_often_for_many_entries_as_for_two(client, queries_of):
    contest, counts = running(), []
    for _round in range(2):
        for _entry in range(3):
            entered(contest)
        counts.append(queries_of(contest.get_absolute_url()))
    assert counts[0] == counts[1]


def test_entries_are_paged_and_stand_in_the_same_order_for_everybody_that_day(client):
    contest = running()
    for _number in range(26):
        entered(contest)
    text = shown(client, contest)
    assert text.count('class="card entry-card"') == 24 and "?after=24" in text
    rest = client.get(contest.get_absolute_url() + "?after=24", headers=HTMX).content.decode()
    assert rest.count('class="card entry-card"') == 2 and "<html" not in rest


def test_no_count_of_votes_is_told_before_the_result(client, staff):
    contest = running(days=8)
    entry = entered(contest)
    for _fan in range(7):
        give_vote(entry, at=timezone.now())
    for page in (contest, entry):
        assert ">7<" not in shown(client, page)
    announce_winners(contest=contest, by=staff, at=contest.jury_until)
    Contest.objects.update(announced_at=timezone.now())
    assert ">7<" in shown(client, contest)


def test_a_visitor_enters_and_signs_in_at_the_very_end(client, settings, code_in_mail):
    settings.ACCOUNT_RATE_LIMITS = False
    contest = running()
    address = contest.get_absolute_url() + "enter/"
    assert "Take part and send me a code" in shown(client, address)
    client.post(address, {"title": "A first entry", "body": "It is about light.", "team": ""})
    client.post("/accounts/login/code/", {"email": "nora@example.org"})
    landed = client.post("/accounts/login/code/confirm/", {"code": code_in_mail()}, follow=True).content.decode()
    assert "“A first entry” takes part." in landed and ContestEntry.objects.get().author.email == "nora@example.org"


def test_a_visitors_vote_waits_for_the_code(client, settings, code_in_mail):
    settings.ACCOUNT_RATE_LIMITS = False
    entry = entered(running(days=8), title="A lamp")
    assert "Vote for “A lamp”" in shown(client, acting(entry, "vote"))
    client.post(acting(entry, "vote"), {"want": "vote"})
    client.post("/accounts/login/code/", {"email": "nora@example.org"})
    landed = client.post("/accounts/login/code/confirm/", {"code": code_in_mail()}, follow=True).content.decode()
    assert "Your vote for “A lamp” counts." in landed and FanVote.objects.count() == 1


def test_a_vote_swaps_its_button_and_says_how_many_are_left(client, voter):
    entry = entered(running(days=8))
    client.force_login(voter)
    told = client.post(acting(entry, "vote"), {"want": "vote"}, headers=HTMX).content.decode()
    assert 'aria-pressed="true"' in told and "You have 2 votes left." in told and 'hx-swap-oob="true"' in told
    told = client.post(acting(entry, "vote"), {"want": "withdraw"}, headers=HTMX).content.decode()
    assert 'aria-pressed="false"' in told and "You have 3 votes left." in told
    assert client.post(acting(entry, "vote"), {"want": "vote"}).status_code == 302


def test_what_was_typed_into_an_entry_stays_when_it_is_refused(client, voter):
    contest = running()
    client.force_login(voter)
    answer = client.post(contest.get_absolute_url() + "enter/", {"title": "A lamp", "body": "Light.", "team": "nobody-here"})
    assert answer.status_code == 422 and "There is no member called nobody-here." in answer.content.decode()
    assert "A lamp" in answer.content.decode() and not ContestEntry.objects.exists()


def test_an_entry_is_mended_and_taken_back_by_its_author_alone(client, author, voter):
    entry = entered(running(), author=author)
    client.force_login(voter)
    assert {client.get(acting(entry, name)).status_code for name in ("edit", "withdraw", "hide")} == {404}
    client.force_login(author)
    client.post(acting(entry, "edit"), {"title": "Mended", "body": "More.", "team": voter.username})
    assert "Mended" in shown(client, entry) and "Asked, and not named until they agree" in shown(client, entry)
    assert "Take “Mended” back?" in shown(client, acting(entry, "withdraw"))
    client.post(acting(entry, "withdraw"))
    assert client.get(entry.get_absolute_url()).status_code == 404


def test_a_co_author_hears_of_it_and_agrees_on_the_page(client, author, voter):
    entry = entered(running(), author=author, team=[voter], title="A lamp")
    drain()
    notice = Notice.objects.select_related("member").get(member=voter)
    assert Words([notice]).of(notice).sentence == "Mara Lindqvist wants to name you as a co-author of “A lamp”"
    assert "Tomasz Wilk" not in shown(client, entry)
    client.force_login(voter)
    assert "Yes, I made it too" in shown(client, entry)
    client.post(acting(entry, "team"), {"want": "agree"})
    client.logout()
    assert "Tomasz Wilk" in shown(client, entry) and Teammate.objects.get().agreed_at


def test_a_moderator_hides_with_a_reason_the_team_hears(client, author, board):
    entry = entered(running(board=board), author=author)
    client.force_login(make_moderator(board=board))
    assert "Hide…" in shown(client, entry)
    assert client.post(f"/moderation/entry/{entry.pk}/hide/", {"rule": ""}).status_code == 422
    client.post(f"/moderation/entry/{entry.pk}/hide/", {"rule": "other", "words": "Somebody else drew it."})
    drain()
    notice = Notice.objects.select_related("member").get(member=author)
    assert "Somebody else drew it." in Words([notice]).of(notice).quote
    client.post(f"/moderation/entry/{entry.pk}/restore/")
    assert ContestEntry.objects.get().state == "visible"


def test_the_jurys_page_is_for_the_jury_and_asks_for_a_declaration_first(client, voter, author):
    contest = running(days=8, jury=[voter])
    entry, own = entered(contest), entered(contest, author=voter)
    address = contest.get_absolute_url() + "jury/"
    client.force_login(author)
    assert client.get(address).status_code == 404
    client.force_login(voter)
    assert "whom are you close to?" in shown(client, address)
    client.post(address + "declare/", {"interests": ""})
    assert "0 of 1 entry scored" in shown(client, address) and "You have a hand in this entry" in shown(client, address)
    scores = {f"score-{pk}": 8 for pk in contest.criteria.values_list("pk", flat=True)}
    told = client.post(f"{address}{entry.pk}/", scores, headers=HTMX).content.decode()
    assert "Scored" in told and JuryScore.objects.count() == 2
    assert client.post(f"{address}{own.pk}/", scores).status_code == 403
    assert client.post(f"{address}{entry.pk}/", {"score-x": "y"}).status_code == 422


def test_staff_look_at_the_standing_and_announce_it(client, staff, voter):
    contest = running(days=30, jury=[make_member()])
    entry = entered(contest, author=voter)
    client.force_login(voter)
    assert client.get(contest.get_absolute_url() + "standing/").status_code == 403
    at_the_desk(client, staff)
    assert "Still missing from the jury:" in shown(client, contest.get_absolute_url() + "standing/")
    give_vote(entry, at=contest.entries_until)
    told = client.post(contest.get_absolute_url() + "announce/", follow=True).content.decode()
    assert "The result is announced." in told and "Place 1" in told
    client.post(acting(entry, "adopt"))
    assert Post.objects.get().author == voter and "It became a suggestion:" in shown(client, entry)


def test_everybody_who_took_part_hears_who_won(voter, author):
    contest = make_contest(jury=[make_member("Juror")])
    entry = make_entry(contest, author=author, title="A lamp")
    give_vote(entry, voter)
    announce_winners(contest=contest, by=make_staff(), at=DECIDING)
    drain()
    notices = list(Notice.objects.filter(kind="contest_decided").select_related("member"))
    assert {notice.member.display_name for notice in notices} == {"Mara Lindqvist", "Tomasz Wilk", "Juror"}
    assert Words(notices).of(notices[0]).sentence == "“The best wallpaper” is decided: “A lamp” by Mara Lindqvist won"


def test_a_notice_of_a_contest_one_may_not_see_any_more_says_nothing(voter):
    contest = make_contest()
    give_vote(make_entry(contest), voter)
    announce_winners(contest=contest, by=make_staff(), at=DECIDING)
    drain()
    Contest.objects.update(board=make_board(see="staff"))
    notice = Notice.objects.select_related("member").get(member=voter)
    assert Words([notice]).of(notice) is None


def test_the_jurys_marks_are_shown_once_announced(client, staff):
    juror = make_member("Judith")
    contest = running(days=15, jury=[juror])
    entry = entered(contest)
    client.force_login(juror)
    client.post(contest.get_absolute_url() + "jury/declare/", {"interests": ""})
    scores = {f"score-{pk}": 7 for pk in contest.criteria.values_list("pk", flat=True)}
    client.post(f"{contest.get_absolute_url()}jury/{entry.pk}/", scores)
    client.logout()
    assert "Judith 7" not in shown(client, entry)
    announce_winners(contest=contest, by=staff, at=timezone.now())
    assert "Judith 7" in shown(client, entry) and "7.0" in shown(client, entry)


@pytest.mark.parametrize("name", ["edit", "withdraw", "team", "adopt"])
def test_a_visitor_is_led_to_the_sign_in(client, name):
    entry = entered(running())
    assert "/accounts/login/" in client.post(acting(entry, name))["Location"]


def test_the_admin_arranges_a_contest_by_the_operation(client, admin_member, board):
    at_the_desk(client, admin_member)
    juror, day = make_member(), timezone.now() + DAY
    typed = {
        "title": "Best lamp", "slug": "best-lamp", "board": board.pk, "kind": "contest", "published": "on", "brief": "Draw **one**.",
        "fan_weight": 40, "votes_each": 3, "entries_each": 1, "team_most": 4, "places": 3, "criteria": "Idea: 2\nCraft", "jury": [juror.pk],
    }  # fmt: skip
    for number, name in enumerate(("opens_at", "entries_until", "votes_until", "jury_until")):
        typed |= {f"{name}_0": (day + number * DAY).date().isoformat(), f"{name}_1": "12:00:00"}
    address = desk("community_contest_add")
    assert "One on each line" in client.get(address).content.decode()
    assert "needs at least one criterion" in client.post(address, typed | {"criteria": ""}).content.decode()
    assert client.post(address, typed).status_code == 302
    contest = Contest.objects.get()
    assert "<strong>" in contest.brief_html and list(contest.jury.all()) == [juror]
    assert [(one.name, one.weight) for one in contest.criteria.all()] == [("Idea", 2), ("Craft", 1)]
    assert "Idea: 2" in client.get(desk("community_contest_change", contest.pk)).content.decode()


def test_the_admins_list_asks_few_queries_and_a_decided_contest_is_read_only(client, admin_member):
    at_the_desk(client, admin_member)
    contests = [make_contest() for _ in range(4)]
    announced(contests[0])
    hide_entry(entry=make_entry(contests[1]), reason="Copied.", by=admin_member, at=NOW)
    assert queries_at(client, desk("community_contest_changelist")) < 20
    assert client.post(desk("community_contest_change", contests[0].pk), {"title": "Other"}).status_code == 403
    assert "contests to decide" in client.get("/admin/").content.decode()


@pytest.mark.parametrize("days", [-2, 8])
def test_the_form_is_not_offered_while_no_entries_are_taken(client, days):
    body = client.get(f"{running(days=days).get_absolute_url()}enter/").content.decode()
    assert "This contest takes no entries now." in body and 'name="title"' not in body


def test_what_was_typed_when_entries_closed_stands_in_the_form_with_the_reason(client, author):
    client.force_login(author)
    sent = client.post(f"{running(days=8).get_absolute_url()}enter/", {"title": "A lamp", "body": "Of paper.", "team": ""})
    assert sent.status_code == 422 and "Of paper." in sent.content.decode()
    assert "This contest takes no entries now." in sent.content.decode()
