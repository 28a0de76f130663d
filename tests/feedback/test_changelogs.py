"""Changelogs are read: both shapes of them, what they name, and what is wrong with the ones nobody can read."""

import csv
import os
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.importing import changelogs
from feedback.importing.changelogs import ChangelogEntry, Named, names_in, read_changelogs, read_text, repository_of
from feedback.importing.closings import closed_by, read_closings
from feedback.importing.rows import Fault

WEEKLY = "Title: This Week in Linden 5\nDate: 2013-07-06 15:45\nCategory: News\n\nHello.\n\n# What is new\n\n- fixed #12\n"
KEPT = """# Changelog

## [Unreleased]
- secret #99

## [1.2.0] - 2024-05-01
### Added
- a thing, #7

## 1.1.0 (2024-04-01): Plain words
- another

## Thanks
- to everybody, #8
"""


def read(text):
    return list(read_text(text, "log.md"))


def entries(text):
    return [entry for entry in read(text) if isinstance(entry, ChangelogEntry)]


def fault_of(text):
    (fault,) = read(text)
    assert isinstance(fault, Fault)
    return fault.sentence


def test_a_weekly_changelog_is_one_release_with_its_title_day_and_notes():
    (entry,) = read(WEEKLY)
    assert (entry.version, entry.title) == ("5", "This Week in Linden 5")
    assert entry.dated == datetime(2013, 7, 6, 15, 45, tzinfo=UTC)
    assert entry.notes.startswith("Hello.") and entry.notes.endswith("- fixed #12")


@pytest.mark.parametrize(
    ("head", "version"),
    [
        ("Title: Small mercies\nVersion: 3.1.4\nDate: 2024-05-01", "3.1.4"),
        ("Title: Linden OS 3.1.4\nDate: 2024-05-01", "3.1.4"),
        ("Title: Small mercies\nDate: 2024-05-01", "2024-05-01"),
        ("---\ntitle: 'Week #7'\n---", "7"),
    ],
)
def test_its_version_is_said_or_ends_the_title_or_is_its_day(head, version):
    (entry,) = read(f"{head}\n\nText")
    assert (entry.version, entry.notes) == (version, "Text")


def test_a_changelog_by_versions_is_a_release_for_each():
    first, second = read(KEPT)
    assert (first.version, first.title, first.dated.date().isoformat()) == ("1.2.0", "1.2.0", "2024-05-01")
    assert (second.version, second.title, second.row) == ("1.1.0", "Plain words", 10)


def test_what_stands_before_between_and_after_the_versions_is_nobodys():
    assert [entry.notes for entry in read(KEPT)] == ["### Added\n- a thing, #7", "- another"]


@pytest.mark.parametrize(
    "heading", ["# 2024-W12", "## v2", "### Version 2.0", "## 2024-05-01", "## [2] - 2024-05-01", "# 3 (2024/5/1)"]
)
def test_headings_of_versions_are_known_in_many_forms(heading):
    assert len(entries(f"{heading}\n- text")) == 1


@pytest.mark.parametrize("heading", ["# 3 wishes", "## Notes", "# 10 years of us", "####### 1.0", "#1.0", "```\n## 1.0\n```"])
def test_other_headings_are_none(heading):
    assert "no release found" in fault_of(f"{heading}\n- text")


def test_a_heading_inside_code_ends_nothing():
    (entry,) = entries("## 1.0\n```\n## 2.0\n```\n- after")
    assert entry.notes.endswith("- after")


def test_a_day_that_is_none_is_a_fault_and_the_others_are_read():
    fault, entry = read("## 1.1 - 2024-13-40\n- x\n## 1.0 - 2024-01-01\n- y")
    assert (fault.row, "2024-13-40" in fault.sentence, entry.version) == (1, True, "1.0")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Title: Hello\n\nText", "neither its version nor its date"),
        ("Title: Hello 5\nDate: last Friday\n\nText", "which is none"),
        (f"Title: Hello\nVersion: {'9' * 41}\n", "at most 40 signs"),
        ("", "no release found"),
    ],
)
def test_what_cannot_be_a_release_says_why(text, said):
    assert said in fault_of(text)


def test_titles_are_cut_and_kept_to_one_printable_line():
    (entry,) = read(f"Title: \x1b[2J{'long ' * 50}\nVersion: 1\n")
    assert len(entry.title) <= 120 and "\x1b" not in entry.title


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("fixed #12", [("", "12")]),
        ("see Ours/Rust#7", [("ours/rust", "7")]),
        ("[that](https://github.com/ours/rust/pull/45)", [("ours/rust", "45")]),
        ("https://github.com/ours/rust/issues/45#comment-9", [("ours/rust", "45")]),
        ("https://github.com/ours/rust/pull/7/files", [("ours/rust", "7")]),
        ("[#45](https://github.com/other/x/pull/45)", [("other/x", "45")]),
        ("[#45][a] and\n\n[a]: https://github.com/other/x/pull/45", [("other/x", "45")]),
        ("[#45] and\n\n[#45]: https://github.com/other/x/pull/45", [("other/x", "45")]),
        ("#0012", [("", "12")]),
        ("`#12` and\n```\n#13\n```\n#14", [("", "14")]),
        ("&#123; a#4 /x#5 https://example.org/page#6 #[derive] # 7 #8th", []),
    ],
)
def test_what_a_text_names_and_what_only_looks_like_it(text, named):
    assert [(one.repository, one.number) for one in names_in(text)] == named


def test_a_thing_named_twice_counts_once():
    (entry,) = read(f"{WEEKLY}\n- #12 again")
    assert entry.named == (Named("", "12"),)


