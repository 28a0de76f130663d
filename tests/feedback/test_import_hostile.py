"""Files that mean harm, or were cut in half: each row that cannot be taken is a fault with a sentence, and the rest comes in."""

import gzip
import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from community.models import Comment, ImportBatch, Member, Post
from feedback.importing import github, sprout_csv
from feedback.importing.load import Report, chunks, load_comments, load_posts, load_votes
from feedback.importing.mapping import Mapped, MappingFault, read_mapping
from feedback.importing.rows import MOST_VOTES, Fault, ImportedComment, ImportedPost, ImportedVote, read_time
from feedback.models import ImportedVotes, MergeProposal, Suggestion, Vote
from tests.factories import NOW

ISSUE = {"number": 7, "title": "Crash at sunset", "created_at": "2013-05-01T10:00:00Z", "labels": []}
SAID = {"id": 1, "issue_url": "https://tracker.example/issues/7", "created_at": "2013-05-02T10:00:00Z", "body": "Same here."}


def of_text(tmp_path, text, reader=sprout_csv.read_posts):
    path = tmp_path / "rows.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(reader(path, Mapped())) if reader is sprout_csv.read_posts else list(reader(path))


def of_issues(tmp_path, *lines):
    path = tmp_path / "issues.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return list(github.read_posts(path, Mapped()))


def of_comments(tmp_path, *things):
    path = tmp_path / "said.jsonl"
    path.write_text("\n".join(json.dumps(thing) for thing in things))
    return list(github.read_comments(path))


def a_post(name="a", **more):
    whole = {
        "id": name, "title": "A wish", "body": "Why", "author": "mara", "created_at": NOW, "kind": "suggestion",
        "status": "open", "closed_at": None, "tags": (), "votes": 0, "url": "",
    }  # fmt: skip
    return ImportedPost(**(whole | more))


@pytest.fixture
def batch(db):
    return ImportBatch.objects.create(name="old", system="sprout")


@pytest.fixture
def load(board, batch):
    def run(*rows):
        report = Report()
        load_posts(board=board, rows=rows, batch=batch, at=NOW, report=report)
        return report

    return run


@pytest.fixture
def bring_in(board, tmp_path):
    def run(text, name="p.csv", form="sprout", **options):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        out = StringIO()
        call_command(
            "import_posts", tmp_path / name, format=form, board=board.slug, json=True, stdout=out, stderr=StringIO(), **options
        )
        return json.loads(out.getvalue().splitlines()[-1])

    return run


class TestIssues:
    @pytest.mark.parametrize(
        "odd",
        [
            {"reactions": {"+1": float("inf")}},
            {"reactions": {"+1": 10**12}},
            {"reactions": ["+1"]},
            {"number": "9" * 101},
            {"number": " "},
            {"number": None},
            {"title": {"en": "Crash"}},
            {"body": ["Every", "evening"]},
            {"user": {"login": 7}},
            {"labels": [{"name": 5}]},
            {"html_url": {"href": "x"}},
            {"created_at": 1367402400},
            {"closed_at": "0001-01-01T00:00:00+14:00"},
        ],
    )
    def test_a_field_of_another_kind_or_size_is_a_fault_of_its_own_row(self, tmp_path, odd):
        fault, post = of_issues(tmp_path, ISSUE | odd, ISSUE)
        assert (fault.row, fault.sentence[:12]) == (1, "not an issue")
        assert post.id == "7"

    @pytest.mark.parametrize("line", ["[" * 100_000, '{"number": ' + "1" * 5000 + "}", '{"number": 1', "\x00"])
    def test_a_line_no_parser_can_hold_is_a_fault_and_the_next_is_read(self, tmp_path, line):
        fault, post = of_issues(tmp_path, line, ISSUE)
        assert isinstance(fault, Fault) and "JSON" in fault.sentence
        assert post.title == "Crash at sunset"

    def test_what_no_database_can_hold_is_taken_out_of_the_words(self, tmp_path):
        [post] = of_issues(
            tmp_path, ISSUE | {"title": "Cr\x00ash", "body": "half a sign \ud83d", "user": {"login": "m\x00ara"}}
        )
        assert (post.title, post.body, post.author) == ("Crash", "half a sign ?", "mara")

    def test_a_login_of_blanks_is_nobodys(self, tmp_path):
        assert of_issues(tmp_path, ISSUE | {"user": {"login": "  "}})[0].author == "ghost"

    def test_votes_against_take_nothing_away(self, tmp_path):
        [post] = of_issues(tmp_path, ISSUE | {"reactions": {"+1": 3, "heart": -5, "-1": 9}})
        assert post.votes == 3

    @pytest.mark.parametrize("odd", [{"id": None}, {"body": 7}, {"issue_url": None}, {"created_at": "soon"}, {"id": "c" * 101}])
    def test_a_comment_that_does_not_fit_is_a_fault(self, tmp_path, odd):
        fault, comment = of_comments(tmp_path, SAID | odd, SAID)
        assert fault.sentence.startswith("not a comment") and comment.post_id == "7"

    def test_a_file_that_ends_in_the_middle_of_a_line_gives_what_was_whole(self, tmp_path):
        post, fault = of_issues(tmp_path, ISSUE, json.dumps(ISSUE)[:40])
        assert (post.id, fault.row) == ("7", 2)


