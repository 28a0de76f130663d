"""What people wrote elsewhere comes in once, with its dates, and goes out again untouched."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from community.comments import write_comment
from community.deliveries import drain
from community.models import Activity, Comment, ImportBatch, Mailing, Member, Notice, Post, Standing
from feedback.models import ImportedVotes, MergeProposal, StatusChange, Suggestion, Vote
from tests.factories import make_member, make_vote

POSTS = (
    "id,title,body,author,created_at,kind,status,tags,votes,url\n"
    "a,Dark mode at sunset,**Please**,mara,2024-05-01T08:00:00Z,suggestion,planned,display;night,12,https://old.example/a\n"
    "b,Alarm stays silent,It did.,tomasz,2024-06-01T08:00:00Z,bug,open,,0,\n"
    "c,How do I reset it?,,nora,2024-07-01T08:00:00Z,question,,,,\n"
)
COMMENTS = "id,post_id,author,body,created_at\n1,a,nora,Same here,2024-05-02T08:00:00Z\n2,b,mara,duplicate of #a,2024-06-02T08:00:00Z\n"
VOTES = "post_id,voter,need,created_at\na,nora,must,2024-05-03T08:00:00Z\na,mara,,2024-05-03T08:00:00Z\nc,nora,,\n"


@pytest.fixture
def files(tmp_path):
    for name, text in (("posts", POSTS), ("comments", COMMENTS), ("votes", VOTES)):
        (tmp_path / f"{name}.csv").write_text(text)
    return tmp_path


@pytest.fixture
def bring_in(board, files):
    def run(**options):
        out = StringIO()
        said = {"comments": files / "comments.csv", "votes": files / "votes.csv"} | options
        call_command(
            "import_posts",
            files / "posts.csv",
            format="sprout",
            board=board.slug,
            json=True,
            stdout=out,
            stderr=StringIO(),
            **said,
        )
        return json.loads(out.getvalue().splitlines()[-1])

    return run


def undo(name="sprout-posts"):
    out = StringIO()
    call_command("undo_import", name, json=True, stdout=out)
    return json.loads(out.getvalue())


def test_an_import_brings_posts_comments_and_votes_and_reports_what_did_not_fit(bring_in):
    figures = bring_in()
    assert (figures["posts"], figures["comments"], figures["nameless_votes"]) == (3, 2, 12)
    assert figures["votes"] == 3  # two authors and Nora; Mara's second vote is the one she has
    assert [fault["fault"] for fault in figures["first_faults"]] == ["vote of nora: there is no suggestion c"]


def test_imported_posts_keep_their_dates_source_and_place_in_the_lists(bring_in):
    bring_in()
    row = Standing.objects.get(post__source_id="a")
    assert row.created_at.isoformat() == "2024-05-01T08:00:00+00:00"
    assert (row.status, row.comments, row.post.source_url) == ("planned", 1, "https://old.example/a")
    assert {tag.slug for tag in row.post.tags.all()} == {"display", "night"}
    assert StatusChange.objects.get(suggestion_id=row.pk).after == "planned"


def test_authors_become_unclaimed_profiles_that_nobody_can_sign_in_to(bring_in):
    bring_in()
    mara = Member.objects.get(source_id="mara")
    assert mara.claimed_at is None and mara.email is None and not mara.has_usable_password()
    assert mara.trust == 0 and mara.cohort == f"import:{ImportBatch.objects.get().pk}"


def test_a_question_comes_in_without_a_suggestion(bring_in):
    bring_in()
    assert set(Suggestion.objects.values_list("post__source_id", flat=True)) == {"a", "b"}


def test_the_author_is_the_first_voter_and_nameless_votes_stay_apart(bring_in):
    bring_in(votes=None)
    assert set(Vote.objects.values_list("member__source_id", flat=True)) == {"mara", "tomasz"}
    assert ImportedVotes.objects.get().count == 12


def test_a_comment_that_names_its_original_proposes_a_merge(board, tmp_path):
    issue = {"title": "Wish", "state": "open", "created_at": "2024-05-01T08:00:00Z", "user": {"login": "a"}, "labels": []}
    (tmp_path / "i.jsonl").write_text("\n".join(json.dumps(issue | {"number": n}) for n in (1, 2)))
    said = {
        "id": 5,
        "issue_url": "x/2",
        "user": {"login": "b"},
        "created_at": "2024-05-02T08:00:00Z",
        "body": "Duplicate of #1",
    }
    (tmp_path / "c.jsonl").write_text(json.dumps(said))
    call_command(
        "import_posts",
        tmp_path / "i.jsonl",
        format="github",
        board=board.slug,
        comments=tmp_path / "c.jsonl",
        stdout=StringIO(),
    )
    proposal = MergeProposal.objects.get()
    assert (proposal.duplicate.post.source_id, proposal.into.post.source_id, proposal.evidence) == ("2", "1", "Duplicate of #1")


def test_the_same_import_again_changes_nothing(bring_in):
    bring_in()
    before = [model.objects.count() for model in (Post, Comment, Vote, Member, ImportedVotes)]
    figures = bring_in()
    assert (figures["posts"], figures["comments"], figures["votes"]) == (0, 0, 0)
    assert [model.objects.count() for model in (Post, Comment, Vote, Member, ImportedVotes)] == before


def test_a_dry_run_tells_the_same_figures_and_leaves_nothing(bring_in):
    figures = bring_in(dry_run=True)
    assert figures["posts"] == 3 and figures["dry_run"]
    assert not Post.objects.exists() and not Member.objects.filter(source_system="sprout").exists()
    assert not Activity.objects.filter(verb="posts_imported").exists()


def test_an_import_mails_nobody_and_pays_nobody(bring_in):
    bring_in()
    drain()
    assert not Mailing.objects.exists() and not Notice.objects.exists()
    assert Activity.objects.filter(verb="posts_imported").count() == 1


def test_undo_leaves_nothing_behind(bring_in):
    bring_in()
    drain()
    assert undo() == {"posts": 3, "comments": 2, "votes": 3, "members": 3, "kept": []}
    assert (
        not Post.objects.exists() and not Vote.objects.exists() and not Member.objects.filter(source_system="sprout").exists()
    )


def test_undo_keeps_what_people_have_touched_since_and_names_it(bring_in, now):
    bring_in()
    a, b = (Suggestion.objects.select_related("post__board").get(post__source_id=name) for name in "ab")
    make_vote(a, make_member("Tomasz"))
    write_comment(author=make_member("Aino"), post=b.post, body="Still there.", at=now)
    gone = undo()
    assert gone["posts"] == 1
    assert [address.rsplit("/", 3)[1] for address in gone["kept"]] == [str(a.pk), str(b.pk)]
    assert Comment.objects.filter(post=b.post).count() == 2


def test_an_import_taken_back_is_not_taken_back_twice(bring_in):
    bring_in()
    undo()
    with pytest.raises(CommandError, match="already"):
        undo()


def test_wrong_names_are_answered_with_the_right_ones(board, files):
    with pytest.raises(CommandError, match=f"Boards: {board.slug}"):
        call_command("import_posts", files / "posts.csv", format="sprout", board="nowhere")
    with pytest.raises(CommandError, match="no file"):
        call_command("import_posts", files / "lost.csv", format="sprout", board=board.slug)
    with pytest.raises(CommandError, match="Imports: none"):
        call_command("undo_import", "nothing")


def test_hostile_text_is_kept_as_text(board, tmp_path):
    text = 'id,title,body,author\n1,<script>alert(1)</script>,"<img src=x onerror=alert(1)> [x](javascript:alert(1))",=cmd()\n'
    (tmp_path / "p.csv").write_text(text)
    call_command("import_posts", tmp_path / "p.csv", format="sprout", board=board.slug, stdout=StringIO())
    html = Post.objects.get().body_html
    assert "<img" not in html and 'href="javascript' not in html


def test_a_text_past_the_limits_is_shown_whole_and_plain(board, tmp_path):
    (tmp_path / "p.csv").write_text("id,title,body\n1,Long," + "[x](http://e.org) " * 200 + "\n")
    call_command("import_posts", tmp_path / "p.csv", format="sprout", board=board.slug, stdout=StringIO())
    post = Post.objects.get()
    assert post.body.count("http") == 200 and "<a " not in post.body_html


@pytest.mark.real_data
def test_the_whole_issue_archive_comes_in_and_goes_out(board, real_data):
    out = StringIO()
    files = {"comments": real_data / "rust_comments.jsonl.gz"}
    call_command(
        "import_posts", real_data / "rust_issues.jsonl.gz", format="github", board=board.slug, json=True, stdout=out, **files
    )
    figures = json.loads(out.getvalue())
    assert (figures["posts"], figures["comments"], figures["faults"]) == (5600, 22536, 0)
    assert figures["proposals"] > 200 and figures["seconds"] < 180
    assert undo(figures["batch"])["posts"] == 5600
