"""What a page says of itself to search engines and to chats that show its link."""

import json
import re
from html import unescape

import pytest

from community.models import Comment
from community.views.heads import Head, first_words
from community.writing.answers import accept_answer
from feedback.merges import merge_suggestions
from tests.factories import NOW, make_board, make_comment, make_member, make_post, make_suggestion

pytestmark = pytest.mark.django_db
HERE = "http://127.0.0.1:8000"


def page(client, address: str) -> str:
    return client.get(address).content.decode()


def meta(text: str) -> dict[str, str]:
    pairs = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', text)
    return {name: unescape(value) for name, value in pairs}


def canonical(text: str) -> str:
    return re.search(r'<link rel="canonical" href="([^"]+)">', text)[1]


def told(text: str) -> dict[str, dict]:
    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return {entry["@type"]: entry for entry in map(json.loads, scripts)}


@pytest.fixture
def question(author, board):
    return make_post("Can I move an eSIM?", author=author, board=board, kind="question", body="From the **mini**.")


def test_a_post_says_what_it_is_wherever_its_link_is_shown(client, question):
    text = page(client, question.get_absolute_url())
    said = meta(text)
    assert (said["og:type"], said["og:title"], said["og:description"]) == ("article", "Can I move an eSIM?", "From the mini.")
    assert said["og:url"] == canonical(text) == HERE + question.get_absolute_url() and said["twitter:card"] == "summary"
    assert "robots" not in said and "noindex" not in text


@pytest.mark.parametrize("query", ["?talk=new", "?comment=1", "?after=3", "?since=1"])
def test_a_post_has_one_address_however_it_is_looked_at(client, question, query):
    assert canonical(page(client, question.get_absolute_url() + query)) == HERE + question.get_absolute_url()


def test_an_answered_question_is_told_as_one(client, question, author):
    answer, other = make_comment(question, "Yes, under Settings."), make_comment(question, "I queue, with panpipes.")
    text = page(client, question.get_absolute_url())
    assert set(told(text)) == {"DiscussionForumPosting", "BreadcrumbList"}
    accept_answer(comment=answer, by=author, at=NOW)
    asked = told(page(client, question.get_absolute_url()))["QAPage"]["mainEntity"]
    assert (asked["name"], asked["answerCount"]) == ("Can I move an eSIM?", 2)
    assert asked["acceptedAnswer"]["text"] == "Yes, under Settings."
    assert asked["acceptedAnswer"]["url"] == f"{HERE}/comments/{answer.pk}/"
    assert [one["text"] for one in asked["suggestedAnswer"]] == [other.body]


def test_the_way_down_to_a_post_is_told(client, question):
    steps = told(page(client, question.get_absolute_url()))["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["name"]) for step in steps] == [
        (1, "Community"), (2, "Battery"), (3, "Can I move an eSIM?"),
    ]  # fmt: skip
    assert all(client.get(step["item"].removeprefix(HERE)).status_code == 200 for step in steps)


def test_members_are_spared_what_only_machines_read(client, question, voter):
    client.force_login(voter)
    assert "ld+json" not in page(client, question.get_absolute_url())


def test_a_merged_suggestion_gives_the_address_of_where_it_went(client, author, board, staff):
    into, twin = (make_suggestion(title, author=author, board=board) for title in ("A torch that dims", "A dim torch"))
    merge_suggestions(duplicate=twin, into=into, by=staff, at=NOW)
    assert canonical(page(client, twin.post.get_absolute_url())) == HERE + into.post.get_absolute_url()


def test_nothing_somebody_typed_ends_the_script():
    sly = "</script><script>alert(1)</script> & \u2028 <!--"
    [script] = Head(title="x", path="/", data=({"@type": "Thing", "name": sly},)).scripts
    assert not re.search(r"[<>&\u2028]", script)
    assert json.loads(script)["name"] == sly


@pytest.mark.parametrize("address", ["/suggestions/", "/posts/", "/boards/battery/", "/tags/alarm/"])
def test_a_list_is_found_and_its_filters_are_not(client, author, board, address):
    make_post("Who else wakes at six?", author=author, board=board, tags=["Alarm"])
    assert "robots" not in meta(page(client, address))
    filtered = page(client, f"{address}?sort=new")
    assert meta(filtered)["robots"] == "noindex, follow" and canonical(filtered) == HERE + address


@pytest.mark.parametrize(
    "address", ["/", "/suggestions/", "/posts/?kind=question", "/community/", "/boards/battery/", "/roadmap/", "/releases/"]
)
def test_a_page_names_the_feed_that_carries_it_on(client, board, address):
    links = re.findall(
        r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="([^"]+)">', page(client, address)
    )
    assert links and all(client.get(unescape(link)).status_code == 200 for link in links)


def test_the_first_words_end_where_a_word_does():
    assert first_words("<p>One &amp; two</p><p>three</p>") == "One & two three"
    assert first_words("<p>" + "word " * 100 + "</p>", 50).endswith(" word…")
    assert len(first_words("<p>" + "字" * 400 + "</p>")) < 100
    assert first_words("") == ""


def test_each_text_says_its_language(client, author, board):
    post = make_post("电池在早上之前充满", author=author, board=board, body="请让手机在我起床时充满。")
    make_comment(post, "Mine is full by four, and that is far too early.")
    text = page(client, post.get_absolute_url())
    assert '<h1 lang="zh-Hans">' in text and 'class="prose" lang="en"' in text
    assert f'href="{post.get_absolute_url()}" lang="zh-Hans"' in page(client, "/posts/")
    assert Comment.objects.count() == 1


def test_a_closed_board_promises_no_feed(client, author, voter):
    inner = make_board("inner", see="members")
    post = make_post("Among ourselves", author=author, board=inner)
    client.force_login(voter)
    for address in (post.get_absolute_url(), "/boards/inner/"):
        assert "application/atom+xml" not in page(client, address)


def test_a_profile_is_found_once_it_says_something(client, author, board):
    assert meta(page(client, author.get_absolute_url()))["robots"] == "noindex, follow"
    make_suggestion("A torch that dims", author=author, board=board)
    said = meta(page(client, author.get_absolute_url()))
    assert said["og:type"] == "profile" and "robots" not in said
    imported = make_member("Brought along", source_system="github", source_id="7", claimed_at=None)
    make_suggestion("A torch that rests", author=imported, board=board)
    assert "noindex" in page(client, imported.get_absolute_url())