class TestCsv:
    @pytest.mark.parametrize("votes", ["-1", "1.5", "²", "1e3", " 1 2", str(MOST_VOTES + 1), "9" * 5000])
    def test_votes_that_are_no_number_of_votes_are_a_fault(self, tmp_path, votes):
        [fault] = of_text(tmp_path, f"id,title,votes\n1,A wish,{votes}\n")
        assert "votes" in fault.sentence and "invalid literal" not in fault.sentence

    def test_noughts_in_front_count_nothing(self, tmp_path):
        assert of_text(tmp_path, "id,title,votes\n1,A wish,0000000000000012\n")[0].votes == 12

    def test_a_cell_past_a_megabyte_ends_the_reading_and_says_where(self, tmp_path):
        first, fault = of_text(tmp_path, "id,title,body\n1,A wish,short\n2,Another," + "x" * 1_000_001 + "\n")
        assert first.id == "1" and fault.row == 3 and "field larger than field limit" in fault.sentence

    def test_a_first_line_past_a_megabyte_is_a_fault_too(self, tmp_path):
        [fault] = of_text(tmp_path, "id," + "x" * 1_000_001 + ",title\n1,a,b\n")
        assert fault.row == 1 and "must name the columns" in fault.sentence

    @pytest.mark.parametrize("text", ["", "\n", "﻿", "1,A wish\n", "ID;Titel\n1;Wunsch\n"])
    def test_a_file_without_its_columns_is_one_fault(self, tmp_path, text):
        [fault] = of_text(tmp_path, text)
        assert fault.row == 1 and "missing:" in fault.sentence and "title" in fault.sentence

    def test_columns_may_be_shouted_padded_and_in_any_order(self, tmp_path):
        [post] = of_text(tmp_path, " TITLE , Id ,Extra\nA wish,1,ignored\n")
        assert (post.id, post.title) == ("1", "A wish")

    def test_a_row_cut_short_has_nothing_in_the_rest(self, tmp_path):
        post, fault = of_text(tmp_path, "id,title,body,votes\n1,A wish\n2\n")
        assert (post.body, post.votes, fault.sentence) == ("", 0, "title is empty")

    def test_cells_beyond_the_columns_are_nobodys(self, tmp_path):
        assert of_text(tmp_path, "id,title\n1,A wish,and,more\n")[0].title == "A wish"

    def test_a_row_says_its_line_also_after_a_cell_of_many_lines(self, tmp_path):
        post, fault = of_text(tmp_path, 'id,title,body\n1,A wish,"one\ntwo\nthree"\n2,,x\n')
        assert post.body.count("\n") == 2 and fault.row == 5

    def test_a_kind_nobody_knows_is_named_with_those_there_are(self, tmp_path):
        [fault] = of_text(tmp_path, "id,title,kind\n1,A wish,epic\n")
        assert fault.sentence.startswith('the kind "epic" is not one of announcement, bug')

    def test_a_status_of_elsewhere_is_read_by_the_mapping_and_an_odd_one_is_open(self, tmp_path):
        read = of_text(tmp_path, "id,title,status\n1,a,completed\n2,b,In Progress\n3,c,blooming\n")
        assert [post.status for post in read] == ["shipped", "in-progress", "open"]

    def test_an_id_longer_than_its_column_is_a_fault(self, tmp_path):
        fault, post = of_text(tmp_path, f"id,title\n{'i' * 101},a\n{'i' * 100},b\n")
        assert "this one 101" in fault.sentence and post.title == "b"

    @pytest.mark.parametrize(
        ("row", "word"), [("1,,a", "post_id is empty"), (",1,a", "id is empty"), ("1,1,", "body is empty"), ("1", "post_id")]
    )
    def test_a_comment_lacking_something_says_what(self, tmp_path, row, word):
        [fault] = of_text(tmp_path, f"id,post_id,body\n{row}\n", sprout_csv.read_comments)
        assert word in fault.sentence

    @pytest.mark.parametrize(("row", "word"), [("a,", "voter"), (",mara", "post_id"), ("a,mara,must,never", "never")])
    def test_a_vote_lacking_something_says_what(self, tmp_path, row, word):
        [fault] = of_text(tmp_path, f"post_id,voter,need,created_at\n{row}\n", sprout_csv.read_votes)
        assert word in fault.sentence


