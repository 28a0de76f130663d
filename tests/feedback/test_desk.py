"""The triage desk in the admin: the list, the case, and every decision about it."""

import pytest

from community.models import Activity, Post
from feedback.merges import merge_suggestions, propose_merge
from feedback.models import InternalNote, Merge, RoadmapItem, StatusChange, Suggestion
from feedback.triage import answer_suggestion, triage_suggestion
from tests.factories import make_board, make_bug, make_member, make_staff, make_suggestion, make_vote
from tests.feedback.desks import at_the_desk, case, desk, queries_of, said, view_of

pytestmark = pytest.mark.django_db
LIST = "/admin/feedback/suggestion/"


@pytest.fixture
def desk_client(client, staff):
    return at_the_desk(client, staff)


def listed(client, query=""):
    page = client.get(LIST + query)
    assert page.status_code == 200
    return [row.pk for row in page.context["cl"].result_list]


def fresh(suggestion):
    return Suggestion.objects.select_related("post", "root").get(pk=suggestion.pk)


def test_the_list_shows_title_status_votes_score_and_who_answers_for_it(desk_client, suggestion, staff, now):
    triage_suggestion(suggestion=suggestion, by=staff, at=now, assignee=staff)
    page = desk_client.get(LIST).content.decode()
    assert all(words in page for words in ("Charge limit that learns my alarm", "Open", "Ines Okafor", 'data-status="open"'))


def test_a_row_says_that_it_is_new_a_bug_or_merged(desk_client, board):
    bug = make_bug("Phone reboots", board=board)
    merge_suggestions(duplicate=make_suggestion(board=board), into=bug, by=make_staff("Jun Park"), at=bug.post.created_at)
    page = desk_client.get(LIST).content.decode()
    assert all(words in page for words in (">Bug<", ">New<", "1 merged"))


@pytest.mark.parametrize(
    ("queue", "shown"), [("mine", "mine"), ("unowned", "theirs"), ("unanswered", "theirs"), ("new", "theirs")]
)
def test_each_queue_shows_what_it_says(desk_client, board, staff, now, queue, shown):
    rows = {"mine": make_suggestion(board=board), "theirs": make_suggestion(board=board)}
    triage_suggestion(suggestion=rows["mine"], by=staff, at=now, assignee=staff)
    answer_suggestion(suggestion=rows["mine"], by=staff, at=now, answer="Soon.")
    assert listed(desk_client, f"?queue={queue}") == [rows[shown].pk]


def test_merged_ones_are_left_out_unless_asked_for(desk_client, suggestion, board, staff, now):
    duplicate = make_suggestion(board=board)
    merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
    assert listed(desk_client) == [suggestion.pk]
    assert listed(desk_client, "?merged=yes") == [duplicate.pk]
    assert len(listed(desk_client, "?merged=all")) == 2


@pytest.mark.parametrize("words", ["充电保护", "充電保護", "闹钟 充电", "鬧鐘"])
def test_words_find_a_title_in_either_chinese_script(desk_client, board, words):
    wish = make_suggestion("充电保护要看我的闹钟", board=board)
    make_suggestion("Charge limit", board=board)
    assert listed(desk_client, f"?q={words}") == [wish.pk]


@pytest.mark.parametrize("words", ["charge ALARM", "#{pk}", "{pk}", "/posts/{pk}/any/"])
def test_words_a_number_or_a_link_find_it(desk_client, suggestion, words):
    make_suggestion("Something else", board=suggestion.post.board)
    found = listed(desk_client, "?q=" + words.format(pk=suggestion.pk).replace("#", "%23"))
    assert found == [suggestion.pk]


@pytest.mark.parametrize("filtered", ["status=planned", "post__kind__exact=bug", "severity__exact=8", "assignee={staff}"])
def test_filters_narrow_the_list(desk_client, board, staff, now, filtered):
    wanted, other = make_bug(board=board), make_suggestion(board=board)
    triage_suggestion(suggestion=wanted, by=staff, at=now, severity=8, assignee=staff)
    Suggestion.objects.filter(pk=wanted.pk).update(status="planned")
    query = filtered.format(staff=staff.pk).replace("status=", "status__exact=")
    assert listed(desk_client, f"?{query}") == [wanted.pk] != [other.pk]


def test_only_colleagues_are_offered_as_assignees(desk_client, suggestion):
    make_member("Some Fan")
    page = desk_client.get(LIST).content.decode()
    assert "Some Fan" not in page


