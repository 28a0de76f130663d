"""A changelog comes in as draft releases that bring the imported suggestions they name, once, and goes out again."""

import csv
import json
from collections import defaultdict
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from community.deliveries import drain
from community.models import Activity, ImportBatch, Mailing, Notice, Post
from community.posts import hide_post
from feedback.importing.changelogs import ChangelogEntry, read_changelogs
from feedback.importing.github import open_text, read_posts
from feedback.importing.mapping import Mapped
from feedback.models import Release, Suggestion
from feedback.releases import bring_suggestions, draft_release, edit_release, ship_release
from feedback.roadmap import edit_item, plan_item
from feedback.schedules import schedule_release
from tests.factories import make_board, make_product

pytestmark = pytest.mark.django_db

ISSUES = [
    {"number": 1, "title": "Dark mode at sunset"},
    {"number": 2, "title": "Alarm stays silent", "labels": [{"name": "bug"}]},
    {"number": 3, "title": "How do I reset it?", "labels": [{"name": "question"}]},
    {"number": 4, "title": "Louder bell"},
]
PULLS = [
    {"number": 11, "body": "Fixes #2 and nothing else", "pull_request": {}},
    {"number": 12, "body": "Closes #99", "pull_request": {}},
]
CHANGELOG = """## 1.1 - 2024-05-08
- the alarm rings, https://github.com/linden/os/pull/11
- see https://github.com/linden/os/pull/12 and [theirs](https://github.com/maple/os/issues/4)

## 1.0 - 2024-05-01: First light
- **dark** at sunset, #1, and a question answered, #3
"""


@pytest.fixture
def files(tmp_path):
    said = {"user": {"login": "mara"}, "created_at": "2024-04-01T08:00:00Z", "body": "Please."}
    (tmp_path / "issues.jsonl").write_text("".join(json.dumps(said | issue) + "\n" for issue in ISSUES))
    (tmp_path / "pulls.jsonl").write_text("".join(json.dumps(pull) + "\n" for pull in PULLS))
    (tmp_path / "CHANGES.md").write_text(CHANGELOG)
    return tmp_path


@pytest.fixture
def imported(board, files):
    call_command("import_posts", files / "issues.jsonl", format="github", board=board.slug, stdout=StringIO())
    return {post.source_id: post for post in Post.objects.exclude(source_id="")}


@pytest.fixture
def bring_in(board, files, imported):
    def run(path="CHANGES.md", **options):
        out = StringIO()
        said = {"links": files / "pulls.jsonl", "product": board.product.slug} | options
        call_command("import_changelog", files / path, json=True, stdout=out, stderr=StringIO(), **said)
        return json.loads(out.getvalue())

    return run


def brought():
    """What each release brings, by the source's ids."""
    rows = Release.objects.order_by("version", "suggestions__post__source_id")
    found = defaultdict(list)
    for version, number in rows.values_list("version", "suggestions__post__source_id"):
        found[version] += [number] if number else []
    return dict(found)


def undo(name="changelog-battery-changes"):
    out = StringIO()
    call_command("undo_import", name, json=True, stdout=out)
    return json.loads(out.getvalue())


def batch_name():
    return ImportBatch.objects.get(system="changelog").name


def test_each_version_is_a_draft_with_its_title_day_and_notes(bring_in, board):
    bring_in()
    release = Release.objects.get(version="1.0")
    assert (release.title, release.created_at.date().isoformat(), release.state) == ("First light", "2024-05-01", "draft")
    assert "<strong>dark</strong>" in release.notes_html and release.product == board.product


def test_it_brings_what_it_names_straight_and_what_its_pull_requests_close(bring_in):
    bring_in()
    assert brought() == {"1.0": ["1"], "1.1": ["2"]}


def test_the_report_says_row_by_row_what_leads_where(bring_in):
    figures = bring_in()
    rows = {row["version"]: (row["straight"], row["through"], row["unknown"]) for row in figures["rows"]}
    assert rows == {"1.1": ([], ["2"], ["12"]), "1.0": (["1"], [], ["3"])}
    counts = ("releases", "links", "straight", "through_pull_requests", "unknown", "faults")
    assert [figures[name] for name in counts] == [2, 2, 1, 1, 2, 0]
    assert figures["repository"] == "linden/os"


