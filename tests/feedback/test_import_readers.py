"""Readers stream rows, take dirt as it comes, and say of each row they cannot take what is wrong with it."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from feedback.importing import github, sprout_csv
from feedback.importing.mapping import Mapped, MappingFault, read_mapping
from feedback.importing.rows import Fault, ImportedPost, read_time

ISSUE = {
    "number": 7, "title": "Crash at sunset", "body": "Every evening.", "state": "closed", "state_reason": "completed",
    "created_at": "2013-05-01T10:00:00Z", "closed_at": "2013-06-01T10:00:00Z", "user": {"login": "fan-1"},
    "labels": [{"name": "I-crash"}, {"name": "A-display"}, {"name": "P-high"}],
    "reactions": {"total_count": 5, "+1": 2, "heart": 1, "-1": 2}, "html_url": "https://tracker.example/issues/7",
}  # fmt: skip


def issues(tmp_path, *things):
    path = tmp_path / "issues.jsonl"
    path.write_text("".join((thing if isinstance(thing, str) else json.dumps(thing)) + "\n" for thing in things))
    return list(github.read_posts(path, Mapped()))


def posts(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "posts.csv"
    path.write_bytes(text.encode(encoding))
    return list(sprout_csv.read_posts(path, Mapped()))


def test_an_issue_becomes_a_bug_with_status_tags_and_nameless_votes(tmp_path):
    [post] = issues(tmp_path, ISSUE)
    assert (post.id, post.kind, post.status, post.tags, post.votes) == ("7", "bug", "shipped", ("display",), 3)
    assert post.closed_at == datetime(2013, 6, 1, 10, tzinfo=UTC)


def test_pull_requests_are_no_posts(tmp_path):
    assert issues(tmp_path, ISSUE | {"pull_request": {}}) == []


def test_what_was_not_planned_is_declined_and_what_was_reopened_is_open(tmp_path):
    read = issues(tmp_path, ISSUE | {"state_reason": "not_planned"}, ISSUE | {"state": "open", "state_reason": "reopened"})
    assert [post.status for post in read] == ["declined", "open"]


def test_an_issue_of_a_deleted_account_keeps_its_place(tmp_path):
    assert issues(tmp_path, ISSUE | {"user": None})[0].author == "ghost"


@pytest.mark.parametrize("bad", ["{not json", "[1, 2]", json.dumps({"number": 1}), json.dumps(ISSUE | {"created_at": "soon"})])
def test_a_bad_line_is_reported_with_its_number_and_the_next_is_read(tmp_path, bad):
    fault, post = issues(tmp_path, bad, ISSUE)
    assert isinstance(fault, Fault) and fault.row == 1 and fault.sentence
    assert isinstance(post, ImportedPost)


def test_gzipped_files_are_read_as_they_are(tmp_path):
    path = tmp_path / "issues.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(ISSUE).encode()))
    assert next(github.read_posts(path, Mapped())).id == "7"


def test_comments_removed_at_the_source_are_passed_over(tmp_path):
    row = {
        "id": 1,
        "issue_url": "https://tracker.example/issues/7",
        "user": {"login": "a"},
        "created_at": "2013-05-02T10:00:00Z",
    }
    path = tmp_path / "comments.jsonl"
    path.write_text(json.dumps(row | {"body": "[Removed]"}) + "\n" + json.dumps(row | {"id": 2, "body": "Same here."}) + "\n")
    assert [comment.id for comment in github.read_comments(path)] == ["2"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Duplicate of #123", ["123"]),
        ("dup of #5, closing", ["5"]),
        ("This is a dupe of rust/rust#77.", ["77"]),
        ("same as #9 and duplicate of: #10", ["9", "10"]),
        ("See #123", []),
        ("not a duplicate, but related to #4", []),
    ],
)
def test_comments_that_name_their_original_are_understood(text, named):
    assert github.named_duplicates(text) == named


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_is_read_with_any_usual_separator_and_mark(tmp_path, separator, encoding):
    text = separator.join(["id", "title", "author"]) + "\n" + separator.join(["1", "夜间模式", "林小满"]) + "\n"
    [post] = posts(tmp_path, text, encoding)
    assert (post.title, post.author, post.kind, post.status) == ("夜间模式", "林小满", "suggestion", "open")


def test_csv_cells_may_hold_lines_and_quotes(tmp_path):
    [post] = posts(tmp_path, 'id,title,body\n1,"Say ""hello""","one\ntwo"\n')
    assert (post.title, post.body) == ('Say "hello"', "one\ntwo")


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (",A title,open,0,", "id"),
        ("1,,open,0,", "title"),
        ("1,A title,open,many,", "many"),
        ("1,A title,open,0,tomorrow", "tomorrow"),
    ],
)
def test_a_csv_row_that_does_not_fit_says_which_cell(tmp_path, row, word):
    [fault] = posts(tmp_path, f"id,title,status,votes,created_at\n{row}\n")
    assert word in fault.sentence


def test_a_csv_without_its_columns_says_which_are_missing(tmp_path):
    [fault] = posts(tmp_path, "name,text\nx,y\n")
    assert "id, title" in fault.sentence


def test_votes_know_three_needs(tmp_path):
    path = tmp_path / "votes.csv"
    path.write_text("post_id,voter,need\n1,a,must\n1,b,\n1,c,maybe\n")
    first, second, third = sprout_csv.read_votes(path)
    assert (first.need, second.need) == (1000, 0)
    assert "maybe" in third.sentence


@pytest.mark.parametrize(
    "text", ["2026-11-20T09:30:00Z", "2026-11-20T10:30:00+01:00", "2026-11-20 09:30:00", "2026/11/20 09:30"]
)
def test_times_are_read_as_people_write_them(text):
    assert read_time(text) == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def test_a_mapping_file_goes_before_the_defaults(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text('[kind]\n"I-*" = "question"\n[status]\n"closed" = "not-now"\n[tags]\n"P-*" = "urgent"\n')
    mapping = read_mapping(path)
    assert mapping.kind_of(["I-crash"]) == "question"
    assert mapping.status_of([], ["", "closed"]) == "not-now"
    assert mapping.tags_of(["P-high", "A-display"]) == ("urgent", "display")


@pytest.mark.parametrize("text", ['[kind]\n"x" = "wish"\n', '[status]\n"x" = "done"\n', "not toml ["])
def test_a_mapping_to_something_unknown_is_refused_in_words(tmp_path, text):
    path = tmp_path / "map.toml"
    path.write_text(text)
    with pytest.raises(MappingFault, match=r"map\.toml"):
        read_mapping(path)