class TestLoading:
    def test_an_id_twice_in_one_file_is_one_post_the_first_of_them(self, load):
        report = load(a_post(title="First"), a_post(title="Second"))
        assert (report.posts, report.known, Post.objects.get().title) == (1, 1, "First")

    def test_a_cell_that_is_a_formula_stays_the_words_it_is(self, load):
        load(a_post(title='=HYPERLINK("http://evil.example","x")', author="@SUM(1+1)*cmd|' /C calc'!A0"))
        post = Post.objects.get()
        assert post.title.startswith("=HYPERLINK") and post.author.display_name.startswith("@SUM")
        assert set(post.author.username) & set("|'!*()") == set()

    def test_a_title_of_blanks_and_one_past_the_limit_come_in_all_the_same(self, load):
        load(a_post("a", title=" \t "), a_post("b", title="x" * 500))
        assert [len(post.title) for post in Post.objects.order_by("source_id")] == [1, 200]

    def test_a_row_from_the_future_is_a_fault_and_nothing_comes_of_it(self, load):
        report = load(a_post("a", created_at=NOW.replace(year=9999)), a_post("b"))
        assert report.posts == 1 and [fault.sentence for fault in report.faults] == ["post a: it is dated in the future"]
        assert Vote.objects.get().cast_at == NOW

    def test_a_clock_some_hours_ahead_is_forgiven(self, load):
        assert load(a_post(created_at=NOW + timedelta(hours=14))).faults == []

    def test_a_vote_from_the_future_counts_from_today(self, load, batch):
        load(a_post())
        load_votes(rows=[ImportedVote("a", "tomasz", 500, NOW.replace(year=9999))], batch=batch, at=NOW, report=Report())
        assert Vote.objects.get(member__source_id="tomasz").cast_at == NOW

    def test_a_voter_named_twice_votes_once_with_the_stronger_need(self, load, batch):
        load(a_post())
        report = Report()
        rows = [ImportedVote("a", "tomasz", need, None) for need in (0, 1000, 500)]
        load_votes(rows=rows, batch=batch, at=NOW, report=report)
        assert (Vote.objects.get(member__source_id="tomasz").need, report.votes, report.known) == (1000, 1, 2)

    def test_a_comment_on_nothing_or_from_the_future_is_a_fault(self, load, batch):
        load(a_post())
        said = {"author": "nora", "body": "Yes", "created_at": NOW}
        rows = [
            ImportedComment("1", "lost", **said),
            ImportedComment("2", "a", **said | {"created_at": NOW + timedelta(days=2)}),
            ImportedComment("3", "a", **said),
        ]
        report = Report()
        load_comments(rows=rows, batch=batch, at=NOW, report=report)
        assert (report.comments, Comment.objects.get().source_id) == (1, "3")
        assert [fault.sentence.split(":")[0] for fault in report.faults] == ["comment 2", "comment 1"]

    def test_what_calls_itself_its_original_or_talk_proposes_nothing(self, load, batch):
        load(a_post("1"), a_post("2", kind="question"), a_post("3"))
        rows = [
            ImportedComment(str(place), post, "nora", words, NOW)
            for place, (post, words) in enumerate(
                [("1", "dup of #1"), ("1", "dup of #2"), ("1", "dup of #99"), ("3", "dup of #1")]
            )
        ]
        report = Report()
        load_comments(rows=rows, batch=batch, at=NOW, report=report)
        assert (report.proposals, MergeProposal.objects.get().duplicate.post.source_id) == (1, "3")

    def test_two_people_of_one_spelling_stay_two(self, load):
        load(a_post("a", author="mara!"), a_post("b", author="mara?"))
        assert sorted(Member.objects.filter(source_system="sprout").values_list("source_id", flat=True)) == ["mara!", "mara?"]
        assert Member.objects.filter(username__startswith="mara-").count() == 2

    def test_faults_are_counted_and_left_out_of_every_thousand(self):
        report = Report()
        rows = [Fault("f", number, "odd") if number % 2 else number for number in range(2_002)]
        assert [len(chunk) for chunk in chunks(rows, report)] == [500, 500, 1]
        assert report.counts()["faults"] == 1_001


