"""Every fact: ids, numbers and codes, never anybody's words; it can be kept as JSON and read back to the last field."""

import json
from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.comments import delete_comment, edit_comment
from community.deliveries import drain
from community.follows import follow_post
from community.models import Activity
from community.posts import delete_post, edit_post, hide_post
from community.reactions import react
from community.segments import arrange_segment
from community.verbs import Fact, Verb
from tests.community.polling import make_poll, say
from tests.factories import NOW, Segment, make_comment, make_post, make_vote

KINDS = {kind.verb: kind for kind in Fact.__subclasses__()}
# Field names that would promise somebody's words or identity.
PERSONAL = {
    "name",
    "email",
    "title",
    "body",
    "text",
    "words",
    "reason",
    "username",
    "display_name",
    "bio",
    "address",
    "ip",
    "url",
}
OF_TYPE = {
    "int": st.integers(-(2**53), 2**53),
    "str": st.sampled_from(["", "open", "week:2026-W47"]),
    "bool": st.booleans(),
    "int | None": st.none() | st.integers(0, 99),
    "list[str]": st.lists(st.sampled_from(["new", "fast"]), max_size=3),
    "list[int]": st.lists(st.integers(0, 99), max_size=3),
    "tuple[int, ...]": st.lists(st.integers(0, 99), max_size=3).map(tuple),
    "dict[str, typing.Any]": st.dictionaries(st.sampled_from(["level", "match"]), st.integers(0, 3), max_size=2),
    "dict[str, list[int]]": st.dictionaries(
        st.sampled_from(["see", "vote"]), st.lists(st.integers(0, 9), max_size=2), max_size=2
    ),
}


def typed(kind):
    """The fields of a kind of fact with their types, as words."""
    hints = get_type_hints(kind)
    return {field.name: getattr(hints[field.name], "__name__", "") if isinstance(hints[field.name], type) and not
            hasattr(hints[field.name], "__args__") else str(hints[field.name]) for field in fields(kind)}  # fmt: skip


facts = st.sampled_from(list(KINDS.values())).flatmap(
    lambda kind: st.builds(kind, **{name: OF_TYPE[of] for name, of in typed(kind).items()})
)


def plain(fact):
    return json.loads(json.dumps(fact.as_data()))


def test_every_verb_has_one_kind_of_fact_and_every_kind_its_verb():
    assert set(KINDS) == set(Verb)
    assert len(Fact.__subclasses__()) == len(KINDS)


@given(facts)
def test_a_fact_survives_being_kept_and_read_again(fact):
    again = type(fact)(**plain(fact))
    assert plain(again) == plain(fact)
    assert set(plain(fact)) == {field.name for field in fields(fact)}


@given(facts)
def test_a_fact_cannot_be_changed_afterwards(fact):
    assert is_dataclass(fact) and fact.version >= 1
    for field in fields(fact):
        with pytest.raises(FrozenInstanceError):
            setattr(fact, field.name, None)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_a_kind_of_fact_has_room_for_codes_and_none_for_words(kind):
    assert not PERSONAL & set(typed(kind))
    assert all(of in OF_TYPE for of in typed(kind).values())


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.__name__)
def test_ids_are_called_so(kind):
    """A number that refers to a row says of what: then a reader of the record never guesses."""
    assert all(of in ("int", "int | None") for name, of in typed(kind).items() if name.endswith("_id"))
    assert all(of in ("list[int]",) for name, of in typed(kind).items() if name.endswith("_ids"))


@pytest.mark.django_db
def test_whatever_people_do_no_word_of_theirs_is_on_record(author, voter, moderator, admin_member, board, suggestion, hours):
    post = make_post("Zebra crossing", author=author, board=board, body="Quagga **zonkey**", tags=["Okapi"])
    edit_post(post=post, by=moderator, title="Zebra bridge", body="Quagga again", reason="Okapi was wrong", at=NOW + hours(1))
    comment = make_comment(post, "Zonkey @mara quagga", author=voter)
    edit_comment(comment=comment, by=voter, body="Zonkey no more", at=NOW + hours(1))
    react(member=author, sign="agree", comment=comment, at=NOW)
    follow_post(member=voter, post=post, at=NOW)
    make_vote(suggestion, voter)
    say(make_poll("Zebra", "Okapi", post=make_post("Quagga?", author=author, board=board)), "Okapi", member=voter)
    arrange_segment(segment=Segment(slug="okapi", name="Okapi"), rule={"devices": ["Zonkey"]}, by=admin_member, at=NOW)
    delete_comment(comment=comment, by=voter, at=NOW + hours(2))
    hide_post(post=post, by=moderator, at=NOW + hours(2))
    delete_post(post=make_post("Zebra gone", author=author, board=board), by=author, at=NOW)
    drain()
    kept = [(one.verb, json.dumps(one.data) + one.key) for one in Activity.objects.exclude(verb=Verb.SEGMENT_ARRANGED)]
    words = ("zebra", "quagga", "zonkey", "okapi", "mara", "lindqvist", "example.org")
    assert len(kept) > 12 and not [said for said in kept if any(word in said[1].lower() for word in words)]


@pytest.mark.django_db
def test_what_is_on_record_can_be_read_back_by_its_kind(author, voter, moderator, board, suggestion, hours):
    post = make_post(author=author, board=board)
    react(member=author, sign="thanks", comment=make_comment(post, author=voter), at=NOW)
    make_vote(suggestion, voter)
    hide_post(post=post, by=moderator, at=NOW)
    drain()
    for row in Activity.objects.all():
        kind = KINDS[Verb(row.verb)]
        assert kind(**row.data).as_data() == row.data and row.version == kind.version