def test_without_links_only_what_is_named_straight_is_found(bring_in):
    bring_in(links=None)
    assert brought() == {"1.0": ["1"], "1.1": []}


def test_a_number_of_another_repository_is_not_ours(bring_in):
    bring_in()
    assert not Suggestion.objects.get(post__source_id="4").releases.exists()
    bring_in(repository="Maple/OS", batch="theirs", product=make_product("other").slug)
    assert Release.objects.filter(product__slug="other").count() == 2


def test_whose_the_numbers_are_can_be_said(bring_in):
    bring_in(repository="maple/os")
    assert brought()["1.1"] == ["4"]


def test_a_suggestion_on_another_products_board_is_not_brought(bring_in, imported):
    Post.objects.filter(source_id="1").update(board=make_board("elsewhere"))
    bring_in()
    assert brought()["1.0"] == []


def test_a_hidden_suggestion_is_not_brought(bring_in, imported, staff, now):
    hide_post(post=imported["1"], by=staff, at=now)
    assert bring_in()["straight"] == 0


def test_a_post_of_another_system_is_not_taken_for_it(bring_in):
    assert bring_in(system="sprout")["links"] == 0


def everything():
    kept = Release.objects.order_by("pk").values_list("pk", "version", "notes_html", "edited_at")
    return list(kept), brought(), Activity.objects.count(), list(ImportBatch.objects.values())


def test_the_second_run_changes_nothing(bring_in):
    bring_in()
    before = everything()
    figures = bring_in()
    assert (figures["releases"], figures["known"], everything() == before) == (0, 2, True)


def test_what_staff_renamed_does_not_come_in_again(bring_in, staff, now):
    bring_in()
    edit_release(release=Release.objects.get(version="1.0"), by=staff, at=now, version="1.0.0")
    assert (bring_in()["known"], Release.objects.count()) == (2, 2)


def test_a_version_drafted_by_hand_is_left_as_it_is(bring_in, board, staff, now):
    mine = draft_release(product=board.product, version="1.0", title="Mine", by=staff, at=now)
    assert bring_in()["releases"] == 1
    mine.refresh_from_db()
    assert (mine.title, mine.suggestions.count()) == ("Mine", 0)


def test_what_was_added_to_the_changelog_comes_in_with_the_next_run(bring_in, files):
    bring_in()
    (files / "CHANGES.md").write_text("## 1.2 - 2024-05-15\n- bell, #4\n\n" + CHANGELOG)
    assert (bring_in()["releases"], brought()["1.2"]) == (1, ["4"])


def test_a_dry_run_reports_and_leaves_nothing(bring_in):
    figures = bring_in(dry_run=True)
    assert (figures["releases"], figures["dry_run"]) == (2, True)
    assert (Release.objects.count(), ImportBatch.objects.filter(system="changelog").count()) == (0, 0)


def test_nobody_is_told_and_nothing_ships(bring_in):
    bring_in()
    drain()
    assert (Notice.objects.count(), Mailing.objects.count(), Release.objects.shipped().count()) == (0, 0, 0)
    assert set(Suggestion.objects.values_list("status", flat=True)) == {"open"}


def test_a_draft_from_a_changelog_ships_and_credits_like_any_other(bring_in, staff, now):
    bring_in()
    release = ship_release(release=Release.objects.get(version="1.0"), by=staff, at=now)
    assert list(release.credits.values_list("member__display_name", "role")) == [("mara", "author")]


def test_the_same_version_twice_and_a_day_to_come_are_faults(bring_in, files):
    (files / "CHANGES.md").write_text("## 1.0 - 2024-05-01\n- a\n\n## 1.0 - 2024-04-01\n- b\n\n## 9.0 - 2999-01-01\n- c\n")
    figures = bring_in()
    said = [fault["fault"] for fault in figures["first_faults"]]
    assert figures["releases"] == 1
    assert ["stands in CHANGES.md, row 1, already" in said[0], "in the future" in said[1]] == [True, True]