def test_chosen_rows_can_be_taken_on_and_put_under_review(desk_client, suggestion, staff):
    for action in ("take_on", "review"):
        desk_client.post(LIST, {"action": action, "_selected_action": [suggestion.pk]})
    assert (fresh(suggestion).assignee, fresh(suggestion).status) == (staff, "under-review")


def test_a_row_that_is_refused_is_named_and_the_others_are_done(desk_client, board, staff, now):
    done, todo = make_suggestion("Done already", board=board), make_suggestion(board=board)
    desk_client.post(LIST, {"action": "review", "_selected_action": [done.pk]})
    answer = desk_client.post(LIST, {"action": "review", "_selected_action": [done.pk, todo.pk]}, follow=True)
    assert "Done already: It has this status already." in said(answer)
    assert fresh(todo).status == "under-review"


def test_the_list_costs_no_more_queries_for_twenty_rows_than_for_two(desk_client, board, staff, now):
    def grow(count):
        for _row in range(count):
            one = make_suggestion(board=board)
            triage_suggestion(suggestion=one, by=staff, at=now, assignee=staff)

    grow(2)
    few = queries_of(desk_client, LIST)
    grow(18)
    assert queries_of(desk_client, LIST) == few


def test_the_case_shows_what_was_written_and_what_can_be_decided(desk_client, suggestion, staff, now):
    answer_suggestion(suggestion=suggestion, by=staff, at=now, answer="We read it on Monday.")
    page = desk_client.get(case(suggestion)).content.decode()
    assert all(
        words in page for words in (suggestion.post.title, "Here is why.", "We read it on Monday.", "Answered in public")
    )


def test_the_case_says_how_many_will_hear_of_it(desk_client, suggestion, voter):
    make_vote(suggestion, voter)
    assert "2 people are told." in desk_client.get(case(suggestion)).content.decode()


def test_a_status_with_its_answer_is_published(desk_client, suggestion, staff):
    answer = desk_client.post(case(suggestion, "status"), {"status": "planned", "answer": "For 3.3."}, follow=True)
    assert (fresh(suggestion).status, fresh(suggestion).answer, fresh(suggestion).answered_by) == ("planned", "For 3.3.", staff)
    assert "everybody concerned is told" in said(answer)


def test_an_answer_alone_leaves_the_status(desk_client, suggestion):
    desk_client.post(case(suggestion, "status"), {"status": "open", "answer": "Looking into it."})
    assert (fresh(suggestion).answer, StatusChange.objects.count()) == ("Looking into it.", 0)


def test_the_former_answer_in_the_box_is_not_given_again(desk_client, suggestion, now):
    answer_suggestion(suggestion=suggestion, by=make_staff("Jun Park"), at=now, answer="One\nTwo")
    desk_client.post(case(suggestion, "status"), {"status": "planned", "answer": "One\r\nTwo"})
    assert (StatusChange.objects.get().answer, str(fresh(suggestion).answered_by)) == ("", "Jun Park")


def test_the_former_answer_is_no_reason_to_decline(desk_client, suggestion, staff, now):
    answer_suggestion(suggestion=suggestion, by=staff, at=now, answer="Soon.")
    answer = desk_client.post(case(suggestion, "status"), {"status": "declined", "answer": "Soon."})
    assert (answer.status_code, fresh(suggestion).status) == (422, "open")
    page = answer.content.decode()
    assert "Please say why, and what would change it." in page
    assert '<option value="declined" selected>' in page


def test_triage_is_saved_by_the_operation(desk_client, suggestion, staff):
    typed = view_of(suggestion, kind="bug", severity=8, frequency=3, assignee=staff.pk)
    assert desk_client.post(case(suggestion, "triage"), typed).status_code == 302
    saved = fresh(suggestion)
    assert (saved.post.kind, saved.severity, saved.frequency, saved.assignee) == ("bug", 8, 3, staff)
    assert set(Activity.objects.get(verb="suggestion_triaged").data["fields"]) == {"kind", "severity", "frequency", "assignee"}


def test_a_view_without_its_reason_is_shown_again_as_typed(desk_client, suggestion):
    answer = desk_client.post(case(suggestion, "triage"), view_of(suggestion, strategy_fit=3, severity=4))
    assert (answer.status_code, fresh(suggestion).strategy_fit) == (422, 0)
    page = answer.content.decode()
    assert "A fit above 0 takes a reason." in page
    assert '<option value="4" selected>' in page