def test_ours_is_the_repository_most_names_belong_to():
    many = entries("## 1.0\na/b#1 a/b#2 c/d#3")
    assert (repository_of(many), repository_of(entries("## 1.0\n#1"))) == ("a/b", "")
    assert repository_of(entries("## 1.0\na/b#1 c/d#2")) is None


def test_a_folder_is_read_by_name_and_only_its_changelogs(tmp_path):
    for name in ("b.md", "a.markdown", "links.tsv"):
        (tmp_path / name).write_text(f"## {len(name)}.0\n")
    assert [entry.file for entry in read_changelogs(tmp_path)] == ["a.markdown", "b.md"]


@pytest.mark.parametrize("data", [b"\xff\xfe\x00x", b"PK\x03\x04\x80\x81"])
def test_a_file_in_another_encoding_is_one_fault_and_the_next_is_read(tmp_path, data):
    (tmp_path / "a.md").write_bytes(data)
    (tmp_path / "b.md").write_text("\ufeff## 1.0\r\n- x\r\n")
    fault, entry = read_changelogs(tmp_path)
    assert ("UTF-8" in fault.sentence, entry.version, entry.notes) == (True, "1.0", "- x")


def test_a_folder_or_a_pipe_where_a_file_belongs_is_a_fault(tmp_path):
    (tmp_path / "a.md").mkdir()
    os.mkfifo(tmp_path / "b.md")
    assert ["cannot be read" in fault.sentence for fault in read_changelogs(tmp_path)] == [True, True]


def test_a_file_that_may_not_be_opened_is_a_fault(tmp_path, monkeypatch):
    (tmp_path / "a.md").write_text("## 1.0")
    monkeypatch.setattr(changelogs.Path, "open", lambda *_said: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    assert next(read_changelogs(tmp_path / "a.md")).sentence == "cannot be read: Permission denied"


def test_what_is_far_too_long_is_refused_without_being_read(tmp_path, monkeypatch):
    monkeypatch.setattr(changelogs, "MOST_BYTES", 100)
    (tmp_path / "a.md").write_text("## 1.0\n" + "x" * 100)
    assert "longer than 100 bytes" in next(read_changelogs(tmp_path / "a.md")).sentence


def test_past_so_many_releases_or_files_the_rest_is_left_out_and_said(tmp_path, monkeypatch):
    monkeypatch.setattr(changelogs, "MOST_RELEASES", 2)
    *kept, fault = read("".join(f"## 1.{number}\n" for number in range(4)))
    assert (len(kept), fault.row, "more than 2 releases" in fault.sentence) == (2, 3, True)
    monkeypatch.setattr(changelogs, "MOST_FILES", 1)
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("## 1.0")
    assert "more than 1 files" in list(read_changelogs(tmp_path))[1].sentence


@settings(max_examples=60, deadline=1000)
@given(st.text(alphabet="#[]()-: \n`~1.0vTitleDate/hps", max_size=400))
def test_whatever_is_written_something_is_said_and_nothing_breaks(text):
    found = read(text)
    assert found and all(isinstance(one, Fault) or one.version for one in found)


@pytest.mark.parametrize(
    "ugly",
    ["[" * 200_000, "#" * 200_000, "`" * 200_000, "```\n" * 60_000, "a/b" * 90_000, "https://a.b/" * 20_000, "[#1]:" * 40_000],
)
def test_ugly_texts_take_no_time(ugly):
    started = datetime.now(UTC)
    assert read(f"## 1.0\n{ugly}")
    assert (datetime.now(UTC) - started).total_seconds() < 2


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("Fixes #12.", ["12"]),
        ("closes: #3\nResolved #4", ["3", "4"]),
        ("Fixes #5, #6 and #7", ["5"]),
        ("see #8; prefixes #9; fixes other/x#10; fixes issue 11", []),
        ("fix #2 fix #2", ["2"]),
    ],
)
def test_a_pull_request_closes_what_github_says_it_closes(text, closed):
    assert closed_by(text) == closed


def pairs(tmp_path, text, name="links.txt"):
    (tmp_path / name).write_text(text)
    return list(read_closings(tmp_path / name))


def test_closings_come_from_pull_requests_and_not_from_issues(tmp_path):
    pull = '{"number": 5, "body": "Fixes #1", "pull_request": {}}\n'
    issue = '{"number": 6, "body": "Fixes #2"}\n\n'
    assert pairs(tmp_path, pull + issue) == [("5", "1")]


def test_closings_come_from_a_table_whose_columns_are_named(tmp_path):
    table = "changelog\titem\tkind\tissue_closed\n2013\t#5\tpr\t#1\n2013\t6\tpr\t\n"
    assert pairs(tmp_path, table) == [("5", "1")]
    assert pairs(tmp_path, "PR,Issue\n5,1\n") == [("5", "1")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello\n", 'the columns "item"'),
        ("", 'the columns "item"'),
        ("item,issue\n5\n", "1 cells where 2 belong"),
        ('{"number": 5, "body": 7, "pull_request": {}}', "not a pull request"),
        ('{"body": "Fixes #1"}\n', "not a pull request"),
        ('{"number": [1]}\n', "not a pull request"),
        ("{nonsense", "not a pull request"),
        (f"item,issue\n5,{'9' * 140}\n", "more than 100 signs"),
    ],
)
def test_a_row_of_links_that_does_not_fit_is_named(tmp_path, text, said):
    (fault,) = pairs(tmp_path, text)
    assert said in fault.sentence


def test_a_table_that_cannot_be_read_is_a_fault_too(tmp_path):
    before = csv.field_size_limit(50)
    try:
        (fault,) = pairs(tmp_path, f"item,issue\n5,{'9' * 60}\n")
    finally:
        csv.field_size_limit(before)
    assert "not a table" in fault.sentence