def test_notes_past_the_limits_are_shown_plain_and_said_to_be(bring_in, files):
    links = "".join(f"- [x](https://github.com/linden/os/pull/{number})\n" for number in range(100, 160))
    (files / "CHANGES.md").write_text(f"## 1.0\n{links}")
    assert bring_in()["rows"][0]["plain"] is True
    assert "[x](https://" in Release.objects.get().notes_html


def test_undo_takes_the_drafts_out_and_leaves_what_they_brought(bring_in, imported):
    bring_in()
    assert undo(batch_name())["releases"] == 2
    assert (Release.objects.count(), Post.objects.exclude(source_id="").count()) == (0, len(imported))


@pytest.mark.parametrize("touch", ["edit", "bring", "schedule", "ship", "plan"])
def test_undo_leaves_and_names_what_somebody_touched(bring_in, touch, board, staff, now):
    bring_in()
    release = Release.objects.get(version="1.0")
    acts = {
        "edit": lambda: edit_release(release=release, by=staff, at=now, title="Better words"),
        "bring": lambda: bring_suggestions(release=release, suggestions=[], by=staff, at=now),
        "schedule": lambda: schedule_release(release=release, moment=now.replace(year=2099), by=staff, at=now),
        "ship": lambda: ship_release(release=release, by=staff, at=now),
        "plan": lambda: edit_item(
            item=plan_item(product=board.product, title="Night", by=staff, at=now), by=staff, at=now, release=release
        ),
    }
    acts[touch]()
    report = undo(batch_name())
    assert (report["releases"], list(Release.objects.all())) == (1, [release])
    assert [address.endswith(release.get_absolute_url()) for address in report["kept"]] == [True]


def test_posts_that_only_a_changelog_names_can_still_be_taken_back(bring_in):
    bring_in()
    assert undo("github-issues")["posts"] == len(ISSUES)


def test_posts_that_a_shipped_release_brought_stay(bring_in, staff, now):
    bring_in()
    ship_release(release=Release.objects.get(version="1.0"), by=staff, at=now)
    assert undo("github-issues")["posts"] == len(ISSUES) - 1


def test_an_import_that_was_taken_back_asks_for_another_name(bring_in):
    bring_in()
    undo(batch_name())
    with pytest.raises(CommandError, match="--batch"):
        bring_in()
    assert bring_in(batch="again")["releases"] == 2