def test_a_note_stays_among_staff(desk_client, client, suggestion):
    desk_client.post(case(suggestion, "note"), {"body": "Ask the lab first."})
    assert InternalNote.objects.get().body == "Ask the lab first."
    assert "Ask the lab first." in desk_client.get(case(suggestion)).content.decode()
    assert "Ask the lab first." not in desk_client.get(suggestion.post.get_absolute_url()).content.decode()


def test_one_press_puts_it_on_the_roadmap(desk_client, suggestion):
    desk_client.post(case(suggestion, "adopt"))
    assert (RoadmapItem.objects.get().title, fresh(suggestion).status) == (suggestion.post.title, "planned")


def test_looking_what_merging_would_do_merges_nothing(desk_client, suggestion, board, voter):
    duplicate = make_suggestion("Stop at four fifths", board=board)
    make_vote(duplicate, voter)
    page = desk_client.get(case(duplicate, "merge") + f"?link={suggestion.pk}").content.decode()
    assert "Votes: 1 now, 3 together" in page
    assert "2 people hear of it" in page
    assert not Merge.objects.exists()


def test_the_one_button_there_merges(desk_client, suggestion, board):
    duplicate = make_suggestion("Stop at four fifths", board=board)
    answer = desk_client.post(case(duplicate, "merge"), {"link": suggestion.pk})
    assert (answer.status_code, answer.url, fresh(duplicate).root) == (302, case(suggestion), suggestion)


def test_a_refused_merge_says_why_and_offers_the_other_way(desk_client, suggestion):
    inner = make_suggestion("Team only", board=make_board(see="staff"), author=make_staff("Jun Park"))
    page = desk_client.get(case(suggestion, "merge") + f"?link={inner.pk}").content.decode()
    assert "Not everyone who may see this suggestion may see the other one." in page
    assert f"{case(inner, 'merge')}?link={suggestion.pk}" in page


@pytest.mark.parametrize("link", ["", "nonsense", "999999999"])
def test_a_link_to_nothing_is_shown_again(desk_client, suggestion, link):
    answer = desk_client.get(case(suggestion, "merge"), {"link": link})
    assert answer.status_code == 422
    assert link in answer.content.decode()


def test_parting_asks_once_and_then_does_it(desk_client, suggestion, board, staff, now):
    duplicate = make_suggestion(board=board)
    merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
    assert "Not the same after all?" in desk_client.get(case(duplicate, "unmerge")).content.decode()
    assert fresh(duplicate).root == suggestion
    desk_client.post(case(duplicate, "unmerge"))
    assert fresh(duplicate).root == duplicate


def test_a_merged_one_leads_to_its_canonical(desk_client, suggestion, board, staff, now):
    duplicate = make_suggestion(board=board)
    merge_suggestions(duplicate=duplicate, into=suggestion, by=staff, at=now)
    page = desk_client.get(case(duplicate)).content.decode()
    assert "That one decides for both." in page
    assert case(suggestion) in page


def test_proposals_about_the_case_are_shown_there(desk_client, suggestion, board, voter, now):
    other = make_suggestion(board=board)
    proposal = propose_merge(duplicate=other, into=suggestion, by=voter, at=now)
    for one in (suggestion, other):
        assert desk("feedback_mergeproposal_change", proposal.pk) in desk_client.get(case(one)).content.decode()


def test_an_imported_case_names_where_it_came_from(desk_client, suggestion):
    Post.objects.filter(pk=suggestion.pk).update(source_system="github", source_url="https://github.com/linden/os/issues/7")
    page = desk_client.get(case(suggestion)).content.decode()
    assert "from github" in page


@pytest.mark.parametrize("name", ["status", "triage", "note", "adopt"])
def test_opening_a_decision_by_hand_changes_nothing(desk_client, suggestion, name):
    before = Activity.objects.count()
    assert desk_client.get(case(suggestion, name)).url == case(suggestion)
    assert Activity.objects.count() == before


def test_an_unknown_case_is_not_found(desk_client):
    assert desk_client.get("/admin/feedback/suggestion/999/change/").status_code == 404
    assert desk_client.get("/admin/feedback/suggestion/nonsense/change/").status_code == 404


def test_the_case_costs_the_same_with_two_and_twenty_notes(desk_client, suggestion, board, staff, now):
    def grow(count):
        for _row in range(count):
            desk_client.post(case(suggestion, "note"), {"body": "Hm."})
            merge_suggestions(duplicate=make_suggestion(board=board), into=suggestion, by=staff, at=now)

    grow(2)
    few = queries_of(desk_client, case(suggestion))
    grow(18)
    assert queries_of(desk_client, case(suggestion)) == few
