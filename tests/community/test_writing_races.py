"""Two presses at once: one accepted answer, one draft, versions without a gap."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from community import posts
from community.models import Activity, Draft, Member, Post, Revision
from community.writing.answers import accept_answer
from community.writing.drafts import save_draft
from tests.factories import NOW, make_comment, make_member, make_post

pytestmark = pytest.mark.usefixtures("committed_db")


def at_once(*acts):
    """Each act in a thread of its own, all let loose together; what went wrong, if anything."""
    ready, faults = threading.Barrier(len(acts)), []

    def run(act):
        try:
            connection.ensure_connection()
            ready.wait(timeout=30)
            act()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return faults


def test_of_two_answers_accepted_at_once_one_stands_and_the_other_was_taken_back():
    question = make_post("Can I move my eSIM?", kind="question")
    answers = [make_comment(question, f"Way {number}") for number in range(2)]
    asker = question.author
    acts = [lambda answer=answer: accept_answer(comment=answer, by=asker, at=NOW) for answer in answers]
    assert at_once(*acts) == []
    accepted = list(Activity.objects.filter(verb="answer_accepted").order_by("pk").values_list("data__comment_id", flat=True))
    taken_back = list(Activity.objects.filter(verb="answer_unaccepted").values_list("data__comment_id", flat=True))
    assert len(accepted) == 2 and taken_back == accepted[:1]
    assert Post.objects.get(pk=question.pk).accepted_answer_id == accepted[1]


def test_one_press_that_arrives_twice_is_one_fact():
    question = make_post("Can I move my eSIM?", kind="question")
    answer, asker = make_comment(question), question.author
    assert at_once(*[lambda: accept_answer(comment=answer, by=asker, at=NOW)] * 3) == []
    assert Activity.objects.filter(verb="answer_accepted").count() == 1


def test_two_windows_keep_one_draft_of_a_comment():
    post, fan = make_post(), make_member()

    def save(words):
        member = Member.objects.get(pk=fan.pk)
        return lambda: save_draft(member=member, form="comment", subject=post.pk, data={"body": words}, at=NOW)

    assert at_once(save("One"), save("Two"), save("Three")) == []
    assert Draft.objects.get().data["body"] in {"One", "Two", "Three"}


def test_two_edits_at_once_are_two_versions_after_the_first():
    post = make_post(body="As it was.")
    author = post.author

    def edit(number):
        at = NOW + timedelta(seconds=number)
        return lambda: posts.edit_post(post=post, by=author, title=post.title, body=f"Take {number}", at=at)

    assert at_once(edit(1), edit(2)) == []
    said = list(Revision.objects.order_by("number").values_list("number", "body"))
    assert said[0] == (1, "As it was.") and [number for number, _body in said] == [1, 2, 3]
    assert Post.objects.get(pk=post.pk).body == said[-1][1]