def test_in_words_each_release_has_its_line(bring_in, files, board):
    out = StringIO()
    call_command("import_changelog", files / "CHANGES.md", product=board.product.slug, links=files / "pulls.jsonl", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0] == "1.1 (2024-05-08): 0 named and 1 closed suggestions, 1 names lead to nothing here"
    assert lines[-1].startswith("Brought in 2 draft releases with 2 suggestions, 1 of them through pull requests")
    out.seek(0)
    call_command("import_changelog", files / "CHANGES.md", product=board.product.slug, stdout=out)
    assert "1.1 (2024-05-08): was here before" in out.getvalue()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"path": "nowhere.md"}, "no file or folder"),
        ({"links": "nowhere.tsv"}, "no file"),
        ({"product": "nothing"}, "Products: "),
        ({"links": "cut.gz"}, "Nothing was brought in"),
        ({"links": "latin.tsv"}, "Nothing was brought in"),
        ({"path": "mixed.md"}, "--repository"),
        ({"path": "pulls.jsonl"}, "No release was found"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence_and_nothing_comes_in(bring_in, files, options, said):
    (files / "cut.gz").write_bytes(b"\x1f\x8b\x08\x00\x00")
    (files / "latin.tsv").write_bytes(b"item\tissue\n1\t\xe9\n")
    (files / "mixed.md").write_text("## 1.0\na/b#1 and c/d#2\n")
    if "links" in options:
        options = options | {"links": files / options["links"]}
    with pytest.raises(CommandError, match=said):
        bring_in(**options)
    assert not Release.objects.exists()


def test_a_file_nobody_can_read_is_reported_and_the_rest_of_the_folder_comes_in(bring_in, files):
    folder = files / "weekly"
    folder.mkdir()
    (folder / "a.md").write_bytes(b"\xff\xfe")
    (folder / "b.md").write_text("## 1.0\n- #1\n")
    figures = bring_in(path="weekly")
    assert (figures["releases"], figures["faults"], figures["first_faults"][0]["file"]) == (1, 1, "a.md")


def known_closings(path):
    """Changelog → the issues closed by what it names, and all it names, as links.tsv has them."""
    closed, named = defaultdict(set), defaultdict(set)
    with path.open() as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            named[row["changelog"]].add(row["item"])
            if row["issue_closed"]:
                closed[row["changelog"]].add((row["item"], row["issue_closed"]))
    return closed, named


@pytest.fixture
def archive(real_data, board):
    """Every issue of the archive as a bare imported suggestion."""
    numbers = [row.id for row in read_posts(real_data / "rust_issues.jsonl.gz", Mapped())]
    author = board.moderators.model.objects.create(username="archive", display_name="Archive")
    posts = Post.objects.bulk_create(
        Post(board=board, author=author, kind="bug", title=number, source_system="github", source_id=number)
        for number in numbers
    )
    Suggestion.objects.bulk_create(Suggestion(post=post, root_id=post.pk) for post in posts)
    return set(numbers)


def import_weekly(real_data, board, links):
    out = StringIO()
    folder = real_data / "weekly_changelogs"
    call_command("import_changelog", folder, product=board.product.slug, links=links, json=True, stdout=out, stderr=StringIO())
    figures = json.loads(out.getvalue())
    return figures, {row["file"][:10]: {*row["straight"], *row["through"]} for row in figures["rows"]}


def compare(found, wanted):
    """How many of those wanted were found, of how many, and what was found beside them."""
    hit = sum(len(found[week] & issues) for week, issues in wanted.items())
    invented = {week: extra for week, issues in found.items() if (extra := issues - wanted.get(week, set()))}
    return hit, sum(map(len, wanted.values())), invented


@pytest.mark.real_data
def test_pull_requests_of_the_archive_lead_to_all_closed_issues_they_can_lead_to(real_data, board, archive):
    closed, named = known_closings(real_data / "weekly_changelogs" / "links.tsv")
    pulls = {row["number"] for row in map(json.loads, open_text(real_data / "rust_pulls.jsonl.gz"))}
    # The archive ends at number 9000; a pull request or an issue beyond it is not there to be found.
    within = {
        week: {issue for item, issue in pairs if issue in archive and (item == issue or int(item) in pulls)}
        for week, pairs in closed.items()
    }
    figures, found = import_weekly(real_data, board, real_data / "rust_pulls.jsonl.gz")
    hit, wanted, invented = compare(found, within)
    assert (figures["releases"], figures["repository"], figures["faults"]) == (27, "mozilla/rust", 0)
    assert (hit, wanted, invented) == (81, 81, {})


@pytest.mark.real_data
def test_with_the_table_of_links_every_closed_issue_that_is_here_is_found(real_data, board, archive):
    table = real_data / "weekly_changelogs" / "links.tsv"
    closed, _named = known_closings(table)
    here = {week: {issue for _item, issue in pairs if issue in archive} for week, pairs in closed.items()}
    figures, found = import_weekly(real_data, board, table)
    hit, wanted, invented = compare(found, here)
    assert (hit, wanted, invented) == (136, 136, {})
    assert figures["links"] == Release.suggestions.through.objects.count()


@pytest.mark.real_data
def test_all_that_the_weekly_changelogs_name_is_read_and_nothing_beside(real_data):
    _closed, named = known_closings(real_data / "weekly_changelogs" / "links.tsv")
    read = {
        entry.file[:10]: {one.number for one in entry.named if one.repository in ("", "mozilla/rust")}
        for entry in read_changelogs(real_data / "weekly_changelogs")
        if isinstance(entry, ChangelogEntry)
    }
    assert {week: items for week, items in read.items() if items} == named
