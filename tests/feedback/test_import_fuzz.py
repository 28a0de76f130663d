"""Whatever a file holds, a reader answers rows and faults, never an exception; what was written out is read back."""

import csv
import io
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.importing import github, sprout_csv
from feedback.importing.mapping import KINDS, STATUSES, Mapped
from feedback.importing.rows import Fault, ImportedPost, read_time

words = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=["Cs"]), max_size=60)
plain = words.map(lambda text: " ".join(text.split()))
moments = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=0)
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory() as place:
        yield Path(place)


def write(folder, text):
    path = folder / "rows"
    path.write_text(text, encoding="utf-8", newline="")
    return path


@given(thing=anything)
def test_any_json_is_a_post_or_a_fault(folder, thing):
    for row in github.read_posts(write(folder, json.dumps(thing) + "\n"), Mapped()):
        assert isinstance(row, ImportedPost | Fault)


@given(
    fields=st.dictionaries(
        st.sampled_from(["number", "title", "body", "state", "created_at", "user", "labels", "reactions"]), anything
    )
)
def test_an_issue_with_any_field_of_any_type_is_a_post_or_a_fault(folder, fields):
    whole = {"number": 1, "title": "x", "created_at": "2020-01-01T00:00:00Z", "labels": []} | fields
    for row in github.read_posts(write(folder, json.dumps(whole) + "\n"), Mapped()):
        assert isinstance(row, ImportedPost | Fault)


@given(fields=st.dictionaries(st.sampled_from(["id", "issue_url", "body", "created_at", "user"]), anything))
def test_a_comment_with_any_field_of_any_type_is_a_comment_or_a_fault(folder, fields):
    whole = {"id": 1, "issue_url": "x/1", "created_at": "2020-01-01T00:00:00Z", "body": "x"} | fields
    assert len(list(github.read_comments(write(folder, json.dumps(whole) + "\n")))) <= 1


@given(text=words)
def test_any_text_under_the_right_columns_is_rows_and_faults(folder, text):
    path = write(folder, "id,title,votes,created_at\n" + text)
    assert all(isinstance(row, ImportedPost | Fault) for row in sprout_csv.read_posts(path, Mapped()))


@given(
    title=plain.filter(bool), body=words, author=plain, at=moments, votes=st.integers(0, 10**6),
    kind=st.sampled_from(sorted(KINDS)), status=st.sampled_from(sorted(STATUSES)),
)  # fmt: skip
def test_a_row_written_out_is_read_back(folder, title, body, author, at, votes, kind, status):
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["id", "title", "body", "author", "created_at", "votes", "kind", "status"])
    rows.writerow(["7", title, body, author, at.isoformat(), votes, kind, status])
    [post] = sprout_csv.read_posts(write(folder, out.getvalue()), Mapped())
    read = (post.title, post.body, post.author, post.created_at, post.votes, post.kind, post.status)
    assert read == (title, body.strip(), author or "anonymous", at, votes, kind, status)


@given(at=moments)
def test_a_time_in_any_of_our_ways_is_the_same_time(at):
    assert read_time(at.isoformat()) == read_time(f"{at:%Y-%m-%d %H:%M:%S}") == read_time(f"{at:%Y/%m/%d %H:%M:%S}") == at


@given(label=words)
def test_any_label_has_a_kind_a_status_and_harmless_tags(label):
    mapping = Mapped()
    assert mapping.kind_of([label]) in KINDS
    assert mapping.status_of([label], []) in STATUSES
    assert all(tag in label for tag in mapping.tags_of([label]))


@given(text=words)
def test_only_numbers_are_ever_named_as_originals(text):
    assert all(number.isdigit() for number in github.named_duplicates(text))