class TestCommand:
    def test_a_file_in_another_encoding_is_one_sentence_and_nothing_came_in(self, bring_in):
        with pytest.raises(CommandError, match="not text in UTF-8.*Nothing was brought in"):
            bring_in("id,title\n1,Über\n".encode("latin-1"))
        assert not Post.objects.exists()

    @pytest.mark.parametrize("harm", ["half", "inside", "none"])
    def test_a_packed_file_that_broke_on_the_way_is_one_sentence(self, bring_in, harm):
        packed = bytearray(gzip.compress("\n".join(json.dumps(ISSUE | {"number": n}) for n in range(400)).encode()))
        if harm == "inside":
            packed[40:60] = b"\xff" * 20
        broken = {"half": bytes(packed[:-30]), "inside": bytes(packed), "none": b"not packed"}[harm]
        with pytest.raises(CommandError) as told:
            bring_in(broken, name="i.jsonl.gz", form="github")
        assert str(told.value) and not Post.objects.exists()

    def test_the_report_holds_every_fault_as_a_line(self, bring_in, tmp_path):
        rows = "".join(f"{number},,\n" for number in range(25))
        figures = bring_in("id,title,votes\n" + rows + "z,夜间模式,1\n", report=tmp_path / "faults.jsonl")
        lines = [json.loads(line) for line in (tmp_path / "faults.jsonl").read_text("utf-8").splitlines()]
        assert (figures["posts"], figures["faults"], len(lines)) == (1, 25, 25)
        assert lines[3] == {"file": "p.csv", "row": 5, "fault": "title is empty"}

    def test_only_the_first_twenty_faults_are_said_aloud(self, board, tmp_path):
        (tmp_path / "p.csv").write_text("id,title\n" + "".join(f"{number},\n" for number in range(23)))
        said = StringIO()
        call_command("import_posts", tmp_path / "p.csv", format="sprout", board=board.slug, stdout=StringIO(), stderr=said)
        assert said.getvalue().count("title is empty") == 20 and "and 3 more; --report FILE" in said.getvalue()

    def test_a_batch_of_another_system_is_not_written_into(self, bring_in):
        bring_in("id,title\n1,A wish\n", batch="old")
        with pytest.raises(CommandError, match="taken by another import"):
            bring_in(json.dumps(ISSUE), name="i.jsonl", form="github", batch="old")
        assert Suggestion.objects.count() == 1

    def test_a_half_file_can_be_followed_by_the_whole_one(self, bring_in):
        whole = "id,title,votes\n1,One,3\n2,Two,4\n"
        bring_in(whole[:-8])
        figures = bring_in(whole)
        assert (figures["posts"], figures["known"]) == (1, 1)
        assert sorted(ImportedVotes.objects.values_list("count", flat=True)) == [3, 4]


@pytest.mark.parametrize(
    "text",
    ["kind = 5\n", '[kind]\n"x" = ["bug"]\n', '[tags]\n"P-*" = 3\n', '[status]\n"x" = true\n', '[tags]\n"urgent" = "*"\n'],
)
def test_a_mapping_of_the_wrong_shape_is_refused_before_a_row_is_read(tmp_path, text):
    (tmp_path / "map.toml").write_text(text)
    with pytest.raises(MappingFault, match=r"map\.toml: "):
        read_mapping(tmp_path / "map.toml")


def test_the_first_pattern_that_fits_wins_and_a_star_keeps_the_case():
    mapping = Mapped(kind={"i-*": "question", "*crash*": "bug"}, tags={"a-*": "*", "*": "rest"})
    assert mapping.kind_of(["X-crash", "I-crash"]) == "question"
    assert mapping.tags_of(["A-Display", "a-Display", "P-high"]) == ("Display", "rest")


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "0001-01-01T00:00:00+14:00", "12/31/2026", "2026-11-20T25:00:00Z"])
def test_what_is_no_time_is_a_value_error_and_nothing_else(text):
    with pytest.raises(ValueError):  # noqa: PT011 - each parser says it in its own words
        read_time(text)
